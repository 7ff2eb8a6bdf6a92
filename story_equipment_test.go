package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
)

// holding opens the form with a title again and again until it holds some words: it was just sent, and answers with more.
func (p *person) holding(title string, words ...string) openForm {
	p.Helper()
	var view openForm
	p.until("the form "+title+" says "+strings.Join(words, " … "), func() bool {
		view = p.form(title)
		return saysAll(view.AllText(), words)
	}, func() string { return view.AllText() })
	return view
}

func TestAMachineIsWrittenDownReadAndPlanned(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	w.customer("Bright Bakery", "+442079460456", "Vela C301")

	// Somebody else's serial number is refused on its field, and nothing typed is lost.
	dora.types(callsChannel, "/equipment add Vela C301")
	dora.finds(dora.form("Add a machine"), "customer", "Acme", "Acme Foods")
	view := dora.form("Add a machine")
	dora.holds(view, "model", "Vela C301")
	dora.fieldError(view, slack.Values{"serial": "s-1", "meter_unit": "pages"}, "serial", "machine 1 of Bright Bakery")
	before := dora.told()
	dora.accepted(view, slack.Values{"serial": "AB-77", "meter_unit": "pages"})
	said := dora.isTold(before, "Machine 2, Vela C301 AB-77, is written down")

	// By its number, by its serial number, in a list.
	dora.asks("/equipment ab-77", "Vela C301 · AB-77", "Acme Foods", "counts pages, not read yet")
	dora.asks(`/equipment customer:bakery`, "Vela C301 · S-1")
	before = dora.told()
	dora.presses(said, "Open")
	card := dora.isTold(before, "Vela C301 · AB-77")

	// A jump asks; what was typed stays.
	before = dora.told()
	dora.presses(card, "Read meter")
	dora.accepted(dora.form("Read meter"), slack.Values{"value": "1,200"})
	dora.isTold(before, "the meter shows 1,200 pages")
	dora.presses(card, "Read meter")
	view = dora.form("Read meter")
	dora.fieldError(view, slack.Values{"value": "1100"}, "value", "1,100 is less than the meter showed before: 1,200 pages")
	if errs := dora.submits(view, slack.Values{"value": "64000", "note": "after the fair"}); len(errs) > 0 {
		t.Fatalf("the jump is refused: %v", errs)
	}
	view = dora.holding("Read meter", "Sure?", "more than ten times")
	dora.holds(view, "note", "after the fair")
	if view.Submit != "Yes, it shows 64,000" {
		t.Errorf("the button says %q", view.Submit)
	}
	dora.accepted(view, nil)
	dora.asks("/equipment 2", "64,000 pages", "1,200 on")

	// A checklist with a bad line is refused by its line.
	dora.types(callsChannel, "/callout templates add Yearly service")
	view = dora.form("Add a template")
	dora.fieldError(view, slack.Values{"steps": "check Filter cleaned\nnumbr Fuser temperature 150..200 °C"}, "steps", "Line 2", "Did you mean “number”?")
	before = dora.told()
	dora.accepted(view, slack.Values{"steps": "check Filter cleaned\nnumber Fuser temperature 150..200 °C\nphoto Type plate ?"})
	dora.isTold(before, "The template Yearly service is ready")

	// A plan shows what it means before it is saved.
	dora.presses(card, "Add plan")
	view = dora.form("Plan maintenance")
	if errs := dora.submits(view, slack.Values{"every": "1", "unit": "month", "first_on": "2026-03-31", "shift": "after", "meter_every": "15000"}); len(errs) > 0 {
		t.Fatalf("the plan is refused: %v", errs)
	}
	view = dora.holding("Plan maintenance", "Tue 31 Mar 2026, Thu 30 Apr 2026, Mon 1 Jun 2026, Tue 30 Jun 2026, Fri 31 Jul 2026", "when the meter shows 75,000 pages")
	before = dora.told()
	dora.accepted(view, nil)
	saved := dora.isTold(before, "The plan Yearly service for Vela C301 AB-77 is saved. It is due next on Tuesday 31 March 2026.")
	before = dora.told()
	dora.presses(saved, "Open")
	dora.isTold(before, "every month or every 15,000 pages", "Best available")
	dora.asks("/equipment 2", "Yearly service", "every month or every 15,000 pages", "due 31 Mar 2026", "planned maintenance: Yearly service")
	_ = acme
}

func TestTwoPeopleEditOneMachine(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora, tim := w.member("Dora Desk", "dispatcher"), w.technician("Tim Tech", "")
	w.customer("Acme Foods", "+442079460123", "Vela C301")
	dora.presses(dora.asks("/equipment 1", "Vela C301"), "Edit")
	tim.presses(tim.asks("/equipment 1", "Vela C301"), "Edit")
	his, hers := tim.form("Edit machine"), dora.form("Edit machine")
	dora.accepted(hers, slack.Values{"notes": "Key at the reception", "contract_until": "2027-01-31"})
	if errs := tim.submits(his, slack.Values{"notes": "Ring twice", "skills": "Copiers"}); len(errs) > 0 {
		t.Fatalf("the clash is no form: %v", errs)
	}
	view := tim.holding("Edit machine", "Somebody else changed this", "Yours: Ring twice", "Dora Desk: Key at the reception")
	tim.holds(view, "contract_until", "2027-01-31") // only she changed it
	tim.holds(view, "skills", "copiers")
	tim.accepted(view, slack.Values{"notes": "Key at the reception, ring twice"})
	dora.asks("/equipment 1", "Key at the reception, ring twice", "until 31 Jan 2027", "copiers")
}
