package main

import "strings"

func machinePlanned(c *firm) {
	dora := c.dora
	c.customer("Acme Foods", "+442079460123", "")
	bakery := c.customer("Bright Bakery", "+442079460456", "")
	c.must("INSERT INTO equipment (customer_id, model, serial, skills, created_at) VALUES ($1, 'Vela C302', 'S-2', '{}', $2)", bakery.ID, c.clock.Now())

	// Somebody else's serial number is refused on its field, and nothing typed is lost.
	dora.types(callsChannel, "/equipment add Vela C301")
	dora.finds(dora.form("Add a machine"), "customer", "Acme", "Acme Foods")
	view := dora.form("Add a machine")
	dora.holds(view, "model", "Vela C301")
	dora.fieldError(view, map[string]string{"serial": "s-1", "meter_unit": "pages"}, "serial", "machine 1 of City Cinema")
	before := dora.told()
	dora.accepted(view, map[string]string{"serial": "AB-77", "meter_unit": "pages"})
	said := dora.isTold(before, "Machine 3, Vela C301 AB-77, is written down")

	// By its number, by its serial number, in a list.
	dora.asks("/equipment ab-77", "Vela C301 · AB-77", "Acme Foods", "counts pages, not read yet")
	dora.asks(`/equipment customer:bakery`, "Vela C302 · S-2")
	before = dora.told()
	dora.presses(said, "Open")
	card := dora.isTold(before, "Vela C301 · AB-77")

	// A jump asks; what was typed stays.
	before = dora.told()
	dora.presses(card, "Read meter")
	dora.accepted(dora.form("Read meter"), map[string]string{"value": "1,200"})
	dora.isTold(before, "the meter shows 1,200 pages")
	dora.presses(card, "Read meter")
	view = dora.form("Read meter")
	dora.fieldError(view, map[string]string{"value": "1100", "note": "after the fair"}, "value", "1,100 is less than the meter showed before: 1,200 pages")
	if errs := dora.submits(view, map[string]string{"value": "64000"}); len(errs) > 0 {
		c.Fatalf("the jump is refused: %v", errs)
	}
	view = dora.holding("Read meter", "Sure?", "more than ten times")
	dora.holds(view, "note", "after the fair")
	if !view.sends("Yes, it shows 64,000") {
		c.Errorf("the button says %q", view.AllText())
	}
	dora.accepted(view, nil)
	card = dora.asks("/equipment 3", "64,000 pages", "1,200 on")

	// A checklist with a bad line is refused by its line.
	dora.types(callsChannel, "/callout templates add Yearly service")
	view = dora.form("Add a template")
	dora.fieldError(view, map[string]string{"steps": "check Filter cleaned\nnumbr Fuser temperature 150..200 °C"}, "steps", "Line 2", "Did you mean “number”?")
	before = dora.told()
	dora.accepted(view, map[string]string{"steps": "check Filter cleaned\nnumber Fuser temperature 150..200 °C\nphoto Type plate ?"})
	dora.isTold(before, "The template Yearly service is ready")

	if dora.chat().name() != "slack" {
		return // the plan's form asks again there, in other steps
	}
	// A plan shows what it means before it is saved.
	dora.presses(card, "Add plan")
	view = dora.form("Plan maintenance")
	yearly := id(int64(c.count("SELECT id FROM pm_template WHERE name = 'Yearly service'")))
	if errs := dora.submits(view, map[string]string{"template": yearly, "every": "1", "unit": "month", "first_on": "2026-03-31", "shift": "after", "meter_every": "15000"}); len(errs) > 0 {
		c.Fatalf("the plan is refused: %v", errs)
	}
	view = dora.holding("Plan maintenance", "Tue 31 Mar 2026, Thu 30 Apr 2026, Mon 1 Jun 2026, Tue 30 Jun 2026, Fri 31 Jul 2026", "when the meter shows 75,000 pages")
	before = dora.told()
	dora.accepted(view, nil)
	saved := dora.isTold(before, "The plan Yearly service for Vela C301 AB-77 is saved. It is due next on Tuesday 31 March 2026.")
	before = dora.told()
	dora.presses(saved, "Open")
	dora.isTold(before, "every month or every 15,000 pages", "Best available")
	dora.asks("/equipment 3", "Yearly service", "every month or every 15,000 pages", "due 31 Mar 2026", "planned maintenance: Yearly service")
}

// maintained is one task from its first reminder until the next one is due.
func maintained(c *firm) {
	dora, tim := c.dora, c.tim
	c.onDuty(c.tim)
	c.plan(c.customer("City Cinema", "+442079460789", "Vela C301"), "2026-03-24",
		"check Filter cleaned", "pass Rollers", "number Fuser temperature 150..200 °C", "choice Wear: new, worn", "text Remarks (optional)", "photo Type plate")
	c.ticks()
	reminder := tim.readsDM("Maintenance 1 is due in 14 days, on Tue 24 Mar 2026", "Vela C301 S-1 at City Cinema")
	c.clock.move(7 * day)
	c.ticks()
	tim.readsDM("Maintenance 1 is due in 7 days")

	tim.presses(reminder, "Start")
	tim.fieldError(tim.form("Maintenance 1"), map[string]string{}, "answer_0", "Mark it as done")
	tim.step(1, "done", nil)
	next := tim.step(2, "fail", map[string]string{"note": "torn on the left"})
	if !saysAll(next.AllText(), []string{"Step 2 failed: call 1 is opened for it", "Step 3 of 6"}) {
		c.Errorf("after a failed step:\n%s", next.AllText())
	}
	tim.fieldError(next, map[string]string{"answer_2": "warm"}, "answer_2", "“warm” is not a number")
	tim.step(3, "210", nil)
	next = tim.step(4, "0", map[string]string{"then": "back"}) // one back: the fuser
	if !strings.Contains(next.AllText(), "Step 3 of 6") {
		c.Errorf("one step back is\n%s", next.AllText())
	}
	// The phone rings; at home he goes on, on another device.
	tim.step(3, "", map[string]string{"then": "stop"})
	tim.noForm()
	tim.startsAtHome("Continue", "Your maintenance", "1 · City Cinema · Vela C301 S-1", "Started")
	tim.step(3, "", nil)
	tim.step(5, "", nil)
	last := tim.step(6, "", map[string]string{"photos": tim.uploads("plate.png", picture(c.T))})
	if !saysAll(last.AllText(), []string{"1 flagged", "1 failed", "Fuser temperature · 210 °C", "Rollers · torn on the left · call 1"}) {
		c.Errorf("the summary is\n%s", last.AllText())
	}
	c.settled() // the photo is kept before the sheet is made
	tim.accepted(last, map[string]string{"outcome": "Runs well again"})
	tim.reported(tim.readsDM("The service sheet is attached"))
	sheet := dora.reads(callsChannel, "Maintenance 1 is done by Tim Tech", "1 flagged and 1 failed (call 1)")
	dora.reads(callsChannel, "Call 1 · Vela C301 S-1: Rollers: torn on the left")
	dora.reported(sheet)
	dora.asks("/maintenance 1", "Done by Tim Tech", "Runs well again", "5 of 6 done")
	dora.asks("/maintenance status:upcoming", "Planned · due Fri 24 Apr 2026")
	dora.asks("/visits", "City Cinema", "Monthly service")
	c.settled()
	dora.asks("/report maintenance from:2026-03-01 to:2026-03-31", "I am making the report")
	dora.reads(callsChannel, "Maintenance", "Compliance 100 %")
	c.settled()
}
