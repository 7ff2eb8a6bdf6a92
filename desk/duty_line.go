package desk

import (
	"slices"
	"time"
)

// Stretch is a time in which somebody's duty stays the same.
type Stretch struct {
	From, To time.Time
	Duty     Duty
}

// DutyOver is somebody's duty from one moment to another, in stretches without gaps. It asks DutyAt at every moment at which the
// answer may change, so that it cannot say anything else.
func DutyOver(f DutyFacts, from, to time.Time) []Stretch {
	var all []Stretch
	for _, at := range f.edges(from, to) {
		duty := DutyAt(f, at)
		if n := len(all); n > 0 {
			last := &all[n-1]
			last.To = at
			if last.Duty.On == duty.On && last.Duty.OnCall == duty.OnCall {
				continue
			}
		}
		all = append(all, Stretch{From: at, Duty: duty})
	}
	if n := len(all); n > 0 {
		all[n-1].To = to
	}
	return all
}

// edges are the moments at which somebody's duty may change, in order, the first one included.
func (f DutyFacts) edges(from, to time.Time) []time.Time {
	edges := []time.Time{from}
	add := func(at ...time.Time) {
		for _, t := range at {
			if t.After(from) && t.Before(to) {
				edges = append(edges, t)
			}
		}
	}
	for _, o := range f.Overrides {
		add(o.StartsAt)
		if o.EndsAt != nil {
			add(*o.EndsAt)
		}
	}
	for _, t := range f.TimeOff {
		add(t.StartsAt, t.EndsAt)
	}
	add(clockChanges(from, to, f.Zone)...)
	last := DayOf(to, f.Zone)
	for day := DayOf(from, f.Zone).AddDate(0, 0, -1); !day.After(last); day = day.AddDate(0, 0, 1) {
		add(wallMoments(day, 0, f.Zone)...)
		for _, r := range f.Rules {
			if r.Weekday == int32(day.Weekday()) {
				add(wallMoments(day, r.Starts, f.Zone)...)
				add(wallMoments(day, r.Ends, f.Zone)...)
			}
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	return slices.CompactFunc(edges, time.Time.Equal)
}

// wallMoments are the moments at which a clock on the wall may show a minute of a day: two in the night in which it is set back.
// In other nights both are the same, or one of them is beside the point and does no harm.
func wallMoments(day Day, minute int32, zone *time.Location) []time.Time {
	wall := day.Add(time.Duration(minute) * time.Minute)
	_, before := wall.Add(-26 * time.Hour).In(zone).Zone()
	_, after := wall.Add(26 * time.Hour).In(zone).Zone()
	return []time.Time{wall.Add(-time.Duration(before) * time.Second), wall.Add(-time.Duration(after) * time.Second)}
}

// clockChanges are the moments at which a zone sets its clocks.
func clockChanges(from, to time.Time, zone *time.Location) []time.Time {
	var all []time.Time
	for at := from; ; {
		_, end := at.In(zone).ZoneBounds()
		if end.IsZero() || !end.Before(to) {
			return all
		}
		all = append(all, end)
		at = end
	}
}

// Outlook is for how long somebody's duty stays as it is, and what it is then. Nothing is known when it does not change soon.
type Outlook struct {
	Ends *time.Time
	Then Duty
}

// outlook looks ahead as far as anybody does.
func outlook(f DutyFacts, at time.Time) Outlook {
	line := DutyOver(f, at, at.Add(searched))
	if len(line) < 2 {
		return Outlook{}
	}
	return Outlook{Ends: &line[0].To, Then: line[1].Duty}
}
