package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox/mail"
	"callout/internal/sandbox/slack"
	"callout/internal/sandbox/twilio"
)

// quick leaves a row of a table to the suite of every fault, unless it is one of those that stand for the others.
func quick(t *testing.T, name string, stand ...string) {
	t.Helper()
	if !everyFault && !slices.Contains(stand, name) {
		t.Skip("with -tags fault")
	}
}

func TestFaultSlackInTrouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slack.Fault{
		"429 with Retry-After":  {RetryAfter: time.Second},
		"500":                   {Status: http.StatusInternalServerError},
		"503 and not JSON":      {Status: http.StatusServiceUnavailable, Body: "<html>busy</html>"},
		"internal_error":        {Error: "internal_error"},
		"answer lost":           {Drop: true},
		"cut before it is done": {Drop: true, Status: http.StatusBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quick(t, name, "answer lost")
			w := startWorld(t)
			dora := w.member("Dora Desk", "dispatcher")
			tim := w.technician("Tim Tech", "+447700900001")
			acme := w.customer("Acme Foods", "+442079460123", "")
			fault.Times = 3
			w.sandbox.Slack.Fail("chat.postMessage", fault)
			dora.logged(acme.ID, "paper jam", "urgent")
			card := dora.reads(callsChannel, "Call 1 · paper jam", "offered to Tim Tech")
			tim.readsDM("Can you take this call?")
			dora.readsDM("Tim Tech was asked")
			dora.readsThread(card, "Offered to")
			tim.once(1)
			lines := map[string]int{}
			for _, m := range w.sandbox.Slack.Thread(card.Channel, card.TS) {
				lines[m.Text]++
			}
			for _, m := range w.sandbox.Slack.Messages(dora.dm()) {
				lines[m.Text]++
			}
			for text, n := range lines {
				if n != 1 {
					t.Errorf("%q is there %d times", text, n)
				}
			}
		})
	}
}

func TestFaultSlackLosesTheAnswerToAnEdit(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logged(acme.ID, "paper jam", "urgent")
	offer := tim.readsDM("Can you take this call?")
	w.settled()
	w.sandbox.Slack.Fail("chat.update", slack.Fault{Times: 1, Drop: true})
	w.sandbox.Slack.Fail("chat.update", slack.Fault{Times: 2, Status: http.StatusBadGateway})
	tim.presses(offer, "Accept")
	dora.reads(callsChannel, "accepted (Tim Tech)")
	tim.readsDM("Call 1 is yours.")
	tim.once(1)
}

func TestFaultADeletedCardComesBack(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logged(acme.ID, "paper jam", "urgent")
	tim.readsDM("Can you take this call?")
	w.settled()
	// Both messages that show the call are gone: the card comes back, what one person has read once does not ring again.
	w.sandbox.Slack.Fail("chat.update", slack.Fault{Times: 2, Error: "message_not_found"})
	tim.presses(tim.readsDM("Can you take this call?"), "Accept")
	w.until("the card is there again", func() bool {
		cards := w.cards(1)
		return says(cards[len(cards)-1], []string{"accepted (Tim Tech)"})
	}, func() string { return dump(w.cards(1)) })
	tim.presses(w.cards(1)[len(w.cards(1))-1], "On my way")
	dora.reads(callsChannel, "on the way (Tim Tech)")
	w.settled()
	if n := len(tim.offers(1)); n != 1 {
		t.Errorf("Tim was asked again: %s", dump(tim.offers(1)))
	}
}

func TestFaultTwilioInTrouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]twilio.Fault{
		"429":                   {Status: http.StatusTooManyRequests},
		"500":                   {Status: http.StatusInternalServerError},
		"503 after it was done": {Status: http.StatusServiceUnavailable, After: true},
		"answer lost":           {Drop: true, After: true},
		"cut before it is done": {Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quick(t, name, "503 after it was done")
			w := startWorld(t)
			dora := w.member("Dora Desk", "dispatcher")
			tim := w.technician("Tim Tech", "+447700900001")
			acme := w.customer("Acme Foods", "+442079460123", "")
			w.sandbox.Twilio.Fail(fault)
			dora.logged(acme.ID, "paper jam", "urgent")
			tim.gets("Reply A 1 to accept")
			tim.once(1)
			tim.texts("A 1")
			dora.reads(callsChannel, "accepted (Tim Tech)")
		})
	}
}

func TestFaultMailInTrouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]mail.Fault{
		"451 at DATA":    {Code: 451},
		"421 at MAIL":    {Code: 421, At: mail.AtMail},
		"450 at RCPT":    {Code: 450, At: mail.AtRcpt},
		"connection cut": {Drop: true},
		"answer lost":    {Drop: true, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quick(t, name, "answer lost")
			w := startWorld(t)
			dora := w.member("Dora Desk", "dispatcher")
			tim := w.technician("Tim Tech", "")
			tim.reachable("email", tim.email)
			acme := w.customer("Acme Foods", "+442079460123", "")
			w.sandbox.Mail.Fail(fault)
			dora.logged(acme.ID, "paper jam", "urgent")
			tim.getsMail("Can you take call 1?")
			tim.once(1)
			ids := map[string]bool{}
			for _, m := range w.sandbox.Mail.Messages(tim.email) {
				ids[m.MessageID] = true
			}
			// SMTP cannot be asked whether it has a letter: a second one has the same id, so that mail programs show one.
			if most := map[bool]int{true: 2, false: 1}[fault.After]; len(ids) != 1 || len(w.sandbox.Mail.Messages(tim.email)) > most {
				t.Errorf("%d letters with the ids %v", len(w.sandbox.Mail.Messages(tim.email)), ids)
			}
		})
	}
}

func TestFaultWhoeverCannotBeReached(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trouble func(w *world, tim *person)
		line    []string
		dead    bool
	}{
		"phone off":         {func(w *world, tim *person) { w.behave(tim, twilio.Unreachable) }, []string{"by SMS", "off or out of reach"}, false},
		"number unknown":    {func(w *world, tim *person) { w.behave(tim, twilio.Unknown) }, []string{"by SMS", "unknown"}, true},
		"landline":          {func(w *world, tim *person) { w.behave(tim, twilio.Landline) }, []string{"by SMS", "landline"}, true},
		"taken for spam":    {func(w *world, tim *person) { w.behave(tim, twilio.Filtered) }, []string{"by SMS", "spam"}, false},
		"opted out":         {func(w *world, _ *person) { w.sandbox.Twilio.Fail(twilio.Fault{Status: 400, Code: 21610}) }, []string{"by SMS", "opted out"}, true},
		"not a number":      {func(w *world, _ *person) { w.sandbox.Twilio.Fail(twilio.Fault{Status: 400, Code: 21211}) }, []string{"by SMS", "not a phone number"}, true},
		"mailbox unknown":   {func(w *world, tim *person) { w.sandbox.Mail.Refuse(tim.email) }, []string{"by e-mail", "there is no such mailbox"}, true},
		"mail not accepted": {func(w *world, _ *person) { w.sandbox.Mail.Fail(mail.Fault{Code: 554}) }, []string{"by e-mail", "the mail server refused it"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quick(t, name, "number unknown", "mail not accepted")
			w := startWorld(t)
			dora := w.member("Dora Desk", "dispatcher")
			tim := w.technician("Tim Tech", "+447700900001")
			tim.reachable("email", tim.email)
			acme := w.customer("Acme Foods", "+442079460123", "")
			c.trouble(w, tim)
			dora.logged(acme.ID, "paper jam", "urgent")
			card := dora.reads(callsChannel, "Call 1 · paper jam")
			dora.readsThread(card, append([]string{"Tim Tech", "could not be reached"}, c.line...)...)
			tim.readsDM("Can you take this call?") // the other channels are not held up
			w.settled()
			if n := w.count("SELECT count(*) FROM contact_method WHERE disabled_at IS NOT NULL"); (n == 1) != c.dead {
				t.Errorf("%d addresses are switched off", n)
			}
			if !c.dead {
				return
			}
			tim.asks("/callout me", "(off: ")
			// Whose address stopped working is told on a way that works.
			w.until("Tim is told that an address of his does not work", func() bool {
				for _, m := range w.sandbox.Slack.Messages(tim.dm()) {
					if says(m, []string{"/callout me"}) {
						return true
					}
				}
				return false
			}, func() string { return dump(w.sandbox.Slack.Messages(tim.dm())) })
		})
	}
}

func (w *world) behave(p *person, b twilio.Behaviour) {
	w.Helper()
	if err := w.sandbox.Twilio.Behave(p.phone, b); err != nil {
		w.Fatal(err)
	}
}

func TestFaultTheNextChannelTakesOver(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	sam := w.member("Sam Sales", "sales")
	dora := w.member("Dora Desk", "dispatcher")
	dora.phone = "+447700900009"
	if err := w.sandbox.Twilio.AddPhone(dora.phone, dora.name); err != nil {
		t.Fatal(err)
	}
	dora.reachable("sms", dora.phone)
	tim := w.technician("Tim Tech", "")
	acme := w.customer("Acme Foods", "+442079460123", "")
	sam.logged(acme.ID, "first", "urgent") // so that Tim's direct message is known
	tim.readsDM("Call 1 · first")
	w.settled()
	w.sandbox.Slack.Fail("conversations.open", slack.Fault{Times: 1, Error: "user_not_found"})
	dora.logged(acme.ID, "second", "urgent")
	dora.gets("Call 2", "Acme Foods is logged", "Tim Tech was asked by Slack")
	card := dora.reads(callsChannel, "Call 2 · second")
	dora.readsThread(card, "Dora Desk", "could not be reached by Slack")
	w.settled()
	dora.gets("I can't reach you by Slack any more")
	if all := w.sandbox.Twilio.Messages(dora.phone); len(all) != 2 {
		t.Errorf("Dora got %s", dump(all))
	}
}

func TestFaultTheCardsChannelIsGone(t *testing.T) {
	t.Parallel()
	w := startWorld(t, func(c *Config) { c.CallsChannel = "C0NOWHERE" })
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logged(acme.ID, "paper jam", "urgent")
	offer := tim.readsDM("Can you take this call?") // a lost channel holds nobody up
	tim.gets("A 1")
	tim.presses(offer, "Accept")
	dora.readsDM("Tim Tech took call 1")
	dora.readsDM("I can't post into the calls channel", "invite me there")
	tim.readsDM("Call 1 is yours.")
	if strings.Contains(dump(w.sandbox.Slack.Messages(callsChannel)), "Call 1") {
		t.Error("the card went to another channel")
	}
}
