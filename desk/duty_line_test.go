package desk

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"callout/store"
)

// rulesOf reads weekly hours for a test.
func rulesOf(t *testing.T, regular, onCall string) []store.DutyRule {
	t.Helper()
	var rules []store.DutyRule
	for i, text := range []string{regular, onCall} {
		hours, err := ParseHours(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hours {
			rules = append(rules, store.DutyRule{Weekday: int32(h.Day), Starts: h.Starts, Ends: h.Ends, OnCall: i == 1})
		}
	}
	return rules
}

// line writes stretches on which somebody may be asked, in a zone.
func line(all []Stretch, zone *time.Location) string {
	var out []string
	for _, s := range all {
		word := map[bool]string{true: "on", false: "on call"}[s.Duty.On]
		if s.Duty.Any() {
			out = append(out, fmt.Sprintf("%s %s-%s", word, s.From.In(zone).Format("Mon 15:04"), s.To.In(zone).Format("Mon 15:04")))
		}
	}
	return strings.Join(out, ", ")
}

func TestOnCallHolidaysAndWhatBeatsThem(t *testing.T) {
	t.Parallel()
	berlin := zoneNamed(t, "Europe/Berlin")
	f := DutyFacts{
		Zone: berlin, Rules: rulesOf(t, "mon-fri 8-17", "mon-fri 17-22, thu 8-10"),
		Holidays: map[Day]string{date(2026, 3, 12): "Founders' day"},
	}
	check := func(name string, f DutyFacts, at string, on, onCall bool, why string) {
		t.Helper()
		got := DutyAt(f, utc(t, at))
		if got.On != on || got.OnCall != onCall || got.Why != why {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	check("regular hours", f, "2026-03-11T08:00", true, false, "weekly hours until 17:00")
	check("on call", f, "2026-03-11T16:00", false, true, "on call until 22:00")
	check("night", f, "2026-03-11T21:00", false, false, "outside their weekly hours")
	check("a holiday", f, "2026-03-12T12:00", false, false, "company holiday: Founders' day")
	check("on call on a holiday", f, "2026-03-12T08:00", false, true, "on call until 10:00")
	check("the holiday is over at their own midnight", f, "2026-03-11T23:30", false, false, "company holiday: Founders' day")
	unnamed := f
	unnamed.Holidays = map[Day]string{date(2026, 3, 12): ""}
	check("a holiday without a name", unnamed, "2026-03-12T12:00", false, false, "company holiday")
	regular := f
	regular.Rules = rulesOf(t, "mon-fri 8-17", "mon-sun 0-24")
	check("regular hours beat on call", regular, "2026-03-11T08:00", true, false, "weekly hours until 17:00")

	day := func(text string) time.Time { return utc(t, "2026-03-"+text) }
	end := day("11T20:00")
	f.TimeOff = []store.TimeOff{{StartsAt: day("11T00:00"), EndsAt: end}}
	check("time off beats on call", f, "2026-03-11T16:30", false, false, "has time off")
	f.Overrides = []store.DutyOverride{{OnCall: true, StartsAt: day("11T16:00"), EndsAt: &end}}
	check("what was said beats time off", f, "2026-03-11T16:30", false, true, "said so")
	swap := int64(7)
	f.Overrides = []store.DutyOverride{{OnDuty: true, StartsAt: day("11T16:00"), EndsAt: &end, SwapID: &swap}}
	check("who covers", f, "2026-03-11T16:30", true, false, "covers somebody")
	f.Overrides[0].OnDuty = false
	check("who is covered", f, "2026-03-11T16:30", false, false, "is covered")
}

func TestDutyOverNightsOnWhichTheClocksChange(t *testing.T) {
	t.Parallel()
	check := func(zone, hours, from string, want string) {
		t.Helper()
		z := zoneNamed(t, zone)
		start := utc(t, from)
		got := line(DutyOver(DutyFacts{Zone: z, Rules: rulesOf(t, hours, "")}, start, start.Add(24*time.Hour)), z)
		if got != want {
			t.Errorf("%s %s from %s: got %q, want %q", zone, hours, from, got, want)
		}
	}
	check("Europe/Berlin", "sun 1-5", "2026-03-28T20:00", "on Sun 01:00-Sun 05:00")    // three hours
	check("Europe/Berlin", "sun 2:30-5", "2026-03-28T20:00", "on Sun 03:00-Sun 05:00") // 2:30 is skipped
	check("Europe/Berlin", "sun 1-2:30", "2026-03-28T20:00", "on Sun 01:00-Sun 03:00") // an hour
	check("Europe/Berlin", "sun 2-2:45", "2026-03-28T20:00", "")                       // skipped as a whole
	check("Europe/Berlin", "sun 1-2:30", "2026-10-24T20:00", "on Sun 01:00-Sun 02:30, on Sun 02:00-Sun 02:30")
	check("Europe/Berlin", "sun 1-4", "2026-10-24T20:00", "on Sun 01:00-Sun 04:00") // four hours
	check("America/New_York", "sun 1-5", "2026-03-08T02:00", "on Sun 01:00-Sun 05:00")
	check("America/New_York", "sun 2:15-5", "2026-03-08T02:00", "on Sun 03:00-Sun 05:00")
	check("America/New_York", "sun 0-1:15", "2026-11-01T02:00", "on Sun 00:00-Sun 01:15, on Sun 01:00-Sun 01:15")
	check("America/New_York", "sun 1:30-3", "2026-11-01T02:00", "on Sun 01:30-Sun 01:00, on Sun 01:30-Sun 03:00")
}

// TestDutyOverSaysWhatDutyAtSays compares the two at every minute of random weeks around nights on which clocks change.
func TestDutyOverSaysWhatDutyAtSays(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"} {
		for _, from := range []string{"2026-03-06T11:17", "2026-03-27T11:17", "2026-04-03T00:00", "2026-10-02T05:30", "2026-10-23T11:17", "2026-10-30T11:17"} {
			start := utc(t, from)
			f := randomFacts(rng, zoneNamed(t, zone), start)
			all, i := DutyOver(f, start, start.Add(4*24*time.Hour)), 0
			for at := start; at.Before(start.Add(4 * 24 * time.Hour)); at = at.Add(time.Minute) {
				for !at.Before(all[i].To) {
					i++
				}
				if want := DutyAt(f, at); all[i].Duty.On != want.On || all[i].Duty.OnCall != want.OnCall {
					t.Fatalf("%s: at %s DutyAt says %+v, the line %+v", zone, at, want, all[i])
				}
			}
		}
	}
}

func randomFacts(rng *rand.Rand, zone *time.Location, start time.Time) DutyFacts {
	f := DutyFacts{Zone: zone, Holidays: map[Day]string{DayOf(start, zone).AddDate(0, 0, rng.IntN(4)): ""}}
	moment := func() time.Time { return start.Add(time.Duration(rng.IntN(5*24*60)) * time.Minute) }
	for range 20 {
		a, b := rng.Int32N(1440), rng.Int32N(1440)
		f.Rules = append(f.Rules, store.DutyRule{Weekday: rng.Int32N(7), Starts: min(a, b), Ends: max(a, b) + 1, OnCall: rng.IntN(3) == 0})
	}
	for range 3 {
		from := moment()
		to := from.Add(time.Duration(rng.IntN(600)) * time.Minute)
		f.Overrides = append(f.Overrides, store.DutyOverride{OnDuty: rng.IntN(2) == 0, StartsAt: from, EndsAt: &to})
		f.TimeOff = append(f.TimeOff, store.TimeOff{StartsAt: moment(), EndsAt: moment()})
	}
	return f
}

func TestOutlook(t *testing.T) {
	t.Parallel()
	f := DutyFacts{Zone: zoneNamed(t, "Europe/London"), Rules: rulesOf(t, "mon-fri 8-17", "tue 17-20")}
	now := utc(t, "2026-03-10T09:30")
	got := outlook(f, now)
	if got.Ends == nil || !got.Ends.Equal(utc(t, "2026-03-10T17:00")) || !got.Then.OnCall {
		t.Errorf("got %+v", got)
	}
	if got := outlook(DutyFacts{Zone: time.UTC}, now); got.Ends != nil {
		t.Errorf("nothing changes: got %+v", got)
	}
}

func TestTheClockOfAnUrgentCallCountsOnCall(t *testing.T) {
	t.Parallel()
	f := DutyFacts{Zone: time.UTC, Rules: rulesOf(t, "wed 8-17", "tue 17-22")}
	from := utc(t, "2026-03-10T20:00")
	if got, _ := Wait("10m").After(clockDuty, f, from); !got.Equal(utc(t, "2026-03-11T08:10")) {
		t.Errorf("a normal call waits until %s", got)
	}
	f.CountOnCall = true
	if got, _ := Wait("10m").After(clockDuty, f, from); !got.Equal(utc(t, "2026-03-10T20:10")) {
		t.Errorf("an urgent call waits until %s", got)
	}
}
