package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"callout/store"
)

// QuoteDraft is a priced answer as its form gives it.
type QuoteDraft struct {
	Lines      string // one a row, such as "2 x Toner TK-1150 @ 89.50"
	Tax        string // in percent
	ValidUntil string // a day
	Note       string
	Newest     int32 // the newest version when the form was opened
}

// QuotePrice is a draft that may be saved, added up.
type QuotePrice struct {
	Lines           []QuoteLine
	Currency        string
	Rate            int32 // of the tax, in hundredths of a percent
	Net, Tax, Total int64
	ValidUntil      time.Time
	Note            string
}

// MaxQuoteNote is how many characters the note on a quote may have.
const MaxQuoteNote = 1500

// PriceQuote adds a draft up without saving it, and refuses what cannot be saved, naming every field at once.
func (d *Desk) PriceQuote(ctx context.Context, a Actor, id int64, in QuoteDraft) (QuotePrice, error) {
	if err := a.may(PrepareQuotes); err != nil {
		return QuotePrice{}, err
	}
	q, err := d.q.GetQuote(ctx, id)
	if err != nil {
		return QuotePrice{}, found(err, "There is no quote %d. /quotes lists the quotes.", id)
	}
	if err := a.mayPrepare(q, in.Newest); err != nil {
		return QuotePrice{}, err
	}
	return d.priced(in)
}

// mayPrepare refuses to prepare what is decided, or what somebody prepared since the form was opened.
func (a Actor) mayPrepare(q store.Quote, newest int32) error {
	if err := a.mayMove(q, QuoteReady); err != nil {
		return err
	}
	if q.Newest != newest {
		return refuse(Conflict, "Somebody else prepared quote %d meanwhile. Copy what you typed, close this and look at it with /quotes %d.", q.ID, q.ID)
	}
	return nil
}

// priced reads a draft and adds it up.
func (d *Desk) priced(in QuoteDraft) (QuotePrice, error) {
	p := problems{}
	out := QuotePrice{Currency: d.Currency, Note: clean(in.Note)}
	var err error
	out.Lines, err = ParseQuoteLines(in.Lines, d.Currency)
	p.add("lines", err)
	out.Rate, err = ParsePercent(in.Tax)
	p.add("tax", err)
	p.add("note", limited("The note", out.Note, 0, MaxQuoteNote))
	if out.ValidUntil, err = time.Parse(time.DateOnly, clean(in.ValidUntil)); err != nil || out.ValidUntil.Year() > 2200 {
		p.add("valid_until", refuse(Invalid, "“%s” is not a day that exists. Write it like 2026-03-31.", shorten(in.ValidUntil, 40)))
	} else if out.ValidUntil.Before(dayIn(d.Now(), d.Zone)) {
		p.add("valid_until", refuse(Invalid, "%s is over already. Choose today or a later day.", out.ValidUntil.Format("2 January 2006")))
	}
	if len(p) > 0 {
		return out, p.err()
	}
	out.Net, out.Tax, out.Total, err = AddUp(out.Lines, out.Rate)
	if err == nil && out.Net < 0 {
		err = refuse(Invalid, "The lines add up to less than nothing: %s.", FormatMoney(out.Net, out.Currency))
	}
	p.add("lines", err)
	return out, p.err()
}

// PrepareQuote saves a priced answer as the newest version of a quote, which never changes again, and tells who asked for it.
func (d *Desk) PrepareQuote(ctx context.Context, a Actor, id int64, in QuoteDraft) error {
	if err := a.may(PrepareQuotes); err != nil {
		return err
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	return d.change(ctx, a, Record{Kind: QuoteRecord, ID: id}, func(ctx context.Context, c *change) error {
		q, err := c.lockQuote(ctx)
		if err != nil {
			return err
		}
		if err := a.mayPrepare(q, in.Newest); err != nil {
			return err
		}
		price, err := c.priced(in)
		if err != nil {
			return err
		}
		if err := c.insertVersion(ctx, q, price, settings.QuoteTerms); err != nil {
			return err
		}
		now, before := c.Now(), q.Status
		q.Status, q.PreparedBy, q.ReadyAt, q.DecidedAt, q.Reason = QuoteReady, &a.ID, &now, nil, ""
		q.Newest, q.Total, q.Currency, q.ValidUntil = q.Newest+1, price.Total, price.Currency, &price.ValidUntil
		note := ""
		if q.Newest > 1 {
			note = fmt.Sprintf("version %d", q.Newest)
		}
		if err := c.saveQuote(ctx, q, before, note); err != nil {
			return err
		}
		if err := c.leadQuoted(ctx, q); err != nil {
			return err
		}
		return c.tellReady(ctx, q)
	})
}

func (c *change) insertVersion(ctx context.Context, q store.Quote, price QuotePrice, terms string) error {
	lines, err := json.Marshal(price.Lines)
	if err != nil {
		return fmt.Errorf("encode lines: %w", err)
	}
	err = c.q.InsertQuoteVersion(ctx, store.InsertQuoteVersionParams{
		QuoteID: q.ID, Number: q.Newest + 1, Lines: lines, Currency: price.Currency, Net: price.Net, TaxRate: price.Rate, Tax: price.Tax,
		Total: price.Total, ValidUntil: price.ValidUntil, Note: price.Note, Terms: terms, PreparedBy: c.actor.ID, PreparedAt: c.Now(),
	})
	if err != nil {
		return fmt.Errorf("write version of quote: %w", err)
	}
	return nil
}

// tellReady owes who asked for a quote its PDF: on every way that reaches them, or on the first if they prepared it themselves.
func (c *change) tellReady(ctx context.Context, q store.Quote) error {
	name, err := c.partyName(ctx, c.q, q.CustomerID, q.LeadID)
	if err != nil {
		return err
	}
	number := QuoteNumber(q.ID, q.Newest)
	text := fmt.Sprintf("Quote %s for %s is ready: %s, valid until %s.", number, name, FormatMoney(q.Total, q.Currency), q.ValidUntil.Format("2 January 2006"))
	o := c.owed(q.RequestedBy, noticeQuoteReady, text)
	o.body.Ref = fmt.Sprint(q.Newest)
	methods, err := c.usable(ctx, c.q, q.RequestedBy)
	if err != nil {
		return err
	}
	if q.RequestedBy == c.actor.ID {
		methods = methods[:min(1, len(methods))]
	}
	return c.owe(ctx, c.tx, c.q, o, methods)
}

// QuoteDraft is what the form opens with in which a quote is prepared: its newest version, or what the settings say.
func (d *Desk) QuoteDraft(ctx context.Context, a Actor, id int64) (QuoteView, QuoteDraft, error) {
	v, err := d.Quote(ctx, a, id)
	if err != nil {
		return v, QuoteDraft{}, err
	}
	if err := a.mayMove(v.Quote, QuoteReady); err != nil {
		return v, QuoteDraft{}, err
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return v, QuoteDraft{}, err
	}
	days, _ := parseDays(settings.QuoteDays) // an admin's choice was checked
	rate, _ := ParsePercent(settings.TaxRate)
	until := dayIn(d.Now(), d.Zone).AddDate(0, 0, days)
	draft := QuoteDraft{Tax: FormatPercent(rate), ValidUntil: until.Format(time.DateOnly), Newest: v.Quote.Newest}
	if v.Quote.Newest == 0 {
		return v, draft, nil
	}
	last, err := d.QuotePaper(ctx, id, v.Quote.Newest)
	if err != nil {
		return v, draft, err
	}
	draft.Lines, draft.Tax, draft.Note = FormatQuoteLines(last.Lines, last.Version.Currency), FormatPercent(last.Version.TaxRate), last.Version.Note
	return v, draft, nil
}
