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

// leadsReport is the report on leads.
func leadsReport(ctx context.Context, d *desk.Desk, by desk.Actor, f desk.Filter) (reports.Report, error) {
	data, err := d.LeadsReport(ctx, by, f)
	if err != nil {
		return reports.Report{}, err
	}
	t := data.Totals
	totals := reports.LeadTotals{
		Added: int(t.Added), Open: int(t.Open), Won: int(t.Won), Lost: int(t.Lost), DueToday: int(t.DueToday), Overdue: int(t.Overdue),
		MedianWon: t.MedianWon, ByStage: tallies(data.ByStage), BySource: tallies(data.BySource),
	}
	totals.Unit, totals.PerPeriod = perPeriod(data.From, data.To, data.Days, data.Zone)
	return reports.Leads(reports.LeadsInput{
		Company: d.Company, From: data.From, To: data.To, MadeAt: d.Now(), Timezone: data.Zone, Totals: totals,
		Rows: leadRows(ctx, data), RowCount: totals.Added, Filters: filtersOf(desk.NounLeads, f),
	}), nil
}

func leadRows(ctx context.Context, data desk.LeadsReport) iter.Seq2[reports.LeadRow, error] {
	return each(func(fn func(reports.LeadRow) error) error {
		return data.Each(ctx, func(l store.LeadRow) error {
			return fn(reports.LeadRow{
				Number: l.ID, AddedAt: l.AddedAt, Name: l.Name, Company: l.Company, Phone: l.Phone, Email: l.Email, Source: l.Source,
				Interest: l.Interest, Stage: l.Stage, Owner: l.Owner, NextAction: l.NextAction, NextOn: l.NextOn, StageAt: l.StageAt,
				LostReason: l.LostReason,
			})
		})
	})
}

// each turns a function that hands rows on into rows to range over.
func each[T any](rows func(fn func(T) error) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		stop := errors.New("stop")
		err := rows(func(row T) error {
			if !yield(row, nil) {
				return stop
			}
			return nil
		})
		if err != nil && !errors.Is(err, stop) {
			var none T
			yield(none, err)
		}
	}
}

func tallies(counts []store.NamedCount) []reports.Tally {
	out := make([]reports.Tally, len(counts))
	for i, c := range counts {
		out[i] = reports.Tally{Name: c.Label, Count: int(c.Count)}
	}
	return out
}

// perPeriod sums up what was counted by day. An open side of the period ends where the records do.
func perPeriod(from, to time.Time, days []store.NamedCount, zone *time.Location) (reports.Unit, []reports.Bucket) {
	if len(days) > 0 {
		if from.IsZero() {
			from = dayOf(days[0].Label, zone)
		}
		if to.IsZero() {
			to = dayOf(days[len(days)-1].Label, zone).AddDate(0, 0, 1)
		}
	}
	unit := reports.UnitFor(from, to)
	buckets := reports.Buckets(unit, from, to)
	for _, day := range days {
		if b := reports.FindBucket(buckets, unit, dayOf(day.Label, zone)); b != nil {
			b.Opened += int(day.Count)
		}
	}
	return unit, buckets
}
