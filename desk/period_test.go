package desk

import (
	"strings"
	"testing"
	"time"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	check := func(zone, now, word, from, after string) {
		t.Helper()
		in := zoneNamed(t, zone)
		first, end, err := Filter{From: word, To: word}.Period(utc(t, now), in)
		if err != nil {
			t.Errorf("%s: %v", word, err)
			return
		}
		const day = "2006-01-02"
		if first.Format(day) != from || end.Format(day) != after {
			t.Errorf("%s at %s: %s to %s, want %s to %s", word, now, first.Format(day), end.Format(day), from, after)
		}
		for _, at := range []*time.Time{first, end} {
			if at.Hour() != 0 || at.Minute() != 0 || at.Location() != in {
				t.Errorf("%s at %s: %s is not a midnight in %s", word, now, at, zone)
			}
		}
	}
	const tuesday = "2026-03-10T09:30"
	check("UTC", tuesday, "today", "2026-03-10", "2026-03-11")
	check("UTC", tuesday, "yesterday", "2026-03-09", "2026-03-10")
	check("UTC", tuesday, "tomorrow", "2026-03-11", "2026-03-12")
	check("UTC", tuesday, "this-week", "2026-03-09", "2026-03-16")
	check("UTC", tuesday, "Last Week", "2026-03-02", "2026-03-09")
	check("UTC", tuesday, "this_month", "2026-03-01", "2026-04-01")
	check("UTC", tuesday, "last-month", "2026-02-01", "2026-03-01")
	check("UTC", tuesday, "this-year", "2026-01-01", "2027-01-01")
	check("UTC", tuesday, "last-year", "2025-01-01", "2026-01-01")
	check("UTC", tuesday, "tuesday", "2026-03-10", "2026-03-11")
	check("UTC", tuesday, "wednesday", "2026-03-04", "2026-03-05")
	check("UTC", tuesday, "Monday", "2026-03-09", "2026-03-10")
	check("UTC", tuesday, "0d", "2026-03-10", "2026-03-11")
	check("UTC", tuesday, "30d", "2026-02-08", "2026-02-09")
	check("UTC", tuesday, "2026-01-31", "2026-01-31", "2026-02-01")
	check("UTC", tuesday, "2026-02", "2026-02-01", "2026-03-01")
	check("UTC", tuesday, "2024", "2024-01-01", "2025-01-01")
	check("UTC", "2026-03-31T12:00", "last-month", "2026-02-01", "2026-03-01") // 31 February is not in March
	check("UTC", "2026-01-15T12:00", "last-month", "2025-12-01", "2026-01-01")
	check("UTC", "2026-12-15T12:00", "this-month", "2026-12-01", "2027-01-01")
	check("UTC", "2028-03-01T12:00", "yesterday", "2028-02-29", "2028-03-01")
	check("UTC", tuesday, "2028-02-29", "2028-02-29", "2028-03-01")
	check("UTC", "2026-03-15T12:00", "this-week", "2026-03-09", "2026-03-16") // a Sunday ends its week
	check("Europe/London", "2026-03-29T12:00", "today", "2026-03-29", "2026-03-30")
	check("Europe/London", "2026-06-30T23:30", "today", "2026-07-01", "2026-07-02")
	check("Europe/London", "2026-06-30T23:30", "last-month", "2026-06-01", "2026-07-01")
	check("America/New_York", "2026-01-01T03:00", "this-year", "2025-01-01", "2026-01-01")
	check("Pacific/Auckland", "2026-12-31T12:00", "this-year", "2027-01-01", "2028-01-01")
}

func TestPeriodLengths(t *testing.T) {
	t.Parallel()
	london := zoneNamed(t, "Europe/London")
	for day, hours := range map[string]float64{"2026-03-29": 23, "2026-10-25": 25, "2026-03-28": 24} {
		first, after, err := Filter{From: day, To: day}.Period(pickNow, london)
		if err != nil || after.Sub(*first).Hours() != hours {
			t.Errorf("%s has %v hours, want %v (%v)", day, after.Sub(*first).Hours(), hours, err)
		}
	}
}

func TestPeriodSides(t *testing.T) {
	t.Parallel()
	from, to, err := Filter{From: "2026-01-01"}.Period(pickNow, time.UTC)
	if err != nil || from == nil || to != nil {
		t.Errorf("only from: %v to %v, %v", from, to, err)
	}
	from, to, err = Filter{To: "2026-01-01"}.Period(pickNow, time.UTC)
	if err != nil || from != nil || to == nil {
		t.Errorf("only to: %v to %v, %v", from, to, err)
	}
	if from, to, err = (Filter{}).Period(pickNow, time.UTC); err != nil || from != nil || to != nil {
		t.Errorf("neither: %v to %v, %v", from, to, err)
	}
}

func TestPeriodRefuses(t *testing.T) {
	t.Parallel()
	for word, says := range map[string]string{
		"2026-02-30": "exists", "2026-02-29": "exists", "2026-13": "exists", "2026-00-10": "exists", "2026-4-31": "exists", "31.12.2026": "exists",
		"next-week": "exists", "12345d": "exists", "-3d": "exists", "1969": "too far", "2201-01-01": "too far", "0000": "too far",
		strings.Repeat("9", 300): "exists",
	} {
		_, _, err := Filter{From: word}.Period(pickNow, time.UTC)
		if CodeOf(err) != Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20s: %v", word, err)
		}
	}
	_, _, err := Filter{From: "2026-02-01", To: "2026-01-31"}.Period(pickNow, time.UTC)
	if CodeOf(err) != Invalid || !strings.Contains(err.Error(), "Swap them") {
		t.Errorf("swapped: %v", err)
	}
	if _, _, err := (Filter{From: "2026-01-31", To: "2026-01-31"}).Period(pickNow, time.UTC); err != nil {
		t.Errorf("one day: %v", err)
	}
}
