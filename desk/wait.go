package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callout/store"
)

// WaitReasons lists for what a call may wait.
func WaitReasons() []string { return []string{"customer", "parts", "something else"} }

// farthestWait is how far ahead a call may be put off: what takes longer is closed, and logged again.
const farthestWait = 366 * 24 * time.Hour

// resumeAt is the hour of the day at which a waiting call comes back, where its technician is.
const resumeAt = 8

// WaitFor puts a call off until a day, because of the customer or of parts. It stays with its technician, who is reminded that
// morning; until then nobody is asked to move.
func (d *Desk) WaitFor(ctx context.Context, a Actor, callID int64, reason string, until time.Time, note string) error {
	note = clean(note)
	p := problems{}
	if !slices.Contains(WaitReasons(), reason) {
		p.add("reason", refuse(Invalid, "“%s” is nothing a call waits for. Choose %s.", shorten(reason, 30), orList(WaitReasons())))
	}
	p.add("note", limited("The note", note, 0, MaxReason))
	today := d.Today(a)
	switch {
	case until.IsZero():
		p.add("until", refuse(Invalid, "Choose the day on which it goes on."))
	case !until.After(today) || until.Sub(today) > farthestWait:
		p.add("until", refuse(Invalid, "%s is not a day to wait for. Choose one from tomorrow on, at most a year ahead.", until.Format("2 Jan 2006")))
	}
	if err := p.err(); err != nil {
		return err
	}
	if note != "" {
		reason += ": " + note
	}
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending {
			return s.isClosed()
		}
		if err := s.mayAct(ctx); err != nil {
			return err
		}
		before := s.call.Progress
		s.call.Progress, s.call.ResumeOn = Waiting, &until
		if err := s.record(ctx, eventWaiting, before, until.Format(time.DateOnly), reason); err != nil {
			return err
		}
		return s.watchWaiting(ctx)
	})
}

// watchWaiting ends every clock of a call but the one that brings it back.
func (s *step) watchWaiting(ctx context.Context) error {
	if err := s.endSteps(ctx); err != nil {
		return err
	}
	who, err := s.q.GetMember(ctx, *s.call.TechnicianID)
	if err != nil {
		return fmt.Errorf("read technician: %w", err)
	}
	y, m, day := s.call.ResumeOn.Date()
	due := time.Date(y, m, day, resumeAt, 0, 0, 0, s.ZoneOf(who))
	err = s.q.InsertCallStep(ctx, store.InsertCallStepParams{CallID: s.call.ID, Kind: stepResume, Turn: 1, DueAt: due})
	if err != nil {
		return fmt.Errorf("plan resume step: %w", err)
	}
	return nil
}

// Resume takes a waiting call up again, before its day or on it.
func (d *Desk) Resume(ctx context.Context, a Actor, callID int64) error {
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending {
			return s.isClosed()
		}
		if err := s.mayAct(ctx); err != nil {
			return err
		}
		if s.call.Progress != Waiting {
			return nil
		}
		return s.resume(ctx)
	})
}

// resume makes a waiting call one that waits for its technician to set out, as if it had just been accepted.
func (s *step) resume(ctx context.Context) error {
	now := s.Now()
	s.call.Progress = Accepted
	if s.call.AcceptedAt == nil {
		s.call.AcceptedAt = &now
	}
	if err := s.record(ctx, eventTakenUp, Waiting, Accepted, ""); err != nil {
		return err
	}
	return s.watchTaken(ctx)
}

// comeBack resumes a call whose day has come, and tells who has it.
func (s *step) comeBack(ctx context.Context) error {
	if s.call.Progress != Waiting {
		return nil
	}
	if err := s.resume(ctx); err != nil {
		return err
	}
	return s.tell(ctx, *s.call.TechnicianID, noticeNudge, fmt.Sprintf("Call %d waited until today: please go on with it.", s.call.ID))
}
