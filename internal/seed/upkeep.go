package seed

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"callout/desk"
)

// The statuses of a task.
const (
	taskOpen    = "open"
	taskStarted = "started"
	taskDone    = "done"
	taskSkipped = "skipped"
)

// templates writes the checklists and returns their steps.
func (b *books) templates() ([][]desk.Step, error) {
	t := newTable("pm_template", "id", "name", "model", "newest", "created_by", "created_at")
	versions := newTable("pm_template_version", "template_id", "number", "steps", "created_by", "created_at")
	var all [][]desk.Step
	by, at := b.member("maren"), b.clock(700, 10, 0)
	for i, f := range templateFacts {
		steps, err := desk.ParseSteps(f.steps)
		if err != nil {
			return nil, fmt.Errorf("steps of %s: %w", f.name, err)
		}
		text, err := json.Marshal(steps)
		if err != nil {
			return nil, fmt.Errorf("encode steps: %w", err)
		}
		id := int64(i + 1)
		t.add(id, f.name, f.model, int32(1), by, at)
		versions.add(id, int32(1), text, by, at)
		b.tell(entry{kind: desk.TemplateRecord, id: id, at: at, by: &by, via: "slack", what: "added"})
		all = append(all, steps)
	}
	b.tables = append(b.tables, t, versions)
	return all, nil
}

// plan is a maintenance rule while its past is played through.
type plan struct {
	planFact
	id      int64
	machine *Machine
	owner   *Customer
	rule    desk.Rule
	created time.Time
	h       desk.History
	behind  int
	due     desk.Due
}

// work is one task of a plan.
type work struct {
	id                       int64
	plan                     *plan
	key                      string
	due                      time.Time
	status, reason           string
	by                       int64
	created, started, ended  time.Time
	skipAsked, skipAllowedBy int64
}

// upkeep writes meters, templates, plans and tasks.
func (b *books) upkeep() error {
	steps, err := b.templates()
	if err != nil {
		return err
	}
	holidays := desk.NewHolidays(b.daysOff()...)
	meters := b.meters()
	t := newTable("pm_plan", "id", "equipment_id", "template_id", "every", "unit", "meter_every", "from_completion", "months", "shift",
		"lead_days", "technician_id", "anchor_on", "anchor_meter", "done_count", "due_on", "due_meter", "created_by", "created_at")
	by := b.member("joel")
	for i, f := range planFacts {
		p := b.newPlan(int64(i+1), f, meters)
		p.h.Holidays = holidays
		b.playPlan(p)
		var on *time.Time
		var meter *int64
		if !p.due.On.IsZero() {
			on = &p.due.On
		}
		if p.meter > 0 {
			meter = &p.due.Meter
		}
		months := p.months
		if months == nil {
			months = []int32{}
		}
		t.add(p.id, p.machine.ID, int64(p.template+1), int32(p.every), p.unit, p.meter, p.fromDone, months, p.shift, int32(p.lead),
			orNil(b.fixed(p)), p.rule.Anchor, p.rule.AnchorMeter, int32(p.behind), on, meter, by, p.created)
		b.tell(entry{kind: desk.PlanRecord, id: p.id, at: p.created, by: &by, via: "slack", what: "added"})
	}
	b.tables = append(b.tables, t)
	b.tasks(steps)
	return nil
}

func (b *books) fixed(p *plan) int64 {
	if p.technician == "" {
		return 0
	}
	return b.member(p.technician)
}

// newPlan sets a rule up so that it stands as its fact says.
func (b *books) newPlan(id int64, f planFact, meters map[int64][]desk.MeterReading) *plan {
	p := &plan{planFact: f, id: id, owner: b.customer(f.customer)}
	k := slices.IndexFunc(p.owner.Machines, func(m Machine) bool { return m.Model == f.model })
	p.machine = &p.owner.Machines[k]
	p.rule = desk.Rule{Every: f.every, Unit: f.unit, MeterEvery: f.meter, FromCompletion: f.fromDone, Shift: f.shift}
	for _, m := range f.months {
		p.rule.Months = append(p.rule.Months, time.Month(m))
	}
	today := b.today()
	switch {
	case f.in != never:
		first := today.AddDate(0, 0, f.in)
		if first.Day() > 28 { // every month has it
			first = first.AddDate(0, 0, 28-first.Day())
		}
		p.rule.Anchor = first.AddDate(0, -f.turns*f.every*map[string]int{"month": 1, "year": 12}[f.unit], 0)
	case f.every > 0:
		p.rule.Anchor = time.Date(today.Year()-1, time.Month(f.months[0]), 15, 0, 0, 0, 0, time.UTC)
	default:
		p.rule.Anchor = today.AddDate(0, 0, -170)
	}
	days := int(today.Sub(p.rule.Anchor).Hours()/24) + 30
	p.created = b.clock(days, 10, int(id))
	p.h = desk.History{Since: desk.DayOf(p.created, b.zone), Lead: f.lead, Today: p.rule.Anchor, Readings: meters[p.machine.ID]}
	if f.meter > 0 {
		newest := p.h.Readings[0].Value
		p.rule.AnchorMeter = newest + 7*pressPages - f.meter // about a week to go
		if f.status == "meter over" {
			p.rule.AnchorMeter = newest - 1_500 - f.meter
		}
	}
	return p
}

// playPlan lets the work of a plan be done, turn by turn, and leaves what is due next.
func (b *books) playPlan(p *plan) {
	today, last := b.today(), p.created
	for {
		readings := p.h.Readings
		p.h.Readings = readingsUntil(readings, p.h.Today)
		p.due = p.rule.Due(p.h)
		p.h.Readings = readings
		done := p.workDay(b)
		if p.behind >= p.turns && p.in != never || p.due.On.IsZero() || !done.Before(today) {
			break
		}
		w := b.playWork(p, done, last)
		last = w.ended
		p.behind++
		p.h.Today = done
		if !p.rule.FromCompletion || w.status == taskSkipped {
			p.h.Settled = keyDay(p.due.Key)
		}
		if w.status == taskDone {
			p.h.Done = done
			if past := readingsUntil(p.h.Readings, done); len(past) > 0 {
				p.h.DoneMeter = &past[0].Value
			}
		}
	}
	p.h.Today = today
	p.due = p.rule.Due(p.h)
	if p.due.On.IsZero() || p.due.On.AddDate(0, 0, -p.lead).After(today) {
		return
	}
	b.openWork(p, last)
}

func keyDay(key string) time.Time {
	day, _ := time.Parse(time.DateOnly, key) // the desk's own writing
	return day
}

func readingsUntil(all []desk.MeterReading, day time.Time) []desk.MeterReading {
	for i, r := range all {
		if !r.On.After(day) {
			return all[i:]
		}
	}
	return nil
}

// workDay is when a turn is done: mostly in time, sometimes some days late, on a working day.
func (p *plan) workDay(b *books) time.Time {
	late := 0
	if !p.fromDone {
		late = []int{0, 0, -1, 0, 0, 4, 0, -2}[b.rng.IntN(8)]
	}
	day := p.due.On.AddDate(0, 0, late)
	switch day.Weekday() {
	case time.Saturday:
		return day.AddDate(0, 0, -1)
	case time.Sunday:
		return day.AddDate(0, 0, 1)
	}
	return day
}

// appeared is when the task of a due date came up: as early as the plan wants, once the one before was over.
func (b *books) appeared(p *plan, last time.Time) time.Time {
	at := time.Date(p.due.On.Year(), p.due.On.Month(), p.due.On.Day()-p.lead, 0, 0, 15, 0, b.zone).UTC()
	if at.Before(last) {
		at = last.Add(15 * time.Second)
	}
	return at
}

func (b *books) playWork(p *plan, day, last time.Time) *work {
	started := time.Date(day.Year(), day.Month(), day.Day(), 9+b.rng.IntN(6), b.rng.IntN(60), 0, 0, b.zone).UTC()
	w := work{
		plan: p, key: p.due.Key, due: p.due.On, status: taskDone, by: b.technicianFor(p), created: b.appeared(p, last),
		started: started, ended: started.Add(time.Duration(35+b.rng.IntN(70)) * time.Minute),
	}
	if p.status == taskSkipped && p.behind == p.turns-1 {
		w.status, w.reason, w.skipAsked, w.skipAllowedBy = taskSkipped, "The café is closed for two weeks.", w.by, b.member("joel")
	}
	b.works = append(b.works, w)
	return &b.works[len(b.works)-1]
}

// openWork is the task that waits, or is under way, now.
func (b *books) openWork(p *plan, last time.Time) {
	w := work{plan: p, key: p.due.Key, due: p.due.On, status: taskOpen, by: b.technicianFor(p), created: b.appeared(p, last)}
	if !w.created.Before(b.now) { // its day has just begun
		w.created = b.now.Add(-time.Minute)
	}
	if p.status == taskStarted {
		w.status, w.started = taskStarted, b.now.Add(-50*time.Minute)
		w.created = earlier(w.created, w.started.Add(-time.Hour))
	}
	b.works = append(b.works, w)
}

func earlier(x, y time.Time) time.Time {
	if x.Before(y) {
		return x
	}
	return y
}

// technicianFor is who does it: who is fixed, or in turn who has learned it.
func (b *books) technicianFor(p *plan) int64 {
	if id := b.fixed(p); id != 0 {
		return id
	}
	var able []int64
	for _, m := range b.firm.Members {
		if m.is(desk.Technician) && !slices.ContainsFunc(p.machine.Skills, func(s string) bool { return !has(m.Skills, s) }) {
			able = append(able, m.ID)
		}
	}
	return able[(int(p.id)+p.behind)%len(able)]
}
