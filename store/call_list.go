package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// CallWhere narrows calls. Only what is set becomes part of the statement: one statement with "is null or" for each filter
// would make Postgres plan for all of them at once and read every call.
type CallWhere struct {
	Status       string
	Progress     string
	Priority     string
	Customer     []string // LIKE patterns that must all match
	Words        []string // LIKE patterns that must all match
	Technicians  []int64
	NoTechnician bool
	From, To     *time.Time // opened in [From, To)
	Before       int64      // only calls with a lower number: where the page before ended
	Limit        int        // 0 means all
}

// CallRow is a call as lists and reports show it.
type CallRow struct {
	ID         int64
	Status     string
	Progress   string
	Priority   string
	OpenedAt   time.Time
	AcceptedAt *time.Time
	ClosedAt   *time.Time
	Summary    string
	Resolution string
	Customer   string
	Site       string
	Equipment  string
	Technician string
	Asked      string // who is offered the call and has not answered
}

// where builds the conditions and their arguments. Status is written out, so that the partial index on pending calls serves.
func (w CallWhere) where() (string, []any) {
	var c conditions
	switch w.Status {
	case "pending":
		c.all = append(c.all, "call.status = 'pending'")
	case "closed":
		c.all = append(c.all, "call.status = 'closed'")
	}
	if w.Progress != "" {
		c.add("call.progress = $%d", w.Progress)
	}
	if w.Priority != "" {
		c.add("call.priority = $%d", w.Priority)
	}
	if len(w.Customer) > 0 {
		c.add("call.customer_id IN (SELECT id FROM customer WHERE search LIKE ALL($%d))", w.Customer)
	}
	for _, word := range w.Words { // of LIKE ALL with a parameter Postgres expects next to no row, and reads every call
		c.add("call.search LIKE $%d", word)
	}
	if w.Technicians != nil {
		c.add("call.technician_id = ANY($%d)", w.Technicians)
	}
	if w.NoTechnician {
		c.all = append(c.all, "call.technician_id IS NULL")
	}
	if w.From != nil {
		c.add("call.opened_at >= $%d", *w.From)
	}
	if w.To != nil {
		c.add("call.opened_at < $%d", *w.To)
	}
	if w.Before > 0 {
		c.add("call.id < $%d", w.Before)
	}
	if len(c.all) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(c.all, " AND "), c.args
}

// conditions are those of one statement, all of which must hold, and their arguments.
type conditions struct {
	all  []string
	args []any
}

// add adds a condition whose format has a %d for the number of its argument.
func (c *conditions) add(format string, arg any) {
	c.args = append(c.args, arg)
	c.all = append(c.all, fmt.Sprintf(format, len(c.args)))
}

const callRowColumns = `SELECT call.id, call.status, call.progress, call.priority, call.opened_at, call.accepted_at, call.closed_at,
    call.summary, call.resolution, customer.name, coalesce(site.name, ''),
    coalesce(equipment.model || ' ' || equipment.serial, ''), coalesce(member.name, ''), coalesce(asked.name, '')
FROM call JOIN customer ON customer.id = call.customer_id
LEFT JOIN site ON site.id = call.site_id
LEFT JOIN equipment ON equipment.id = call.equipment_id
LEFT JOIN member ON member.id = call.technician_id
LEFT JOIN offer ON offer.call_id = call.id AND offer.state = 'open'
LEFT JOIN member AS asked ON asked.id = offer.member_id`

// ListCalls reads the calls that match, the newest first.
func (s *Store) ListCalls(ctx context.Context, w CallWhere) ([]CallRow, error) {
	var calls []CallRow
	err := s.EachCall(ctx, w, func(c CallRow) error {
		calls = append(calls, c)
		return nil
	})
	return calls, err
}

// EachCall hands the calls that match to fn one by one, the newest first, without holding them all.
func (s *Store) EachCall(ctx context.Context, w CallWhere, fn func(CallRow) error) error {
	where, args := w.where()
	sql := callRowColumns + where + " ORDER BY call.id DESC"
	if w.Limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", w.Limit)
	}
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("query calls: %w", err)
	}
	var c CallRow
	_, err = pgx.ForEachRow(rows, []any{
		&c.ID, &c.Status, &c.Progress, &c.Priority, &c.OpenedAt, &c.AcceptedAt, &c.ClosedAt, &c.Summary, &c.Resolution,
		&c.Customer, &c.Site, &c.Equipment, &c.Technician, &c.Asked,
	}, func() error { return fn(c) })
	if err != nil {
		return fmt.Errorf("read calls: %w", err)
	}
	return nil
}

// CallTotals is what a report counts over the calls that match.
type CallTotals struct {
	Opened, Closed, Pending int64
	MedianAccept            *time.Duration // from opened to accepted
	MedianClose             *time.Duration // from opened to closed
}

// CountCalls counts the calls that match.
func (s *Store) CountCalls(ctx context.Context, w CallWhere) (CallTotals, error) {
	where, args := w.where()
	sql := `SELECT count(*), count(*) FILTER (WHERE call.status = 'closed'), count(*) FILTER (WHERE call.status = 'pending'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM call.accepted_at - call.opened_at)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM call.closed_at - call.opened_at))
FROM call` + where
	var t CallTotals
	var accept, closing *float64
	err := s.Pool.QueryRow(ctx, sql, args...).Scan(&t.Opened, &t.Closed, &t.Pending, &accept, &closing)
	if err != nil {
		return t, fmt.Errorf("count calls: %w", err)
	}
	t.MedianAccept, t.MedianClose = seconds(accept), seconds(closing)
	return t, nil
}

func seconds(s *float64) *time.Duration {
	if s == nil {
		return nil
	}
	d := time.Duration(*s * float64(time.Second))
	return &d
}

// CallCount is a number of calls under a label.
type CallCount struct {
	Label          string
	Opened, Closed int64
}

// CountCallsByDay counts the calls that match by the local day they were opened and closed on, in a zone.
func (s *Store) CountCallsByDay(ctx context.Context, w CallWhere, zone string) ([]CallCount, error) {
	where, args := w.where()
	args = append(args, zone)
	z := fmt.Sprintf("$%d", len(args))
	sql := `WITH matched AS (SELECT opened_at, closed_at FROM call` + where + `), moments AS (
    SELECT (opened_at AT TIME ZONE ` + z + `)::date AS day, 1 AS opened, 0 AS closed FROM matched
    UNION ALL SELECT (closed_at AT TIME ZONE ` + z + `)::date, 0, 1 FROM matched WHERE closed_at IS NOT NULL
) SELECT to_char(day, 'YYYY-MM-DD'), sum(opened), sum(closed) FROM moments GROUP BY day ORDER BY day`
	return s.counts(ctx, sql, args)
}

// CountCallsByTechnician counts the calls that match by who has or had them, the busiest first.
func (s *Store) CountCallsByTechnician(ctx context.Context, w CallWhere) ([]CallCount, error) {
	where, args := w.where()
	sql := `SELECT coalesce(member.name, 'nobody'), matched.opened, matched.closed FROM (
    SELECT technician_id, count(*) AS opened, count(*) FILTER (WHERE status = 'closed') AS closed
    FROM call` + where + ` GROUP BY technician_id) AS matched
LEFT JOIN member ON member.id = matched.technician_id ORDER BY matched.opened DESC, member.name`
	return s.counts(ctx, sql, args)
}

func (s *Store) counts(ctx context.Context, sql string, args []any) ([]CallCount, error) {
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("count calls: %w", err)
	}
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[CallCount])
	if err != nil {
		return nil, fmt.Errorf("count calls: %w", err)
	}
	return counts, nil
}
