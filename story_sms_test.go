package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
)

// TestACallByTextOnly is the day of a technician who has nothing but a phone with them.
func TestACallByTextOnly(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	tim.texts("?")
	tim.gets("You have no call")
	dora.logsCall(acme, "no toner", nil)
	tim.gets("Reply A 1 to accept")
	card := dora.reads(callsChannel, "Call 1 · no toner")

	tim.texts("“a1”") // as a phone quotes it
	tim.gets("Call 1 is yours: Acme Foods.")
	tim.texts("W 1")
	dora.reads(callsChannel, "on the way (Tim Tech)")
	tim.texts("s")
	dora.reads(callsChannel, "on site (Tim Tech)")
	tim.texts("N 1 lift is broken, take the stairs")
	dora.readsThread(card, "Tim Tech", "lift is broken, take the stairs")
	tim.texts("?")
	tim.gets("1", "Acme Foods", "no toner")
	tim.texts("F")
	tim.gets("Say in a few words what was done")
	tim.texts("F 1 New toner, test page fine")
	dora.reads(callsChannel, "Closed by Tim Tech", "New toner, test page fine")
	dora.readsThread(card, "closed the call by SMS: New toner, test page fine")
	dora.readsDM("Call 1", "is closed", "New toner, test page fine")
	tim.readsDM("This call is closed.")

	tim.texts("thank you all!")
	tim.gets("I understand")
	w.settled()
	for _, m := range w.sandbox.Twilio.Messages(tim.phone) {
		if m.Segments > 3 || strings.Contains(m.Body, "`") {
			t.Errorf("a text of %d parts, or with marks of a chat: %s", m.Segments, m.Body)
		}
	}
}

func TestTwoOffersAndAnAnswerWithoutNumber(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "first", nil)
	dora.logsCall(acme, "second", nil)
	tim.gets("Reply A 1 ")
	tim.gets("Reply A 2 ")
	tim.texts("A")
	tim.gets("2 calls are waiting for your answer. Say which")
	tim.texts("D 2, no van today")
	tim.gets("You declined call 2")
	tim.texts("ok")
	tim.texts("A")
	tim.gets("Call 1 is yours")
	w.settled()
	if n := w.count("SELECT count(*) FROM call WHERE technician_id IS NOT NULL"); n != 1 {
		t.Errorf("Tim has %d calls", n)
	}
}

// TestWhatPeopleTypeIsOnlyText is about names and problems that look like something else.
func TestWhatPeopleTypeIsOnlyText(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	tim.reachable("email", tim.email)
	name := `<!channel> & *Söhne* "Ünlü" محمد 🖨️ <b>x</b>`
	customer := w.customer(name, "+442079460123", "")
	dora.logged(customer.ID, "<@U0TIMTECH> _look_ at <https://evil.example|this> ```code```", "urgent")
	dora.readsThread(dora.reads(callsChannel, "Call 1 · "), "logged the call")
	tim.readsDM("Can you take this call?")
	tim.gets("A 1 to accept")
	letter := tim.getsMail("Can you take call 1?")
	if strings.Contains(letter.HTML, "<b>x</b>") || strings.Contains(letter.Subject, "\n") {
		t.Errorf("a name is markup in a letter:\n%s", letter.HTML)
	}
	dora.asks(`/calls customer:sohne`, "1 · ")
	w.settled()
	all := append(w.sandbox.Slack.Messages(callsChannel), w.sandbox.Slack.Ephemerals(dora.user, callsChannel)...)
	for _, m := range append(all, w.sandbox.Slack.Messages(tim.dm())...) {
		if raw := m.Text + string(m.Blocks); strings.Contains(raw, "<!channel>") || strings.Contains(raw, "<@U0TIMTECH>") || strings.Contains(raw, "<https://evil") ||
			strings.Contains(string(m.Blocks), `\u003c!channel\u003e`) {
			t.Errorf("what somebody typed is markup: %s", raw)
		}
	}
}

func TestLongWordsFitEverywhere(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	long := strings.Repeat("Donaudampfschiff ", 11) + "Gesellschaft" // 199 characters
	dora.types(callsChannel, "/log-call "+strings.Repeat("ä", 200))
	dora.finds(dora.form("Log a call"), "customer", long[:40], "New customer: "+long[:40])
	var view openForm
	w.until("the form asks for the new customer", func() bool {
		view = dora.form("Log a call")
		_, ok := view.Block("Address")
		return ok
	}, func() string { return view.AllText() })
	dora.accepted(view, slack.Values{"customer_name": long, "customer_site": strings.Repeat("Straße ", 40), "details": strings.Repeat("&", 3000), "priority": "urgent"})
	card := dora.reads(callsChannel, "Call 1 · ä", "Gesellschaft")
	tim.readsDM("Can you take this call?")
	text := tim.gets("A 1 to accept")
	if text.Segments > 2 {
		t.Errorf("the offer takes %d texts: %s", text.Segments, text.Body)
	}
	dora.readsThread(card, "Offered to")

	dora.types(callsChannel, "/log-call again")
	el := slack.Element{BlockID: "customer", ActionID: "customer"}
	options, err := w.sandbox.Slack.Suggest(w.ctx, dora.user, dora.form("Log a call").ID, el, strings.Repeat("Donaudampfschiff ", 9))
	if err != nil || len(options) != 2 {
		t.Errorf("a long name is found as %v: %v", labels(options), err)
	}
	tim.presses(card, "History")
	w.settled()
}
