package desk

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"callout/store"
)

// Finish is what somebody says at the end of a checklist.
type Finish struct {
	Outcome string // about the whole, if there is anything to say
	Reason  string // why steps are left, if any are
	CarryOn string // the day on which they are done, if any are
}

// Finished is what became of a task that was finished.
type Finished struct {
	Checklist Checklist
	Carried   int64 // the task with the steps that are left; 0 if there is none
}

// carryDays is how many days later the steps that are left are due if nobody says.
const carryDays = 7

// CarryOn is the day on which steps that are left are due if nobody says.
func (d *Desk) CarryOn(a Actor) string {
	return DayOf(d.Now(), d.ZoneOf(a.Member)).AddDate(0, 0, carryDays).Format(dayKey)
}

// MaxTaskOutcome is how many characters may be said about a whole task.
const MaxTaskOutcome = 2000

// FinishTask ends a task: its plan moves on, the visit is recorded, and the service sheet goes out. Steps that are left are carried
// to a task of their own, with the reason.
func (d *Desk) FinishTask(ctx context.Context, a Actor, id int64, in Finish) (Finished, error) {
	var done Finished
	in.Outcome, in.Reason = clean(in.Outcome), clean(in.Reason)
	settings, err := d.Settings(ctx) // before the transaction: it may need a connection of its own
	if err != nil {
		return done, err
	}
	err = d.taskStep(ctx, a, id, DoMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.working(ctx); err != nil {
			return err
		}
		c, err := d.checklist(ctx, s.q, id)
		if err != nil {
			return err
		}
		if err := in.check(c.Left()); err != nil {
			return err
		}
		return s.finish(ctx, c, in, settings)
	})
	if err != nil {
		return done, err
	}
	if done.Checklist, err = d.checklist(ctx, d.q, id); err != nil {
		return done, err
	}
	done.Carried = done.Checklist.Task.CarriedTo
	return done, nil
}

func (in Finish) check(left int) error {
	p := problems{}
	p.add("outcome", limited("The text", in.Outcome, 0, MaxTaskOutcome))
	switch {
	case left == 0:
	case in.Reason == "":
		p.add("reason", refuse(Invalid, "Say why %s left.", stepsAre(left)))
	default:
		p.add("reason", limited("The reason", in.Reason, 1, MaxReason))
	}
	return p.err()
}

func stepsAre(n int) string {
	if n == 1 {
		return "1 step is"
	}
	return strconv.Itoa(n) + " steps are"
}

func (s *taskStep) finish(ctx context.Context, c Checklist, in Finish, settings Settings) error {
	now := s.Now()
	s.task.Status, s.task.DoneAt, s.task.DoneBy, s.task.RemindOn, s.task.SkipAskedBy = TaskDone, &now, &s.actor.ID, nil, nil
	s.task.Position, s.task.Outcome = int32(len(c.Steps)), in.Outcome
	if c.Left() > 0 {
		s.task.Reason = in.Reason
		if err := s.carryOn(ctx, c, in); err != nil {
			return err
		}
	}
	if err := s.event(ctx, eventFinished, "", c.Summary(), in.Outcome); err != nil {
		return err
	}
	if err := s.save(ctx); err != nil { // what follows reads it
		return err
	}
	if err := s.movePlan(ctx); err != nil {
		return err
	}
	if err := s.visited(ctx, c); err != nil {
		return err
	}
	return s.sendSheet(ctx, c, settings)
}

// carryOn makes the task that holds the steps which are left, for the same technician.
func (s *taskStep) carryOn(ctx context.Context, c Checklist, in Finish) error {
	due, err := s.futureDay("carry_on", cmp.Or(in.CarryOn, s.today().AddDate(0, 0, carryDays).Format(dayKey)))
	if err != nil {
		return err
	}
	var left []int32
	for _, step := range c.Steps {
		if !step.left() {
			continue
		}
		left = append(left, step.Number)
		if !step.Answered {
			if err := s.putAnswer(ctx, step.Number, FoundLeft, "", "", nil); err != nil {
				return err
			}
		}
	}
	rest, err := s.q.InsertTask(ctx, store.InsertTaskParams{
		PlanID: s.task.PlanID, DueKey: fmt.Sprintf("%s+%d", s.task.DueKey, s.task.ID), DueOn: due, Status: TaskOpen, TechnicianID: s.task.TechnicianID,
		Checklist: s.task.Checklist, Steps: left, RemindOn: nextReminder(due, s.today()), Reason: in.Reason, CarriedFrom: &s.task.ID, CreatedAt: s.Now(),
	})
	if err != nil {
		return fmt.Errorf("make task for the steps that are left: %w", err)
	}
	from := Record{Kind: TaskRecord, ID: rest.ID}
	if err := s.eventOf(ctx, from, eventTaskMade, "", "", fmt.Sprintf("for what is left of maintenance %d: %s", s.task.ID, in.Reason)); err != nil {
		return err
	}
	what := fmt.Sprintf("maintenance %d, due %s", rest.ID, due.Format(dayWords))
	if err := s.event(ctx, eventCarriedOn, "", what, in.Reason); err != nil || s.task.TechnicianID == nil {
		return err
	}
	return s.tellTask(ctx, *s.task.TechnicianID, s.actor.Name+" finished it; what is left is "+what+".")
}

// visited records the visit that the work was.
func (s *taskStep) visited(ctx context.Context, c Checklist) error {
	v := c.Task
	outcome := v.Template + ", " + v.Model + " " + v.Serial + ": " + c.Summary() + "."
	if s.task.Outcome != "" {
		outcome += " " + s.task.Outcome
	}
	return s.recordVisit(ctx, s.q, doneVisit{
		CustomerID: v.CustomerID, Purpose: VisitMaintenance, MemberID: s.actor.ID, At: *s.task.StartedAt, Outcome: outcome,
		TaskID: s.task.ID, LoggedBy: s.actor.ID, Via: s.actor.Via,
	})
}

// sendSheet owes the service sheet to the calls channel, and to who did the work where a file can be opened.
func (s *taskStep) sendSheet(ctx context.Context, c Checklist, settings Settings) error {
	text := sheetText(c, s.actor.Name)
	if err := s.post(ctx, settings.CallsChannel, noticeSheet, text); err != nil {
		return err
	}
	return s.sheetFor(ctx, text, s.actor.ID)
}

func sheetText(c Checklist, by string) string {
	v := c.Task
	return fmt.Sprintf("Maintenance %d is done by %s: %s, %s %s at %s. %s. The service sheet is attached.",
		v.PmTask.ID, by, v.Template, v.Model, v.Serial, v.Customer, c.Summary())
}

// sheetFor owes the service sheet to a member, on the first of their ways that takes files.
func (c *change) sheetFor(ctx context.Context, text string, memberID int64) error {
	methods, err := c.usable(ctx, c.q, memberID)
	if err != nil {
		return err
	}
	for _, m := range methods {
		if m.Channel != "sms" {
			return c.owe(ctx, c.tx, c.q, c.owed(memberID, noticeSheet, text), []store.ContactMethod{m})
		}
	}
	return nil
}

// AskSheet owes the service sheet of a done task to whoever asks for it.
func (d *Desk) AskSheet(ctx context.Context, a Actor, id int64) error {
	if err := a.may(SeeMaintenance); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: TaskRecord, ID: id}, func(ctx context.Context, c *change) error {
		list, err := d.checklist(ctx, c.q, id)
		if err != nil {
			return err
		}
		if list.Task.PmTask.Status != TaskDone {
			return refuse(Conflict, "Maintenance %d is not done, so it has no service sheet yet.", id)
		}
		return c.sheetFor(ctx, sheetText(list, list.Task.DoneByName), a.ID)
	})
}
