package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// ErrNotMigrated is in the error of Ready when the tables are older than this binary, or missing.
var ErrNotMigrated = errors.New("the database is not migrated to this version of callout: run callout migrate")

// ErrTooNew is in the error of Migrate and Ready when a newer callout has migrated the database.
var ErrTooNew = errors.New("the database was migrated by a newer callout: run that version or a later one")

// version is how far a database, or a binary, has come: our tables and the queue's.
type version struct{ tables, queue int64 }

// Version returns the number of the newest migration in this binary.
func Version() (int64, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return 0, err
	}
	newest, err := versionOf(files)
	return newest.tables, err
}

// versionOf returns what the migrations in files, and those of the queue, lead to.
func versionOf(files fs.FS) (version, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return version{}, err
	}
	var v version
	for _, name := range names {
		number, err := goose.NumericComponent(name)
		if err != nil {
			return version{}, fmt.Errorf("read migration %s: %w", name, err)
		}
		v.tables = max(v.tables, number)
	}
	queue, err := queueMigrator(nil)
	if err != nil {
		return version{}, err
	}
	for _, step := range queue.AllVersions() {
		v.queue = max(v.queue, int64(step.Version))
	}
	return v, nil
}

// queueMigrator is quiet: what it did is logged here, in one line with our own steps.
func queueMigrator(pool *pgxpool.Pool) (*rivermigrate.Migrator[pgx.Tx], error) {
	config := &rivermigrate.Config{Schema: RiverSchema, Logger: slog.New(slog.DiscardHandler)}
	queue, err := rivermigrate.New(riverpgxv5.New(pool), config)
	if err != nil {
		return nil, fmt.Errorf("read the queue's migrations: %w", err)
	}
	return queue, nil
}

// databaseVersion reads how far a database has come. It is ErrNotMigrated when it has not begun or not finished.
func databaseVersion(ctx context.Context, pool *pgxpool.Pool) (version, error) {
	var v version
	err := pool.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&v.tables)
	if err == nil {
		err = pool.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM river.river_migration WHERE line = 'main'").Scan(&v.queue)
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (refused.Code == codeUndefinedTable || refused.Code == codeInvalidSchema) {
		return v, ErrNotMigrated
	}
	return v, err
}

// check compares the version of a database with the one that this binary needs.
func (have version) check(want version) error {
	switch {
	case have.tables > want.tables || have.queue > want.queue:
		return fmt.Errorf("%w (it is at %d/%d, this one knows %d/%d)", ErrTooNew, have.tables, have.queue, want.tables, want.queue)
	case have != want:
		return fmt.Errorf("%w (it is at %d/%d, this one needs %d/%d)", ErrNotMigrated, have.tables, have.queue, want.tables, want.queue)
	}
	return nil
}
