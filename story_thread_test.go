package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
	"callout/internal/sandbox/twilio"
)

// sends sends a photo from a phone, with words or without.
func (p *person) sends(words, photo string) {
	p.Helper()
	err := p.sandbox.Twilio.Send(p.ctx, p.phone, words, []twilio.Media{{Type: "image/jpeg", Content: []byte(photo)}})
	if err != nil {
		p.Fatalf("%s sends a photo: %v", p.name, err)
	}
}

// answersIn writes in the thread below a message, with a photo if one is given.
func (p *person) answersIn(m message, words string, photo ...string) {
	p.Helper()
	var files []string
	for _, content := range photo {
		files = append(files, p.uploads("plate.jpg", []byte(content)))
	}
	if err := p.chat().answersIn(p, m, words, files...); err != nil {
		p.Fatalf("%s answers in a thread: %v", p.name, err)
	}
}

// TestATechnicianWithAPhoneAlone is added in chat and does everything by text, from the first answer to the closed call.
func TestATechnicianWithAPhoneAlone(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ann := w.member("Ann Admin", "admin", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "Vela C301")
	pat := &person{world: w, name: "Pat Phone", phone: "+447700900123"}
	if err := w.sandbox.Twilio.AddPhone(pat.phone, pat.name); err != nil {
		t.Fatal(err)
	}
	pat.texts("hello?")
	pat.sends("A 1", "a photo")
	if got := w.sandbox.Twilio.Messages(pat.phone); len(got) != 2 {
		t.Errorf("a number that nobody knows is answered: %s", dump(got))
	}
	ann.types(callsChannel, "/callout team add")
	ann.accepted(ann.form("Add a member"), slack.Values{"name": pat.name, "phone": "07700 900123", "roles": "technician"})
	invitation := pat.gets("Ann Admin added you to Callout at Test company, as technician. Answer ")
	pat.texts("who is this?")
	pat.gets("That is not the number I sent you")
	pat.texts(regexp.MustCompile(`[0-9]{6}`).FindString(invitation.Body))
	pat.gets("Thank you, Pat Phone, calls come to this phone now. A 42 accepts call 42")
	ann.readsDM("Pat Phone proved their phone")

	w.clock.move(5 * time.Minute)
	ann.logsCall(acme, "smoke from the fuser", slack.Values{"priority": "urgent"})
	pat.gets("Reply A 1 to accept")
	card := ann.reads(callsChannel, "Call 1 · smoke")
	pat.texts("a")
	pat.gets("Call 1 is yours: Acme Foods")
	pat.texts("w1")
	ann.reads(callsChannel, "on the way (Pat Phone)")
	w.clock.move(5 * time.Minute)
	ann.answersIn(card, "Take the stairs, lift is broken", "a plate")
	pat.gets("Ann Admin about call 1 (with 1 photo): Take the stairs, lift is broken. Reply N 1 + your answer.")
	pat.texts("N 1 ok, thanks")
	ann.readsThread(card, "Pat Phone by SMS: ok, thanks")
	pat.texts("S")
	pat.sends("", "a melted fuser")
	pat.gets("1 photo added to call 1 (Acme Foods)")
	ann.readsThread(card, "Pat Phone sent 1 photo by SMS.")
	pat.texts("fuser is melted, ordering one")
	pat.gets("Noted to call 1 (Acme Foods)")
	ann.readsThread(card, "Pat Phone by SMS: fuser is melted, ordering one")
	pat.sends("F 1 New fuser, runs", "a new fuser")
	pat.gets("Call 1 is closed. Thank you! 1 photo kept with it.")
	ann.reads(callsChannel, "Closed by Pat Phone", "New fuser, runs")
	pat.texts("DUTY OFF")
	pat.gets("You are off duty")
	w.settled()
	w.until("the photos are in the thread and kept", func() bool {
		return w.count("SELECT count(*) FROM file WHERE record = 'call' AND state = 'kept' AND posted") == 3
	}, w.owing)
	w.settled()

	var photos, once int
	for _, m := range w.sandbox.Slack.Thread(card.Channel, card.TS) {
		photos += len(m.Files)
		once += strings.Count(m.Text, "Take the stairs")
	}
	if photos != 3 || once != 1 {
		t.Errorf("the thread has %d photos, and Ann's words %d times:\n%s", photos, once, dump(w.sandbox.Slack.Thread(card.Channel, card.TS)))
	}
	if n := w.count("SELECT count(*) FROM call_event WHERE kind = 'note'"); n != 5 {
		t.Errorf("%d notes", n)
	}
	pat.texts("STOP")
	ann.readsDM("Pat Phone answered STOP")
	w.settled()
	for _, m := range w.sandbox.Twilio.Messages(pat.phone) {
		if m.Segments > 3 && m.Direction != "inbound" {
			t.Errorf("a text of %d parts: %s", m.Segments, m.Body)
		}
	}
}
