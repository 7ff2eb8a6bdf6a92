package seed

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"callout/desk"
)

// tasks writes the tasks in the order in which they came up, with their answers, timelines and visits.
func (b *books) tasks(steps [][]desk.Step) {
	slices.SortStableFunc(b.works, func(x, y work) int { return x.created.Compare(y.created) })
	t := newTable("pm_task", "id", "plan_id", "due_key", "due_on", "status", "technician_id", "checklist", "position", "remind_on",
		"started_at", "started_by", "done_at", "done_by", "skip_asked_by", "reason", "created_at", "version")
	answers := newTable("pm_answer", "task_id", "step", "result", "value", "note", "member_id", "via", "at")
	for i := range b.works {
		w := &b.works[i]
		w.id = int64(i + 1)
		var started, ended, remind *time.Time
		var doer *int64
		position, found := 0, [3]int{}
		switch w.status {
		case taskDone:
			started, ended, doer, position = &w.started, &w.ended, &w.by, len(steps[w.plan.template])
			found = b.answers(w, position, answers)
		case taskStarted:
			started, position, remind = &w.started, 4, b.nextReminder(w.due)
			b.answers(w, position, answers)
		case taskOpen:
			remind = b.nextReminder(w.due)
		}
		var starter *int64
		if started != nil {
			starter = &w.by
		}
		t.add(w.id, w.plan.id, w.key, w.due, w.status, w.by, int32(1), int32(position), remind, started, starter, ended, doer,
			orNil(w.skipAsked), w.reason, w.created, int64(1))
		b.tellTask(w, found)
	}
	b.tables = append(b.tables, t, answers)
}

// nextReminder is the first day after today on which the desk says something about a task that is due on a day.
func (b *books) nextReminder(due time.Time) *time.Time {
	for _, before := range []int{14, 7, 1, 0, -1, -7} {
		if day := due.AddDate(0, 0, -before); day.After(b.today()) {
			return &day
		}
	}
	return nil
}

// answers writes what was found at the first steps of a task, and returns how much was fine, flagged and failed.
func (b *books) answers(w *work, most int, t *table) (found [3]int) {
	usual := templateFacts[w.plan.template].found[:most]
	for i, a := range usual {
		if a.result == "pass" && a.value == "" && b.rng.IntN(100) < 7 {
			a = flagged[b.rng.IntN(len(flagged))]
		}
		at := w.started.Add(time.Duration(2+3*i) * time.Minute)
		via := "slack"
		if w.by%2 == 0 {
			via = "sms"
		}
		t.add(w.id, int32(i), a.result, a.value, a.note, w.by, via, at)
		found[max(0, slices.Index([]string{"", "flag", "fail"}, a.result))]++
	}
	return found
}

func (b *books) tellTask(w *work, found [3]int) {
	say := func(at time.Time, by *int64, what, after, note string) {
		via := "slack"
		if by == nil {
			via = "desk"
		}
		b.tell(entry{kind: desk.TaskRecord, id: w.id, at: at, by: by, via: via, what: what, after: after, note: note})
	}
	say(w.created, nil, "made", "", "")
	switch w.status {
	case taskStarted:
		say(w.started, &w.by, "started", "", "")
	case taskSkipped:
		say(w.started, &w.skipAsked, "skip_asked", "", w.reason)
		say(w.ended, &w.skipAllowedBy, "skipped", "", w.reason)
	case taskDone:
		summary := fmt.Sprintf("%d fine", found[0])
		if found[1] > 0 {
			summary += fmt.Sprintf(" and %d flagged", found[1])
		}
		say(w.started, &w.by, "started", "", "")
		say(w.ended, &w.by, "finished", summary, "")
		m := w.plan.machine
		b.trips = append(b.trips, trip{
			customer: w.plan.owner.ID, purpose: desk.VisitMaintenance, by: w.by, at: w.started, logged: w.ended, happened: true, task: w.id, loggedBy: w.by,
			outcome: fmt.Sprintf("%s, %s %s: %s.", templateFacts[w.plan.template].name, m.Model, m.Serial, summary), what: "recorded",
			note: fmt.Sprintf("maintenance task %d", w.id),
		})
	}
}

// pressPages is how many pages a big press prints on a day.
const pressPages = 400

// meterUnits says what the machines of a kind count.
var meterUnits = map[string]string{"copier": "pages", "printer": "pages", "coffee": "cups", "franking": "letters"}

// meters writes a reading a month for each machine that counts, and returns them by machine, the newest first.
func (b *books) meters() map[int64][]desk.MeterReading {
	t := newTable("reading", "equipment_id", "value", "at", "member_id", "via", "note")
	all := map[int64][]desk.MeterReading{}
	type row struct {
		machine, value, by int64
		at                 time.Time
	}
	var rows []row
	technicians := []int64{b.member("priya"), b.member("tomasz"), b.member("luca"), b.member("aoife")}
	for _, c := range b.firm.Customers {
		for _, m := range c.Machines {
			perDay := int64(15 + b.rng.IntN(120))
			if strings.HasPrefix(m.Model, "Brimstone") {
				perDay = pressPages
			}
			if meterUnits[m.kind] == "" {
				continue
			}
			oldest := historyDays + 30 + int(c.ID)*17 - 1
			start := 40_000 + m.ID*1_000
			for ago := 2 + int(m.ID)%5; ago < min(oldest, 400); ago += 30 {
				value := start + perDay*int64(400-ago) + int64(b.rng.IntN(int(perDay)))
				at := b.clock(ago, 10+int(m.ID)%7, int(m.ID)%60)
				rows = append(rows, row{m.ID, value, technicians[int(m.ID)%len(technicians)], at})
				all[m.ID] = append(all[m.ID], desk.MeterReading{On: desk.DayOf(at, b.zone), Value: value})
			}
		}
	}
	slices.SortStableFunc(rows, func(x, y row) int { return x.at.Compare(y.at) })
	for _, r := range rows {
		t.add(r.machine, r.value, r.at, r.by, "slack", "")
	}
	b.tables = append(b.tables, t)
	return all
}

// daysOff are the days on which the company works not at all, of last year to next. Today is none, whatever day it is: who looks at
// the demo at Christmas shall find somebody on duty.
func (b *books) daysOff() []time.Time {
	var days []time.Time
	for _, h := range b.holidayList() {
		days = append(days, h.day)
	}
	return days
}

type dayOff struct {
	day  time.Time
	name string
}

func (b *books) holidayList() []dayOff {
	var list []dayOff
	for year := b.today().Year() - 1; year <= b.today().Year()+1; year++ {
		for _, h := range holidayFacts {
			day := time.Date(year, h.month, h.day, 0, 0, 0, 0, time.UTC)
			if !day.Equal(b.today()) {
				list = append(list, dayOff{day, h.name})
			}
		}
	}
	return list
}

var holidayFacts = []struct {
	month time.Month
	day   int
	name  string
}{
	{time.January, 1, "New Year's Day"},
	{time.June, 12, "Harbour Day"},
	{time.December, 25, "Christmas Day"},
	{time.December, 26, "Boxing Day"},
}

func (b *books) holidays() {
	t := newTable("holiday", "day", "name")
	for _, h := range b.holidayList() {
		t.add(h.day, h.name)
	}
	b.tables = append(b.tables, t)
}
