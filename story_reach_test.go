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

func TestADeclineAsksTheNextPerson(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "no toner", nil)
	card := dora.reads(callsChannel, "Call 1 · no toner", "offered to Tim Tech")
	una := w.technician("Una Uptime", "+447700900002")

	before := len(w.sandbox.Slack.MessagesFor(tim.user, tim.dm()))
	tim.presses(tim.readsDM("Can you take this call?"), "Decline")
	una.readsDM("Can you take this call?", "no toner")
	una.gets("A 1")
	dora.reads(callsChannel, "offered to Una Uptime")
	dora.readsThread(card, "Tim Tech", "declined")
	tim.readsDM("You declined this call.")

	// One tap was enough; why can be said afterwards.
	var answer slack.Message
	w.until("Tim is thanked", func() bool {
		for _, m := range w.sandbox.Slack.MessagesFor(tim.user, tim.dm())[before:] {
			if says(m, []string{"You declined call 1; I am asking somebody else."}) {
				answer = m
			}
		}
		return answer.TS != ""
	}, func() string { return dump(w.sandbox.Slack.MessagesFor(tim.user, tim.dm())) })
	tim.presses(answer, "Say why")
	tim.accepted(tim.form("Declined call 1"), slack.Values{"note": "I have no toner with me"})
	dora.readsThread(card, "Tim Tech", "I have no toner with me")

	// The first is never asked again, even when the second declines as well.
	una.texts("D 1 in the dentist’s chair")
	una.gets("You declined call 1")
	dora.readsThread(card, "Una Uptime", "declined by SMS: in the dentist’s chair")
	dora.readsDM("Nobody could be asked", "Tim Tech (declined this call)", "Una Uptime (declined this call)")
	tim.once(1)
	una.once(1)
}

func TestNobodyOnDuty(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dan := w.member("Dan Dispatch", "dispatcher")
	sam := w.member("Sam Sales", "sales")
	tim := w.technician("Tim Tech", "+447700900001")
	tim.onDuty(false)
	acme := w.customer("Acme Foods", "+442079460123", "")
	sam.logsCall(acme, "screen is black", nil)

	card := dan.reads(callsChannel, "Call 1 · screen is black", "nobody has it yet")
	dan.readsThread(card, "Nobody could be asked", "Tim Tech (off duty)")
	dan.readsDM("Call 1 for Acme Foods", "Nobody could be asked: Tim Tech (off duty).")
	sam.readsDM("Nobody could be asked", "The dispatchers were told; any technician can take it on its card.")
	w.settled()
	if n := len(tim.offers(1)) + tim.offerTexts(1); n != 0 {
		t.Errorf("Tim is off duty and got %d messages", n)
	}

	before := sam.told()
	sam.presses(card, "Take it")
	sam.isTold(before, "You may not take calls", "technician")
	tim.presses(card, "Take it")
	dan.reads(callsChannel, "Pending · accepted (Tim Tech)")
	sam.readsDM("Tim Tech took call 1")
}

func TestSomebodyComingOnDutyIsAskedForWaitingCalls(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	tim.onDuty(false)
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "screen is black", nil)
	dora.reads(callsChannel, "nobody has it yet")
	dora.readsDM("Nobody could be asked")
	w.settled()
	w.clock.move(patience * 30)
	tim.asks("/duty on", "You are *on duty*")
	tim.readsDM("Can you take this call?", "screen is black")
	dora.reads(callsChannel, "offered to Tim Tech")
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
