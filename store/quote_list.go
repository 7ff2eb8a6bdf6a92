package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// QuoteWhere narrows quotes. Only what is set becomes part of the statement; see CallWhere.
type QuoteWhere struct {
	Status   string
	Statuses []string // nil is any
	Customer []string // LIKE patterns that must all match the customer's or the lead's name or phone
	Words    []string // LIKE patterns that must all match
	By       []int64  // who asked; nil is anybody
	From, To *time.Time
	Before   int64 // only quotes with a lower number: where the page before ended
	Limit    int   // 0 means all
}

// QuoteRow is a quote as lists and reports show it.
type QuoteRow struct {
	ID          int64
	Status      string
	Wanted      string
	Party       string // the customer, else the lead
	RequestedBy string
	PreparedBy  string
	RequestedAt time.Time
	NeededBy    *time.Time
	ReadyAt     *time.Time
	SentAt      *time.Time
	DecidedAt   *time.Time
	Newest      int32
	Total       int64
	Currency    string
	ValidUntil  *time.Time
	Reason      string
}

// where builds the conditions and their arguments.
func (w QuoteWhere) where() (string, []any) {
	var c conditions
	if w.Status != "" {
		c.add("quote.status = $%d", w.Status)
	}
	if w.Statuses != nil {
		c.add("quote.status = ANY($%d)", w.Statuses)
	}
	if len(w.Customer) > 0 { // each half by its own index; an OR of both would read every quote
		c.args = append(c.args, w.Customer)
		n := len(c.args)
		c.all = append(c.all, fmt.Sprintf(`quote.id IN (
    SELECT id FROM quote WHERE customer_id IN (SELECT id FROM customer WHERE search LIKE ALL($%d))
    UNION ALL SELECT id FROM quote WHERE lead_id IN (SELECT id FROM lead WHERE search LIKE ALL($%d)))`, n, n))
	}
	for _, word := range w.Words {
		c.add("quote.search LIKE $%d", word)
	}
	if w.By != nil {
		c.add("quote.requested_by = ANY($%d)", w.By)
	}
	c.within("quote.requested_at", w.From, w.To)
	if w.Before > 0 {
		c.add("quote.id < $%d", w.Before)
	}
	return c.sql(), c.args
}

const quoteRowColumns = `SELECT quote.id, quote.status, quote.wanted,
    coalesce(customer.name, lead.name || CASE WHEN lead.company IN ('', lead.name) THEN '' ELSE ' (' || lead.company || ')' END, ''),
    asker.name, coalesce(preparer.name, ''), quote.requested_at, quote.needed_by, quote.ready_at, quote.sent_at, quote.decided_at,
    quote.newest, quote.total, quote.currency, quote.valid_until, quote.reason
FROM quote JOIN member AS asker ON asker.id = quote.requested_by
LEFT JOIN member AS preparer ON preparer.id = quote.prepared_by
LEFT JOIN customer ON customer.id = quote.customer_id
LEFT JOIN lead ON lead.id = quote.lead_id`

// ListQuotes reads the quotes that match, the newest first.
func (s *Store) ListQuotes(ctx context.Context, w QuoteWhere) ([]QuoteRow, error) {
	var quotes []QuoteRow
	err := s.EachQuote(ctx, w, func(q QuoteRow) error {
		quotes = append(quotes, q)
		return nil
	})
	return quotes, err
}

// EachQuote hands the quotes that match to fn one by one, the newest first, without holding them all.
func (s *Store) EachQuote(ctx context.Context, w QuoteWhere, fn func(QuoteRow) error) error {
	where, args := w.where()
	sql := quoteRowColumns + where + " ORDER BY quote.id DESC"
	if w.Limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", w.Limit)
	}
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("query quotes: %w", err)
	}
	var q QuoteRow
	_, err = pgx.ForEachRow(rows, []any{
		&q.ID, &q.Status, &q.Wanted, &q.Party, &q.RequestedBy, &q.PreparedBy, &q.RequestedAt, &q.NeededBy, &q.ReadyAt, &q.SentAt,
		&q.DecidedAt, &q.Newest, &q.Total, &q.Currency, &q.ValidUntil, &q.Reason,
	}, func() error { return fn(q) })
	if err != nil {
		return fmt.Errorf("read quotes: %w", err)
	}
	return nil
}

// QuoteTotals is what a report counts over the quotes that match.
type QuoteTotals struct {
	Requested, Ready, Sent      int64 // so many came so far: an accepted one was ready and sent before
	Accepted, Declined, Expired int64
	MedianReady                 *time.Duration // from requested to the first version
}

// CountQuotes counts the quotes that match.
func (s *Store) CountQuotes(ctx context.Context, w QuoteWhere) (QuoteTotals, error) {
	where, args := w.where()
	sql := `SELECT count(*), count(*) FILTER (WHERE quote.newest > 0), count(*) FILTER (WHERE quote.sent_at IS NOT NULL),
    count(*) FILTER (WHERE quote.status = 'accepted'), count(*) FILTER (WHERE quote.status = 'declined'),
    count(*) FILTER (WHERE quote.status = 'expired'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first.prepared_at - quote.requested_at))
FROM quote LEFT JOIN quote_version AS first ON first.quote_id = quote.id AND first.number = 1` + where
	var t QuoteTotals
	var median *float64
	err := s.Pool.QueryRow(ctx, sql, args...).Scan(&t.Requested, &t.Ready, &t.Sent, &t.Accepted, &t.Declined, &t.Expired, &median)
	if err != nil {
		return t, fmt.Errorf("count quotes: %w", err)
	}
	t.MedianReady = seconds(median)
	return t, nil
}

// QuoteValue is a sum of money in one currency.
type QuoteValue struct {
	Currency string
	Total    int64
}

// SumAccepted sums the accepted of the quotes that match, a sum for each currency.
func (s *Store) SumAccepted(ctx context.Context, w QuoteWhere) ([]QuoteValue, error) {
	where, args := w.where()
	if where == "" {
		where = " WHERE true"
	}
	rows, err := s.Pool.Query(ctx, "SELECT quote.currency, sum(quote.total)::bigint FROM quote"+where+
		" AND quote.status = 'accepted' GROUP BY 1 ORDER BY 2 DESC, 1", args...)
	if err != nil {
		return nil, fmt.Errorf("sum quotes: %w", err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowToStructByPos[QuoteValue])
	if err != nil {
		return nil, fmt.Errorf("sum quotes: %w", err)
	}
	return values, nil
}

// CountQuotesByStatus counts the quotes that match by status.
func (s *Store) CountQuotesByStatus(ctx context.Context, w QuoteWhere) ([]NamedCount, error) {
	where, args := w.where()
	return s.named(ctx, "SELECT replace(quote.status, '_', ' '), count(*) FROM quote"+where+" GROUP BY 1 ORDER BY 2 DESC, 1", args)
}

// CountQuotesByRequester counts the quotes that match by who asked for them, the most first.
func (s *Store) CountQuotesByRequester(ctx context.Context, w QuoteWhere) ([]NamedCount, error) {
	where, args := w.where()
	return s.named(ctx, `SELECT member.name, matched.n FROM (SELECT requested_by, count(*) AS n FROM quote`+where+
		` GROUP BY 1) AS matched JOIN member ON member.id = matched.requested_by ORDER BY 2 DESC, 1`, args)
}

// CountQuotesByDay counts the quotes that match by the local day they were asked for on, in a zone.
func (s *Store) CountQuotesByDay(ctx context.Context, w QuoteWhere, zone string) ([]NamedCount, error) {
	where, args := w.where()
	args = append(args, zone)
	day := fmt.Sprintf("(quote.requested_at AT TIME ZONE $%d)::date", len(args))
	return s.named(ctx, "SELECT to_char("+day+", 'YYYY-MM-DD'), count(*) FROM quote"+where+" GROUP BY 1 ORDER BY 1", args)
}
