package reports

import (
	"iter"
	"strconv"
	"strings"
	"time"
)

// LeadsInput is what the report on leads is made of.
type LeadsInput struct {
	Company  string
	From, To time.Time // To is not part of the period; a zero time leaves that end open
	Filters  []Filter
	MadeAt   time.Time
	Timezone *time.Location
	Totals   LeadTotals
	Rows     iter.Seq2[LeadRow, error]
	RowCount int // for progress; 0 when not known
}

// LeadTotals are the figures over all leads of the report.
type LeadTotals struct {
	Added, Open, Won, Lost int
	DueToday, Overdue      int
	MedianWon              *time.Duration // nil when none was won
	Unit                   Unit           // of PerPeriod
	PerPeriod              []Bucket       // Opened is how many were added
	ByStage, BySource      []Tally
}

// Tally is how many records have something in common.
type Tally struct {
	Name  string
	Count int
}

// LeadRow is one lead with the names of what belongs to it.
type LeadRow struct {
	Number     int64
	AddedAt    time.Time
	Name       string
	Company    string
	Phone      string
	Email      string
	Source     string
	Interest   string
	Stage      string
	Owner      string
	NextAction string
	NextOn     *time.Time
	StageAt    time.Time
	LostReason string
}

// Leads lays out the report on leads.
func Leads(in LeadsInput) Report {
	if in.Timezone == nil {
		in.Timezone = time.UTC
	}
	t := in.Totals
	return Report{
		Company: in.Company, Title: "Leads", Period: periodOf("leads", in.From, in.To, in.Timezone), Filters: in.Filters,
		MadeAt: in.MadeAt, Timezone: in.Timezone,
		Numbers: leadNumbers(t),
		Charts: []Chart{
			overTime("Leads added per "+t.Unit.String(), "Added", t.PerPeriod),
			tallies("Leads by stage", "Leads", t.ByStage), tallies("Leads by source", "Leads", t.BySource),
		},
		Table: Table{Columns: leadColumns(), Rows: leadRows(in.Rows, in.Timezone), Total: in.RowCount},
		Empty: Note{Title: "No leads match these filters", Hint: "Try a longer period, or leave a filter out."},
	}
}

// periodOf names the period of a report; without one it covers everything.
func periodOf(what string, from, to time.Time, zone *time.Location) string {
	const day = "2 January 2006"
	switch {
	case from.IsZero() && to.IsZero():
		return "All " + what + " so far"
	case from.IsZero():
		return "Until " + to.In(zone).Add(-time.Nanosecond).Format(day)
	case to.IsZero():
		return "Since " + from.In(zone).Format(day)
	}
	return PeriodName(from.In(zone), to.In(zone))
}

func leadNumbers(t LeadTotals) []Number {
	return []Number{
		{Label: "Added", Value: Thousands(t.Added), Note: "in this period"},
		{Label: "Still open", Value: Thousands(t.Open), Note: partOf(t.Open, t.Added, "added")},
		{Label: "Won", Value: Thousands(t.Won), Note: partOf(t.Won, t.Won+t.Lost, "decided")},
		{Label: "Lost", Value: Thousands(t.Lost), Note: partOf(t.Lost, t.Won+t.Lost, "decided")},
		{Label: "Median time to win", Value: medianText(t.MedianWon), Note: "from added to won"},
		{Label: "Follow-up due", Value: Thousands(t.DueToday), Note: "today"},
		{Label: "Follow-up overdue", Value: Thousands(t.Overdue), Note: partOf(t.Overdue, t.Open, "open")},
	}
}

// partOf says which part of the whole n is, rounded so that only all of it is 100 %.
func partOf(n, whole int, of string) string {
	share := shareOf(n, whole)
	if share == "" {
		return ""
	}
	return strings.TrimSuffix(share, "opened") + of
}

// overTime is one series of a report's periods.
func overTime(title, series string, periods []Bucket) Chart {
	chart := Chart{Kind: ChartBar, Title: title, Series: []Series{{Name: series}}}
	for _, b := range periods {
		chart.Categories = append(chart.Categories, b.Label)
		chart.Series[0].Values = append(chart.Series[0].Values, float64(b.Opened))
	}
	return chart
}

// tallies ranks what records have in common.
func tallies(title, series string, counts []Tally) Chart {
	chart := Chart{Kind: ChartBar, Title: title, Ranked: true, Series: []Series{{Name: series}}}
	for _, c := range counts {
		chart.Categories = append(chart.Categories, c.Name)
		chart.Series[0].Values = append(chart.Series[0].Values, float64(c.Count))
	}
	return chart
}

func leadColumns() []Column {
	return []Column{
		{Title: "No.", Width: 5.5, Align: AlignRight},
		{Title: "Added", Width: 9},
		{Title: "Name", Width: 15},
		{Title: "Company", Width: 14},
		{Title: "Phone"},
		{Title: "E-mail"},
		{Title: "Source", Width: 9},
		{Title: "Interest", Width: 20},
		{Title: "Stage", Width: 8},
		{Title: "Owner", Width: 10},
		{Title: "Next action", Width: 13},
		{Title: "Next on", Width: 8},
		{Title: "In this stage since"},
		{Title: "Why lost"},
	}
}

// leadRows formats one row at a time into the same slice.
func leadRows(rows iter.Seq2[LeadRow, error], zone *time.Location) iter.Seq2[[]string, error] {
	cells := make([]string, 0, len(leadColumns()))
	return formatted(rows, func(l LeadRow) []string {
		cells = append(cells[:0],
			strconv.FormatInt(l.Number, 10), l.AddedAt.In(zone).Format(time.DateOnly), l.Name, l.Company, l.Phone, l.Email, l.Source,
			l.Interest, l.Stage, l.Owner, l.NextAction, dayText(l.NextOn), shortTime(&l.StageAt, zone), l.LostReason)
		return cells
	})
}

// formatted turns records into the cells of a table, one at a time.
func formatted[T any](rows iter.Seq2[T, error], format func(T) []string) iter.Seq2[[]string, error] {
	if rows == nil {
		return nil
	}
	return func(yield func([]string, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(format(row), nil) {
				return
			}
		}
	}
}

// dayText writes a day so that it sorts.
func dayText(day *time.Time) string {
	if day == nil {
		return ""
	}
	return day.Format(time.DateOnly)
}
