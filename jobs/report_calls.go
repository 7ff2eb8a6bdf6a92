package jobs

import (
	"context"
	"errors"
	"iter"
	"time"

	"callout/desk"
	"callout/reports"
	"callout/store"
)

// callsReport is the report on calls.
func callsReport(ctx context.Context, d *desk.Desk, by desk.Actor, f desk.Filter) (reports.Report, error) {
	data, err := d.CallsReport(ctx, by, f)
	if err != nil {
		return reports.Report{}, err
	}
	in := reports.CallsInput{
		Company: d.Company, From: data.From, To: data.To, MadeAt: d.Now(), Timezone: data.Zone,
		Totals: totals(data), Rows: rows(ctx, data), RowCount: int(data.Totals.Opened), Filters: filtersOf(desk.NounCalls, f),
	}
	return reports.Calls(in), nil
}

func totals(data desk.CallsReport) reports.CallTotals {
	t := reports.CallTotals{
		Opened: int(data.Totals.Opened), Closed: int(data.Totals.Closed), Pending: int(data.Totals.Pending),
		MedianAccept: data.Totals.MedianAccept, MedianClose: data.Totals.MedianClose,
	}
	from, to := data.From, data.To
	if len(data.Days) > 0 { // an open side of the period ends where the calls do
		if from.IsZero() {
			from = dayOf(data.Days[0].Label, data.Zone)
		}
		if to.IsZero() {
			to = dayOf(data.Days[len(data.Days)-1].Label, data.Zone).AddDate(0, 0, 1)
		}
	}
	t.Unit = reports.UnitFor(from, to)
	t.PerPeriod = reports.Buckets(t.Unit, from, to)
	for _, day := range data.Days {
		if b := reports.FindBucket(t.PerPeriod, t.Unit, dayOf(day.Label, data.Zone)); b != nil {
			b.Opened += int(day.Opened)
			b.Closed += int(day.Closed)
		}
	}
	for _, c := range data.ByTechnician {
		t.ByTechnician = append(t.ByTechnician, reports.Count{Name: c.Label, Calls: int(c.Opened)})
	}
	return t
}

func dayOf(label string, zone *time.Location) time.Time {
	t, _ := time.ParseInLocation("2006-01-02", label, zone) // the database wrote it
	return t
}

func rows(ctx context.Context, data desk.CallsReport) iter.Seq2[reports.CallRow, error] {
	return func(yield func(reports.CallRow, error) bool) {
		stop := errors.New("stop")
		err := data.Each(ctx, func(c store.CallRow) error {
			row := reports.CallRow{
				Number: c.ID, OpenedAt: c.OpenedAt, AcceptedAt: c.AcceptedAt, ClosedAt: c.ClosedAt, Status: c.Status, Progress: c.Progress,
				Priority: c.Priority, Customer: c.Customer, Site: c.Site, Equipment: c.Equipment, Technician: c.Technician,
				Summary: c.Summary, Resolution: c.Resolution,
			}
			if !yield(row, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			yield(reports.CallRow{}, err)
		}
	}
}
