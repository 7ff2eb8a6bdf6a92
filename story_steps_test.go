package main

import (
	"testing"

	"callout/internal/sandbox/slack"
)

// taken is a call that Tim has accepted, and its card.
func taken(t *testing.T) (w *world, dora, tim *person, card message) {
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
