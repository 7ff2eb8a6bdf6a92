package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

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
	return s.tellRole(ctx, Dispatcher, noticeTaskNews, text)
}

// saidWhy refuses a reason that is missing or too long, on its field.
func saidWhy(field, reason string) error {
	p := problems{}
	p.add(field, limited("The reason", reason, 1, MaxReason))
	return p.err()
}

// TaskFields lists what people may edit of a task: when it is due.
func TaskFields() []string { return []string{"due_on"} }

// MoveTask moves a task to another day, with the reason. The series of its plan stays as it is.
func (d *Desk) MoveTask(ctx context.Context, a Actor, id, version int64, mine Fields, reason string) error {
	reason = clean(reason)
	if err := saidWhy("reason", reason); err != nil {
		return err
	}
	return d.taskStep(ctx, a, id, MoveMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.theirs(ctx, "move"); err != nil {
			return err
		}
		theirs := Fields{"due_on": s.task.DueOn.Format(dayKey)}
		merged, err := s.merge(ctx, edit{version, mine}, s.task.Version, theirs)
		if err != nil {
			return err
		}
		due, err := s.futureDay("due_on", merged["due_on"])
		if err != nil || due.Equal(s.task.DueOn) {
			return err
		}
		if err := s.keep(ctx, s.task.Version, theirs); err != nil {
			return err
		}
		before := s.task.DueOn
		s.task.DueOn, s.task.Reason, s.task.RemindOn = due, reason, firstReminder(due, s.today())
		if err := s.event(ctx, eventMoved, before.Format(dayWords), due.Format(dayWords), reason); err != nil || s.task.TechnicianID == nil {
			return err
		}
		return s.tellTask(ctx, *s.task.TechnicianID, fmt.Sprintf("%s moved it from %s to %s: %s", a.Name, before.Format(dayWords), due.Format(dayWords), reason))
	})
}

// movedMost is how far ahead a task may be moved: further is a typing mistake.
const movedMost = 2 * 365

// futureDay reads a day that is not over for whoever typed it.
func (c *change) futureDay(field, text string) (Day, error) {
	day, err := time.Parse(dayKey, text)
	if err != nil {
		return day, wrong(field, "“%s” is not a day that exists. Write it like %s.", shorten(text, 20), c.today().Format(dayKey))
	}
	if today := c.today(); day.Before(today) || day.After(today.AddDate(0, 0, movedMost)) {
		return day, wrong(field, "%s can't be: choose today or a later day within two years.", day.Format(dayWords))
	}
	return day, nil
}

// pick scores every technician for the task, the best first.
func (s *taskStep) pick(ctx context.Context) ([]Score, error) {
	v, err := s.q.GetTaskView(ctx, s.task.ID)
	if err != nil {
		return nil, fmt.Errorf("read task: %w", err)
	}
	machine, err := s.q.GetEquipment(ctx, v.EquipmentID)
	if err != nil {
		return nil, fmt.Errorf("read equipment: %w", err)
	}
	return s.taskCandidates(ctx, taskNeed{
		Need: Need{Skills: machine.Skills, Territory: v.Territory}, taskID: s.task.ID, due: s.task.DueOn, equipment: machine.ID, customer: machine.CustomerID,
	})
}

// taskNeed is what a task on a day asks of a technician.
type taskNeed struct {
	Need
	taskID, equipment, customer int64
	due                         Day
}

// taskCandidates scores every technician for a task as PickTechnician does for a call, with a task's own facts. Who is on duty now
// says nothing about a day in the future: who has time off on that day counts as off duty, and nobody else does. Load is the
// tasks within a week of the day; it lowers the score and bars nobody, because many machines may be due on the first of a month,
// and a task can be moved. Turns are counted over tasks.
func (c *change) taskCandidates(ctx context.Context, n taskNeed) ([]Score, error) {
	now := c.Now()
	rows, err := c.q.ListTaskCandidates(ctx, store.ListTaskCandidatesParams{
		Channels: c.Desk.Options.Channels, TaskID: n.taskID, EquipmentID: n.equipment, CustomerID: n.customer, Noon: noonOf(n.due, c.Zone),
		WeekFrom: n.due.AddDate(0, 0, -7), WeekTo: n.due.AddDate(0, 0, 7), Since: now.Add(-fairnessWindow),
	})
	if err != nil {
		return nil, fmt.Errorf("list candidates: %w", err)
	}
	candidates := make([]Candidate, len(rows))
	for i, r := range rows {
		candidates[i] = Candidate{
			ID: r.ID, Name: r.Name, Reachable: r.Reachable, OnDuty: !r.Away, Skills: r.Skills, Territory: r.Territory, Load: int(r.Load),
			Capacity: int(max(int64(r.Capacity), r.Load+1)), Declined: r.Declined, Knows: r.Knows, RecentOffers: int(r.Recent), LastOffer: r.LastAt,
		}
	}
	scores := PickTechnician(n.Need, candidates, now)
	for i := range scores { // the words are those of calls
		for j, out := range scores[i].Out {
			scores[i].Out[j] = orElse(taskOuts[out], out)
		}
	}
	return scores, nil
}

// taskOuts says for tasks why somebody can't be asked, where calls have other words.
var taskOuts = map[string]string{
	"off duty": "has time off then", "declined this call": "can't do it",
}

// noonOf is the middle of a day in a zone.
func noonOf(day Day, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone)
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
