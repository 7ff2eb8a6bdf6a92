package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"callout/store"
	"callout/store/storetest"
)

// newCounters returns a store with two rows to quarrel over.
func newCounters(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Open(t)
	if _, err := s.Pool.Exec(t.Context(), "CREATE TABLE counter AS SELECT id, 0 AS n FROM generate_series(1, 2) AS id"); err != nil {
		t.Fatal(err)
	}
	return s
}

func add(ctx context.Context, tx pgx.Tx, id int) error {
	_, err := tx.Exec(ctx, "UPDATE counter SET n = n + 1 WHERE id = $1", id)
	return err
}

func sum(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	if err := s.Pool.QueryRow(t.Context(), "SELECT sum(n) FROM counter").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInTxCommitsOrRollsBack(t *testing.T) {
	t.Parallel()
	s, ctx := newCounters(t), t.Context()
	if err := s.InTx(ctx, func(tx pgx.Tx) error { return add(ctx, tx, 1) }); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("changed my mind")
	err := s.InTx(ctx, func(tx pgx.Tx) error { return errors.Join(add(ctx, tx, 1), wrong) })
	if !errors.Is(err, wrong) || errors.Is(err, store.ErrUnavailable) {
		t.Errorf("error of the function became %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.InTx(ctx, func(tx pgx.Tx) error {
			if err := add(ctx, tx, 1); err != nil {
				t.Error(err)
			}
			panic("in the middle")
		})
	}()
	gone, cancel := context.WithCancel(ctx)
	err = s.InTx(gone, func(tx pgx.Tx) error {
		err := add(ctx, tx, 1)
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("commit after cancel: %v", err)
	}
	if n := sum(t, s); n != 1 {
		t.Errorf("counted %d, want only the first transaction", n)
	}
	if n := s.Pool.Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections were not given back", n)
	}
}

func TestInTxRepeatsSerializationFailures(t *testing.T) {
	t.Parallel()
	s, ctx := newCounters(t), t.Context()
	const workers = 3
	var tries, all sync.WaitGroup
	tries.Add(workers)
	for range workers {
		all.Go(func() {
			first := true
			err := s.InTx(ctx, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"); err != nil {
					return err
				}
				var n int
				if err := tx.QueryRow(ctx, "SELECT n FROM counter WHERE id = 1").Scan(&n); err != nil {
					return err
				}
				if first { // everybody has read the old value, so all but one must fail once
					first = false
					tries.Done()
					tries.Wait()
				}
				_, err := tx.Exec(ctx, "UPDATE counter SET n = $1 WHERE id = 1", n+1)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := sum(t, s); n != workers {
		t.Errorf("counted %d, want %d", n, workers)
	}
}

func TestInTxRepeatsDeadlocks(t *testing.T) {
	t.Parallel()
	s, ctx := newCounters(t), t.Context()
	var met, all sync.WaitGroup
	met.Add(2)
	for _, order := range [][2]int{{1, 2}, {2, 1}} {
		all.Go(func() {
			first := true
			err := s.InTx(ctx, func(tx pgx.Tx) error {
				if err := add(ctx, tx, order[0]); err != nil {
					return err
				}
				if first {
					first = false
					met.Done()
					met.Wait()
				}
				return add(ctx, tx, order[1])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := sum(t, s); n != 4 {
		t.Errorf("counted %d, want 4", n)
	}
}

func TestInTxGivesUp(t *testing.T) {
	t.Parallel()
	s, tries := storetest.Open(t), 0
	err := s.InTx(t.Context(), func(pgx.Tx) error {
		tries++
		return &pgconn.PgError{Code: "40001", Message: "again"}
	})
	if err == nil || tries < 2 || tries > 5 {
		t.Errorf("%d tries, then %v", tries, err)
	}
}

// TestDatabaseAway is the life of a store whose server goes and comes back: no restart, no new store.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	server := storetest.Server(t)
	s, err := store.Open(ctx, server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Ready(ctx); err != nil {
		t.Fatal(err)
	}

	err = s.InTx(ctx, func(tx pgx.Tx) error {
		server.Stop()
		_, err := tx.Exec(ctx, "SELECT 1")
		return err
	})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("server stopped in a transaction: %v", err)
	}
	for name, try := range map[string]func() error{
		"ping": func() error { return s.Ping(ctx) }, "ready": func() error { return s.Ready(ctx) },
		"transaction": func() error { return s.InTx(ctx, func(pgx.Tx) error { return nil }) },
		"open":        func() error { _, err := store.Open(ctx, server.URL()); return err },
	} {
		if err := try(); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s while away: %v", name, err)
		}
	}
	if _, err := s.Pool.Exec(ctx, "SELECT 1"); !store.Unavailable(err) {
		t.Errorf("query while away: %v", err)
	}

	server.Start()
	if err := s.Ready(ctx); err != nil {
		t.Errorf("ready after return: %v", err)
	}
	if err := s.InTx(ctx, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, "SELECT 1"); return err }); err != nil {
		t.Errorf("transaction after return: %v", err)
	}
}

// TestQuickRestart has a pool full of connections that died a moment ago and look alive.
func TestQuickRestart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	server := storetest.Server(t)
	s, err := store.Open(ctx, server.URL()+"&pool_max_conns=3")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	conns := s.Pool.Config().MaxConns
	var all, busy sync.WaitGroup
	busy.Add(int(conns))
	for range conns {
		all.Go(func() {
			if err := s.InTx(ctx, func(pgx.Tx) error { busy.Done(); busy.Wait(); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	server.Stop()
	server.Start()
	for range conns {
		if err := s.InTx(ctx, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, "SELECT 1"); return err }); err != nil {
			t.Errorf("transaction right after a restart: %v", err)
		}
	}
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	waiting, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, slow := s.Pool.Exec(waiting, "SELECT pg_sleep(60)")
	_, unique := s.Pool.Exec(t.Context(), "SELECT 1/0")
	_, locked := s.Pool.Exec(t.Context(), "SET statement_timeout = '10ms'; SELECT pg_sleep(60)")
	killed := s.Pool.QueryRow(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())").Scan(new(bool))
	_, wrongName := store.Open(t.Context(), strings.Replace(storetest.URL(t), "/callout_test", "/no_such", 1))
	_, refused := store.Open(t.Context(), "postgres://x@127.0.0.1:1/x")
	for name, check := range map[string]struct {
		err  error
		want bool
	}{
		"nothing": {nil, false}, "deadline": {slow, true}, "wrong statement": {unique, false},
		"statement timeout": {locked, true}, "terminated": {killed, true},
		"wrong database": {wrongName, false}, "connection refused": {refused, true},
		"own cancel": {context.Canceled, false}, "no rows": {pgx.ErrNoRows, false},
		"starting up": {&pgconn.PgError{Code: "57P03"}, true},
	} {
		if got := store.Unavailable(check.err); got != check.want {
			t.Errorf("%s: Unavailable(%v) = %v", name, check.err, got)
		}
	}
	if !errors.Is(refused, store.ErrUnavailable) || wrongName == nil {
		t.Errorf("refused: %v, wrong name: %v", refused, wrongName)
	}
}

// TestBusyPool has every connection taken: that must end, and say why, rather than wait for ever.
func TestBusyPool(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), storetest.URL(t)+"&pool_max_conns=1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.InTx(t.Context(), func(pgx.Tx) error {
		return s.InTx(t.Context(), func(pgx.Tx) error { return nil })
	})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("transaction without a connection: %v", err)
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	for name, want := range map[string]string{"application_name": "callout", "TimeZone": "UTC", "lock_timeout": "10s"} {
		var got string
		if err := s.Pool.QueryRow(t.Context(), "SHOW "+name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", name, got, err, want)
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"postgres://u:hunter2@host/db", "postgres://host/db?user=u&password=hunter2", "host=h password=hunter2", "%zz hunter2",
	} {
		if got := store.Redact(address); strings.Contains(got, "hunter2") {
			t.Errorf("password in %q", got)
		}
	}
}
