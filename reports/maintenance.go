package reports

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"
)

// MaintenanceInput is what the report on maintenance is made of.
type MaintenanceInput struct {
	Company  string
	From, To time.Time // To is not part of the period; a zero time leaves that end open
	Filters  []Filter
	MadeAt   time.Time
	Timezone *time.Location
	Totals   MaintenanceTotals
	Rows     iter.Seq2[MaintenanceRow, error]
	RowCount int // for progress; 0 when not known
}

// MaintenanceTotals are the figures over all tasks of the report.
type MaintenanceTotals struct {
	All                   TaskTally
	ByTechnician, ByModel []TaskTally
}

// TaskTally counts tasks that have something in common, by what became of them. What is not due yet counts nowhere.
type TaskTally struct {
	Name                                   string
	OnTime, Late, Overdue, Skipped, Missed int
}

// Due is how many had to be done.
func (t TaskTally) Due() int { return t.OnTime + t.Late + t.Overdue + t.Skipped + t.Missed }

// MaintenanceRow is one task with the names of what belongs to it. Its days are midnight UTC.
type MaintenanceRow struct {
	Number     int64
	Due        time.Time
	Done       *time.Time
	Status     string
	Customer   string
	Site       string
	Machine    string
	Template   string
	Technician string
	Flags      int
	Fails      int
	Reason     string
	Outcome    string
}

// Maintenance lays out the report on maintenance.
func Maintenance(in MaintenanceInput) Report {
	if in.Timezone == nil {
		in.Timezone = time.UTC
	}
	t := in.Totals
	return Report{
		Company: in.Company, Title: "Maintenance", Period: periodOf("maintenance", in.From, in.To, in.Timezone), Filters: in.Filters,
		MadeAt: in.MadeAt, Timezone: in.Timezone,
		Numbers: []Number{
			{Label: "Compliance", Value: compliance(t.All), Note: "done on time, of those due"},
			{Label: "Due", Value: Thousands(t.All.Due()), Note: "until today, in this period"},
			{Label: "Done on time", Value: Thousands(t.All.OnTime), Note: partOf(t.All.OnTime, t.All.Due(), "due")},
			{Label: "Done late", Value: Thousands(t.All.Late), Note: partOf(t.All.Late, t.All.Due(), "due")},
			{Label: "Overdue", Value: Thousands(t.All.Overdue), Note: partOf(t.All.Overdue, t.All.Due(), "due")},
			{Label: "Skipped or missed", Value: Thousands(t.All.Skipped + t.All.Missed), Note: Thousands(t.All.Missed) + " of them missed"},
		},
		Charts: []Chart{outcomes("Maintenance by technician", t.ByTechnician), outcomes("Maintenance by model", t.ByModel)},
		Table:  Table{Columns: maintenanceColumns(), Rows: maintenanceRows(in.Rows, in.Timezone), Total: in.RowCount},
		Empty:  Note{Title: "No maintenance matches these filters", Hint: "Try a longer period, or leave a filter out."},
	}
}

// compliance is the share that was done on time, rounded so that only all of it is 100 %.
func compliance(t TaskTally) string {
	due := t.Due()
	if due == 0 {
		return "–"
	}
	percent := (200*t.OnTime + due) / (2 * due)
	if t.OnTime < due {
		percent = min(percent, 99)
	}
	if t.OnTime > 0 {
		percent = max(percent, 1)
	}
	return strconv.Itoa(percent) + " %"
}

// outcomes shows what became of the tasks of each name, the busiest first.
func outcomes(title string, tallies []TaskTally) Chart {
	tallies = slices.SortedStableFunc(slices.Values(tallies), func(a, b TaskTally) int { return cmp.Compare(b.Due(), a.Due()) })
	chart := Chart{Kind: ChartStackedBar, Title: title, Ranked: true}
	onTime, late, overdue, skipped, missed := Series{Name: "On time"}, Series{Name: "Late"}, Series{Name: "Overdue"}, Series{Name: "Skipped"}, Series{Name: "Missed"}
	for _, t := range tallies {
		if t.Due() == 0 {
			continue
		}
		chart.Categories = append(chart.Categories, t.Name)
		onTime.Values, late.Values = append(onTime.Values, float64(t.OnTime)), append(late.Values, float64(t.Late))
		overdue.Values, skipped.Values = append(overdue.Values, float64(t.Overdue)), append(skipped.Values, float64(t.Skipped))
		missed.Values = append(missed.Values, float64(t.Missed))
	}
	chart.Series = []Series{onTime, late, overdue, skipped, missed}
	return chart
}

func maintenanceColumns() []Column {
	return []Column{
		{Title: "No.", Width: 5.5, Align: AlignRight},
		{Title: "Due", Width: 8},
		{Title: "Done", Width: 8},
		{Title: "Status", Width: 8},
		{Title: "Customer", Width: 16},
		{Title: "Site"},
		{Title: "Machine", Width: 17},
		{Title: "Checklist", Width: 15},
		{Title: "Technician", Width: 12},
		{Title: "Flags", Width: 5, Align: AlignRight},
		{Title: "Fails", Width: 5, Align: AlignRight},
		{Title: "Reason", Width: 15},
		{Title: "Remarks"},
	}
}

// maintenanceRows formats one row at a time into the same slice.
func maintenanceRows(rows iter.Seq2[MaintenanceRow, error], zone *time.Location) iter.Seq2[[]string, error] {
	cells := make([]string, 0, len(maintenanceColumns()))
	return formatted(rows, func(t MaintenanceRow) []string {
		done := ""
		if t.Done != nil {
			done = t.Done.In(zone).Format(time.DateOnly)
		}
		cells = append(cells[:0],
			strconv.FormatInt(t.Number, 10), dayText(&t.Due), done, t.Status, t.Customer, t.Site, t.Machine, t.Template, t.Technician,
			strconv.Itoa(t.Flags), strconv.Itoa(t.Fails), t.Reason, t.Outcome)
		return cells
	})
}
