package seed

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/desk"
	"callout/store"
)

// manyWeeks is the time over which Many spreads calls: five years.
const manyWeeks = 260

// callsSQL writes closed calls with their offers and timelines, oldest first, on the working days of the given weeks.
//
//go:embed many.sql
var callsSQL string

var errNothing = errors.New("there is no technician or no machine to make calls for")

// Many writes n closed calls of the last five years with their offers and timelines, for benchmarks and tests of large
// desks. When the database has nobody yet it writes the company without its half year of calls first, so that there are
// exactly n. Their numbers go on after those that are there.
func Many(ctx context.Context, s *store.Store, n int, now time.Time) error {
	now = moment(now)
	err := s.InTx(ctx, func(tx pgx.Tx) error {
		fresh, err := claim(ctx, tx)
		if err != nil {
			return err
		}
		if fresh {
			if err := writeCompany(ctx, tx, Company(), now); err != nil {
				return err
			}
		}
		return writeMany(ctx, tx, n, now)
	})
	if err != nil {
		return fmt.Errorf("write %d calls: %w", n, err)
	}
	return nil
}

func writeMany(ctx context.Context, tx pgx.Tx, n int, now time.Time) error {
	if n <= 0 {
		return nil
	}
	if err := hurry(ctx, tx); err != nil {
		return err
	}
	texts, searches, fixes := manyTexts()
	tag, err := tx.Exec(ctx, callsSQL, pgx.NamedArgs{
		"n": n, "first": firstMonday(now), "days": manyWeeks * len(workDays), "texts": texts, "searches": searches, "fixes": fixes,
	})
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return errNothing
	}
	if _, err := tx.Exec(ctx, "ANALYZE call, call_event, offer, customer"); err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}

// hurry lets a statement take long, and leaves out the checks of foreign keys where the role may: they take two thirds of
// the time, and every id comes from the table it refers to. A test checks them.
func hurry(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT set_config('statement_timeout', '0', true),
		CASE WHEN has_parameter_privilege('session_replication_role', 'SET') THEN set_config('session_replication_role', 'replica', true) END`)
	if err != nil {
		return fmt.Errorf("allow long statements: %w", err)
	}
	return nil
}

// firstMonday is so many weeks before this week's Monday that the last working day written is a Friday in the past.
func firstMonday(now time.Time) time.Time {
	today := dateOf(now)
	sinceMonday := (int(today.Weekday()) + 6) % 7
	return today.AddDate(0, 0, -sinceMonday-7*manyWeeks)
}

// manyTexts returns pairs of a summary and details, separated by a line break, as one text each to keep the arrays aligned.
func manyTexts() (texts, searches, fixes []string) {
	for _, kind := range []string{"copier", "printer", "coffee", "franking", "general"} {
		for _, p := range problems[kind] {
			for i, details := range p.details {
				summary, details := filled(p.summary, "machine", "the office"), filled(details, "machine", "the office")
				texts = append(texts, summary+"\n"+details)
				searches = append(searches, desk.Fold(summary+" "+details))
				fixes = append(fixes, filled(p.fixes[i%len(p.fixes)], "machine", "the office"))
			}
		}
	}
	return texts, searches, fixes
}
