package desk

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Close ends a call with what was done.
func (d *Desk) Close(ctx context.Context, a Actor, callID int64, resolution string) error {
	if err := a.may(CloseCalls); err != nil {
		return err
	}
	resolution = clean(resolution)
	if resolution == "" {
		return wrong("resolution", "Say in a few words what was done.")
	}
	if err := limitedField("resolution", "The text", resolution, 1, MaxResolution); err != nil {
		return err
	}
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending {
			return s.isClosed()
		}
		if !s.mine() && !a.Can(DirectCalls) {
			return s.notYours(ctx)
		}
		if err := errors.Join(s.endOffers(ctx), s.endSteps(ctx)); err != nil {
			return err
		}
		now := s.Now()
		s.call.Status, s.call.ClosedAt, s.call.Resolution = Done, &now, resolution
		if err := s.record(ctx, eventClosed, Pending, Done, resolution); err != nil {
			return err
		}
		if err := s.recordVisit(ctx); err != nil {
			return err
		}
		if err := s.inform(ctx, InformDone, nil); err != nil {
			return err
		}
		return s.tellClosed(ctx, resolution)
	})
}

// recordVisit records that who had the call was there. A call that nobody had was settled without going there.
func (s *step) recordVisit(ctx context.Context) error {
	by := s.call.TechnicianID
	if by == nil {
		return nil
	}
	at, err := s.q.LastOnSite(ctx, store.LastOnSiteParams{CallID: s.call.ID, MemberID: by})
	if errors.Is(err, pgx.ErrNoRows) {
		at, err = *s.call.ClosedAt, nil
	}
	if err != nil {
		return fmt.Errorf("read when they were on site: %w", err)
	}
	return s.Desk.recordVisit(ctx, s.q, doneVisit{
		CustomerID: s.call.CustomerID, Purpose: VisitService, MemberID: *by, At: at, Outcome: s.call.Resolution, CallID: s.call.ID,
		LoggedBy: s.actor.ID, Via: s.actor.Via,
	})
}

// tellClosed tells who logged the call, and who had it: they may be on their way.
func (s *step) tellClosed(ctx context.Context, resolution string) error {
	if by := s.call.TechnicianID; by != nil && *by != s.call.LoggedBy {
		if err := s.tell(ctx, *by, noticeClosed, resolution); err != nil {
			return err
		}
	}
	return s.tell(ctx, s.call.LoggedBy, noticeClosed, resolution)
}

func (s *step) notYours(ctx context.Context) error {
	if s.call.TechnicianID != nil {
		return s.isTaken(ctx)
	}
	return refuse(Forbidden, "Only who has call %d, or a dispatcher, may do that. Accept it first.", s.call.ID)
}

// endOffers withdraws an offer that nobody answered; the accepted one stays as the record of who did it.
func (s *step) endOffers(ctx context.Context) error {
	if s.call.Progress != Offered {
		return nil
	}
	return s.withdraw(ctx)
}

// Reopen brings a closed call back with its whole history; whoever had it has it again, unless they have left: then, or if nobody
// had it, somebody is asked.
func (d *Desk) Reopen(ctx context.Context, a Actor, callID int64, reason string) error {
	if err := a.may(LogCalls); err != nil {
		return err
	}
	reason = clean(reason)
	if err := limitedField("reason", "The reason", reason, 0, MaxReason); err != nil {
		return err
	}
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status == Pending {
			return refuse(Conflict, "Call %d is open already.", callID)
		}
		s.call.Status, s.call.ClosedAt, s.call.Resolution = Pending, nil, ""
		if err := s.record(ctx, eventReopened, Done, Pending, reason); err != nil {
			return err
		}
		there, err := s.technicianIsThere(ctx)
		if err != nil {
			return err
		}
		if !there {
			return errors.Join(s.leave(ctx), s.assignNext(ctx))
		}
		s.call.Progress = Accepted
		if err := s.watchTaken(ctx); err != nil {
			return err
		}
		return s.tell(ctx, *s.call.TechnicianID, noticeReopened, reason)
	})
}

// leave takes a call from somebody who is no technician any more: their accepted offer would keep the next person from accepting.
func (s *step) leave(ctx context.Context) error {
	had := s.call.TechnicianID != nil
	s.call.Progress, s.call.TechnicianID, s.call.AcceptedAt = Unassigned, nil, nil
	if !had {
		return nil
	}
	now := s.Now()
	if _, err := s.q.WithdrawOffers(ctx, store.WithdrawOffersParams{CallID: s.call.ID, AnsweredAt: &now}); err != nil {
		return fmt.Errorf("withdraw offers: %w", err)
	}
	return s.record(ctx, eventWithdrawn, Accepted, Unassigned, "")
}

// technicianIsThere reports whether who had the call can have it again.
func (s *step) technicianIsThere(ctx context.Context) (bool, error) {
	if s.call.TechnicianID == nil {
		return false, nil
	}
	m, err := s.q.GetMember(ctx, *s.call.TechnicianID)
	if err != nil {
		return false, fmt.Errorf("read technician: %w", err)
	}
	return Actor{Member: m}.Can(TakeCalls), nil
}
