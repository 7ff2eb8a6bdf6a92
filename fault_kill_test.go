package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
	"callout/store/storetest"
)

// The process is killed so often, after at most so long at work, while so many people log calls, at most so many each.
const (
	kills        = 6
	killAtMost   = 700 * time.Millisecond
	loggers      = 4
	callsEach    = 25 // together the most calls that one technician may have
	answersTake  = 20 * time.Millisecond
	killSeed     = 20260310
	killPatience = 60 * time.Second
)

// shop is the program as a real process, on a real clock, with the sandbox around it. The world's own program does not
// run: it is there to look into the database.
type shop struct {
	*world
	env  map[string]string
	log  *said
	proc *exec.Cmd
	old  int // cards that show less than the database says
}

func openShop(t *testing.T) *shop {
	t.Helper()
	address, err := freeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, ctx: t.Context(), clock: &clock{}, url: "http://" + address}
	s := &shop{world: w, log: &said{}}
	s.furnish(storetest.URL(t), address)
	t.Cleanup(func() {
		if s.proc != nil {
			_ = s.proc.Process.Kill()
			_ = s.proc.Wait()
		}
		if t.Failed() {
			t.Logf("the program said:\n%s", s.log)
		}
	})
	return s
}

// furnish makes the sandbox and the settings of the process.
func (s *shop) furnish(databaseURL, address string) {
	s.Helper()
	s.sandbox = startSandbox(s.T, time.Now)
	s.env = s.sandbox.Env()
	s.env["SLACK_API_URL"], s.env["TWILIO_API_URL"] = s.slowly(s.env["SLACK_API_URL"]), s.slowly(s.env["TWILIO_API_URL"])
	s.env["DATABASE_URL"], s.env["CALLOUT_ADDR"], s.env["CALLOUT_PUBLIC_URL"] = databaseURL, address, s.url
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
		}
		return nil
	}
	server := httptest.NewServer(proxy)
	s.Cleanup(server.Close)
	return server.URL + target.Path
}

// starts runs the process until it is ready.
func (s *shop) starts() {
	s.Helper()
	s.proc = program(context.WithoutCancel(s.ctx), s.env, "serve")
	s.proc.Stdout, s.proc.Stderr = s.log, s.log
	if err := s.proc.Start(); err != nil {
		s.Fatal(err)
	}
	s.until("the program is ready", func() bool {
		resp, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, func() string { return s.log.String() })
}

// dies kills the process where it stands.
func (s *shop) dies() {
	s.Helper()
	if err := s.proc.Process.Kill(); err != nil {
		s.Fatal(err)
	}
	_ = s.proc.Wait() // it was killed
}

// anHourPasses makes what a killed process held end: its leases, its lead of the queue, its running jobs.
func (s *shop) anHourPasses() {
	s.Helper()
	// What the process had sent to Postgres is still worked there, until its connections are gone.
	s.until("the connections of the killed process are gone", func() bool {
		return s.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") <= int(s.app.store.Pool.Stat().TotalConns())
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

func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tim := s.technician("Tim Tech", "+447700900001")
	if _, err := s.app.store.Pool.Exec(s.ctx, "UPDATE member SET capacity = 100"); err != nil {
		t.Fatal(err)
	}
	s.customer("Acme Foods", "+442079460123", "")
	ctx, cancel := context.WithTimeout(s.ctx, killPatience)
	defer cancel()
	s.starts()
	killing, killed := context.WithCancel(ctx)
	var people sync.WaitGroup
	var acknowledged atomic.Int64
	for i := range loggers {
		dora := s.member(fmt.Sprintf("Dora %c", 'A'+i), "dispatcher")
		people.Go(func() {
			for n := 0; n < callsEach && killing.Err() == nil; n++ {
				if err := dora.keepsTrying(ctx, fmt.Sprintf("%s has problem %d", dora.name, n), "Acme Foods"); err != nil {
					t.Error(err)
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	random := rand.New(rand.NewPCG(killSeed, killSeed))
	for range kills {
		timer := time.NewTimer(time.Duration(random.Int64N(int64(killAtMost))))
		<-timer.C
		s.dies()
		t.Logf("killed with %d calls acknowledged, %d stored, %d messages owed", acknowledged.Load(), s.count("SELECT count(*) FROM call"),
			s.count("SELECT count(*) FROM notice WHERE state IN ('owed','sending')"))
		s.anHourPasses()
		s.starts()
	}
	killed()
	people.Wait()
	s.catchesUp()
	s.everythingOnce(tim, int(acknowledged.Load()))

	if err := s.proc.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.proc.Wait(); err != nil {
		t.Errorf("told to stop, the program ended with %v", err)
	}
	s.proc = nil
}

// catchesUp waits until everything owed is done.
func (s *shop) catchesUp() {
	s.Helper()
	if err := s.app.desk.Tick(s.ctx); err != nil {
		s.Fatal(err)
	}
	const query = `SELECT (SELECT count(*) FROM notice WHERE state IN ('owed','sending')) + (SELECT count(*) FROM call_event WHERE NOT posted)
		+ (SELECT count(*) FROM call WHERE progress = 'unassigned')
		+ (SELECT count(*) FROM card JOIN call ON call.id = card.record_id WHERE card.message_id = '' OR card.shown < call.version)`
	s.until("everything owed is done", func() bool { return s.count(query) == 0 }, func() string {
		return s.owing() + fmt.Sprintf("\n%d lines, %d calls without offer, %d cards", s.count("SELECT count(*) FROM call_event WHERE NOT posted"),
			s.count("SELECT count(*) FROM call WHERE progress = 'unassigned'"),
			s.count("SELECT count(*) FROM card JOIN call ON call.id = card.record_id WHERE card.message_id = '' OR card.shown < call.version"))
	})
}

// everythingOnce checks that each acknowledged call is there once and reached everybody once.
func (s *shop) everythingOnce(tim *person, all int) {
	s.Helper()
	if n := s.count("SELECT count(*) FROM call"); n != all {
		s.Errorf("%d calls are stored, %d were acknowledged", n, all)
	}
	if n := s.count("SELECT count(DISTINCT summary) FROM call"); n != all {
		s.Errorf("%d different calls are stored, %d were acknowledged", n, all)
	}
	duplicates := 0
	once := func(what string, call int64, n int) {
		s.Helper()
		if n == 0 {
			s.Errorf("call %d has no %s", call, what)
		}
		duplicates += max(0, n-1)
	}
	cards := s.sandbox.Slack.Messages(callsChannel)
	for call := int64(1); call <= int64(s.count("SELECT coalesce(max(id), 0) FROM call")); call++ {
		if s.count("SELECT count(*) FROM call WHERE id = $1", call) == 0 {
			continue // a number that a rolled back transaction took
		}
		mine := 0
		for _, m := range cards {
			if says(m, []string{"Call " + id(call) + " · "}) {
				mine++
				if !says(m, []string{"offered to Tim Tech"}) {
					s.old++
					s.Logf("the card of call %d is old:\n%s", call, dump(m))
				}
				once("line that it was logged", call, s.lines(m, "logged the call"))
				once("line that it was offered", call, s.lines(m, "Offered to"))
			}
		}
		once("card", call, mine)
		once("direct message", call, len(tim.offers(call)))
		once("text", call, tim.offerTexts(call))
	}
	// Slack and Twilio can be asked what they have, so even an answer that was lost makes no second message.
	if duplicates > 0 {
		s.Errorf("%d messages came twice", duplicates)
	}
}

// lines counts the lines below a card that say something.
func (s *shop) lines(card slack.Message, words string) int {
	n := 0
	for _, m := range s.sandbox.Slack.Thread(card.Channel, card.TS) {
		if m.TS != card.TS && says(m, []string{words}) {
			n++
		}
	}
	return n
}

func TestStopsWhenTold(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.starts()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		if err := s.proc.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		err := s.proc.Wait()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Errorf("told to stop by %v, the program ended with %v:\n%s", signal, exit, s.log)
		}
		if signal == syscall.SIGTERM {
			s.starts()
		}
	}
	s.proc = nil
}
