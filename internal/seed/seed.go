// Package seed owns the made-up company of the demo: its people, customers, machines and half a year of calls. It writes
// them as the desk would have, and must not know chat platforms, the sandbox or HTTP. Only the demo and tests use it.
package seed

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Options says what Apply writes beside the company and its history.
type Options struct {
	// CallsChannel is the chat channel in which every pending call gets a card once the desk runs; empty means no cards.
	CallsChannel string
	// QuotesChannel is the same for quotes that nobody has decided on.
	QuotesChannel string
}

// Apply writes the company and its history up to now, in one transaction. The same now gives the same rows. It does nothing
// when the database has a member already.
func Apply(ctx context.Context, s *store.Store, now time.Time, o Options) error {
	now = moment(now)
	h, err := playThrough(now)
	if err != nil {
		return err
	}
	err = s.InTx(ctx, func(tx pgx.Tx) error {
		fresh, err := claim(ctx, tx)
		if err != nil || !fresh {
			return err
		}
		if err := writeCompany(ctx, tx, h.firm, now); err != nil {
			return err
		}
		if err := writeHistory(ctx, tx, h, o, now); err != nil {
			return err
		}
		if err := writeDuty(ctx, tx, h.firm, o, now); err != nil {
			return err
		}
		return writeBooks(ctx, tx, h, o, now)
	})
	if err != nil {
		return fmt.Errorf("write the demo company: %w", err)
	}
	return nil
}

// moment drops what must not make a difference: the zone of the clock, and parts of a second.
func moment(now time.Time) time.Time { return now.UTC().Truncate(time.Second) }

// claim reports whether the database has nobody yet, and keeps others from filling it meanwhile.
func claim(ctx context.Context, tx pgx.Tx) (bool, error) {
	if _, err := tx.Exec(ctx, "LOCK TABLE member IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		return false, fmt.Errorf("lock members: %w", err)
	}
	var used bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM member)").Scan(&used); err != nil {
		return false, fmt.Errorf("look for members: %w", err)
	}
	return !used, nil
}
