package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// RiverSchema is where the queue keeps its tables, apart from ours.
const RiverSchema = "river"

// migrationLock is the key of the advisory lock that lets one process migrate at a time: "callout" in ASCII.
const migrationLock = 0x63616c6c6f7574

// dropArgsIndex removes an index that the queue never reads and whose upkeep stalls inserts for hundreds of
// milliseconds: https://github.com/riverqueue/river/issues/1296.
const dropArgsIndex = `DROP INDEX IF EXISTS river.river_job_args_index`

// Migrate brings the database at address to this binary's version: our tables, then the queue's. Processes that start
// together wait for each other, a second run changes nothing, and a database that is newer than the binary is refused.
func Migrate(ctx context.Context, address string, log *slog.Logger) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	return explain(migrate(ctx, address, files, log))
}

func migrate(ctx context.Context, address string, files fs.FS, log *slog.Logger) error {
	config, err := migrationConfig(address)
	if err != nil {
		return err
	}
	// The lock has a connection of its own: waiting on a pooled one, several migrators could starve each other.
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig.Copy())
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // which also unlocks
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for another migration: %w", err)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer pool.Close()
	return migrateLocked(ctx, pool, files, log)
}

func migrationConfig(address string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	config.MaxConns = 2
	config.ConnConfig.ConnectTimeout = connectTimeout
	config.ConnConfig.RuntimeParams["application_name"] = "callout migrate"
	return config, nil
}

// migrateLocked refuses a newer database first, so that nothing of it is touched.
func migrateLocked(ctx context.Context, pool *pgxpool.Pool, files fs.FS, log *slog.Logger) error {
	began := time.Now()
	want, err := versionOf(files)
	if err != nil {
		return err
	}
	have, err := databaseVersion(ctx, pool)
	if err != nil && !errors.Is(err, ErrNotMigrated) {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	if err := have.check(want); errors.Is(err, ErrTooNew) {
		return err
	}
	steps, err := migrateTables(ctx, pool, files)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	queueSteps, err := migrateQueue(ctx, pool)
	if err != nil {
		return fmt.Errorf("migrate the queue: %w", err)
	}
	if steps+queueSteps > 0 {
		log.Info("database migrated", "version", want.tables, "steps", steps, "queue_steps", queueSteps, "took", time.Since(began))
	}
	return nil
}

// migrateTables makes our tables and returns how many steps that took.
func migrateTables(ctx context.Context, pool *pgxpool.Pool, files fs.FS) (int, error) {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	ours, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, err
	}
	done, err := ours.Up(ctx)
	return len(done), err
}

// migrateQueue makes the queue's tables and returns how many steps that took.
func migrateQueue(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	if _, err := pool.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+RiverSchema); err != nil {
		return 0, err
	}
	queue, err := queueMigrator(pool)
	if err != nil {
		return 0, err
	}
	result, err := queue.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return 0, err
	}
	_, err = pool.Exec(ctx, dropArgsIndex)
	return len(result.Versions), err
}
