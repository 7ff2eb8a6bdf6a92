package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"callout/store"
)

// PolicyRecord is the kind of a policy among the records; its ID is its place in Priorities, counted from 1.
const PolicyRecord = "policy"

// PolicyFields lists what an admin may edit of a policy, in the order people see it.
func PolicyFields() []string {
	return []string{
		"clock", "all_at_once", "next_channel", "next_technician", "dispatchers", "admins", "admins_every", "admins_times", "loud_every",
		"remind", "remind_dispatchers",
	}
}

// PolicyFieldsOf is a policy as its form shows it.
func PolicyFieldsOf(p store.Policy) Fields {
	return Fields{
		"clock": p.Clock, "all_at_once": strconv.FormatBool(p.AllAtOnce), "next_channel": p.NextChannel, "next_technician": p.NextTechnician,
		"dispatchers": p.Dispatchers, "admins": p.Admins, "admins_every": p.AdminsEvery, "admins_times": strconv.Itoa(int(p.AdminsTimes)),
		"loud_every": p.LoudEvery, "remind": p.Remind, "remind_dispatchers": p.RemindDispatchers,
	}
}

// policyOf reads a form back, naming every field that is wrong at once.
func policyOf(priority string, f Fields) (store.Policy, error) {
	p := problems{}
	wait := func(field string, needed bool) string {
		w, err := ParseWait(clean(f[field]))
		if err == nil && needed && w == "" {
			err = refuse(Invalid, "This cannot be empty: a call must never wait for ever. Write for example 15m.")
		}
		p.add(field, err)
		return string(w)
	}
	out := store.Policy{
		Priority: priority, Clock: f["clock"], AllAtOnce: f["all_at_once"] == "true",
		NextChannel: wait("next_channel", false), NextTechnician: wait("next_technician", true), Dispatchers: wait("dispatchers", true),
		Admins: wait("admins", false), AdminsEvery: wait("admins_every", false), LoudEvery: wait("loud_every", false),
		Remind: wait("remind", false), RemindDispatchers: wait("remind_dispatchers", false),
	}
	if out.Clock != clockAlways && out.Clock != clockDuty {
		p.add("clock", refuse(Invalid, "“%s” is no clock. Choose always or duty.", shorten(out.Clock, 20)))
	}
	times, err := strconv.ParseInt(clean(f["admins_times"]), 10, 32)
	if err != nil || times < 0 || times > maxAdminsTimes {
		p.add("admins_times", refuse(Invalid, "“%s” is no number from 0 to %d.", shorten(f["admins_times"], 20), maxAdminsTimes))
	}
	out.AdminsTimes = int32(times)
	return out, p.err()
}

// maxAdminsTimes is how often the admins may be told of one call; the database has the same.
const maxAdminsTimes = 20

// Policies lists who is asked or told when, by priority, the most pressing first.
func (d *Desk) Policies(ctx context.Context, a Actor) ([]store.Policy, error) {
	if err := a.may(SeeCalls); err != nil {
		return nil, err
	}
	return d.q.ListPolicies(ctx)
}

// EditPolicy changes the policy of a priority; what others changed meanwhile is merged. Steps that are planned already stay.
func (d *Desk) EditPolicy(ctx context.Context, a Actor, id, version int64, mine Fields) error {
	if err := a.may(ChangeSetting); err != nil {
		return err
	}
	priority, err := priorityOf(id)
	if err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: PolicyRecord, ID: id}, func(ctx context.Context, c *change) error {
		stored, err := c.q.LockPolicy(ctx, priority)
		if err != nil {
			return fmt.Errorf("read policy: %w", err)
		}
		theirs := PolicyFieldsOf(stored)
		merged, err := c.merge(ctx, edit{version: version, mine: mine}, stored.Version, theirs)
		if err != nil {
			return err
		}
		next, err := policyOf(priority, merged)
		if err != nil {
			return err
		}
		if err := c.keep(ctx, stored.Version, theirs); err != nil {
			return err
		}
		now := d.Now()
		return c.q.UpdatePolicy(ctx, store.UpdatePolicyParams{
			Priority: priority, Clock: next.Clock, AllAtOnce: next.AllAtOnce, NextChannel: next.NextChannel, NextTechnician: next.NextTechnician,
			Dispatchers: next.Dispatchers, Admins: next.Admins, AdminsEvery: next.AdminsEvery, AdminsTimes: next.AdminsTimes,
			LoudEvery: next.LoudEvery, Remind: next.Remind, RemindDispatchers: next.RemindDispatchers, UpdatedBy: known(a.ID), UpdatedAt: &now,
		})
	})
}

func priorityOf(id int64) (string, error) {
	if id < 1 || id > int64(len(Priorities())) {
		return "", refuse(NotFound, "There is no such priority.")
	}
	return Priorities()[id-1], nil
}

// previewMost is how many calls a preview looks at, and previewDays how far back.
const (
	previewMost = 500
	previewDays = 30
)

// Replay is what a policy would have done.
type Replay struct{ Calls, AskedNext, Dispatchers, Admins int }

// PolicyReplay tells what the policy in force and the one in a form would have done with the calls of the last 30 days, at most
// the newest 500: how often somebody else would have been asked, and of how many calls the dispatchers and admins told.
func (d *Desk) PolicyReplay(ctx context.Context, a Actor, id int64, mine Fields) (before, after Replay, err error) {
	if err := a.may(ChangeSetting); err != nil {
		return before, after, err
	}
	priority, err := priorityOf(id)
	if err != nil {
		return before, after, err
	}
	next, err := policyOf(priority, mine)
	if err != nil {
		return before, after, err
	}
	stored, err := d.q.GetPolicy(ctx, priority)
	if err != nil {
		return before, after, fmt.Errorf("read policy: %w", err)
	}
	waits, err := d.waits(ctx, priority)
	if err != nil {
		return before, after, err
	}
	return waits.replay(stored), waits.replay(next), nil
}

// waits is how long calls waited for somebody, and offers for their answer.
type waits struct {
	calls  []store.ListWaitsRow
	offers []store.ListOfferWaitsRow
	duty   map[int64]DutyFacts
	office DutyFacts
	now    time.Time
}

func (d *Desk) waits(ctx context.Context, priority string) (waits, error) {
	w := waits{duty: map[int64]DutyFacts{}, now: d.Now()}
	since := w.now.AddDate(0, 0, -previewDays)
	holidays, err := d.holidaysBetween(ctx, d.q, since, w.now.Add(2*searched))
	if err != nil {
		return w, err
	}
	w.office = d.officeHours(holidays)
	if w.calls, err = d.q.ListWaits(ctx, store.ListWaitsParams{Priority: priority, Since: since, Max: previewMost}); err != nil {
		return w, fmt.Errorf("read how long calls waited: %w", err)
	}
	ids := make([]int64, len(w.calls))
	for i, c := range w.calls {
		ids[i] = c.ID
	}
	if w.offers, err = d.q.ListOfferWaits(ctx, ids); err != nil {
		return w, fmt.Errorf("read how long offers waited: %w", err)
	}
	for _, o := range w.offers {
		if _, known := w.duty[o.MemberID]; known {
			continue
		}
		m, err := d.q.GetMember(ctx, o.MemberID)
		if err != nil {
			return w, fmt.Errorf("read member %d: %w", o.MemberID, err)
		}
		f, err := d.dutySince(ctx, d.q, m, since)
		if err != nil {
			return w, err
		}
		f.CountOnCall = priority == priorityUrgent
		w.duty[o.MemberID] = f
	}
	return w, nil
}

func (w waits) replay(p store.Policy) Replay {
	r := Replay{Calls: len(w.calls)}
	over := func(wait string, f DutyFacts, from time.Time, to *time.Time) int {
		end := w.now
		if to != nil {
			end = *to
		}
		// Nobody's clock runs faster than the one on the wall: most waits were over long before, and need no walk.
		if due, ok := Wait(wait).After(clockAlways, f, from); !ok || !due.Before(end) {
			return 0
		}
		if due, ok := Wait(wait).After(p.Clock, f, from); ok && due.Before(end) {
			return 1
		}
		return 0
	}
	for _, o := range w.offers {
		r.AskedNext += over(p.NextTechnician, w.duty[o.MemberID], o.OfferedAt, o.AnsweredAt)
	}
	for _, c := range w.calls {
		r.Dispatchers += over(p.Dispatchers, w.office, c.OpenedAt, c.EndedAt)
		r.Admins += over(p.Admins, w.office, c.OpenedAt, c.EndedAt)
	}
	return r
}
