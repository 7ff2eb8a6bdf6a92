package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
	"callout/store/storetest"
)

// answersTake is how long the providers of a shop hold their answers back.
const answersTake = 20 * time.Millisecond

// shop is the program as real processes, on a real clock, with the sandbox around them. The world's own program does not
// run: it is there to look into the database.
type shop struct {
	*world
	env   map[string]string
	log   *said
	procs []*process
	// unheard counts what a provider did for somebody who was killed before they heard of it.
	unheard atomic.Int64
}

// process is one instance of the program.
type process struct {
	address string
	cmd     *exec.Cmd // nil while it does not run
}

// openShop makes a shop of so many instances; none runs yet.
func openShop(t *testing.T, instances int) *shop {
	t.Helper()
	s := &shop{world: &world{T: t, ctx: t.Context(), clock: &clock{}}, log: &said{}}
	for range instances {
		address, err := freeAddress(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.procs = append(s.procs, &process{address: address})
	}
	s.url = "http://" + s.procs[0].address
	if instances > 1 {
		front := httptest.NewServer(&front{procs: s.procs})
		t.Cleanup(front.Close)
		s.url = front.URL
	}
	s.furnish(storetest.URL(t))
	t.Cleanup(func() {
		for _, p := range s.procs {
			if p.cmd != nil {
				_ = p.cmd.Process.Kill()
				_ = p.cmd.Wait()
			}
		}
		if t.Failed() {
			t.Logf("the program said:\n%s", s.log)
		}
	})
	return s
}

// furnish makes the sandbox and the settings of the processes.
func (s *shop) furnish(databaseURL string) {
	s.Helper()
	s.sandbox = startSandbox(s.T, time.Now)
	s.env = s.sandbox.Env()
	s.env["SLACK_API_URL"], s.env["TWILIO_API_URL"] = s.slowly(s.env["SLACK_API_URL"]), s.slowly(s.env["TWILIO_API_URL"])
	s.env["DATABASE_URL"], s.env["CALLOUT_PUBLIC_URL"] = databaseURL, s.url
	s.env["CALLOUT_CALLS_CHANNEL"], s.env["CALLOUT_DATA_DIR"], s.env["CALLOUT_COUNTRY"] = callsChannel, s.TempDir(), "GB"
	s.env["CALLOUT_LOG_LEVEL"] = "warn"
	s.install(false)
	s.sandbox.ConnectApp(s.url)
	config := &Config{Company: "Test company", Timezone: "UTC", Country: "GB", Currency: "GBP", DataDir: s.TempDir(), CallsChannel: callsChannel}
	if err := config.Check(); err != nil {
		s.Fatal(err)
	}
	app, err := NewApp(s.ctx, config, databaseURL, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		s.Fatal(err)
	}
	s.app = app
	s.Cleanup(app.Close)
	s.clock.now = time.Now()
}

// front stands before several instances, as a load balancer does: each request goes to the next one that takes connections.
type front struct {
	procs []*process
	next  atomic.Int64
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for range f.procs {
		at := f.procs[int(f.next.Add(1))%len(f.procs)].address
		var unreachable *net.OpError
		err = hand(w, r, at, body)
		if !errors.As(err, &unreachable) || unreachable.Op != "dial" {
			break // what an instance has begun, nobody else may begin again
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

// hand hands a request to an instance and its answer back.
func hand(w http.ResponseWriter, r *http.Request, address string, body []byte) error {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+address+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = r.Header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(answer)
	return nil
}

// slowly puts something in front of a provider that holds its answers back for a while: what was asked is done by then,
// and a process that is killed meanwhile never learns of it.
func (s *shop) slowly(address string) string {
	s.Helper()
	target, err := url.Parse(address)
	if err != nil {
		s.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: target.Scheme, Host: target.Host})
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	proxy.ModifyResponse = func(resp *http.Response) error {
		timer := time.NewTimer(answersTake)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-resp.Request.Context().Done():
			s.unheard.Add(1)
		}
		return nil
	}
	server := httptest.NewServer(proxy)
	s.Cleanup(server.Close)
	return server.URL + target.Path
}

// starts runs an instance until it is ready.
func (s *shop) starts(p *process) {
	s.Helper()
	s.env["CALLOUT_ADDR"] = p.address
	p.cmd = program(context.WithoutCancel(s.ctx), s.env, "serve")
	p.cmd.Stdout, p.cmd.Stderr = s.log, s.log
	if err := p.cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.within(time.Minute, "the program is ready", func() bool {
		resp, err := http.Get("http://" + p.address + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, func() string { return s.log.String() })
}

// dies kills an instance where it stands.
func (s *shop) dies(p *process) {
	s.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		s.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed
	p.cmd = nil
}

// within waits for something to become true for longer, or less long, than a story does.
func (w *world) within(limit time.Duration, what string, cond func() bool, instead func() string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-ctx.Done():
			w.Fatalf("waited %v in vain: %s\ninstead:\n%s", limit, what, instead())
		case <-tick.C:
		}
	}
}

// anHourPasses makes what the only process held when it was killed end: its leases, its lead of the queue, its running jobs.
func (s *shop) anHourPasses() {
	s.Helper()
	// What the process had sent to Postgres is still worked there, until its connections are gone.
	s.until("the connections of the killed process are gone", func() bool {
		return s.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") <= int(s.app.store.Pool.Stat().TotalConns()+s.app.back.Pool.Stat().TotalConns())
	}, func() string { return "still there" })
	for _, sql := range []string{
		"UPDATE notice SET leased_until = leased_until - interval '1 hour'",
		"UPDATE card SET leased_until = leased_until - interval '1 hour'",
		"UPDATE river.river_leader SET expires_at = now() - interval '1 hour', elected_at = now() - interval '2 hours'",
		"UPDATE river.river_job SET attempted_at = attempted_at - interval '1 hour', created_at = created_at - interval '1 hour', scheduled_at = scheduled_at - interval '1 hour' WHERE state = 'running'",
		"DELETE FROM river.river_job WHERE kind = 'tick'",
	} {
		if _, err := s.app.store.Pool.Exec(s.ctx, sql); err != nil {
			s.Fatal(err)
		}
	}
}

// keepsTrying logs a call as a person does: whatever goes wrong, the form is sent again, or opened again, until it closes.
func (p *person) keepsTrying(ctx context.Context, summary, customer string) error {
	for ctx.Err() == nil {
		views := p.sandbox.Slack.Views(p.user)
		if len(views) == 0 {
			_, _ = p.sandbox.Slack.Type(ctx, p.user, callsChannel, "/log-call "+summary) // it is typed again
			_ = p.sandbox.Slack.Wait(shortly(ctx), func() bool { return len(p.sandbox.Slack.Views(p.user)) > 0 })
			continue
		}
		view := views[len(views)-1]
		if view.Title != "Log a call" {
			_ = p.sandbox.Slack.Dismiss(ctx, p.user, view.ID, true)
			continue
		}
		if !saysAll(string(view.State), []string{customer}) {
			p.choosesCustomer(ctx, view, customer)
			continue
		}
		result, err := p.sandbox.Slack.Submit(ctx, p.user, view.ID, slack.Values{"priority": "urgent"})
		if err == nil && result.Action == "close" {
			return nil
		}
	}
	return fmt.Errorf("%s could not log %q: %w", p.name, summary, ctx.Err())
}

func (p *person) choosesCustomer(ctx context.Context, view slack.View, customer string) {
	el := slack.Element{BlockID: "customer", ActionID: "customer"}
	options, err := p.sandbox.Slack.Suggest(ctx, p.user, view.ID, el, customer)
	if err != nil || len(options) == 0 {
		return
	}
	_ = p.sandbox.Slack.Change(ctx, p.user, view.ID, el, options[0].Value) // the form keeps the choice even unanswered
}

// shortly is a little time.
func shortly(ctx context.Context) context.Context {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	context.AfterFunc(ctx, cancel)
	return ctx
}
