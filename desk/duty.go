package desk

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// DutyFacts is everything that decides whether one member is on duty at a moment.
type DutyFacts struct {
	Zone      *time.Location
	Rules     []store.DutyRule
	Overrides []store.DutyOverride // those that touch the moment, the newest first
	TimeOff   []store.TimeOff      // those that touch the moment
}

// Duty says whether somebody is available and why.
type Duty struct {
	On    bool
	Why   string
	Until *time.Time // when an override ends, if it does
}

// DutyAt decides who is available: what the person said last wins over time off, time off over weekly hours.
func DutyAt(f DutyFacts, at time.Time) Duty {
	for _, o := range f.Overrides {
		if o.StartsAt.After(at) || (o.EndsAt != nil && !o.EndsAt.After(at)) {
			continue
		}
		why := "said so"
		return Duty{On: o.OnDuty, Why: why, Until: o.EndsAt}
	}
	for _, t := range f.TimeOff {
		if !t.StartsAt.After(at) && t.EndsAt.After(at) {
			return Duty{Why: "has time off", Until: &t.EndsAt}
		}
	}
	local := at.In(f.Zone)
	minute := int32(local.Hour()*60 + local.Minute())
	for _, r := range f.Rules {
		if r.Weekday == int32(local.Weekday()) && r.Starts <= minute && minute < r.Ends {
			return Duty{On: true, Why: "weekly hours until " + clockText(r.Ends)}
		}
	}
	return Duty{Why: "outside their weekly hours"}
}

func clockText(minute int32) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// dutyOf decides for several members at once, with three queries.
func (d *Desk) dutyOf(ctx context.Context, q *store.Queries, zones map[int64]*time.Location) (map[int64]Duty, error) {
	ids := make([]int64, 0, len(zones))
	for id := range zones {
		ids = append(ids, id)
	}
	now := d.Now()
	rules, err := q.ListDutyRules(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read weekly hours: %w", err)
	}
	overrides, err := q.ListDutyOverrides(ctx, store.ListDutyOverridesParams{MemberIds: ids, At: now})
	if err != nil {
		return nil, fmt.Errorf("read duty overrides: %w", err)
	}
	off, err := q.ListTimeOff(ctx, store.ListTimeOffParams{MemberIds: ids, At: now})
	if err != nil {
		return nil, fmt.Errorf("read time off: %w", err)
	}
	facts := make(map[int64]*DutyFacts, len(zones))
	for id, zone := range zones {
		facts[id] = &DutyFacts{Zone: zone}
	}
	for _, r := range rules {
		facts[r.MemberID].Rules = append(facts[r.MemberID].Rules, r)
	}
	for _, o := range overrides {
		facts[o.MemberID].Overrides = append(facts[o.MemberID].Overrides, o)
	}
	for _, t := range off {
		facts[t.MemberID].TimeOff = append(facts[t.MemberID].TimeOff, t)
	}
	duty := make(map[int64]Duty, len(zones))
	for id, f := range facts {
		duty[id] = DutyAt(*f, now)
	}
	return duty, nil
}

// OnDuty is one row of who is available.
type OnDuty struct {
	Member store.Member
	Duty   Duty
}

// WhoIsOnDuty lists the active technicians, those on duty first.
func (d *Desk) WhoIsOnDuty(ctx context.Context, a Actor) ([]OnDuty, error) {
	if err := a.may(SeeDuty); err != nil {
		return nil, err
	}
	members, err := d.q.ListMembersWithRole(ctx, Technician)
	if err != nil {
		return nil, fmt.Errorf("list technicians: %w", err)
	}
	zones := make(map[int64]*time.Location, len(members))
	for _, m := range members {
		zones[m.ID] = d.ZoneOf(m)
	}
	duty, err := d.dutyOf(ctx, d.q, zones)
	if err != nil {
		return nil, err
	}
	rows := make([]OnDuty, len(members))
	for i, m := range members {
		rows[i] = OnDuty{Member: m, Duty: duty[m.ID]}
	}
	slices.SortStableFunc(rows, func(x, y OnDuty) int {
		if x.Duty.On == y.Duty.On {
			return 0
		}
		if x.Duty.On {
			return -1
		}
		return 1
	})
	return rows, nil
}

// DutyNow tells whether a member is available now.
func (d *Desk) DutyNow(ctx context.Context, m store.Member) (Duty, error) {
	duty, err := d.dutyOf(ctx, d.q, map[int64]*time.Location{m.ID: d.ZoneOf(m)})
	if err != nil {
		return Duty{}, err
	}
	return duty[m.ID], nil
}

// SetDuty puts the member on or off duty, until a moment if until is given, else until they say otherwise.
func (d *Desk) SetDuty(ctx context.Context, a Actor, on bool, until *time.Time) (Duty, error) {
	if err := a.may(SetOwnDuty); err != nil {
		return Duty{}, err
	}
	now := d.Now()
	err := d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		if err := q.EndDutyOverrides(ctx, store.EndDutyOverridesParams{At: &now, MemberID: a.ID}); err != nil {
			return err
		}
		return q.InsertDutyOverride(ctx, store.InsertDutyOverrideParams{
			MemberID: a.ID, OnDuty: on, StartsAt: now, EndsAt: until, CreatedAt: now,
		})
	})
	if err != nil {
		return Duty{}, fmt.Errorf("set duty: %w", err)
	}
	if on {
		if err := d.retryUnassigned(ctx); err != nil {
			return Duty{}, err
		}
	}
	return Duty{On: on, Why: "said so", Until: until}, nil
}

var clock = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?$`)

// ParseUntil reads a time of day such as 17:00, 17, 5pm or 5:30pm and returns its next occurrence after now in zone.
func ParseUntil(text string, now time.Time, zone *time.Location) (time.Time, error) {
	bad := refuse(Invalid, "“%s” is not a time of day. Type it like 17:00.", shorten(text, 40))
	m := clock.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if m == nil {
		return time.Time{}, bad
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	switch {
	case m[3] != "" && (hour < 1 || hour > 12), hour > 23, minute > 59:
		return time.Time{}, bad
	case m[3] == "pm" && hour < 12:
		hour += 12
	case m[3] == "am" && hour == 12:
		hour = 0
	}
	local := now.In(zone)
	until := time.Date(local.Year(), local.Month(), local.Day(), hour, minute, 0, 0, zone)
	if !until.After(now) {
		until = time.Date(local.Year(), local.Month(), local.Day()+1, hour, minute, 0, 0, zone)
	}
	return until, nil
}
