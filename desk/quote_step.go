package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// quoteNote says which moves want words, and what those are called.
var quoteNote = map[string]struct {
	what  string
	least int
}{
	QuoteDeclined: {"The reason", 1},
	QuoteChange:   {"What shall change", 1},
}

// MoveQuote records what became of a quote: that it was sent, accepted, declined, or shall be changed. The last two want words.
func (d *Desk) MoveQuote(ctx context.Context, a Actor, id int64, to, words string) error {
	if err := a.active(); err != nil {
		return err
	}
	words = clean(words)
	wants := quoteNote[to]
	if err := limitedField("reason", orWord(wants.what, "The note"), words, wants.least, MaxDetails); err != nil {
		return err
	}
	return d.moveQuote(ctx, a, id, to, words)
}

func orWord(word, otherwise string) string {
	if word == "" {
		return otherwise
	}
	return word
}

// moveQuote moves a quote if the table lets it, and tells who should know.
func (d *Desk) moveQuote(ctx context.Context, a Actor, id int64, to, words string) error {
	return d.change(ctx, a, Record{Kind: QuoteRecord, ID: id}, func(ctx context.Context, c *change) error {
		q, err := c.lockQuote(ctx)
		if err != nil {
			return err
		}
		if err := a.mayMove(q, to); err != nil {
			return err
		}
		now, before := c.Now(), q.Status
		if to == QuoteExpired && !c.isOver(q) {
			return refuse(Conflict, "Quote %d is still valid.", id)
		}
		q.Status, q.Reason = to, words
		switch to {
		case QuoteSent:
			q.SentAt = &now
		case QuoteAccepted, QuoteDeclined:
			q.DecidedAt = &now
		default:
			q.DecidedAt = nil
		}
		if err := c.saveQuote(ctx, q, before, words); err != nil {
			return err
		}
		return c.quoteNews(ctx, q)
	})
}

// saveQuote writes what became of a quote, with its line in the timeline, and has its card drawn.
func (c *change) saveQuote(ctx context.Context, q store.Quote, before, note string) error {
	err := c.q.UpdateQuote(ctx, store.UpdateQuoteParams{
		ID: q.ID, Status: q.Status, PreparedBy: q.PreparedBy, ReadyAt: q.ReadyAt, SentAt: q.SentAt, DecidedAt: q.DecidedAt,
		Reason: q.Reason, Newest: q.Newest, Total: q.Total, Currency: q.Currency, ValidUntil: q.ValidUntil,
	})
	if err != nil {
		return fmt.Errorf("write quote: %w", err)
	}
	if err := c.event(ctx, q.Status, before, "", note); err != nil {
		return err
	}
	return c.redraw(ctx)
}

// quoteNews tells who asked for a quote and who prepared it what became of it, but not who did it.
func (c *change) quoteNews(ctx context.Context, q store.Quote) error {
	name, err := c.partyName(ctx, c.q, q.CustomerID, q.LeadID)
	if err != nil {
		return err
	}
	text := newsText(q, name, c.actor.Name)
	if err := c.tell(ctx, q.RequestedBy, noticeQuoteNews, text); err != nil {
		return err
	}
	if q.PreparedBy == nil || *q.PreparedBy == q.RequestedBy {
		return nil
	}
	return c.tell(ctx, *q.PreparedBy, noticeQuoteNews, text)
}

// newsText says in a sentence what became of a quote.
func newsText(q store.Quote, party, who string) string {
	number := QuoteNumber(q.ID, q.Newest)
	switch q.Status {
	case QuoteSent:
		return fmt.Sprintf("%s sent quote %s to %s.", who, number, party)
	case QuoteAccepted:
		return fmt.Sprintf("%s accepted quote %s: %s.", party, number, FormatMoney(q.Total, q.Currency))
	case QuoteDeclined:
		return fmt.Sprintf("Quote %s for %s is declined: %s", number, party, q.Reason)
	case QuoteChange:
		return fmt.Sprintf("%s wants quote %s changed: %s", party, number, q.Reason)
	case QuoteExpired:
		return fmt.Sprintf("Quote %s for %s has expired: it was valid until %s and nobody recorded an answer. Prepare it again if they still want it.",
			number, party, q.ValidUntil.Format("2 January 2006"))
	}
	return fmt.Sprintf("Quote %s for %s is %s.", number, party, QuoteStatusWords(q.Status))
}

// leadQuoted moves the lead of a quote that became ready on to quoted, unless it is there or further.
func (c *change) leadQuoted(ctx context.Context, q store.Quote) error {
	if q.LeadID == nil {
		return nil
	}
	lead, err := c.q.LockLead(ctx, *q.LeadID)
	if err != nil {
		return fmt.Errorf("lock lead: %w", err)
	}
	before := lead.Stage
	if before != LeadNew && before != LeadContacted && before != LeadQualified {
		return nil
	}
	lead.Stage, lead.StageAt = LeadQuoted, c.Now()
	if err := c.saveLead(ctx, lead); err != nil {
		return err
	}
	return c.eventOf(ctx, Record{Kind: LeadRecord, ID: lead.ID}, eventStage, before, LeadQuoted, fmt.Sprintf("quote %d is ready", q.ID))
}
