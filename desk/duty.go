package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"callout/store"
)

// DutyFacts is everything that decides whether one member is on duty at a moment. What it lists may reach further than the moment.
type DutyFacts struct {
	Zone      *time.Location
	Rules     []store.DutyRule
	Overrides []store.DutyOverride // the newest first
	TimeOff   []store.TimeOff      // approved
	Holidays  map[Day]string       // days on which weekly hours do not count, and their names
	// CountOnCall makes the minutes in which somebody is only on call count too: the clock of an urgent call.
	CountOnCall bool
}

// Duty says whether somebody is available and why.
type Duty struct {
	On     bool // may be asked for any call
	OnCall bool // may be asked for urgent calls only
	Why    string
	Until  *time.Time // when an override or time off ends, if it does
}

// Any reports whether somebody may be asked for anything at all.
func (d Duty) Any() bool { return d.On || d.OnCall }

// priorityUrgent is the priority of calls for which who is only on call is asked, too.
const priorityUrgent = "urgent"

// Why somebody is on duty or not, where weekly hours do not say it.
const (
	whySaid    = "said so"
	whyCovers  = "covers somebody"
	whyCovered = "is covered"
	whyTimeOff = "has time off"
	whyOutside = "outside their weekly hours"
)

// DutyAt decides who is available; nothing else does. What was said last about the moment wins over time off, time off over
// weekly hours. On a company holiday regular weekly hours do not count, those on call do. Every rule is in the person's own zone.
func DutyAt(f DutyFacts, at time.Time) Duty {
	off, away := f.away(at)
	for _, o := range f.Overrides {
		if o.StartsAt.After(at) || (o.EndsAt != nil && !o.EndsAt.After(at)) {
			continue
		}
		if away && saidBefore(o, off) {
			break
		}
		return Duty{On: o.OnDuty, OnCall: o.OnCall, Why: whyOverride(o), Until: o.EndsAt}
	}
	if away {
		return Duty{Why: whyTimeOff, Until: &off.EndsAt}
	}
	return f.weekly(at)
}

// saidBefore reports whether time off was given after somebody said something else about that time, or begins while what they said
// goes on until they say otherwise.
func saidBefore(o store.DutyOverride, off store.TimeOff) bool {
	given := off.CreatedAt
	if off.DecidedAt != nil {
		given = *off.DecidedAt
	}
	return given.After(o.CreatedAt) || o.EndsAt == nil && o.StartsAt.Before(off.StartsAt)
}

// away finds the time off that somebody has at a moment, whatever else is said about it.
func (f DutyFacts) away(at time.Time) (store.TimeOff, bool) {
	for _, t := range f.TimeOff {
		if !t.StartsAt.After(at) && t.EndsAt.After(at) {
			return t, true
		}
	}
	return store.TimeOff{}, false
}

// weekly is what the weekly hours say of a moment.
func (f DutyFacts) weekly(at time.Time) Duty {
	local := at.In(f.Zone)
	minute, day := int32(local.Hour()*60+local.Minute()), int32(local.Weekday())
	holiday, closed := "", false
	if len(f.Holidays) > 0 {
		holiday, closed = f.Holidays[DayOf(at, f.Zone)]
	}
	off := Duty{Why: whyOutside}
	if closed {
		off.Why = "company holiday"
		if holiday != "" {
			off.Why += ": " + holiday
		}
	}
	for _, r := range f.Rules {
		switch {
		case r.Weekday != day || minute < r.Starts || minute >= r.Ends:
		case r.OnCall:
			off = Duty{OnCall: true, Why: "on call until " + clockText(r.Ends)}
		case !closed:
			return Duty{On: true, Why: "weekly hours until " + clockText(r.Ends)}
		}
	}
	return off
}

func whyOverride(o store.DutyOverride) string {
	switch {
	case o.SwapID == nil:
		return whySaid
	case o.OnDuty || o.OnCall:
		return whyCovers
	}
	return whyCovered
}

// counts reports whether a moment counts on somebody's clock.
func (f DutyFacts) counts(at time.Time) bool {
	duty := DutyAt(f, at)
	return duty.On || f.CountOnCall && duty.OnCall
}

func clockText(minute int32) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// dutyFacts reads what decides the duty of members from one moment to another.
func (d *Desk) dutyFacts(ctx context.Context, q *store.Queries, zones map[int64]*time.Location, from, until time.Time) (map[int64]DutyFacts, error) {
	ids := slices.Sorted(maps.Keys(zones))
	rules, err := q.ListDutyRules(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read weekly hours: %w", err)
	}
	overrides, err := q.ListDutyOverrides(ctx, store.ListDutyOverridesParams{MemberIds: ids, Until: until, Since: &from})
	if err != nil {
		return nil, fmt.Errorf("read duty overrides: %w", err)
	}
	off, err := q.ListTimeOff(ctx, store.ListTimeOffParams{MemberIds: ids, Until: until, Since: from})
	if err != nil {
		return nil, fmt.Errorf("read time off: %w", err)
	}
	holidays, err := d.holidaysBetween(ctx, q, from, until)
	if err != nil {
		return nil, err
	}
	facts := make(map[int64]DutyFacts, len(zones))
	for id, zone := range zones {
		facts[id] = DutyFacts{
			Zone: zone, Holidays: holidays,
			Rules:     those(rules, func(r store.DutyRule) bool { return r.MemberID == id }),
			Overrides: those(overrides, func(o store.DutyOverride) bool { return o.MemberID == id }),
			TimeOff:   those(off, func(t store.TimeOff) bool { return t.MemberID == id }),
		}
	}
	return facts, nil
}

func those[T any](all []T, wanted func(T) bool) []T {
	var out []T
	for _, t := range all {
		if wanted(t) {
			out = append(out, t)
		}
	}
	return out
}

// holidaysBetween reads the company's holidays around two moments, with a day to spare for zones.
func (d *Desk) holidaysBetween(ctx context.Context, q *store.Queries, from, until time.Time) (map[Day]string, error) {
	rows, err := q.ListHolidaysBetween(ctx, store.ListHolidaysBetweenParams{
		First: DayOf(from, time.UTC).AddDate(0, 0, -1), Last: DayOf(until, time.UTC).AddDate(0, 0, 1),
	})
	if err != nil {
		return nil, fmt.Errorf("read holidays: %w", err)
	}
	holidays := make(map[Day]string, len(rows))
	for _, h := range rows {
		holidays[date(h.Day.Date())] = h.Name
	}
	return holidays, nil
}

// dutyOf decides for several members at once whether they are available now.
func (d *Desk) dutyOf(ctx context.Context, q *store.Queries, zones map[int64]*time.Location) (map[int64]Duty, error) {
	now := d.Now()
	facts, err := d.dutyFacts(ctx, q, zones, now, now.Add(time.Microsecond))
	if err != nil {
		return nil, err
	}
	duty := make(map[int64]Duty, len(facts))
	for id, f := range facts {
		duty[id] = DutyAt(f, now)
	}
	return duty, nil
}

// dutySince reads what decides a member's duty from a moment on, as far as anybody looks ahead.
func (d *Desk) dutySince(ctx context.Context, q *store.Queries, m store.Member, since time.Time) (DutyFacts, error) {
	ahead := d.Now().Add(2 * searched)
	if since.After(d.Now()) {
		ahead = since.Add(2 * searched)
	}
	facts, err := d.dutyFacts(ctx, q, map[int64]*time.Location{m.ID: d.ZoneOf(m)}, since, ahead)
	return facts[m.ID], err
}

// OnDuty is one row of who is available at a moment.
type OnDuty struct {
	Member store.Member
	Duty   Duty
	Outlook
}

// WhoIsOnDuty lists the active technicians and whether they are on duty now: those on duty first, then those on call.
func (d *Desk) WhoIsOnDuty(ctx context.Context, a Actor) ([]OnDuty, error) {
	return d.WhoIsOnDutyAt(ctx, a, d.Now())
}

// WhoIsOnDutyAt lists the active technicians and whether they are on duty at a moment.
func (d *Desk) WhoIsOnDutyAt(ctx context.Context, a Actor, at time.Time) ([]OnDuty, error) {
	if err := a.may(SeeDuty); err != nil {
		return nil, err
	}
	members, err := d.q.ListMembersWithRole(ctx, Technician)
	if err != nil {
		return nil, fmt.Errorf("list technicians: %w", err)
	}
	facts, err := d.dutyFacts(ctx, d.q, d.zonesOf(members), at, at.Add(searched))
	if err != nil {
		return nil, err
	}
	rows := make([]OnDuty, len(members))
	for i, m := range members {
		rows[i] = OnDuty{Member: m, Duty: DutyAt(facts[m.ID], at), Outlook: outlook(facts[m.ID], at)}
	}
	slices.SortStableFunc(rows, func(x, y OnDuty) int { return x.Duty.rank() - y.Duty.rank() })
	return rows, nil
}

func (d Duty) rank() int {
	switch {
	case d.On:
		return 0
	case d.OnCall:
		return 1
	}
	return 2
}

func (d *Desk) zonesOf(members []store.Member) map[int64]*time.Location {
	zones := make(map[int64]*time.Location, len(members))
	for _, m := range members {
		zones[m.ID] = d.ZoneOf(m)
	}
	return zones
}

// DutyNow tells whether a member is available now.
func (d *Desk) DutyNow(ctx context.Context, m store.Member) (Duty, error) {
	duty, err := d.dutyOf(ctx, d.q, map[int64]*time.Location{m.ID: d.ZoneOf(m)})
	return duty[m.ID], err
}

// DutyAhead tells whether a member is available now, for how long, and what comes then.
func (d *Desk) DutyAhead(ctx context.Context, m store.Member) (Duty, Outlook, error) {
	now := d.Now()
	facts, err := d.dutySince(ctx, d.q, m, now)
	return DutyAt(facts, now), outlook(facts, now), err
}
