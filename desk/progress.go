package desk

import (
	"context"
	"fmt"
	"time"

	"callout/store"
)

// MaxResolution is how many characters of what was done are kept.
const MaxResolution = 3000

// MaxReason is how many characters of a reason are kept.
const MaxReason = 500

// answer closes an offer and drops what was still to be sent of it.
func (s *step) answer(ctx context.Context, o store.Offer, state, reason string) error {
	now := s.Now()
	if err := s.q.AnswerOffer(ctx, store.AnswerOfferParams{ID: o.ID, State: state, AnsweredAt: &now, Reason: reason}); err != nil {
		return fmt.Errorf("answer offer: %w", err)
	}
	if err := s.q.EndOfferSteps(ctx, store.EndOfferStepsParams{Now: &now, OfferID: &o.ID}); err != nil {
		return fmt.Errorf("end steps of offer: %w", err)
	}
	return s.cancelNotices(ctx, o.ID)
}

// cancelNotices drops what was still to be sent of an offer; a message on its way is edited when it has arrived.
func (s *step) cancelNotices(ctx context.Context, offerID int64) error {
	now := s.Now()
	if err := s.q.CancelNotices(ctx, store.CancelNoticesParams{OfferID: &offerID, Now: &now}); err != nil {
		return fmt.Errorf("cancel notices: %w", err)
	}
	return nil
}

// Decline refuses an offer, or hands back a call the member had taken; the next person is asked.
func (d *Desk) Decline(ctx context.Context, a Actor, callID int64, reason string) error {
	if err := a.may(TakeCalls); err != nil {
		return err
	}
	reason = clean(reason)
	if err := limitedField("reason", "The reason", reason, 0, MaxReason); err != nil {
		return err
	}
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending {
			return s.isClosed()
		}
		kind := eventDeclined
		switch {
		case s.call.Progress == Offered:
			if err := s.declineOffer(ctx, reason); err != nil {
				return err
			}
		case s.mine():
			kind = eventHandedBack
			if err := s.giveUp(ctx, reason); err != nil {
				return err
			}
		default:
			return refuse(Conflict, "Call %d is not offered to you (any more), so there is nothing to decline.", callID)
		}
		before := s.call.Progress
		s.call.Progress, s.call.TechnicianID, s.call.AcceptedAt = Unassigned, nil, nil
		if err := s.record(ctx, kind, before, Unassigned, reason); err != nil {
			return err
		}
		return s.assignNext(ctx)
	})
}

func (s *step) declineOffer(ctx context.Context, reason string) error {
	open, err := s.q.GetOpenOffer(ctx, s.call.ID)
	if err != nil {
		return fmt.Errorf("read open offer: %w", err)
	}
	if open.Offer.MemberID != s.actor.ID {
		return refuse(Conflict, "Call %d is offered to %s, not to you.", s.call.ID, open.MemberName)
	}
	return s.answer(ctx, open.Offer, "declined", reason)
}

// giveUp turns the accepted offer into a declined one: the person will not be asked for this call again.
func (s *step) giveUp(ctx context.Context, reason string) error {
	now := s.Now()
	err := s.q.GiveUpOffer(ctx, store.GiveUpOfferParams{CallID: s.call.ID, AnsweredAt: &now, Reason: reason, MemberID: s.actor.ID})
	if err != nil {
		return fmt.Errorf("give up offer: %w", err)
	}
	return nil
}

// OfferTo offers a call to a chosen person, or to the best available if memberID is 0, taking it from whoever has it.
func (d *Desk) OfferTo(ctx context.Context, a Actor, callID, memberID int64) error {
	if err := a.may(DirectCalls); err != nil {
		return err
	}
	p := problems{}
	if err := d.checkTechnician(ctx, p, memberID); err != nil {
		return err
	}
	if err := p.err(); err != nil {
		return err
	}
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending {
			return s.isClosed()
		}
		if err := s.withdraw(ctx); err != nil {
			return err
		}
		if memberID != orZeroID(s.call.WantedID) {
			s.call.WantedID, s.changed = known(memberID), true
			s.mark.did(CallRecord, eventWithdrawn) // although nobody may have had it
		}
		return s.assignNext(ctx)
	})
}

// withdraw takes a call from whoever has or is offered it.
func (s *step) withdraw(ctx context.Context) error {
	if s.call.Progress == Unassigned {
		return nil
	}
	if err := s.takeBack(ctx); err != nil {
		return err
	}
	before := s.call.Progress
	s.call.Progress, s.call.TechnicianID, s.call.AcceptedAt = Unassigned, nil, nil
	return s.record(ctx, eventWithdrawn, before, Unassigned, "")
}

// takeBack ends every live offer of a call and tells whose it was.
func (s *step) takeBack(ctx context.Context) error {
	now := s.Now()
	offers, err := s.q.WithdrawOffers(ctx, store.WithdrawOffersParams{CallID: s.call.ID, AnsweredAt: &now})
	if err != nil {
		return fmt.Errorf("withdraw offers: %w", err)
	}
	for _, o := range offers {
		if err := s.cancelNotices(ctx, o.ID); err != nil {
			return err
		}
		if err := s.q.EndOfferSteps(ctx, store.EndOfferStepsParams{Now: &now, OfferID: &o.ID}); err != nil {
			return fmt.Errorf("end steps of offer: %w", err)
		}
		if err := s.tell(ctx, o.MemberID, noticeWithdrawn, ""); err != nil {
			return err
		}
	}
	return nil
}

// OnMyWay records that the technician is travelling to the customer.
func (d *Desk) OnMyWay(ctx context.Context, a Actor, callID int64) error {
	return d.move(ctx, a, callID, EnRoute, eventEnRoute, nil)
}

// OnSite records that the technician has arrived.
func (d *Desk) OnSite(ctx context.Context, a Actor, callID int64) error {
	return d.move(ctx, a, callID, OnSite, eventOnSite, nil)
}

func (d *Desk) move(ctx context.Context, a Actor, callID int64, to, event string, when *time.Time) error {
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if s.call.Status != Pending {
			return s.isClosed()
		}
		if err := s.mayAct(ctx); err != nil {
			return err
		}
		if s.call.Progress == to || (s.call.Progress == OnSite && to == EnRoute) {
			return nil
		}
		before := s.call.Progress
		s.call.Progress = to
		if err := s.endSteps(ctx); err != nil {
			return err
		}
		if err := s.record(ctx, event, before, to, arrivalNote(when, d.ZoneOf(a.Member))); err != nil {
			return err
		}
		return s.informMoved(ctx, to, when)
	})
}

// mayAct refuses who neither has the call nor directs calls. A call nobody has must be accepted first.
func (s *step) mayAct(ctx context.Context) error {
	switch {
	case s.mine():
		return nil
	case s.call.TechnicianID == nil:
		return refuse(Conflict, "Nobody has accepted call %d yet. Accept it first.", s.call.ID)
	case s.actor.Can(DirectCalls):
		return nil
	}
	return s.isTaken(ctx)
}

// Note adds a remark to the timeline and the thread of a call.
func (d *Desk) Note(ctx context.Context, a Actor, callID int64, text string) error {
	if err := a.may(NoteCalls); err != nil {
		return err
	}
	text = clean(text)
	if text == "" {
		return wrong("note", "The note is empty.")
	}
	if err := limitedField("note", "The note", text, 1, MaxDetails); err != nil {
		return err
	}
	return d.step(ctx, a, callID, func(ctx context.Context, s *step) error {
		if err := s.record(ctx, eventNote, "", "", text); err != nil {
			return err
		}
		return s.tellSaid(ctx, text, 0)
	})
}

func limitedField(field, what, text string, least, most int) error {
	p := problems{}
	p.add(field, limited(what, text, least, most))
	if len(p) == 0 {
		return nil
	}
	return wrong(field, "%s", p[field])
}
