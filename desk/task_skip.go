package desk

import (
	"context"
	"fmt"
)

// SkipTask asks to leave a task out this time. Who may approve that skips it at once: asked says whether it waits for approval.
func (d *Desk) SkipTask(ctx context.Context, a Actor, id int64, reason string) (asked bool, err error) {
	reason = clean(reason)
	if err := saidWhy("reason", reason); err != nil {
		return false, err
	}
	err = d.taskStep(ctx, a, id, AskToSkip, func(ctx context.Context, s *taskStep) error {
		if err := s.theirs(ctx, "skip"); err != nil {
			return err
		}
		if a.Can(ApproveSkip) {
			return s.skip(ctx, reason)
		}
		s.task.SkipAskedBy, s.task.Reason = &a.ID, reason
		if err := s.event(ctx, eventSkipAsked, "", "", reason); err != nil {
			return err
		}
		text, err := s.newsOf(ctx, a.Name+" asks to skip it: "+reason)
		if err != nil {
			return err
		}
		return s.tellDispatchers(ctx, noticeTaskNews, text)
	})
	return !a.Can(ApproveSkip), err
}

// skip ends the task undone, and lets its plan go on.
func (s *taskStep) skip(ctx context.Context, reason string) error {
	s.task.Status, s.task.SkipAskedBy, s.task.Reason, s.task.RemindOn = TaskSkipped, nil, reason, nil
	if err := s.event(ctx, eventSkipped, "", "", reason); err != nil {
		return err
	}
	if err := s.save(ctx); err != nil { // what follows reads it
		return err
	}
	return s.movePlan(ctx)
}

// ApproveSkip lets a task be skipped as somebody asked; they learn of it, as its technician does.
func (d *Desk) ApproveSkip(ctx context.Context, a Actor, id int64) error {
	return d.answerSkip(ctx, a, id, func(ctx context.Context, s *taskStep, asker int64) error {
		if err := s.skip(ctx, s.task.Reason); err != nil {
			return err
		}
		return s.tellBoth(ctx, asker, a.Name+" approved that it is skipped.")
	})
}

// RefuseSkip keeps a task that somebody asked to skip.
func (d *Desk) RefuseSkip(ctx context.Context, a Actor, id int64) error {
	return d.answerSkip(ctx, a, id, func(ctx context.Context, s *taskStep, asker int64) error {
		s.task.SkipAskedBy = nil
		if err := s.event(ctx, eventSkipRefused, "", "", ""); err != nil {
			return err
		}
		due := s.task.DueOn.Format(dayWords)
		return s.tellBoth(ctx, asker, fmt.Sprintf("%s wants it done; it is due on %s.", a.Name, due))
	})
}

func (d *Desk) answerSkip(ctx context.Context, a Actor, id int64, fn func(context.Context, *taskStep, int64) error) error {
	return d.taskStep(ctx, a, id, ApproveSkip, func(ctx context.Context, s *taskStep) error {
		if err := s.unfinished(); err != nil {
			return err
		}
		if s.task.SkipAskedBy == nil {
			return refuse(Conflict, "Nobody asks to skip maintenance %d any more.", id)
		}
		return fn(ctx, s, *s.task.SkipAskedBy)
	})
}

// tellBoth tells who asked, and the technician if that is somebody else.
func (s *taskStep) tellBoth(ctx context.Context, asker int64, news string) error {
	if err := s.tellTask(ctx, asker, news); err != nil {
		return err
	}
	if t := s.task.TechnicianID; t != nil && *t != asker {
		return s.tellTask(ctx, *t, news)
	}
	return nil
}
