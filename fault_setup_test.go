package main

import (
	"net/http"
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
	"callout/internal/sandbox/twilio"
)

// TestFaultOurOwnSettingsAreRefused is about who can mend it being told, once, and the call reaching its technician all the same.
func TestFaultOurOwnSettingsAreRefused(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	w.sandbox.Twilio.Fail(twilio.Fault{Status: http.StatusUnauthorized, Code: 20003})
	w.sandbox.Twilio.Fail(twilio.Fault{Status: http.StatusUnauthorized, Code: 20003})
	ada.logged(acme.ID, "paper jam", "urgent")
	ada.logged(acme.ID, "no toner", "urgent")
	tim.presses(tim.readsDM("Can you take this call?", "paper jam"), "Accept")
	ada.reads(callsChannel, "Call 1", "accepted (Tim Tech)")
	ada.readsDM("I can't send anything by SMS", "TWILIO_AUTH_TOKEN", "callout doctor")
	w.settled()
	if n := told(w.sandbox.Slack.Messages(ada.dm()), "I can't send anything"); n != 1 {
		t.Errorf("Ada was told %d times: %s", n, dump(w.sandbox.Slack.Messages(ada.dm())))
	}
}

func told(messages []slack.Message, words string) int {
	n := 0
	for _, m := range messages {
		if strings.Contains(m.AllText(), words) {
			n++
		}
	}
	return n
}
