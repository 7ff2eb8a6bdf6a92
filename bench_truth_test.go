package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// owedByDesk counts what still has to be said: cards that do not show their call, notices, and lines of threads.
const owedByDesk = `SELECT (SELECT count(*) FROM card JOIN call ON call.id = card.record_id WHERE card.shown < call.version OR card.leased_until IS NOT NULL)
	+ (SELECT count(*) FROM notice WHERE state IN ('owed', 'sending')) + (SELECT count(*) FROM call_event WHERE NOT posted)
	+ (SELECT count(*) FROM river.river_job WHERE state IN ('available', 'running', 'retryable', 'scheduled') AND kind <> 'tick')`

// said waits until everything that is owed has been said.
func (b *bench) said(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for owed := -1; owed != 0; {
		if err := b.app.store.Pool.QueryRow(ctx, owedByDesk).Scan(&owed); err != nil {
			t.Fatalf("still owed: %d: %v", owed, err)
		}
		<-tick.C
	}
}

// saidOf is what was said of one call, and when it came to Slack.
type saidOf struct {
	call  int64
	card  []time.Time
	offer []time.Time
}

// bySummary reads what was said of each call, by its summary, which is unique here.
func (b *bench) bySummary(t testing.TB) map[string]saidOf {
	t.Helper()
	rows, err := b.app.store.Pool.Query(context.Background(),
		"SELECT call.summary, call.id, notice.id FROM call LEFT JOIN notice ON notice.call_id = call.id AND notice.kind = 'offer' WHERE summary <> 'past'")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]saidOf{}
	var summary string
	var call int64
	var notice *int64
	_, err = pgx.ForEachRow(rows, []any{&summary, &call, &notice}, func() error {
		if _, twice := all[summary]; twice {
			t.Errorf("%s is there twice, or offered twice", summary)
		}
		said := saidOf{call: call, card: b.slack.postedAt("callout_card", call)}
		if notice != nil {
			said.offer = b.slack.postedAt("callout_notice", *notice)
		}
		all[summary] = said
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// BenchmarkCommitToMessage is a call committed until the technician's direct message, and the card, are at Slack, with the
// workers running and so many calls logged a second. One in twenty forms comes twice, and every message is looked at: nothing
// lost, nothing twice. 2,000 calls: `-benchtime 2000x`.
func BenchmarkCommitToMessage(b *testing.B) {
	for _, rate := range []int{20, 50, benchRate} {
		b.Run(fmt.Sprint(rate, "-a-second"), func(b *testing.B) { commitToMessage(b, rate) })
	}
}

func commitToMessage(b *testing.B, rate int) {
	b.Helper()
	ours := startBench(b, true)
	ours.grow(b)
	flood(b, ours.address, 1, ours.submissions(50))
	ours.said(b)
	first := ours.made
	all := ours.submissions(b.N)
	for i := 0; i < b.N; i += 20 {
		all = append(all, delivery{raw: all[i].raw})
	}
	ownBefore, pgBefore := cpu(), backendCPU(b, ours.app.store)
	b.ResetTimer()
	steady(b, ours.address, rate, all)
	b.StopTimer()
	ours.said(b)
	b.ReportMetric(float64((cpu()-ownBefore).Microseconds())/float64(b.N), "cpu-µs/call")
	b.ReportMetric(float64((backendCPU(b, ours.app.store)-pgBefore).Microseconds())/float64(b.N), "pgcpu-µs/call")
	said := ours.bySummary(b)
	var offers, cards []time.Duration
	for i, d := range all[:b.N] {
		s := said[viewName(first+i)]
		if len(s.card) != 1 || len(s.offer) != 1 {
			b.Fatalf("call %d: %d cards, %d offers", s.call, len(s.card), len(s.offer))
		}
		offers, cards = append(offers, s.offer[0].Sub(d.acked)), append(cards, s.card[0].Sub(d.acked))
	}
	b.ReportMetric(quantile(waits(all), .99), "ack-p99-ms")
	b.ReportMetric(quantile(offers, .5), "offer-p50-ms")
	b.ReportMetric(quantile(offers, .99), "offer-p99-ms")
	b.ReportMetric(quantile(cards, .5), "card-p50-ms")
	b.ReportMetric(quantile(cards, .99), "card-p99-ms")
}
