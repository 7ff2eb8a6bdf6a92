package main

import (
	"bytes"
	"strings"
	"time"
)

func quoteToAccepted(c *firm) {
	sam, dora := c.sam, c.dora
	sam.reachable("email", sam.email)
	c.customer("Acme Foods", "+442079460123", "")
	card := sam.requestsQuote("Acme Foods", "two toners and somebody to fit them")

	dora.presses(card, "Prepare")
	form := dora.form("Prepare quote 1")
	lines := "2 x Toner TK-1150 @ 89.50\n1.5 h Work"
	dora.fieldError(form, map[string]string{"lines": lines, "tax": "20"}, "lines", "Line 2, “1.5 h Work”: the price is missing. Write for example 2 x Toner TK-1150 @ 89.50")
	dora.prices("Prepare quote 1", map[string]string{"lines": lines + " @ 60", "tax": "20"}, "322.80 GBP")

	ready := sam.readsDM("Quote 1 for Acme Foods is ready: 322.80 GBP, valid until 9 April 2026.")
	pdf := sam.pdf(ready, "quote-1.pdf")
	mail := sam.getsMail("Your quote is ready", "Quote 1 for Acme Foods is ready")
	if len(mail.Attachments) != 1 || !bytes.Equal(mail.Attachments[0].Content, pdf) {
		c.Errorf("the e-mail carries %d files, or another PDF", len(mail.Attachments))
	}
	sam.presses(ready, "Mark sent")
	dora.readsDM("Sam Sales sent quote 1 to Acme Foods.")
	sam.reads(quotesChannel, "Sent, waiting for an answer")
	before := dora.told()
	dora.types(callsChannel, "/quotes status:sent by:@sam")
	list := dora.isTold(before, "1 · Acme Foods", "322.80 GBP")
	dora.presses(list, "Open")
	before = sam.told()
	sam.types(callsChannel, "/quotes 1")
	sam.presses(sam.isTold(before, "Quote 1 · Acme Foods"), "Accepted")
	dora.readsDM("Acme Foods accepted quote 1: 322.80 GBP.")
	sam.reads(quotesChannel, "Accepted")
	sam.readsThread(card, "Dora Desk", "prepared it")
	sam.startsAtHome("Request a quote", "Quotes")
	sam.form("Request a quote")

	before = dora.told()
	dora.types(callsChannel, "/report quotes from:this-week to:today")
	dora.isTold(before, "I am making the report")
	report := dora.reads(callsChannel, "Win rate", "100 %", "Value accepted", "322.80 GBP")
	dora.reported(report)
	c.settled()
}

func leadToCustomer(c *firm) {
	sam, nora := c.sam, c.member("Nora North", "sales")
	nora.lives("America/New_York") // 05:30 there when the story begins
	sam.addsLead("Jo Jones", map[string]string{"phone": "020 7946 0999", "company": "Jones Ltd"})

	// A message becomes a lead; what it plainly says is in the form already.
	sam.types(callsChannel, "Name: Ann Archer\nCompany: Archer & Sons\nwants two copiers, +44 20 7946 0999, ann@archer.example")
	said := sam.reads(callsChannel, "wants two copiers")
	sam.uses(said, "Add a lead from this")
	form := sam.form("Add a lead")
	for field, want := range map[string]string{"name": "Ann Archer", "email": "ann@archer.example", "phone": "+44 20 7946 0999"} {
		sam.holds(form, field, want)
	}
	sam.finds(form, "owner", "nor", "Nora North")
	sam.fieldError(form, map[string]string{"next_on": "2026-03-09", "email": "ann@", "next_action": "Ring about the offer", "source": "Fair"}, "next_on", "is over already")

	// Somebody has that phone: the form says who, and keeps everything.
	sam.submits(form, map[string]string{"email": "ann@archer.example", "next_on": "2026-03-11"})
	again := sam.form("Add a lead")
	if !saysAll(again.AllText(), []string{"Perhaps they are here already", "Jo Jones (Jones Ltd)", "new, kept by Sam Sales"}) || !again.sends("Add anyway") {
		c.Fatalf("the form does not show the duplicate: %s", again.AllText())
	}
	sam.holds(again, "next_action", "Ring about the offer")
	before := sam.told()
	sam.accepted(again, nil)
	sam.isTold(before, "Lead 2 · Ann Archer", "Nora North", "Fair", "+44 20 7946 0999")
	nora.readsDM("Sam Sales added a lead for you: Ann Archer (Archer")

	// The follow-up comes in the morning where Nora lives, once.
	due := func() int {
		n := 0
		for _, m := range nora.chat().sees(nora, nora.dm()) {
			if strings.Contains(m.AllText(), "Your follow-ups for") {
				n++
			}
		}
		return n
	}
	c.clock.move(23 * time.Hour) // 04:30 there
	c.ticks()
	if due() != 0 {
		c.Fatal("Nora was told in the night")
	}
	c.clock.move(4 * time.Hour)
	c.ticks()
	morning := nora.readsDM("Your follow-ups for Wednesday 11 March", "Ann Archer", "Ring about the offer, today")
	c.clock.move(time.Hour)
	c.ticks()
	if due() != 1 {
		c.Fatalf("Nora was told %d times", due())
	}

	// She opens it and wins it: a customer with a contact, and nothing typed twice.
	nora.presses(morning, "Open")
	card := nora.reads(nora.dm(), "Lead 2 · Ann Archer", "Qualified")
	nora.presses(card, "Won")
	nora.reads(nora.dm(), "Lead 2 · Ann Archer", "🏆 Won", "Customer")
	before = sam.told()
	sam.types(callsChannel, "/callout customer archer")
	sam.isTold(before, "Archer & Sons", "+44 20 7946 0999", "Contacts", "Ann Archer", "ann@archer.example")
	sam.asks("/leads stage:won", "2 · Ann Archer")
	sam.asks("/leads due:overdue", "Nothing matches")

	// A technician may add leads, and see none.
	c.tim.asks("/leads", "You may not see leads", "sales")
	c.tim.asks("/report leads", "You may not see leads")

	// A visit with a photo, which the chat forgets and the visit does not.
	photo := []byte("\xff\xd8\xff a photo of the copier room")
	uploaded := sam.uploads("room.jpg", photo)
	before = sam.told()
	sam.types(callsChannel, "/log-visit showed them the new model")
	form = sam.form("Log a visit")
	sam.finds(form, "party", "archer", "Archer & Sons")
	sam.accepted(form, map[string]string{"photos": uploaded, "next_step": "Send the brochure", "next_on": "2026-03-12"})
	sam.isTold(before, "Visit 1 · Archer & Sons", "showed them the new model", "Send the brochure")
	c.until("the photo is kept", func() bool {
		return c.count("SELECT count(*) FROM file WHERE record = 'visit' AND state = 'kept'") == 1
	}, c.owing)
	sam.presses(sam.asks("/visits 1", "Visit 1 · Archer & Sons", "1 photo", "room.jpg"), "Get photos")
	c.until("Sam gets the photo", func() bool {
		for _, m := range append(sam.chat().sees(sam, sam.dm()), sam.chat().sees(sam, callsChannel)...) {
			for _, f := range m.files {
				if bytes.Equal(sam.chat().content(f.id), photo) {
					return true
				}
			}
		}
		return false
	}, func() string { return dump(sam.chat().sees(sam, sam.dm())) })
	sam.asks("/visits customer:archer", "1 · Archer & Sons")
}
