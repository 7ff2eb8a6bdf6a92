package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Checklist is where a task stands: its steps, what was found, and which step comes next.
type Checklist struct {
	Task  TaskView
	Steps []ChecklistStep
	At    int // the step that is shown next; len(Steps) when none is left
}

// ChecklistStep is one step of a task with its answer.
type ChecklistStep struct {
	Step
	Number   int32 // in the template, from 0: what answers are kept under
	Answered bool
	Answer   store.PmAnswer
	By       string // who answered
	Last     string // what was found last time, for a number
}

// left reports whether a step is still to be done.
func (s ChecklistStep) left() bool {
	return !s.Optional && (!s.Answered || s.Answer.Result == FoundLeft)
}

// Left counts the steps that are still to be done.
func (c Checklist) Left() int {
	n := 0
	for _, s := range c.Steps {
		if s.left() {
			n++
		}
	}
	return n
}

// Count counts the steps with one of the results.
func (c Checklist) Count(results ...string) int {
	n := 0
	for _, s := range c.Steps {
		if s.Answered && slices.Contains(results, s.Answer.Result) {
			n++
		}
	}
	return n
}

// Calls lists the numbers of the calls that failed steps opened.
func (c Checklist) Calls() []int64 {
	var calls []int64
	for _, s := range c.Steps {
		if s.Answer.CallID != nil {
			calls = append(calls, *s.Answer.CallID)
		}
	}
	return calls
}

// Summary says in a few words what was found.
func (c Checklist) Summary() string {
	parts := []string{strconv.Itoa(c.Count(FoundDone, FoundPass)) + " fine"}
	if n := c.Count(FoundFlag); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" flagged")
	}
	if n := c.Count(FoundFail); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" failed")
	}
	if n := c.Left(); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" left")
	}
	text := joined(parts, "and")
	if calls := c.Calls(); len(calls) > 0 {
		names := make([]string, len(calls))
		for i, id := range calls {
			names[i] = strconv.FormatInt(id, 10)
		}
		text += " (call " + joined(names, "and") + ")"
	}
	return text
}

// nextAfter is the first step after one that has no answer, from the beginning again at the end; len(Steps) if all have one.
func (c Checklist) nextAfter(at int) int {
	for i := range c.Steps {
		if next := (at + 1 + i) % len(c.Steps); !c.Steps[next].Answered {
			return next
		}
	}
	return len(c.Steps)
}

// Checklist reads where a task stands.
func (d *Desk) Checklist(ctx context.Context, a Actor, id int64) (Checklist, error) {
	if err := a.may(SeeMaintenance); err != nil {
		return Checklist{}, err
	}
	return d.checklist(ctx, d.q, id)
}

// ChecklistOf is the same for the service sheet, which nobody asks for themselves.
func (d *Desk) ChecklistOf(ctx context.Context, id int64) (Checklist, error) {
	return d.checklist(ctx, d.q, id)
}

func (d *Desk) checklist(ctx context.Context, q *store.Queries, id int64) (Checklist, error) {
	var c Checklist
	var err error
	if c.Task, err = q.GetTaskView(ctx, id); err != nil {
		return c, found(err, "There is no maintenance task %d. /maintenance lists them.", id)
	}
	t := c.Task.PmTask
	if c.Steps, err = stepsOf(ctx, q, c.Task.TemplateID, t.Checklist, t.Steps); err != nil {
		return c, err
	}
	answers, err := q.ListAnswers(ctx, id)
	if err != nil {
		return c, fmt.Errorf("list answers of task %d: %w", id, err)
	}
	for i := range c.Steps {
		s := &c.Steps[i]
		for _, a := range answers {
			if a.PmAnswer.Step == s.Number {
				s.Answered, s.Answer, s.By = true, a.PmAnswer, a.MemberName
			}
		}
	}
	c.At = min(int(t.Position), len(c.Steps))
	return c, c.lastTime(ctx, q)
}

// stepsOf reads the steps of a version of a template; only some, if which are given.
func stepsOf(ctx context.Context, q *store.Queries, templateID int64, version int32, only []int32) ([]ChecklistStep, error) {
	encoded, err := q.GetChecklist(ctx, store.GetChecklistParams{TemplateID: templateID, Number: version})
	if err != nil {
		return nil, fmt.Errorf("read checklist: %w", err)
	}
	var all []Step
	if err := json.Unmarshal(encoded, &all); err != nil {
		return nil, fmt.Errorf("decode checklist: %w", err)
	}
	var steps []ChecklistStep
	for i, s := range all {
		if number := int32(i); len(only) == 0 || slices.Contains(only, number) {
			steps = append(steps, ChecklistStep{Step: s, Number: number})
		}
	}
	return steps, nil
}

// lastTime adds what numbers were last time. The checklist may have changed since: a step is known by its words.
func (c *Checklist) lastTime(ctx context.Context, q *store.Queries) error {
	if !slices.ContainsFunc(c.Steps, func(s ChecklistStep) bool { return s.Kind == StepNumber }) {
		return nil
	}
	before, err := q.GetTaskBefore(ctx, store.GetTaskBeforeParams{PlanID: c.Task.PmTask.PlanID, ID: c.Task.PmTask.ID})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read task before: %w", err)
	}
	steps, err := stepsOf(ctx, q, c.Task.TemplateID, before.Checklist, nil)
	if err != nil {
		return err
	}
	answers, err := q.ListAnswers(ctx, before.ID)
	if err != nil {
		return fmt.Errorf("list answers of task %d: %w", before.ID, err)
	}
	last := map[string]string{}
	for _, a := range answers {
		if n := int(a.PmAnswer.Step); n < len(steps) && steps[n].Kind == StepNumber {
			last[steps[n].Text] = a.PmAnswer.Value
		}
	}
	for i := range c.Steps {
		c.Steps[i].Last = last[c.Steps[i].Text]
	}
	return nil
}

// StartTask begins the checklist of a task, or carries on with it where it was left. What nobody has is theirs from now on.
func (d *Desk) StartTask(ctx context.Context, a Actor, id int64) (Checklist, error) {
	err := d.taskStep(ctx, a, id, DoMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.theirs(ctx, "start"); err != nil || s.task.Status == TaskStarted {
			return err
		}
		now := s.Now()
		s.task.Status, s.task.StartedAt, s.task.StartedBy, s.task.SkipAskedBy = TaskStarted, &now, &a.ID, nil
		if s.task.TechnicianID == nil && a.Can(TakeCalls) {
			s.task.TechnicianID = &a.ID
		}
		return s.event(ctx, eventStarted, "", "", "")
	})
	if err != nil {
		return Checklist{}, err
	}
	return d.checklist(ctx, d.q, id)
}

// working refuses a step of a task that is not under way.
func (s *taskStep) working(ctx context.Context) error {
	if err := s.theirs(ctx, "do"); err != nil {
		return err
	}
	if s.task.Status != TaskStarted {
		return refuse(Conflict, "Start maintenance %d first.", s.task.ID)
	}
	return nil
}
