package reports

import (
	"iter"
	"strconv"
	"time"
)

// VisitsInput is what the report on visits is made of.
type VisitsInput struct {
	Company  string
	From, To time.Time // To is not part of the period; a zero time leaves that end open
	Filters  []Filter
	MadeAt   time.Time
	Timezone *time.Location
	Totals   VisitTotals
	Rows     iter.Seq2[VisitRow, error]
	RowCount int // for progress; 0 when not known
}

// VisitTotals are the figures over all visits of the report.
type VisitTotals struct {
	All, Done, Planned  int
	WithOutcome         int
	Parties             int      // customers and leads visited
	Unit                Unit     // of PerPeriod
	PerPeriod           []Bucket // Opened is how many visits there were
	ByPurpose, ByMember []Tally
}

// VisitRow is one visit with the names of what belongs to it.
type VisitRow struct {
	Number   int64
	At       time.Time
	Party    string
	Purpose  string
	Member   string
	Status   string
	Outcome  string
	NextStep string
	NextOn   *time.Time
	For      string // the call or task it belongs to
}

// Visits lays out the report on visits.
func Visits(in VisitsInput) Report {
	if in.Timezone == nil {
		in.Timezone = time.UTC
	}
	t := in.Totals
	return Report{
		Company: in.Company, Title: "Visits", Period: periodOf("visits", in.From, in.To, in.Timezone), Filters: in.Filters,
		MadeAt: in.MadeAt, Timezone: in.Timezone,
		Numbers: []Number{
			{Label: "Visits", Value: Thousands(t.All), Note: "in this period"},
			{Label: "Done", Value: Thousands(t.Done), Note: partOf(t.Done, t.All, "all")},
			{Label: "Planned", Value: Thousands(t.Planned), Note: partOf(t.Planned, t.All, "all")},
			{Label: "With an outcome", Value: Thousands(t.WithOutcome), Note: partOf(t.WithOutcome, t.Done, "done")},
			{Label: "Customers and leads", Value: Thousands(t.Parties), Note: "visited"},
		},
		Charts: []Chart{
			overTime("Visits per "+t.Unit.String(), "Visits", t.PerPeriod),
			tallies("Visits by purpose", "Visits", t.ByPurpose), tallies("Visits by member", "Visits", t.ByMember),
		},
		Table: Table{Columns: visitColumns(), Rows: visitRows(in.Rows, in.Timezone), Total: in.RowCount},
		Empty: Note{Title: "No visits match these filters", Hint: "Try a longer period, or leave a filter out."},
	}
}

func visitColumns() []Column {
	return []Column{
		{Title: "No.", Width: 5.5, Align: AlignRight},
		{Title: "When", Width: 10.4},
		{Title: "Customer or lead", Width: 17},
		{Title: "Purpose", Width: 9},
		{Title: "Member", Width: 11},
		{Title: "Status", Width: 7},
		{Title: "Outcome", Width: 27},
		{Title: "Next step", Width: 14},
		{Title: "Next on", Width: 8},
		{Title: "Belongs to"},
	}
}

// visitRows formats one row at a time into the same slice.
func visitRows(rows iter.Seq2[VisitRow, error], zone *time.Location) iter.Seq2[[]string, error] {
	cells := make([]string, 0, len(visitColumns()))
	return formatted(rows, func(v VisitRow) []string {
		cells = append(cells[:0],
			strconv.FormatInt(v.Number, 10), shortTime(&v.At, zone), v.Party, v.Purpose, v.Member, v.Status, v.Outcome, v.NextStep,
			dayText(v.NextOn), v.For)
		return cells
	})
}
