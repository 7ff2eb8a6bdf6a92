package desk

import (
	"strings"
	"testing"
	"time"

	"callout/store"
)

func TestLogVisit(t *testing.T) {
	s := openShop(t)
	sam, tim, vera := s.member("Sam", Sales), s.technician("Tim"), s.member("Vera", Viewer)
	acme := s.customer("Acme")
	to := Party{CustomerID: acme.ID}
	for name, c := range map[string]struct {
		visit NewVisit
		field string
		words string
	}{
		"nobody":       {NewVisit{Fields: Fields{"purpose": VisitSales}}, "party", "Choose a customer or lead"},
		"gone":         {NewVisit{Party: Party{CustomerID: 99}, Fields: Fields{"purpose": VisitSales}}, "party", "not there any more"},
		"no purpose":   {NewVisit{Party: to, Fields: Fields{}}, "purpose", "not a purpose"},
		"bad moment":   {NewVisit{Party: to, Fields: Fields{"purpose": VisitSales, "at": "bad"}}, "at", "day and time that exist"},
		"long outcome": {NewVisit{Party: to, Fields: Fields{"purpose": VisitSales, "outcome": strings.Repeat("x", 3001)}}, "outcome", "3001 characters"},
		"next in past": {NewVisit{Party: to, Fields: Fields{"purpose": VisitSales, "next_on": "2026-03-01"}}, "next_on", "is over already"},
	} {
		_, err := s.LogVisit(s.ctx, sam, c.visit)
		var refused *Error
		if !asError(err, &refused) || !strings.Contains(refused.Fields[c.field], c.words) {
			t.Errorf("%s: %v, want %q on %s", name, err, c.words, c.field)
		}
	}
	_, err := s.LogVisit(s.ctx, vera, NewVisit{Party: to, Fields: Fields{"purpose": VisitSales}})
	s.refuses(err, Forbidden, "log visits")

	// One in the future is planned for somebody, who is told; it happens, or is called off.
	plan := NewVisit{Party: Party{NewLead: "Bea"}, Fields: Fields{"purpose": VisitSales, "at": "2026-03-12T10:00Z", "member": s.list("SELECT id FROM member WHERE name = 'Tim'")}}
	id, err := s.LogVisit(s.ctx, keyed(sam, "k"), plan)
	s.must(err)
	again, err := s.LogVisit(s.ctx, keyed(sam, "k"), plan)
	s.must(err)
	if id != again || s.count("visit") != 1 || s.count("lead") != 1 {
		t.Error("the same delivery made another visit or lead")
	}
	s.is("what Tim is told", s.notices(tim), "lead_news slack owed")
	s.refuses(s.VisitHappened(s.ctx, tim, id, Fields{"outcome": " "}, nil), Invalid, "what came of it")
	s.must(s.VisitHappened(s.ctx, tim, id, Fields{"outcome": "wants two", "next_step": "Offer", "next_on": "2026-03-20"}, nil))
	v, err := s.Visit(s.ctx, sam, id)
	s.must(err)
	if !v.Visit.Happened || !v.Visit.At.Equal(s.Now()) { // earlier than planned
		t.Errorf("the visit did not happen now: %+v", v.Visit)
	}
	s.is("the lead's next action", s.list("SELECT next_action || ' ' || next_on FROM lead"), "Offer 2026-03-20")
	s.refuses(s.CancelVisit(s.ctx, tim, id), Conflict, "has happened")

	off, err := s.LogVisit(s.ctx, sam, NewVisit{Party: to, Fields: Fields{"purpose": VisitFollowUp, "at": "2026-03-12T10:00Z"}})
	s.must(err)
	s.must(s.CancelVisit(s.ctx, sam, off))
	s.refuses(s.VisitHappened(s.ctx, sam, off, Fields{"outcome": "x"}, nil), Conflict, "is cancelled")
	s.is("its history", s.list("SELECT kind FROM event WHERE record = 'visit' AND record_id = $1 ORDER BY id", off), "planned, cancelled")
	page, err := s.Visits(s.ctx, sam, Filter{}, "", 10)
	s.must(err)
	if len(page.Visits) != 1 {
		t.Errorf("the cancelled visit is listed: %+v", page.Visits)
	}
}

func TestEditVisitMerges(t *testing.T) {
	s := openShop(t)
	sam, nora := s.member("Sam", Sales), s.member("Nora", Sales)
	acme := s.customer("Acme")
	id, err := s.LogVisit(s.ctx, sam, NewVisit{Party: Party{CustomerID: acme.ID}, Fields: Fields{"purpose": VisitSales, "outcome": "talked"}})
	s.must(err)
	s.clock.move(17 * time.Second) // the form holds no seconds: they are no change
	opened, err := s.Visit(s.ctx, sam, id)
	s.must(err)
	form := VisitFieldsOf(opened.Visit)
	s.must(s.EditVisit(s.ctx, sam, id, 1, form))
	mine, theirs := Fields{"purpose": VisitFollowUp}, Fields{"outcome": "sold"}
	s.must(s.EditVisit(s.ctx, nora, id, 1, theirs))
	s.must(s.EditVisit(s.ctx, sam, id, 1, mine))
	s.is("merged", s.list("SELECT purpose || ' ' || outcome || ' ' || version FROM visit"), "follow_up sold 3")
	err = s.EditVisit(s.ctx, sam, id, 1, Fields{"outcome": "lost"})
	var refused *Error
	if !asError(err, &refused) || len(refused.Clashes) != 1 || refused.Clashes[0].By != "Nora" || refused.Clashes[0].Theirs != "sold" {
		t.Fatalf("no clash with Nora: %+v", err)
	}
	s.must(s.EditVisit(s.ctx, sam, id, refused.Version, Fields{"outcome": "lost"}))
	s.refuses(s.EditVisit(s.ctx, sam, id, 4, Fields{"at": "2026-04-01T10:00Z"}), Invalid, "cannot be in the future")
}

func TestListVisits(t *testing.T) {
	s := openShop(t)
	sam, tim := s.member("Sam", Sales), s.technician("Tim")
	acme, grand := s.customer("Acme"), s.customer("Grand Hotel")
	log := func(a Actor, p Party, purpose, at, outcome string) {
		t.Helper()
		_, err := s.LogVisit(s.ctx, a, NewVisit{Party: p, Fields: Fields{"purpose": purpose, "at": at, "outcome": outcome}})
		s.must(err)
	}
	log(sam, Party{CustomerID: acme.ID}, VisitSales, "2026-03-02T10:00Z", "first talk")
	log(tim, Party{CustomerID: grand.ID}, VisitService, "2026-03-09T10:00Z", "new drum")
	log(sam, Party{NewLead: "Bea Baker"}, VisitFollowUp, "2026-03-20T10:00Z", "")
	log(sam, Party{CustomerID: acme.ID}, VisitSales, "2026-03-18T10:00Z", "")
	for filter, want := range map[string]string{
		"":                         "3, 4, 2, 1",
		"status:planned":           "4, 3", // the soonest first
		"status:done":              "2, 1",
		"purpose:follow-up":        "3",
		"customer:acme":            "4, 1",
		"customer:baker":           "3",
		"customer:nobody":          "",
		"by:tim":                   "2",
		"by:me to:today":           "1",
		"from:2026-03-09 to:today": "2",
		"DRUM":                     "2",
	} {
		f, err := ParseFilter(NounVisits, filter)
		s.must(err)
		var ids []string
		for after, more := "", true; more; more = after != "" {
			page, err := s.Visits(s.ctx, sam, f, after, 1)
			s.must(err)
			for _, v := range page.Visits {
				ids = append(ids, s.list("SELECT $1::bigint", v.ID))
			}
			after = page.Next
		}
		s.is(filter, strings.Join(ids, ", "), want)
	}
	r, err := s.VisitsReport(s.ctx, sam, Filter{From: "2026-03", To: "2026-03"})
	s.must(err)
	want := store.VisitTotals{All: 4, Done: 2, Planned: 2, WithOutcome: 2, Parties: 3}
	if r.Totals != want {
		t.Errorf("got %+v, want %+v", r.Totals, want)
	}
}

func TestClosingRecordsVisits(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	acme := s.customer("Acme")
	id := s.offered(dora, acme)
	s.must(s.Accept(s.ctx, tim, id))
	s.clock.move(time.Hour)
	s.must(s.OnSite(s.ctx, tim, id))
	onSite := s.Now()
	s.clock.move(time.Hour)
	s.must(s.Close(s.ctx, tim, id, "cleaned"))
	s.must(s.Reopen(s.ctx, dora, id, "wrong words"))
	s.must(s.Close(s.ctx, tim, id, "cleaned and oiled"))
	s.is("one visit", s.list("SELECT outcome || ' ' || purpose FROM visit"), "cleaned and oiled service")
	// Who had the visit open in a form when it was closed again does not write the old outcome over the new one unasked.
	err := s.EditVisit(s.ctx, tim, 1, 1, Fields{"outcome": "cleaned, mostly"})
	s.refuses(err, Conflict, "Somebody else changed this")
	s.is("when", s.list("SELECT at FROM visit"), s.list("SELECT $1::timestamptz", onSite))
	// Going there again is another one.
	s.must(s.Reopen(s.ctx, dora, id, "again"))
	s.clock.move(time.Hour)
	s.must(s.OnSite(s.ctx, tim, id))
	s.must(s.Close(s.ctx, tim, id, "new part"))
	s.is("two visits", s.list("SELECT outcome FROM visit ORDER BY id"), "cleaned and oiled, new part")
	// What nobody had was settled without going there.
	s.onDuty(tim, false)
	phone := s.logs(dora, acme)
	s.must(s.Close(s.ctx, dora, phone, "by phone"))
	s.is("still two", s.list("SELECT count(*) FROM visit"), "2")
}

func TestEditCustomersAndContacts(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	acme, other := s.customer("Acme"), s.customer("Other") // one phone for both
	same, err := s.EditCustomer(s.ctx, dora, acme.ID, 1, Fields{"name": "Acme Foods", "territory": "south"})
	s.must(err)
	if len(same) != 1 || same[0].CustomerID != other.ID {
		t.Errorf("nobody says that %s has the same phone: %+v", other.Name, same)
	}
	_, err = s.EditCustomer(s.ctx, dora, acme.ID, 1, Fields{"notes": "ring twice", "phone": "020 7946 0555"})
	s.must(err)
	s.is("merged", s.list("SELECT name || ' ' || phone || ' ' || territory || ' ' || notes FROM customer WHERE id = $1", acme.ID), "Acme Foods +442079460555 south ring twice")
	_, err = s.EditCustomer(s.ctx, dora, acme.ID, 1, Fields{"name": "Acme Ltd"})
	s.refuses(err, Conflict, "Somebody else changed this")
	_, err = s.EditCustomer(s.ctx, tim, acme.ID, 1, Fields{})
	s.refuses(err, Forbidden, "change customers")
	found, err := s.FindCustomers(s.ctx, dora, "foods", 5)
	s.must(err)
	if len(found) != 1 {
		t.Errorf("the new name is not found: %+v", found)
	}

	kim, _, err := s.AddContact(s.ctx, dora, acme.ID, Fields{"name": "Kim", "role": "Office manager", "phone": "+44 7911 123456"})
	s.must(err)
	_, err = s.EditContact(s.ctx, dora, kim, 1, Fields{"email": "kim@acme.example"})
	s.must(err)
	s.is("contact", s.list("SELECT name || ' ' || role || ' ' || email || ' ' || version FROM contact"), "Kim Office manager kim@acme.example 2")
	_, _, err = s.AddContact(s.ctx, dora, acme.ID, Fields{"email": "x"})
	s.refuses(err, Invalid)
	s.is("history", s.list("SELECT kind FROM event WHERE record = 'customer' AND record_id = $1 ORDER BY id", acme.ID), "edited, edited, contact, edited")
}

func TestFindParties(t *testing.T) {
	s := openShop(t)
	sam, tim := s.member("Sam", Sales), s.technician("Tim")
	s.customer("Acme Foods")
	s.clock.move(time.Hour)
	s.adds(sam, Fields{"name": "Ann", "company": "Acme Trade", "email": "ann@trade.example"})
	lost := s.adds(sam, Fields{"name": "Bob", "company": "Acme Lost"})
	s.must(s.LoseLead(s.ctx, sam, lost, "no"))
	check := func(a Actor, typed, want string) {
		t.Helper()
		found, err := s.FindParties(s.ctx, a, typed, 10)
		s.must(err)
		var names []string
		for _, o := range found {
			names = append(names, o.Name)
		}
		s.is(a.Name+" types "+typed, strings.Join(names, ", "), want)
	}
	check(sam, "acme", "Ann (Acme Trade), Acme Foods") // of whom was heard last
	check(sam, "trade.example", "Ann (Acme Trade)")
	check(sam, "7946 0123", "Acme Foods")
	check(tim, "acme", "Acme Foods") // who may not see leads
}

func TestAVisitKeepsItsNextStep(t *testing.T) {
	s := openShop(t)
	sam, nora := s.member("Sam", Sales), s.member("Nora", Sales)
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET timezone = 'Pacific/Auckland' WHERE id = $1", nora.ID)
	s.must(err)
	lead := s.adds(sam, Fields{"name": "Ann"})
	visit := func(f Fields) int64 {
		t.Helper()
		f["purpose"] = VisitSales
		id, err := s.LogVisit(s.ctx, sam, NewVisit{Party: Party{LeadID: lead}, Fields: f})
		s.must(err)
		return id
	}
	visit(Fields{"outcome": "talked", "next_step": "Send a quote", "next_on": "2026-03-12"})
	planned := visit(Fields{"at": "2026-03-11T10:00Z", "next_step": "Install it", "next_on": "2026-03-13"})
	taken := visit(Fields{"at": "2026-03-11T20:00Z", "member": idText(nora.ID)})
	s.must(s.WinLead(s.ctx, sam, lead, 0))
	s.clock.move(2 * 24 * time.Hour)
	s.must(s.VisitHappened(s.ctx, sam, planned, Fields{"outcome": "signed", "next_step": "", "next_on": ""}, nil))
	s.clock.move(24 * time.Hour)
	due, err := s.DueFor(s.ctx, sam.Member)
	s.must(err)
	if len(due.NextSteps) != 1 || due.NextSteps[0].NextStep != "Install it" {
		t.Errorf("what is due with a customer who was a lead: %+v", due.NextSteps)
	}
	// The day of a visit is that of who was to go there.
	s.must(s.CancelVisit(s.ctx, sam, taken))
	s.is("told", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1 ORDER BY id DESC LIMIT 1", nora.ID), "Sam cancelled your visit to Ann on 12 March.")
}
