package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"callout/store"
)

// TimeOffRecord is the kind of time off among the records.
const TimeOffRecord = "time_off"

// The states of time off. Only approved time off counts.
const (
	OffAsked     = "asked"
	OffApproved  = "approved"
	OffRefused   = "refused"
	OffCancelled = "cancelled"
)

// The lines of the timeline of time off.
const (
	eventOffAsked     = "off_asked"
	eventOffApproved  = "off_approved"
	eventOffRefused   = "off_refused"
	eventOffCancelled = "off_cancelled"
)

// AskTimeOff asks for time off; who may approve it is asked in a direct message. Who may approve it themselves has it at once.
func (d *Desk) AskTimeOff(ctx context.Context, a Actor, w When, reason string) (id int64, approved bool, err error) {
	if err := a.may(AskTimeOff); err != nil {
		return 0, false, err
	}
	reason = clean(reason)
	if err := limitedField("reason", "The reason", reason, 0, MaxReason); err != nil {
		return 0, false, err
	}
	if w.To == nil {
		return 0, false, wrong("day", "Say until when, such as 2026-12-24..2026-12-31.")
	}
	approved = a.Can(ApproveTimeOff)
	id, err = d.create(ctx, a, TimeOffRecord, func(ctx context.Context, c *change) error {
		if err := c.checkTimeOff(ctx, w); err != nil {
			return err
		}
		now := c.Now()
		row := store.InsertTimeOffParams{
			MemberID: a.ID, StartsAt: w.From, EndsAt: *w.To, Reason: reason, CreatedAt: now, State: OffAsked,
		}
		if approved {
			row.State, row.DecidedBy, row.DecidedAt = OffApproved, &a.ID, &now
		}
		t, err := c.q.InsertTimeOff(ctx, row)
		if err != nil {
			return fmt.Errorf("write time off: %w", err)
		}
		c.record.ID = t.ID
		when := SpanText(t.StartsAt, t.EndsAt, c.ZoneOf(a.Member), "Mon 2 Jan")
		if err := c.event(ctx, eventOffAsked, "", when, reason); err != nil {
			return err
		}
		return c.sayTimeOff(ctx, when, reason, approved)
	})
	return id, approved, err
}

// sayTimeOff tells who approves, or, if nobody has to, who plans.
func (c *change) sayTimeOff(ctx context.Context, when, reason string, approved bool) error {
	if approved {
		return c.tellDispatchers(ctx, noticeDutyNews, fmt.Sprintf("%s has time off: %s.", c.actor.Name, when))
	}
	text := fmt.Sprintf("%s asks for time off: %s.", c.actor.Name, when)
	if reason != "" {
		text += " " + reason + dotAfter(reason)
	}
	return c.tellApprovers(ctx, text)
}

// checkTimeOff refuses time off that overlaps what was asked for already.
func (c *change) checkTimeOff(ctx context.Context, w When) error {
	if _, err := c.q.LockMember(ctx, c.actor.ID); err != nil { // two forms at once
		return fmt.Errorf("lock member: %w", err)
	}
	rows, err := c.q.ListTimeOffOf(ctx, store.ListTimeOffOfParams{MemberID: c.actor.ID, Since: w.From, Until: *w.To})
	if err != nil {
		return fmt.Errorf("read time off: %w", err)
	}
	for _, r := range rows {
		return wrong("day", "You have %s for %s already. Cancel that first, or choose other days.",
			map[string]string{OffAsked: "asked for time off", OffApproved: "time off"}[r.State], SpanText(r.StartsAt, r.EndsAt, c.ZoneOf(c.actor.Member), "Mon 2 Jan"))
	}
	return nil
}

// tellApprovers asks everybody who may approve time off.
func (c *change) tellApprovers(ctx context.Context, text string) error {
	told := []int64{c.actor.ID}
	for _, role := range permissions[ApproveTimeOff] {
		members, err := c.q.ListMembersWithRole(ctx, role)
		if err != nil {
			return fmt.Errorf("list who approves: %w", err)
		}
		for _, m := range members {
			if slices.Contains(told, m.ID) {
				continue
			}
			told = append(told, m.ID)
			if err := c.tell(ctx, m.ID, noticeDutyNews, text+" Please approve or refuse it in chat."); err != nil {
				return err
			}
		}
	}
	return nil
}

// timeOff locks time off and lets fn change what became of it.
func (d *Desk) timeOff(ctx context.Context, a Actor, id int64, fn func(context.Context, *change, store.TimeOff, store.Member) error) error {
	return d.change(ctx, a, Record{Kind: TimeOffRecord, ID: id}, func(ctx context.Context, c *change) error {
		t, err := c.q.LockTimeOff(ctx, id)
		if err != nil {
			return found(err, "There is no time off %d.", id)
		}
		m, err := c.q.GetMember(ctx, t.MemberID)
		if err != nil {
			return fmt.Errorf("read member: %w", err)
		}
		return fn(ctx, c, t, m)
	})
}

// DecideTimeOff approves or refuses what somebody asked for; they learn of it.
func (d *Desk) DecideTimeOff(ctx context.Context, a Actor, id int64, approve bool) error {
	if err := a.may(ApproveTimeOff); err != nil {
		return err
	}
	return d.timeOff(ctx, a, id, func(ctx context.Context, c *change, t store.TimeOff, m store.Member) error {
		if t.State != OffAsked {
			return c.offDecided(ctx, t)
		}
		state, event, word := OffApproved, eventOffApproved, "approved"
		if !approve {
			state, event, word = OffRefused, eventOffRefused, "refused"
		}
		if err := c.putTimeOff(ctx, t, state, event, t.EndsAt); err != nil {
			return err
		}
		when := SpanText(t.StartsAt, t.EndsAt, c.ZoneOf(m), "Mon 2 Jan")
		return c.tell(ctx, m.ID, noticeDutyNews, fmt.Sprintf("%s %s your time off: %s.", a.Name, word, when))
	})
}

func (c *change) putTimeOff(ctx context.Context, t store.TimeOff, state, event string, ends time.Time) error {
	now := c.Now()
	err := c.q.DecideTimeOff(ctx, store.DecideTimeOffParams{ID: t.ID, State: state, EndsAt: ends, DecidedBy: known(c.actor.ID), Now: &now})
	if err != nil {
		return fmt.Errorf("write time off: %w", err)
	}
	return c.event(ctx, event, t.State, state, "")
}

// offDecided says to who comes late what was decided.
func (c *change) offDecided(ctx context.Context, t store.TimeOff) error {
	row, err := c.q.GetTimeOff(ctx, t.ID)
	if err != nil {
		return fmt.Errorf("read time off: %w", err)
	}
	if t.State == OffCancelled {
		return refuse(Conflict, "%s does not ask for it any more.", row.Name)
	}
	return refuse(Conflict, "%s has %s it already.", cmp.Or(row.DecidedByName, "Somebody"), t.State)
}

// CancelTimeOff takes time off back, asked for or approved. What has begun ends now. The other side learns of it.
func (d *Desk) CancelTimeOff(ctx context.Context, a Actor, id int64) error {
	return d.timeOff(ctx, a, id, func(ctx context.Context, c *change, t store.TimeOff, m store.Member) error {
		if t.MemberID != a.ID {
			if err := a.may(ApproveTimeOff); err != nil {
				return err
			}
		}
		now := c.Now()
		if t.State != OffAsked && t.State != OffApproved || !t.EndsAt.After(now) {
			return refuse(Conflict, "That is over, or was %s already.", t.State)
		}
		state, ends := OffCancelled, t.EndsAt
		if t.State == OffApproved && t.StartsAt.Before(now) {
			state, ends = OffApproved, now // what was, was
		}
		if err := c.putTimeOff(ctx, t, state, eventOffCancelled, ends); err != nil {
			return err
		}
		when := SpanText(t.StartsAt, t.EndsAt, c.ZoneOf(m), "Mon 2 Jan")
		if t.MemberID != a.ID {
			return c.tell(ctx, m.ID, noticeDutyNews, fmt.Sprintf("%s took your time off back: %s.", a.Name, when))
		}
		if t.State == OffAsked {
			return nil
		}
		return c.tellDispatchers(ctx, noticeDutyNews, fmt.Sprintf("%s took their time off back: %s.", m.Name, when))
	})
}

// OffView is time off with everything that speaks against it.
type OffView struct {
	store.GetTimeOffRow
	Others []store.ListTimeOffAroundRow // who else is off, or asks to be
	Calls  []store.ListCallsOfTechnicianRow
	Tasks  []store.ListTasksBetweenRow
}

// TimeOff reads time off and, while it is not decided, what speaks against it.
func (d *Desk) TimeOff(ctx context.Context, id int64) (OffView, error) {
	row, err := d.q.GetTimeOff(ctx, id)
	if err != nil {
		return OffView{}, found(err, "There is no time off %d.", id)
	}
	v, t := OffView{GetTimeOffRow: row}, row.TimeOff
	if t.State != OffAsked {
		return v, nil
	}
	others, err := d.q.ListTimeOffAround(ctx, store.ListTimeOffAroundParams{Since: t.StartsAt, Until: t.EndsAt})
	if err != nil {
		return v, fmt.Errorf("read who else is off: %w", err)
	}
	v.Others = those(others, func(o store.ListTimeOffAroundRow) bool { return o.MemberID != t.MemberID })
	if v.Calls, err = d.q.ListCallsOfTechnician(ctx, store.ListCallsOfTechnicianParams{MemberID: &t.MemberID, Max: handsMost}); err != nil {
		return v, fmt.Errorf("list their calls: %w", err)
	}
	zone := zoneOr(row.Timezone, d.Zone)
	v.Tasks, err = d.q.ListTasksBetween(ctx, store.ListTasksBetweenParams{
		TechnicianID: &t.MemberID, First: DayOf(t.StartsAt, zone), Last: DayOf(t.EndsAt.Add(-time.Second), zone),
	})
	if err != nil {
		return v, fmt.Errorf("list their maintenance: %w", err)
	}
	return v, nil
}

// TimeOffAsked lists what waits for approval, for who may give it.
func (d *Desk) TimeOffAsked(ctx context.Context, a Actor) ([]store.ListTimeOffAskedRow, error) {
	if err := a.may(ApproveTimeOff); err != nil {
		return nil, err
	}
	return d.q.ListTimeOffAsked(ctx)
}
