package desk

import (
	"context"
	"fmt"
	"time"
)

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
