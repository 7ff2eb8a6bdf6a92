package main

import (
	"fmt"
	"testing"

	"callout/internal/sandbox/slack"
	"callout/store"
)

// contact adds somebody at a customer's with a phone, who agreed to be kept informed by SMS.
func (w *world) contact(c store.Customer, name, phone string) (*person, store.Contact) {
	w.Helper()
	now := w.clock.Now()
	row, err := w.app.store.InsertContact(w.ctx, store.InsertContactParams{CustomerID: c.ID, Name: name, Phone: phone, CreatedAt: now})
	if err != nil {
		w.Fatal(err)
	}
	if _, err := w.app.store.PutConsent(w.ctx, store.PutConsentParams{ContactID: row.ID, Channel: "sms", Address: phone, GivenAt: now}); err != nil {
		w.Fatal(err)
	}
	if err := w.sandbox.Twilio.AddPhone(phone, name); err != nil {
		w.Fatal(err)
	}
	return &person{world: w, name: name, phone: phone}, row
}

// TestACustomerIsKeptInformed is a call as the customer sees it, on their phone.
func TestACustomerIsKeptInformed(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora, tim := w.member("Dora Desk", "dispatcher"), w.technician("Tim Tech", "")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	jane, contact := w.contact(acme, "Jane Roe", "+442079460199")
	dora.types(callsChannel, "/log-call they owe us money, no toner")
	dora.finds(dora.form("Log a call"), "customer", "Acm", "Acme Foods")
	dora.sees(dora.form("Log a call"), "Keep the contact informed by")
	dora.submits(dora.form("Log a call"), slack.Values{"priority": "urgent", fmt.Sprintf("contact_%d", acme.ID): id(contact.ID)})
	jane.gets("Test company: we have your call 1. A technician will be in touch. Reply STOP to end these texts.")
	card := dora.reads(callsChannel, "Call 1 · they owe us")
	dora.readsThread(card, "Jane Roe is told by SMS that we have the call.")

	tim.presses(tim.readsDM("Call 1"), "Accept")
	dora.reads(callsChannel, "accepted (Tim Tech)")
	tim.presses(card, "On my way")
	tim.presses(tim.reads(callsChannel, "When will you be there?"), "30 min")
	jane.gets("Test company: Tim is on the way to you for call 1, there about 10:00.")

	jane.texts("the back door is open")
	dora.readsThread(card, "Customer Jane Roe by SMS: the back door is open")
	tim.readsDM("Jane Roe texted about call 1", "the back door is open")

	dora.presses(card, "Write to customer")
	dora.submits(dora.form("Write to customer"), slack.Values{"text": "Tim needs the serial number"})
	preview := dora.form("Write to customer")
	dora.sees(preview, "This is what Jane Roe gets, as 1 text message", "Hello Jane Roe,\nTim needs the serial number\nDora Desk, Test company (call 1).")
	dora.submits(preview, slack.Values{"text": "Tim needs the serial number"})
	jane.gets("Hello Jane Roe,\nTim needs the serial number")
	dora.readsThread(card, "Dora Desk wrote to Jane Roe by SMS: Tim needs the serial number")

	w.settled()
	before := len(w.sandbox.Twilio.Messages(jane.phone))
	jane.texts("STOP")
	tim.presses(card, "Close")
	tim.submits(tim.form("Close call 1"), slack.Values{"resolution": "New toner"})
	dora.reads(callsChannel, "Closed by Tim Tech")
	w.settled()
	for _, m := range w.sandbox.Twilio.Messages(jane.phone)[before:] {
		if m.Direction != "inbound" && saysAll(m.Body, []string{"call 1"}) {
			t.Errorf("a text after STOP: %s", m.Body)
		}
	}
}

// sees waits until the person's open form says all the words.
func (p *person) sees(view openForm, words ...string) {
	p.Helper()
	p.until(p.name+" sees in the form "+view.Title, func() bool {
		views := p.sandbox.Slack.Views(p.user)
		return len(views) > 0 && saysAll(views[len(views)-1].AllText(), words)
	}, func() string { return dump(p.sandbox.Slack.Views(p.user)) })
}
