package main

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"callout/internal/sandbox/web/webtest"
)

// TestACallInTheBrowser does on the page of the demo, with mouse and keyboard, what the stories do over HTTP: the real
// program is behind it.
func TestACallInTheBrowser(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	w.member("Dora Desk", "dispatcher")
	w.technician("Tim Tech", "+447700900001")
	w.customer("Acme Foods", "+442079460123", "Vela C301")
	b := webtest.Open(t, w.sandbox.URL())
	be := func(name, testID string) {
		b.Click("person-chooser")
		b.Click("person-" + testID)
		b.Until("we are "+name, `document.querySelector("[data-testid=person-chooser]").innerText.includes("`+name+`")`)
	}

	be("Dora Desk", "dora.desk")
	b.Click("channel-calls")
	b.Keys("composer", "/log-call copier jams on tray 2"+kb.Enter)
	b.See("modal")
	b.Keys("input-customer-input", "acm")
	b.UntilText("option", "New customer: acm")
	b.Choose("Acme Foods")
	b.Until("the machine can be chosen", `document.querySelector("[data-testid=modal]").innerText.includes("Machine")`)
	b.Tick("Urgent")
	b.Click("modal-submit")
	b.Gone("modal")
	b.Until("the card says who is asked", `document.querySelector("[data-testid=messages]").innerText.includes("offered to Tim Tech")`)

	be("Tim Tech", "tim.tech")
	b.UntilText("sms-in", "Reply A 1 to accept")
	b.Click("app-callout")
	b.Click("tab-messages")
	b.UntilText("message", "Can you take this call?")
	b.Press("Accept")
	b.UntilText("message", "You accepted call 1.")
	b.Until("the offer says who has it", `document.querySelector("[data-testid=messages]").innerText.includes("Pending · accepted (Tim Tech)")`)
	b.Clean()
}
