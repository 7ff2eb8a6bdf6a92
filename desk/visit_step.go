package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// VisitHappened says that a planned visit took place, now or when it was planned for if that is over, and what came of it.
func (d *Desk) VisitHappened(ctx context.Context, a Actor, id int64, f Fields, photos []Upload) error {
	return d.onVisit(ctx, a, id, func(ctx context.Context, c *change, v store.Visit) error {
		if v.Happened {
			return refuse(Conflict, "Visit %d has happened already. Edit it to add to the outcome.", id)
		}
		was, stored := v, VisitFieldsOf(v)
		fields := VisitFieldsOf(v)
		for name, text := range f {
			if name == "outcome" || text != "" { // the form opens empty: what was planned to follow stays unless they say otherwise
				fields[name] = text
			}
		}
		in, err := d.checkVisit(ctx, a, fields, stored)
		if err != nil {
			return err
		}
		if in.Outcome == "" {
			return wrong("outcome", "Say in a few words what came of it.")
		}
		v.Outcome, v.NextStep, v.NextOn, v.Happened = in.Outcome, in.NextStep, in.NextOn, true
		if v.At.After(c.Now()) {
			v.At = c.Now()
		}
		if err := c.keep(ctx, was.Version, stored); err != nil {
			return err
		}
		if err := c.saveVisit(ctx, v); err != nil {
			return err
		}
		if err := c.event(ctx, eventVisited, "", "", v.Outcome); err != nil {
			return err
		}
		if err := c.attach(ctx, "", photos); err != nil {
			return err
		}
		return c.visitFollows(ctx, v, was)
	})
}

// CancelVisit takes a planned visit back. It stays, with its history, and is in no list.
func (d *Desk) CancelVisit(ctx context.Context, a Actor, id int64) error {
	return d.onVisit(ctx, a, id, func(ctx context.Context, c *change, v store.Visit) error {
		if v.Happened {
			return refuse(Conflict, "Visit %d has happened; it cannot be cancelled any more.", id)
		}
		now := c.Now()
		v.CancelledAt = &now
		if err := c.saveVisit(ctx, v); err != nil {
			return err
		}
		if err := c.event(ctx, eventCancelled, "", "", ""); err != nil {
			return err
		}
		name, err := c.partyName(ctx, c.q, v.CustomerID, v.LeadID)
		if err != nil {
			return err
		}
		who, err := c.q.GetMember(ctx, v.MemberID)
		if err != nil {
			return fmt.Errorf("read member: %w", err)
		}
		text := fmt.Sprintf("%s cancelled your visit to %s on %s.", c.actor.Name, name, v.At.In(d.ZoneOf(who)).Format("2 January"))
		return c.tell(ctx, v.MemberID, noticeLeadNews, text)
	})
}

// NextStepDone says that the next step after a visit is done, so that nobody is reminded of it any more.
func (d *Desk) NextStepDone(ctx context.Context, a Actor, id int64) error {
	return d.onVisit(ctx, a, id, func(ctx context.Context, c *change, v store.Visit) error {
		if v.NextDoneAt != nil || v.NextStep == "" && v.NextOn == nil {
			return nil
		}
		now := c.Now()
		v.NextDoneAt = &now
		if err := c.saveVisit(ctx, v); err != nil {
			return err
		}
		return c.event(ctx, eventNextDone, "", "", v.NextStep)
	})
}

// Visit reads a visit for a member.
func (d *Desk) Visit(ctx context.Context, a Actor, id int64) (VisitView, error) {
	if err := a.may(SeeVisits); err != nil {
		return VisitView{}, err
	}
	v, err := d.q.GetVisitView(ctx, id)
	if err != nil {
		return v, found(err, "There is no visit %d. /visits lists the visits.", id)
	}
	return v, nil
}
