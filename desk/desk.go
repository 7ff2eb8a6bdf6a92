// Package desk owns the rules of the business: one method for each thing people do, each one transaction that also writes
// the timeline and enqueues the jobs. It must not know chat platforms, HTTP or any SDK; decisions that need no database
// (who gets a call, what a filter means, who is on duty) are pure functions beside the methods.
package desk

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"callout/store"
)

// Options says which company this is and where its records are.
type Options struct {
	Store    *store.Store
	Now      func() time.Time
	Log      *slog.Logger
	Company  string
	Zone     *time.Location // for dates and hours of people who have no zone of their own
	Country  string         // ISO 3166 code, for phones typed without a country code
	Currency string         // ISO 4217 code
	Admins   []string       // chat user ids that are admins from the start
	Channels []string       // the ways to reach people that are set up: slack, discord, sms, email
	Defaults Settings       // from the environment; what an admin sets in chat wins
	Observe  Observe
}

// Desk is the support desk of one company. It is safe for concurrent use, and several may share one database.
type Desk struct {
	Options
	q     *store.Queries
	river *river.Client[pgx.Tx]
	*memory
}

// memory is what a process remembers for a moment of what is in the database.
type memory struct {
	waker waker

	settingsMu      sync.Mutex // never held over a query
	settings        Settings
	settingsAt      time.Time // zero when they are not known
	settingsBusy    bool      // somebody reads them anew
	settingsVersion int       // counts changes made here

	spending spending
}

// New returns a desk on a migrated database. Jobs are only put into the queue here; package jobs works them.
func New(o Options) (*Desk, error) {
	client, err := river.NewClient(riverpgxv5.New(o.Store.Pool), &river.Config{
		Schema: store.RiverSchema, Logger: o.Log, FetchCooldown: wakeEvery, // for a client that only inserts: how often it tells the workers
	})
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	return &Desk{Options: o, q: o.Store.Queries, river: client, memory: &memory{}}, nil
}

// Over returns the same desk over other connections to its database; what one remembers, the other does.
func (d *Desk) Over(s *store.Store) (*Desk, error) {
	o := d.Options
	o.Store = s
	other, err := New(o)
	if err != nil {
		return nil, err
	}
	other.memory = d.memory
	return other, nil
}

// Actor is who does something, through which channel, and the key of the delivery it came with. The same key twice is the
// same act twice, and changes nothing the second time; an empty key is never a repetition.
type Actor struct {
	store.Member
	Via string
	Key string
}

// Can reports whether the member may do an action.
func (a Actor) Can(action Action) bool { return a.State == StateActive && May(a.Roles, action) }

// inTx runs fn in one transaction.
func (d *Desk) inTx(ctx context.Context, fn func(tx pgx.Tx, q *store.Queries) error) error {
	return d.Store.InTx(ctx, func(tx pgx.Tx) error { return fn(tx, d.q.WithTx(tx)) })
}

// enqueue puts jobs into the queue; they become visible to workers when the transaction commits.
func (d *Desk) enqueue(ctx context.Context, tx pgx.Tx, args ...river.JobArgs) error {
	if len(args) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(args))
	for i, a := range args {
		params[i] = river.InsertManyParams{Args: a}
	}
	if _, err := d.river.InsertManyTx(ctx, tx, params); err != nil {
		return fmt.Errorf("enqueue jobs: %w", err)
	}
	return nil
}

// claim records the delivery of an act. False means that the same delivery was handled before.
func (d *Desk) claim(ctx context.Context, q *store.Queries, a Actor) (bool, error) {
	if a.Key == "" {
		return true, nil
	}
	rows, err := q.InsertInbound(ctx, store.InsertInboundParams{Key: a.Key, ReceivedAt: d.Now()})
	if err != nil {
		return false, fmt.Errorf("record delivery: %w", err)
	}
	return rows == 1, nil
}

// has reports whether a way to reach people is set up.
func (d *Desk) has(channel string) bool { return slices.Contains(d.Options.Channels, channel) }

// ZoneOf returns the zone of a member, or the company's if it has none that is known.
func (d *Desk) ZoneOf(m store.Member) *time.Location { return zoneOr(m.Timezone, d.Zone) }

func zoneOr(name string, fallback *time.Location) *time.Location {
	if name == "" {
		return fallback
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return fallback
	}
	return zone
}
