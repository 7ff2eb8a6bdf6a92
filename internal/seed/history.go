package seed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"callout/desk"
	"callout/store"
)

// historyDays is how far back the calls go.
const historyDays = 182

// past is the company and what happened to it until a moment.
type past struct {
	firm  Firm
	calls []*record // in the order of their numbers
}

// person is a technician while the past is played through.
type person struct {
	Member
	duty   desk.DutyFacts
	asked  []time.Time
	jobs   []job
	knows  map[int64]bool
	freeAt time.Time // when the last visit ends
}

type job struct {
	from time.Time
	to   *time.Time // nil: not closed yet
}

// world is the company while the past is played through, call by call.
type world struct {
	rng   *rand.Rand
	now   time.Time
	zone  *time.Location
	firm  Firm
	techs []*person
	calls []*record
	units []unit
}

// unit is a machine and whose it is.
type unit struct {
	customer *Customer
	machine  *Machine
}

// playThrough plays half a year through, up to now. The same now gives the same past.
func playThrough(now time.Time) (past, error) {
	w, err := newWorld(now)
	if err != nil {
		return past{}, err
	}
	if err := w.playDays(); err != nil {
		return past{}, err
	}
	if err := w.playPending(); err != nil {
		return past{}, err
	}
	slices.SortStableFunc(w.calls, func(a, b *record) int { return a.OpenedAt.Compare(b.OpenedAt) })
	for i, r := range w.calls {
		r.ID = int64(i + 1)
	}
	return past{firm: w.firm, calls: w.calls}, nil
}

func newWorld(now time.Time) (*world, error) {
	firm := Company()
	zone, err := time.LoadLocation(firm.Zone)
	if err != nil {
		return nil, fmt.Errorf("load time zone: %w", err)
	}
	w := &world{rng: rand.New(rand.NewPCG(2026, 7)), now: now, zone: zone, firm: firm}
	for _, m := range firm.Members {
		if m.is(desk.Technician) {
			w.techs = append(w.techs, &person{Member: m, duty: m.duty(zone), knows: map[int64]bool{}})
		}
	}
	for i := range firm.Customers {
		c := &firm.Customers[i]
		for k := range c.Machines {
			if c.Machines[k].kind != plotter.kind { // nobody could have gone
				w.units = append(w.units, unit{c, &c.Machines[k]})
			}
		}
	}
	return w, nil
}

func (m Member) duty(zone *time.Location) desk.DutyFacts {
	f := desk.DutyFacts{Zone: zone}
	for _, r := range m.rules() {
		f.Rules = append(f.Rules, store.DutyRule{MemberID: m.ID, Weekday: r.weekday, Starts: r.starts, Ends: r.ends, OnCall: r.onCall})
	}
	return f
}

// busiest is how many calls come in on a weekday: Mondays are the worst.
var busiest = [7]int{0, 7, 5, 4, 5, 4, 1}

// hourWeights is how calls spread over the hours of a day.
var hourWeights = [24]int{0, 0, 0, 0, 0, 0, 1, 2, 10, 16, 14, 11, 6, 9, 12, 10, 8, 5, 2, 1, 1, 1, 0, 0}

func (w *world) playDays() error {
	today := w.now.In(w.zone)
	for back := historyDays; back >= 0; back-- {
		day := time.Date(today.Year(), today.Month(), today.Day()-back, 0, 0, 0, 0, w.zone)
		var times []time.Time
		for range w.callsOn(day) {
			times = append(times, w.timeOn(day))
		}
		slices.SortFunc(times, time.Time.Compare)
		for _, at := range times {
			if err := w.playCall(at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) callsOn(day time.Time) int {
	n := busiest[day.Weekday()] + w.rng.IntN(3) - 1
	if day.Month() == time.August || day.Month() == time.December && day.Day() > 20 {
		n = n * 2 / 3
	}
	if n < 1 && w.rng.IntN(3) == 0 {
		return 1 // an emergency on a Sunday
	}
	return max(n, 0)
}

func (w *world) timeOn(day time.Time) time.Time {
	total := 0
	for _, weight := range hourWeights {
		total += weight
	}
	n, hour := w.rng.IntN(total), 0
	for n >= hourWeights[hour] {
		n -= hourWeights[hour]
		hour++
	}
	return time.Date(day.Year(), day.Month(), day.Day(), hour, w.rng.IntN(60), w.rng.IntN(60), 0, w.zone).UTC()
}

// playCall plays one call to its end. A call that would not be closed by now is left out: playPending makes those.
func (w *world) playCall(at time.Time) error {
	if !at.Before(w.now) {
		return nil
	}
	r := w.newCall(at)
	closed, err := w.playLife(r)
	if err != nil || !closed {
		return err
	}
	if last := r.events[len(r.events)-1].At; last.After(w.now.Add(-20 * time.Minute)) {
		return nil
	}
	w.keep(r)
	return nil
}

// keep makes a call part of the past, which the choice of later technicians looks at.
func (w *world) keep(r *record) {
	w.calls = append(w.calls, r)
	for _, t := range w.techs {
		for _, o := range r.offers {
			if o.MemberID == t.ID {
				t.asked = append(t.asked, o.OfferedAt)
			}
		}
		if r.by == t {
			t.jobs = append(t.jobs, job{*r.AcceptedAt, r.ClosedAt})
			t.knows[r.CustomerID] = true
			if r.ClosedAt != nil && r.ClosedAt.After(t.freeAt) {
				t.freeAt = *r.ClosedAt
			}
		}
	}
}

// pick scores the technicians for a call as the desk does.
func (w *world) pick(r *record, at time.Time) []desk.Score {
	candidates := make([]desk.Candidate, len(w.techs))
	for i, t := range w.techs {
		candidates[i] = t.candidate(r, at)
	}
	return desk.PickTechnician(desk.Need{Skills: r.skills, Territory: r.customer.Territory}, candidates, at)
}

func (p *person) candidate(r *record, at time.Time) desk.Candidate {
	c := desk.Candidate{
		ID: p.ID, Name: p.Name, Reachable: true, OnDuty: desk.DutyAt(p.duty, at).On, Skills: p.Skills, Territory: p.Territory,
		Capacity: p.Capacity, Declined: r.declinedBy(p.ID), Knows: p.knows[r.CustomerID],
	}
	for _, j := range p.jobs {
		if !j.from.After(at) && (j.to == nil || j.to.After(at)) {
			c.Load++
		}
	}
	for _, t := range p.asked {
		if t.After(at) {
			continue
		}
		if t.After(at.Add(-14 * 24 * time.Hour)) {
			c.RecentOffers++
		}
		if t.After(c.LastOffer) {
			c.LastOffer = t
		}
	}
	return c
}

func (w *world) tech(id int64) *person {
	return w.techs[slices.IndexFunc(w.techs, func(p *person) bool { return p.ID == id })]
}
