package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// ReportKinds lists the kinds of reports there are: the nouns they are about.
func ReportKinds() []string {
	return []string{string(NounCalls), string(NounQuotes), string(NounLeads), string(NounVisits), string(NounMaintenance)}
}

// ReportRequest asks for a report now.
type ReportRequest struct {
	Kind     string
	Filters  string
	Platform string
	Channel  string // a channel or, for a direct message, the person's chat user id
}

// defaultPeriod is what a report covers if nobody says.
const defaultPeriod = "30d"

// AskReport writes down that a report is owed and leaves the job that makes and sends it.
func (d *Desk) AskReport(ctx context.Context, a Actor, r ReportRequest) (store.ReportRun, error) {
	var run store.ReportRun
	if err := a.may(MakeReports); err != nil {
		return run, err
	}
	if err := d.checkReport(ctx, a, r.Kind, r.Filters); err != nil {
		return run, err
	}
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		now := d.Now()
		var err error
		run, err = d.oweReport(ctx, tx, q, store.InsertReportRunParams{
			DueAt: now, Kind: r.Kind, Filters: r.Filters, Platform: r.Platform, Channel: r.Channel, RequestedBy: a.ID, CreatedAt: now,
		})
		return err
	})
	if err != nil {
		return run, fmt.Errorf("ask for report: %w", err)
	}
	return run, nil
}

func (d *Desk) checkReport(ctx context.Context, a Actor, kind, filters string) error {
	if !slices.Contains(ReportKinds(), kind) {
		return wrong("kind", "There is no report “%s”.%s Reports: %s.", shorten(kind, 30), meant(kind, ReportKinds()), joined(ReportKinds(), "and"))
	}
	f, err := ParseFilter(Noun(kind), filters)
	if err != nil {
		return err
	}
	return checks[Noun(kind)](d, ctx, a, f)
}

// checks refuses, for each kind of report, a filter that names nobody who is known, or a report that the member may not see.
var checks = map[Noun]func(*Desk, context.Context, Actor, Filter) error{
	NounCalls: func(d *Desk, ctx context.Context, a Actor, f Filter) error {
		_, err := d.resolve(ctx, a, f)
		return err
	},
	NounQuotes:      (*Desk).checkQuotesReport,
	NounLeads:       (*Desk).checkLeadsReport,
	NounVisits:      (*Desk).checkVisitsReport,
	NounMaintenance: (*Desk).checkMaintenanceReport,
}

// oweReport writes a run and the notice that carries it.
func (d *Desk) oweReport(ctx context.Context, tx pgx.Tx, q *store.Queries, p store.InsertReportRunParams) (store.ReportRun, error) {
	run, err := q.InsertReportRun(ctx, p)
	if err != nil {
		return run, fmt.Errorf("write report run: %w", err)
	}
	body := []byte(`{"ref":"` + strconv.FormatInt(run.ID, 10) + `"}`)
	id, err := q.InsertNotice(ctx, store.InsertNoticeParams{
		Kind: noticeReport, MemberID: &run.RequestedBy, Channel: run.Platform, Address: run.Channel, Body: body, CreatedAt: p.CreatedAt,
	})
	if err != nil {
		return run, fmt.Errorf("write report notice: %w", err)
	}
	return run, d.enqueue(ctx, tx, ReportArgs{NoticeID: id})
}

// ReportRun reads what was asked for, and by whom.
func (d *Desk) ReportRun(ctx context.Context, id int64) (store.ReportRun, Actor, error) {
	run, err := d.q.GetReportRun(ctx, id)
	if err != nil {
		return run, Actor{}, fmt.Errorf("read report run %d: %w", id, err)
	}
	by, err := d.q.GetMember(ctx, run.RequestedBy)
	if err != nil {
		return run, Actor{}, fmt.Errorf("read who asked for report run %d: %w", id, err)
	}
	return run, Actor{Member: by, Via: "desk"}, nil
}

// ReportDone records how a run ended.
func (d *Desk) ReportDone(ctx context.Context, runID int64, failure string) error {
	now := d.Now()
	p := store.FinishReportRunParams{ID: runID, State: "sent", SentAt: &now}
	if failure != "" {
		p.State, p.Error, p.SentAt = "failed", shorten(failure, 500), nil
	}
	return d.q.FinishReportRun(ctx, p)
}

// CallsReport is the data of a report on calls.
type CallsReport struct {
	Filter       Filter
	Zone         *time.Location
	From, To     time.Time // To is the first moment after the period
	Totals       store.CallTotals
	Days         []store.CallCount
	ByTechnician []store.CallCount
	Each         func(ctx context.Context, fn func(store.CallRow) error) error
}

// CallsReport counts the calls a filter lets through. Without a period it covers the last 30 days.
func (d *Desk) CallsReport(ctx context.Context, a Actor, f Filter) (CallsReport, error) {
	r := CallsReport{Filter: f, Zone: d.ZoneOf(a.Member)}
	if err := a.may(MakeReports); err != nil {
		return r, err
	}
	if f.From == "" && f.To == "" {
		f.From, f.To = defaultPeriod, "today"
	}
	where, err := d.resolve(ctx, a, f)
	if err != nil {
		return r, err
	}
	r.From, r.To = orZero(where.From), orZero(where.To)
	if r.Totals, err = d.Store.CountCalls(ctx, where); err != nil {
		return r, err
	}
	if r.Days, err = d.Store.CountCallsByDay(ctx, where, r.Zone.String()); err != nil {
		return r, err
	}
	if r.ByTechnician, err = d.Store.CountCallsByTechnician(ctx, where); err != nil {
		return r, err
	}
	r.Each = func(ctx context.Context, fn func(store.CallRow) error) error { return d.Store.EachCall(ctx, where, fn) }
	return r, nil
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
