package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// TakeCover covers who asks: the first one has it. Both sides' days, and the messages about it, commit together.
func (d *Desk) TakeCover(ctx context.Context, a Actor, id int64) error {
	if err := a.may(SetOwnDuty); err != nil {
		return err
	}
	err := d.swap(ctx, a, id, func(ctx context.Context, c *change, s store.DutySwap, spans []Span) error {
		if s.MemberID == a.ID {
			return refuse(Conflict, "You cannot cover yourself. Withdraw it if you do not need it any more.")
		}
		asker, err := c.q.LockMember(ctx, s.MemberID)
		if err != nil {
			return fmt.Errorf("read who asks: %w", err)
		}
		if err := c.free(ctx, spans); err != nil {
			return err
		}
		if err := c.exchange(ctx, asker, s, spans); err != nil {
			return err
		}
		if err := c.endSwap(ctx, id, SwapTaken, &a.ID, eventCoverTaken); err != nil {
			return err
		}
		when := SpansText(spans, c.ZoneOf(asker))
		if err := c.tell(ctx, asker.ID, noticeDutyNews, fmt.Sprintf("%s covers you: %s. You are off duty then.", a.Name, when)); err != nil {
			return err
		}
		mine := fmt.Sprintf("You cover %s: %s. /duty shows it.", asker.Name, SpansText(spans, c.ZoneOf(a.Member)))
		if err := c.Desk.tell(ctx, c.tx, c.q, c.owed(a.ID, noticeDutyNews, mine)); err != nil {
			return err
		}
		return c.tellDispatchers(ctx, noticeDutyNews, fmt.Sprintf("%s covers %s: %s.", a.Name, asker.Name, SpansText(spans, c.Zone)), asker.ID)
	})
	return err
}

// free refuses to cover somebody in a time in which one has time off oneself.
func (c *change) free(ctx context.Context, spans []Span) error {
	zone := c.ZoneOf(c.actor.Member)
	for _, s := range spans {
		facts, err := c.dutyFacts(ctx, c.q, map[int64]*time.Location{c.actor.ID: zone}, s.From, s.To)
		if err != nil {
			return err
		}
		if off := facts[c.actor.ID].TimeOff; len(off) > 0 {
			return refuse(Conflict, "You have time off then (%s). Cancel it first.", SpanText(off[0].StartsAt, off[0].EndsAt, zone, "Mon 2 Jan"))
		}
	}
	return nil
}

// exchange writes who is on duty instead of whom.
func (c *change) exchange(ctx context.Context, asker store.Member, s store.DutySwap, spans []Span) error {
	for _, span := range spans {
		w := When{From: span.From, To: &span.To}
		if _, err := c.override(ctx, asker, DutyChange{Kind: DutyOff, When: w}, &s.ID); err != nil {
			return err
		}
		if !span.OnCall {
			if _, err := c.override(ctx, c.actor.Member, DutyChange{Kind: DutyOn, When: w}, &s.ID); err != nil {
				return err
			}
			continue
		}
		if err := c.onCallToo(ctx, s, span); err != nil {
			return err
		}
	}
	return nil
}

// onCallToo puts the actor on call in a span, but where they are on duty anyway: there they stay so.
func (c *change) onCallToo(ctx context.Context, s store.DutySwap, span Span) error {
	facts, err := c.dutyFacts(ctx, c.q, map[int64]*time.Location{c.actor.ID: c.ZoneOf(c.actor.Member)}, span.From, span.To)
	if err != nil {
		return err
	}
	for _, part := range DutyOver(facts[c.actor.ID], span.From, span.To) {
		if part.Duty.On {
			continue
		}
		w := When{From: part.From, To: &part.To}
		if _, err := c.override(ctx, c.actor.Member, DutyChange{Kind: DutyOnCall, When: w}, &s.ID); err != nil {
			return err
		}
	}
	return nil
}

// WithdrawCover ends a swap that nobody took: by who asked, or a dispatcher.
func (d *Desk) WithdrawCover(ctx context.Context, a Actor, id int64) error {
	return d.swap(ctx, a, id, func(ctx context.Context, c *change, s store.DutySwap, _ []Span) error {
		if s.MemberID != a.ID {
			if err := a.may(SetAnyDuty); err != nil {
				return err
			}
			if err := c.tell(ctx, s.MemberID, noticeDutyNews, a.Name+" withdrew that you ask to be covered: you are on duty then. /duty shows it."); err != nil {
				return err
			}
		}
		return c.endSwap(ctx, id, SwapWithdrawn, nil, eventCoverWithdrawn)
	})
}

// expireSwaps ends the swaps whose time has begun and that nobody took: the asker is on duty, and they and the dispatchers learn it.
func (d *Desk) expireSwaps(ctx context.Context) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		late, err := q.TakeOverdueSwaps(ctx, d.Now())
		if err != nil {
			return fmt.Errorf("list swaps that nobody took: %w", err)
		}
		for _, s := range late {
			c := &change{Desk: d, tx: tx, q: q, record: Record{Kind: SwapRecord, ID: s.ID}}
			if err := c.endSwap(ctx, s.ID, SwapExpired, nil, eventCoverExpired); err != nil {
				return err
			}
			if err := c.sayExpired(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *change) sayExpired(ctx context.Context, s store.DutySwap) error {
	m, err := c.q.GetMember(ctx, s.MemberID)
	if err != nil {
		return fmt.Errorf("read who asked: %w", err)
	}
	if err := c.tell(ctx, m.ID, noticeDutyNews, "Nobody took over from you, and the time has begun: you are still on duty."); err != nil {
		return err
	}
	when := SpanText(s.StartsAt, s.EndsAt, c.Zone, "Mon 2 Jan")
	if err := c.tellDispatchers(ctx, noticeDutyNews, fmt.Sprintf("Nobody covers %s, who asked for it: %s. They are still on duty.", m.Name, when), m.ID); err != nil {
		return err
	}
	return c.redraw(ctx)
}
