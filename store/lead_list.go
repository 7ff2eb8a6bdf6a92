package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// LeadWhere narrows leads. Only what is set becomes part of the statement; see CallWhere.
type LeadWhere struct {
	Stage    string   // one of the stages, or open: neither won nor lost
	Owners   []int64  // nil is anybody
	Sources  []string // nil is anywhere
	Words    []string // LIKE patterns that must all match
	From, To *time.Time
	DueFrom  *time.Time // next action in [DueFrom, DueTo), by day; only open leads have one
	DueTo    *time.Time
	Before   int64      // only leads with a lower number: where the page before ended
	AfterOn  *time.Time // of a list by due day: where the page before ended, with After
	After    int64
	Limit    int  // 0 means all
	ByDue    bool // the longest due first; else the newest first
}

// LeadRow is a lead as lists and reports show it.
type LeadRow struct {
	ID         int64
	Name       string
	Company    string
	Phone      string
	Email      string
	Source     string
	Interest   string
	Stage      string
	Owner      string
	NextAction string
	NextOn     *time.Time
	AddedAt    time.Time
	StageAt    time.Time
	LostReason string
}

const leadIsOpen = "lead.stage NOT IN ('won','lost')" // as the partial indexes say it

// where builds the conditions and their arguments.
func (w LeadWhere) where() (string, []any) {
	var c conditions
	switch {
	case w.Stage == "open":
		c.all = append(c.all, leadIsOpen)
	case w.Stage != "":
		c.add("lead.stage = $%d", w.Stage)
	}
	if w.Owners != nil {
		c.add("lead.owner_id = ANY($%d)", w.Owners)
	}
	if w.Sources != nil {
		c.add("lead.source = ANY($%d)", w.Sources)
	}
	for _, word := range w.Words {
		c.add("lead.search LIKE $%d", word)
	}
	c.within("lead.added_at", w.From, w.To)
	c.within("lead.next_on", w.DueFrom, w.DueTo)
	if (w.DueFrom != nil || w.DueTo != nil) && w.Stage != "open" {
		c.all = append(c.all, leadIsOpen)
	}
	if w.Before > 0 {
		c.add("lead.id < $%d", w.Before)
	}
	if w.AfterOn != nil {
		c.args = append(c.args, *w.AfterOn, w.After)
		c.all = append(c.all, fmt.Sprintf("(lead.next_on, lead.id) > ($%d, $%d)", len(c.args)-1, len(c.args)))
	}
	return c.sql(), c.args
}

// within adds that a column lies in [from, to); nil leaves that end open.
func (c *conditions) within(column string, from, to *time.Time) {
	if from != nil {
		c.add(column+" >= $%d", *from)
	}
	if to != nil {
		c.add(column+" < $%d", *to)
	}
}

// sql is the conditions as a statement holds them.
func (c *conditions) sql() string {
	if len(c.all) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.all, " AND ")
}

const leadRowColumns = `SELECT lead.id, lead.name, lead.company, lead.phone, lead.email, lead.source, lead.interest, lead.stage,
    member.name, lead.next_action, lead.next_on, lead.added_at, lead.stage_at, lead.lost_reason
FROM lead JOIN member ON member.id = lead.owner_id`

// ListLeads reads the leads that match.
func (s *Store) ListLeads(ctx context.Context, w LeadWhere) ([]LeadRow, error) {
	var leads []LeadRow
	err := s.EachLead(ctx, w, func(l LeadRow) error {
		leads = append(leads, l)
		return nil
	})
	return leads, err
}

// EachLead hands the leads that match to fn one by one, without holding them all.
func (s *Store) EachLead(ctx context.Context, w LeadWhere, fn func(LeadRow) error) error {
	where, args := w.where()
	sql := leadRowColumns + where
	if w.ByDue {
		sql += " ORDER BY lead.next_on, lead.id"
	} else {
		sql += " ORDER BY lead.id DESC"
	}
	if w.Limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", w.Limit)
	}
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return fmt.Errorf("query leads: %w", err)
	}
	var l LeadRow
	_, err = pgx.ForEachRow(rows, []any{
		&l.ID, &l.Name, &l.Company, &l.Phone, &l.Email, &l.Source, &l.Interest, &l.Stage, &l.Owner, &l.NextAction, &l.NextOn,
		&l.AddedAt, &l.StageAt, &l.LostReason,
	}, func() error { return fn(l) })
	if err != nil {
		return fmt.Errorf("read leads: %w", err)
	}
	return nil
}

// LeadTotals is what a report counts over the leads that match.
type LeadTotals struct {
	Added, Open, Won, Lost int64
	DueToday, Overdue      int64
	MedianWon              *time.Duration // from added to won
}

// CountLeads counts the leads that match. today is the day it is for who reads it.
func (s *Store) CountLeads(ctx context.Context, w LeadWhere, today time.Time) (LeadTotals, error) {
	where, args := w.where()
	args = append(args, today)
	day := fmt.Sprintf("$%d::date", len(args))
	sql := `SELECT count(*), count(*) FILTER (WHERE ` + leadIsOpen + `), count(*) FILTER (WHERE lead.stage = 'won'),
    count(*) FILTER (WHERE lead.stage = 'lost'), count(*) FILTER (WHERE ` + leadIsOpen + ` AND lead.next_on = ` + day + `),
    count(*) FILTER (WHERE ` + leadIsOpen + ` AND lead.next_on < ` + day + `),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM lead.stage_at - lead.added_at)) FILTER (WHERE lead.stage = 'won')
FROM lead` + where
	var t LeadTotals
	var median *float64
	err := s.Pool.QueryRow(ctx, sql, args...).Scan(&t.Added, &t.Open, &t.Won, &t.Lost, &t.DueToday, &t.Overdue, &median)
	if err != nil {
		return t, fmt.Errorf("count leads: %w", err)
	}
	t.MedianWon = seconds(median)
	return t, nil
}

// NamedCount is a number of records under a label.
type NamedCount struct {
	Label string
	Count int64
}

// CountLeadsByStage counts the leads that match by stage.
func (s *Store) CountLeadsByStage(ctx context.Context, w LeadWhere) ([]NamedCount, error) {
	where, args := w.where()
	return s.named(ctx, "SELECT lead.stage, count(*) FROM lead"+where+" GROUP BY lead.stage ORDER BY 2 DESC, 1", args)
}

// CountLeadsBySource counts the leads that match by where they come from, the most first.
func (s *Store) CountLeadsBySource(ctx context.Context, w LeadWhere) ([]NamedCount, error) {
	where, args := w.where()
	return s.named(ctx, "SELECT coalesce(nullif(lead.source, ''), 'not said'), count(*) FROM lead"+where+" GROUP BY 1 ORDER BY 2 DESC, 1", args)
}

// CountLeadsByDay counts the leads that match by the local day they were added on, in a zone.
func (s *Store) CountLeadsByDay(ctx context.Context, w LeadWhere, zone string) ([]NamedCount, error) {
	where, args := w.where()
	args = append(args, zone)
	day := fmt.Sprintf("(lead.added_at AT TIME ZONE $%d)::date", len(args))
	return s.named(ctx, "SELECT to_char("+day+", 'YYYY-MM-DD'), count(*) FROM lead"+where+" GROUP BY 1 ORDER BY 1", args)
}

func (s *Store) named(ctx context.Context, sql string, args []any) ([]NamedCount, error) {
	rows, err := s.Pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[NamedCount])
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	return counts, nil
}
