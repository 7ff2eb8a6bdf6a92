package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"callout/store"
)

// VisitPage is one page of a list of visits.
type VisitPage struct {
	Visits []store.VisitRow
	Next   string // pass as after to get the next page; empty at the end
}

// Visits lists the visits a filter lets through, the latest first; planned ones the soonest first.
func (d *Desk) Visits(ctx context.Context, a Actor, f Filter, after string, size int) (VisitPage, error) {
	if err := a.may(SeeVisits); err != nil {
		return VisitPage{}, err
	}
	where, err := d.resolveVisits(ctx, a, f)
	if err != nil {
		return VisitPage{}, err
	}
	if at, id, ok := strings.Cut(after, "/"); ok {
		if moment, err := time.Parse(time.RFC3339Nano, at); err == nil {
			where.AfterAt = &moment
			where.After, _ = strconv.ParseInt(id, 10, 64)
		}
	}
	where.Limit = size + 1
	rows, err := d.Store.ListVisits(ctx, where)
	if err != nil {
		return VisitPage{}, fmt.Errorf("list visits: %w", err)
	}
	page := VisitPage{Visits: rows}
	if len(rows) > size {
		page.Visits = rows[:size]
		last := page.Visits[size-1]
		page.Next = last.At.UTC().Format(time.RFC3339Nano) + "/" + strconv.FormatInt(last.ID, 10)
	}
	return page, nil
}

// resolveVisits turns a filter into what the database compares.
func (d *Desk) resolveVisits(ctx context.Context, a Actor, f Filter) (store.VisitWhere, error) {
	w := store.VisitWhere{Status: f.Status, Purpose: f.Purpose, Words: patterns(f.Words), Soonest: f.Status == VisitPlanned}
	var err error
	if w.From, w.To, err = f.Period(d.Now(), d.ZoneOf(a.Member)); err != nil {
		return w, err
	}
	if f.By != "" {
		if w.Members, err = d.resolveOwner(ctx, a, "by", f.By); err != nil {
			return w, err
		}
	}
	if f.Customer != "" {
		w.Customers, w.Leads, err = d.Store.FindParties(ctx, searchPatterns(f.Customer))
		if err != nil {
			return w, fmt.Errorf("find customers: %w", err)
		}
	}
	return w, nil
}

// The statuses of a visit.
const (
	VisitPlanned   = "planned"
	VisitDone      = "done"
	VisitCancelled = "cancelled"
)

// VisitStatus says where a visit is.
func VisitStatus(v store.Visit) string {
	switch {
	case v.CancelledAt != nil:
		return VisitCancelled
	case v.Happened:
		return VisitDone
	}
	return VisitPlanned
}

// VisitsReport is the data of a report on visits.
type VisitsReport struct {
	Filter    Filter
	Zone      *time.Location
	From, To  time.Time // To is the first moment after the period
	Totals    store.VisitTotals
	Days      []store.NamedCount
	ByPurpose []store.NamedCount
	ByMember  []store.NamedCount
	Each      func(ctx context.Context, fn func(store.VisitRow) error) error
}

// VisitsReport counts the visits a filter lets through. Without a period it covers the last 30 days.
func (d *Desk) VisitsReport(ctx context.Context, a Actor, f Filter) (VisitsReport, error) {
	r := VisitsReport{Filter: f, Zone: d.ZoneOf(a.Member)}
	if err := d.mayReport(a, SeeVisits); err != nil {
		return r, err
	}
	if f.From == "" && f.To == "" {
		f.From, f.To = defaultPeriod, "today"
	}
	where, err := d.resolveVisits(ctx, a, f)
	if err != nil {
		return r, err
	}
	r.From, r.To = orZero(where.From), orZero(where.To)
	if r.Totals, err = d.Store.CountVisits(ctx, where); err != nil {
		return r, err
	}
	if r.Days, err = d.Store.CountVisitsByDay(ctx, where, r.Zone.String()); err != nil {
		return r, err
	}
	if r.ByPurpose, err = d.Store.CountVisitsByPurpose(ctx, where); err != nil {
		return r, err
	}
	for i := range r.ByPurpose {
		r.ByPurpose[i].Label = strings.ReplaceAll(r.ByPurpose[i].Label, "_", " ")
	}
	if r.ByMember, err = d.Store.CountVisitsByMember(ctx, where); err != nil {
		return r, err
	}
	r.Each = func(ctx context.Context, fn func(store.VisitRow) error) error {
		return d.Store.EachVisit(ctx, where, fn)
	}
	return r, nil
}

func (d *Desk) checkVisitsReport(ctx context.Context, a Actor, f Filter) error {
	if err := d.mayReport(a, SeeVisits); err != nil {
		return err
	}
	_, err := d.resolveVisits(ctx, a, f)
	return err
}
