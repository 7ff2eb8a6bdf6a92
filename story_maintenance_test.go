package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/desk"
	"callout/internal/sandbox/slack"
	"callout/store"
)

const day = 24 * time.Hour

// plan lets the only machine of a customer be maintained every month from a day on, by a checklist as people type it.
func (w *world) plan(c store.Customer, firstDue string, steps ...string) {
	w.Helper()
	w.planFor(c, "Pia Planner", firstDue, steps...)
}

// planFor does the same as a person who is not there yet.
func (w *world) planFor(c store.Customer, planner, firstDue string, steps ...string) {
	w.Helper()
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	parsed, err := desk.ParseSteps(strings.Join(steps, "\n"))
	must(err)
	encoded, err := json.Marshal(parsed)
	must(err)
	now, by := w.clock.Now(), w.member(planner, "viewer").member.ID
	template, err := w.app.store.InsertTemplate(w.ctx, store.InsertTemplateParams{Name: "Monthly service", CreatedBy: by, CreatedAt: now})
	must(err)
	must(w.app.store.InsertTemplateVersion(w.ctx, store.InsertTemplateVersionParams{TemplateID: template.ID, Number: 1, Steps: encoded, CreatedBy: by, CreatedAt: now}))
	due, err := time.Parse(time.DateOnly, firstDue)
	must(err)
	machine := int64(w.count("SELECT id FROM equipment WHERE customer_id = $1", c.ID))
	p, err := w.app.store.InsertPlan(w.ctx, store.InsertPlanParams{
		EquipmentID: machine, TemplateID: template.ID, Every: 1, Unit: "month", Months: []int32{}, Shift: "none", LeadDays: 14, AnchorOn: due,
		CreatedBy: by, CreatedAt: now,
	})
	must(err)
	must(w.app.store.PutPlanDue(w.ctx, store.PutPlanDueParams{ID: p.ID, DueOn: &due}))
}

// step answers the step of a checklist that is open, and returns the form that comes next.
func (p *person) step(at int, answer string, more slack.Values) openForm {
	p.Helper()
	const title = "Maintenance 1"
	field := func(name string) string { return name + "_" + strconv.Itoa(at-1) }
	values := slack.Values{}
	if answer != "" {
		values[field("answer")] = answer
	}
	for name, v := range more {
		values[field(name)] = v
	}
	view := p.form(title)
	refused := strings.Contains(view.AllText(), "Put it right") // on Discord such a field is asked again alone
	if !refused && !strings.Contains(view.AllText(), "Step "+strconv.Itoa(at)+" of") {
		p.Fatalf("%s is not at step %d:\n%s", p.name, at, view.AllText())
	}
	if errs := p.submits(view, values); len(errs) > 0 {
		p.Fatalf("%s could not answer step %d: %v", p.name, at, errs)
	}
	next, _ := p.chat().form(p)
	return next
}

func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		for y := range 40 {
			img.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 6), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMaintenanceSkippedWithApproval(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora, tim := w.member("Dora Desk", "dispatcher"), w.technician("Tim Tech", "")
	w.plan(w.customer("Acme Foods", "+442079460123", "Vela C301"), "2026-03-12", "check Filter cleaned", "check Glass cleaned", "check Tray")
	w.ticks()
	card := tim.asks("/maintenance tech:me", "1 · Acme Foods · Vela C301 S-1", "due Thu 12 Mar 2026")
	tim.presses(card, "Open")
	card = tim.isTold(0, "Maintenance 1 · Monthly service", "0 of 3 done")
	tim.presses(card, "Skip…")
	tim.accepted(tim.form("Skip maintenance 1"), slack.Values{"reason": "They moved house"})
	ask := dora.readsDM("Tim Tech asks to skip it: They moved house")
	dora.presses(ask, "Refuse skip")
	tim.readsDM("Dora Desk wants it done")
	tim.presses(card, "Reschedule…")
	form := tim.form("Reschedule")
	tim.fieldError(form, slack.Values{"due_on": "2026-03-09", "reason": "closed"}, "due_on", "choose today or a later day")
	tim.accepted(form, slack.Values{"due_on": "2026-03-16", "reason": "They unpack first"})
	w.clock.move(6 * day)
	w.ticks()
	tim.presses(tim.readsDM("Maintenance 1 is due today"), "Start")

	// Some of it can't be done today: it becomes a task of its own.
	tim.step(1, "done", nil)
	finish := tim.step(2, "", slack.Values{"then": "finish"})
	tim.fieldError(finish, slack.Values{}, "reason", "Say why 2 steps are left")
	tim.accepted(finish, slack.Values{"reason": "No ladder"})
	dora.reads(callsChannel, "Maintenance 1 is done by Tim Tech", "2 left")
	card = tim.asks("/maintenance 2", "No ladder", "0 of 2 done", "Mon 23 Mar 2026", "Carries on", "maintenance 1")
	tim.presses(card, "Skip…")
	tim.accepted(tim.form("Skip maintenance 2"), slack.Values{"reason": "Done by the customer"})
	dora.presses(dora.readsDM("Tim Tech asks to skip it: Done by the customer"), "Approve skip")
	tim.readsDM("Dora Desk approved that it is skipped")
	w.settled()
	dora.asks("/maintenance status:skipped", "2 · Acme Foods")
	tim.presses(card, "History")
	tim.isTold(0, "asks to skip it", "skipped it", "1 · due 16 Mar 2026 · done")
}

// TestMaintenanceByTextOnly is about a technician who has nothing but a phone with them.
func TestMaintenanceByTextOnly(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora, tim := w.member("Dora Desk", "dispatcher"), w.technician("Tim Tech", "+447700900001")
	w.plan(w.customer("Acme Foods", "+442079460123", "Vela C301"), "2026-03-10",
		"check Filter cleaned", "pass Rollers", "number Fuser 150..200 °C", "choice Wear: new, worn", "photo Plate")
	w.ticks()
	tim.texts("M")
	tim.gets("M 1: Vela C301 S-1, Acme Foods, due 10 Mar")
	tim.texts("m 1")
	tim.gets("Vela C301 S-1. Step 1/5: Filter cleaned", "Reply M 1 ok")
	tim.texts("M 1 ok")
	tim.gets("Step 2/5: Rollers", "flag or fail and what you found")
	tim.texts("M 1 fail")
	tim.gets("Say in a few words what you found")
	tim.texts("M1 fail, leaking")
	tim.gets("Step 2 failed: call 1 is opened for it.", "Step 3/5: Fuser (150 to 200 degC)", "Reply M 1 and the number")
	tim.texts("M 1 hot")
	tim.gets("hot", "is not a number")
	tim.texts("M 1 -4")
	tim.gets("Step 3: -4 degC is not 150 to 200 degC", "Step 4/5: Wear", "one of: new, worn")
	tim.texts("M 1 back")
	tim.texts("M 1 182")
	tim.texts("M 1 2")
	tim.gets("Step 5/5: Plate", "Send the photo with M 1 as its text")
	tim.texts("M 1 later")
	tim.gets("Maintenance 1: 3 fine, 1 failed and 1 left (call 1). M 1 done finishes it")
	tim.texts("M 1 done")
	tim.gets("1 step is left. M 1 done and why finishes all the same")
	tim.texts("M 1 done my camera is broken")
	tim.gets("Maintenance 1 is done, thank you", "What is left is maintenance 2, due Tue 17 Mar 2026", "The next one is due Fri 10 Apr 2026")
	dora.reads(callsChannel, "Maintenance 1 is done by Tim Tech")
	dora.reads(callsChannel, "Call 1 · Vela C301 S-1: Rollers: leaking")
	w.settled()
	for _, m := range w.sandbox.Twilio.Messages(tim.phone) {
		if m.Segments > 2 {
			t.Errorf("a text of %d parts: %s", m.Segments, m.Body)
		}
	}
}
