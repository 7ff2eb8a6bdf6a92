package desk

import (
	"testing"
	"time"

	"callout/store"
)

func zoneNamed(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// utc reads a moment such as 2026-03-29T00:59.
func utc(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDutyFollowsTheWallClock(t *testing.T) {
	t.Parallel()
	london, kathmandu := zoneNamed(t, "Europe/London"), zoneNamed(t, "Asia/Kathmandu")
	sunday := []store.DutyRule{{Weekday: 0, Starts: 2 * 60, Ends: 10 * 60}}
	office := []store.DutyRule{{Weekday: 2, Starts: 8 * 60, Ends: 17 * 60}}
	late := []store.DutyRule{{Weekday: 2, Starts: 18 * 60, Ends: 1440}, {Weekday: 3, Starts: 0, Ends: 6 * 60}}
	check := func(name string, zone *time.Location, rules []store.DutyRule, at string, want bool) {
		t.Helper()
		if got := DutyAt(DutyFacts{Zone: zone, Rules: rules}, utc(t, at)); got.On != want {
			t.Errorf("%s: on duty is %v (%s)", name, got.On, got.Why)
		}
	}
	check("first minute", london, office, "2026-03-10T08:00", true)
	check("minute before", london, office, "2026-03-10T07:59", false)
	check("last minute", london, office, "2026-03-10T16:59", true)
	check("the end is off duty", london, office, "2026-03-10T17:00", false)
	check("another day", london, office, "2026-03-11T09:00", false)
	check("summer: an hour earlier by UTC", london, office, "2026-06-16T07:00", true)
	check("summer: 16:00 UTC is 17:00 in London", london, office, "2026-06-16T16:00", false)
	check("spring night: before the clocks go forward", london, sunday, "2026-03-29T00:59", false)
	check("spring night: 01:00 UTC is 02:00 already", london, sunday, "2026-03-29T01:00", true)
	check("spring night: ends by the new time", london, sunday, "2026-03-29T09:00", false)
	check("autumn night: 01:30 for the first time", london, sunday, "2026-10-25T00:30", false)
	check("autumn night: 01:30 for the second time", london, sunday, "2026-10-25T01:30", false)
	check("autumn night: 02:00", london, sunday, "2026-10-25T02:00", true)
	check("autumn night: ends by the new time", london, sunday, "2026-10-25T09:59", true)
	check("until midnight", london, late, "2026-03-10T23:59", true)
	check("on over midnight by two rules", london, late, "2026-03-11T00:00", true)
	check("a zone of 5:45", kathmandu, office, "2026-03-10T02:15", true)
	check("a zone of 5:45, the minute before", kathmandu, office, "2026-03-10T02:14", false)
	check("no rules", london, nil, "2026-03-10T09:00", false)
}

func TestDutyBeats(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-03-10T09:00")
	hour := func(h int) time.Time { return at.Add(time.Duration(h) * time.Hour) }
	end := func(h int) *time.Time { e := hour(h); return &e }
	rules := []store.DutyRule{{Weekday: 2, Starts: 8 * 60, Ends: 17 * 60}}
	off := []store.TimeOff{{StartsAt: hour(-1), EndsAt: hour(1)}}
	check := func(name string, f DutyFacts, on bool, why string, until *time.Time) {
		t.Helper()
		f.Zone = time.UTC
		got := DutyAt(f, at)
		if got.On != on || got.Why != why {
			t.Errorf("%s: got %v because %q", name, got.On, got.Why)
		}
		if (got.Until == nil) != (until == nil) || until != nil && !until.Equal(*got.Until) {
			t.Errorf("%s: until %v, want %v", name, got.Until, until)
		}
	}
	check("rules alone", DutyFacts{Rules: rules}, true, "weekly hours until 17:00", nil)
	check("time off beats rules", DutyFacts{Rules: rules, TimeOff: off}, false, "has time off", end(1))
	check("an override beats time off", DutyFacts{Rules: rules, TimeOff: off, Overrides: []store.DutyOverride{{OnDuty: true, StartsAt: hour(-2), EndsAt: end(3)}}}, true, "said so", end(3))
	begun := []store.TimeOff{{StartsAt: hour(-1), EndsAt: hour(1), CreatedAt: hour(-9), DecidedAt: end(-5)}}
	said := func(start int, until *time.Time, created int) []store.DutyOverride {
		return []store.DutyOverride{{OnDuty: true, StartsAt: hour(start), EndsAt: until, CreatedAt: hour(created)}}
	}
	check("until further notice is until time off", DutyFacts{TimeOff: begun, Overrides: said(-2, nil, -2)}, false, "has time off", end(1))
	check("said during time off", DutyFacts{TimeOff: begun, Overrides: said(0, nil, 0)}, true, "said so", nil)
	check("time off that was approved later", DutyFacts{TimeOff: begun, Overrides: said(-1, end(1), -6)}, false, "has time off", end(1))
	check("hours that were said after it was approved", DutyFacts{TimeOff: begun, Overrides: said(-2, end(1), -4)}, true, "said so", end(1))
	check("an override beats rules", DutyFacts{Rules: rules, Overrides: []store.DutyOverride{{StartsAt: hour(-2)}}}, false, "said so", nil)
	check("the newest override counts", DutyFacts{Overrides: []store.DutyOverride{{OnDuty: true, StartsAt: hour(-1)}, {StartsAt: hour(-2)}}}, true, "said so", nil)
	check("an override that ends now is over", DutyFacts{Rules: rules, Overrides: []store.DutyOverride{{StartsAt: hour(-2), EndsAt: end(0)}}}, true, "weekly hours until 17:00", nil)
	check("an override to come", DutyFacts{Rules: rules, Overrides: []store.DutyOverride{{StartsAt: hour(1)}}}, true, "weekly hours until 17:00", nil)
	check("time off that starts now", DutyFacts{Rules: rules, TimeOff: []store.TimeOff{{StartsAt: at, EndsAt: hour(1)}}}, false, "has time off", end(1))
	check("time off that ends now", DutyFacts{Rules: rules, TimeOff: []store.TimeOff{{StartsAt: hour(-1), EndsAt: at}}}, true, "weekly hours until 17:00", nil)
	check("nothing", DutyFacts{}, false, "outside their weekly hours", nil)
	check("rules until midnight say so", DutyFacts{Rules: []store.DutyRule{{Weekday: 2, Starts: 0, Ends: 1440}}}, true, "weekly hours until 24:00", nil)
}

func TestParseUntil(t *testing.T) {
	t.Parallel()
	london := zoneNamed(t, "Europe/London")
	check := func(typed, now, want string) {
		t.Helper()
		got, err := ParseUntil(typed, utc(t, now), london)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			return
		}
		if shown := got.UTC().Format("2006-01-02T15:04"); shown != want {
			t.Errorf("%q at %s: got %s, want %s", typed, now, shown, want)
		}
	}
	check("17:00", "2026-03-10T09:30", "2026-03-10T17:00")
	check("17", "2026-03-10T09:30", "2026-03-10T17:00")
	check(" 5PM ", "2026-03-10T09:30", "2026-03-10T17:00")
	check("5:30 pm", "2026-03-10T09:30", "2026-03-10T17:30")
	check("17.15", "2026-03-10T09:30", "2026-03-10T17:15")
	check("17h30", "2026-03-10T09:30", "2026-03-10T17:30")
	check("12am", "2026-03-10T09:30", "2026-03-11T00:00")
	check("12pm", "2026-03-10T09:30", "2026-03-10T12:00")
	check("0:00", "2026-03-10T09:30", "2026-03-11T00:00")
	check("9:30", "2026-03-10T09:30", "2026-03-11T09:30") // now is not to come
	check("8:00", "2026-03-10T09:30", "2026-03-11T08:00")
	check("17:00", "2026-06-10T09:30", "2026-06-10T16:00") // summer time
	check("8:00", "2026-03-28T20:00", "2026-03-29T07:00")  // over the spring night
	check("8:00", "2026-10-24T20:00", "2026-10-25T08:00")  // over the autumn night
	check("8:00", "2026-12-31T20:00", "2027-01-01T08:00")

	skipped, err := ParseUntil("1:30", utc(t, "2026-03-29T00:45"), london)
	if err != nil || skipped.Before(utc(t, "2026-03-29T00:45")) || skipped.After(utc(t, "2026-03-29T02:00")) {
		t.Errorf("a time that the spring night skips became %s, %v", skipped, err)
	}
	check("noon", "2026-03-10T09:30", "2026-03-10T12:00")
	check("24:00", "2026-03-10T09:30", "2026-03-11T00:00")
	for _, typed := range []string{"", "24:01", "25", "12:60", "13pm", "0am", "later", "5:3", "-1", "17:00:00", "１７:00", "17:00 tomorrow"} {
		if got, err := ParseUntil(typed, pickNow, london); CodeOf(err) != Invalid {
			t.Errorf("%q: got %s, %v", typed, got, err)
		}
	}
}

func TestDutyOnAndOff(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.member("Tom", Technician)
	on := func() bool {
		t.Helper()
		duty, err := s.DutyNow(s.ctx, tom.Member)
		s.must(err)
		return duty.On
	}
	if on() {
		t.Error("on duty without rules")
	}
	until := s.Now().Add(2 * time.Hour)
	_, err := s.SetDuty(s.ctx, tom, true, &until)
	s.must(err)
	if !on() {
		t.Error("off duty after saying on")
	}
	s.clock.move(2 * time.Hour)
	if on() {
		t.Error("on duty after the end")
	}
	_, err = s.SetDuty(s.ctx, tom, true, nil)
	s.must(err)
	_, err = s.SetDuty(s.ctx, tom, false, nil)
	s.must(err)
	if on() {
		t.Error("the word said last does not count")
	}
	_, err = s.SetDuty(s.ctx, front, true, nil)
	s.refuses(err, Forbidden, "You may not set your own duty")
	rows, err := s.WhoIsOnDuty(s.ctx, front)
	s.must(err)
	if len(rows) != 1 || rows[0].Duty.On {
		t.Errorf("who: %+v", rows)
	}
}

func TestWhoIsOnDutyFirst(t *testing.T) {
	s := openShop(t)
	s.member("Abe", Technician)
	s.technician("Zed")
	rows, err := s.WhoIsOnDuty(s.ctx, s.member("Vic", Viewer))
	s.must(err)
	if len(rows) != 2 || rows[0].Member.Name != "Zed" || !rows[0].Duty.On || rows[1].Duty.On {
		t.Errorf("who: %+v", rows)
	}
}

func TestComingOnDutyTakesUpWhatWaits(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.member("Tom", Technician)
	id := s.offered(front, s.customer("Acme"))
	before := s.jobs()
	_, err := s.SetDuty(s.ctx, tom, true, nil)
	s.must(err)
	s.is("a call whose own job may be under way is left alone", s.jobs(), before)
	s.clock.move(time.Minute)
	_, err = s.SetDuty(s.ctx, tom, true, nil)
	s.must(err)
	s.is("a waiting call", s.jobs(), before+", assign")
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	if s.asked(id) != tom.ID {
		t.Error("Tom is not asked")
	}
}
