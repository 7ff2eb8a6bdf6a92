package main

import (
	"testing"

	"callout/internal/sandbox/slack"
)

func TestACallFromSlashCommandToClosed(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")

	dora.logsCall(acme, "copier jams on tray 2", slack.Values{"details": "since Monday", "priority": "urgent"})

	card := dora.reads(callsChannel, "Call 1 · copier jams on tray 2", "Acme Foods", "Urgent")
	dora.readsThread(card, "Dora Desk", "logged the call")
	dora.readsThread(card, "Offered to", "Tim Tech")
	dora.readsDM("Tim Tech was asked by Slack and SMS")
	offer := tim.readsDM("Can you take this call?", "Acme Foods", "copier jams on tray 2")
	tim.gets("Call 1", "Acme Foods", "A 1")

	tim.presses(offer, "Accept")
	dora.readsDM("Tim Tech took call 1")
	dora.reads(callsChannel, "Pending · accepted (Tim Tech)")
	offer = tim.readsDM("is yours")

	tim.presses(offer, "On my way")
	dora.reads(callsChannel, "on the way (Tim Tech)")
	tim.presses(tim.readsDM("on the way"), "On site")
	dora.reads(callsChannel, "on site (Tim Tech)")

	tim.presses(tim.readsDM("on site"), "Close")
	if errs := tim.submits(tim.form("Close call 1"), slack.Values{"resolution": "Cleaned the rollers"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	dora.reads(callsChannel, "Closed by Tim Tech", "Cleaned the rollers")
	dora.readsDM("Call 1", "is closed", "Cleaned the rollers")
	dora.readsThread(card, "closed the call: Cleaned the rollers")
}

func TestAcceptBySMS(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	dora.logsCall(acme, "no toner", nil)
	tim.gets("A 1")
	tim.texts("a1")
	tim.gets("Call 1 is yours")
	dora.reads(callsChannel, "accepted (Tim Tech)")
	tim.readsDM("is yours")
}
