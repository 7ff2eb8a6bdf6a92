package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"callout/store"
	"callout/store/pg"
)

// Private is a PostgreSQL server of one test, which may take it away and bring it back.
type Private struct {
	t    testing.TB
	dir  string
	db   *pg.Server
	addr string
}

// Server starts a server that only this test uses, with a migrated database.
func Server(t testing.TB) *Private {
	t.Helper()
	dir, err := processDir()
	if err != nil {
		t.Fatal(err)
	}
	p := &Private{t: t, dir: fmt.Sprintf("%s/private-%s", dir, randomName())}
	t.Cleanup(func() {
		p.Stop()
		if err := pg.Remove(p.dir); err != nil {
			t.Error(err)
		}
	})
	p.Start()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	if err := store.Migrate(ctx, p.URL(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return p
}

// URL returns the address of the migrated database; it stays the same when the server comes back.
func (p *Private) URL() string { return p.addr }

// Stop takes the server away: connections break and new ones are refused. A second Stop does nothing.
func (p *Private) Stop() {
	p.t.Helper()
	if p.db == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stepLimit)
	defer cancel()
	if err := p.db.Stop(ctx); err != nil {
		p.t.Errorf("stop PostgreSQL: %v", err)
	}
	p.db = nil
}

// Start brings the server back, with everything that was committed.
func (p *Private) Start() {
	p.t.Helper()
	if p.db != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	db, err := pg.Start(ctx, pg.Options{Dir: p.dir, NoDownload: true, FastUnsafe: true})
	if err != nil {
		p.t.Fatalf("start PostgreSQL for this test: %v", err)
	}
	p.db, p.addr = db, db.URL(pg.Database)
}
