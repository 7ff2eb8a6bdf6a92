package main

import (
	"strings"
	"testing"
	"time"

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

func TestLeadFromMessageToCustomer(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	sam, nora := w.member("Sam Sales", "sales"), w.member("Nora North", "sales")
	nora.lives("America/New_York") // 05:30 there when the story begins
	sam.addsLead("Jo Jones", slack.Values{"phone": "020 7946 0999", "company": "Jones Ltd"})

	// A message becomes a lead; what it plainly says is in the form already.
	sam.types(callsChannel, "Name: Ann Archer\nCompany: Archer & Sons\nwants two copiers, +44 20 7946 0999, ann@archer.example")
	said := sam.reads(callsChannel, "wants two copiers")
	if err := w.sandbox.Slack.MessageShortcut(w.ctx, sam.user, said.Ref(), "add_lead_from_message"); err != nil {
		t.Fatal(err)
	}
	form := sam.form("Add a lead")
	for field, want := range map[string]string{"name": "Ann Archer", "email": "ann@archer.example", "phone": "+44 20 7946 0999"} {
		sam.holds(form, field, want)
	}
	sam.finds(form, "owner", "nor", "Nora North")
	sam.fieldError(form, slack.Values{"next_on": "2026-03-09", "email": "ann@"}, "next_on", "is over already")

	// Somebody has that phone: the form says who, and keeps everything.
	sam.submits(form, slack.Values{"email": "ann@archer.example", "next_action": "Ring about the offer", "next_on": "2026-03-11", "source": "Fair"})
	again := sam.form("Add a lead")
	if !saysAll(again.AllText(), []string{"Perhaps they are here already", "Jo Jones (Jones Ltd)", "new, kept by Sam Sales"}) || again.Submit != "Add anyway" {
		t.Fatalf("the form does not show the duplicate: %s", again.AllText())
	}
	sam.holds(again, "next_action", "Ring about the offer")
	before := sam.told()
	sam.accepted(again, nil)
	sam.isTold(before, "Lead 2 · Ann Archer", "Nora North", "Fair", "+44 20 7946 0999")
	nora.readsDM("Sam Sales added a lead for you: Ann Archer (Archer")

	// The follow-up comes in the morning where Nora lives, once.
	due := func() int {
		n := 0
		for _, m := range w.sandbox.Slack.Messages(nora.dm()) {
			if strings.Contains(m.AllText(), "Your follow-ups for") {
				n++
			}
		}
		return n
	}
	w.clock.move(23 * time.Hour) // 04:30 there
	w.ticks()
	if due() != 0 {
		t.Fatal("Nora was told in the night")
	}
	w.clock.move(4 * time.Hour)
	w.ticks()
	morning := nora.readsDM("Your follow-ups for Wednesday 11 March", "Ann Archer", "Ring about the offer, today")
	w.clock.move(time.Hour)
	w.ticks()
	if due() != 1 {
		t.Fatalf("Nora was told %d times", due())
	}
	nora.opensHome("To follow up today", "Ann Archer")

	// She opens it and wins it: a customer with a contact, and nothing typed twice.
	nora.presses(morning, "Open")
	card := nora.reads(nora.dm(), "Lead 2 · Ann Archer", "Qualified")
	nora.presses(card, "Won")
	nora.reads(nora.dm(), "Lead 2 · Ann Archer", "🏆 Won", "*Customer*")
	before = sam.told()
	sam.types(callsChannel, "/callout customer archer")
	sam.isTold(before, "Archer &amp; Sons", "+44 20 7946 0999", "Contacts", "Ann Archer", "ann@archer.example")
	sam.asks("/leads stage:won", "2 · Ann Archer")
	sam.asks("/leads due:overdue", "Nothing matches")

	// A technician may add leads, and see none.
	tim := w.technician("Tim Tech", "")
	tim.asks("/leads", "You may not see leads", "sales")
	tim.asks("/report leads", "You may not see leads")
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
