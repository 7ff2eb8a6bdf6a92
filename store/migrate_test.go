package store_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"callout/store"
	"callout/store/storetest"
)

var silent = slog.New(slog.DiscardHandler)

// snapshot lists everything that a migration could change: columns, indexes, constraints and the recorded steps.
func snapshot(t *testing.T, address string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), `
		SELECT format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, column_default) FROM information_schema.columns
		WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
		UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
		UNION ALL SELECT format('step %s %s %s', id, version_id, tstamp) FROM goose_db_version
		UNION ALL SELECT format('queue step %s %s', version, created_at) FROM river.river_migration
		ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestMigrateFreshThenTwice(t *testing.T) {
	t.Parallel()
	ctx, address := t.Context(), storetest.Empty(t)
	s, err := store.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Ready(ctx); !errors.Is(err, store.ErrNotMigrated) {
		t.Errorf("ready before: %v", err)
	}
	if err := store.Migrate(ctx, address, silent); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(ctx); err != nil {
		t.Errorf("ready after: %v", err)
	}
	first := snapshot(t, address)
	var said bytes.Buffer
	if err := store.Migrate(ctx, address, slog.New(slog.NewTextHandler(&said, nil))); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, snapshot(t, address)); diff != "" || said.Len() != 0 {
		t.Errorf("second run changed this, and said %q:\n%s", said.String(), diff)
	}
	for _, line := range first {
		if strings.Contains(line, "river_job_args_index") {
			t.Errorf("still there: %s", line)
		}
	}
}

func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	address := storetest.Empty(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := store.Migrate(t.Context(), address, silent); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"tables": "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)",
		"queue":  "INSERT INTO river.river_migration (line, version) VALUES ('main', 9999)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, address := t.Context(), storetest.URL(t)
			s, err := store.Open(ctx, address)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err := s.Pool.Exec(ctx, sql); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, address)
			if err := store.Migrate(ctx, address, silent); !errors.Is(err, store.ErrTooNew) {
				t.Errorf("migrate: %v", err)
			}
			if err := s.Ready(ctx); !errors.Is(err, store.ErrTooNew) {
				t.Errorf("ready: %v", err)
			}
			if diff := cmp.Diff(before, snapshot(t, address)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	t.Parallel()
	ctx, address := t.Context(), storetest.Empty(t)
	good := &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE one (id int);\n")}
	bad := &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE two (id int);\nSELECT 1/0;\n")}
	files := fstest.MapFS{"00001_one.sql": good, "00002_two.sql": bad}
	if err := store.MigrateFiles(ctx, address, files, silent); err == nil || errors.Is(err, store.ErrUnavailable) {
		t.Errorf("bad migration: %v", err)
	}
	bad.Data = []byte("-- +goose Up\nCREATE TABLE two (id int);\n")
	if err := store.MigrateFiles(ctx, address, files, silent); err != nil {
		t.Errorf("after the repair: %v", err)
	}
}

func TestMigrateWithoutDatabase(t *testing.T) {
	t.Parallel()
	if err := store.Migrate(t.Context(), "postgres://x@127.0.0.1:1/x", silent); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if v, err := store.Version(); err != nil || v < 1 {
		t.Errorf("version %d, %v", v, err)
	}
}
