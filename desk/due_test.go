package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// day reads a date of a test.
func day(text string) Day {
	d, err := time.Parse("2006-01-02", text)
	if err != nil {
		panic(err)
	}
	return d
}

// shownDays writes days as tests expect them; the year is left out where it is the one before's.
func shownDays(days []Day) string {
	words := make([]string, len(days))
	for i, d := range days {
		words[i] = d.Format("2006-01-02")
		if i > 0 && d.Year() == days[i-1].Year() {
			words[i] = d.Format("01-02")
		}
	}
	return strings.Join(words, " ")
}

func months(m ...time.Month) []time.Month { return m }

func TestUpcoming(t *testing.T) {
	t.Parallel()
	winter := months(time.November, time.December, time.January, time.February)
	tests := []struct {
		name  string
		rule  Rule
		after string // empty is from the beginning
		off   []string
		want  string
	}{
		{"every ten days", Rule{Every: 10, Unit: "day", Anchor: day("2026-01-25")}, "", nil, "2026-01-25 02-04 02-14 02-24 03-06"},
		{"every two weeks", Rule{Every: 2, Unit: "week", Anchor: day("2026-12-20")}, "", nil, "2026-12-20 2027-01-03 01-17 01-31 02-14"},
		{"the end of a month comes back", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-31")}, "", nil, "2026-01-31 02-28 03-31 04-30 05-31"},
		{"in a leap year too", Rule{Every: 1, Unit: "month", Anchor: day("2027-12-30")}, "", nil, "2027-12-30 2028-01-30 02-29 03-30 04-30"},
		{"a leap day every year", Rule{Every: 1, Unit: "year", Anchor: day("2028-02-29")}, "", nil, "2028-02-29 2029-02-28 2030-02-28 2031-02-28 2032-02-29"},
		{"a quarter over the year", Rule{Every: 3, Unit: "month", Anchor: day("2026-08-31")}, "", nil, "2026-08-31 11-30 2027-02-28 05-31 08-31"},
		{"1900 and 2100 are no leap years", Rule{Every: 1, Unit: "year", Anchor: day("2096-02-29")}, "2096-03-01", nil, "2097-02-28 2098-02-28 2099-02-28 2100-02-28 2101-02-28"},
		{"from the middle of a long series", Rule{Every: 1, Unit: "month", Anchor: day("1996-01-31")}, "2026-02-28", nil, "2026-03-31 04-30 05-31 06-30 07-31"},
		{"before it begins", Rule{Every: 1, Unit: "week", Anchor: day("2026-05-05")}, "2020-01-01", nil, "2026-05-05 05-12 05-19 05-26 06-02"},
		{"a season over New Year", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-15"), Months: winter}, "", nil, "2026-01-15 02-15 11-01 11-15 12-15"},
		{"a season moves and the series stays", Rule{Every: 6, Unit: "month", Anchor: day("2026-03-10"), Months: winter}, "", nil, "2026-11-01 2027-11-01 2028-11-01 2029-11-01 2030-11-01"},
		{"a season of one month", Rule{Every: 1, Unit: "week", Anchor: day("2026-01-05"), Months: months(time.April)}, "2026-04-20", nil, "2026-04-27 2027-04-01 04-05 04-12 04-19"},
		{"weekends do not matter if they need not", Rule{Every: 1, Unit: "day", Anchor: day("2026-03-13"), Shift: ShiftNone}, "", nil, "2026-03-13 03-14 03-15 03-16 03-17"},
		{"a weekend moves to Monday", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-31"), Shift: ShiftAfter}, "", nil, "2026-02-02 03-02 03-31 04-30 06-01"},
		{"a weekend moves to Friday", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-31"), Shift: ShiftBefore}, "", nil, "2026-01-30 02-27 03-31 04-30 05-29"},
		{"three that fall on one day are one", Rule{Every: 1, Unit: "day", Anchor: day("2026-03-13"), Shift: ShiftAfter}, "", nil, "2026-03-13 03-16 03-17 03-18 03-19"},
		{
			"holidays in a row",
			Rule{Every: 1, Unit: "year", Anchor: day("2026-12-25"), Shift: ShiftAfter},
			"",
			[]string{"2026-12-25", "2026-12-28", "2026-12-29", "2027-12-25", "2027-12-27"},
			"2026-12-30 2027-12-28 2028-12-25 2029-12-25 2030-12-25",
		},
		{
			"holidays in a row, before",
			Rule{Every: 1, Unit: "year", Anchor: day("2026-12-28"), Shift: ShiftBefore},
			"",
			[]string{"2026-12-25", "2026-12-28"},
			"2026-12-24 2027-12-28 2028-12-28 2029-12-28 2030-12-27",
		},
		{"a holiday does not push it out of the season", Rule{Every: 1, Unit: "year", Anchor: day("2026-10-31"), Months: months(time.October), Shift: ShiftAfter}, "", nil, "2026-10-30 2027-10-29 2028-10-31 2029-10-31 2030-10-31"},
		{"from completion, done on the day", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-31"), FromCompletion: true}, "", nil, "2026-01-31 02-28 03-28 04-28 05-28"},
		{"nothing without a calendar", Rule{MeterEvery: 100, Anchor: day("2026-01-31")}, "", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var after Day
			if tt.after != "" {
				after = day(tt.after)
			}
			var off []Day
			for _, d := range tt.off {
				off = append(off, day(d))
			}
			if got := shownDays(tt.rule.Upcoming(NewHolidays(off...), after, 5)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestDayOf(t *testing.T) {
	t.Parallel()
	// In these zones clocks go from 23:59 to 01:00: the day has no midnight.
	for zone, moment := range map[string]string{"America/Santiago": "2026-09-06T04:30:00Z", "Africa/Cairo": "2026-04-23T23:30:00Z", "Asia/Beirut": "2026-03-28T23:00:00Z"} {
		at, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		d := DayOf(at, loc)
		if d.Location() != time.UTC || d.Hour() != 0 || d.Format("02 Jan") != at.In(loc).Format("02 Jan") {
			t.Errorf("%s: %s is on %s", zone, at.In(loc), d)
		}
		if yesterday := DayOf(at.Add(-3*time.Hour), loc); daysBetween(yesterday, d) != 1 {
			t.Errorf("%s: from %s to %s", zone, yesterday, d)
		}
		if next := (Rule{Every: 1, Unit: "day", Anchor: d.AddDate(0, 0, -1)}).Upcoming(nil, Day{}, 3); shownDays(next) != shownDays([]Day{d.AddDate(0, 0, -1), d, d.AddDate(0, 0, 1)}) {
			t.Errorf("%s: daily around the night: %s", zone, shownDays(next))
		}
	}
}

func TestAfterDone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule Rule
		done string
		want string
	}{
		{Rule{Every: 1, Unit: "month"}, "2026-01-31", "2026-02-28"},
		{Rule{Every: 1, Unit: "year"}, "2028-02-29", "2029-02-28"},
		{Rule{Every: 90, Unit: "day", Shift: ShiftAfter}, "2026-03-02", "2026-06-01"},                                          // 31 May is a Sunday
		{Rule{Every: 1, Unit: "day", Shift: ShiftBefore}, "2026-03-13", "2026-03-16"},                                          // not Friday again
		{Rule{Every: 2, Unit: "month", Months: months(time.June)}, "2026-06-20", "2027-06-01"},                                 // the next season
		{Rule{Every: 1, Unit: "week", Months: months(time.January, time.December)}, "2026-01-28", "2026-12-01"},                // over the year
		{Rule{Every: 1, Unit: "week", Shift: ShiftBefore, Months: months(time.March)}, "2026-02-20", "2026-03-02"},             // 1 March is a Sunday, and February is out
		{Rule{Every: 26, Unit: "week", Shift: ShiftAfter, Anchor: day("1999-01-01")}, "2026-03-10", "2026-09-08"},              // whatever the anchor
		{Rule{Every: 1, Unit: "day", Shift: ShiftAfter, Anchor: day("1999-01-01")}, "2026-12-24", "2026-12-28"},                // 25 December is a holiday
		{Rule{Every: 1, Unit: "month", Shift: ShiftBefore, Months: months(time.December)}, "2026-11-25", "2026-12-24"},         // the same, before
		{Rule{Every: 1, Unit: "month", Shift: ShiftBefore, Months: months(time.September)}, "2026-09-30", "2027-09-01"},        // seasons do not wait
		{Rule{Every: 3, Unit: "month", Shift: ShiftNone, Months: months(time.February, time.May)}, "2026-05-31", "2027-02-01"}, // nothing in between
	}
	for _, tt := range tests {
		got, ok := tt.rule.AfterDone(NewHolidays(day("2026-12-25")), day(tt.done))
		if !ok || got.Due != day(tt.want) {
			t.Errorf("%+v done on %s: due on %s, want %s", tt.rule, tt.done, got.Due.Format(dayKey), tt.want)
		}
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	monthly := Rule{Every: 1, Unit: "month", Anchor: day("2026-01-10")}
	pages := Rule{MeterEvery: 1000, AnchorMeter: 4000}
	tests := []struct {
		name string
		rule Rule
		h    History
		want string // day key, the meter, and what was missed
	}{
		{"the first one", monthly, History{Since: day("2026-01-01"), Today: day("2026-01-02")}, "2026-01-10 2026-01-10 0 []"},
		{"it waits to be done", monthly, History{Since: day("2026-01-01"), Today: day("2026-01-30")}, "2026-01-10 2026-01-10 0 []"},
		{"done early", monthly, History{Settled: day("2026-01-10"), Done: day("2026-01-07"), Today: day("2026-01-07")}, "2026-02-10 2026-02-10 0 []"},
		{"done late", monthly, History{Settled: day("2026-01-10"), Done: day("2026-02-04"), Today: day("2026-02-04")}, "2026-02-10 2026-02-10 0 []"},
		{"done so late that it covers the next", monthly, History{Settled: day("2026-01-10"), Done: day("2026-02-11"), Today: day("2026-02-11")}, "2026-03-10 2026-03-10 0 [2026-02-10]"},
		{"down for months: one is due, the others are missed", monthly, History{Settled: day("2026-01-10"), Done: day("2026-01-10"), Today: day("2026-04-15")}, "2026-04-10 2026-04-10 0 [2026-02-10 03-10]"},
		{"skipped", monthly, History{Settled: day("2026-02-10"), Done: day("2026-01-10"), Today: day("2026-02-12")}, "2026-03-10 2026-03-10 0 []"},
		{"what was before the plan is not missed", monthly, History{Since: day("2026-06-01"), Today: day("2026-06-01")}, "2026-06-10 2026-06-10 0 []"},
		{"from completion", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-10"), FromCompletion: true}, History{Done: day("2026-02-04"), Today: day("2026-09-01")}, "2026-03-04 2026-03-04 0 []"},
		{"from completion, never done", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-10"), FromCompletion: true}, History{Since: day("2026-06-01"), Today: day("2026-06-01")}, "2026-01-10 2026-01-10 0 []"},
		{"from completion, skipped after it was done", Rule{Every: 1, Unit: "month", Anchor: day("2026-01-10"), FromCompletion: true}, History{Done: day("2026-02-04"), Settled: day("2026-03-04"), Today: day("2026-03-05")}, "2026-04-04 2026-04-04 0 []"},
		{"a meter without readings", pages, History{Today: day("2026-01-10")}, "never  5000 []"},
		{"a meter with one reading", pages, History{Readings: readings("2026-01-10 4200"), Today: day("2026-01-10")}, "never  5000 []"},
		{"a meter that is estimated", pages, History{Readings: readings("2026-01-11 4200", "2026-01-01 4100"), Today: day("2026-01-11")}, "2026-04-01 m5000 5000 []"},
		{"a meter that got there", pages, History{Readings: readings("2026-01-20 5300", "2026-01-15 5000", "2026-01-10 4200"), Today: day("2026-02-01")}, "2026-01-15 m5000 5000 []"},
		{"done a little early", pages, History{SettledM: ptr(5000), DoneMeter: ptr(4950), Readings: readings("2026-01-20 4950"), Today: day("2026-02-01")}, "never  6000 []"},
		{"done two multiples late", pages, History{SettledM: ptr(5000), DoneMeter: ptr(6400), Readings: readings("2026-01-20 6400"), Today: day("2026-02-01")}, "never  7000 []"},
		{"counted from completion", Rule{MeterEvery: 1000, AnchorMeter: 4000, FromCompletion: true}, History{SettledM: ptr(5000), DoneMeter: ptr(5130), Today: day("2026-02-01")}, "never  6130 []"},
		{"a meter that was replaced", pages, History{Readings: readings("2026-01-15 5000"), Replaced: 2, Today: day("2026-02-01")}, "2026-01-15 m5000r2 5000 []"},
		{
			"the meter is first",
			Rule{Every: 1, Unit: "year", Anchor: day("2026-06-01"), MeterEvery: 1000},
			History{Readings: readings("2026-01-11 200", "2026-01-01 100"), Today: day("2026-01-11")},
			"2026-04-01 m1000 1000 []",
		},
		{
			"the calendar is first",
			Rule{Every: 1, Unit: "year", Anchor: day("2026-03-01"), MeterEvery: 1000},
			History{Readings: readings("2026-01-11 200", "2026-01-01 100"), Today: day("2026-01-11")},
			"2026-03-01 2026-03-01 1000 []",
		},
		{
			"done for the meter, and the calendar would have asked already",
			Rule{Every: 1, Unit: "year", Anchor: day("2026-03-01"), MeterEvery: 1000},
			History{Done: day("2026-02-20"), DoneMeter: ptr(1000), SettledM: ptr(1000), ByMeter: true, Lead: 14, Today: day("2026-02-20")},
			"2027-03-01 2027-03-01 2000 []",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			due := tt.rule.Due(tt.h)
			on := "never"
			if !due.On.IsZero() {
				on = due.On.Format(dayKey)
			}
			missed := make([]Day, len(due.Missed))
			for i, o := range due.Missed {
				missed[i] = o.Key
			}
			if got := fmt.Sprintf("%s %s %d [%s]", on, due.Key, due.Meter, shownDays(missed)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func ptr(n int64) *int64 { return &n }

// readings are written "2026-01-31 1200", the newest first.
func readings(lines ...string) []MeterReading {
	all := make([]MeterReading, len(lines))
	for i, line := range lines {
		on, value, _ := strings.Cut(line, " ")
		all[i].On = day(on)
		if _, err := fmt.Sscan(value, &all[i].Value); err != nil {
			panic(err)
		}
	}
	return all
}

func TestRate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		readings []MeterReading
		want     string
	}{
		{"none", nil, "unknown"},
		{"one", readings("2026-01-31 1200"), "unknown"},
		{"two", readings("2026-01-31 1300", "2026-01-21 1200"), "10"},
		{"many: the first and the last of ninety days", readings("2026-04-01 2000", "2026-03-15 1100", "2026-01-01 1100", "2025-12-01 1000"), "10"},
		{"only older ones", readings("2026-12-31 2095", "2026-01-01 275"), "5"},
		{"equal ones", readings("2026-01-31 1200", "2026-01-21 1200"), "0"},
		{"two of one day", readings("2026-01-31 1300", "2026-01-31 1200"), "unknown"},
		{"two of one day after a long rest", readings("2026-12-31 1365", "2026-12-31 1200", "2025-12-31 1000"), "1"},
	}
	for _, tt := range tests {
		rate, ok := Rate(tt.readings)
		got := fmt.Sprint(rate)
		if !ok {
			got = "unknown"
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	for _, never := range [][]MeterReading{readings("2026-01-31 1200", "2026-01-21 1200"), readings("2026-01-31 1", "2025-01-31 0")} {
		if on, ok := Reaches(1<<62, never); ok {
			t.Errorf("%v will show 2^62 on %s", never, on)
		}
	}
}

// FuzzSeries checks that each due date is later than the one before, that the series never drifts from its anchor, and that it
// is the same from wherever one begins to look.
func FuzzSeries(f *testing.F) {
	f.Add(1, 2, 31, 0, 1, 0)
	f.Add(1, 0, 5, 0b1100_0000_0011, 2, 0x5a5a)
	f.Add(12, 2, 59, 1, 1, 0xffff)
	f.Add(7, 0, 400, 0, 0, 1)
	f.Add(1, 3, 789, 4, 2, 3)
	f.Fuzz(func(t *testing.T, every, unit, start, season, shift, rest int) {
		units, shifts := []string{"day", "week", "month", "year"}, []string{ShiftNone, ShiftBefore, ShiftAfter}
		r := Rule{Every: 1 + abs(every)%500, Unit: units[abs(unit)%4], Shift: shifts[abs(shift)%3], Anchor: day("2024-01-01").AddDate(0, 0, abs(start)%3000)}
		h := Holidays{}
		for i := range 32 {
			if rest&(1<<i) != 0 {
				h[r.Anchor.AddDate(0, 0, i-4).Unix()] = true
			}
		}
		for m := range 12 {
			if season&(1<<m) != 0 {
				r.Months = append(r.Months, time.Month(m+1))
			}
		}
		checkSeries(t, r, h)
	})
}

func abs(n int) int { return max(n, -(n + 1)) }

func checkSeries(t *testing.T, r Rule, h Holidays) {
	t.Helper()
	all := r.Occurrences(h, Day{}, r.Anchor.AddDate(3, 0, 0))
	if len(all) == 0 && r.Unit != "year" && r.Every < 30 {
		t.Fatalf("%+v never comes", r)
	}
	n := 0
	for i, o := range all {
		if i > 0 && (!o.Due.After(all[i-1].Due) || !o.Key.After(all[i-1].Key)) {
			t.Fatalf("%+v: after %v comes %v", r, all[i-1], o)
		}
		if next, ok := r.Next(h, o.Key.AddDate(0, 0, -1)); !ok || next != o {
			t.Fatalf("%+v: looked for from the day before, %v is %v", r, o, next)
		}
		for !r.inSeason(r.nth(n)).Equal(o.Key) { // every key is that of some n-th from the anchor, in order
			if n++; r.nth(n).After(o.Key) {
				t.Fatalf("%+v: %v is no day of the series", r, o)
			}
		}
		checkShift(t, r, h, o)
		done, ok := r.AfterDone(h, o.Due)
		if !ok || !done.Due.After(o.Due) {
			t.Fatalf("%+v: done on %s it is due on %s", r, o.Due, done.Due)
		}
	}
	for n := range 40 { // no drift: months keep the anchor's day or end early, days and weeks keep their distance
		d := r.nth(n)
		switch r.Unit {
		case "day":
			if daysBetween(r.Anchor, d) != n*r.Every {
				t.Fatalf("%+v: the %d-th is on %s", r, n, d)
			}
		case "month", "year":
			if d.Day() != r.Anchor.Day() && (d.AddDate(0, 0, 1).Day() != 1 || d.Day() > r.Anchor.Day()) {
				t.Fatalf("%+v: the %d-th is on %s", r, n, d)
			}
		}
	}
}

// checkShift checks that a due date is on a working day if it shall be, and near what it stands for.
func checkShift(t *testing.T, r Rule, h Holidays, o Occurrence) {
	t.Helper()
	if r.Shift == ShiftNone {
		if o.Due != o.Key {
			t.Fatalf("%+v: %v moved", r, o)
		}
		return
	}
	if h.off(o.Due) {
		t.Fatalf("%+v: %v is on a day on which nobody works", r, o)
	}
	if d := daysBetween(o.Key, o.Due); d > 40 || d < -40 {
		t.Fatalf("%+v: %v moved far", r, o)
	}
}
