// Package storetest gives each test a database of its own on a real PostgreSQL, which it starts when the first test
// asks. All tests of one process share that server; each gets a copy of a database that the real migrations made.
// TEST_DATABASE_URL names a server to use instead; its role must be allowed to make databases.
//
// Only tests may import it.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"callout/store"
	"callout/store/pg"
)

const (
	startLimit = 2 * time.Minute
	stepLimit  = 30 * time.Second
	adminConns = 4

	testPrefix = "callout_test_"
	// forgotten is the age at which a database on a server that we do not own counts as left behind by a dead run.
	forgotten = 24 * time.Hour
)

// Open returns a store on a migrated database that only this test uses. It is closed when the test ends.
func Open(t testing.TB) *store.Store {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), stepLimit)
	defer cancel()
	s, err := store.Open(ctx, URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// URL returns the address of a migrated database that only this test uses.
func URL(t testing.TB) string {
	t.Helper()
	return newDatabase(t, shared(t).template)
}

// Empty returns the address of a database without any tables that only this test uses.
func Empty(t testing.TB) string {
	t.Helper()
	shared(t)
	return newDatabase(t, "template0")
}

// server is where this process makes its databases.
type server struct {
	address  string // of any database of the server
	admin    *pgxpool.Pool
	template string
	private  bool // ends with this process, and everything in it
}

// theServer is the one thing that tests of a process share; starting a server for each would cost a second.
var theServer = sync.OnceValues(startServer)

func shared(t testing.TB) *server {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatalf("start PostgreSQL for tests: %v", err)
	}
	return s
}

func startServer() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	if address := os.Getenv("TEST_DATABASE_URL"); address != "" {
		s, err := newServer(ctx, address, newName())
		if err != nil {
			return nil, err
		}
		if err := s.dropOld(ctx, time.Now()); err != nil {
			return nil, err
		}
		return s, s.makeTemplate(ctx)
	}
	dir, err := processDir()
	if err != nil {
		return nil, err
	}
	db, err := pg.Start(ctx, pg.Options{Dir: dir + "/shared", NoDownload: true, FastUnsafe: true})
	if err != nil {
		return nil, err
	}
	s, err := newServer(ctx, db.URL(pg.Database), "template_callout")
	if err != nil {
		return nil, err
	}
	s.private = true
	return s, s.makeTemplate(ctx)
}

// newServer keeps connections at hand: opening one takes as long as copying a database.
func newServer(ctx context.Context, address, template string) (*server, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = adminConns
	admin, err := pgxpool.NewWithConfig(ctx, config)
	return &server{address: address, admin: admin, template: template}, err
}

// makeTemplate runs the real migrations once.
func (s *server) makeTemplate(ctx context.Context) error {
	if err := s.create(ctx, s.template, "template0"); err != nil {
		return err
	}
	return store.Migrate(ctx, s.database(s.template), slog.New(slog.DiscardHandler))
}

// database returns the address of a database by name.
func (s *server) database(name string) string {
	address, err := url.Parse(s.address)
	if err != nil || address.Scheme == "" {
		return s.address + " dbname=" + name // the last word counts in the key=value form
	}
	address.Path = "/" + name
	return address.String()
}

func (s *server) exec(ctx context.Context, sql string) error {
	_, err := s.admin.Exec(ctx, sql)
	return err
}

// create copies a database. Without syncing, copying the files is faster than writing every page to the log.
func (s *server) create(ctx context.Context, name, template string) error {
	sql := "CREATE DATABASE " + quote(name) + " TEMPLATE " + quote(template)
	if s.private {
		sql += " STRATEGY file_copy"
	}
	return s.exec(ctx, sql)
}

func newDatabase(t testing.TB, template string) string {
	t.Helper()
	s := shared(t)
	ctx, cancel := context.WithTimeout(context.Background(), stepLimit)
	defer cancel()
	name := newName()
	if err := s.create(ctx, name, template); err != nil {
		t.Fatalf("make a database for this test: %v", err)
	}
	t.Cleanup(func() { s.drop(t, name) })
	return s.database(name)
}

// drop does not wait on a private server, which takes the database along at its own end: a drop costs more than the
// copy did.
func (s *server) drop(t testing.TB, name string) {
	t.Helper()
	drop := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), stepLimit)
		defer cancel()
		return s.exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	}
	if s.private {
		go func() { _ = drop() }() // the test has ended: there is nobody to tell
		return
	}
	if err := drop(); err != nil {
		t.Errorf("drop the database of this test: %v", err)
	}
}

// dropOld removes databases that runs which were killed left on a server that outlives them, and their templates.
func (s *server) dropOld(ctx context.Context, now time.Time) error {
	rows, err := s.admin.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", testPrefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		made, ok := madeAt(name)
		if !ok || now.Sub(made) < forgotten {
			continue
		}
		if err := s.exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

// newName is unique among all processes, and says when it was made.
func newName() string {
	return fmt.Sprintf("%s%d_%s", testPrefix, time.Now().Unix(), randomName())
}

func madeAt(name string) (time.Time, bool) {
	seconds, _, _ := strings.Cut(strings.TrimPrefix(name, testPrefix), "_")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(unix, 0), err == nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func randomName() string { return strings.ToLower(rand.Text()[:16]) }
