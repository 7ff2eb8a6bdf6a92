package desk

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callout/store"
)

// TestQuoteMoves goes through every pair of statuses and everybody who may try.
func TestQuoteMoves(t *testing.T) {
	t.Parallel()
	member := func(id int64, roles ...Role) Actor {
		return Actor{Member: store.Member{ID: id, State: StateActive, Roles: roles}}
	}
	asker, quoter, tech, viewer, desk := member(1, Technician), member(2, Sales), member(3, Technician), member(4, Viewer), Actor{}
	can := map[string]string{ // from status: where a quoter may move it, where the asker may
		QuoteRequested: "ready declined | declined",
		QuoteReady:     "ready sent declined change_requested | sent declined change_requested",
		QuoteSent:      "ready accepted declined change_requested | accepted declined change_requested",
		QuoteAccepted:  " | ",
		QuoteDeclined:  "change_requested | change_requested",
		QuoteChange:    "ready declined | declined",
		QuoteExpired:   "ready declined change_requested | declined change_requested",
	}
	tried := func(a Actor, from string) string {
		var to []string
		for _, s := range QuoteStatuses() {
			if a.mayMove(store.Quote{ID: 5, Status: from, RequestedBy: asker.ID}, s) == nil {
				to = append(to, s)
			}
		}
		return joinSpace(to)
	}
	for _, from := range QuoteStatuses() {
		if got := tried(quoter, from) + " | " + tried(asker, from); got != can[from] {
			t.Errorf("from %s: %q, want %q", from, got, can[from])
		}
		if got := tried(tech, from) + tried(viewer, from) + tried(member(6), from); got != "" {
			t.Errorf("from %s somebody else may move it to %s", from, got)
		}
		want := ""
		if from == QuoteReady || from == QuoteSent {
			want = QuoteExpired
		}
		if got := tried(desk, from); got != want {
			t.Errorf("from %s it moves to %q by itself, want %q", from, got, want)
		}
	}
}

func joinSpace(words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += " "
		}
		out += w
	}
	return out
}

// asks requests a quote for a customer.
func (s *shop) asks(a Actor, c store.Customer) int64 {
	s.Helper()
	id, err := s.RequestQuote(s.ctx, a, NewQuote{Party: Party{CustomerID: c.ID}, Wanted: "Two toners", NeededBy: "2026-05-20", Notes: "by courier"})
	s.must(err)
	return id
}

// prepares prices a quote: two toners at 89.50 and 20 percent.
func (s *shop) prepares(a Actor, id int64) {
	s.Helper()
	s.must(s.PrepareQuote(s.ctx, a, id, draft(s.quote(id).Newest)))
}

func draft(newest int32) QuoteDraft {
	return QuoteDraft{Lines: "2 x Toner TK-1150 @ 89.50", Tax: "20", ValidUntil: "2026-04-09", Note: "From stock", Newest: newest}
}

func (s *shop) quote(id int64) store.Quote {
	s.Helper()
	q, err := s.q.GetQuote(s.ctx, id)
	s.must(err)
	return q
}

// told lists who is owed a message of a kind, on which channel, and what it says.
func (s *shop) told(kind string) string {
	s.Helper()
	return s.list(`SELECT member.name || ' ' || notice.channel || ': ' || (notice.body->>'text') FROM notice JOIN member ON member.id = notice.member_id
		WHERE notice.kind = $1 ORDER BY notice.id`, kind)
}

func TestQuoteFromRequestToAccepted(t *testing.T) {
	s := openShop(t, func(o *Options) { o.Defaults.QuotesChannel = "C0QUOTES" })
	sam, olivia := s.member("Sam", Technician), s.member("Olivia", Sales)
	s.reach(sam, "email", "sam@example.com")
	id := s.asks(sam, s.customer("Acme"))
	cards, err := s.Cards(s.ctx, Record{QuoteRecord, id})
	s.must(err)
	if len(cards) != 1 || cards[0].Channel != "C0QUOTES" {
		t.Errorf("cards %+v", cards)
	}
	s.prepares(olivia, id)
	const text = "Quote 1 for Acme is ready: 214.80 GBP, valid until 9 April 2026."
	s.is("who asked is told everywhere", s.told(noticeQuoteReady), "Sam slack: "+text+", Sam email: "+text)
	s.must(s.MoveQuote(s.ctx, sam, id, QuoteSent, ""))
	s.must(s.MoveQuote(s.ctx, olivia, id, QuoteAccepted, ""))
	s.is("who did not do it is told", s.told(noticeQuoteNews), "Olivia slack: Sam sent quote 1 to Acme., Sam slack: Acme accepted quote 1: 214.80 GBP.")
	s.is("timeline", s.list("SELECT kind FROM event WHERE record = 'quote' AND record_id = $1 ORDER BY id", id), "requested, ready, sent, accepted")
	q := s.quote(id)
	if q.Total != 21480 || q.Status != QuoteAccepted || q.DecidedAt == nil || q.SentAt == nil || *q.PreparedBy != olivia.ID {
		t.Errorf("%+v", q)
	}
	s.refuses(s.MoveQuote(s.ctx, olivia, id, QuoteDeclined, "late"), Conflict, "Quote 1 is accepted")
	s.refuses(s.EditQuote(s.ctx, sam, id, q.Version, Fields{"wanted": "three"}), Conflict, "accepted")
	s.refuses(s.PrepareQuote(s.ctx, olivia, id, draft(1)), Conflict, "Quote 1 is accepted")
}

func TestAQuoteIsAskedForOnce(t *testing.T) {
	s := openShop(t)
	sam, dora := s.member("Sam", Sales), s.member("Dora", Dispatcher)
	c := s.customer("Acme")
	sam.Key = "slack:1"
	first, again := s.asks(sam, c), s.asks(sam, c)
	if first != again || s.list("SELECT count(*) FROM quote") != "1" {
		t.Errorf("one delivery made quotes %d and %d", first, again)
	}
	s.is("without a channel dispatchers are told", s.told(noticeQuoteNews), "Dora slack: Sam asks for a quote for Acme. It is quote 1 and waits to be prepared.")
	dora.Key = "slack:2"
	s.must(s.PrepareQuote(s.ctx, dora, first, draft(0)))
	s.must(s.PrepareQuote(s.ctx, dora, first, draft(0)))
	if n := s.quote(first).Newest; n != 1 {
		t.Errorf("one delivery made %d versions", n)
	}
}

func TestWhatARequestMustHave(t *testing.T) {
	s := openShop(t)
	sam, vera := s.member("Sam", Sales), s.member("Vera", Viewer)
	c := s.customer("Acme")
	_, err := s.RequestQuote(s.ctx, sam, NewQuote{Party: Party{CustomerID: c.ID}, Wanted: " ", NeededBy: "2026-02-30"})
	var refused *Error
	if !errors.As(err, &refused) || refused.Fields["wanted"] == "" || refused.Fields["needed_by"] == "" {
		t.Errorf("refused with %v", err)
	}
	_, err = s.RequestQuote(s.ctx, sam, NewQuote{Wanted: "Toner"})
	s.refuses(err, Invalid, "Choose a customer or lead")
	_, err = s.RequestQuote(s.ctx, sam, NewQuote{Party: Party{CustomerID: c.ID + 1}, Wanted: "Toner"})
	s.refuses(err, Invalid, "not there any more")
	_, err = s.RequestQuote(s.ctx, vera, NewQuote{Party: Party{CustomerID: c.ID}, Wanted: "Toner"})
	s.refuses(err, Forbidden)
	id := s.asks(sam, c)
	s.refuses(s.PrepareQuote(s.ctx, vera, id, draft(0)), Forbidden)
	s.refuses(s.MoveQuote(s.ctx, vera, id, QuoteDeclined, "no"), Forbidden)
	s.refuses(s.MoveQuote(s.ctx, sam, id, QuoteDeclined, " "), Invalid, "The reason is missing")
	s.refuses(s.MoveQuote(s.ctx, sam, id, QuoteExpired, ""), Forbidden)
	s.refuses(s.MoveQuote(s.ctx, sam, id+1, QuoteSent, ""), NotFound, "/quotes")
	if _, err := s.Quote(s.ctx, vera, id); err != nil {
		t.Error(err)
	}
}

func TestPriceQuoteNamesEveryWrongField(t *testing.T) {
	s := openShop(t)
	olivia := s.member("Olivia", Sales)
	id := s.asks(olivia, s.customer("Acme"))
	_, err := s.PriceQuote(s.ctx, olivia, id, QuoteDraft{Lines: "2 x Toner", Tax: "much", ValidUntil: "2026-03-09"})
	var refused *Error
	if !errors.As(err, &refused) || len(refused.Fields) != 3 {
		t.Fatalf("refused with %+v", err)
	}
	_, err = s.PriceQuote(s.ctx, olivia, id, QuoteDraft{Lines: "Toner @ 5\nDiscount @ -6", ValidUntil: "2026-03-10"})
	s.refuses(err, Invalid)
	price, err := s.PriceQuote(s.ctx, olivia, id, draft(0))
	s.must(err)
	if price.Net != 17900 || price.Tax != 3580 || price.Total != 21480 {
		t.Errorf("%+v", price)
	}
	if n := s.quote(id).Newest; n != 0 {
		t.Error("a look at the total saved it")
	}
	s.prepares(olivia, id)
	_, err = s.PriceQuote(s.ctx, olivia, id, draft(0))
	s.refuses(err, Conflict, "Somebody else prepared quote 1 meanwhile")
	s.refuses(s.PrepareQuote(s.ctx, olivia, id, draft(0)), Conflict, "Somebody else prepared")
}

func TestARevisionIsANewVersion(t *testing.T) {
	s := openShop(t)
	olivia := s.member("Olivia", Sales)
	id := s.asks(olivia, s.customer("Acme"))
	s.prepares(olivia, id)
	first, err := s.QuotePaper(s.ctx, id, 1)
	s.must(err)
	s.must(s.MoveQuote(s.ctx, olivia, id, QuoteSent, ""))
	s.must(s.MoveQuote(s.ctx, olivia, id, QuoteChange, "three, please"))
	s.is("why", s.quote(id).Reason, "three, please")
	_, again, err := s.QuoteDraft(s.ctx, olivia, id)
	s.must(err)
	if diff := cmp.Diff(draft(1), again); diff != "" {
		t.Errorf("the form opens with (-want +got)\n%s", diff)
	}
	again.Lines = "3 x Toner TK-1150 @ 89.50"
	s.must(s.PrepareQuote(s.ctx, olivia, id, again))
	second, err := s.QuotePaper(s.ctx, id, 0)
	s.must(err)
	if second.Version.Number != 2 || second.Version.Net != 26850 || second.Version.Total != 32220 {
		t.Errorf("%+v", second.Version)
	}
	unchanged, err := s.QuotePaper(s.ctx, id, 1)
	s.must(err)
	if diff := cmp.Diff(first.Version, unchanged.Version); diff != "" {
		t.Error(diff)
	}
	for _, sql := range []string{"UPDATE quote_version SET note = 'x' WHERE number = 1", "DELETE FROM quote_version"} {
		if _, err := s.Store.Pool.Exec(s.ctx, sql); err == nil {
			t.Errorf("the database allows %s", sql)
		}
	}
	s.is("number", QuoteNumber(id, 2), "1-2")
	s.is("reason", s.quote(id).Reason, "")
}

func TestTwoPeopleEditOneRequest(t *testing.T) {
	s := openShop(t)
	sam, dora := s.member("Sam", Sales), s.member("Dora", Dispatcher)
	id := s.asks(sam, s.customer("Acme"))
	s.must(s.EditQuote(s.ctx, dora, id, 1, Fields{"wanted": "Three toners", "needed_by": "2026-05-20", "notes": "by courier"}))
	s.must(s.EditQuote(s.ctx, sam, id, 1, Fields{"wanted": "Two toners", "needed_by": "2026-05-25", "notes": "by courier"}))
	want := Fields{"wanted": "Three toners", "needed_by": "2026-05-25", "notes": "by courier"}
	if diff := cmp.Diff(want, quoteFields(s.quote(id))); diff != "" {
		t.Error(diff)
	}
	err := s.EditQuote(s.ctx, sam, id, 1, Fields{"wanted": "Four toners"})
	s.refuses(err, Conflict)
	var refused *Error
	if !errors.As(err, &refused) || len(refused.Clashes) != 1 || refused.Clashes[0].By != "Dora" {
		t.Errorf("refused with %+v", refused)
	}
	s.must(s.EditQuote(s.ctx, sam, id, refused.Version, refused.Merged))
	s.is("wanted", s.quote(id).Wanted, "Four toners")
}

func TestALeadWithAReadyQuoteIsQuoted(t *testing.T) {
	s := openShop(t)
	sam := s.member("Sam", Sales)
	id, err := s.RequestQuote(s.ctx, sam, NewQuote{Party: Party{NewLead: "Bella Foods"}, Wanted: "A copier"})
	s.must(err)
	s.prepares(sam, id)
	q := s.quote(id)
	lead, err := s.q.GetLead(s.ctx, *q.LeadID)
	s.must(err)
	s.is("stage", lead.Stage, LeadQuoted)
	s.is("timeline of the lead", s.list("SELECT kind FROM event WHERE record = 'lead' ORDER BY id"), "added, stage")
	view, err := s.QuoteView(s.ctx, id)
	s.must(err)
	s.is("party", QuoteParty(view), "Bella Foods")
	paper, err := s.QuotePaper(s.ctx, id, 0)
	s.must(err)
	s.is("recipient", joinSpace(paper.Recipient), "Bella Foods")
	s.must(s.PrepareQuote(s.ctx, sam, id, draft(1)))
	if s.list("SELECT count(*) FROM event WHERE record = 'lead'") != "2" {
		t.Error("a second version moved the lead again")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
