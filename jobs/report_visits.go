package jobs

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"callout/desk"
	"callout/reports"
	"callout/store"
)

// visitsReport is the report on visits.
func visitsReport(ctx context.Context, d *desk.Desk, by desk.Actor, f desk.Filter) (reports.Report, error) {
	data, err := d.VisitsReport(ctx, by, f)
	if err != nil {
		return reports.Report{}, err
	}
	t := data.Totals
	totals := reports.VisitTotals{
		All: int(t.All), Done: int(t.Done), Planned: int(t.Planned), WithOutcome: int(t.WithOutcome), Parties: int(t.Parties),
		ByPurpose: tallies(data.ByPurpose), ByMember: tallies(data.ByMember),
	}
	totals.Unit, totals.PerPeriod = perPeriod(data.From, data.To, data.Days, data.Zone)
	return reports.Visits(reports.VisitsInput{
		Company: d.Company, From: data.From, To: data.To, MadeAt: d.Now(), Timezone: data.Zone, Totals: totals,
		Rows: visitRows(ctx, data), RowCount: totals.All, Filters: filtersOf(desk.NounVisits, f),
	}), nil
}

func visitRows(ctx context.Context, data desk.VisitsReport) iter.Seq2[reports.VisitRow, error] {
	return each(func(fn func(reports.VisitRow) error) error {
		return data.Each(ctx, func(v store.VisitRow) error {
			row := reports.VisitRow{
				Number: v.ID, At: v.At, Party: v.Party, Purpose: strings.ReplaceAll(v.Purpose, "_", " "), Member: v.Member,
				Status: desk.VisitPlanned, Outcome: v.Outcome, NextStep: v.NextStep, NextOn: v.NextOn,
			}
			if v.Happened {
				row.Status = desk.VisitDone
			}
			switch {
			case v.CallID != nil:
				row.For = fmt.Sprintf("call %d", *v.CallID)
			case v.TaskID != nil:
				row.For = fmt.Sprintf("task %d", *v.TaskID)
			}
			return fn(row)
		})
	})
}
