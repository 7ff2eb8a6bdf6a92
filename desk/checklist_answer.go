package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"callout/store"
)

// onStep lets fn work at one step of the checklist of a task that is under way.
func (d *Desk) onStep(ctx context.Context, a Actor, id int64, at int, fn func(context.Context, *taskStep, Checklist) error) error {
	return d.taskStep(ctx, a, id, DoMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.working(ctx); err != nil {
			return err
		}
		c, err := d.checklist(ctx, s.q, id)
		if err != nil {
			return err
		}
		if at < 0 || at >= len(c.Steps) {
			return refuse(Conflict, "Maintenance %d has %d steps. Open it again to see where you are.", id, len(c.Steps))
		}
		return fn(ctx, s, c)
	})
}

// AnswerStep keeps what was found at a step, and moves to the first one without an answer. A failed step opens a call.
func (d *Desk) AnswerStep(ctx context.Context, a Actor, id int64, at int, f Found) error {
	f.Value, f.Note = clean(f.Value), clean(f.Note)
	if err := f.check(); err != nil {
		return err
	}
	settings, err := d.Settings(ctx) // before the transaction: it may need a connection of its own
	if err != nil {
		return err
	}
	return d.onStep(ctx, a, id, at, func(ctx context.Context, s *taskStep, c Checklist) error {
		if err := s.answer(ctx, c, at, f, settings); err != nil {
			return err
		}
		c.Steps[at].Answered = true
		s.task.Position = int32(c.nextAfter(at))
		return nil
	})
}

// check refuses what is too long to be kept.
func (f Found) check() error {
	p := problems{}
	p.add("answer", limited("The answer", f.Value, 0, MaxAnswer))
	p.add("note", limited("The note", f.Note, 0, MaxStepNote))
	return p.err()
}

// Limits of an answer to a step.
const (
	MaxAnswer   = 1000
	MaxStepNote = 1000
)

func (s *taskStep) answer(ctx context.Context, c Checklist, at int, f Found, settings Settings) error {
	step := c.Steps[at]
	had, err := s.hasPhotos(ctx, step)
	if err != nil {
		return err
	}
	result, value, err := step.judge(f, had)
	if err != nil {
		return err
	}
	callID := step.Answer.CallID
	if result == FoundFail && callID == nil {
		if callID, err = s.openCall(ctx, c.Task, step, f.Note, settings); err != nil {
			return err
		}
	}
	if err := s.attach(ctx, PhotoLabel(step.Number), f.Photos); err != nil {
		return err
	}
	return s.putAnswer(ctx, step.Number, result, value, f.Note, callID)
}

func (s *taskStep) putAnswer(ctx context.Context, step int32, result, value, note string, callID *int64) error {
	err := s.q.PutAnswer(ctx, store.PutAnswerParams{
		TaskID: s.task.ID, Step: step, Result: result, Value: value, Note: note, CallID: callID, MemberID: known(s.actor.ID),
		Via: cmp.Or(s.actor.Via, "desk"), At: s.Now(),
	})
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// PhotoLabel says of a file which step it shows.
func PhotoLabel(step int32) string { return "step " + strconv.Itoa(int(step)+1) }

func (s *taskStep) hasPhotos(ctx context.Context, step ChecklistStep) (bool, error) {
	if step.Kind != StepPhoto {
		return false, nil
	}
	files, err := s.q.ListFiles(ctx, store.ListFilesParams{Record: TaskRecord, RecordID: s.task.ID})
	if err != nil {
		return false, fmt.Errorf("list files: %w", err)
	}
	label := PhotoLabel(step.Number)
	return slices.ContainsFunc(files, func(f FileInfo) bool { return f.Label == label }), nil
}

// openCall logs a call for a step that failed: it is offered as every call is.
func (s *taskStep) openCall(ctx context.Context, v TaskView, step ChecklistStep, note string, settings Settings) (*int64, error) {
	machine := v.Model + " " + v.Serial
	in := NewCall{
		CustomerID: v.CustomerID, EquipmentID: v.EquipmentID, Priority: "normal",
		Summary: shorten(fmt.Sprintf("%s: %s: %s", shorten(machine, 50), shorten(step.Text, 80), note), MaxSummary),
		Details: fmt.Sprintf("Found during maintenance %d (%s) of %s.\nStep: %s\nFound: %s", v.PmTask.ID, v.Template, machine, step.Text, note),
	}
	a := s.actor
	a.Key = fmt.Sprintf("task:%d:step:%d", v.PmTask.ID, step.Number)
	params, err := s.logCallParams(a, in, settings)
	if err != nil {
		return nil, err
	}
	callID, err := s.q.LogCall(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("open call for a failed step: %w", err)
	}
	return &callID, s.event(ctx, eventFailedStep, "", "call "+strconv.FormatInt(callID, 10), step.Text+": "+note)
}

// LeaveStep leaves a step out for now, and moves on.
func (d *Desk) LeaveStep(ctx context.Context, a Actor, id int64, at int, note string) error {
	note = clean(note)
	if err := (Found{Note: note}).check(); err != nil {
		return err
	}
	return d.onStep(ctx, a, id, at, func(ctx context.Context, s *taskStep, c Checklist) error {
		if err := s.putAnswer(ctx, c.Steps[at].Number, FoundLeft, "", note, nil); err != nil {
			return err
		}
		c.Steps[at].Answered = true
		s.task.Position = int32(c.nextAfter(at))
		return nil
	})
}

// BackFrom moves back by one from a step that is shown; what is answered stays answered.
func (d *Desk) BackFrom(ctx context.Context, a Actor, id int64, at int) error {
	return d.taskStep(ctx, a, id, DoMaintenance, func(ctx context.Context, s *taskStep) error {
		if err := s.working(ctx); err != nil {
			return err
		}
		s.task.Position = int32(max(0, at-1))
		return nil
	})
}
