package main

import (
	"testing"

	"callout/internal/sandbox/slack"
)

// TestSocketMode is a company whose server no platform can reach.
func TestSocketMode(t *testing.T) {
	t.Parallel()
	w := startWorld(t, func(c *Config) {
		c.SlackAppToken, c.SlackSigningSecret, c.PublicURL = "xapp-sandbox", "", ""
		c.TwilioAccountSID, c.TwilioAuthToken, c.TwilioFrom = "", "", ""
	})
	w.sandbox.Slack.SetEventsURL("")
	w.until("the program is connected", w.sandbox.Slack.Connected, func() string { return "no socket" })
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	dora.asks("/calls", "There are no calls yet")
	dora.types(callsChannel, "/log-call paper jam")
	dora.finds(dora.form("Log a call"), "customer", "Bright Bakery", "New customer: Bright Bakery")
	var view openForm
	w.until("the form asks for the new customer", func() bool {
		view = dora.form("Log a call")
		_, ok := view.Block("Phone")
		return ok
	}, func() string { return view.AllText() })
	dora.fieldError(view, slack.Values{"customer_phone": "12"}, "customer_phone", "phone")
	dora.accepted(view, slack.Values{"customer_phone": "+44 20 7946 0777"})
	tim.presses(tim.readsDM("Can you take this call?"), "Accept")
	dora.reads(callsChannel, "Call 1 · paper jam", "accepted (Tim Tech)")

	// Slack closes connections now and then; work goes on over the next one.
	w.sandbox.Slack.Disconnect()
	w.until("a command passes over the next connection", func() bool {
		_, err := w.sandbox.Slack.Type(w.ctx, dora.user, callsChannel, "/duty who")
		return err == nil
	}, func() string { return "no socket" })
	dora.logsCall(acme, "no toner", nil)
	dora.reads(callsChannel, "Call 2 · no toner")
	tim.opensHome("Waiting for your answer", "no toner")
	tim.once(2)
	if n := w.scrape()[`callout_acknowledge_seconds_count{code="200",platform="slack"}`]; n < 5 {
		t.Errorf("%v answers over the socket are counted", n)
	}
}
