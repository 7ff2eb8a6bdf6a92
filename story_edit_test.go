package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
)

// TestTwoPeopleEditOneCallInTheirForms is about nothing that was typed being lost.
func TestTwoPeopleEditOneCallInTheirForms(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora, fay := w.member("Dora Desk", "dispatcher"), w.member("Fay Front", "dispatcher")
	dora.logsCall(w.customer("Acme Foods", "+442079460123", "Vela C301"), "no toner", nil)
	card := dora.reads(callsChannel, "Call 1 · no toner")

	dora.presses(card, "Edit")
	doras := dora.form("Edit call")
	fay.presses(card, "Edit")
	fays := fay.form("Edit call")

	fay.accepted(fays, slack.Values{"summary": "no toner at all", "details": "Ask for Ann", "priority": "high"})
	if errs := dora.submits(doras, slack.Values{"summary": "no toner, second floor"}); len(errs) > 0 {
		t.Fatalf("a clash is no error on a field: %v", errs)
	}
	again := dora.form("Edit call")
	for _, words := range []string{"Somebody else changed this", "Yours: no toner, second floor", "Fay Front: no toner at all"} {
		if !strings.Contains(again.AllText(), words) {
			t.Errorf("the form does not say %q:\n%s", words, again.AllText())
		}
	}
	dora.accepted(again, slack.Values{})
	dora.reads(callsChannel, "Call 1 · no toner, second floor", "Ask for Ann", "High")
	dora.readsThread(card, "Dora Desk", "changed the call", "“no toner at all” → “no toner, second floor”")
}
