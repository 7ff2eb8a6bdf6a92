package desk

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// maintain does what is due in maintenance: it makes the tasks of plans whose time has come, and reminds of those that are there.
func (d *Desk) maintain(ctx context.Context) error {
	if err := d.makeTasks(ctx); err != nil {
		return err
	}
	return d.remindOfTasks(ctx)
}

// makeBatch is how many plans one transaction makes tasks for.
const makeBatch = 20

// makeTasks makes the task of every plan whose day has come, less the days ahead that the plan asks for, and that has none open.
func (d *Desk) makeTasks(ctx context.Context) error {
	after := int64(0)
	for {
		last, err := d.makeSome(ctx, after)
		if err != nil || last == 0 {
			return err
		}
		after = last
	}
}

// makeSome makes the tasks of some plans with a higher number than after, and returns the last one's; 0 at the end.
func (d *Desk) makeSome(ctx context.Context, after int64) (last int64, err error) {
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		last = 0
		plans, err := q.TakeDuePlans(ctx, store.TakeDuePlansParams{Today: DayOf(d.Now(), d.Zone), After: after, Max: makeBatch})
		if err != nil {
			return fmt.Errorf("take due plans: %w", err)
		}
		for _, p := range plans {
			c := &change{Desk: d, tx: tx, q: q, record: Record{Kind: TaskRecord}}
			if err := c.makeTask(ctx, p); err != nil {
				return fmt.Errorf("make task of plan %d: %w", p.ID, err)
			}
			last = p.ID
		}
		if len(plans) < makeBatch {
			last = 0
		}
		return nil
	})
	return last, err
}

// makeTask makes the task that a plan wants now; the plan is locked.
func (c *change) makeTask(ctx context.Context, p store.PmPlan) error {
	// The plan was chosen by what was there a moment ago: a tick elsewhere may have made its task before this one got the lock.
	open, err := c.q.PlanHasOpenTask(ctx, p.ID)
	if err != nil || open {
		return err
	}
	due, err := c.putDue(ctx, c.q, p)
	if err != nil {
		return err
	}
	if due.On.IsZero() || daysBetween(DayOf(c.Now(), c.Zone), due.On) > int(p.LeadDays) {
		return nil
	}
	if err := c.recordMissed(ctx, p, due.Missed); err != nil {
		return err
	}
	return c.insertTask(ctx, p, due)
}

func (c *change) insertTask(ctx context.Context, p store.PmPlan, due Due) error {
	newest, err := c.q.GetNewestChecklist(ctx, p.TemplateID)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	t, ok, err := c.putTask(ctx, p, due, store.InsertTaskParams{
		PlanID: p.ID, DueOn: due.On, Status: TaskOpen, Checklist: newest, Steps: []int32{}, RemindOn: firstReminder(due.On, DayOf(c.Now(), c.Zone)), CreatedAt: c.Now(),
	})
	if err != nil || !ok {
		return err
	}
	c.record.ID = t.ID
	if err := c.event(ctx, eventTaskMade, "", "due "+due.On.Format(dayWords), ""); err != nil {
		return err
	}
	s := &taskStep{change: c, task: t}
	if err := s.appoint(ctx, p); err != nil {
		return err
	}
	return s.save(ctx)
}

// keysTried bounds the search for a name that is free.
const keysTried = 100

// putTask writes the task of an occurrence. A plan that counts from completion can come to a day for the second time, when the work
// was done long before it was due: then the occurrence is named after the next day that is free. False means that there is no
// such day.
func (c *change) putTask(ctx context.Context, p store.PmPlan, due Due, in store.InsertTaskParams) (t store.PmTask, ok bool, err error) {
	in.DueKey = due.Key
	for range keysTried {
		t, err = c.q.InsertTask(ctx, in)
		if err == nil {
			return t, true, nil
		}
		day := dayOfKey(in.DueKey)
		if !errors.Is(err, pgx.ErrNoRows) {
			return t, false, fmt.Errorf("write task: %w", err)
		}
		if day.IsZero() || !p.FromCompletion {
			break
		}
		in.DueKey = day.AddDate(0, 0, 1).Format(dayKey)
	}
	c.Log.WarnContext(ctx, "an occurrence has its task already", "plan_id", p.ID, "due_key", due.Key)
	return t, false, nil
}

// recordMissed writes down the occurrences that passed without having been done.
func (c *change) recordMissed(ctx context.Context, p store.PmPlan, missed []Occurrence) error {
	if len(missed) == 0 {
		return nil
	}
	newest, err := c.q.GetNewestChecklist(ctx, p.TemplateID)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	for _, o := range missed {
		t, err := c.q.InsertTask(ctx, store.InsertTaskParams{
			PlanID: p.ID, DueKey: o.Key.Format(dayKey), DueOn: o.Due, Status: TaskMissed, TechnicianID: p.TechnicianID, Checklist: newest,
			Steps: []int32{}, CreatedAt: c.Now(),
		})
		if errors.Is(err, pgx.ErrNoRows) { // it is written down already
			continue
		}
		if err != nil {
			return fmt.Errorf("write missed task: %w", err)
		}
		if err := c.eventOf(ctx, Record{Kind: TaskRecord, ID: t.ID}, eventMissedBefore, "", "due "+o.Due.Format(dayWords), ""); err != nil {
			return err
		}
	}
	return nil
}

// appoint gives a new task to the technician of its plan, else to whom PickTechnician puts first. With nobody, the dispatchers are
// told, and any technician can take it.
func (s *taskStep) appoint(ctx context.Context, p store.PmPlan) error {
	if p.TechnicianID != nil {
		m, err := s.q.GetMember(ctx, *p.TechnicianID)
		if err != nil {
			return fmt.Errorf("read technician: %w", err)
		}
		if activeTechnician(m) {
			s.task.TechnicianID = p.TechnicianID
			return nil
		}
	}
	scores, err := s.pick(ctx)
	if err != nil {
		return err
	}
	if len(scores) > 0 && scores[0].Eligible() {
		s.task.TechnicianID = &scores[0].MemberID
		return s.event(ctx, eventGiven, "", scores[0].Name, "")
	}
	return s.nobodyFor(ctx, "nobody could be given it: "+whyNobody(scores))
}

// movePlan lets the plan of a task that is over go on to its next occurrence. What is carried on is none of the plan's own.
func (s *taskStep) movePlan(ctx context.Context) error {
	if s.task.CarriedFrom != nil {
		return nil
	}
	p, err := s.q.LockPlan(ctx, s.task.PlanID)
	if err != nil {
		return fmt.Errorf("read plan: %w", err)
	}
	due, err := s.putDue(ctx, s.q, p)
	if err != nil {
		return err
	}
	return s.recordMissed(ctx, p, due.Missed)
}

// NextDue says when a plan is due next, in words; empty if nobody can tell.
func (d *Desk) NextDue(ctx context.Context, planID int64) (string, error) {
	p, err := d.q.GetPlan(ctx, planID)
	if err != nil {
		return "", fmt.Errorf("read plan %d: %w", planID, err)
	}
	if p.DueOn == nil {
		return "", nil
	}
	return p.DueOn.Format(dayWords), nil
}
