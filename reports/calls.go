package reports

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"
)

// CallsInput is what the report on calls is made of.
type CallsInput struct {
	Company  string
	From, To time.Time // To is not part of the period; a zero time leaves that end open
	Filters  []Filter
	MadeAt   time.Time
	Timezone *time.Location
	Totals   CallTotals
	Rows     iter.Seq2[CallRow, error]
	RowCount int // for progress; 0 when not known
}

// CallRow is one call with the names of what belongs to it.
type CallRow struct {
	Number     int64
	OpenedAt   time.Time
	AcceptedAt *time.Time
	ClosedAt   *time.Time
	Status     string
	Progress   string
	Priority   string
	Customer   string
	Site       string
	Equipment  string
	Technician string
	Summary    string
	Resolution string
}

// CallTotals are the figures over all calls of the report.
type CallTotals struct {
	Opened, Closed, Pending  int
	MedianAccept             *time.Duration // nil when no call was accepted
	MedianClose              *time.Duration // nil when no call was closed
	Unit                     Unit           // of PerPeriod
	PerPeriod                []Bucket
	ByPriority, ByTechnician []Count
}

// Count is how many calls have something in common.
type Count struct {
	Name  string
	Calls int
}

// Calls lays out the report on calls.
func Calls(in CallsInput) Report {
	if in.Timezone == nil {
		in.Timezone = time.UTC
	}
	return Report{
		Company: in.Company, Title: "Calls", Period: callsPeriod(in), Filters: in.Filters,
		MadeAt: in.MadeAt, Timezone: in.Timezone,
		Numbers: callNumbers(in.Totals),
		Charts:  []Chart{callsOverTime(in.Totals), callsByName(in.Totals)},
		Table: Table{
			Columns: callColumns(), Rows: callRows(in.Rows, in.Timezone), Total: in.RowCount,
		},
		Empty: Note{
			Title: "No calls match these filters",
			Hint:  "Try a longer period, or leave a filter out.",
		},
	}
}

func callsPeriod(in CallsInput) string {
	const day = "2 January 2006"
	from, to := in.From.In(in.Timezone), in.To.In(in.Timezone)
	switch {
	case in.From.IsZero() && in.To.IsZero():
		return "All calls so far"
	case in.From.IsZero():
		return "Until " + to.Add(-time.Nanosecond).Format(day)
	case in.To.IsZero():
		return "Since " + from.Format(day)
	}
	return PeriodName(from, to)
}

func callNumbers(t CallTotals) []Number {
	return []Number{
		{Label: "Opened", Value: Thousands(t.Opened), Note: "in this period"},
		{Label: "Closed", Value: Thousands(t.Closed), Note: shareOf(t.Closed, t.Opened)},
		{Label: "Still pending", Value: Thousands(t.Pending), Note: shareOf(t.Pending, t.Opened)},
		{Label: "Median time to accept", Value: medianText(t.MedianAccept), Note: "from opened to accepted"},
		{Label: "Median time to close", Value: medianText(t.MedianClose), Note: "from opened to closed"},
	}
}

func medianText(d *time.Duration) string {
	if d == nil {
		return "–"
	}
	return Span(*d)
}

// shareOf says which part of the whole n is, rounded so that only all of it is 100 %.
func shareOf(n, whole int) string {
	if whole <= 0 || n > whole {
		return ""
	}
	percent := (200*n + whole) / (2 * whole)
	if n < whole {
		percent = min(percent, 99)
	}
	if n > 0 {
		percent = max(percent, 1)
	}
	return strconv.Itoa(percent) + " % of opened"
}

func callsOverTime(t CallTotals) Chart {
	chart := Chart{Kind: ChartBar, Title: "Calls per " + t.Unit.String()}
	opened, closed := Series{Name: "Opened"}, Series{Name: "Closed"}
	for _, b := range t.PerPeriod {
		chart.Categories = append(chart.Categories, b.Label)
		opened.Values = append(opened.Values, float64(b.Opened))
		closed.Values = append(closed.Values, float64(b.Closed))
	}
	chart.Series = []Series{opened, closed}
	return chart
}

// callsByName shows who had the calls, or how urgent they were when there is at most one technician.
func callsByName(t CallTotals) Chart {
	if len(t.ByTechnician) > 1 || len(t.ByPriority) == 0 {
		busiest := slices.SortedStableFunc(slices.Values(t.ByTechnician), func(a, b Count) int {
			return cmp.Compare(b.Calls, a.Calls)
		})
		return ranking("Calls by technician", busiest)
	}
	return ranking("Calls by priority", t.ByPriority)
}

func ranking(title string, counts []Count) Chart {
	chart := Chart{Kind: ChartBar, Title: title, Ranked: true, Series: []Series{{Name: "Calls"}}}
	for _, c := range counts {
		chart.Categories = append(chart.Categories, c.Name)
		chart.Series[0].Values = append(chart.Series[0].Values, float64(c.Calls))
	}
	return chart
}

func callColumns() []Column {
	return []Column{
		{Title: "No.", Width: 5.5, Align: AlignRight},
		{Title: "Opened", Width: 10.4},
		{Title: "Customer", Width: 16},
		{Title: "Site"},
		{Title: "Machine", Width: 14},
		{Title: "Summary", Width: 25.7},
		{Title: "Technician", Width: 11},
		{Title: "Priority"},
		{Title: "Status", Width: 7},
		{Title: "Progress"},
		{Title: "Accepted"},
		{Title: "Closed", Width: 10.4},
		{Title: "Resolution"},
	}
}

// callRows formats one row at a time into the same slice.
func callRows(rows iter.Seq2[CallRow, error], zone *time.Location) iter.Seq2[[]string, error] {
	if rows == nil {
		return nil
	}
	return func(yield func([]string, error) bool) {
		cells := make([]string, len(callColumns()))
		for row, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			cells = append(cells[:0],
				strconv.FormatInt(row.Number, 10), shortTime(&row.OpenedAt, zone), row.Customer, row.Site,
				row.Equipment, row.Summary, row.Technician, row.Priority, row.Status, row.Progress,
				shortTime(row.AcceptedAt, zone), shortTime(row.ClosedAt, zone), row.Resolution)
			if !yield(cells, nil) {
				return
			}
		}
	}
}

// shortTime writes a time so that it sorts, in people's zone.
func shortTime(t *time.Time, zone *time.Location) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04")
}
