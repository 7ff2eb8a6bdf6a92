package main

import (
	"testing"
	"time"

	"callout/internal/sandbox/slack"
)

// TestWhatSomebodyDidTheyTakeBack is an accept by text that was meant for another call, and a call closed too soon.
func TestWhatSomebodyDidTheyTakeBack(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	dora.logsCall(w.customer("Acme Foods", "+442079460123", ""), "no toner", nil)
	tim.gets("Reply A 1 to accept")
	tim.texts("a1")
	tim.gets("Call 1 is yours: Acme Foods")
	dora.readsDM("Tim Tech took call 1")
	card := dora.reads(callsChannel, "Call 1 · no toner")
	tim.texts("u")
	tim.gets("Undone: you accepted call 1. It is offered to you: A 1 or D 1.")
	dora.readsDM("Correction: Tim Tech took back that they accepted call 1. It is offered to Tim Tech.")
	dora.readsThread(card, "Tim Tech", "undid by SMS: accepted.")
	tim.texts("U")
	tim.gets("You changed nothing in the last ten minutes")

	tim.texts("A 1")
	dora.reads(callsChannel, "Call 1 · no toner", "Tim Tech")
	dora.presses(card, "Close")
	before := dora.told()
	dora.accepted(dora.form("Close call 1"), slack.Values{"resolution": "Wrong call"})
	said := dora.isTold(before, "Call 1 is closed", "Undo")
	tim.readsDM("This call is closed.")
	dora.presses(said, "Undo")
	dora.isTold(before, "Undone: you closed call 1. It is with Tim Tech.")
	tim.readsDM("Correction: Dora Desk took back that they closed call 1. It is yours.")
	dora.readsThread(card, "Dora Desk", "undid: closed.")
	tim.texts("W 1")
	dora.reads(callsChannel, "on the way (Tim Tech)")
	w.clock.move(11 * time.Minute)
	tim.texts("undo 1")
	tim.gets("You set out for call 1 at", "11 minutes ago")
	w.settled()
}
