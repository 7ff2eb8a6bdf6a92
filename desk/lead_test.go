package desk

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/store"
)

// adds adds a lead that must be taken, and returns its number.
func (s *shop) adds(a Actor, f Fields, seen ...Twin) int64 {
	s.Helper()
	id, twins, err := s.AddLead(s.ctx, a, NewLead{Fields: f, Seen: seen})
	s.must(err)
	if len(twins) > 0 {
		s.Fatalf("there are twins: %+v", twins)
	}
	return id
}

func (s *shop) lead(id int64) store.Lead {
	s.Helper()
	l, err := s.q.GetLead(s.ctx, id)
	s.must(err)
	return l
}

func TestAddLeadChecks(t *testing.T) {
	s := openShop(t)
	sam, tim := s.member("Sam", Sales), s.technician("Tim")
	for name, c := range map[string]struct {
		fields Fields
		field  string
		words  string
	}{
		"no name":         {Fields{}, "name", "The name is missing"},
		"long company":    {Fields{"name": "A", "company": strings.Repeat("x", 201)}, "company", "201 characters"},
		"phone":           {Fields{"name": "A", "phone": "12"}, "phone", "“12” is not a phone number"},
		"e-mail":          {Fields{"name": "A", "email": "a@b"}, "email", "“a@b” is not an e-mail address"},
		"day that is not": {Fields{"name": "A", "next_on": "2026-02-30"}, "next_on", "“2026-02-30” is not a day that exists"},
		"yesterday":       {Fields{"name": "A", "next_on": "2026-03-09"}, "next_on", "9 March 2026 is over already"},
		"a technician":    {Fields{"name": "A", "owner": s.list("SELECT id FROM member WHERE name = 'Tim'")}, "owner", "cannot keep leads"},
		"nobody":          {Fields{"name": "A", "owner": "999"}, "owner", "cannot keep leads"},
	} {
		_, _, err := s.AddLead(s.ctx, sam, NewLead{Fields: c.fields})
		s.refuses(err, Invalid)
		var refused *Error
		if asError(err, &refused); !strings.Contains(refused.Fields[c.field], c.words) {
			t.Errorf("%s: %v, want %q on %s", name, refused.Fields, c.words, c.field)
		}
	}

	id := s.adds(sam, Fields{"name": " Ann ", "phone": "020 7946 0123", "email": "Ann@Example.com", "next_on": "2026-03-10"})
	l := s.lead(id)
	s.is("phone", l.Phone, "+442079460123")
	s.is("e-mail", l.Email, "ann@example.com")
	s.is("stage", l.Stage, LeadNew)
	if l.OwnerID != sam.ID {
		t.Error("a lead without an owner is not who added it")
	}
	// A technician keeps no leads: the sales person with the fewest gets it, and is told.
	nora := s.member("Nora", Sales)
	if got := s.lead(s.adds(tim, Fields{"name": "Bea"})).OwnerID; got != nora.ID {
		t.Errorf("Tim's lead is kept by %d", got)
	}
	s.is("what Nora is told", s.notices(nora), "lead_news slack owed")
	_, err := s.Lead(s.ctx, tim, id)
	s.refuses(err, Forbidden, "see leads")
	s.refuses(s.MoveLead(s.ctx, tim, id, LeadContacted), Forbidden, "change leads")
}

func TestTwins(t *testing.T) {
	s := openShop(t)
	sam := s.member("Sam", Sales)
	acme := s.customer("Acme Foods") // +44 20 7946 0123
	_, err := s.q.InsertContact(s.ctx, store.InsertContactParams{CustomerID: acme.ID, Name: "Kim", Email: "kim@acme.example", CreatedAt: s.Now()})
	s.must(err)
	first := s.adds(sam, Fields{"name": "Ann", "email": "ann@example.com"})

	check := func(f Fields, want ...Twin) []Twin {
		t.Helper()
		id, twins, err := s.AddLead(s.ctx, sam, NewLead{Fields: f})
		s.must(err)
		if id != 0 || len(twins) != len(want) {
			t.Fatalf("got %+v, want %+v", twins, want)
		}
		for i := range want {
			if twins[i] != want[i] {
				t.Errorf("got %+v, want %+v", twins[i], want[i])
			}
		}
		return twins
	}
	check(Fields{"name": "B", "phone": "+44 (20) 7946-0123"}, Twin{Party: Party{CustomerID: acme.ID}, Name: "Acme Foods"})
	check(Fields{"name": "B", "email": "KIM@acme.example"}, Twin{Party: Party{CustomerID: acme.ID}, Name: "Acme Foods", Contact: "Kim"})
	seen := check(Fields{"name": "B", "email": "ann@example.com"}, Twin{Party: Party{LeadID: first}, Name: "Ann", Stage: LeadNew, Owner: "Sam"})
	if n := s.count("lead"); n != 1 {
		t.Errorf("a lead with twins was stored: %d", n)
	}
	id := s.adds(keyed(sam, "k1"), Fields{"name": "B", "email": "ann@example.com"}, seen...)
	// The same delivery again is the same lead, and no twin of itself.
	if again := s.adds(keyed(sam, "k1"), Fields{"name": "B", "email": "ann@example.com"}, seen...); again != id {
		t.Errorf("again: %d, want %d", again, id)
	}
}

func TestWinLead(t *testing.T) {
	s := openShop(t)
	sam := s.member("Sam", Sales)
	id := s.adds(sam, Fields{"name": "Ann", "company": "Archer", "phone": "020 7946 0999", "email": "ann@archer.example"})
	visit, err := s.LogVisit(s.ctx, sam, NewVisit{Party: Party{LeadID: id}, Fields: Fields{"purpose": VisitSales}})
	s.must(err)
	s.must(s.WinLead(s.ctx, sam, id, 0))
	s.is("customer", s.list("SELECT name || ' ' || phone || ' ' || email FROM customer"), "Archer +442079460999 ann@archer.example")
	s.is("contact", s.list("SELECT name || ' ' || phone FROM contact"), "Ann +442079460999")
	won := s.lead(id)
	s.is("stage", won.Stage, LeadWon)
	v, err := s.Visit(s.ctx, sam, visit)
	s.must(err)
	if won.CustomerID == nil || v.Visit.CustomerID == nil || *v.Visit.CustomerID != *won.CustomerID {
		t.Error("the visit is not the customer's")
	}
	s.refuses(s.WinLead(s.ctx, sam, id, 0), Conflict, "won already")
	s.refuses(s.LoseLead(s.ctx, sam, id, "too late"), Conflict, "won already")
	s.refuses(s.MoveLead(s.ctx, sam, id, LeadContacted), Conflict, "won already")

	// Another person of the same firm joins it, as one more contact; a lead without a firm has none.
	other := s.adds(sam, Fields{"name": "Bob", "phone": "020 7946 0888"})
	s.must(s.WinLead(s.ctx, sam, other, *won.CustomerID))
	s.is("contacts", s.list("SELECT name FROM contact ORDER BY id"), "Ann, Bob")
	alone := s.adds(sam, Fields{"name": "Cleo", "next_action": "ring", "next_on": "2026-03-12"})
	s.must(s.LoseLead(s.ctx, sam, alone, "no budget"))
	if l := s.lead(alone); l.NextAction != "" || l.NextOn != nil {
		t.Error("a lost lead is still to be followed up")
	}
	err = s.EditLead(s.ctx, sam, alone, 1, Fields{"next_action": "ring twice"}) // a form opened before it was lost
	s.refuses(err, Conflict, "Somebody else changed this")
	s.must(s.MoveLead(s.ctx, sam, alone, LeadContacted)) // taken up again
	s.must(s.WinLead(s.ctx, sam, alone, 0))
	s.is("contacts of Cleo", s.list("SELECT name FROM contact ORDER BY id"), "Ann, Bob")
	s.is("customers", s.list("SELECT name FROM customer ORDER BY id"), "Archer, Cleo")
	s.is("history", s.list("SELECT kind FROM event WHERE record = 'lead' AND record_id = $1 ORDER BY id", alone), "added, lost, stage, won")
}

func TestListLeads(t *testing.T) {
	s := openShop(t)
	sam, nora := s.member("Sam", Sales), s.member("Nora", Sales)
	s.adds(sam, Fields{"name": "Ann", "source": "Fair 2026", "next_on": "2026-03-10"})
	s.clock.move(24 * time.Hour)
	lost := s.adds(sam, Fields{"name": "Bea", "source": "Website", "phone": "020 7946 0123"})
	s.must(s.LoseLead(s.ctx, sam, lost, "no"))
	s.adds(nora, Fields{"name": "Cleo", "company": "Ångström", "next_on": "2026-03-11"})
	s.adds(nora, Fields{"name": "Dan", "next_on": "2026-03-20"})

	for filter, want := range map[string]string{
		"":                              "Dan, Cleo, Bea, Ann",
		"stage:open":                    "Dan, Cleo, Ann",
		"stage:lost":                    "Bea",
		"owner:me":                      "Bea, Ann",
		"owner:nora stage:open":         "Dan, Cleo",
		"owner:none":                    "",
		"source:fair":                   "Ann",
		"source:nowhere":                "",
		"due:overdue":                   "Ann",
		"due:today":                     "Cleo",
		"due:this-month":                "Ann, Cleo, Dan",
		"due:2026-03-20":                "Dan",
		"to:yesterday":                  "Ann",
		"from:today":                    "Dan, Cleo, Bea",
		"angstrom":                      "Cleo",
		"0123":                          "Bea",
		"stage:new owner:sam from:2026": "Ann",
	} {
		f, err := ParseFilter(NounLeads, filter)
		s.must(err)
		var names []string
		for after, more := "", true; more; more = after != "" {
			page, err := s.Leads(s.ctx, sam, f, after, 1) // page by page
			s.must(err)
			for _, l := range page.Leads {
				names = append(names, l.Name)
			}
			after = page.Next
		}
		s.is(filter, strings.Join(names, ", "), want)
	}
	_, err := s.Leads(s.ctx, sam, Filter{Owner: "zoe"}, "", 1)
	s.refuses(err, Invalid, "Nobody is called “zoe”", "owner:me")

	r, err := s.LeadsReport(s.ctx, sam, Filter{From: "2026-03"})
	s.must(err)
	want := store.LeadTotals{Added: 4, Open: 3, Lost: 1, DueToday: 1, Overdue: 1}
	if r.Totals != want {
		t.Errorf("got %+v, want %+v", r.Totals, want)
	}
}

// TestMorning is the day of three people: who has something due is told once, by day, where they are.
func TestMorning(t *testing.T) {
	s := openShop(t) // Tuesday 10 March, 09:30 in London
	sam, nora, tim := s.member("Sam", Sales), s.member("Nora", Sales), s.technician("Tim")
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET timezone = 'Pacific/Auckland' WHERE id = $1", nora.ID) // 22:30 there
	s.must(err)
	s.must(s.remindOfDay(s.ctx))
	acme := s.customer("Acme")
	s.adds(sam, Fields{"name": "Ann", "next_on": "2026-03-10"})
	s.adds(nora, Fields{"name": "Bea", "next_on": "2026-03-12"})
	_, err = s.LogVisit(s.ctx, tim, NewVisit{Party: Party{CustomerID: acme.ID}, Fields: Fields{"purpose": VisitService, "next_step": "Bring the drum", "next_on": "2026-03-11"}})
	s.must(err)
	told := func(when, wantSam, wantNora, wantTim string) {
		t.Helper()
		var wg sync.WaitGroup
		for range 2 { // two instances
			wg.Go(func() {
				if err := s.remindOfDay(s.ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for a, want := range map[*Actor]string{&sam: wantSam, &nora: wantNora, &tim: wantTim} {
			got := s.list("SELECT body->>'text' FROM notice WHERE kind = 'leads_due' AND member_id = $1 ORDER BY id", a.ID)
			s.is(when+", "+a.Name, got, want)
		}
	}
	told("the same day, planned for later that day", "", "", "")
	s.clock.move(8 * time.Hour) // 17:30; 06:30 in Auckland
	told("afternoon", "", "", "")
	s.clock.move(16 * time.Hour) // 11 March 09:30; 22:30 in Auckland
	told("next day", "Today: Ann: follow up.", "", "Today: Acme: Bring the drum.")
	s.clock.move(9 * time.Hour) // 18:30; 12 March 07:30 in Auckland
	told("evening", "Today: Ann: follow up.", "", "Today: Acme: Bring the drum.")
	s.clock.move(3 * time.Hour) // 21:30; 10:30 in Auckland
	told("night", "Today: Ann: follow up.", "Today: Bea: follow up.", "Today: Acme: Bring the drum.")

	// Down all day until the evening: nobody is told at night; the next morning they are.
	s.clock.move(22 * time.Hour) // 12 March 19:30
	told("after downtime, in the evening; morning in Auckland", "Today: Ann: follow up.", "Today: Bea: follow up., Today: Bea: follow up.", "Today: Acme: Bring the drum.")
	s.must(s.NextStepDone(s.ctx, tim, parseID(t, s.list("SELECT id FROM visit"))))
	s.clock.move(22 * time.Hour) // 13 March 17:30
	told("the day after, late", "Today: Ann: follow up., Today: Ann: follow up.", "Today: Bea: follow up., Today: Bea: follow up.", "Today: Acme: Bring the drum.")
}

// asError reads a refusal.
func asError(err error, refused **Error) bool { return errors.As(err, refused) }
