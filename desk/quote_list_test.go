package desk

import (
	"testing"
	"time"

	"callout/store"
)

func TestQuotesAreListedAndCounted(t *testing.T) {
	s := openShop(t)
	sam, olivia, vera := s.member("Sam", Sales), s.member("Olivia", Sales), s.member("Vera", Viewer)
	acme := s.customer("Acme Foods")
	ids := make([]int64, 5)
	for i := range ids {
		ids[i] = s.asks(sam, acme)
		s.clock.move(time.Hour)
	}
	lead, err := s.RequestQuote(s.ctx, olivia, NewQuote{Party: Party{NewLead: "Bella Foods"}, Wanted: "A copier"})
	s.must(err)
	for i, id := range ids[:4] {
		s.clock.move(time.Duration(i) * time.Hour)
		s.prepares(olivia, id)
		s.must(s.MoveQuote(s.ctx, sam, id, QuoteSent, ""))
	}
	s.must(s.MoveQuote(s.ctx, sam, ids[0], QuoteAccepted, ""))
	s.must(s.MoveQuote(s.ctx, sam, ids[1], QuoteAccepted, ""))
	s.must(s.MoveQuote(s.ctx, sam, ids[2], QuoteDeclined, "too dear"))

	check := func(typed, want string) {
		t.Helper()
		f, err := ParseFilter(NounQuotes, typed)
		s.must(err)
		page, err := s.Quotes(s.ctx, vera, f, 0, 10)
		s.must(err)
		var got []string
		for _, q := range page.Quotes {
			got = append(got, QuoteNumber(q.ID, q.Newest))
		}
		if joinSpace(got) != want {
			t.Errorf("%q finds %q, want %q", typed, joinSpace(got), want)
		}
	}
	check("", "6 5 4 3 2 1")
	check("status:accepted", "2 1")
	check("customer:acme", "5 4 3 2 1")
	check("customer:bella", "6")
	check("customer:foods by:olivia", "6")
	check("by:@sam status:sent", "4")
	check("by:none", "")
	check("copier", "6")
	check("from:tomorrow", "")
	first, err := s.Quotes(s.ctx, vera, Filter{}, 0, 4)
	s.must(err)
	second, err := s.Quotes(s.ctx, vera, Filter{}, first.Next, 4)
	s.must(err)
	if len(first.Quotes) != 4 || first.Next != 3 || len(second.Quotes) != 2 || second.Next != 0 || second.Quotes[0].ID != 2 {
		t.Errorf("pages %+v and %+v", first, second)
	}

	r, err := s.QuotesReport(s.ctx, vera, Filter{})
	s.must(err)
	median := r.Totals.MedianReady
	r.Totals.MedianReady = nil
	if want := (store.QuoteTotals{Requested: 6, Ready: 4, Sent: 4, Accepted: 2, Declined: 1}); r.Totals != want || median == nil || *median != 5*time.Hour+30*time.Minute {
		t.Errorf("totals %+v, median %v", r.Totals, median)
	}
	if len(r.Accepted) != 1 || r.Accepted[0] != (store.QuoteValue{Currency: "GBP", Total: 42960}) {
		t.Errorf("accepted %+v", r.Accepted)
	}
	if len(r.ByRequester) != 2 || r.ByRequester[0] != (store.NamedCount{Label: "Sam", Count: 5}) {
		t.Errorf("by requester %+v", r.ByRequester)
	}
	all, err := s.QuotesReport(s.ctx, vera, Filter{Customer: "acme", From: "2026"})
	s.must(err)
	if all.Totals.Requested != 5 || len(all.Days) == 0 || len(all.ByStatus) != 4 {
		t.Errorf("of one customer %+v", all)
	}
	rows := 0
	s.must(r.Each(s.ctx, func(store.QuoteRow) error { rows++; return nil }))
	if rows != 6 {
		t.Errorf("%d rows", rows)
	}
	waiting, err := s.QuotesToPrepare(s.ctx, olivia, 10)
	s.must(err)
	own, err := s.OwnQuotes(s.ctx, sam, 10)
	s.must(err)
	if len(waiting.Quotes) != 2 || len(own.Quotes) != 2 || waiting.Quotes[0].ID != lead {
		t.Errorf("waiting %+v, own %+v", waiting.Quotes, own.Quotes)
	}
	s.refuses(s.checkQuotesReport(s.ctx, Actor{}, Filter{}), Forbidden)
}
