package desk

import (
	"context"
	"fmt"
	"time"

	"callout/store"
)

// QuotePage is one page of a list of quotes.
type QuotePage struct {
	Quotes []store.QuoteRow
	Next   int64 // pass as before to get the next page; 0 at the end
}

// Quotes lists the quotes a filter lets through, the newest first. before is the Next of the page before, 0 for the first.
func (d *Desk) Quotes(ctx context.Context, a Actor, f Filter, before int64, size int) (QuotePage, error) {
	if err := a.may(SeeQuotes); err != nil {
		return QuotePage{}, err
	}
	where, err := d.resolveQuotes(ctx, a, f)
	if err != nil {
		return QuotePage{}, err
	}
	where.Before = before
	return d.quotePage(ctx, where, size)
}

func (d *Desk) quotePage(ctx context.Context, where store.QuoteWhere, size int) (QuotePage, error) {
	where.Limit = size + 1
	rows, err := d.Store.ListQuotes(ctx, where)
	if err != nil {
		return QuotePage{}, fmt.Errorf("list quotes: %w", err)
	}
	page := QuotePage{Quotes: rows}
	if len(rows) > size {
		page.Quotes = rows[:size]
		page.Next = page.Quotes[size-1].ID
	}
	return page, nil
}

// QuotesToPrepare lists the quotes that wait for somebody who prepares quotes.
func (d *Desk) QuotesToPrepare(ctx context.Context, a Actor, most int) (QuotePage, error) {
	if err := a.may(PrepareQuotes); err != nil {
		return QuotePage{}, err
	}
	return d.quotePage(ctx, store.QuoteWhere{Statuses: []string{QuoteRequested, QuoteChange}}, most)
}

// OwnQuotes lists the quotes that the member asked for and that still wait for something to happen.
func (d *Desk) OwnQuotes(ctx context.Context, a Actor, most int) (QuotePage, error) {
	if err := a.may(SeeQuotes); err != nil {
		return QuotePage{}, err
	}
	return d.quotePage(ctx, store.QuoteWhere{By: []int64{a.ID}, Statuses: []string{QuoteRequested, QuoteReady, QuoteSent, QuoteChange}}, most)
}

// resolveQuotes turns a filter into what the database compares.
func (d *Desk) resolveQuotes(ctx context.Context, a Actor, f Filter) (store.QuoteWhere, error) {
	w := store.QuoteWhere{Status: f.Status, Words: patterns(f.Words)}
	if f.Customer != "" {
		w.Customer = searchPatterns(f.Customer)
	}
	var err error
	if w.From, w.To, err = f.Period(d.Now(), d.ZoneOf(a.Member)); err != nil {
		return w, err
	}
	if f.By != "" {
		w.By, err = d.resolveOwner(ctx, a, "by", f.By)
	}
	return w, err
}

// QuotesReport is the data of a report on quotes.
type QuotesReport struct {
	Filter      Filter
	Zone        *time.Location
	From, To    time.Time // To is the first moment after the period
	Totals      store.QuoteTotals
	Accepted    []store.QuoteValue
	Days        []store.NamedCount
	ByStatus    []store.NamedCount
	ByRequester []store.NamedCount
	Each        func(ctx context.Context, fn func(store.QuoteRow) error) error
}

// QuotesReport counts the quotes a filter lets through. Without a period it covers those asked for in the last 30 days.
func (d *Desk) QuotesReport(ctx context.Context, a Actor, f Filter) (QuotesReport, error) {
	r := QuotesReport{Filter: f, Zone: d.ZoneOf(a.Member)}
	if err := d.mayReport(a, SeeQuotes); err != nil {
		return r, err
	}
	if f.From == "" && f.To == "" {
		f.From, f.To = defaultPeriod, "today"
	}
	w, err := d.resolveQuotes(ctx, a, f)
	if err != nil {
		return r, err
	}
	r.From, r.To = orZero(w.From), orZero(w.To)
	if r.Totals, err = d.Store.CountQuotes(ctx, w); err != nil {
		return r, err
	}
	if r.Accepted, err = d.Store.SumAccepted(ctx, w); err != nil {
		return r, err
	}
	if r.Days, err = d.Store.CountQuotesByDay(ctx, w, r.Zone.String()); err != nil {
		return r, err
	}
	if r.ByStatus, err = d.Store.CountQuotesByStatus(ctx, w); err != nil {
		return r, err
	}
	if r.ByRequester, err = d.Store.CountQuotesByRequester(ctx, w); err != nil {
		return r, err
	}
	r.Each = func(ctx context.Context, fn func(store.QuoteRow) error) error { return d.Store.EachQuote(ctx, w, fn) }
	return r, nil
}

func (d *Desk) checkQuotesReport(ctx context.Context, a Actor, f Filter) error {
	if err := d.mayReport(a, SeeQuotes); err != nil {
		return err
	}
	_, err := d.resolveQuotes(ctx, a, f)
	return err
}
