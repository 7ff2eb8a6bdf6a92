package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"callout/store"
)

// PlanView is a plan with the names around it, and its open task.
type PlanView = store.GetPlanViewRow

// Plan reads a plan for a member.
func (d *Desk) Plan(ctx context.Context, a Actor, id int64) (PlanView, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return PlanView{}, err
	}
	v, err := d.q.GetPlanView(ctx, id)
	return v, noPlan(err, id)
}

// PlanHistory reads what was changed of a plan, oldest first.
func (d *Desk) PlanHistory(ctx context.Context, a Actor, id int64) ([]RecordEntry, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return nil, err
	}
	return d.history(ctx, Record{Kind: PlanRecord, ID: id})
}

func noPlan(err error, id int64) error {
	return found(err, "There is no maintenance plan %d. The card of a machine shows its plans.", id)
}

// AddPlan plans the maintenance of a machine.
func (d *Desk) AddPlan(ctx context.Context, a Actor, equipmentID int64, f Fields) (int64, error) {
	if err := a.may(PlanMaintenance); err != nil {
		return 0, err
	}
	return d.create(ctx, a, PlanRecord, func(ctx context.Context, c *change) error {
		p := store.PmPlan{EquipmentID: equipmentID}
		if err := c.checkPlan(ctx, c.q, f, nil, &p); err != nil {
			return err
		}
		p, err := c.q.InsertPlan(ctx, store.InsertPlanParams{
			EquipmentID: equipmentID, TemplateID: p.TemplateID, Every: p.Every, Unit: p.Unit, MeterEvery: p.MeterEvery,
			FromCompletion: p.FromCompletion, Months: p.Months, Shift: p.Shift, LeadDays: p.LeadDays, TechnicianID: p.TechnicianID,
			AnchorOn: p.AnchorOn, AnchorMeter: p.AnchorMeter, CreatedBy: a.ID, CreatedAt: c.Now(),
		})
		if err != nil {
			return fmt.Errorf("write plan: %w", err)
		}
		c.record.ID = p.ID
		if _, err := c.putDue(ctx, c.q, p); err != nil {
			return err
		}
		words, err := c.planWords(ctx, p)
		if err != nil {
			return err
		}
		if err := c.event(ctx, "added", "", "", words); err != nil {
			return err
		}
		return c.eventOf(ctx, Record{Kind: EquipmentRecord, ID: equipmentID}, eventPlanAdded, "", "", words)
	})
}

// planWords names a plan by its checklist and how often it is due.
func (c *change) planWords(ctx context.Context, p store.PmPlan) (string, error) {
	v, err := c.q.GetPlanView(ctx, p.ID)
	if err != nil {
		return "", fmt.Errorf("read plan: %w", err)
	}
	return v.Template + ", " + EveryWords(p, v.Equipment.MeterUnit), nil
}

// EveryWords says how often a plan is due.
func EveryWords(p store.PmPlan, unit string) string {
	words := ""
	switch {
	case p.Every == 1:
		words = "every " + p.Unit
	case p.Every > 1:
		words = "every " + strconv.Itoa(int(p.Every)) + " " + p.Unit + "s"
	}
	if p.MeterEvery == 0 {
		return words
	}
	meter := "every " + MeterWords(p.MeterEvery, unit)
	if words == "" {
		return meter
	}
	return words + " or " + meter
}

// EditPlan changes a plan, and says what is due of it now. version is that of the plan when the form was opened; what others changed
// meanwhile is merged. See Merge. A task that is open already stays as it is.
func (d *Desk) EditPlan(ctx context.Context, a Actor, id, version int64, mine Fields) (Due, error) {
	var due Due
	err := d.onPlan(ctx, a, id, func(ctx context.Context, c *change, p store.PmPlan) error {
		before := planFields(p)
		merged, err := c.merge(ctx, edit{version: version, mine: tidiedPlan(mine)}, p.Version, before)
		if err != nil {
			return err
		}
		if err := c.checkPlan(ctx, c.q, merged, before, &p); err != nil {
			return err
		}
		after := planFields(p)
		if len(after.changed(before)) > 0 {
			if err := c.keep(ctx, p.Version, before); err != nil {
				return err
			}
			if p, err = c.savePlan(ctx, p); err != nil {
				return err
			}
			note, err := c.planChanges(ctx, before, after)
			if err != nil {
				return err
			}
			if err := c.event(ctx, eventEdited, "", "", note); err != nil {
				return err
			}
		}
		due, err = c.putDue(ctx, c.q, p)
		return err
	})
	return due, err
}

// tidiedPlan writes what was typed as it is stored where both mean the same.
func tidiedPlan(typed Fields) Fields {
	out := Fields{}
	for name, text := range typed {
		out[name] = clean(text)
		switch name {
		case "every", "meter_every", "meter_first", "lead_days":
			if n, err := meterValue(text); err == nil {
				out[name] = strconv.FormatInt(n, 10)
			}
			if out[name] == "0" && name != "lead_days" {
				out[name] = ""
			}
		case "months":
			out[name] = monthsText(monthsIn(text))
		case "technician":
			out[name] = strings.TrimPrefix(out[name], "0") // 0 lets the desk choose, as nobody does
		}
	}
	return out
}

// planChanges says what an edit changed, with names instead of numbers.
func (c *change) planChanges(ctx context.Context, before, after Fields) (string, error) {
	named := func(f Fields) (Fields, error) {
		out := Fields{}
		for name, text := range f {
			out[name] = text
		}
		for _, name := range []string{"template", "technician"} {
			id, _ := strconv.ParseInt(f[name], 10, 64)
			if id == 0 || before[name] == after[name] {
				continue
			}
			var err error
			if out[name], err = c.nameOf(ctx, name, id); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	from, err := named(before)
	if err != nil {
		return "", err
	}
	to, err := named(after)
	if err != nil {
		return "", err
	}
	return changesOf(from, to), nil
}

// nameOf is the name of a template or technician.
func (c *change) nameOf(ctx context.Context, kind string, id int64) (string, error) {
	if kind == "technician" {
		m, err := c.q.GetMember(ctx, id)
		return m.Name, err
	}
	t, err := c.q.GetTemplateView(ctx, id)
	return t.PmTemplate.Name, err
}

// onPlan lets fn change a plan that it locks.
func (d *Desk) onPlan(ctx context.Context, a Actor, id int64, fn func(context.Context, *change, store.PmPlan) error) error {
	if err := a.may(PlanMaintenance); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: PlanRecord, ID: id}, func(ctx context.Context, c *change) error {
		p, err := c.q.LockPlan(ctx, id)
		if err != nil {
			return noPlan(err, id)
		}
		return fn(ctx, c, p)
	})
}

// StopPlan lets a plan rest. A task that is open already stays.
func (d *Desk) StopPlan(ctx context.Context, a Actor, id int64) error {
	return d.onPlan(ctx, a, id, func(ctx context.Context, c *change, p store.PmPlan) error {
		if !p.Active {
			return nil
		}
		p.Active = false
		return c.putPlan(ctx, p, eventStopped)
	})
}

// ResumePlan lets a plan go on. What it would have wanted while it rested is not missed.
func (d *Desk) ResumePlan(ctx context.Context, a Actor, id int64) error {
	return d.onPlan(ctx, a, id, func(ctx context.Context, c *change, p store.PmPlan) error {
		if p.Active {
			return nil
		}
		today := DayOf(c.Now(), c.Zone)
		p.Active, p.SinceOn = true, &today
		return c.putPlan(ctx, p, eventResumed)
	})
}

// putPlan writes a plan that was stopped or resumed, and what is due of it.
func (c *change) putPlan(ctx context.Context, p store.PmPlan, event string) error {
	saved, err := c.savePlan(ctx, p)
	if err != nil {
		return err
	}
	if _, err := c.putDue(ctx, c.q, saved); err != nil {
		return err
	}
	return c.eventOf(ctx, Record{Kind: PlanRecord, ID: p.ID}, event, "", "", "")
}

// resumePlans lets the plans of a machine go on that was retired.
func (c *change) resumePlans(ctx context.Context, equipmentID int64) error {
	plans, err := c.q.LockPlansOf(ctx, equipmentID)
	if err != nil {
		return fmt.Errorf("list plans of machine %d: %w", equipmentID, err)
	}
	today := DayOf(c.Now(), c.Zone)
	for _, p := range plans {
		p.SinceOn = &today
		if err := c.putPlan(ctx, p, eventResumed); err != nil {
			return err
		}
	}
	return nil
}
