package desk

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// retryMost is how many waiting calls are offered again at once when somebody comes on duty.
const retryMost = 20

// retryUnassigned looks again for somebody for the calls that nobody has.
func (d *Desk) retryUnassigned(ctx context.Context) error {
	ids, err := d.q.ListUnassigned(ctx, retryMost)
	if err != nil {
		return fmt.Errorf("list unassigned calls: %w", err)
	}
	return d.inTx(ctx, func(tx pgx.Tx, _ *store.Queries) error {
		for _, id := range ids {
			if err := d.enqueue(ctx, tx, AssignArgs{CallID: id}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tick does what is due and not yet done: it offers waiting calls again, makes scheduled reports and forgets old deliveries.
func (d *Desk) Tick(ctx context.Context) error {
	if err := d.retryUnassigned(ctx); err != nil {
		return err
	}
	if err := d.runSchedules(ctx); err != nil {
		return err
	}
	if _, err := d.q.DeleteOldInbound(ctx, d.Now().AddDate(0, 0, -inboundDays)); err != nil {
		return fmt.Errorf("forget old deliveries: %w", err)
	}
	return nil
}

// inboundDays is how long a delivery is remembered: platforms repeat within hours.
const inboundDays = 7
