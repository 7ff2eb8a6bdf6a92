package main

import (
	"bytes"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
)

func TestVisitWithPhoto(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	sam := w.member("Sam Sales", "sales")
	w.customer("Acme Foods", "+442079460123", "Vela C301")
	photo := []byte("\xff\xd8\xff a photo of the copier room")
	uploaded, err := w.sandbox.Slack.UploadFile(sam.user, "room.jpg", photo)
	if err != nil {
		t.Fatal(err)
	}
	before := sam.told()
	sam.types(callsChannel, "/log-visit showed them the new model")
	form := sam.form("Log a visit")
	sam.finds(form, "party", "acme", "Acme Foods")
	sam.accepted(form, slack.Values{"photos": uploaded.ID, "next_step": "Send the brochure", "next_on": "2026-03-12"})
	sam.isTold(before, "Visit 1 · Acme Foods", "showed them the new model", "Send the brochure")
	w.settled()

	// The platform forgets the photo; the visit does not.
	w.sandbox.Slack.DeleteFile(uploaded.ID)
	card := sam.asks("/visits 1", "Visit 1 · Acme Foods", "1 photo", "room.jpg")
	sam.presses(card, "Get photos")
	sam.until("Sam gets the photo", func() bool {
		for _, f := range w.sandbox.Slack.Files() {
			content, _ := w.sandbox.Slack.FileContent(f.ID)
			if f.ID != uploaded.ID && bytes.Equal(content, photo) {
				return true
			}
		}
		return false
	}, func() string { return dump(w.sandbox.Slack.Files()) })

	// A visit that is to come is planned; its day begins with a reminder, as that of the next step does.
	before = sam.told()
	sam.types(callsChannel, "/log-visit")
	form = sam.form("Log a visit")
	sam.finds(form, "party", "Bea Baker", "New lead: Bea Baker")
	sam.accepted(form, slack.Values{"at": "2026-03-12", "at_time": "14:30", "purpose": "follow_up"})
	card = sam.isTold(before, "Visit 2 · Bea Baker", "Planned", "It happened")
	w.clock.move(47 * time.Hour)
	w.ticks()
	sam.readsDM("Your follow-ups for Thursday 12 March", "14:30 · Bea Baker", "Acme Foods", "Send the brochure, today")
	sam.presses(card, "It happened")
	sam.accepted(sam.form("Visit 2"), slack.Values{"outcome": "She wants an offer", "next_step": "Write the offer", "next_on": "2026-03-16"})
	sam.asks("/leads 1", "Bea Baker", "Write the offer", "Mon 16 Mar 2026") // her next action
	sam.asks("/visits purpose:follow-up", "2 · Bea Baker", "She wants an offer")
	sam.asks("/visits customer:acme", "1 · Acme Foods")
	sam.asks("/report visits from:this-month", "I am making the report")
	sam.reads(callsChannel, "Visits", "With an outcome")
}

func TestClosedCallIsAVisit(t *testing.T) {
	t.Parallel()
	w, dora, tim, card := taken(t)
	w.clock.move(time.Hour)
	tim.presses(tim.readsDM("Call 1 is yours."), "On site")
	dora.reads(callsChannel, "on site (Tim Tech)")
	w.clock.move(30 * time.Minute)
	tim.presses(tim.readsDM("Call 1 is yours."), "Close")
	tim.accepted(tim.form("Close call 1"), slack.Values{"resolution": "New drum fitted"})
	dora.reads(callsChannel, "Closed by Tim Tech")
	w.settled()

	customer := dora.asks("/callout customer acme", "Acme Foods", "Vela C301", "*Visit 1* · done", "New drum fitted", "*Call 1* · closed")
	dora.presses(customer, "Log a call")
	form := dora.form("Log a call")
	dora.accepted(form, slack.Values{"summary": "no paper"})
	dora.reads(callsChannel, "Call 2 · no paper")

	// Closed anew without going there again, it is the same visit.
	dora.presses(card, "Reopen")
	dora.accepted(dora.form("Reopen call 1"), slack.Values{"reason": "wrong words"})
	w.settled()
	dora.presses(card, "Close")
	dora.accepted(dora.form("Close call 1"), slack.Values{"resolution": "New drum and fuser fitted"})
	w.settled()
	if n := w.count("SELECT count(*) FROM visit"); n != 1 {
		t.Errorf("there are %d visits", n)
	}
	dora.asks("/visits 1", "Visit 1 · Acme Foods", "New drum and fuser fitted", "Service", "Tim Tech", "call 1")
}
