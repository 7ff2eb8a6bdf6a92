package reports

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func TestUnitFor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, to time.Time
		want     Unit
	}{
		{date(2026, 1, 1), date(2026, 1, 2), Day},
		{date(2026, 1, 1), date(2026, 2, 1), Day},
		{date(2026, 1, 1), date(2026, 3, 1), Week},
		{date(2026, 1, 1), date(2026, 7, 1), Week},
		{date(2026, 7, 1), date(2027, 1, 1), Week},
		{date(2026, 1, 1), date(2027, 1, 1), Month},
		{date(2024, 1, 1), date(2026, 1, 1), Month},
		{date(2020, 1, 1), date(2024, 1, 1), Quarter},
		{date(2000, 1, 1), date(2026, 1, 1), Year},
	} {
		if got := UnitFor(test.from, test.to); got != test.want {
			t.Errorf("%s to %s: %s, want %s", test.from.Format(time.DateOnly), test.to.Format(time.DateOnly), got, test.want)
		}
	}
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	check := func(name string, u Unit, from, to time.Time, want ...string) {
		t.Helper()
		var got []string
		for _, b := range Buckets(u, from, to) {
			got = append(got, b.Label)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	check("days", Day, date(2026, 2, 27), date(2026, 3, 2), "27 Feb", "28 Feb", "1 Mar")
	check("weeks begin on Monday, the first with the period", Week, date(2026, 1, 1), date(2026, 1, 13), "1 Jan", "5 Jan", "12 Jan")
	check("months", Month, date(2025, 12, 5), date(2026, 2, 1), "Dec 25", "Jan 26")
	check("quarters", Quarter, date(2025, 11, 5), date(2026, 5, 1), "Q4 25", "Q1 26", "Q2 26")
	check("years", Year, date(2025, 11, 5), date(2026, 5, 1), "2025", "2026")
	check("an empty period", Day, date(2026, 1, 1), date(2026, 1, 1))
}

func TestBucketsOverClockChange(t *testing.T) {
	t.Parallel()
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Skip("no time zone database")
	}
	from := time.Date(2026, 3, 28, 0, 0, 0, 0, madrid)
	buckets := Buckets(Day, from, time.Date(2026, 3, 31, 0, 0, 0, 0, madrid))
	if len(buckets) != 3 {
		t.Fatalf("%d days, want 3", len(buckets))
	}
	late := time.Date(2026, 3, 29, 23, 30, 0, 0, madrid).UTC()
	if b := FindBucket(buckets, Day, late); b == nil || b.Label != "29 Mar" {
		t.Errorf("half an hour before midnight belongs to %v", b)
	}
	if b := FindBucket(buckets, Day, from.AddDate(0, 0, -1)); b != nil {
		t.Errorf("the day before belongs to %v", b)
	}
}

func TestPeriodName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, to time.Time
		want     string
	}{
		{date(2026, 1, 1), date(2026, 1, 2), "1 January 2026"},
		{date(2026, 1, 5), date(2026, 1, 12), "5 – 11 January 2026"},
		{date(2026, 2, 1), date(2026, 3, 1), "February 2026"},
		{date(2026, 1, 1), date(2026, 7, 1), "1 January – 30 June 2026"},
		{date(2025, 12, 1), date(2026, 2, 1), "1 December 2025 – 31 January 2026"},
		{date(2025, 1, 1), date(2026, 1, 1), "2025"},
		{date(2026, 1, 1), date(2026, 1, 1), "1 January 2026"},
	} {
		if got := PeriodName(test.from, test.to); got != test.want {
			t.Errorf("%s to %s: %q, want %q", test.from, test.to, got, test.want)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for duration, want := range map[time.Duration]string{
		0: "under 1 min", 20 * time.Second: "under 1 min", 45 * time.Minute: "45 min", time.Hour: "1 h",
		130 * time.Minute: "2 h 10 min", 59*time.Minute + 50*time.Second: "1 h", 28 * time.Hour: "1 day 4 h",
		72 * time.Hour: "3 days", 77 * time.Hour: "3 days 5 h", 12*24*time.Hour + time.Hour: "12 days", -time.Hour: "–",
	} {
		if got := Span(duration); got != want {
			t.Errorf("%s: %q, want %q", duration, got, want)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if Median(nil) != nil {
		t.Error("a median of nothing")
	}
	odd := []time.Duration{9, 1, 5}
	if got := *Median(odd); got != 5 {
		t.Errorf("median of three is %d, want 5", got)
	}
	if odd[0] != 9 {
		t.Error("the durations were moved")
	}
	if got := *Median([]time.Duration{1, 10, 4, 2}); got != 3 {
		t.Errorf("median of four is %d, want 3", got)
	}
}

func TestTicks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		top  float64
		want []float64
	}{
		{0, []float64{0, 1}},
		{1, []float64{0, 1}},
		{3, []float64{0, 1, 2, 3}},
		{17, []float64{0, 5, 10, 15, 20}},
		{100, []float64{0, 50, 100}},
		{0.4, []float64{0, 0.1, 0.2, 0.30000000000000004, 0.4}},
	} {
		if diff := cmp.Diff(test.want, ticks(test.top)); diff != "" {
			t.Errorf("top %v:\n%s", test.top, diff)
		}
	}
}

func TestChartForChat(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a very long name ", 10)
	chart := Chart{Title: long, Ranked: true}
	for n := range 15 {
		chart.Series = append(chart.Series, Series{Name: long, Values: make([]float64, 30)})
		for i := range 30 {
			chart.Series[n].Values[i] = float64(i + n)
		}
	}
	for range 30 {
		chart.Categories = append(chart.Categories, long)
	}
	for _, ranked := range []bool{true, false} {
		chart.Ranked = ranked
		small := chart.ForChat()
		checkChatLimits(t, small)
		if got, want := sum(small), sum(chart); got != want {
			t.Errorf("ranked %v: the sum became %v, was %v", ranked, got, want)
		}
	}
	if got := len(chart.Series); got != 15 || chart.Series[0].Name != long {
		t.Error("the chart itself was changed")
	}
}

func checkChatLimits(t *testing.T, c Chart) {
	t.Helper()
	if n := utf8.RuneCountInString(c.Title); n > ChatTitleLength {
		t.Errorf("title of %d characters", n)
	}
	if len(c.Series) > ChatSeries || len(c.Categories) > ChatCategories {
		t.Errorf("%d series, %d categories", len(c.Series), len(c.Categories))
	}
	seen := make(map[string]bool)
	for _, label := range c.Categories {
		if n := utf8.RuneCountInString(label); n > ChatLabelLength || n == 0 || seen[label] {
			t.Errorf("label %q: too long, empty or there twice", label)
		}
		seen[label] = true
	}
	for _, s := range c.Series {
		if n := utf8.RuneCountInString(s.Name); n > ChatLabelLength || n == 0 || len(s.Values) != len(c.Categories) {
			t.Errorf("series %q with %d values", s.Name, len(s.Values))
		}
	}
}

func sum(c Chart) float64 {
	total := 0.0
	for i := range c.Categories {
		total += c.total(i)
	}
	return total
}

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	r := Report{Table: Table{
		Columns: []Column{{Title: "=name", Width: 1}, {Title: "hidden"}},
		Rows: rowsOf([]string{"=1+1", "+34 600"}, []string{"-5", "@me"}, []string{"\tx", "\rx"}, []string{"a,\"b\"", "Łódź\nzwei"},
			[]string{"short"}, []string{"1=1", "three", "one too many"}),
	}}
	var out bytes.Buffer
	if err := WriteCSV(context.Background(), &out, r, CSVOptions{ByteOrderMark: true}); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(out.String(), "\uFEFF")
	if !ok {
		t.Error("no byte order mark")
	}
	got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"'=name", "hidden"},
		{"'=1+1", "'+34 600"},
		{"'-5", "'@me"},
		{"'\tx", "'\rx"},
		{"a,\"b\"", "Łódź\nzwei"},
		{"short", ""},
		{"1=1", "three"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCallsReport(t *testing.T) {
	t.Parallel()
	r := Calls(sampleInput(60))
	want := "Calls, 1 January – 30 June 2026\nStatus: any\nTerritory: North\nOpened: 60 (in this period)\n" +
		"Closed: 53 (88 % of opened)\nStill pending: 7 (12 % of opened)\n" +
		"Median time to accept: 21 min (from opened to accepted)\nMedian time to close: 23 h 30 min (from opened to closed)"
	if diff := cmp.Diff(want, r.Summary()); diff != "" {
		t.Error(diff)
	}
	for row, err := range r.Table.Rows {
		if err != nil || len(row) != len(r.Table.Columns) {
			t.Fatalf("row %q has %d cells, error %v", row, len(row), err)
		}
	}
	if one := Calls(CallsInput{Totals: CallTotals{ByTechnician: []Count{{"A", 3}}, ByPriority: []Count{{"low", 3}}}}); one.Charts[1].Title != "Calls by priority" {
		t.Errorf("with one technician the second chart is %q", one.Charts[1].Title)
	}
	if open := Calls(CallsInput{From: date(2026, 1, 1)}); open.Period != "Since 1 January 2026" {
		t.Errorf("an open period is %q", open.Period)
	}
}

func TestShareOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		n, whole int
		want     string
	}{{0, 0, ""}, {0, 9, "0 % of opened"}, {1, 1000, "1 % of opened"}, {999, 1000, "99 % of opened"}, {9, 9, "100 % of opened"}, {3, 2, ""}} {
		if got := shareOf(test.n, test.whole); got != test.want {
			t.Errorf("%d of %d: %q, want %q", test.n, test.whole, got, test.want)
		}
	}
}

func TestThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1 000", -1234567: "-1 234 567"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
