package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// rule is when a plan is due, as a plain value.
func rule(p store.PmPlan) Rule {
	r := Rule{
		Every: int(p.Every), Unit: p.Unit, MeterEvery: p.MeterEvery, FromCompletion: p.FromCompletion, Shift: p.Shift,
		Anchor: p.AnchorOn, AnchorMeter: p.AnchorMeter,
	}
	for _, m := range p.Months {
		r.Months = append(r.Months, time.Month(m))
	}
	return r
}

// planDue decides what of a plan is due that is not settled, from its tasks that are over and the readings of its machine. While a
// task is open the answer stays the same; it moves on once the task is done, skipped or missed. The caller has locked the plan,
// and writes what is decided with putDue. What it says was missed is yet to be recorded as tasks, after which it says so no more.
func (d *Desk) planDue(ctx context.Context, q *store.Queries, p store.PmPlan, now time.Time) (Due, error) {
	h, err := d.planHistory(ctx, q, p, now)
	if err != nil {
		return Due{}, err
	}
	return rule(p).Due(h), nil
}

// planHistory reads what the next due date of a plan depends on.
func (d *Desk) planHistory(ctx context.Context, q *store.Queries, p store.PmPlan, now time.Time) (History, error) {
	h := History{Since: d.planSince(p), Lead: int(p.LeadDays), Today: DayOf(now, d.Zone)}
	days, err := q.ListHolidayDays(ctx)
	if err != nil {
		return h, fmt.Errorf("list holidays: %w", err)
	}
	h.Holidays = NewHolidays(days...)
	if err := d.readMeter(ctx, q, p.EquipmentID, &h); err != nil {
		return h, err
	}
	return h, d.readSettled(ctx, q, p, &h)
}

// planSince is the day from which a plan counts what was missed.
func (d *Desk) planSince(p store.PmPlan) Day {
	if p.SinceOn != nil {
		return *p.SinceOn
	}
	return DayOf(p.CreatedAt, d.Zone)
}

// readMeter reads what the meter of a machine showed since it was put in.
func (d *Desk) readMeter(ctx context.Context, q *store.Queries, equipmentID int64, h *History) error {
	rows, err := q.ListMeter(ctx, equipmentID)
	if err != nil {
		return fmt.Errorf("list readings of machine %d: %w", equipmentID, err)
	}
	for _, r := range rows {
		h.Readings = append(h.Readings, MeterReading{On: DayOf(r.At, d.Zone), Value: r.Value})
		h.Replaced = int(r.Meters)
	}
	return nil
}

// readSettled reads which occurrences of a plan are over, and when the work was done last.
func (d *Desk) readSettled(ctx context.Context, q *store.Queries, p store.PmPlan, h *History) error {
	over := []string{"skipped", "missed"}
	if !p.FromCompletion {
		over = append(over, "done")
	}
	settled, err := q.GetPlanSettled(ctx, store.GetPlanSettledParams{PlanID: p.ID, Statuses: over, Meter: meterPattern(h.Replaced)})
	if err != nil {
		return fmt.Errorf("read what is over of plan %d: %w", p.ID, err)
	}
	h.Settled = dayOfKey(settled.DayKey)
	if settled.Meters > 0 {
		h.SettledM = &settled.Meter
	}
	done, err := q.GetPlanDone(ctx, p.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read when plan %d was done: %w", p.ID, err)
	}
	h.Done, h.ByMeter = DayOf(*done.DoneAt, d.Zone), done.DueKey[0] == 'm'
	for _, r := range h.Readings { // of an earlier meter nothing counts: the plan's anchor was moved when it was replaced
		if !r.On.After(h.Done) {
			h.DoneMeter = &r.Value
			break
		}
	}
	return nil
}

// meterPattern matches the keys of occurrences of a meter, by how often it was replaced.
func meterPattern(replaced int) string {
	if replaced == 0 {
		return "^m-?[0-9]+$"
	}
	return fmt.Sprintf("^m-?[0-9]+r%d$", replaced)
}

// putDue decides what is due of a plan and writes it down. A plan that is stopped has nothing due.
func (d *Desk) putDue(ctx context.Context, q *store.Queries, p store.PmPlan) (Due, error) {
	var due Due
	if p.Active {
		var err error
		if due, err = d.planDue(ctx, q, p, d.Now()); err != nil {
			return due, err
		}
	}
	put := store.PutPlanDueParams{ID: p.ID}
	if !due.On.IsZero() {
		put.DueOn = &due.On
	}
	if p.Active && p.MeterEvery > 0 {
		put.DueMeter = &due.Meter
	}
	if err := q.PutPlanDue(ctx, put); err != nil {
		return due, fmt.Errorf("write when plan %d is due: %w", p.ID, err)
	}
	return due, nil
}

// putDueOf does the same for every plan of a machine, whose meter shows something new.
func (d *Desk) putDueOf(ctx context.Context, q *store.Queries, equipmentID int64) error {
	plans, err := q.LockPlansOf(ctx, equipmentID)
	if err != nil {
		return fmt.Errorf("list plans of machine %d: %w", equipmentID, err)
	}
	for _, p := range plans {
		if _, err := d.putDue(ctx, q, p); err != nil {
			return err
		}
	}
	return nil
}
