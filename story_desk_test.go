package main

import (
	"regexp"
	"strings"
)

// twoEdit is about nothing that was typed being lost.
func twoEdit(c *firm) {
	c.onDuty(c.tim)
	call := c.dora.logsCall(c.customer("Acme Foods", "+442079460123", "Vela C301"), "no toner", nil)
	card := c.is(call, "no toner", "offered to Tim Tech")
	c.dora.presses(card, "Edit")
	doras := c.dora.form("Edit call")
	c.ada.presses(card, "Edit")
	c.ada.accepted(c.ada.form("Edit call"), map[string]string{"summary": "no toner at all", "details": "Ask for Ann", "priority": "high"})
	if errs := c.dora.submits(doras, map[string]string{"summary": "no toner, second floor"}); len(errs) > 0 {
		c.Fatalf("a clash is no error on a field: %v", errs)
	}
	again := c.dora.form("Edit call")
	if !says(again, []string{"Somebody else changed this", "Yours: no toner, second floor", "Ada Admin: no toner at all"}) {
		c.Errorf("the form does not show both:\n%s", again.AllText())
	}
	c.dora.accepted(again, nil)
	c.is(call, "no toner, second floor", "Ask for Ann", "High")
	c.dora.readsThread(card, "Dora Desk", "changed the call", "“no toner at all” → “no toner, second floor”")
}

func listed(c *firm) {
	c.onDuty(c.tim)
	bakery, cinema := c.customer("Bright Bakery", "+442079460456", ""), c.customer("City Cinema", "+442079460789", "")
	jam := c.dora.logged(bakery.ID, "paper jam", "urgent")
	c.settled()
	c.onDuty()
	toner := c.dora.logged(cinema.ID, "no ink", "low")
	c.settled()
	row := map[int64]string{jam: id(jam) + " · Bright Bakery", toner: id(toner) + " · City Cinema"}
	for filter, want := range map[string][]int64{
		"":                                {toner, jam},
		"status:unassigned":               {toner},
		"priority:urgent":                 {jam},
		"customer:bakery":                 {jam},
		"INK":                             {toner},
		"jam from:2026-03-10 to:tomorrow": {jam},
		"status:closed priority:low":      nil,
	} {
		answer := c.dora.asks(strings.TrimSpace("/calls "+filter), "Calls")
		for call, words := range row {
			listed := answer.says([]string{words})
			if wanted := len(want) > 0 && (want[0] == call || want[len(want)-1] == call); listed != wanted {
				c.Errorf("/calls %s lists %q: %t, want %t\n%s", filter, words, listed, wanted, answer.plain)
			}
		}
		if want == nil && !answer.says([]string{"Nothing matches these filters."}) {
			c.Errorf("/calls %s does not say that nothing matches:\n%s", filter, answer.plain)
		}
	}
	c.dora.asks("/calls statsu:pending", "no filter “statsu:”", "Did you mean “status”?")
	c.dora.asks("/calls 99", "There is no call 99", "/calls")

	list := c.dora.asks("/calls priority:urgent", "paper jam")
	c.dora.presses(list, "Filter…")
	form := c.dora.form("Filter calls")
	c.dora.holds(form, "priority", "urgent") // the form begins with what was typed
	c.dora.fieldError(form, map[string]string{"from": "2026-02-30"}, "from", "not a date that exists")
	before := c.dora.told()
	c.dora.accepted(form, map[string]string{"from": "this-week"})
	list = c.dora.isTold(before, "Calls", "priority:urgent", "from:this-week", "paper jam")
	before = c.dora.told()
	c.dora.presses(list, "Open")
	c.dora.isTold(before, nth(jam), "Bright Bakery")
}

// talkedOver is a technician in the field and the desk, talking in the thread below the card.
func talkedOver(c *firm) {
	c.onDuty(c.tim)
	call := c.dora.logsCall(c.customer("Dental Practice", "+442079460111", ""), "smoke from the fuser", nil)
	c.tim.does(toAccept, call, "")
	card := c.is(call, "accepted (Tim Tech)")
	c.settled()
	c.dora.answersIn(card, "Take the stairs, *lift* is broken", "a plate")
	c.tim.readsThread(card, "Take the stairs")
	c.until("the note and its photo are kept", func() bool {
		return c.count("SELECT count(*) FROM call_event WHERE call_id = $1 AND kind = 'note'", call) == 1 &&
			c.count("SELECT count(*) FROM file WHERE record = 'call' AND record_id = $1 AND state = 'kept'", call) == 1
	}, c.owing)

	c.dora.presses(card, "Add note")
	form := c.dora.form("Note on call " + id(call))
	c.dora.fieldError(form, map[string]string{"note": "   "}, "note")
	c.dora.accepted(form, map[string]string{"note": "Door code is 1234 <!channel> @everyone"})
	line := c.dora.readsThread(card, "Dora Desk", "Door code is 1234")
	if len(line.discord.Pinged) > 0 || strings.Contains(line.Text+string(line.Blocks), "<!channel>") {
		c.Errorf("a note rings everybody: %s", dump(line))
	}
	before := c.dora.told()
	c.dora.presses(card, "History")
	history := c.dora.isTold(before, "History of call "+id(call), "logged the call", "Offered to", "accepted", "Take the stairs", "Door code is", "Why Tim Tech was asked")
	if strings.Index(history.plain, "logged the call") > strings.Index(history.plain, "Door code is") {
		c.Errorf("the history is not in order:\n%s", history.plain)
	}
}

func registers(c *firm) {
	c.onDuty()
	rob := c.stranger("Rob Newman")
	rob.phone = "+447400123456"
	if err := c.sandbox.Twilio.AddPhone(rob.phone, rob.name); err != nil {
		c.Fatal(err)
	}
	rob.types(callsChannel, "/calls")
	form := rob.form("Register")
	rob.holds(form, "name", "Rob Newman") // as the chat knows him
	rob.fieldError(form, map[string]string{"phone": "ring me"}, "phone", "phone")
	before := rob.told()
	rob.accepted(form, map[string]string{"phone": "07400 123456"})
	answer := rob.isTold(before, "An admin has been asked", "I have sent a code to your phone.")
	code := regexp.MustCompile(`\d{6}`).FindString(rob.gets("is your Callout code for Test company").Body)
	wrong := map[bool]string{true: "111111", false: "000000"}[code == "000000"]
	rob.presses(answer, "Enter the code")
	form = rob.form("Prove your phone")
	rob.fieldError(form, map[string]string{"code": wrong}, "code", "code")
	before = rob.told()
	rob.accepted(form, map[string]string{"code": code})
	rob.isTold(before, "your phone is proven")
	rob.asks("/calls", "An admin has been asked to approve you")

	c.ada.presses(c.ada.readsDM("Rob Newman asks to join."), "Approve…")
	c.ada.accepted(c.ada.form("Approve"), map[string]string{"roles": "technician, sales"})
	c.ada.readsDM("Rob Newman is technician and sales now.")
	rob.readsDM("Welcome! You are a member now, as technician and sales.")
	rob.asks("/callout me", "Rob Newman", "technician and sales", "+44 7400 123456")
	rob.asks("/callout help", "/log-call", "/duty")
	rob.asks("/callout settings", "Only an admin may change the settings.")

	// He can work: Tuesday noon is within the usual hours of a new technician.
	call := c.dora.logsCall(c.customer("Zoe's Zoo", "+442079460333", ""), "gate does not open", nil)
	rob.readsDM("Can you take this call?", "gate does not open")
	rob.gets("A " + id(call))
	rob.does(toAccept, call, "")
	card := c.is(call, "accepted (Rob Newman)")
	rob.does(toClose, call, "It opens")
	c.is(call, "Closed by Rob Newman")
	c.dora.readsThread(card, "closed the call")
	c.must("UPDATE member SET roles = '{sales}' WHERE id = (SELECT max(id) FROM member)") // the stories of the others go on without him
}
