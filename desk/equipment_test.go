package desk

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/store"
)

// template adds a template with two steps.
func (s *shop) template(a Actor, name string) int64 {
	s.Helper()
	id, err := s.AddTemplate(s.ctx, a, Fields{"name": name, "steps": "check Filter cleaned\npass Test print"})
	s.must(err)
	return id
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

func (s *shop) plan(a Actor, e store.Equipment, f Fields) store.PmPlan {
	s.Helper()
	id, err := s.AddPlan(s.ctx, a, e.ID, f)
	s.must(err)
	p, err := s.q.GetPlan(s.ctx, id)
	s.must(err)
	return p
}

// dueOf is when a plan is due, as it is written down.
func (s *shop) dueOf(id int64) string {
	s.Helper()
	return s.list("SELECT coalesce(due_on::text, 'never') || ' ' || coalesce(due_meter::text, '-') FROM pm_plan WHERE id = $1", id)
}

func TestAddEquipmentRefusesTheSameTwice(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	acme, bakery := s.customer("Acme"), s.customer("Bakery")
	id, err := s.AddEquipment(s.ctx, keyed(dora, "k1"), acme.ID, Fields{"model": " Vela  C301 ", "serial": "AB-1", "skills": "Copiers, colour;copiers"})
	s.must(err)
	again, err := s.AddEquipment(s.ctx, keyed(dora, "k1"), acme.ID, Fields{"model": "Vela C301", "serial": "AB-1"})
	s.must(err)
	if again != id {
		t.Errorf("the same delivery made machine %d and %d", id, again)
	}
	s.is("the machine", s.list("SELECT model || '/' || serial || '/' || search || '/' || array_to_string(skills, '+') FROM equipment"), "Vela C301/AB-1/vela c301 ab-1/copiers+colour")
	_, err = s.AddEquipment(s.ctx, dora, bakery.ID, Fields{"model": "vela c301", "serial": "ab-1"})
	s.refuses(err, Invalid, "marked fields")
	if text := said(err, "serial"); !strings.Contains(text, "machine 1 of Acme") {
		t.Errorf("the serial number's field says %q", text)
	}
	_, err = s.AddEquipment(s.ctx, dora, acme.ID, Fields{"installed_on": "2026-03-11", "warranty_until": "2026-02-30", "serial": strings.Repeat("x", 101)})
	for field, want := range map[string]string{"model": "missing", "serial": "at most 100", "installed_on": "not come yet", "warranty_until": "not a day that exists"} {
		if text := said(err, field); !strings.Contains(text, want) {
			t.Errorf("%s: %q", field, text)
		}
	}
	_, err = s.AddEquipment(s.ctx, s.member("Vic", Viewer), acme.ID, Fields{"model": "a", "serial": "b"})
	s.refuses(err, Forbidden)
}

// said is what a refusal says about a field.
func said(err error, field string) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields[field]
	}
	return ""
}

func TestTwoPeopleEditOneMachine(t *testing.T) {
	s := openShop(t)
	dora, tim := s.member("Dora", Dispatcher), s.technician("Tim")
	e := s.machine(s.customer("Acme"), "AB-1")
	form := equipmentFields(e)
	form["notes"] = "In the cellar"
	s.must(s.EditEquipment(s.ctx, dora, e.ID, e.Version, form))
	form = equipmentFields(e)
	form["contract_until"] = "2027-01-31"
	s.must(s.EditEquipment(s.ctx, tim, e.ID, e.Version, form))
	s.is("merged", s.list("SELECT notes || ', ' || contract_until || ', ' || version FROM equipment"), "In the cellar, 2027-01-31, 3")
	form["notes"] = "On the roof"
	err := s.EditEquipment(s.ctx, tim, e.ID, e.Version, form)
	s.refuses(err, Conflict)
}

func TestReadMeter(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	e := s.machine(s.customer("Acme"), "AB-1")
	read := func(in NewReading) (*Doubt, error) { return s.Desk.ReadMeter(s.ctx, dora, e.ID, in) }
	ok := func(in NewReading) {
		t.Helper()
		doubt, err := read(in)
		s.must(err)
		if doubt != nil {
			t.Fatalf("%+v: %s", in, doubt.Text)
		}
	}
	wrong := func(in NewReading, field, want string) {
		t.Helper()
		_, err := read(in)
		if text := said(err, field); !strings.Contains(text, want) {
			t.Errorf("%+v: %s says %q, want %q", in, field, text, want)
		}
	}
	wrong(NewReading{Value: "100"}, "meter_unit", "missing")
	ok(NewReading{Value: "10,000", Unit: "pages", On: "2026-02-28"})
	s.is("the unit", s.list("SELECT meter_unit FROM equipment"), "pages")
	ok(NewReading{Value: "11 000"})
	wrong(NewReading{Value: "10999"}, "value", "10,999 is less than the meter showed before: 11,000 pages on 10 March 2026")
	wrong(NewReading{Value: "9999", On: "2026-03-01"}, "value", "10,000 pages on 28 February 2026")
	wrong(NewReading{Value: "12000", On: "2026-03-01"}, "value", "more than the meter showed later: 11,000 pages")
	wrong(NewReading{Value: "12000", On: "2026-03-11"}, "on", "11 March 2026 has not come yet")
	wrong(NewReading{Value: "12.5"}, "value", "whole number")
	wrong(NewReading{Value: ""}, "value", "Type what the meter shows")
	wrong(NewReading{Value: "5", Replaced: true}, "note", "why the meter was replaced")
	ok(NewReading{Value: "10400", On: "2026-03-04"}) // a late one, between its neighbours
	s.clock.move(24 * time.Hour)
	doubt, err := read(NewReading{Value: "111000"})
	s.must(err)
	if doubt == nil || doubt.Value != 111000 || !strings.Contains(doubt.Text, "100,000 pages more than on 10 March 2026. This machine usually makes about 100 a day.") {
		t.Fatalf("a jump is not asked about: %+v", doubt)
	}
	s.is("nothing is kept of a doubt", s.list("SELECT count(*) FROM reading"), "3")
	if doubt, err = read(NewReading{Value: "111001", Sure: 111000}); err != nil || doubt == nil {
		t.Errorf("another value than the one asked about is kept: %v %v", doubt, err)
	}
	ok(NewReading{Value: "111000", Sure: 111000})
	ok(NewReading{Value: "5", Replaced: true, Note: "it broke"})
	s.clock.move(24 * time.Hour)
	ok(NewReading{Value: "20"})
	wrong(NewReading{Value: "4"}, "value", "20 pages on 12 March 2026")
	s.is("readings", s.list("SELECT value || CASE WHEN replaced THEN '!' ELSE '' END FROM reading ORDER BY at, id"), "10000, 10400, 11000, 111000, 5!, 20")
}

func TestPlansFollowTheMeter(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	e := s.machine(s.customer("Acme"), "AB-1")
	template := idText(s.template(dora, "Service"))
	_, err := s.AddPlan(s.ctx, dora, e.ID, Fields{"template": template, "meter_every": "1000"})
	if text := said(err, "meter_every"); !strings.Contains(text, "Read it first") {
		t.Errorf("a plan on a meter that nobody knows: %q", text)
	}
	read := func(value string, more ...func(*NewReading)) {
		t.Helper()
		in := NewReading{Value: value, Unit: "pages"}
		for _, f := range more {
			f(&in)
		}
		_, err := s.Desk.ReadMeter(s.ctx, dora, e.ID, in)
		s.must(err)
	}
	read("4200", func(r *NewReading) { r.On = "2026-02-28" })
	p := s.plan(dora, e, Fields{"template": template, "meter_every": "1,000"})
	s.is("the next multiple", s.dueOf(p.ID), "never 5000")
	read("4300") // ten a day
	s.is("estimated", s.dueOf(p.ID), "2026-05-19 5000")
	read("4900", func(r *NewReading) { r.Replaced, r.Note = false, ""; r.Sure = 4900 })
	read("7", func(r *NewReading) { r.Replaced, r.Note = true, "new board" })
	s.is("what was left is left on the new meter", s.dueOf(p.ID), "never 107")
	s.clock.move(24 * time.Hour)
	read("120", func(r *NewReading) { r.Sure = 120 })
	s.is("it got there", s.dueOf(p.ID), "2026-03-11 107")
	due, err := s.planDue(s.ctx, s.q, s.stored(p.ID), s.Now())
	s.must(err)
	s.is("its key", due.Key, "m107r1")
	s.settle(p.ID, due.Key, "done")
	s.is("after it was done", s.dueOf(p.ID), "2026-03-20 1107")
}

func TestAPlanThatRestsFollowsANewMeter(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	e := s.machine(s.customer("Acme"), "AB-1")
	_, err := s.Desk.ReadMeter(s.ctx, dora, e.ID, NewReading{Value: "4200", Unit: "pages"})
	s.must(err)
	p := s.plan(dora, e, Fields{"template": idText(s.template(dora, "Service")), "meter_every": "1000"})
	s.must(s.StopPlan(s.ctx, dora, p.ID))
	s.clock.move(24 * time.Hour)
	_, err = s.Desk.ReadMeter(s.ctx, dora, e.ID, NewReading{Value: "0", Replaced: true, Note: "new board"})
	s.must(err)
	s.must(s.ResumePlan(s.ctx, dora, p.ID))
	s.is("what was left is left on the new meter", s.dueOf(p.ID), "never 800")
}

// stored reads a plan again.
func (s *shop) stored(id int64) store.PmPlan {
	s.Helper()
	p, err := s.q.GetPlan(s.ctx, id)
	s.must(err)
	return p
}

// settle ends an occurrence of a plan now, as tasks do.
func (s *shop) settle(id int64, key, status string) {
	s.Helper()
	_, err := s.Store.Pool.Exec(s.ctx, `INSERT INTO pm_task (plan_id, due_key, due_on, status, checklist, created_at, done_at)
		VALUES ($1, $2, $3::date, $4::text, 1, $5::timestamptz, CASE WHEN $4::text = 'done' THEN $5::timestamptz END)`, id, key, s.Now(), status, s.Now())
	s.must(err)
	_, err = s.putDue(s.ctx, s.q, s.stored(id))
	s.must(err)
}

func TestPlansOnTheCalendar(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	e := s.machine(s.customer("Acme"), "AB-1")
	f := Fields{"template": idText(s.template(dora, "Service")), "every": "1", "unit": "month", "first_on": "2026-03-31", "shift": "after"}
	dates, err := s.PreviewPlan(s.ctx, dora, e.ID, 0, f)
	s.must(err)
	s.is("before it is saved", shownDays(dates.Days), "2026-03-31 04-30 06-01 06-30 07-31")
	p := s.plan(dora, e, f)
	s.is("the first", s.dueOf(p.ID), "2026-03-31 -")
	n, err := s.AddHolidays(s.ctx, dora, "2026-03-31..2026-04-01 Stocktaking\n2026-12-25 Christmas Day")
	s.must(err)
	if n != 3 {
		t.Errorf("%d holidays", n)
	}
	s.is("moved by a holiday", s.dueOf(p.ID), "2026-04-02 -")
	s.must(s.RemoveHoliday(s.ctx, dora, day("2026-04-01")))
	s.is("moved back", s.dueOf(p.ID), "2026-04-01 -")
	s.settle(p.ID, "2026-03-31", "done")
	s.is("after it was done", s.dueOf(p.ID), "2026-04-30 -")
	due, err := s.EditPlan(s.ctx, dora, p.ID, s.stored(p.ID).Version, Fields{"every": "2"})
	s.must(err)
	s.is("edited", due.Key, "2026-05-31")
	s.must(s.StopPlan(s.ctx, dora, p.ID))
	s.is("stopped", s.dueOf(p.ID), "never -")
	s.clock.move(200 * 24 * time.Hour) // 26 September
	s.must(s.ResumePlan(s.ctx, dora, p.ID))
	s.is("resumed: what was meanwhile is not missed", s.dueOf(p.ID), "2026-09-30 -")
	due, err = s.planDue(s.ctx, s.q, s.stored(p.ID), s.Now())
	s.must(err)
	if len(due.Missed) != 0 {
		t.Errorf("missed while it was stopped: %v", due.Missed)
	}
	s.is("its history", s.list("SELECT kind FROM event WHERE record = 'plan' ORDER BY id"), "added, edited, stopped, resumed")
	_, err = s.EditPlan(s.ctx, dora, p.ID, s.stored(p.ID).Version, Fields{"every": "", "lead_days": "400", "unit": "fortnight", "template": "99", "first_on": "soon"})
	for field, want := range map[string]string{"every": "how often", "lead_days": "from 0 to 365", "unit": "none of day", "template": "Choose the checklist", "first_on": "not a day"} {
		if text := said(err, field); !strings.Contains(text, want) {
			t.Errorf("%s: %q", field, text)
		}
	}
	_, err = s.AddPlan(s.ctx, s.technician("Tim"), e.ID, f)
	s.refuses(err, Forbidden)
}

func TestTemplatesKeepTheirVersions(t *testing.T) {
	s := openShop(t)
	dora := s.member("Dora", Dispatcher)
	id := s.template(dora, "Service")
	s.must(s.EditTemplate(s.ctx, dora, id, 1, Fields{"name": "Service", "model": "Copier X", "steps": "- check Filter cleaned\npass Test print"}))
	s.is("the same checklist is no new version", s.list("SELECT newest FROM pm_template"), "1")
	s.must(s.EditTemplate(s.ctx, dora, id, 2, Fields{"name": "Service", "model": "Copier X", "steps": "check Filter cleaned"}))
	s.is("another one is", s.list("SELECT number || ' ' || jsonb_array_length(steps) FROM pm_template_version ORDER BY number"), "1 2, 2 1")
	err := s.EditTemplate(s.ctx, dora, id, 3, Fields{"steps": "check Filter\nchekc Drum"})
	if text := said(err, "steps"); !strings.Contains(text, "Line 2: “chekc” is no kind of step. Did you mean “check”?") {
		t.Errorf("a bad line: %q", text)
	}
	_, err = s.AddTemplate(s.ctx, dora, Fields{"name": "service", "model": "copier x", "steps": "check a"})
	if text := said(err, "name"); !strings.Contains(text, "is there already: template 1") {
		t.Errorf("the same name: %q", text)
	}
	s.must(s.RetireTemplate(s.ctx, dora, id))
	e := s.machine(s.customer("Acme"), "AB-1")
	suitable, err := s.TemplatesFor(s.ctx, dora, e.Model)
	s.must(err)
	if len(suitable) != 0 {
		t.Errorf("a retired template may be chosen")
	}
}

func TestParseHolidays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "Write a holiday a line", "25.12.2026 Christmas": "Line 1: “25.12.2026” is not a day", "2026-02-30": "not a day that exists",
		"2026-12-26..2026-12-25": "Swap them", "2026-01-01..2029-01-01": "more than 400 days", "2026-12-25 " + strings.Repeat("x", 101): "too long",
	} {
		if _, err := ParseHolidays(text); err == nil || !strings.Contains(textOf(err), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	days, err := ParseHolidays("- 2026-12-24..2026-12-26 Christmas\n\n2027-01-01: New Year")
	if err != nil || len(days) != 4 || days[3].Name != "New Year" || days[1].Day != day("2026-12-25") {
		t.Errorf("%v %v", days, err)
	}
}
