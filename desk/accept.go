package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// Accept takes a call for the member: an offer to them, or a call that nobody has.
func (d *Desk) Accept(ctx context.Context, a Actor, callID int64) error {
	if err := a.may(TakeCalls); err != nil {
		return err
	}
	var first *store.Call
	err := d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		again := s.call.AcceptedAt != nil
		if err := s.accept(ctx); err != nil || again {
			return err
		}
		first = &s.call
		return nil
	})
	if err == nil && first != nil && first.AcceptedAt != nil {
		d.Observe.accepted(first.Priority, first.AcceptedAt.Sub(first.OpenedAt))
	}
	return err
}

func (s *step) accept(ctx context.Context) error {
	if s.call.Status != Pending {
		return s.isClosed()
	}
	switch s.call.Progress {
	case Unassigned:
		return s.takeUnasked(ctx)
	case Offered:
		return s.acceptOffer(ctx)
	}
	if s.mine() {
		return nil
	}
	return s.isTaken(ctx)
}

func (s *step) isClosed() error {
	return refuse(Conflict, "Call %d is closed already. Reopen it first if the problem is back.", s.call.ID)
}

func (s *step) isTaken(ctx context.Context) error {
	who, err := s.q.GetMember(ctx, *s.call.TechnicianID)
	if err != nil {
		return fmt.Errorf("read technician: %w", err)
	}
	return refuse(Conflict, "Call %d is with %s already.", s.call.ID, who.Name)
}

func (s *step) acceptOffer(ctx context.Context) error {
	open, err := s.q.GetOpenOffer(ctx, s.call.ID)
	if err != nil {
		return fmt.Errorf("read open offer: %w", err)
	}
	if open.Offer.MemberID != s.actor.ID {
		return s.acceptLate(ctx, open)
	}
	if err := s.answer(ctx, open.Offer, "accepted", ""); err != nil {
		return err
	}
	return s.take(ctx)
}

// acceptLate gives a call to somebody whose own offer expired while the next person has not answered yet: whoever says yes
// first has it.
func (s *step) acceptLate(ctx context.Context, open store.GetOpenOfferRow) error {
	asked, err := s.q.HadOffer(ctx, store.HadOfferParams{CallID: s.call.ID, MemberID: s.actor.ID, State: "expired"})
	if err != nil {
		return fmt.Errorf("read earlier offers: %w", err)
	}
	if !asked {
		return refuse(Conflict, "Call %d is offered to %s, who has not answered yet.", s.call.ID, open.MemberName)
	}
	if err := s.takeBack(ctx); err != nil {
		return err
	}
	return s.takeUnasked(ctx)
}

// takeUnasked takes a call that nobody has. It leaves an offer of its own, so that every call in hand has an accepted one.
func (s *step) takeUnasked(ctx context.Context) error {
	now := s.Now()
	offer, err := s.q.InsertOffer(ctx, store.InsertOfferParams{
		CallID: s.call.ID, MemberID: s.actor.ID, Why: []byte("[]"), OfferedAt: now, DeadlineAt: now,
	})
	if err != nil {
		return fmt.Errorf("write offer: %w", err)
	}
	if err := s.answer(ctx, offer, "accepted", "took it themselves"); err != nil {
		return err
	}
	return s.take(ctx)
}

func (s *step) take(ctx context.Context) error {
	before, now := s.call.Progress, s.Now()
	s.call.Progress, s.call.TechnicianID, s.call.AcceptedAt = Accepted, &s.actor.ID, &now
	if err := s.record(ctx, eventAccepted, before, Accepted, ""); err != nil {
		return err
	}
	if err := s.watchTaken(ctx); err != nil {
		return err
	}
	return s.tell(ctx, s.call.LoggedBy, noticeAccepted, "")
}
