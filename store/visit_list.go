package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// VisitWhere narrows visits; cancelled ones never match. Only what is set becomes part of the statement; see CallWhere.
type VisitWhere struct {
	Status    string // planned or done; empty is both
	Purpose   string
	Members   []int64 // nil is anybody
	Customers []int64 // with Leads: nil of both is anybody
	Leads     []int64
	Words     []string // LIKE patterns that must all match
	From, To  *time.Time
	Soonest   bool       // the soonest first; else the latest first
	AfterAt   *time.Time // where the page before ended, with After
	After     int64
	Limit     int // 0 means all
}

// VisitRow is a visit as lists and reports show it.
type VisitRow struct {
	ID       int64
	At       time.Time
	Happened bool
	Purpose  string
	Outcome  string
	NextStep string
	NextOn   *time.Time
	Party    string // the customer, else the lead
	IsLead   bool
	Member   string
	CallID   *int64
	TaskID   *int64
}

// FindParties lists the customers and leads whose text holds every pattern.
func (s *Store) FindParties(ctx context.Context, words []string) (customers, leads []int64, err error) {
	var c conditions
	for _, word := range words {
		c.add("search LIKE $%d", word)
	}
	ids := func(table string) ([]int64, error) {
		rows, err := s.Pool.Query(ctx, "SELECT id FROM "+table+c.sql(), c.args...)
		if err != nil {
			return nil, err
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if found == nil {
			found = []int64{} // nobody, where nil would be anybody
		}
		return found, err
	}
	if customers, err = ids("customer"); err != nil {
		return nil, nil, fmt.Errorf("find customers: %w", err)
	}
	if leads, err = ids("lead"); err != nil {
		return nil, nil, fmt.Errorf("find leads: %w", err)
	}
	return customers, leads, nil
}

// where builds the conditions and their arguments. Planned is written out, so that its partial index serves.
func (w VisitWhere) where() (string, []any) {
	var c conditions
	switch w.Status {
	case "planned":
		c.all = append(c.all, "NOT visit.happened")
	case "done":
		c.all = append(c.all, "visit.happened")
	}
	c.all = append(c.all, "visit.cancelled_at IS NULL")
	if w.Purpose != "" {
		c.add("visit.purpose = $%d", w.Purpose)
	}
	if w.Members != nil {
		c.add("visit.member_id = ANY($%d)", w.Members)
	}
	if w.Customers != nil || w.Leads != nil {
		c.args = append(c.args, w.Customers, w.Leads)
		n := len(c.args)
		c.all = append(c.all, fmt.Sprintf("(visit.customer_id = ANY($%d) OR visit.lead_id = ANY($%d))", n-1, n))
	}
	for _, word := range w.Words {
		c.add("visit.search LIKE $%d", word)
	}
	c.within("visit.at", w.From, w.To)
	if w.AfterAt != nil {
		c.args = append(c.args, *w.AfterAt, w.After)
		sign := "<"
		if w.Soonest {
			sign = ">"
		}
		c.all = append(c.all, fmt.Sprintf("(visit.at, visit.id) %s ($%d, $%d)", sign, len(c.args)-1, len(c.args)))
	}
	return c.sql(), c.args
}

const visitRowColumns = `SELECT visit.id, visit.at, visit.happened, visit.purpose, visit.outcome, visit.next_step, visit.next_on,
    coalesce(customer.name, lead.name || CASE WHEN lead.company <> '' THEN ' (' || lead.company || ')' ELSE '' END, ''),
    visit.customer_id IS NULL, member.name, visit.call_id, visit.task_id
FROM visit JOIN member ON member.id = visit.member_id
LEFT JOIN customer ON customer.id = visit.customer_id LEFT JOIN lead ON lead.id = visit.lead_id`

// ListVisits reads the visits that match.
func (s *Store) ListVisits(ctx context.Context, w VisitWhere) ([]VisitRow, error) {
	var visits []VisitRow
	err := s.EachVisit(ctx, w, func(v VisitRow) error {
		visits = append(visits, v)
		return nil
	})
	return visits, err
}

// EachVisit hands the visits that match to fn one by one, without holding them all.
func (s *Store) EachVisit(ctx context.Context, w VisitWhere, fn func(VisitRow) error) error {
	where, args := w.where()
	sql := visitRowColumns + where + " ORDER BY visit.at DESC, visit.id DESC"
	if w.Soonest {
		sql = visitRowColumns + where + " ORDER BY visit.at, visit.id"
	}
	if w.Limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", w.Limit)
	}
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("query visits: %w", err)
	}
	var v VisitRow
	_, err = pgx.ForEachRow(rows, []any{
		&v.ID, &v.At, &v.Happened, &v.Purpose, &v.Outcome, &v.NextStep, &v.NextOn, &v.Party, &v.IsLead, &v.Member, &v.CallID, &v.TaskID,
	}, func() error { return fn(v) })
	if err != nil {
		return fmt.Errorf("read visits: %w", err)
	}
	return nil
}

// VisitTotals is what a report counts over the visits that match.
type VisitTotals struct {
	All, Done, Planned int64
	WithOutcome        int64
	Parties            int64 // how many customers and leads were visited
}

// CountVisits counts the visits that match.
func (s *Store) CountVisits(ctx context.Context, w VisitWhere) (VisitTotals, error) {
	where, args := w.where()
	sql := `SELECT count(*), count(*) FILTER (WHERE visit.happened), count(*) FILTER (WHERE NOT visit.happened),
    count(*) FILTER (WHERE visit.happened AND visit.outcome <> ''),
    count(DISTINCT visit.customer_id) + count(DISTINCT visit.lead_id) FILTER (WHERE visit.customer_id IS NULL)
FROM visit` + where
	var t VisitTotals
	err := s.Pool.QueryRow(ctx, sql, args...).Scan(&t.All, &t.Done, &t.Planned, &t.WithOutcome, &t.Parties)
	if err != nil {
		return t, fmt.Errorf("count visits: %w", err)
	}
	return t, nil
}

// CountVisitsByDay counts the visits that match by the local day, in a zone.
func (s *Store) CountVisitsByDay(ctx context.Context, w VisitWhere, zone string) ([]NamedCount, error) {
	where, args := w.where()
	args = append(args, zone)
	day := fmt.Sprintf("(visit.at AT TIME ZONE $%d)::date", len(args))
	return s.named(ctx, "SELECT to_char("+day+", 'YYYY-MM-DD'), count(*) FROM visit"+where+" GROUP BY 1 ORDER BY 1", args)
}

// CountVisitsByPurpose counts the visits that match by purpose, the most first.
func (s *Store) CountVisitsByPurpose(ctx context.Context, w VisitWhere) ([]NamedCount, error) {
	where, args := w.where()
	return s.named(ctx, "SELECT visit.purpose, count(*) FROM visit"+where+" GROUP BY 1 ORDER BY 2 DESC, 1", args)
}

// CountVisitsByMember counts the visits that match by who was there, the most first.
func (s *Store) CountVisitsByMember(ctx context.Context, w VisitWhere) ([]NamedCount, error) {
	where, args := w.where()
	return s.named(ctx, `SELECT member.name, matched.visits FROM (
    SELECT member_id, count(*) AS visits FROM visit`+where+` GROUP BY member_id) AS matched
JOIN member ON member.id = matched.member_id ORDER BY 2 DESC, 1`, args)
}
