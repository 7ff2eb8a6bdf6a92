package desk

import (
	"context"
	"fmt"
	"time"

	"callout/store"
)

// plan is when the steps of a call are due: by the policy of its priority, on somebody's clock.
type plan struct {
	store.Policy
	facts DutyFacts
	now   time.Time
}

func (s *step) plan(ctx context.Context, technicianID int64) (plan, error) {
	p := plan{now: s.Now()}
	var err error
	if p.Policy, err = s.q.GetPolicy(ctx, s.call.Priority); err != nil {
		return p, fmt.Errorf("read policy of %s calls: %w", s.call.Priority, err)
	}
	if technicianID == 0 || p.Clock != clockDuty {
		holidays, err := s.holidaysBetween(ctx, s.q, p.now, p.now.Add(2*searched))
		p.facts = s.officeHours(holidays)
		return p, err
	}
	m, err := s.q.GetMember(ctx, technicianID)
	if err != nil {
		return p, fmt.Errorf("read member %d: %w", technicianID, err)
	}
	p.facts, err = s.dutySince(ctx, s.q, m, p.now)
	p.facts.CountOnCall = s.call.Priority == priorityUrgent
	return p, err
}

// deadline is until when an offer that is made now is to be answered.
func (p plan) deadline() time.Time {
	if at, ok := Wait(p.NextTechnician).After(p.Clock, p.facts, p.now); ok {
		return at
	}
	return p.now.Add(searched)
}

// later plans a step, unless the policy has none.
func (s *step) later(ctx context.Context, p plan, wait, kind string, offerID *int64, turn int32) error {
	due, ok := Wait(wait).After(p.Clock, p.facts, p.now)
	if !ok {
		return nil
	}
	err := s.q.InsertCallStep(ctx, store.InsertCallStepParams{CallID: s.call.ID, OfferID: offerID, Kind: kind, Turn: turn, DueAt: due})
	if err != nil {
		return fmt.Errorf("plan %s step: %w", kind, err)
	}
	return nil
}

// watchOffer plans what happens while an offer has no answer; more says that the person has other channels left.
func (s *step) watchOffer(ctx context.Context, p plan, offerID int64, more bool) error {
	if more {
		if err := s.later(ctx, p, p.NextChannel, stepChannel, &offerID, 1); err != nil {
			return err
		}
	}
	if err := s.later(ctx, p, p.NextTechnician, stepTechnician, &offerID, 1); err != nil {
		return err
	}
	return s.watchUnowned(ctx, p)
}

// watchUnowned starts the clock of a call that nobody has, unless it runs.
func (s *step) watchUnowned(ctx context.Context, p plan) error {
	running, err := s.q.HasCallSteps(ctx, s.call.ID)
	if err != nil || running {
		return err
	}
	if err := s.later(ctx, p, p.Dispatchers, stepDispatchers, nil, 1); err != nil {
		return err
	}
	return s.later(ctx, p, p.Admins, stepAdmins, nil, 1)
}

// watchTaken ends the clock of a call that somebody took, and starts the one of who took it.
func (s *step) watchTaken(ctx context.Context) error {
	if err := s.endSteps(ctx); err != nil {
		return err
	}
	p, err := s.plan(ctx, *s.call.TechnicianID)
	if err != nil {
		return err
	}
	if err := s.later(ctx, p, p.Remind, stepRemind, nil, 1); err != nil {
		return err
	}
	return s.later(ctx, p, p.RemindDispatchers, stepStuck, nil, 1)
}

func (s *step) endSteps(ctx context.Context) error {
	now := s.Now()
	if err := s.q.EndCallSteps(ctx, store.EndCallStepsParams{Now: &now, CallID: s.call.ID}); err != nil {
		return fmt.Errorf("end steps: %w", err)
	}
	return nil
}

// replan starts the clocks anew after the priority changed. A call that is closed, waits for its day, or has somebody on the way
// has no clock that depends on it.
func (s *step) replan(ctx context.Context) error {
	switch {
	case s.call.Status != Pending:
		return nil
	case s.call.Progress == Accepted:
		return s.watchTaken(ctx)
	case s.call.TechnicianID != nil:
		return nil
	}
	if err := s.endSteps(ctx); err != nil {
		return err
	}
	if s.call.Progress != Offered {
		p, err := s.plan(ctx, 0)
		if err != nil {
			return err
		}
		return s.watchUnowned(ctx, p)
	}
	open, err := s.q.GetOpenOffer(ctx, s.call.ID)
	if err != nil {
		return fmt.Errorf("read open offer: %w", err)
	}
	p, err := s.plan(ctx, open.Offer.MemberID)
	if err != nil {
		return err
	}
	return s.watchOffer(ctx, p, open.Offer.ID, true)
}
