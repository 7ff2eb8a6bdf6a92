package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// PlanDates is what a plan means: its next due dates, and what its meter has to do with them.
type PlanDates struct {
	Days  []Day // as they are if each is done on its day
	Meter int64 // what the meter shows when it is due; 0 if the plan has no meter
	Unit  string
	Rate  float64 // units a day; 0 if it is not known
	About Day     // when the meter gets there, as far as one can tell; zero if not
	Task  int64   // the open task, which stays as it is; 0 if there is none
}

// datesShown is how many due dates a form shows.
const datesShown = 5

// PreviewPlan says what a plan would mean, and refuses what cannot be, without saving anything. id is 0 for a new plan.
func (d *Desk) PreviewPlan(ctx context.Context, a Actor, equipmentID, id int64, f Fields) (PlanDates, error) {
	if err := a.may(PlanMaintenance); err != nil {
		return PlanDates{}, err
	}
	p := store.PmPlan{EquipmentID: equipmentID, CreatedAt: d.Now()}
	var before Fields
	if id != 0 {
		var err error
		if p, err = d.q.GetPlan(ctx, id); err != nil {
			return PlanDates{}, noPlan(err, id)
		}
		before = planFields(p)
	}
	if err := d.checkPlan(ctx, d.q, f, before, &p); err != nil {
		return PlanDates{}, err
	}
	return d.planDates(ctx, d.q, p)
}

// PlanDates says what a plan that is stored means.
func (d *Desk) PlanDates(ctx context.Context, a Actor, p store.PmPlan) (PlanDates, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return PlanDates{}, err
	}
	return d.planDates(ctx, d.q, p)
}

func (d *Desk) planDates(ctx context.Context, q *store.Queries, p store.PmPlan) (PlanDates, error) {
	var dates PlanDates
	h, err := d.planHistory(ctx, q, p, d.Now())
	if err != nil {
		return dates, err
	}
	r := rule(p)
	calendar := r
	calendar.MeterEvery = 0
	dates.Days = calendar.following(h, datesShown)
	if p.ID != 0 {
		v, err := q.GetPlanView(ctx, p.ID)
		if err != nil {
			return dates, fmt.Errorf("read plan: %w", err)
		}
		dates.Task = v.TaskID
	}
	if r.MeterEvery == 0 {
		return dates, nil
	}
	e, err := q.GetEquipment(ctx, p.EquipmentID)
	if err != nil {
		return dates, fmt.Errorf("read machine: %w", err)
	}
	dates.Unit, dates.Meter = e.MeterUnit, r.Due(h).Meter
	dates.Rate, _ = Rate(h.Readings)
	dates.About, _ = Reaches(dates.Meter, h.Readings)
	return dates, nil
}

// following lists what is due now and the dates after it.
func (r Rule) following(h History, most int) []Day {
	due := r.Due(h)
	if due.On.IsZero() {
		return nil
	}
	days := []Day{due.On}
	if r.FromCompletion {
		for last := due.On; len(days) < most; {
			o, ok := r.AfterDone(h.Holidays, last)
			if !ok {
				break
			}
			days, last = append(days, o.Due), o.Due
		}
		return days
	}
	return append(days, r.Upcoming(h.Holidays, dayOfKey(due.Key), most-1)...)
}
