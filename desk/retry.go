package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"callout/store"
)

// retryMost is how many waiting calls are offered again at once.
const retryMost = 50

// retryQuiet leaves alone calls to which something just happened: their own job may be under way, for a chosen person.
const retryQuiet = 20 * time.Second

// retryUnassigned looks again for somebody for the calls that nobody has.
func (d *Desk) retryUnassigned(ctx context.Context) error {
	now := d.Now()
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		ids, err := q.TakeUnassigned(ctx, store.TakeUnassignedParams{QuietSince: now.Add(-retryQuiet), Max: retryMost, Now: &now})
		if err != nil {
			return fmt.Errorf("list unassigned calls: %w", err)
		}
		for _, id := range ids {
			if err := d.enqueue(ctx, tx, AssignArgs{CallID: id}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tick does what is due and not yet done: it takes up what a killed process left, takes the steps of calls, offers waiting calls
// again, makes scheduled reports, reminds, and forgets old deliveries. What fails keeps nothing else from being done.
func (d *Desk) Tick(ctx context.Context) error {
	var failed []error
	for _, due := range []func(context.Context) error{
		d.takeUp, d.takeSteps, d.retryUnassigned, d.runSchedules, d.remindOfDay, d.tickQuotes, d.maintain, d.tickDuty, d.watchBudget, d.drill, d.informDue, d.forgetDeliveries, d.forgetAsides, d.forgetChanges,
	} {
		failed = append(failed, due(ctx))
	}
	return errors.Join(failed...)
}

func (d *Desk) forgetDeliveries(ctx context.Context) error {
	if _, err := d.q.DeleteOldInbound(ctx, d.Now().AddDate(0, 0, -inboundDays)); err != nil {
		return fmt.Errorf("forget old deliveries: %w", err)
	}
	return nil
}

// inboundDays is how long a delivery is remembered: platforms repeat within hours.
const inboundDays = 7

// A notice that was never tried for so long belonged to a process that was killed, or the workers are far behind; a second job
// does no harm then.
const (
	untriedAfter       = 45 * time.Second
	untriedReportAfter = 10 * time.Minute
)

// takeUp leaves new jobs for messages and cards whose worker died, where River itself waits longer, and for cards that
// could not be drawn, which are never given up.
func (d *Desk) takeUp(ctx context.Context) error {
	now := d.Now()
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		notices, err := q.ListStuckNotices(ctx, store.ListStuckNoticesParams{
			Now: now, Before: now.Add(-untriedAfter), ReportsBefore: now.Add(-untriedReportAfter),
		})
		if err != nil {
			return fmt.Errorf("list stuck notices: %w", err)
		}
		if err := q.FreeBundled(ctx, now); err != nil {
			return fmt.Errorf("free what was bundled: %w", err)
		}
		var args []river.JobArgs
		for _, n := range notices {
			if n.Kind == noticeReport {
				args = append(args, ReportArgs{NoticeID: n.ID})
				continue
			}
			args = append(args, NoticeArgs{NoticeID: n.ID})
		}
		cards, err := d.undrawn(ctx, q)
		if err != nil {
			return err
		}
		for _, c := range cards {
			args = append(args, c)
		}
		files, err := q.ListOwedFiles(ctx, now.Add(-fileAgain))
		if err != nil {
			return fmt.Errorf("list owed files: %w", err)
		}
		for _, id := range files {
			args = append(args, FileArgs{FileID: id})
		}
		return d.enqueue(ctx, tx, args...)
	})
}
