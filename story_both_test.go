package main

import (
	"regexp"
	"testing"
)

// TestACompanyInSlackAndDiscord is one company in both: each has a card of the same call, and a member who is in both is told where
// they choose.
func TestACompanyInSlackAndDiscord(t *testing.T) {
	t.Parallel()
	w := withGuild(t, false, func(c *Config) { c.CallsChannel = callsChannel + "," + guildChannels[callsChannel] })
	server := w.chat
	w.chat = nil // people are in Slack
	ada, dora, tim := w.member("Ada Admin", "admin"), w.member("Dora Desk", "dispatcher"), w.technician("Tim Tech", "")
	onDiscord := func(name string) *person {
		p := &person{world: w, name: name, on: server}
		server.joins(p)
		return p
	}
	adas, tims := onDiscord("Ada Admin"), onDiscord("Tim Tech")
	code := regexp.MustCompile(`/callout link (\S+)`)
	for there, here := range map[*person]*person{ada: adas, tim: tims} {
		given := code.FindString(there.asks("/callout link", "/callout link ").plain)
		here.asks(given, "Welcome, "+there.name)
		here.types(callsChannel, given) // it is worth nothing a second time
		here.isTold(0, "I know you here already")
	}
	tims.asks("/callout me", "Tim Tech", "technician")

	// Tim is told in Discord first from now on, and takes the call there; the card in each follows.
	tims.presses(tims.asks("/callout me", "Tim Tech"), "Reach me first by…")
	form := tims.form("How I reach you")
	tims.accepted(form, map[string]string{"first": id(int64(w.count("SELECT id FROM contact_method WHERE channel = 'discord' AND member_id = $1", tim.member.ID)))})
	w.settled()
	call := dora.logged(w.customer("Acme Foods", "+442079460123", "").ID, "no toner", "normal")
	tims.readsDM("Can you take this call?", "no toner")
	card := dora.reads(callsChannel, nth(call), "offered to Tim Tech")
	adas.reads(callsChannel, nth(call), "offered to Tim Tech")
	w.settled()
	if n := len(tim.offers(call)); n != 0 {
		t.Errorf("Tim was asked in Slack too: %s", dump(tim.offers(call)))
	}
	tims.does(toAccept, call, "")
	dora.reads(callsChannel, nth(call), "accepted (Tim Tech)")
	dora.presses(card, "Close")
	dora.accepted(dora.form("Close call "+id(call)), map[string]string{"resolution": "Found some"})
	there := adas.reads(callsChannel, nth(call), "Closed by Tim Tech", "Found some")

	// Each thread tells all of it, and what is said in one is read in the other.
	for _, line := range []string{"logged the call", "Offered to", "accepted", "closed"} {
		dora.readsThread(card, line)
		adas.readsThread(there, line)
	}
	if err := server.answersIn(adas, there, "Well done, all of you"); err != nil {
		t.Fatal(err)
	}
	dora.readsThread(card, "Well done, all of you")
	w.settled()
	if n := countSaying(server.thread(there), "Well done, all of you"); n != 1 {
		t.Errorf("said %d times where it was written", n)
	}
}

func countSaying(all []message, words string) (n int) {
	for _, m := range all {
		if m.says([]string{words}) {
			n++
		}
	}
	return n
}
