package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"callout/store"
)

// TaskRow is a task as lists and reports show it; one whose ID is 0 is what a plan will want.
type TaskRow = store.TaskRow

// TaskPage is one page of a list of tasks.
type TaskPage struct {
	Tasks []TaskRow
	Next  string // pass as after to get the next page; empty at the end
}

// Tasks lists the tasks a filter lets through: what is not over by its day, what is over newest first. Without a status it is what
// is not over.
func (d *Desk) Tasks(ctx context.Context, a Actor, f Filter, after string, size int) (TaskPage, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return TaskPage{}, err
	}
	where, err := d.resolveTasks(ctx, a, f)
	if err != nil {
		return TaskPage{}, err
	}
	where.After, where.Limit = taskKeyOf(after), size+1
	rows, err := d.Store.ListTasks(ctx, where)
	if err != nil {
		return TaskPage{}, fmt.Errorf("list tasks: %w", err)
	}
	page := TaskPage{Tasks: rows}
	if len(rows) > size {
		page.Tasks = rows[:size]
		last := rows[size-1]
		page.Next = fmt.Sprintf("%s.%d.%d", last.DueOn.Format(dayKey), last.ID, last.PlanID)
	}
	return page, nil
}

// taskKeyOf reads the Next of a page; nil if it is none.
func taskKeyOf(next string) *store.TaskKey {
	parts := strings.Split(next, ".")
	if len(parts) != 3 {
		return nil
	}
	day, err := time.Parse(dayKey, parts[0])
	id, idErr := strconv.ParseInt(parts[1], 10, 64)
	plan, planErr := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || idErr != nil || planErr != nil {
		return nil
	}
	return &store.TaskKey{DueOn: day, ID: id, PlanID: plan}
}

// resolveTasks turns a filter into what the database compares.
func (d *Desk) resolveTasks(ctx context.Context, a Actor, f Filter) (store.TaskWhere, error) {
	zone := d.ZoneOf(a.Member)
	w := store.TaskWhere{Status: f.Status, Today: DayOf(d.Now(), zone), Words: patterns(f.Words)}
	if f.Customer != "" {
		w.Customer = searchPatterns(f.Customer)
	}
	from, to, err := f.Period(d.Now(), zone)
	if err != nil {
		return w, err
	}
	w.From, w.To = dayOrNil(from, zone), dayOrNil(to, zone)
	if f.Tech != "" {
		w.Technicians, w.NoTechnician, err = d.resolveWho(ctx, a, "tech", f.Tech)
	}
	return w, err
}

func dayOrNil(moment *time.Time, zone *time.Location) *Day {
	if moment == nil {
		return nil
	}
	day := DayOf(*moment, zone)
	return &day
}

// MaintenanceReport is the data of a report on maintenance.
type MaintenanceReport struct {
	Zone                  *time.Location
	From, To              time.Time // To is the first moment after the period
	Totals                store.TaskTotals
	ByTechnician, ByModel []store.TaskTotals
	Each                  func(ctx context.Context, fn func(TaskRow) error) error
}

// MaintenanceReport counts the tasks a filter lets through, by what became of them. Without a period it covers the last 30 days.
func (d *Desk) MaintenanceReport(ctx context.Context, a Actor, f Filter) (MaintenanceReport, error) {
	r := MaintenanceReport{Zone: d.ZoneOf(a.Member)}
	if err := a.may(MakeReports); err != nil {
		return r, err
	}
	if f.From == "" && f.To == "" {
		f.From, f.To = defaultPeriod, "today"
	}
	where, err := d.resolveTasks(ctx, a, f)
	if err != nil {
		return r, err
	}
	if where.Status == "" {
		where.Status = store.TasksAll
	}
	from, to, err := f.Period(d.Now(), r.Zone)
	if err != nil {
		return r, err
	}
	r.From, r.To = orZero(from), orZero(to)
	zone := r.Zone.String()
	all, err := d.Store.CountTasks(ctx, where, zone, store.TasksTogether)
	if err != nil {
		return r, err
	}
	if len(all) > 0 {
		r.Totals = all[0]
	}
	if r.ByTechnician, err = d.Store.CountTasks(ctx, where, zone, store.TasksByTechnician); err != nil {
		return r, err
	}
	if r.ByModel, err = d.Store.CountTasks(ctx, where, zone, store.TasksByModel); err != nil {
		return r, err
	}
	r.Each = func(ctx context.Context, fn func(TaskRow) error) error { return d.Store.EachTask(ctx, where, fn) }
	return r, nil
}

// checkMaintenanceReport refuses a filter that names nobody who is known.
func (d *Desk) checkMaintenanceReport(ctx context.Context, a Actor, f Filter) error {
	if err := a.may(SeeMaintenance); err != nil {
		return err
	}
	_, err := d.resolveTasks(ctx, a, f)
	return err
}
