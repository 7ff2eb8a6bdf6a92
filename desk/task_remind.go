package desk

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// reminderDays are the days before (or, below zero, after) the due day on which a technician is reminded of a task.
var reminderDays = []int{14, 7, 1, 0, -1, -7}

// reminderMark is the reminder that a task needs on a day: the latest one whose day has come. A task that is made later than some
// of them gets only that one. False means that it is too early for any.
func reminderMark(due, today Day) (mark int, ok bool) {
	left := daysBetween(today, due)
	for _, days := range reminderDays {
		if left <= days {
			mark, ok = days, true
		}
	}
	return mark, ok
}

// nextReminder is the day of the first reminder after a day; nil if all are behind it.
func nextReminder(due, after Day) *Day {
	for _, days := range reminderDays {
		if day := due.AddDate(0, 0, -days); day.After(after) {
			return &day
		}
	}
	return nil
}

// firstReminder is the day from which a task is reminded of, if today is the day on which it is made, moved or given to somebody:
// the reminder whose day has come already is due at once.
func firstReminder(due, today Day) *Day {
	if _, now := reminderMark(due, today); now {
		return &today
	}
	return nextReminder(due, today)
}

// The hours of the day in which people are reminded, in their zone: at least the first and less than the last.
const (
	remindFrom  = 8
	remindUntil = 18
)

// remindable reports whether a moment is in the hours in which people are reminded.
func remindable(moment time.Time, zone *time.Location) bool {
	hour := moment.In(zone).Hour()
	return remindFrom <= hour && hour < remindUntil
}

// remindBatch is how many tasks one transaction reminds of.
const remindBatch = 50

// remindOfTasks tells technicians which of their tasks are due soon, today or overdue, each once and in the daytime of their zone;
// dispatchers learn of overdue ones too.
func (d *Desk) remindOfTasks(ctx context.Context) error {
	until := DayOf(d.Now().Add(24*time.Hour), time.UTC) // tomorrow has begun somewhere: who sleeps is left out below
	after := int64(0)
	for {
		last, err := d.remindBatch(ctx, until, after)
		if err != nil || last == 0 {
			return err
		}
		after = last
	}
}

// remindBatch reminds of some tasks with a higher number than after, and returns the last one's; 0 at the end.
func (d *Desk) remindBatch(ctx context.Context, until Day, after int64) (last int64, err error) {
	err = d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		last = 0
		tasks, err := q.TakeTasksToRemind(ctx, store.TakeTasksToRemindParams{Until: &until, After: after, Max: remindBatch})
		if err != nil {
			return fmt.Errorf("take tasks to remind of: %w", err)
		}
		for _, t := range tasks {
			c := &change{Desk: d, tx: tx, q: q, record: Record{Kind: TaskRecord, ID: t.ID}}
			if err := c.remindOf(ctx, t); err != nil {
				return fmt.Errorf("remind of task %d: %w", t.ID, err)
			}
			last = t.ID
		}
		if len(tasks) < remindBatch {
			last = 0
		}
		return nil
	})
	return last, err
}

// remindOf reminds of one task, if it is daytime for its technician.
func (c *change) remindOf(ctx context.Context, t store.PmTask) error {
	zone := c.Zone
	if t.TechnicianID != nil {
		technician, err := c.q.GetMember(ctx, *t.TechnicianID)
		if err != nil {
			return fmt.Errorf("read technician: %w", err)
		}
		zone = c.ZoneOf(technician)
	}
	today := DayOf(c.Now(), zone)
	mark, ok := reminderMark(t.DueOn, today)
	if !remindable(c.Now(), zone) || t.RemindOn.After(today) {
		return nil
	}
	if ok {
		if err := c.remindMark(ctx, t, mark, today); err != nil {
			return err
		}
	}
	return c.q.SetTaskReminder(ctx, store.SetTaskReminderParams{ID: t.ID, RemindOn: nextReminder(t.DueOn, today)})
}

// remindMark says what one reminder says, unless it was said before. A task that was moved has reminders of its own for each day.
func (c *change) remindMark(ctx context.Context, t store.PmTask, mark int, today Day) error {
	rows, err := c.q.Remind(ctx, store.RemindParams{
		Kind: noticeTaskDue, RecordID: t.ID, Mark: fmt.Sprintf("%s %+d", t.DueOn.Format(dayKey), mark), At: c.Now(),
	})
	if err != nil || rows == 0 {
		return err
	}
	v, err := c.q.GetTaskView(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("read task: %w", err)
	}
	text := taskDueText(v, today)
	if t.TechnicianID != nil {
		if err := c.tell(ctx, *t.TechnicianID, noticeTaskDue, text); err != nil {
			return err
		}
	}
	if mark >= 0 {
		return nil
	}
	text = cmp.Or(v.Technician, "Nobody") + " has it, and it is not done. " + text
	return c.tellDispatchers(ctx, noticeTaskNews, text, orZeroID(t.TechnicianID))
}

// taskDueText reminds of a task in one sentence, with what somebody needs who has nothing but their phone.
func taskDueText(v TaskView, today Day) string {
	when := v.PmTask.DueOn.Format(dayWords)
	switch left := daysBetween(today, v.PmTask.DueOn); {
	case left > 1:
		when = fmt.Sprintf("is due in %d days, on %s", left, when)
	case left == 1:
		when = "is due tomorrow, " + when
	case left == 0:
		when = "is due today, " + when
	case left == -1:
		when = "was due yesterday, " + when
	default:
		when = fmt.Sprintf("was due on %s, %d days ago", when, -left)
	}
	return fmt.Sprintf("Maintenance %d %s: %s, %s.", v.PmTask.ID, when, v.Template, MachinePlace(v))
}

// dayWords is how a day is written for people.
const dayWords = "Mon 2 Jan 2006"

// MachinePlace is the machine of a task, whose it is and where.
func MachinePlace(v TaskView) string {
	place := v.Model + " " + v.Serial + " at " + v.Customer
	if site := cmp.Or(v.SiteAddress, v.SiteName); site != "" {
		place += ", " + site
	}
	return place
}
