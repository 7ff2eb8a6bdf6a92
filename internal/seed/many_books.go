package seed

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// booksSQL writes everything but calls in great numbers, a statement for each part.
//
//go:embed many_books.sql
var booksSQL string

// Size says how many rows of each kind Large writes. Each machine gets a plan, and there is a customer for five machines.
type Size struct{ Calls, Visits, Leads, Quotes, Machines, Tasks int }

// FullSize is the large desk for which the speed of every list is told.
var FullSize = Size{Calls: 1_000_000, Visits: 100_000, Leads: 50_000, Quotes: 50_000, Machines: 20_000, Tasks: 100_000}

// Large writes a large desk of the last five years, for benchmarks and tests of plans. Its rows follow no rule of the desk but
// those that the database checks.
func Large(ctx context.Context, s *store.Store, size Size, now time.Time) error {
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
		if err := hurry(ctx, tx); err != nil {
			return err
		}
		return writeParts(ctx, tx, size, now)
	})
	if err != nil {
		return fmt.Errorf("write a large desk: %w", err)
	}
	if _, err := s.Pool.Exec(ctx, "VACUUM (ANALYZE) "+booksTables); err != nil { // as the server does by itself on a desk that has grown
		return fmt.Errorf("vacuum: %w", err)
	}
	return nil
}

const booksTables = `call, call_event, offer, customer, site, equipment, reading, pm_plan, pm_task, pm_answer, lead, quote, quote_version, visit,
    event, member`

func writeParts(ctx context.Context, tx pgx.Tx, size Size, now time.Time) error {
	const every = 10 // of so many tasks one has its answers
	first := firstMonday(now)
	counts := map[string]int{
		"customer": (size.Machines + 4) / 5, "equipment": size.Machines, "task": size.Tasks, "answer": every, "lead": size.Leads,
		"quote": size.Quotes, "visit": size.Visits,
	}
	for _, part := range strings.Split(booksSQL, "-- part: ")[1:] {
		name, sql, _ := strings.Cut(part, "\n")
		if name == "visit" { // it belongs to calls
			if err := writeMany(ctx, tx, size.Calls, now); err != nil {
				return err
			}
		}
		n, counted := counts[name]
		if counted && n == 0 {
			continue
		}
		args := pgx.NamedArgs{"n": n, "first": first, "now": now, "seconds": now.Sub(first).Seconds(), "words": manyWords}
		if _, err := tx.Exec(ctx, sql, args); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// manyWords are in the names and texts of a large desk, so that one is found in every fortieth row.
var manyWords = strings.Fields(`anchor beacon candle drum ember ferry gannet harbour island jetty kettle lantern mast needle oar
	pebble quarry rudder shingle tiller umber vane whistle yarrow amber birch clover damson elder fern gorse hazel iris juniper
	kelp larch maple nettle olive poppy`)
