package store_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"callout/store"
	"callout/store/storetest"
)

// lastKept is the migration to which the test goes back: those after it are undone and done again.
const lastKept = 8

func TestMigrationsGoBackAndForthAgain(t *testing.T) {
	t.Parallel()
	ctx, address := t.Context(), storetest.Empty(t)
	if err := store.Migrate(ctx, address, silent); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	_, err = s.Pool.Exec(ctx, `INSERT INTO member (name, search, roles, state, timezone, created_at) VALUES ('Tom', 'tom', '{technician}', 'active', 'UTC', now());
		INSERT INTO duty_rule (member_id, weekday, starts, ends, on_call) VALUES (1, 1, 0, 60, true);
		INSERT INTO duty_swap (member_id, starts_at, ends_at, spans, created_at) VALUES (1, now(), now() + interval '1 hour', '[]', now());
		INSERT INTO duty_override (member_id, on_duty, on_call, starts_at, created_at, swap_id) VALUES (1, false, true, now(), now(), 1);
		INSERT INTO time_off (member_id, starts_at, ends_at, created_at, state) VALUES (1, now(), now() + interval '1 hour', now(), 'asked');
		INSERT INTO event (record, record_id, at, kind, via) VALUES ('swap', 1, now(), 'cover_asked', 'desk'), ('member', 1, now(), 'duty', 'desk');
		INSERT INTO change (record, record_id, member_id, via, at) VALUES ('call', 1, 1, 'slack', now());
		INSERT INTO change_row (change_id, relation, key, after) VALUES (1, 'call', '{"id": 1}', '{}');
		INSERT INTO loose_text VALUES (1, 'words', now());
		INSERT INTO text_seen VALUES ('+447911123456', now(), 'd', true)`)
	if err != nil {
		t.Fatal(err)
	}
	before := tables(t, address)
	db := stdlib.OpenDBFromPool(s.Pool)
	defer db.Close()
	steps, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.DownTo(ctx, lastKept); err != nil {
		t.Fatal(err)
	}
	if _, err := steps.Up(ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, tables(t, address)); diff != "" {
		t.Errorf("back and forth again (-before +after)\n%s", diff)
	}
}

// tables is a snapshot without the steps that made it.
func tables(t *testing.T, address string) []string {
	t.Helper()
	return slices.DeleteFunc(snapshot(t, address), func(line string) bool { return strings.HasPrefix(line, "step ") })
}
