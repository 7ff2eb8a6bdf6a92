package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"callout/desk"
	"callout/store"
	"callout/store/storetest"
)

// The goals of speed, measured on the whole program: real HTTP, real Postgres, a Slack that answers at once. Compare within
// one run only. `go test -run xxx -bench Submission -benchtime 5x .` makes five interleaved rounds and shows their medians.

const (
	benchUser    = "U0BENCH"
	benchClients = 8
	benchRound   = 1000 // deliveries of one contender in one round
	benchRate    = 200  // a second
)

// bench is the program, on a company that has some customers and a technician on duty.
type bench struct {
	app     *App
	slack   *quickSlack
	address string
	choices []benchChoice
	made    int
}

type benchChoice struct{ customer, equipment, contact int64 }

// startBench starts the program. Without workers nothing but the acknowledgement is measured.
func startBench(t testing.TB, workers bool) *bench {
	t.Helper()
	b := &bench{slack: startQuickSlack(t)}
	config := &Config{
		Company: "Bench", Timezone: "UTC", Country: "GB", Currency: "GBP", DataDir: t.TempDir(), CallsChannel: callsChannel,
		SlackBotToken: "xoxb-bench", SlackSigningSecret: benchSecret, SlackAPIURL: b.slack.url,
	}
	if err := config.Check(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	app, err := NewApp(ctx, config, storetest.URL(t), slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	b.app = app
	b.fill(ctx, t)
	if !workers {
		b.address = serveBench(t, app.handler)
		t.Cleanup(func() { cancel(); _ = app.slack.Drain(context.Background()); app.Close() })
		return b
	}
	ports, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.address = ports.Addr().String()
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx, listeners{main: ports}) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the program ended badly: %v", err)
		}
		app.Close()
	})
	return b
}

func serveBench(t testing.TB, handler http.Handler) string {
	t.Helper()
	ports, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(handler, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(ports) }()
	t.Cleanup(func() { _ = server.Close() })
	return ports.Addr().String()
}

// fill adds who logs the calls, who takes them, and whom they are about.
func (b *bench) fill(ctx context.Context, t testing.TB) {
	t.Helper()
	now := time.Now()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for user, role := range map[string]string{benchUser: "dispatcher", "U0TECH": "technician"} {
		m, err := b.app.store.InsertMember(ctx, store.InsertMemberParams{Name: role, Search: role, Roles: []string{role}, State: "active", Timezone: "UTC", CreatedAt: now})
		must(err)
		_, err = b.app.store.InsertChatIdentity(ctx, store.InsertChatIdentityParams{MemberID: m.ID, Platform: "slack", UserID: user, CreatedAt: now})
		must(err)
		_, err = b.app.store.PutContactMethod(ctx, store.PutContactMethodParams{MemberID: m.ID, Channel: "slack", Address: user, VerifiedAt: &now})
		must(err)
		must(b.app.store.InsertDutyOverride(ctx, store.InsertDutyOverrideParams{MemberID: m.ID, OnDuty: true, StartsAt: now, CreatedAt: now}))
	}
	for i := range 200 {
		name := fmt.Sprint("Customer ", i)
		c, err := b.app.store.InsertCustomer(ctx, store.InsertCustomerParams{Name: name, Search: desk.CustomerSearch(name, ""), Now: now})
		must(err)
		e, err := b.app.store.InsertEquipment(ctx, store.InsertEquipmentParams{CustomerID: c.ID, Model: "Vela C301", Serial: fmt.Sprint("S-", i), Skills: []string{}, CreatedAt: now})
		must(err)
		contact, err := b.app.store.InsertContact(ctx, store.InsertContactParams{CustomerID: c.ID, Name: "Ann", CreatedAt: now})
		must(err)
		b.choices = append(b.choices, benchChoice{c.ID, e.ID, contact.ID})
	}
}

// past is what a company has after some years: without it Postgres would plan every statement for empty tables.
const past = `
	INSERT INTO call (status, progress, customer_id, summary, logged_by, technician_id, opened_at, closed_at)
		SELECT 'closed', 'accepted', 1 + i % 200, 'past', dora.id, tech.id, now() - interval '60 days', now() - interval '59 days'
		FROM generate_series(1, 10000) AS i, member AS dora, member AS tech WHERE dora.name = 'dispatcher' AND tech.name = 'technician';
	INSERT INTO call_event (call_id, at, via, kind, posted) SELECT id, opened_at, 'slack', 'past', true FROM call;
	INSERT INTO card (record, record_id, platform, channel, message_id, shown) SELECT 'call', id, 'slack', 'C0CALLS', '1.' || id, 1 FROM call;
	INSERT INTO offer (call_id, member_id, state, why, offered_at, deadline_at) SELECT id, technician_id, 'accepted', '[]', opened_at, opened_at FROM call;
	INSERT INTO notice (kind, member_id, call_id, channel, address, state, created_at) SELECT 'past', logged_by, id, 'slack', 'U0BENCH', 'sent', opened_at FROM call;
	INSERT INTO inbound (key, received_at, call_id) SELECT 'past:' || id, opened_at, id FROM call;
	INSERT INTO river.river_job (kind, args, max_attempts, state, finalized_at) SELECT 'card', '{"record": "call", "record_id": 0}', 20, 'completed', now() FROM call;`

// grow gives the company its past.
func (b *bench) grow(t testing.TB) {
	t.Helper()
	for _, sql := range []string{past, "VACUUM ANALYZE"} {
		if _, err := b.app.store.Pool.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

// submissions makes n that no one has sent before.
func (b *bench) submissions(n int) []delivery {
	all := make([]delivery, n)
	for i := range all {
		all[i] = submission(viewName(b.made), b.choices[b.made%len(b.choices)])
		b.made++
	}
	return all
}

// viewName is the id of a form and the summary of its call.
func viewName(i int) string { return fmt.Sprint("bench ", i) }

// cpu is what this process has used: the program or the reference, and the same client for each.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// backendCPU is what the connections of a database have used, on systems that tell.
func backendCPU(t testing.TB, db *store.Store) (used time.Duration) {
	t.Helper()
	rows, err := db.Pool.Query(context.Background(), "SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var pid, ns int64
		if err := rows.Scan(&pid); err != nil {
			t.Fatal(err)
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
		if err == nil && len(strings.Fields(string(stat))) > 0 {
			_, _ = fmt.Sscan(string(stat), &ns)
		}
		used += time.Duration(ns)
	}
	return used
}

// contender is a server that is measured, and its figures round by round.
type contender struct {
	name, address           string
	db                      *store.Store
	rate, p50, p99, own, pg []float64
}

func (c *contender) round(b *testing.B, send func(address string, all []delivery), all []delivery) {
	b.Helper()
	ownBefore, pgBefore, begin := cpu(), backendCPU(b, c.db), time.Now()
	send(c.address, all)
	took := time.Since(begin)
	n := float64(len(all))
	c.own = append(c.own, float64((cpu()-ownBefore).Microseconds())/n)
	c.pg = append(c.pg, float64((backendCPU(b, c.db)-pgBefore).Microseconds())/n)
	c.rate = append(c.rate, n/took.Seconds())
	c.p50, c.p99 = append(c.p50, quantile(waits(all), .5)), append(c.p99, quantile(waits(all), .99))
}

func contenders(b *testing.B) (*bench, []*contender) {
	b.Helper()
	ours, lean, queue := startBench(b, false), leanTx(b), leanRiver(b)
	ours.grow(b)
	return ours, []*contender{
		{name: "callout", address: ours.address, db: ours.app.store},
		{name: "river", address: serveBench(b, queue), db: queue.store},
		{name: "lean-tx", address: serveBench(b, lean), db: lean.store},
	}
}

// report logs the medians of all and reports the ratios of the first to the second.
func report(b *testing.B, all []*contender) {
	b.Helper()
	b.Logf("%-10s %10s %8s %8s %12s %12s", "", "acks/s", "p50 ms", "p99 ms", "CPU µs/ack", "PG µs/ack")
	for _, c := range all {
		b.Logf("%-10s %10.0f %8.2f %8.2f %12.0f %12.0f", c.name, median(c.rate), median(c.p50), median(c.p99), median(c.own), median(c.pg))
	}
	ratio := func(name string, figure func(*contender) []float64) {
		var rounds []float64
		for i := range figure(all[0]) {
			rounds = append(rounds, figure(all[0])[i]/figure(all[1])[i])
		}
		b.ReportMetric(median(rounds), name+"/river")
	}
	ratio("acks", func(c *contender) []float64 { return c.rate })
	ratio("p99", func(c *contender) []float64 { return c.p99 })
	ratio("cpu", func(c *contender) []float64 { return c.own })
	ratio("pgcpu", func(c *contender) []float64 { return c.pg })
	b.ReportMetric(median(all[0].rate), "acks/s")
	b.ReportMetric(0, "ns/op")
}

// interleave makes b.N rounds, in each of which every contender gets the same load.
func interleave(b *testing.B, size int, send func(address string, all []delivery)) {
	b.Helper()
	ours, all := contenders(b)
	for _, c := range all { // connections, caches, prepared statements
		flood(b, c.address, benchClients, ours.submissions(benchRound/4))
	}
	b.ResetTimer()
	for range b.N {
		for _, c := range all {
			c.round(b, send, ours.submissions(size))
		}
	}
	report(b, all)
}

// BenchmarkSubmissionToCommit is a signed form of 6 KB until its call, timeline entry, card and jobs are committed and it is
// acknowledged, from eight clients.
func BenchmarkSubmissionToCommit(b *testing.B) {
	interleave(b, benchRound, func(address string, all []delivery) { flood(b, address, benchClients, all) })
}

// BenchmarkSubmissionAtRate is the same at 200 a second, however long the answers take.
func BenchmarkSubmissionAtRate(b *testing.B) {
	interleave(b, benchRound, func(address string, all []delivery) { steady(b, address, benchRate, all) })
}

// BenchmarkSlashCommandToAck is a signed /log-call until it is acknowledged and until Slack has been asked to open the form.
func BenchmarkSlashCommandToAck(b *testing.B) {
	ours := startBench(b, false)
	trigger := func(i int) string { return fmt.Sprint("trigger.", i) }
	all := make([]delivery, b.N)
	for i := range all {
		all[i] = command(trigger(i))
	}
	flood(b, ours.address, benchClients, []delivery{command("warm up")})
	used := cpu()
	b.ResetTimer()
	if b.N < benchRate {
		flood(b, ours.address, benchClients, all)
	} else {
		steady(b, ours.address, benchRate, all)
	}
	b.StopTimer()
	if err := ours.app.slack.Drain(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64((cpu()-used).Microseconds())/float64(b.N), "cpu-µs/op")
	opened := make([]time.Duration, b.N)
	for i := range all {
		opened[i] = ours.slack.openedAt(trigger(i)).Sub(all[i].sent)
		if opened[i] < 0 {
			b.Fatalf("the form of command %d was not opened", i)
		}
	}
	b.ReportMetric(quantile(waits(all), .5), "ack-p50-ms")
	b.ReportMetric(quantile(waits(all), .99), "ack-p99-ms")
	b.ReportMetric(quantile(opened, .5), "open-p50-ms")
	b.ReportMetric(quantile(opened, .99), "open-p99-ms")
}
