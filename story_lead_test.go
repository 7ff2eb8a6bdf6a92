package main

import (
	"testing"

	"callout/internal/sandbox/slack"
)

// lives moves a member to a time zone.
func (p *person) lives(zone string) {
	p.Helper()
	if _, err := p.app.store.Pool.Exec(p.ctx, "UPDATE member SET timezone = $1 WHERE id = $2", zone, p.member.ID); err != nil {
		p.Fatal(err)
	}
}

// ticks lets the program do what is due.
func (w *world) ticks() {
	w.Helper()
	if err := w.app.desk.Tick(w.ctx); err != nil {
		w.Fatal(err)
	}
	w.settled()
}

// addsLead adds a lead with the form, and returns its card.
func (p *person) addsLead(name string, more slack.Values) message {
	p.Helper()
	before := p.told()
	p.types(callsChannel, "/add-lead")
	values := slack.Values{"name": name}
	for k, v := range more {
		values[k] = v
	}
	p.accepted(p.form("Add a lead"), values)
	return p.isTold(before, "Lead ", name)
}

func TestTwoPeopleEditOneLead(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	sam, nora := w.member("Sam Sales", "sales"), w.member("Nora North", "sales")
	card := sam.addsLead("Ann Archer", slack.Values{"company": "Archer", "interest": "two copiers"})

	// Both have the form open; each changes something else: both stay.
	sam.presses(card, "Edit")
	mine := sam.form("Edit lead")
	theirs := nora.asks("/leads 1", "Lead 1 · Ann Archer")
	nora.presses(theirs, "Edit")
	nora.accepted(nora.form("Edit lead"), slack.Values{"source": "Fair", "interest": "three copiers"})
	before := sam.told()
	sam.accepted(mine, slack.Values{"company": "Archer & Sons"})
	sam.isTold(before, "Lead 1 · Ann Archer (Archer & Sons)", "Fair", "three copiers")

	// Both change the same: the second sees both, and nothing typed is lost.
	sam.presses(sam.asks("/leads 1", "Lead 1"), "Edit")
	mine = sam.form("Edit lead")
	nora.presses(nora.asks("/leads 1", "Lead 1"), "Edit")
	nora.accepted(nora.form("Edit lead"), slack.Values{"interest": "four copiers"})
	if errs := sam.submits(mine, slack.Values{"interest": "five copiers", "phone": "020 7946 0111"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	clash := sam.form("Edit lead")
	if !saysAll(clash.AllText(), []string{"Somebody else changed this", "Yours: five copiers", "Nora North: four copiers"}) {
		t.Fatalf("the form does not show both: %s", clash.AllText())
	}
	sam.holds(clash, "interest", "five copiers")
	before = sam.told()
	sam.accepted(clash, nil)
	card = sam.isTold(before, "five copiers", "+44 20 7946 0111")
	sam.presses(card, "History")
	sam.isTold(before, "History of lead 1", "*Nora North* changed it", "interest “four copiers” → “five copiers”")

	// Lost asks why; the owner hears of what others do.
	nora.presses(nora.asks("/leads 1", "Lead 1"), "Lost")
	nora.accepted(nora.form("Lost lead 1"), slack.Values{"reason": "Bought elsewhere"})
	sam.readsDM("Nora North moved your lead Ann Archer (Archer &amp; Sons) from new to lost. Bought elsewhere")
}
