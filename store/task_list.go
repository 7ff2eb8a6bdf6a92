package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// TaskWhere narrows maintenance tasks. Only what is set becomes part of the statement, as in CallWhere.
type TaskWhere struct {
	Status       string // of the task, or one of the words below
	Today        time.Time
	Customer     []string // LIKE patterns that must all match
	Words        []string // LIKE patterns of the machine that must all match
	Technicians  []int64
	NoTechnician bool
	From, To     *time.Time // days: due in [From, To)
	After        *TaskKey   // where the page before ended
	Limit        int        // 0 means all
}

// What Status may be besides the status of a task. All but TasksAll leave out what is over.
const (
	TasksAll      = "all"
	TasksNotOver  = ""
	TasksDue      = "due" // within two weeks, or overdue
	TasksOverdue  = "overdue"
	TasksUpcoming = "upcoming" // after today, what plans will want included
)

// tasksDueDays is how far ahead a task counts as due.
const tasksDueDays = 14

// TaskKey is the place of a row in a list of tasks.
type TaskKey struct {
	DueOn      time.Time
	ID, PlanID int64
}

// TaskRow is a task as lists and reports show it. Of what a plan will want, there is no task yet: its ID is 0.
type TaskRow struct {
	TaskKey
	Status     string
	Reason     string
	Outcome    string
	DoneAt     *time.Time
	Template   string
	Model      string
	Serial     string
	Customer   string
	Site       string
	Technician string
	Flags      int64
	Fails      int64
}

// newestFirst reports whether the list is of what is over: the newest is read first then.
func (w TaskWhere) newestFirst() bool {
	switch w.Status {
	case TasksAll, "done", "skipped", "missed":
		return true
	}
	return false
}

const upcomingTasks = `(SELECT id, plan_id, due_on, status, technician_id, reason, outcome, done_at, done_by FROM pm_task WHERE status IN ('open','started')
    UNION ALL SELECT 0, p.id, p.due_on, 'planned', p.technician_id, '', '', NULL, NULL FROM pm_plan p
    WHERE p.active AND p.due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pm_task o
        WHERE o.plan_id = p.id AND o.carried_from IS NULL AND o.status IN ('open','started'))) AS x`

// source is what is read: the tasks, and for what is upcoming the plans that have none open.
func (w TaskWhere) source() string {
	if w.Status == TasksUpcoming {
		return upcomingTasks
	}
	return "pm_task AS x"
}

func (w TaskWhere) where() (string, []any) {
	var c conditions
	w.status(&c)
	if len(w.Customer) > 0 {
		c.add("x.plan_id IN (SELECT p.id FROM pm_plan p JOIN equipment e ON e.id = p.equipment_id JOIN customer k ON k.id = e.customer_id WHERE k.search LIKE ALL($%d))", w.Customer)
	}
	if len(w.Words) > 0 {
		c.add("x.plan_id IN (SELECT p.id FROM pm_plan p JOIN equipment e ON e.id = p.equipment_id WHERE e.search LIKE ALL($%d))", w.Words)
	}
	if w.Technicians != nil {
		c.add("x.technician_id = ANY($%d)", w.Technicians)
	}
	if w.NoTechnician {
		c.all = append(c.all, "x.technician_id IS NULL")
	}
	if w.From != nil {
		c.add("x.due_on >= $%d::date", *w.From)
	}
	if w.To != nil {
		c.add("x.due_on < $%d::date", *w.To)
	}
	if k := w.After; k != nil {
		op := ">"
		if w.newestFirst() {
			op = "<"
		}
		n := len(c.args)
		c.args = append(c.args, k.DueOn, k.ID, k.PlanID)
		c.all = append(c.all, fmt.Sprintf("(x.due_on, x.id, x.plan_id) %s ($%d::date, $%d, $%d)", op, n+1, n+2, n+3))
	}
	if len(c.all) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(c.all, " AND "), c.args
}

// status writes the statuses out, so that the partial indexes on what is not over serve.
func (w TaskWhere) status(c *conditions) {
	const open = "x.status IN ('open','started')"
	switch w.Status {
	case TasksAll:
	case TasksNotOver:
		c.all = append(c.all, open)
	case TasksDue:
		c.all = append(c.all, open)
		c.add("x.due_on <= $%d::date", w.Today.AddDate(0, 0, tasksDueDays))
	case TasksOverdue:
		c.all = append(c.all, open)
		c.add("x.due_on < $%d::date", w.Today)
	case TasksUpcoming:
		c.all = append(c.all, "x.status IN ('open','started','planned')")
		c.add("x.due_on > $%d::date", w.Today)
	case "started":
		c.all = append(c.all, open, "x.status = 'started'")
	default:
		c.add("x.status = $%d", w.Status)
	}
}

const taskJoins = ` JOIN pm_plan p ON p.id = x.plan_id JOIN pm_template tpl ON tpl.id = p.template_id JOIN equipment e ON e.id = p.equipment_id
JOIN customer k ON k.id = e.customer_id LEFT JOIN site ON site.id = e.site_id LEFT JOIN member m ON m.id = coalesce(x.done_by, x.technician_id)`

// ListTasks reads the tasks that match: what is not over by its day, the most overdue first; what is over, the newest first.
func (s *Store) ListTasks(ctx context.Context, w TaskWhere) ([]TaskRow, error) {
	var tasks []TaskRow
	err := s.EachTask(ctx, w, func(t TaskRow) error {
		tasks = append(tasks, t)
		return nil
	})
	return tasks, err
}

// EachTask hands the tasks that match to fn one by one, without holding them all.
func (s *Store) EachTask(ctx context.Context, w TaskWhere, fn func(TaskRow) error) error {
	where, args := w.where()
	order, limit := "", ""
	if w.newestFirst() {
		order = " DESC"
	}
	if w.Limit > 0 {
		limit = fmt.Sprintf(" LIMIT %d", w.Limit)
	}
	sql := `SELECT x.due_on, x.id, x.plan_id, x.status, x.reason, x.outcome, x.done_at, tpl.name, e.model, e.serial, k.name, coalesce(site.name, ''),
    coalesce(m.name, ''),
    (SELECT count(*) FROM pm_answer a WHERE a.task_id = x.id AND a.result = 'flag'), (SELECT count(*) FROM pm_answer a WHERE a.task_id = x.id AND a.result = 'fail')
FROM (SELECT x.* FROM ` + w.source() + where + fmt.Sprintf(" ORDER BY x.due_on%[1]s, x.id%[1]s, x.plan_id%[1]s%[2]s", order, limit) + `) AS x` + taskJoins +
		fmt.Sprintf(" ORDER BY x.due_on%[1]s, x.id%[1]s, x.plan_id%[1]s", order)
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("query tasks: %w", err)
	}
	var t TaskRow
	_, err = pgx.ForEachRow(rows, []any{
		&t.DueOn, &t.ID, &t.PlanID, &t.Status, &t.Reason, &t.Outcome, &t.DoneAt, &t.Template, &t.Model, &t.Serial, &t.Customer, &t.Site, &t.Technician,
		&t.Flags, &t.Fails,
	}, func() error { return fn(t) })
	if err != nil {
		return fmt.Errorf("read tasks: %w", err)
	}
	return nil
}

// TaskTotals is what a report counts over the tasks that match. Those that are not due yet count nowhere.
type TaskTotals struct {
	Label                                  string // what these have in common
	OnTime, Late, Overdue, Skipped, Missed int64
}

// Due is how many had to be done.
func (t TaskTotals) Due() int64 { return t.OnTime + t.Late + t.Overdue + t.Skipped + t.Missed }

// What the tasks of a report are counted by.
const (
	TasksTogether     = "''"
	TasksByTechnician = "coalesce(m.name, 'nobody')"
	TasksByModel      = "e.model"
)

// CountTasks counts the tasks that match by one of the above, those with the most first. Whether one was done on time is decided
// by the day it was in a zone.
func (s *Store) CountTasks(ctx context.Context, w TaskWhere, zone, by string) ([]TaskTotals, error) {
	where, args := w.where()
	args = append(args, zone, w.Today)
	day := fmt.Sprintf("(x.done_at AT TIME ZONE $%d)::date", len(args)-1)
	sql := `SELECT ` + by + ` AS label, count(*) FILTER (WHERE x.status = 'done' AND ` + day + ` <= x.due_on),
    count(*) FILTER (WHERE x.status = 'done' AND ` + day + ` > x.due_on),
    count(*) FILTER (WHERE x.status IN ('open','started') AND x.due_on < $` + fmt.Sprint(len(args)) + `::date),
    count(*) FILTER (WHERE x.status = 'skipped'), count(*) FILTER (WHERE x.status = 'missed')
FROM (SELECT x.* FROM ` + w.source() + where + `) AS x` + taskJoins + ` GROUP BY label ORDER BY count(*) DESC, label`
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("count tasks: %w", err)
	}
	totals, err := pgx.CollectRows(rows, pgx.RowToStructByPos[TaskTotals])
	if err != nil {
		return nil, fmt.Errorf("count tasks: %w", err)
	}
	return totals, nil
}
