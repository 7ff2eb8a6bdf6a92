package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"callout/store"
)

// LeadPage is one page of a list of leads.
type LeadPage struct {
	Leads []store.LeadRow
	Next  string // pass as after to get the next page; empty at the end
}

// Leads lists the leads a filter lets through, the newest first; those whose follow-up is due, the longest due first.
func (d *Desk) Leads(ctx context.Context, a Actor, f Filter, after string, size int) (LeadPage, error) {
	if err := a.may(SeeLeads); err != nil {
		return LeadPage{}, err
	}
	where, err := d.resolveLeads(ctx, a, f)
	if err != nil {
		return LeadPage{}, err
	}
	where.startAfter(after)
	where.Limit = size + 1
	rows, err := d.Store.ListLeads(ctx, where.LeadWhere)
	if err != nil {
		return LeadPage{}, fmt.Errorf("list leads: %w", err)
	}
	page := LeadPage{Leads: rows}
	if len(rows) > size {
		page.Leads = rows[:size]
		page.Next = where.endsAt(page.Leads[size-1])
	}
	return page, nil
}

// leadWhere pages through leads in either order.
type leadWhere struct{ store.LeadWhere }

// startAfter starts behind the page that endsAt described.
func (w *leadWhere) startAfter(page string) {
	day, id, byDue := strings.Cut(page, "/")
	if !byDue {
		w.Before, _ = strconv.ParseInt(page, 10, 64)
		return
	}
	if on, err := time.Parse(time.DateOnly, day); err == nil {
		w.AfterOn = &on
		w.After, _ = strconv.ParseInt(id, 10, 64)
	}
}

func (w *leadWhere) endsAt(last store.LeadRow) string {
	id := strconv.FormatInt(last.ID, 10)
	if w.ByDue {
		return dateText(last.NextOn) + "/" + id
	}
	return id
}

// resolveLeads turns a filter into what the database compares.
func (d *Desk) resolveLeads(ctx context.Context, a Actor, f Filter) (leadWhere, error) {
	w := leadWhere{store.LeadWhere{Stage: f.Stage, Words: searchPatterns(f.Words)}}
	var err error
	if w.From, w.To, err = f.Period(d.Now(), d.ZoneOf(a.Member)); err != nil {
		return w, err
	}
	if f.Owner != "" {
		if w.Owners, err = d.resolveOwner(ctx, a, "owner", f.Owner); err != nil {
			return w, err
		}
	}
	if f.Source != "" {
		if w.Sources, err = d.resolveSource(ctx, f.Source); err != nil {
			return w, err
		}
	}
	return w, d.resolveDue(&w.LeadWhere, a, f.Due)
}

// resolveOwner reads a filter on people, each record of which has somebody: none finds nothing.
func (d *Desk) resolveOwner(ctx context.Context, a Actor, key, who string) ([]int64, error) {
	ids, none, err := d.resolveWho(ctx, a, key, who)
	if none {
		ids = []int64{}
	}
	return ids, err
}

// resolveSource finds the sources that hold what was typed.
func (d *Desk) resolveSource(ctx context.Context, typed string) ([]string, error) {
	all, err := d.Sources(ctx)
	if err != nil {
		return nil, err
	}
	matching := []string{}
	for _, s := range all {
		if strings.Contains(Fold(s), Fold(typed)) {
			matching = append(matching, s)
		}
	}
	return matching, nil
}

// resolveDue reads due:, by the days of who asks.
func (d *Desk) resolveDue(w *store.LeadWhere, a Actor, due string) error {
	if due == "" {
		return nil
	}
	w.ByDue = true
	today := d.Today(a)
	if strings.EqualFold(due, Overdue) {
		w.DueTo = &today
		return nil
	}
	zone := d.ZoneOf(a.Member)
	first, after, err := days("due", due, d.Now(), zone)
	if err != nil {
		return err
	}
	from, to := dayIn(first, zone), dayIn(after, zone)
	w.DueFrom, w.DueTo = &from, &to
	return nil
}

// LeadsReport is the data of a report on leads.
type LeadsReport struct {
	Filter   Filter
	Zone     *time.Location
	From, To time.Time // To is the first moment after the period
	Totals   store.LeadTotals
	Days     []store.NamedCount
	ByStage  []store.NamedCount
	BySource []store.NamedCount
	Each     func(ctx context.Context, fn func(store.LeadRow) error) error
}

// LeadsReport counts the leads a filter lets through. Without a period it covers those added in the last 30 days.
func (d *Desk) LeadsReport(ctx context.Context, a Actor, f Filter) (LeadsReport, error) {
	r := LeadsReport{Filter: f, Zone: d.ZoneOf(a.Member)}
	if err := d.mayReport(a, SeeLeads); err != nil {
		return r, err
	}
	if f.From == "" && f.To == "" && f.Due == "" {
		f.From, f.To = defaultPeriod, "today"
	}
	where, err := d.resolveLeads(ctx, a, f)
	if err != nil {
		return r, err
	}
	w := where.LeadWhere
	r.From, r.To = orZero(w.From), orZero(w.To)
	if r.Totals, err = d.Store.CountLeads(ctx, w, d.Today(a)); err != nil {
		return r, err
	}
	if r.Days, err = d.Store.CountLeadsByDay(ctx, w, r.Zone.String()); err != nil {
		return r, err
	}
	if r.ByStage, err = d.Store.CountLeadsByStage(ctx, w); err != nil {
		return r, err
	}
	if r.BySource, err = d.Store.CountLeadsBySource(ctx, w); err != nil {
		return r, err
	}
	r.Each = func(ctx context.Context, fn func(store.LeadRow) error) error { return d.Store.EachLead(ctx, w, fn) }
	return r, nil
}

// mayReport refuses a report on records that the member may not see.
func (d *Desk) mayReport(a Actor, see Action) error {
	if err := a.may(MakeReports); err != nil {
		return err
	}
	return a.may(see)
}

func (d *Desk) checkLeadsReport(ctx context.Context, a Actor, f Filter) error {
	if err := d.mayReport(a, SeeLeads); err != nil {
		return err
	}
	_, err := d.resolveLeads(ctx, a, f)
	return err
}
