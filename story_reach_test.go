package main

import (
	"strings"
	"sync"
	"testing"

	"callout/internal/sandbox/slack"
)

func TestTheTechnicianIsAskedOnEveryChannel(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	tim.reachable("email", tim.email)
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	dora.logsCall(acme, "copier jams", slack.Values{"priority": "urgent", "details": "ask for Jo"})

	dora.readsDM("Tim Tech was asked by Slack, SMS and e-mail")
	tim.readsDM("Can you take this call?", "Urgent", "Acme Foods", "copier jams", "ask for Jo", "+44 20 7946 0123")
	text := tim.gets("Call 1 URGENT Acme Foods: copier jams", "+44 20 7946 0123", "Reply A 1 to accept, D 1 + reason to decline.")
	if text.Encoding != "GSM-7" || text.Segments != 1 {
		t.Errorf("the text takes %d parts in %s: %s", text.Segments, text.Encoding, text.Body)
	}
	letter := tim.getsMail("Urgent call 1: copier jams – Acme Foods", "Hello Tim Tech", "Can you take call 1?", "Details: ask for Jo", "A 1 to accept")
	if letter.From == "" || !strings.Contains(letter.HTML, "Accept by text") || letter.Header["Auto-Submitted"][0] != "auto-generated" {
		t.Errorf("the letter is from %q, headers %v:\n%s", letter.From, letter.Header, letter.HTML)
	}
}

func TestWhoLoggedTheCallAndDispatchesIsToldOnce(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "screen is black", nil)
	dora.readsDM("Nobody could be asked")
	w.settled()
	if all := w.sandbox.Slack.Messages(dora.dm()); len(all) != 1 {
		t.Errorf("Dora is told %d times: %s", len(all), dump(all))
	}
}

func TestTwoTakeItAtOnce(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	una := w.technician("Una Uptime", "")
	tim.onDuty(false)
	una.onDuty(false)
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "screen is black", nil)
	card := dora.reads(callsChannel, "nobody has it yet")

	var both sync.WaitGroup
	for _, p := range []*person{tim, una} {
		both.Go(func() { p.presses(card, "Take it") })
	}
	both.Wait()
	w.settled()
	won, lost := tim, una
	if n := w.count("SELECT technician_id FROM call"); int64(n) == una.member.ID {
		won, lost = una, tim
	}
	lost.isTold(0, "Call 1 is with "+won.name+" already.")
	dora.reads(callsChannel, "Pending · accepted ("+won.name+")")
	if n := w.count("SELECT count(*) FROM offer WHERE state = 'accepted'"); n != 1 {
		t.Errorf("%d people have the call", n)
	}
	won.isTold(0, "You accepted call 1.")
	if n := won.told(); n != 1 {
		t.Errorf("%s won and was told: %s", won.name, dump(w.sandbox.Slack.Ephemerals(won.user, callsChannel)))
	}
}

func TestALateAnswerBySMS(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "no toner", nil)
	tim.gets("A 1")
	una := w.technician("Una Uptime", "+447700900002")

	una.texts("A 1")
	una.gets("Call 1 is offered to Tim Tech, who has not answered yet.")
	tim.texts("Accept 1")
	tim.gets("Call 1 is yours: Acme Foods.", "no toner")
	una.texts("a 1")
	una.gets("Call 1 is with Tim Tech already.")
	tim.texts("A")
	tim.gets("No call is waiting for your answer.")
	una.texts("A 99")
	una.gets("There is no call 99.")

	// The message in chat has changed although the answer came by SMS.
	offer := tim.readsDM("Call 1 · no toner")
	w.until("the offer has its next buttons", func() bool {
		now, _ := w.sandbox.Slack.Message(offer.Ref())
		_, ok := now.Button("On my way")
		return ok
	}, func() string { return dump(offer) })
	if n := w.count("SELECT count(*) FROM call_event WHERE kind = 'accepted' AND via = 'sms'"); n != 1 {
		t.Errorf("%d entries say that it was accepted by SMS", n)
	}
}

func TestAnUnknownNumberGetsNoAnswer(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "no toner", nil)
	tim.gets("A 1")
	for _, body := range []string{"A 1", "hello?", "?", "D 1 go away"} {
		if err := w.sandbox.Twilio.Text(w.ctx, "+447700900999", body); err != nil {
			t.Fatal(err)
		}
	}
	w.settled()
	if all := w.sandbox.Twilio.Messages("+447700900999"); len(all) != 4 {
		t.Errorf("a stranger was answered: %s", dump(all))
	}
	dora.reads(callsChannel, "offered to Tim Tech")
}

func TestStopAndStart(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	tim.texts("Stop")
	tim.readsDM("You answered STOP to our text messages")
	dora.logsCall(acme, "first", nil)
	dora.readsDM("Tim Tech was asked by Slack.")
	tim.texts("start")
	tim.readsDM("text messages reach you again")
	dora.logsCall(acme, "second", nil)
	tim.gets("A 2")
	if n := tim.offerTexts(1); n != 0 {
		t.Errorf("Tim said STOP and got %d texts", n)
	}
}
