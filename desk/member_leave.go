package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// handAllBack offers to somebody else every call that somebody who leaves has or is offered.
func (d *Desk) handAllBack(ctx context.Context, a Actor, m store.Member) error {
	for {
		hands, err := d.InHands(ctx, Actor{Member: m})
		if err != nil || len(hands.Mine)+len(hands.Asked) == 0 {
			return err
		}
		var ids []int64
		for _, c := range hands.Mine {
			ids = append(ids, c.Call.ID)
		}
		for _, c := range hands.Asked {
			ids = append(ids, c.Call.ID)
		}
		for _, id := range ids {
			if err := unlessLate(d.OfferTo(ctx, a, id, 0)); err != nil {
				return err
			}
		}
	}
}

// dropRequests ends what somebody who leaves still asks for: to be covered, and time off that nobody has decided about.
func (d *Desk) dropRequests(ctx context.Context, a Actor, m store.Member) error {
	swaps, err := d.q.ListOpenSwapsOf(ctx, m.ID)
	if err != nil {
		return fmt.Errorf("list open swaps: %w", err)
	}
	for _, s := range swaps {
		err := d.swap(ctx, a, s.ID, func(ctx context.Context, c *change, s store.DutySwap, _ []Span) error {
			return c.endSwap(ctx, s.ID, SwapWithdrawn, nil, eventCoverWithdrawn)
		})
		if err := unlessLate(err); err != nil {
			return err
		}
	}
	off, err := d.q.ListTimeOffOf(ctx, store.ListTimeOffOfParams{MemberID: m.ID, Since: d.Now(), Until: d.Now().AddDate(10, 0, 0)})
	if err != nil {
		return fmt.Errorf("list time off: %w", err)
	}
	for _, t := range off {
		err := d.timeOff(ctx, a, t.ID, func(ctx context.Context, c *change, t store.TimeOff, _ store.Member) error {
			if t.State != OffAsked {
				return nil
			}
			return c.putTimeOff(ctx, t, OffCancelled, eventOffCancelled, t.EndsAt)
		})
		if err := unlessLate(err); err != nil {
			return err
		}
	}
	return nil
}

// unlessLate is no error where somebody else has just ended what was to be ended.
func unlessLate(err error) error {
	if CodeOf(err) == Conflict {
		return nil
	}
	return err
}
