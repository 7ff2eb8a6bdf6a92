package desk

import (
	"context"
	"fmt"
	"time"

	"callout/store"
)

// quoteReminder reminds who asked for a quote that waits for so long in a status.
type quoteReminder struct {
	status string
	after  time.Duration
	mark   string
}

// quoteReminders are the reminders of quotes, the latest of each status first: after downtime one is enough.
var quoteReminders = []quoteReminder{
	{QuoteReady, 24 * time.Hour, "unsent"},
	{QuoteSent, 7 * 24 * time.Hour, "unanswered-7"},
	{QuoteSent, 3 * 24 * time.Hour, "unanswered-3"},
}

// tickQuotes lets quotes expire whose last day is over, and reminds of those that wait.
func (d *Desk) tickQuotes(ctx context.Context) error {
	today := dayIn(d.Now(), d.Zone)
	expired, err := d.q.ListQuotesToExpire(ctx, &today)
	if err != nil {
		return fmt.Errorf("list quotes to expire: %w", err)
	}
	for _, id := range expired {
		// Somebody may have moved it since it was listed, or another instance let it expire: then there is nothing to do.
		if err := d.moveQuote(ctx, Actor{Via: "desk"}, id, QuoteExpired, ""); err != nil && CodeOf(err) != Conflict {
			return err
		}
	}
	return d.remindOfQuotes(ctx)
}

// isOver reports whether the last day of a quote is over, where the company is.
func (d *Desk) isOver(q store.Quote) bool {
	return q.ValidUntil != nil && q.ValidUntil.Before(dayIn(d.Now(), d.Zone))
}

func (d *Desk) remindOfQuotes(ctx context.Context) error {
	for _, r := range quoteReminders {
		if err := d.remindOfThose(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// remindOfThose sends a reminder of every quote of which it is due and not sent, to everybody for whom it is day.
func (d *Desk) remindOfThose(ctx context.Context, r quoteReminder) error {
	now, after := d.Now(), int64(0)
	for {
		rows, err := d.q.ListQuotesToRemind(ctx, store.ListQuotesToRemindParams{
			After: after, Status: r.status, Before: now.Add(-r.after), Mark: r.mark,
		})
		if err != nil {
			return fmt.Errorf("list quotes to remind of: %w", err)
		}
		for _, row := range rows {
			after = row.ID
			if !remindable(now, zoneOr(row.Timezone, d.Zone)) {
				continue
			}
			if err := d.remindOfQuote(ctx, row.ID); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			return nil
		}
	}
}

// remindOfQuote reminds once of everything that is due: the latest reminder is sent, and stands for the ones before it.
func (d *Desk) remindOfQuote(ctx context.Context, id int64) error {
	return d.change(ctx, Actor{Via: "desk"}, Record{Kind: QuoteRecord, ID: id}, func(ctx context.Context, c *change) error {
		q, err := c.lockQuote(ctx)
		if err != nil {
			return err
		}
		told := false
		for _, r := range quoteReminders {
			if !r.due(q, c.Now()) {
				continue
			}
			// A new version, or being sent again, is waited for anew.
			mark := fmt.Sprintf("%s-%d", r.mark, q.Newest)
			fresh, err := c.q.Remind(ctx, store.RemindParams{Kind: QuoteRecord, RecordID: id, Mark: mark, At: c.Now()})
			if err != nil {
				return fmt.Errorf("mark reminder: %w", err)
			}
			if fresh == 0 || told {
				told = true // what came before the latest one is over
				continue
			}
			told = true
			if err := c.remindText(ctx, q, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// due reports whether a quote waits for so long by now.
func (r quoteReminder) due(q store.Quote, now time.Time) bool {
	since := q.ReadyAt
	if r.status == QuoteSent {
		since = q.SentAt
	}
	return q.Status == r.status && since != nil && !now.Before(since.Add(r.after))
}

func (c *change) remindText(ctx context.Context, q store.Quote, r quoteReminder) error {
	name, err := c.partyName(ctx, c.q, q.CustomerID, q.LeadID)
	if err != nil {
		return err
	}
	number := QuoteNumber(q.ID, q.Newest)
	text := fmt.Sprintf("%s has had quote %s for %d days. Did they answer?", name, number, int(r.after.Hours()/24))
	if r.status == QuoteReady {
		text = fmt.Sprintf("Quote %s for %s is ready since yesterday and not sent yet. Mark it as sent when the customer has it.", number, name)
	}
	return c.tell(ctx, q.RequestedBy, noticeQuoteNews, text)
}
