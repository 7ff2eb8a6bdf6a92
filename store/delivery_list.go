package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// DeliveryWhere narrows the messages owed. Only what is set becomes part of the statement.
type DeliveryWhere struct {
	Stuck   bool   // only what did not reach anybody yet and should have
	State   string // one of the words of deliveryStates
	Channel string
	Members []int64
	From    *time.Time // owed since
	To      *time.Time
	Before  int64 // only notices with a lower number: where the page before ended
	Limit   int
}

// DeliveryRow is a message owed, as people look after it.
type DeliveryRow struct {
	ID          int64
	Kind        string
	Channel     string
	Address     string
	State       string // failed, undelivered, held, retrying, waiting, bundled, sent, delivered or dropped
	Member      string
	Customer    string // a person at a customer's, if it is for one
	CallID      *int64
	Record      string
	RecordID    *int64
	Error       string
	Hold        string
	HeldUntil   *time.Time
	Attempts    int32
	TriedAt     *time.Time
	CreatedAt   time.Time
	SentAt      *time.Time
	DeliveredAt *time.Time
	Segments    int32
	BundledIn   *int64
	ContactID   *int64
	Disabled    *time.Time // when its address was switched off
	Reason      string     // why
	Instead     string     // the channel of the message that stands in for it
}

// deliveryState says in one word where a message is.
const deliveryState = `CASE WHEN notice.state = 'cancelled' THEN 'dropped' WHEN notice.state NOT IN ('owed','sending') THEN notice.state
    WHEN notice.bundled_in IS NOT NULL THEN 'bundled' WHEN notice.held_until IS NOT NULL THEN 'held'
    WHEN notice.tried_at IS NOT NULL THEN 'retrying' ELSE 'waiting' END`

// deliveryStates is what each word that people may ask for means to the database. Each names its states, so that a partial index serves.
var deliveryStates = map[string]string{
	"failed":      "notice.state = 'failed'",
	"undelivered": "notice.state = 'undelivered'",
	"held":        "notice.state = 'owed' AND notice.held_until IS NOT NULL",
	"retrying":    "notice.state IN ('owed','sending') AND notice.tried_at IS NOT NULL AND notice.held_until IS NULL",
	"sent":        "notice.state = 'sent'",
	"delivered":   "notice.state = 'delivered'",
	"dropped":     "notice.state = 'cancelled'",
}

// stuck is what did not reach anybody: what failed and nothing stands in for, unless nobody needs to answer it any more, and what waits.
const stuck = `notice.state IN ('failed','undelivered','owed','sending') AND (
    notice.state IN ('owed','sending') AND (notice.held_until IS NOT NULL OR notice.tried_at IS NOT NULL)
    OR notice.state IN ('failed','undelivered') AND NOT EXISTS (SELECT 1 FROM notice AS other WHERE other.instead_of = notice.id)
        AND (notice.offer_id IS NULL OR EXISTS (SELECT 1 FROM offer WHERE offer.id = notice.offer_id AND offer.state = 'open')))`

func (w DeliveryWhere) where() (string, []any) {
	var c conditions
	if w.Stuck {
		c.all = append(c.all, stuck)
	}
	if w.State != "" {
		c.all = append(c.all, deliveryStates[w.State])
	}
	if w.Channel != "" {
		c.add("notice.channel = $%d", w.Channel)
	}
	if w.Members != nil {
		c.add("notice.member_id = ANY($%d)", w.Members)
	}
	if w.From != nil {
		c.add("notice.created_at >= $%d", *w.From)
	}
	if w.To != nil {
		c.add("notice.created_at < $%d", *w.To)
	}
	if w.Before > 0 {
		c.add("notice.id < $%d", w.Before)
	}
	if len(c.all) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(c.all, " AND "), c.args
}

// ListDeliveries reads the messages that match, the newest first.
func (s *Store) ListDeliveries(ctx context.Context, w DeliveryWhere) ([]DeliveryRow, error) {
	where, args := w.where()
	sql := `SELECT notice.id, notice.kind, notice.channel, notice.address, ` + deliveryState + `, coalesce(member.name, ''),
    coalesce(contact.name, ''), notice.call_id, notice.record, notice.record_id, notice.error, notice.hold, notice.held_until,
    notice.attempts, notice.tried_at, notice.created_at, notice.sent_at, notice.delivered_at, notice.segments, notice.bundled_in,
    notice.contact_id, contact_method.disabled_at, coalesce(contact_method.disabled_reason, ''),
    coalesce((SELECT other.channel FROM notice AS other WHERE other.instead_of = notice.id ORDER BY other.id DESC LIMIT 1), '')
FROM notice LEFT JOIN member ON member.id = notice.member_id
LEFT JOIN contact ON contact.id = notice.customer_contact_id
LEFT JOIN contact_method ON contact_method.id = notice.contact_id` + where + fmt.Sprintf(" ORDER BY notice.id DESC LIMIT %d", w.Limit)
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("query deliveries: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[DeliveryRow])
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	return list, nil
}

// CountDeliveries counts the messages that match by where they are.
func (s *Store) CountDeliveries(ctx context.Context, w DeliveryWhere) (map[string]int64, error) {
	where, args := w.where()
	rows, err := s.Pool.Query(ctx, "SELECT "+deliveryState+", count(*) FROM notice"+where+" GROUP BY 1", args...)
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	counts := map[string]int64{}
	var state string
	var n int64
	if _, err := pgx.ForEachRow(rows, []any{&state, &n}, func() error { counts[state] = n; return nil }); err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	return counts, nil
}
