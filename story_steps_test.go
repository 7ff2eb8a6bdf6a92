package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
)

// taken is a call that Tim has accepted, and its card.
func taken(t *testing.T) (w *world, dora, tim *person, card slack.Message) {
	t.Helper()
	w = startWorld(t)
	dora = w.member("Dora Desk", "dispatcher")
	tim = w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	dora.logsCall(acme, "no toner", nil)
	tim.presses(tim.readsDM("Can you take this call?"), "Accept")
	card = dora.reads(callsChannel, "Call 1 · no toner", "accepted (Tim Tech)")
	tim.readsDM("Call 1 is yours.")
	return w, dora, tim, card
}

func TestHandBack(t *testing.T) {
	t.Parallel()
	w, dora, tim, card := taken(t)
	una := w.technician("Una Uptime", "")
	tim.presses(tim.readsDM("Call 1 is yours."), "Hand back")
	una.readsDM("Can you take this call?", "no toner")
	dora.reads(callsChannel, "offered to Una Uptime")
	dora.readsThread(card, "Tim Tech", "handed the call back")
	w.settled()
	if offers := tim.offers(1); len(offers) != 1 || !says(offers[0], []string{"You declined this call."}) {
		t.Errorf("Tim's message does not say that he gave the call back: %s", dump(offers))
	}
	una.presses(una.readsDM("Can you take this call?"), "Accept")
	dora.reads(callsChannel, "accepted (Una Uptime)")
}

func TestOfferToSomebodyElse(t *testing.T) {
	t.Parallel()
	w, dora, tim, card := taken(t)
	una := w.technician("Una Uptime", "+447700900002")
	before := tim.told()
	tim.presses(card, "Offer to…")
	tim.isTold(before, "You may not direct calls", "admin or dispatcher")
	before = tim.told()
	dora.presses(card, "Offer to…")
	dora.finds(dora.form("Offer call 1"), "technician", "Una", "Una Uptime")
	dora.accepted(dora.form("Offer call 1"), nil)
	una.readsDM("Can you take this call?")
	una.gets("A 1")
	dora.reads(callsChannel, "offered to Una Uptime")
	dora.readsThread(card, "Dora Desk", "took the call back")
	tim.readsDM("Call 1 for Acme Foods is not yours any more")
	w.settled()
	if n := tim.told(); n != before {
		t.Errorf("Tim was told more than in his form: %s", dump(w.sandbox.Slack.Ephemerals(tim.user, callsChannel)))
	}
}

func TestNotesAndHistory(t *testing.T) {
	t.Parallel()
	w, dora, tim, card := taken(t)
	dora.presses(card, "Add note")
	view := dora.form("Note on call 1")
	dora.fieldError(view, slack.Values{"note": "   "}, "note")
	dora.accepted(view, slack.Values{"note": "Door code is *1234*, <!channel> & more"})
	dora.readsThread(card, "Dora Desk", "Door code is")
	for _, m := range w.sandbox.Slack.Thread(card.Channel, card.TS) {
		if strings.Contains(m.Text+string(m.Blocks), "<!channel>") {
			t.Errorf("a note rings everybody: %s", dump(m))
		}
	}

	before := dora.told()
	dora.presses(card, "History")
	history := dora.isTold(before, "History of call 1", "logged the call", "Offered to", "accepted", "Door code is",
		"Why Tim Tech was asked", "Tim Tech", "load 25")
	text := history.AllText()
	if strings.Index(text, "logged the call") > strings.Index(text, "accepted") {
		t.Errorf("the history is not in order:\n%s", text)
	}
	_ = tim
}

func TestReopen(t *testing.T) {
	t.Parallel()
	w, dora, tim, card := taken(t)
	tim.presses(card, "Close")
	view := tim.form("Close call 1")
	tim.fieldError(view, slack.Values{"resolution": " "}, "resolution")
	tim.accepted(view, slack.Values{"resolution": "New toner"})
	dora.readsDM("Call 1", "is closed", "New toner")
	dora.reads(callsChannel, "Closed by Tim Tech", "New toner")

	before := tim.told()
	tim.texts("A 1")
	tim.gets("Call 1 is closed already. Reopen it first")
	dora.presses(card, "Reopen")
	dora.accepted(dora.form("Reopen call 1"), slack.Values{"reason": "Leaks"})
	dora.reads(callsChannel, "Pending · accepted (Tim Tech)")
	dora.readsThread(card, "Dora Desk", "reopened the call: Leaks")
	tim.readsDM("Call 1 for Acme Foods is open again, and it is yours: Leaks")
	dora.readsThread(card, "closed the call: New toner") // the history stays
	tim.presses(card, "On site")
	dora.reads(callsChannel, "on site (Tim Tech)")
	w.settled()
	if n := tim.told(); n < before {
		t.Errorf("what Tim was told is gone")
	}
}

func TestOnlyWhoHasTheCallActsOnIt(t *testing.T) {
	t.Parallel()
	w, dora, tim, card := taken(t)
	una := w.technician("Una Uptime", "")
	before := una.told()
	una.presses(card, "On my way")
	una.isTold(before, "Call 1 is with Tim Tech already.")
	before = una.told()
	una.presses(card, "Close")
	view := una.form("Close call 1")
	una.fieldError(view, slack.Values{"resolution": "not mine"}, "resolution", "Call 1 is with Tim Tech already.")
	// A dispatcher directs every call.
	dora.presses(card, "On my way")
	dora.reads(callsChannel, "on the way (Tim Tech)")
	dora.presses(card, "Close")
	dora.accepted(dora.form("Close call 1"), slack.Values{"resolution": "solved on the phone"})
	dora.reads(callsChannel, "Closed by Tim Tech", "solved on the phone")
	tim.readsDM("This call is closed.")
	w.settled()
	if n := una.told(); n != before {
		t.Errorf("Una was told %s", dump(w.sandbox.Slack.Ephemerals(una.user, callsChannel)))
	}
}
