package main

import "time"

// nth is how a call is named on its card.
func nth(call int64) string { return "Call " + id(call) + " · " }

// is waits until the card of a call says all the words.
func (c *firm) is(call int64, words ...string) message {
	c.Helper()
	return c.dora.reads(callsChannel, append([]string{nth(call)}, words...)...)
}

// closes is a dispatcher closing a call on its card.
func (c *firm) closes(card message, call int64, resolution string) {
	c.Helper()
	c.dora.presses(card, "Close")
	c.dora.accepted(c.dora.form("Close call "+id(call)), map[string]string{"resolution": resolution})
	c.is(call, "Closed", resolution)
}

func callToItsEnd(c *firm) {
	c.onDuty(c.tim)
	acme := c.customer("Acme Foods", "+442079460123", "Vela C301")
	call := c.dora.logsCall(acme, "copier jams on tray 2", map[string]string{"details": "since Monday"})
	card := c.is(call, "copier jams on tray 2", "Acme Foods", "Urgent", "since Monday", "offered to Tim Tech")
	c.dora.readsThread(card, "Dora Desk", "logged the call")
	c.dora.readsThread(card, "Offered to", "Tim Tech")
	c.dora.readsDM("Tim Tech was asked by", "SMS")
	c.tim.readsDM("Acme Foods", "copier jams on tray 2")
	c.tim.gets("Call "+id(call), "Acme Foods", "A "+id(call))

	c.tim.does(toAccept, call, "")
	c.dora.readsDM("Tim Tech took call " + id(call))
	c.is(call, "Pending · accepted (Tim Tech)")
	c.tim.does(toSetOut, call, "")
	c.is(call, "on the way (Tim Tech)")
	c.tim.does(toArrive, call, "")
	c.is(call, "on site (Tim Tech)")
	c.tim.does(toNote, call, "lift is broken, take the stairs")
	c.dora.readsThread(card, "Tim Tech", "lift is broken, take the stairs")
	c.tim.does(toClose, call, "Cleaned the rollers")
	c.is(call, "Closed by Tim Tech", "Cleaned the rollers")
	c.dora.readsDM("Call "+id(call), "is closed", "Cleaned the rollers")
	c.dora.readsThread(card, "closed the call", "Cleaned the rollers")
	c.tim.texts("A " + id(call))
	c.tim.gets("Call " + id(call) + " is closed already. Reopen it first")

	c.dora.presses(card, "Reopen")
	c.dora.accepted(c.dora.form("Reopen call "+id(call)), map[string]string{"reason": "Jams again"})
	c.is(call, "Pending", "(Tim Tech)")
	c.dora.readsThread(card, "Dora Desk", "reopened the call: Jams again")
	c.dora.readsThread(card, "closed the call") // the history stays
	c.tim.readsDM("Call "+id(call), "is open again", "Jams again")
	c.tim.does(toClose, call, "New rollers")
	c.is(call, "Closed by Tim Tech", "New rollers")
}

// declines is a technician saying no, and why.
func (p *person) declines(call int64, why string) {
	p.Helper()
	p.does(toDecline, call, why)
	if p.chat().name() == "sms" {
		return
	}
	p.presses(p.readsDM("You declined call "+id(call)+"; I am asking somebody else."), "Say why")
	p.accepted(p.form("Declined call "+id(call)), map[string]string{"note": why})
}

func declineAsksTheNext(c *firm) {
	c.onDuty(c.tim)
	call := c.dora.logsCall(c.customer("Bright Bakery", "+442079460456", ""), "no toner", nil)
	card := c.is(call, "no toner", "offered to Tim Tech")
	c.una.onDuty(true)
	c.tim.declines(call, "I have none with me")
	c.dora.readsThread(card, "Tim Tech", "declined")
	c.dora.readsThread(card, "Tim Tech", "I have none with me")
	c.una.readsDM("Bright Bakery", "no toner")
	c.is(call, "offered to Una Uptime")

	// The first is never asked again, even when the second declines as well.
	c.una.declines(call, "I sit at the dentist’s")
	c.dora.readsDM("Call "+id(call), "Nobody could be asked", "Tim Tech (declined this call)", "Una Uptime (declined this call)")
	c.settled()
	if n := len(c.tim.offers(call)); n > 1 {
		c.Errorf("Tim was asked %d times: %s", n, dump(c.tim.offers(call)))
	}
	c.closes(card, call, "They found some")
}

// takes is a technician taking a call that nobody has.
func (p *person) takes(card message, call int64) {
	p.Helper()
	if p.chat().name() == "sms" {
		p.texts("A " + id(call))
		p.gets("Call " + id(call) + " is yours")
		return
	}
	p.presses(card, "Take it")
}

func nobodyOnDuty(c *firm) {
	c.onDuty()
	call := c.sam.logsCall(c.customer("City Cinema", "+442079460789", ""), "screen is black", nil)
	card := c.is(call, "screen is black", "nobody has it yet")
	c.dora.readsThread(card, "Nobody could be asked", "Tim Tech (off duty)")
	c.dora.readsDM("Call "+id(call)+" for City Cinema", "Nobody could be asked", "Tim Tech (off duty)")
	c.sam.readsDM("Nobody could be asked", "The dispatchers were told; any technician can take it on its card.")
	c.settled()
	if n := len(c.tim.offers(call)) + c.tim.offerTexts(call); n != 0 {
		c.Errorf("Tim is off duty and got %d messages", n)
	}

	before := c.sam.told()
	c.sam.presses(card, "Take it")
	c.sam.isTold(before, "You may not take calls", "technician")
	c.tim.takes(card, call)
	c.is(call, "Pending · accepted (Tim Tech)")
	c.sam.readsDM("Tim Tech took call " + id(call))
	c.tim.does(toClose, call, "Lamp replaced")
	c.is(call, "Closed by Tim Tech", "Lamp replaced")
}

func takenBack(c *firm) {
	c.onDuty(c.tim)
	call := c.dora.logsCall(c.customer("Dental Practice", "+442079460111", ""), "chair does not move", nil)
	c.tim.does(toAccept, call, "")
	card := c.is(call, "accepted (Tim Tech)")
	if c.tim.chat().name() == "sms" {
		c.tim.texts("u")
		c.tim.gets("Undone: you accepted call " + id(call))
	} else {
		before := c.tim.told()
		c.tim.presses(c.tim.asks("/callout undo", "Undo this?"), "Undo")
		c.tim.isTold(before, "Undone: you accepted call "+id(call))
	}
	c.dora.readsDM("Correction: Tim Tech took back that they accepted call " + id(call))
	c.dora.readsThread(card, "Tim Tech", "undid", "accepted.")
	c.tim.does(toAccept, call, "")
	c.is(call, "accepted (Tim Tech)")

	before := c.dora.told()
	c.closes(card, call, "Wrong call")
	said := c.dora.isTold(before, "Call "+id(call)+" is closed", "Undo")
	c.dora.presses(said, "Undo")
	c.dora.isTold(before, "Undone: you closed call "+id(call), "It is with Tim Tech.")
	c.tim.readsDM("Correction: Dora Desk took back that they closed call " + id(call))
	c.dora.readsThread(card, "Dora Desk", "undid: closed.")
	c.tim.does(toSetOut, call, "")
	c.is(call, "on the way (Tim Tech)")
	c.tim.does(toClose, call, "It moves")
}

func comesOnDuty(c *firm) {
	c.onDuty()
	call := c.dora.logsCall(c.customer("East End Gym", "+442079460222", ""), "treadmill squeaks", nil)
	card := c.is(call, "nobody has it yet")
	c.settled()
	c.clock.move(2 * time.Minute) // whoever comes at the same moment is asked by the call's own job
	c.dora.asks("/duty who", "0 of 2 technicians on duty", "Tim Tech", "off duty")
	if c.tim.chat().name() == "sms" {
		c.tim.texts("DUTY ON")
		c.tim.gets("You are on duty")
	} else {
		c.tim.asks("/duty on", "You are on duty until you say otherwise.")
	}
	c.tim.readsDM("East End Gym", "treadmill squeaks")
	c.is(call, "offered to Tim Tech")
	c.dora.asks("/duty who", "1 of 2 technicians on duty")
	c.tim.does(toAccept, call, "")
	c.closes(card, call, "Oiled")
	if c.tim.chat().name() == "sms" {
		c.tim.texts("duty off")
		c.tim.gets("You are off duty")
	} else {
		c.tim.asks("/duty until 25:00", "“25:00” is not a time of day", "17:00")
		answer := c.tim.asks("/duty until 17:00", "You are on duty until", "17:00")
		before := c.tim.told()
		c.tim.presses(answer, "Go off duty")
		c.tim.isTold(before, "You are off duty")
	}
	c.dora.asks("/duty who", "0 of 2 technicians on duty")
}
