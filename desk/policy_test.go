package desk

import (
	"testing"
	"time"

	"callout/store"
)

// shifts are nine to five on workdays.
func shifts(zone *time.Location) DutyFacts {
	f := DutyFacts{Zone: zone}
	for day := int32(time.Monday); day <= int32(time.Friday); day++ {
		f.Rules = append(f.Rules, store.DutyRule{Weekday: day, Starts: 9 * 60, Ends: 17 * 60})
	}
	return f
}

func TestWaits(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	santiago, err := time.LoadLocation("America/Santiago") // clocks change at midnight there
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string, zone *time.Location) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	end := at("2026-03-11 12:00", london)
	off := func(f DutyFacts) DutyFacts {
		f.TimeOff = []store.TimeOff{{StartsAt: at("2026-03-10 10:00", london), EndsAt: end}}
		return f
	}
	said := func(f DutyFacts, on bool) DutyFacts {
		f.Overrides = []store.DutyOverride{{OnDuty: on, StartsAt: at("2026-01-01 00:00", london)}}
		return f
	}
	tests := []struct {
		name, wait, clock string
		facts             DutyFacts
		from, want        string
	}{
		{"minutes count", "10m", clockAlways, shifts(london), "2026-03-10 22:00", "2026-03-10 22:10"},
		{"in the shift", "20m", clockDuty, shifts(london), "2026-03-10 09:30", "2026-03-10 09:50"},
		{"over the end of the shift", "20m", clockDuty, shifts(london), "2026-03-10 16:50", "2026-03-11 09:10"},
		{"over the weekend", "20m", clockDuty, shifts(london), "2026-03-13 16:55", "2026-03-16 09:15"},
		{"before the shift", "10m", clockDuty, shifts(london), "2026-03-10 03:00", "2026-03-10 09:10"},
		{"over time off", "60m", clockDuty, off(shifts(london)), "2026-03-10 09:30", "2026-03-11 12:30"},
		{"on duty until they say otherwise", "240m", clockDuty, said(shifts(london), true), "2026-03-10 22:00", "2026-03-11 02:00"},
		{"never on duty: every minute counts", "20m", clockDuty, said(shifts(london), false), "2026-03-10 22:00", "2026-03-10 22:20"},
		{"the spring night has an hour less", "240m", clockDuty, said(shifts(london), true), "2026-03-28 23:00", "2026-03-29 04:00"},
		{"the autumn night has an hour more", "240m", clockDuty, said(shifts(london), true), "2026-10-24 23:00", "2026-10-25 02:00"},
		{"a shift after the spring night begins when the clock says so", "10m", clockDuty, shifts(london), "2026-03-27 16:55", "2026-03-30 09:05"},
		{"a day is a day of the calendar", "1d", clockAlways, shifts(london), "2026-03-28 22:00", "2026-03-29 22:00"},
		{"a day ends in duty", "1d", clockDuty, shifts(london), "2026-03-13 10:00", "2026-03-16 09:00"},
		{"a day in duty", "2d", clockDuty, shifts(london), "2026-03-10 10:00", "2026-03-12 10:00"},
		{"the next shift, from one", "shift", clockDuty, shifts(london), "2026-03-10 10:00", "2026-03-11 09:00"},
		{"the next shift, from the night", "shift", clockDuty, shifts(london), "2026-03-10 20:00", "2026-03-11 09:00"},
		{"a shift that never ends", "shift", clockDuty, said(shifts(london), true), "2026-03-10 20:00", "2026-03-11 20:00"},
		{"a midnight that does not exist", "10m", clockDuty, shifts(santiago), "2026-09-04 16:55", "2026-09-07 09:05"},
	}
	for _, tt := range tests {
		got, ok := Wait(tt.wait).After(tt.clock, tt.facts, at(tt.from, tt.facts.Zone))
		if want := at(tt.want, tt.facts.Zone); !ok || !got.Equal(want) {
			t.Errorf("%s: %s after %s is %s, want %s", tt.name, tt.wait, tt.from, got.In(tt.facts.Zone), want)
		}
	}
	if _, ok := Wait("").After(clockAlways, shifts(london), end); ok {
		t.Error("what never comes is due")
	}
}

func TestParseWait(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"", "10m", "1d", "shift", "99999m"} {
		if w, err := ParseWait(good); err != nil || string(w) != good {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"10", "m", "0m", "-1m", "1h", "soon", "1000000m"} {
		if _, err := ParseWait(bad); CodeOf(err) != Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
