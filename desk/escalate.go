package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"callout/store"
)

// The steps that wait for a call which nobody has, or on which nobody moves.
const (
	stepChannel     = "channel"     // the offer goes out on the person's next channel
	stepTechnician  = "technician"  // somebody else is asked
	stepDispatchers = "dispatchers" // they are told that nobody has the call
	stepAdmins      = "admins"      // so are the admins, again and again
	stepLoud        = "loud"        // the thread of the call says so, for as long as nobody has it
	stepRemind      = "remind"      // who accepted is reminded to move
	stepStuck       = "stuck"       // the dispatchers are told that they do not
	stepResume      = "resume"      // the day has come until which a call waited
)

// takeSteps leaves a job for every step whose time has come.
func (d *Desk) takeSteps(ctx context.Context) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		due, err := q.ListDueSteps(ctx, d.Now())
		if err != nil {
			return fmt.Errorf("list due steps: %w", err)
		}
		args := make([]river.JobArgs, len(due))
		for i, s := range due {
			args[i] = StepArgs{StepID: s.ID, CallID: s.CallID}
		}
		return d.enqueue(ctx, tx, args...)
	})
}

// TakeStep does what a step is about, if the call still needs it. Taken twice, it is done once. Who left the job saw that its time
// had come; the clock of who takes it may be a little behind.
func (d *Desk) TakeStep(ctx context.Context, args StepArgs) error {
	return d.step(ctx, Actor{}, args.CallID, func(ctx context.Context, s *step) error {
		due, err := s.q.LockCallStep(ctx, args.StepID)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && due.DoneAt != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read step: %w", err)
		}
		now := s.Now()
		if err := s.q.CallStepDone(ctx, store.CallStepDoneParams{Now: &now, ID: due.ID}); err != nil {
			return fmt.Errorf("mark step: %w", err)
		}
		if s.call.Status != Pending {
			return nil
		}
		return s.escalate(ctx, due)
	})
}

func (s *step) escalate(ctx context.Context, due store.CallStep) error {
	unowned := s.call.Progress == Unassigned || s.call.Progress == Offered
	still := s.call.Progress == Accepted
	switch due.Kind {
	case stepChannel:
		return s.nextChannel(ctx, due)
	case stepTechnician:
		return s.nextTechnician(ctx, due)
	case stepDispatchers, stepAdmins, stepLoud:
		if unowned {
			return s.tellUnowned(ctx, due)
		}
	case stepRemind:
		if still {
			return s.tell(ctx, *s.call.TechnicianID, noticeNudge, fmt.Sprintf("You accepted call %d %s ago. Are you on your way?", s.call.ID, s.since(*s.call.AcceptedAt)))
		}
	case stepStuck:
		if still {
			return s.tellStuck(ctx)
		}
	case stepResume:
		return s.comeBack(ctx)
	}
	return nil
}

func (s *step) since(t time.Time) string { return spanWords(s.Now().Sub(t)) }

// stillOpen reads the offer of a step, if it still waits for its answer.
func (s *step) stillOpen(ctx context.Context, due store.CallStep) (store.Offer, bool, error) {
	if s.call.Progress != Offered || due.OfferID == nil {
		return store.Offer{}, false, nil
	}
	offer, err := s.q.GetOffer(ctx, *due.OfferID)
	if err != nil {
		return offer, false, fmt.Errorf("read offer: %w", err)
	}
	return offer, offer.State == "open", nil
}

// nextChannel makes an offer again on the next channel of the person.
func (s *step) nextChannel(ctx context.Context, due store.CallStep) error {
	offer, open, err := s.stillOpen(ctx, due)
	if err != nil || !open {
		return err
	}
	left, err := s.channelsLeft(ctx, offer)
	if err != nil || len(left) == 0 {
		return err
	}
	line, err := handOverLine(ctx, s.q, s.call.ID)
	if err != nil {
		return err
	}
	o := s.owed(offer.MemberID, noticeOffer, line)
	o.offerID = &offer.ID
	if err := s.owe(ctx, s.tx, s.q, o, left[:1]); err != nil {
		return err
	}
	if err := s.record(ctx, eventAskedAgain, "", ChannelName(left[0].Channel), s.since(offer.OfferedAt)); err != nil {
		return err
	}
	if len(left) == 1 {
		return nil
	}
	p, err := s.plan(ctx, offer.MemberID)
	if err != nil {
		return err
	}
	return s.later(ctx, p, p.NextChannel, stepChannel, &offer.ID, due.Turn+1)
}

// channelsLeft lists the channels of the person on which an offer was not made yet, in their order.
func (s *step) channelsLeft(ctx context.Context, offer store.Offer) ([]store.ContactMethod, error) {
	made, err := s.q.ListOfferNotices(ctx, &offer.ID)
	if err != nil {
		return nil, fmt.Errorf("list messages of offer: %w", err)
	}
	methods, err := s.usable(ctx, s.q, offer.MemberID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(methods, func(m store.ContactMethod) bool {
		return slices.ContainsFunc(made, func(n store.ListOfferNoticesRow) bool { return n.Channel == m.Channel && n.Address == m.Address })
	}), nil
}

// nextTechnician lets an offer expire and asks the next person. With nobody else to ask it stays open: who was asked may
// still say yes, and the dispatchers will be told in their turn.
func (s *step) nextTechnician(ctx context.Context, due store.CallStep) error {
	offer, open, err := s.stillOpen(ctx, due)
	if err != nil || !open {
		return err
	}
	scores, err := s.candidates(ctx)
	if err != nil {
		return err
	}
	other := slices.ContainsFunc(scores, func(c Score) bool { return c.Eligible() && c.MemberID != offer.MemberID })
	if !other {
		p, err := s.plan(ctx, offer.MemberID)
		if err != nil {
			return err
		}
		return s.later(ctx, p, p.NextTechnician, stepTechnician, &offer.ID, due.Turn+1)
	}
	if err := s.answer(ctx, offer, "expired", ""); err != nil {
		return err
	}
	who, err := s.q.GetMember(ctx, offer.MemberID)
	if err != nil {
		return fmt.Errorf("read technician: %w", err)
	}
	s.call.Progress = Unassigned
	if err := s.record(ctx, eventExpired, Offered, who.Name, s.since(offer.OfferedAt)); err != nil {
		return err
	}
	return s.assignNext(ctx)
}

// tellUnowned tells the dispatchers, the admins, or everybody who reads the thread that nobody has the call.
func (s *step) tellUnowned(ctx context.Context, due store.CallStep) error {
	p, err := s.plan(ctx, 0)
	if err != nil {
		return err
	}
	text, err := s.unownedText(ctx)
	if err != nil {
		return err
	}
	if err := s.record(ctx, eventUnowned, "", due.Kind, s.since(s.call.OpenedAt)); err != nil {
		return err
	}
	switch due.Kind {
	case stepDispatchers:
		return s.tellDispatchers(ctx, noticeUnowned, text, 0)
	case stepLoud:
		return s.later(ctx, p, p.LoudEvery, stepLoud, nil, due.Turn+1)
	}
	if err := s.tellAll(ctx, s.tx, s.q, Admin, s.owed(0, noticeUnowned, fmt.Sprintf("%s (message %d)", text, due.Turn))); err != nil {
		return err
	}
	if due.Turn < p.AdminsTimes && p.AdminsEvery != "" {
		return s.later(ctx, p, p.AdminsEvery, stepAdmins, nil, due.Turn+1)
	}
	return s.later(ctx, p, p.LoudEvery, stepLoud, nil, 1)
}

func (s *step) unownedText(ctx context.Context) (string, error) {
	asked := "nobody could be asked"
	if s.call.Progress == Offered {
		open, err := s.q.GetOpenOffer(ctx, s.call.ID)
		if err != nil {
			return "", fmt.Errorf("read open offer: %w", err)
		}
		asked = open.MemberName + " was asked " + s.since(open.Offer.OfferedAt) + " ago and has not answered"
	}
	return fmt.Sprintf("Call %d (%s) has nobody after %s: %s. Please offer it to somebody.", s.call.ID, s.call.Priority, s.since(s.call.OpenedAt), asked), nil
}

func (s *step) tellStuck(ctx context.Context) error {
	who, err := s.q.GetMember(ctx, *s.call.TechnicianID)
	if err != nil {
		return fmt.Errorf("read technician: %w", err)
	}
	text := fmt.Sprintf("%s accepted call %d %s ago and has not set out yet.", who.Name, s.call.ID, s.since(*s.call.AcceptedAt))
	return s.tellDispatchers(ctx, noticeNudge, text, who.ID)
}
