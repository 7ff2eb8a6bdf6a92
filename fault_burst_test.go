//go:build fault

package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/store"
	"callout/store/storetest"
)

const (
	// burstCalls is how many calls come unless CALLOUT_BURST says otherwise; burstRate is 10,000 in a minute.
	burstCalls = 2000
	burstRate  = 10000 / 60
	// burstDrains bounds how long the queues may take to drain, and burstMemory what the program may hold meanwhile.
	burstDrains = 20 * time.Minute
	burstMemory = 512 << 20
	technicians = 20
)

// TestFaultBurst floods the program, a real process on a real Postgres, with calls as many front desks would in a storm; Slack
// answers at once and limits nothing. See scripts/burst.sh.
func TestFaultBurst(t *testing.T) { //nolint:paralleltest // what it measures needs the machine for itself
	n := burstCalls
	if text := os.Getenv("CALLOUT_BURST"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	b, p := startBurst(t)
	all := b.submissions(n)
	done := make(chan struct{})
	peak := make(chan int64)
	go watchMemory(p, done, peak)
	began := time.Now()
	steady(t, p.address, burstRate, all)
	sent := time.Now()
	queued := b.number(t, "SELECT count(*) FROM river.river_job WHERE state NOT IN ('completed','cancelled','discarded')")
	took := waits(all)
	t.Logf("%d calls in %v: acknowledged after p50 %.0f ms, p99 %.0f ms, at most %.0f ms", n, sent.Sub(began).Round(time.Second),
		quantile(took, .5), quantile(took, .99), quantile(took, 1))
	if slowest := quantile(took, 1); slowest > answerWithin.Seconds()*1000 {
		t.Errorf("the slowest acknowledgement took %.0f ms", slowest)
	}
	b.drains(t, sent.Add(burstDrains))
	t.Logf("%d jobs waited when the last call was in; the queues were empty %v later", queued, time.Since(sent).Round(time.Second))
	close(done)
	most := <-peak
	t.Logf("the program held at most %d MB", most>>20)
	if most > burstMemory {
		t.Errorf("the program held %d MB", most>>20)
	}
	b.nothingLost(t, n)
}

// startBurst runs the program as a process of its own, with Slack alone.
func startBurst(t *testing.T) (*bench, *process) {
	t.Helper()
	b := &bench{slack: startQuickSlack(t)}
	address, err := freeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	url := storetest.URL(t)
	config := &Config{Company: "Burst", Timezone: "UTC", Country: "GB", Currency: "GBP", DataDir: t.TempDir(), CallsChannel: callsChannel}
	if err := config.Check(); err != nil {
		t.Fatal(err)
	}
	b.app, err = NewApp(t.Context(), config, url, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.app.Close)
	b.fill(t.Context(), t)
	b.more(t)
	p := &process{address: address, cmd: program(context.WithoutCancel(t.Context()), map[string]string{
		"DATABASE_URL": url, "CALLOUT_ADDR": address, "CALLOUT_PUBLIC_URL": "http://" + address, "CALLOUT_DATA_DIR": t.TempDir(),
		"CALLOUT_CALLS_CHANNEL": callsChannel, "CALLOUT_COUNTRY": "GB", "CALLOUT_LOG_LEVEL": "error",
		"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": benchSecret, "SLACK_API_URL": b.slack.url + "/",
	}, "serve")}
	out := &said{}
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		if t.Failed() {
			t.Logf("the program said:\n%.5000s", out)
		}
	})
	w := &world{T: t, ctx: t.Context()}
	w.within(time.Minute, "the program is ready", func() bool {
		resp, err := http.Get("http://" + address + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, out.String)
	return b, p
}

// more adds technicians, each of whom is on duty.
func (b *bench) more(t *testing.T) {
	t.Helper()
	now, ctx, db := time.Now(), t.Context(), b.app.store
	for i := range technicians {
		name, user := fmt.Sprint("Technician ", i), fmt.Sprint("U0TECH", i)
		m, err := db.InsertMember(ctx, store.InsertMemberParams{Name: name, Search: name, Roles: []string{"technician"}, State: "active", Timezone: "UTC", CreatedAt: now})
		if err == nil {
			_, err = db.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: m.ID, Channel: "slack", Address: user, VerifiedAt: &now})
		}
		if err == nil {
			err = db.InsertDutyOverride(ctx, store.InsertDutyOverrideParams{MemberID: m.ID, OnDuty: true, StartsAt: now, CreatedAt: now})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (b *bench) number(t *testing.T, query string) (n int) {
	t.Helper()
	if err := b.app.store.Pool.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// drains waits until nothing is left to do.
func (b *bench) drains(t *testing.T, until time.Time) {
	t.Helper()
	said := time.Now()
	for {
		left := b.number(t, "SELECT count(*) FROM river.river_job WHERE state NOT IN ('completed','cancelled','discarded') AND kind <> 'tick'")
		if left == 0 && b.number(t, undone) == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d jobs and %d other things are left to do", left, b.number(t, undone))
		}
		if time.Since(said) > 15*time.Second {
			said = time.Now()
			t.Logf("%d jobs are left", left)
		}
		<-time.After(time.Second)
	}
}

// watchMemory looks at what a process holds, once in a while, and tells the most.
func watchMemory(p *process, done <-chan struct{}, peak chan<- int64) {
	most := int64(0)
	for waited(done, time.Second) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
		if err != nil {
			continue // a system that does not tell
		}
		_, rest, _ := strings.Cut(string(status), "VmRSS:")
		kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64) // as Linux writes it
		most = max(most, kb<<10)
	}
	peak <- most
}

// nothingLost checks that each call is there, has its one card, and that somebody was asked or everybody sees why not.
func (b *bench) nothingLost(t *testing.T, n int) {
	t.Helper()
	for what, query := range map[string]string{
		"calls":              "SELECT count(*) FROM call",
		"different calls":    "SELECT count(DISTINCT summary) FROM call",
		"calls with a card":  "SELECT count(*) FROM card WHERE message_id <> ''",
		"calls with a taker": "SELECT count(*) FROM call WHERE progress = 'offered' OR EXISTS (SELECT 1 FROM call_event WHERE call_id = call.id AND kind = 'nobody')",
		"offers sent":        "SELECT count(DISTINCT call_id) FROM notice WHERE kind = 'offer' AND state IN ('sent','delivered')",
	} {
		if got := b.number(t, query); got != n {
			t.Errorf("%d %s, want %d", got, what, n)
		}
	}
	twice := 0
	for call := 1; call <= b.number(t, "SELECT max(id) FROM call"); call++ {
		if cards := len(b.slack.postedAt("callout_card", int64(call))); cards > 1 {
			twice += cards - 1
		}
	}
	if twice > 0 {
		t.Errorf("%d cards came twice", twice)
	}
}
