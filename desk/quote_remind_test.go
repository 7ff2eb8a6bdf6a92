package desk

import (
	"slices"
	"testing"
	"time"

	"callout/store"
)

func TestQuotesExpireByThemselves(t *testing.T) {
	s := openShop(t, func(o *Options) { o.Zone = must(time.LoadLocation("America/New_York")) })
	sam, olivia := s.member("Sam", Sales), s.member("Olivia", Sales)
	c := s.customer("Acme")
	var ids []int64
	for range 3 {
		id := s.asks(sam, c)
		s.prepares(olivia, id)
		ids = append(ids, id)
	}
	s.must(s.MoveQuote(s.ctx, sam, ids[1], QuoteSent, ""))
	s.must(s.MoveQuote(s.ctx, sam, ids[2], QuoteChange, "more"))
	s.clock.move(time.Date(2026, 4, 10, 2, 0, 0, 0, time.UTC).Sub(s.Now())) // still the 9th in New York
	s.must(s.tickQuotes(s.ctx))
	statuses := func() string { return s.list("SELECT status FROM quote ORDER BY id") }
	s.is("on the last day", statuses(), "ready, sent, change_requested")
	s.clock.move(4 * time.Hour)
	other, err := New(s.Options)
	s.must(err)
	both := make(chan error, 2)
	for _, d := range []*Desk{s.Desk, other} {
		go func() { both <- d.tickQuotes(s.ctx) }()
	}
	s.must(<-both)
	s.must(<-both)
	s.is("on the day after", statuses(), "expired, expired, change_requested")
	s.is("once", s.list("SELECT count(*) FROM event WHERE kind = 'expired'"), "2")
	s.is("both are told", s.list("SELECT count(*) FROM notice WHERE body->>'text' LIKE '%has expired%'"), "4")
	s.prepares2026May(olivia, ids[0])
	s.is("prepared anew", s.quote(ids[0]).Status, QuoteReady)
}

func (s *shop) prepares2026May(a Actor, id int64) {
	s.Helper()
	in := draft(s.quote(id).Newest)
	in.ValidUntil = "2026-05-09"
	s.must(s.PrepareQuote(s.ctx, a, id, in))
}

func TestQuoteReminders(t *testing.T) {
	s := openShop(t) // Tuesday, half past nine
	sam, olivia := s.member("Sam", Sales), s.member("Olivia", Sales)
	id := s.asks(sam, s.customer("Acme"))
	s.prepares(olivia, id)
	other, err := New(s.Options)
	s.must(err)
	tick := func() []string {
		t.Helper()
		before := s.list("SELECT coalesce(max(id), 0) FROM notice")
		both := make(chan error, 2)
		for _, d := range []*Desk{s.Desk, other} {
			go func() { both <- d.tickQuotes(s.ctx) }()
		}
		s.must(<-both)
		s.must(<-both)
		rows, err := s.Store.Pool.Query(s.ctx, "SELECT member.name || ': ' || (body->>'text') FROM notice JOIN member ON member.id = member_id WHERE notice.id > $1::text::bigint ORDER BY notice.id", before)
		s.must(err)
		var out []string
		for rows.Next() {
			var text string
			s.must(rows.Scan(&text))
			out = append(out, text)
		}
		s.must(rows.Err())
		return out
	}
	step := func(by time.Duration, want ...string) {
		t.Helper()
		s.clock.move(by)
		if got := tick(); !slices.Equal(got, want) {
			t.Errorf("after %s: %q, want %q", by, got, want)
		}
	}
	const unsent = "Sam: Quote 1 for Acme is ready since yesterday and not sent yet. Mark it as sent when the customer has it."
	step(0)
	step(23 * time.Hour)
	step(time.Hour, unsent)
	rest, err := s.q.ListQuotesToRemind(s.ctx, store.ListQuotesToRemindParams{Status: QuoteReady, Before: s.Now(), Mark: "unsent"})
	s.must(err)
	if len(rest) > 0 {
		t.Errorf("a quote that was reminded of is looked at with every tick: %v", rest)
	}
	step(24 * time.Hour)
	s.must(s.MoveQuote(s.ctx, sam, id, QuoteSent, "")) // Thursday, half past nine
	step(3*24*time.Hour - 2*time.Hour)                 // Sunday, half past seven
	step(time.Hour)                                    // half past eight, but not yet three days
	step(9*time.Hour + 30*time.Minute)                 // six in the evening: too late
	step(14*time.Hour, "Sam: Acme has had quote 1 for 3 days. Did they answer?")
	step(20*24*time.Hour, "Sam: Acme has had quote 1 for 7 days. Did they answer?") // the desk was away for weeks
	step(time.Hour)

	s.must(s.MoveQuote(s.ctx, sam, id, QuoteAccepted, ""))
	later := s.asks(sam, s.customer("Beta"))
	s.prepares2026May(olivia, later)
	s.must(s.MoveQuote(s.ctx, sam, later, QuoteSent, ""))
	step(8*24*time.Hour, "Sam: Beta has had quote 2 for 7 days. Did they answer?")
	step(time.Minute)
}
