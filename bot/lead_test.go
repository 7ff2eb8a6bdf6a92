package bot

import (
	"strings"
	"testing"

	"callout/desk"
)

func TestLeadCards(t *testing.T) {
	s := openShop(t)
	sam, tim := s.member("Sam", desk.Sales), s.technician("Tim")
	r := sam.sends(formAddLead, "", Values{
		"name": {"Ann <Archer>"}, "company": {"Archer"}, "phone": {"020 7946 0999"}, "interest": {"two copiers"}, "source": {"Fair"},
		"next_action": {"Ring"}, "next_on": {"2026-03-12"},
	})
	if r.Say == nil {
		t.Fatal(reads(r))
	}
	golden(t, "lead_new", *r.Say)
	s.wants(sam.types("/leads owner:me"), "Leads · owner:me", "1 · Ann <Archer> (Archer)", "Ring, Thu 12 Mar 2026", "[Open]")
	s.wants(sam.presses("lead.stage.contacted", 1), "Contacted")
	s.wants(sam.sends(formLoseLead, "1", Values{"reason": {"Bought elsewhere"}}), "Lost: Bought elsewhere", "[Take up again]", "![Next action]", "![Lost]")
	s.wants(tim.presses("lead.show", 1), "You may not see leads")
	s.wants(tim.presses(formEditLead, 1), "You may not change leads")
	s.wants(tim.sends(formAddLead, "", Values{"name": {"Bea"}}), "Lead 2 is added", "Somebody of sales takes care of it")

	// A customer has the phone: the form asks whether it is them.
	acme := s.customer("Acme Foods")
	three := sam.sends(formAddLead, "c"+formatID(acme.ID), Values{"name": {"Kim"}, "company": {"Acme"}, "phone": {"020 7946 0123"}})
	s.wants(three, "Lead 3 · Kim (Acme)")
	form := sam.presses("lead.won", 3)
	s.wants(form, "FORM lead.win Won lead 3", "There is a customer with the same phone")
	s.wants(sam.sends(formWinLead, "3", Values{"join": {formatID(acme.ID)}}), "Won", "Customer: Acme Foods", "![Won]")
	s.wants(sam.types("/callout customer acme"), "Acme Foods", "Contacts", "Kim", "[Log a call]", "[Request quote]", "[Log visit]")
	s.wants(sam.presses("customer.call", acme.ID), "FORM call.log", "contact_"+formatID(acme.ID))
	s.wants(sam.types("/callout customer nobody at all"), "No customer matches “nobody at all”")
}

func TestLeadInMessage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]string{
		"New enquiry\nName: Ann Archer\nCompany: Archer & Sons\nE-mail: ann@archer.example\nPhone: +44 20 7946 0999": {
			"name": "Ann Archer", "company": "Archer & Sons", "email": "ann@archer.example", "phone": "+44 20 7946 0999",
		},
		"please ring bob@example.com about the copier": {"name": "", "email": "bob@example.com", "phone": ""},
		"2 copiers at 10:30, room 12345678":            {"name": "", "phone": "", "email": ""},
	} {
		values := leadIn(text)
		for field, v := range want {
			if values.Get(field) != v {
				t.Errorf("%q: %s is %q, want %q", text, field, values.Get(field), v)
			}
		}
	}
}

func TestVisitCards(t *testing.T) {
	s := openShop(t)
	sam := s.member("Sam", desk.Sales)
	acme := s.customer("Acme Foods")
	s.wants(sam.presses(formLogVisit, "c"+formatID(acme.ID)), "FORM visit.log Log a visit")
	r := sam.sends(formLogVisit, "", Values{
		"party": {"c" + formatID(acme.ID)}, "purpose": {"follow_up"}, "at": {"2026-03-12"}, "at_time": {"14:30"}, "next_step": {"Offer"},
	})
	if r.Say == nil {
		t.Fatal(reads(r))
	}
	golden(t, "visit_planned", *r.Say)
	s.wants(sam.presses(formEditVisit, 1), "FORM visit.edit", "at Day 2026-03-12", "at_time Time 14:30")
	s.wants(sam.presses("visit.cancel", 1), "Cancelled", "![It happened]", "![Edit]")
	s.wants(sam.types("/visits"), "There are no visits yet")
	s.wants(sam.sends(formLogVisit, "", Values{"purpose": {"sales"}}), "ERROR party Choose a customer or lead")
}

// TestLongestCustomerCard stays within what one message may hold.
func TestLongestCustomerCard(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", desk.Dispatcher)
	c := s.customer(strings.Repeat("Ä", 200))
	s.exec("UPDATE customer SET notes = repeat('n', 3000), email = repeat('e', 200) || '@x.example' WHERE id = $1", c.ID)
	s.exec("INSERT INTO contact (customer_id, name, role, phone, created_at) SELECT $1, repeat('k', 200), repeat('r', 100), '+442079460123', now() FROM generate_series(1, 60)", c.ID)
	s.exec("INSERT INTO equipment (customer_id, model, serial, created_at) SELECT $1, repeat('m', 100), i || repeat('s', 50), now() FROM generate_series(1, 60) AS i", c.ID)
	s.exec("INSERT INTO site (customer_id, name, address, created_at) SELECT $1, repeat('s', 100), repeat('a', 300), now() FROM generate_series(1, 20)", c.ID)
	for range 40 {
		dora.logs(c, strings.Repeat("x", 200))
	}
	for _, r := range []Reply{dora.presses("customer.show", c.ID), dora.presses("customer.history", c.ID)} {
		const blocks, characters = 50, 10000 // of one message
		if text := shown(*r.Say); len(r.Say.Parts) > blocks || len([]rune(text)) > characters {
			t.Errorf("%d parts, %d characters", len(r.Say.Parts), len([]rune(text)))
		}
	}
}
