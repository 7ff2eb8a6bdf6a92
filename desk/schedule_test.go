package desk

import (
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

func TestParseEvery(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"monday 08:00": "0 8 * * 1", "Mondays 8": "0 8 * * 1", "every monday at 08:00": "0 8 * * 1", "mon 8am": "0 8 * * 1", "EVERY SUN 17:30": "30 17 * * 0",
		"tues 9:05": "5 9 * * 2", "wednesday 0:00": "0 0 * * 3", "thurs 23:59": "59 23 * * 4", "fri 12am": "0 0 * * 5", "saturdays 12pm": "0 12 * * 6",
		"day 18:00": "0 18 * * *", "weekday 7:30": "30 7 * * 1-5", "weekdays 7.30": "30 7 * * 1-5", "month 09:00": "0 9 1 * *", " every  day  at 6 ": "0 6 * * *",
	} {
		if got, err := ParseEvery(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "monday", "08:00", "every", "mo 8:00", "s 8:00", "moonday 8:00", "week 8:00", "monday 25:00", "monday 8:00 9:00", "0 8 * * 1", "TZ=0", "day TZ=0"} {
		if got, err := ParseEvery(typed); CodeOf(err) != Invalid {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func FuzzParseEvery(f *testing.F) {
	for _, s := range []string{"monday 08:00", "every weekday at 7:30", "month 9am", "mons 8", "day 24", "s 8", "TZ=0 8", "İ 8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		line, err := ParseEvery(typed)
		if err != nil {
			if CodeOf(err) != Invalid {
				t.Fatalf("%q: %v", typed, err)
			}
			return
		}
		if _, err := cron.ParseStandard(line); err != nil {
			t.Fatalf("%q became %q: %v", typed, line, err)
		}
		next, err := nextRun(line, time.Time{}, pickNow, time.UTC)
		if err != nil || !next.After(pickNow) || next.After(pickNow.AddDate(0, 0, 32)) {
			t.Fatalf("%q became %q, which is next at %s, %v", typed, line, next, err)
		}
	})
}

func TestNextRun(t *testing.T) {
	t.Parallel()
	check := func(zone, line, last, now, want string) {
		t.Helper()
		var before time.Time
		if last != "" {
			before = utc(t, last)
		}
		got, err := nextRun(line, before, utc(t, now), zoneNamed(t, zone))
		if err != nil || got.UTC().Format("2006-01-02T15:04") != want {
			t.Errorf("%s in %s after %s: %s, %v; want %s", line, zone, now, got.UTC().Format("2006-01-02T15:04"), err, want)
		}
	}
	check("UTC", "0 8 * * 1", "", "2026-03-10T09:30", "2026-03-16T08:00")
	check("UTC", "0 8 * * 1", "2026-03-16T08:00", "2026-03-16T08:00", "2026-03-23T08:00")
	check("UTC", "0 9 1 * *", "", "2026-01-31T09:30", "2026-02-01T09:00")
	check("UTC", "0 9 1 * *", "2026-02-01T09:00", "2026-12-15T09:30", "2027-01-01T09:00")
	check("Europe/London", "0 8 * * *", "2026-03-28T08:00", "2026-03-28T08:00", "2026-03-29T07:00")
	check("Europe/London", "0 8 * * *", "2026-10-24T07:00", "2026-10-24T07:00", "2026-10-25T08:00")
	// 01:30 does not come in the spring night: the next night has it.
	check("Europe/London", "30 1 * * *", "2026-03-28T01:30", "2026-03-28T01:30", "2026-03-30T00:30")
	// 01:30 comes twice in the autumn night, and counts once.
	check("Europe/London", "30 1 * * *", "2026-10-24T00:30", "2026-10-24T00:31", "2026-10-25T00:30")
	check("Europe/London", "30 1 * * *", "2026-10-25T00:30", "2026-10-25T00:31", "2026-10-26T01:30")
	check("Europe/London", "0 8 * * 1-5", "", "2026-03-13T09:00", "2026-03-16T08:00")
	for _, line := range []string{"", "0 0 30 2 *", "nonsense"} {
		if got, err := nextRun(line, time.Time{}, pickNow, time.UTC); err == nil {
			t.Errorf("%q is next at %s", line, got)
		}
	}
}
