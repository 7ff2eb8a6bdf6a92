package desk

import (
	"slices"
	"strings"
	"testing"
)

func TestParseHours(t *testing.T) {
	t.Parallel()
	check := func(typed, want string) {
		t.Helper()
		hours, err := ParseHours(typed)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			return
		}
		if got := HoursText(hours); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
		if again, err := ParseHours(HoursText(hours)); err != nil || !slices.Equal(again, hours) {
			t.Errorf("%q: its own text is read as %v, %v", typed, again, err)
		}
	}
	check("mon-fri 8:00-17:00, sat 9-12", "Mon-Fri 08:00-17:00, Sat 09:00-12:00")
	check("Mon–Fri 8.00 – 17h", "Mon-Fri 08:00-17:00")
	check("monday to friday 8am to 5pm", "Mon-Fri 08:00-17:00")
	check("weekdays 8-12 13-17", "Mon-Fri 08:00-12:00 13:00-17:00")
	check("sat 9-12, 14-16", "Sat 09:00-12:00 14:00-16:00")
	check("mon, wed and fri 8 - 12; tue 13:30-17:45", "Mon 08:00-12:00, Tue 13:30-17:45, Wed 08:00-12:00, Fri 08:00-12:00")
	check("daily 0-24", "Mon-Sun 00:00-24:00")
	check("every day all day", "Mon-Sun 00:00-24:00")
	check("weekend 24h", "Sat Sun 00:00-24:00")
	check("fri 22-6", "Fri 22:00-24:00, Sat 00:00-06:00")
	check("sun 10pm-6am", "Mon 00:00-06:00, Sun 22:00-24:00")
	check("mon-fri 17-8", "Mon 17:00-24:00, Tue-Fri 00:00-08:00 17:00-24:00, Sat 00:00-08:00")
	check("sat-mon 9-10", "Mon 09:00-10:00, Sat Sun 09:00-10:00")
	check("mon 8-10, mon 10-12, mon 11-13", "Mon 08:00-13:00")
	check("mon: 8-noon\nthurs: noon-4pm", "Mon 08:00-12:00, Thu 12:00-16:00")
	check("", "")
	check("none", "")

	wrong := func(typed, says string) {
		t.Helper()
		if hours, err := ParseHours(typed); CodeOf(err) != Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, %v", typed, hours, err)
		}
	}
	wrong("8-17", "On which days")
	wrong("mon-fri", "no times for “mon-fri”")
	wrong("mon 8-17, tue", "no times for “tue”")
	wrong("satt 9-12", "“satt” is neither a day")
	wrong("mon 9-5", "Did you mean 09:00-17:00")
	wrong("mon 8-25", "“8-25” is no time span")
	wrong("mon 8-8", "no time at all")
	wrong("mon 8", "“8” is neither")
	wrong(strings.Repeat("mon 8-9 ", 100), "at most 500")
}

func FuzzParseHours(f *testing.F) {
	for _, seed := range []string{"mon-fri 8:00-17:00, sat 9-12", "fri 22-6", "every day all day", "mo tu 8am to 5 pm; 18-20"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		hours, err := ParseHours(typed)
		if err != nil {
			return
		}
		for _, h := range hours {
			if h.Starts < 0 || h.Starts >= h.Ends || h.Ends > 24*60 {
				t.Fatalf("%q became %+v", typed, h)
			}
		}
		if again, err := ParseHours(HoursText(hours)); err != nil || !slices.Equal(again, hours) {
			t.Fatalf("%q: %q is read as %v, %v", typed, HoursText(hours), again, err)
		}
	})
}

func TestHoursByDay(t *testing.T) {
	t.Parallel()
	hours, err := ParseHours("mon-tue 8-12 13-17, sat 9-12")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(HoursByDay(hours), "\n")
	if want := "Mon 08:00–12:00, 13:00–17:00\nTue 08:00–12:00, 13:00–17:00\nSat 09:00–12:00"; got != want {
		t.Errorf("got %q", got)
	}
}

func TestParseWhen(t *testing.T) {
	t.Parallel()
	berlin := zoneNamed(t, "Europe/Berlin")
	now := "2026-03-10T08:30" // a Tuesday, 9:30 there
	check := func(typed, from, to string) {
		t.Helper()
		w, err := ParseWhen(typed, utc(t, now), berlin)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			return
		}
		gotTo := "-"
		if w.To != nil {
			gotTo = w.To.In(berlin).Format("01-02 15:04")
		}
		if got := w.From.In(berlin).Format("01-02 15:04"); got != from || gotTo != to {
			t.Errorf("%q: got %s to %s, want %s to %s", typed, got, gotTo, from, to)
		}
	}
	check("", "03-10 09:30", "-")
	check("until 17:00", "03-10 09:30", "03-10 17:00")
	check("until 8", "03-10 09:30", "03-11 08:00")
	check("until friday", "03-10 09:30", "03-13 00:00")
	check("until fri 14:00", "03-10 09:30", "03-13 14:00")
	check("friday", "03-13 00:00", "03-14 00:00")
	check("on Friday", "03-13 00:00", "03-14 00:00")
	check("tuesday", "03-10 09:30", "03-11 00:00") // the rest of today
	check("next tuesday", "03-17 00:00", "03-18 00:00")
	check("today", "03-10 09:30", "03-11 00:00")
	check("tomorrow", "03-11 00:00", "03-12 00:00")
	check("tomorrow 9-13", "03-11 09:00", "03-11 13:00")
	check("sat 9-13", "03-14 09:00", "03-14 13:00")
	check("Sat from 9am to 1 pm", "03-14 09:00", "03-14 13:00")
	check("fri 22-6", "03-13 22:00", "03-14 06:00")
	check("fri 14:00", "03-13 14:00", "03-14 00:00")
	check("fri until 14:00", "03-13 00:00", "03-13 14:00")
	check("sat 9 until 13", "03-14 09:00", "03-14 13:00")
	check("14-16", "03-10 14:00", "03-10 16:00")
	check("7-9", "03-11 07:00", "03-11 09:00")
	check("8-12", "03-10 09:30", "03-10 12:00")
	check("fri-mon", "03-13 00:00", "03-17 00:00")
	check("fri to mon", "03-13 00:00", "03-17 00:00")
	check("24 mar", "03-24 00:00", "03-25 00:00")
	check("mar 24th 10-12", "03-24 10:00", "03-24 12:00")
	check("2026-03-24", "03-24 00:00", "03-25 00:00")
	check("2026-03-24..2026-03-26", "03-24 00:00", "03-27 00:00")
	check("2026-03-24 – 2026-03-26", "03-24 00:00", "03-27 00:00")
	check("2026-03-29", "03-29 00:00", "03-30 00:00") // 23 hours
	check("2026-03-29 1:30-4:00", "03-29 01:30", "03-29 04:00")

	wrong := func(typed, says string) {
		t.Helper()
		if w, err := ParseWhen(typed, utc(t, now), berlin); CodeOf(err) != Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, %v", typed, w, err)
		}
	}
	wrong("until", "Until when?")
	wrong("until 25:00", "“25:00” is not a time of day")
	wrong("25:00", "“25:00” is not a time of day")
	wrong("someday", "not a time I understand")
	wrong("friday afternoon", "not a time I understand")
	wrong("sat 9-13 please", "not a time I understand")
	wrong("2026-02-31", "not a time I understand")
	wrong("2026-03-01", "is over already")
	wrong("2026-03-24..2026-03-20", "ends before it begins")
	wrong("2031-01-01", "too far ahead")
	wrong("31 feb", "not a time I understand")
}

func FuzzParseWhen(f *testing.F) {
	for _, seed := range []string{"until fri 14:00", "2026-03-24..2026-03-26 9-13", "next tue", "31 dec", "fri-mon 22-6"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		now := utc(t, "2026-03-10T08:30")
		w, err := ParseWhen(typed, now, zoneNamed(t, "America/New_York"))
		if err == nil && (w.From.Before(now) || w.To != nil && !w.To.After(w.From)) {
			t.Fatalf("%q became %v to %v", typed, w.From, w.To)
		}
	})
}

func TestParseMoment(t *testing.T) {
	t.Parallel()
	now := utc(t, "2026-03-10T09:30")
	check := func(typed, want string) {
		t.Helper()
		got, err := ParseMoment(typed, now, zoneNamed(t, "Europe/London"))
		if err != nil || got.Format("01-02 15:04") != want {
			t.Errorf("%q: got %v, %v", typed, got, err)
		}
	}
	check("", "03-10 09:30")
	check("now", "03-10 09:30")
	check("friday 14:00", "03-13 14:00")
	check("friday", "03-13 09:30")
	check("14:00", "03-10 14:00")
	check("tomorrow 8am", "03-11 08:00")
}
