package desk

import (
	"context"
	"fmt"
	"slices"

	"callout/store"
)

// The statuses of a task.
const (
	TaskOpen    = "open"
	TaskStarted = "started"
	TaskDone    = "done"
	TaskSkipped = "skipped"
	TaskMissed  = "missed"
)

// What happens to a task, as its timeline says it.
const (
	eventTaskMade     = "made"
	eventTaken        = "taken"
	eventGiven        = "given"
	eventBack         = "handed_back"
	eventMoved        = "moved"
	eventStarted      = "started"
	eventFailedStep   = "failed_step"
	eventFinished     = "finished"
	eventSkipAsked    = "skip_asked"
	eventSkipped      = "skipped"
	eventSkipRefused  = "skip_refused"
	eventNobodyForIt  = "nobody"
	eventCarriedOn    = "carried_on"
	eventMissedBefore = "missed"
)

// TaskView is a task with the names around it.
type TaskView = store.GetTaskViewRow

// TaskView reads a task with the names around it, without asking who wants to know: for cards and notices.
func (d *Desk) TaskView(ctx context.Context, id int64) (TaskView, error) {
	v, err := d.q.GetTaskView(ctx, id)
	if err != nil {
		return v, found(err, "There is no maintenance task %d. /maintenance lists them.", id)
	}
	return v, nil
}

// Task reads a task for a member.
func (d *Desk) Task(ctx context.Context, a Actor, id int64) (TaskView, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return TaskView{}, err
	}
	return d.TaskView(ctx, id)
}

// TaskHistory reads what happened to a task, and the other tasks of its plan.
func (d *Desk) TaskHistory(ctx context.Context, a Actor, id int64) ([]RecordEntry, []store.ListPlanTasksRow, error) {
	v, err := d.Task(ctx, a, id)
	if err != nil {
		return nil, nil, err
	}
	entries, err := d.history(ctx, Record{Kind: TaskRecord, ID: id})
	if err != nil {
		return nil, nil, err
	}
	tasks, err := d.q.ListPlanTasks(ctx, v.PmTask.PlanID)
	if err != nil {
		return nil, nil, fmt.Errorf("list tasks of plan %d: %w", v.PmTask.PlanID, err)
	}
	return entries, tasks, nil
}

// aheadDays is how far ahead somebody's own tasks are shown to them.
const aheadDays = 14

// TasksAhead reads what a technician has to do soon, the most overdue first.
func (d *Desk) TasksAhead(ctx context.Context, a Actor) ([]store.ListTasksAheadRow, error) {
	until := DayOf(d.Now(), d.ZoneOf(a.Member)).AddDate(0, 0, aheadDays)
	tasks, err := d.q.ListTasksAhead(ctx, store.ListTasksAheadParams{TechnicianID: &a.ID, Until: until})
	if err != nil {
		return nil, fmt.Errorf("list tasks of member %d: %w", a.ID, err)
	}
	return tasks, nil
}

// taskStep is one change of a task under way: the locked row, and everything that commits with it.
type taskStep struct {
	*change
	task store.PmTask
}

// taskStep locks a task and lets fn change it. The same delivery again changes nothing.
func (d *Desk) taskStep(ctx context.Context, a Actor, id int64, action Action, fn func(context.Context, *taskStep) error) error {
	if err := a.may(action); err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: TaskRecord, ID: id}, func(ctx context.Context, c *change) error {
		s := &taskStep{change: c}
		var err error
		if s.task, err = c.q.LockTask(ctx, id); err != nil {
			return found(err, "There is no maintenance task %d. /maintenance lists them.", id)
		}
		if err := fn(ctx, s); err != nil {
			return err
		}
		return s.save(ctx)
	})
}

func (s *taskStep) save(ctx context.Context) error {
	t := s.task
	err := s.q.UpdateTask(ctx, store.UpdateTaskParams{
		ID: t.ID, DueOn: t.DueOn, Status: t.Status, TechnicianID: t.TechnicianID, Position: t.Position, RemindOn: t.RemindOn,
		StartedAt: t.StartedAt, StartedBy: t.StartedBy, DoneAt: t.DoneAt, DoneBy: t.DoneBy, SkipAskedBy: t.SkipAskedBy, Reason: t.Reason,
		Outcome: t.Outcome,
	})
	if err != nil {
		return fmt.Errorf("write task: %w", err)
	}
	return nil
}

// unfinished refuses what can only be done to a task that is not over.
func (s *taskStep) unfinished() error {
	switch s.task.Status {
	case TaskOpen, TaskStarted:
		return nil
	case TaskDone:
		return refuse(Conflict, "Maintenance %d is done already.", s.task.ID)
	case TaskSkipped:
		return refuse(Conflict, "Maintenance %d was skipped. The next one of its plan comes by itself.", s.task.ID)
	}
	return refuse(Conflict, "Maintenance %d was missed. The next one of its plan comes by itself.", s.task.ID)
}

// theirs refuses what only who has the task, or who plans maintenance, may do.
func (s *taskStep) theirs(ctx context.Context, what string) error {
	if err := s.unfinished(); err != nil {
		return err
	}
	if s.task.TechnicianID == nil || *s.task.TechnicianID == s.actor.ID || s.actor.Can(PlanMaintenance) {
		return nil
	}
	m, err := s.q.GetMember(ctx, *s.task.TechnicianID)
	if err != nil {
		return fmt.Errorf("read technician: %w", err)
	}
	return refuse(Forbidden, "Maintenance %d is with %s, so you can't %s it. Take it first, or ask them.", s.task.ID, m.Name, what)
}

// today is the day it is for whoever acts.
func (c *change) today() Day { return DayOf(c.Now(), c.ZoneOf(c.actor.Member)) }

// passTo gives the task to somebody, from whom reminders count anew.
func (s *taskStep) passTo(memberID int64) {
	s.task.TechnicianID = &memberID
	s.task.RemindOn = nextReminder(s.task.DueOn, s.today()) // they learn of it now, so today's reminder is none
}

// TakeTask makes a task the member's own; who had it learns of it.
func (d *Desk) TakeTask(ctx context.Context, a Actor, id int64) error {
	return d.taskStep(ctx, a, id, DoMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.unfinished(); err != nil {
			return err
		}
		before := s.task.TechnicianID
		if before != nil && *before == a.ID {
			return nil
		}
		s.passTo(a.ID)
		if err := s.event(ctx, eventTaken, "", "", ""); err != nil || before == nil {
			return err
		}
		return s.tellTask(ctx, *before, a.Name+" took it over from you.")
	})
}

// GiveTask gives a task to a technician, who learns of it as who had it does.
func (d *Desk) GiveTask(ctx context.Context, a Actor, id, memberID int64) error {
	p := problems{}
	if err := d.checkTechnician(ctx, p, memberID); err != nil {
		return err
	}
	if memberID == 0 {
		p.add("technician", refuse(Invalid, "Choose who shall do it."))
	}
	if err := p.err(); err != nil {
		return err
	}
	return d.taskStep(ctx, a, id, MoveMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.theirs(ctx, "give away"); err != nil {
			return err
		}
		before := s.task.TechnicianID
		if before != nil && *before == memberID {
			return nil
		}
		m, err := s.q.GetMember(ctx, memberID)
		if err != nil {
			return fmt.Errorf("read technician: %w", err)
		}
		s.passTo(memberID)
		if err := s.event(ctx, eventGiven, "", m.Name, ""); err != nil {
			return err
		}
		if before != nil {
			if err := s.tellTask(ctx, *before, "It is with "+m.Name+" now."); err != nil {
				return err
			}
		}
		return s.tellYours(ctx, memberID)
	})
}

// tellYours tells somebody that a task is theirs now.
func (s *taskStep) tellYours(ctx context.Context, memberID int64) error {
	v, err := s.q.GetTaskView(ctx, s.task.ID)
	if err != nil {
		return fmt.Errorf("read task: %w", err)
	}
	return s.tell(ctx, memberID, noticeTaskDue, "It is yours now. "+taskDueText(v, s.today()))
}

// tellTask tells somebody in a sentence what became of a task.
func (s *taskStep) tellTask(ctx context.Context, memberID int64, news string) error {
	text, err := s.newsOf(ctx, news)
	if err != nil {
		return err
	}
	return s.tell(ctx, memberID, noticeTaskNews, text)
}

// newsOf names the task before what became of it.
func (s *taskStep) newsOf(ctx context.Context, news string) (string, error) {
	v, err := s.q.GetTaskView(ctx, s.task.ID)
	if err != nil {
		return "", fmt.Errorf("read task: %w", err)
	}
	return fmt.Sprintf("Maintenance %d, %s %s at %s: %s", s.task.ID, v.Model, v.Serial, v.Customer, news), nil
}

// HandBackTask is for who can't do a task: the next best technician gets it. With nobody left the dispatchers are told.
func (d *Desk) HandBackTask(ctx context.Context, a Actor, id int64, reason string) error {
	reason = clean(reason)
	if err := saidWhy("reason", reason); err != nil {
		return err
	}
	return d.taskStep(ctx, a, id, DoMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.unfinished(); err != nil {
			return err
		}
		if s.task.TechnicianID == nil || *s.task.TechnicianID != a.ID {
			return refuse(Conflict, "Maintenance %d is not with you, so there is nothing to hand back.", id)
		}
		s.task.TechnicianID = nil
		if err := s.event(ctx, eventBack, "", "", reason); err != nil {
			return err
		}
		scores, err := s.pick(ctx)
		if err != nil {
			return err
		}
		if len(scores) > 0 && scores[0].Eligible() {
			s.passTo(scores[0].MemberID)
			if err := s.event(ctx, eventGiven, "", scores[0].Name, ""); err != nil {
				return err
			}
			return s.tellYours(ctx, scores[0].MemberID)
		}
		return s.nobodyFor(ctx, a.Name+" can't do it ("+reason+"), and nobody else can be asked: "+whyNobody(scores))
	})
}

// nobodyFor tells the dispatchers that nobody has a task. Any technician can take it.
func (s *taskStep) nobodyFor(ctx context.Context, why string) error {
	if err := s.event(ctx, eventNobodyForIt, "", "", why); err != nil {
		return err
	}
	text, err := s.newsOf(ctx, why+" Any technician can take it.")
	if err != nil {
		return err
	}
	return s.tellDispatchers(ctx, noticeTaskNews, text)
}

// saidWhy refuses a reason that is missing or too long, on its field.
func saidWhy(field, reason string) error {
	p := problems{}
	p.add(field, limited("The reason", reason, 1, MaxReason))
	return p.err()
}

func orZeroID(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

// activeTechnician reports whether somebody may be given tasks.
func activeTechnician(m store.Member) bool {
	return m.State == StateActive && slices.Contains(m.Roles, Technician)
}
