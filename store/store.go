// Package store is Callout's database: the connection pool, transactions, migrations and the queries that sqlc
// generates from queries/. It knows tables and SQL; it decides nothing and knows no chat, HTTP or queue workers.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	connectTimeout = 5 * time.Second
	acquireTimeout = 5 * time.Second // waiting longer for a free connection means that the database is away or stuck
	rollbackLimit  = 5 * time.Second
	readyTimeout   = 3 * time.Second

	connsPerCore = 4 // measured best; more is slower
	minConns     = 8
	maxConns     = 30 // the private server accepts 40

	txAttempts = 4
	txPause    = 10 * time.Millisecond
)

// sessionDefaults keep one bad statement from holding up everything. The address of the database may override them.
var sessionDefaults = map[string]string{
	"application_name":                    "callout",
	"timezone":                            "UTC",
	"statement_timeout":                   "60s",
	"lock_timeout":                        "10s",
	"idle_in_transaction_session_timeout": "60s",
}

// Store is an open database. Its queries are those of Queries, run on the pool.
type Store struct {
	Pool *pgxpool.Pool
	*Queries

	want version
}

// Open connects to the database at address. It returns an error that Is ErrUnavailable when nobody answers there.
func Open(ctx context.Context, address string) (*Store, error) { return OpenBounded(ctx, address, 0) }

// OpenBounded is Open with at most so many connections at once, unless the address says otherwise; 0 are as many as are good.
func OpenBounded(ctx context.Context, address string, most int32) (*Store, error) {
	config, err := poolConfig(address)
	if err != nil {
		return nil, err
	}
	if most > 0 {
		config.MaxConns = min(config.MaxConns, most)
	}
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	want, err := versionOf(files)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{Pool: pool, Queries: New(pool), want: want}
	if err := s.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

func poolConfig(address string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	if !strings.Contains(address, "pool_max_conns") {
		config.MaxConns = int32(min(max(connsPerCore*runtime.GOMAXPROCS(0), minConns), maxConns))
	}
	if !strings.Contains(address, "connect_timeout") {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	config.PingTimeout = connectTimeout
	for name, value := range sessionDefaults {
		if _, set := config.ConnConfig.RuntimeParams[name]; !set {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	return config, nil
}

// Close waits for running transactions and closes every connection.
func (s *Store) Close() { s.Pool.Close() }

// Ping returns nil when the database answers, and an error that Is ErrUnavailable when it does not.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	if err := s.Pool.Ping(ctx); err != nil {
		return explain(fmt.Errorf("reach the database: %w", err))
	}
	return nil
}

// Ready returns nil when the database answers and has exactly the tables that this binary was built for.
func (s *Store) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	have, err := databaseVersion(ctx, s.Pool)
	if err != nil {
		return explain(fmt.Errorf("read the version of the database: %w", err))
	}
	return have.check(s.want)
}

// InTx runs fn in a transaction and commits when fn returns nil. fn runs again, from the start, when the database asks
// for that because of other transactions, so it must keep no result of an earlier try. A commit whose answer is lost is
// not repeated: the error Is ErrUnavailable and the work may have been done.
func (s *Store) InTx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := s.tryTx(ctx, fn)
		if err == nil || attempt == txAttempts || !again(err) {
			return explain(err)
		}
		// Two transactions that met once should not meet again.
		timer := time.NewTimer(time.Duration(attempt) * txPause * time.Duration(1+rand.IntN(3)) / 2)
		select {
		case <-ctx.Done():
			timer.Stop()
			return explain(err)
		case <-timer.C:
		}
	}
}

// errBegin marks a transaction that has not begun: trying again is safe.
var errBegin = errors.New("begin a transaction")

func (s *Store) tryTx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	conn, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errBegin, err)
	}
	defer func() {
		// Also after a panic in fn, and when ctx has ended. After a commit it does nothing.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackLimit)
		defer cancel()
		_ = tx.Rollback(ctx)
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// acquire takes a connection from the pool, which would wait for one without end.
func (s *Store) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	conn, err := s.Pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("get a database connection: %w", err)
	}
	return conn, nil
}

// again reports whether a transaction that failed with err may succeed when it is run again.
func again(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code == codeSerialization || refused.Code == codeDeadlock
	}
	// A connection that died while it lay in the pool: the next one may be alive.
	return errors.Is(err, errBegin) && Unavailable(err)
}

// Redact returns the address of a database without its password, for people and logs.
func Redact(address string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme == "" {
		return "***"
	}
	query := parsed.Query()
	if query.Has("password") {
		query.Set("password", "***")
		parsed.RawQuery = query.Encode()
	}
	return parsed.Redacted()
}
