package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// MemberRecord is the kind of a member among the records: hours, duty and skills have a timeline there, and photos wait there for the
// number of a call.
const MemberRecord = "member"

// The kinds of duty that somebody can say about a time.
const (
	DutyOn     = "on"
	DutyOff    = "off"
	DutyOnCall = "on_call"
)

// DutyChange says what somebody is for a time, whatever their weekly hours say.
type DutyChange struct {
	MemberID int64
	Kind     string // DutyOn, DutyOff or DutyOnCall
	When
}

// dutyWords is a kind of duty as people say it.
var dutyWords = map[string]string{DutyOn: "on duty", DutyOff: "off duty", DutyOnCall: "on call"}

// SetDuty puts the member on or off duty, until a moment if until is given, else until they say otherwise.
func (d *Desk) SetDuty(ctx context.Context, a Actor, on bool, until *time.Time) (Duty, error) {
	kind := DutyOff
	if on {
		kind = DutyOn
	}
	w, err := d.ChangeDuty(ctx, a, DutyChange{MemberID: a.ID, Kind: kind, When: When{From: d.Now(), To: until}})
	return Duty{On: on, Why: whySaid, Until: w.To}, err
}

// mayDuty refuses who may not change the duty of a member: one's own, or anybody's.
func (a Actor) mayDuty(memberID int64) error {
	if memberID == a.ID && a.Can(SetOwnDuty) {
		return nil
	}
	if a.Can(SetAnyDuty) {
		return nil
	}
	if memberID == a.ID {
		return a.may(SetOwnDuty)
	}
	return a.may(SetAnyDuty)
}

// ChangeDuty says what somebody is for a time. Begun now, it takes the place of what was said about now; what is planned for later
// stays, and ends a change that has no end of its own. It returns the time as it will be.
func (d *Desk) ChangeDuty(ctx context.Context, a Actor, in DutyChange) (When, error) {
	w := in.When
	if memberless(in.MemberID, a) {
		return w, a.may(SetOwnDuty)
	}
	if err := a.mayDuty(in.MemberID); err != nil {
		return w, err
	}
	if dutyWords[in.Kind] == "" {
		return w, wrong("what", "“%s” is no kind of duty. Choose on duty, off duty or on call.", shorten(in.Kind, 20))
	}
	err := d.change(ctx, a, Record{Kind: MemberRecord, ID: in.MemberID}, func(ctx context.Context, c *change) error {
		m, err := c.lockTechnician(ctx)
		if err != nil {
			return err
		}
		w, err = c.override(ctx, m, in, nil)
		if err != nil {
			return err
		}
		return c.sayDuty(ctx, m, in.Kind, w)
	})
	if err != nil {
		return w, err
	}
	if in.Kind != DutyOff && !w.From.After(d.Now()) {
		return w, d.retryUnassigned(ctx)
	}
	return w, nil
}

// memberless reports whether somebody who has no duty asks for their own.
func memberless(memberID int64, a Actor) bool {
	return memberID == a.ID && !contains(a.Roles, Technician)
}

// lockTechnician locks the member that changes, who must be an active technician.
func (c *change) lockTechnician(ctx context.Context) (store.Member, error) {
	m, err := c.q.LockMember(ctx, c.record.ID)
	if err != nil {
		return m, found(err, "There is no member %d.", c.record.ID)
	}
	if m.State != StateActive || !contains(m.Roles, Technician) {
		return m, refuse(Conflict, "%s is no active technician, and so has no duty.", m.Name)
	}
	return m, nil
}

// override writes what somebody is for a time.
func (c *change) override(ctx context.Context, m store.Member, in DutyChange, swapID *int64) (When, error) {
	now, w := c.Now(), in.When
	if w.To != nil && !w.To.After(now) { // a form was open for long
		return w, refuse(Conflict, "That time is over by now. Say anew until when, such as /duty off until 17:00.")
	}
	if !w.From.After(now) {
		w.From = now
		if err := c.q.EndDutyOverrides(ctx, store.EndDutyOverridesParams{At: &now, MemberID: m.ID}); err != nil {
			return w, fmt.Errorf("end earlier overrides: %w", err)
		}
	}
	if w.To == nil {
		next, err := c.q.GetNextOverride(ctx, store.GetNextOverrideParams{MemberID: m.ID, After: w.From})
		if err == nil {
			w.To = &next.StartsAt
		} else if !errors.Is(err, pgx.ErrNoRows) {
			return w, fmt.Errorf("read next override: %w", err)
		}
	}
	err := c.q.InsertDutyOverride(ctx, store.InsertDutyOverrideParams{
		MemberID: m.ID, OnDuty: in.Kind == DutyOn, OnCall: in.Kind == DutyOnCall, StartsAt: w.From, EndsAt: w.To, CreatedAt: now,
		CreatedBy: known(c.actor.ID), SwapID: swapID,
	})
	if err != nil {
		return w, fmt.Errorf("write override: %w", err)
	}
	return w, nil
}

// sayDuty leaves a line in the member's timeline, and tells them if somebody else did it.
func (c *change) sayDuty(ctx context.Context, m store.Member, kind string, w When) error {
	text := dutyWords[kind] + " " + c.WhenText(w, c.ZoneOf(m))
	if err := c.event(ctx, "duty", "", text, ""); err != nil {
		return err
	}
	return c.tell(ctx, m.ID, noticeDutyNews, fmt.Sprintf("%s put you %s. /duty shows your days.", c.actor.Name, text))
}

// WhenText says a time in words, in a zone.
func (d *Desk) WhenText(w When, zone *time.Location) string {
	const day, full = "Mon 2 Jan", "Mon 2 Jan 15:04"
	from := w.From.In(zone)
	started := !w.From.After(d.Now())
	if w.To == nil {
		if started {
			return "until further notice"
		}
		return "from " + from.Format(full) + " on"
	}
	to := w.To.In(zone)
	if started {
		return "until " + to.Format(full)
	}
	return SpanText(w.From, *w.To, zone, day)
}

// SpanText says from when to when, as short as it can: days alone if they are whole ones. day is how a day is written.
func SpanText(from, to time.Time, zone *time.Location, day string) string {
	first, last := DayOf(from, zone), DayOf(to.Add(-time.Second), zone)
	whole := from.Equal(wallTime(first, 0, zone)) && to.Equal(wallTime(last, 24*60, zone))
	f, t := from.In(zone), to.In(zone)
	end := t.Format("15:04")
	if to.Equal(wallTime(last, 24*60, zone)) {
		end = "24:00"
	}
	switch {
	case whole && first.Equal(last):
		return f.Format(day)
	case whole:
		return f.Format(day) + " – " + last.Format(day)
	case first.Equal(last):
		return f.Format(day+" 15:04") + "–" + end
	}
	return f.Format(day+" 15:04") + " – " + last.Format(day) + " " + end
}

// soonest sorts overrides by when they begin.
func soonest(all []store.DutyOverride) []store.DutyOverride {
	slices.SortFunc(all, func(x, y store.DutyOverride) int { return x.StartsAt.Compare(y.StartsAt) })
	return all
}

// DutyPlan is what is said about a member's duty: now, next, weekly hours, and everything to come.
type DutyPlan struct {
	Member    store.Member
	Duty      Duty
	Outlook   Outlook
	Hours     []Hours
	OnCall    []Hours
	Overrides []store.DutyOverride // that run or are to come, the soonest first
	TimeOff   []store.TimeOff
	Swaps     []store.DutySwap
}

// DutyPlanOf reads what is said about the duty of a member. Anybody who may see duty may see it.
func (d *Desk) DutyPlanOf(ctx context.Context, a Actor, memberID int64) (DutyPlan, error) {
	var p DutyPlan
	if err := a.may(SeeDuty); err != nil {
		return p, err
	}
	var err error
	if p.Member, err = d.Member(ctx, memberID); err != nil {
		return p, err
	}
	now := d.Now()
	facts, err := d.dutyFacts(ctx, d.q, map[int64]*time.Location{memberID: d.ZoneOf(p.Member)}, now, now.Add(farthestDuty))
	if err != nil {
		return p, err
	}
	f := facts[memberID]
	p.Duty, p.Outlook = DutyAt(f, now), outlook(f, now)
	p.Hours, p.OnCall = hoursOf(f.Rules, false), hoursOf(f.Rules, true)
	p.Overrides = soonest(f.Overrides)
	p.TimeOff, err = d.q.ListTimeOffOf(ctx, store.ListTimeOffOfParams{MemberID: memberID, Since: now, Until: now.Add(farthestDuty)})
	if err != nil {
		return p, fmt.Errorf("read time off: %w", err)
	}
	if p.Swaps, err = d.q.ListOpenSwapsOf(ctx, memberID); err != nil {
		return p, fmt.Errorf("read swaps: %w", err)
	}
	return p, nil
}

// CancelOverride takes back what was said about a time: what runs ends now, what is to come is as if it had not been said. What
// came of a swap is settled between two people, and stays.
func (d *Desk) CancelOverride(ctx context.Context, a Actor, id int64) (memberID int64, err error) {
	o, err := d.q.GetDutyOverride(ctx, id)
	if err != nil {
		return 0, found(err, "That was taken back already.")
	}
	if err := a.mayDuty(o.MemberID); err != nil {
		return 0, err
	}
	if o.SwapID != nil && !a.Can(SetAnyDuty) {
		return 0, refuse(Forbidden, "Two people agreed on that. Ask somebody else to cover you, or ask a dispatcher to undo it.")
	}
	err = d.change(ctx, a, Record{Kind: MemberRecord, ID: o.MemberID}, func(ctx context.Context, c *change) error {
		m, err := c.lockTechnician(ctx)
		if err != nil {
			return err
		}
		if o, err = c.dropOverride(ctx, id); err != nil {
			return err
		}
		kind := DutyOff
		if o.OnDuty {
			kind = DutyOn
		} else if o.OnCall {
			kind = DutyOnCall
		}
		text := dutyWords[kind] + " " + c.WhenText(When{From: o.StartsAt, To: o.EndsAt}, c.ZoneOf(m))
		if err := c.event(ctx, "duty_back", text, "", ""); err != nil {
			return err
		}
		return c.tell(ctx, m.ID, noticeDutyNews, fmt.Sprintf("%s took back that you are %s.", c.actor.Name, text))
	})
	return o.MemberID, err
}

// dropOverride takes an override back as another press left it: the member is locked. It returns what it was.
func (c *change) dropOverride(ctx context.Context, id int64) (store.DutyOverride, error) {
	o, err := c.q.GetDutyOverride(ctx, id)
	if err != nil {
		return o, found(err, "That was taken back already.")
	}
	now := c.Now()
	switch {
	case o.StartsAt.After(now):
		err = c.q.DropDutyOverride(ctx, id)
	case o.EndsAt == nil || o.EndsAt.After(now):
		err = c.q.EndDutyOverride(ctx, store.EndDutyOverrideParams{At: &now, ID: id})
	default:
		return o, refuse(Conflict, "That is over already. /duty shows what is to come.")
	}
	if err != nil {
		return o, fmt.Errorf("take override back: %w", err)
	}
	return o, nil
}
