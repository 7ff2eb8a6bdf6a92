package main

import (
	"net/http"
	"testing"
	"time"
)

// wireFault is a way in which the way to a provider breaks.
type wireFault struct {
	name string
	how  func(*passing)
	// met is how often the program has to meet it before the wire is mended.
	met int
	// deaf says that the provider may have done what it was asked without the program hearing of it.
	deaf bool
	// quick faults are in the default suite.
	quick bool
}

// faultsOfTheWeb happen to whoever speaks HTTP.
var faultsOfTheWeb = []wireFault{
	{name: "429 with Retry-After", how: answering(http.StatusTooManyRequests, http.Header{"Retry-After": {"1"}}, `{"ok":false,"error":"ratelimited"}`), met: 12},
	{name: "429 without Retry-After", how: answering(http.StatusTooManyRequests, nil, ""), met: 3},
	{name: "500", how: answering(http.StatusInternalServerError, nil, "oops"), met: 6},
	{name: "503 in HTML", how: answering(http.StatusServiceUnavailable, http.Header{"Content-Type": {"text/html"}}, "<html><h1>Busy</h1></html>"), met: 6},
	{name: "no answer", how: hangs, met: 3},
	{name: "no answer after it was done", how: doneThen(hangs), met: 3, deaf: true},
	{name: "answers that drip slowly", how: drips(4 * time.Millisecond), met: 3},
	{name: "answers that never end", how: drips(time.Second), met: 3, deaf: true},
	{name: "connection reset", how: resets, met: 6},
	{name: "connection reset after it was done", how: doneThen(resets), met: 4, deaf: true, quick: true},
	{name: "half an answer", how: doneThen(answering(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, `{"ok":true,"chan`)), met: 4, deaf: true},
	{name: "an answer in HTML", how: answering(http.StatusOK, http.Header{"Content-Type": {"text/html"}}, "<html>Log in to the hotel's network</html>"), met: 4},
	{name: "an answer about nothing", how: answering(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, `{}`), met: 4},
}

// faultsOfMail happen to who speaks SMTP.
var faultsOfMail = []wireFault{
	{name: "421 at once", how: greets("421 4.7.0 too many connections\r\n"), met: 3, quick: true},
	{name: "another protocol", how: greets("HTTP/1.1 400 Bad Request\r\n\r\n"), met: 3},
	{name: "a wrong greeting", how: greets("hello?\r\n"), met: 3},
	{name: "no greeting", how: silent, met: 2},
	{name: "connection reset", how: resets, met: 3},
	{name: "answers that drip slowly", how: drips(2 * time.Millisecond), met: 1},
	{name: "answers that never end", how: drips(300 * time.Millisecond), met: 2},
}

// TestFaultWires breaks the way to one provider after the other in every way: meanwhile people are reached on the others, and when
// it is mended everything owed arrives, once, and cards show what is true.
func TestFaultWires(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"Slack", "Twilio", "SMTP"} {
		faults := faultsOfTheWeb
		if provider == "SMTP" {
			faults = faultsOfMail
		}
		for _, f := range faults {
			if !everyFault && (!f.quick || provider == "Twilio") {
				continue
			}
			t.Run(provider+" "+f.name, func(t *testing.T) {
				t.Parallel()
				broken(t, provider, f)
			})
		}
	}
}

// callsMeanwhile is how many calls are logged while a wire is broken.
const callsMeanwhile = 3

func broken(t *testing.T, provider string, f wireFault) {
	t.Helper()
	x := &wire{}
	before := &world{T: t} // the wires are there before the world is
	w := startWorld(t, func(c *Config) {
		switch provider {
		case "Slack":
			c.SlackAPIURL = before.web(x, c.SlackAPIURL)
		case "Twilio":
			c.TwilioAPIURL = before.web(x, c.TwilioAPIURL)
		default:
			c.SMTPURL = Secret(before.post(x, string(c.SMTPURL)))
		}
	})
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	tim.reachable("email", tim.email)
	acme := w.customer("Acme Foods", "+442079460123", "")
	began := time.Now()
	x.breaks(f.how)
	for range callsMeanwhile {
		dora.logged(acme.ID, "paper jam", "urgent")
	}
	for call := int64(1); call <= callsMeanwhile; call++ { // nobody waits for what is broken
		if provider != "Slack" {
			tim.readsDM("Can you take this call?", "Call "+id(call)+" ")
		}
		if provider != "Twilio" {
			tim.gets("A " + id(call) + " ")
		}
		if provider != "SMTP" {
			tim.getsMail("Can you take call " + id(call) + "?")
		}
	}
	others := time.Since(began)
	w.within(3*time.Minute, "the program has met the fault", func() bool { return x.met() >= f.met }, w.owing)
	x.breaks(nil)
	mended := time.Now()
	w.rests(3 * time.Minute)
	w.Logf("%s, %s: met %d times; others reached after %v; all is well %v after it was mended", provider, f.name, x.met(),
		others.Round(10*time.Millisecond), time.Since(mended).Round(10*time.Millisecond))
	w.arrivedOnce(tim, f)
	tim.presses(tim.readsDM("Call 1 · "), "Accept")
	dora.reads(callsChannel, "Call 1 · ", "accepted (Tim Tech)")
	w.settled()
}

// rests waits until nothing is owed, ticking as the program does.
func (w *world) rests(limit time.Duration) {
	w.Helper()
	next := time.Now()
	w.within(limit, "everything owed is done", func() bool {
		if time.Now().After(next) { // so that what the tick takes up is not waited for
			next = time.Now().Add(time.Second)
			w.clock.move(time.Second)
			if err := w.app.desk.Tick(w.ctx); err != nil {
				w.Error(err)
			}
		}
		return w.count(undone) == 0 && w.count("SELECT count(*) FROM river.river_job WHERE state NOT IN ('completed','cancelled','discarded') AND kind <> 'tick'") == 0
	}, w.owing)
}

// arrivedOnce checks that each call has its card and reached Tim on every channel, once.
func (w *world) arrivedOnce(tim *person, f wireFault) {
	w.Helper()
	twice := 0
	once := func(what string, call int64, n int) {
		w.Helper()
		if n == 0 {
			w.Errorf("call %d has no %s", call, what)
		}
		twice += max(0, n-1)
	}
	for call := int64(1); call <= callsMeanwhile; call++ {
		once("card", call, len(w.cards(call)))
		once("direct message", call, len(tim.offers(call)))
		once("text", call, tim.offerTexts(call))
		letters, ids := 0, map[string]bool{}
		for _, m := range w.sandbox.Mail.Messages(tim.email) {
			if saysAll(m.Subject+"\n"+m.Text, []string{"Can you take call " + id(call) + "?"}) {
				letters++
				ids[m.MessageID] = true
			}
		}
		once("letter", call, len(ids)) // one with the same id again is shown once
		if letters > len(ids) {
			w.Logf("%d letters came twice under their id", letters-len(ids))
		}
		for _, card := range w.cards(call) {
			if !says(card, []string{"offered to Tim Tech"}) {
				w.Errorf("the card is old: %s", dump(card))
			}
			seen := map[string]int{}
			for _, m := range w.sandbox.Slack.Thread(card.Channel, card.TS) {
				seen[m.Text]++
			}
			for _, n := range seen {
				twice += n - 1
			}
			w.threadSays(card, "Offered to")
		}
	}
	if twice > 0 {
		w.Errorf("%d messages came twice (the provider may have done what the program did not hear of: %t)", twice, f.deaf)
	}
}

func (w *world) threadSays(card message, words string) {
	w.Helper()
	for _, m := range w.sandbox.Slack.Thread(card.Channel, card.TS) {
		if says(m, []string{words}) {
			return
		}
	}
	w.Errorf("the thread of %s does not say %q", dump(card), words)
}
