package jobs

import (
	"context"
	"iter"
	"strings"

	"callout/desk"
	"callout/reports"
	"callout/store"
)

// quotesReport is the report on quotes.
func quotesReport(ctx context.Context, d *desk.Desk, by desk.Actor, f desk.Filter) (reports.Report, error) {
	data, err := d.QuotesReport(ctx, by, f)
	if err != nil {
		return reports.Report{}, err
	}
	t := data.Totals
	totals := reports.QuoteTotals{
		Requested: int(t.Requested), Ready: int(t.Ready), Sent: int(t.Sent), Accepted: int(t.Accepted), Declined: int(t.Declined),
		Expired: int(t.Expired), MedianReady: t.MedianReady, Value: valueOf(data.Accepted, d.Currency),
		ByStatus: tallies(data.ByStatus), ByRequester: tallies(data.ByRequester),
	}
	totals.Unit, totals.PerPeriod = perPeriod(data.From, data.To, data.Days, data.Zone)
	return reports.Quotes(reports.QuotesInput{
		Company: d.Company, From: data.From, To: data.To, MadeAt: d.Now(), Timezone: data.Zone, Totals: totals,
		Rows: quoteRows(ctx, data), RowCount: totals.Requested, Filters: filtersOf(desk.NounQuotes, f),
	}), nil
}

// valueOf is what was accepted in every currency there is.
func valueOf(sums []store.QuoteValue, currency string) string {
	if len(sums) == 0 {
		return desk.FormatMoney(0, currency)
	}
	out := make([]string, len(sums))
	for i, s := range sums {
		out[i] = desk.FormatMoney(s.Total, s.Currency)
	}
	return strings.Join(out, " + ")
}

func quoteRows(ctx context.Context, data desk.QuotesReport) iter.Seq2[reports.QuoteRow, error] {
	return each(func(fn func(reports.QuoteRow) error) error {
		return data.Each(ctx, func(q store.QuoteRow) error {
			row := reports.QuoteRow{
				Number: desk.QuoteNumber(q.ID, q.Newest), RequestedAt: q.RequestedAt, Party: q.Party, Wanted: q.Wanted,
				Status: strings.ReplaceAll(q.Status, "_", " "), RequestedBy: q.RequestedBy, PreparedBy: q.PreparedBy, NeededBy: q.NeededBy,
				ReadyAt: q.ReadyAt, SentAt: q.SentAt, DecidedAt: q.DecidedAt, Currency: q.Currency, ValidUntil: q.ValidUntil, Reason: q.Reason,
			}
			if q.Newest > 0 {
				row.Total = desk.FormatAmount(q.Total, q.Currency)
			}
			return fn(row)
		})
	})
}
