package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Figures is how much there is to do, for whoever watches over the program.
type Figures struct {
	Queue   []QueueFigure
	Unowned map[string]int64 // pending calls that nobody has, by priority
	Owed    []OwedFigure
}

// QueueFigure is how many jobs of a kind are in a state, and for how long the first of them has been due.
type QueueFigure struct {
	Queue, Kind, State string
	Jobs               int64
	Oldest             time.Duration
}

// OwedFigure is how many messages are owed on a channel, without those that wait for a time of their own, and how old the
// first of them is.
type OwedFigure struct {
	Channel string
	Notices int64
	Oldest  time.Duration
}

// Each statement reads what is open only, by an index: what is done, however much, costs nothing.
const (
	queueFigures = `SELECT queue, kind, state::text, count(*),
		(1000 * greatest(0, extract(epoch FROM now() - min(scheduled_at))))::bigint
		FROM ` + RiverSchema + `.river_job WHERE state IN ('available','running','retryable','scheduled') GROUP BY 1, 2, 3`
	unownedFigures = `SELECT priority, count(*) FROM call WHERE status = 'pending' AND technician_id IS NULL GROUP BY 1`
	owedFigures    = `SELECT channel, count(*), (1000 * greatest(0, extract(epoch FROM $1::timestamptz - min(created_at))))::bigint
		FROM notice WHERE state IN ('owed','sending') AND (held_until IS NULL OR held_until <= $1) GROUP BY 1`
)

// Figures reads how much there is to do. now is the time of the business.
func (s *Store) Figures(ctx context.Context, now time.Time) (Figures, error) {
	f := Figures{Unowned: map[string]int64{}}
	batch := &pgx.Batch{}
	batch.Queue(queueFigures).Query(func(rows pgx.Rows) (err error) {
		f.Queue, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (q QueueFigure, err error) {
			var ms int64
			err = r.Scan(&q.Queue, &q.Kind, &q.State, &q.Jobs, &ms)
			q.Oldest = time.Duration(ms) * time.Millisecond
			return q, err
		})
		return err
	})
	batch.Queue(unownedFigures).Query(func(rows pgx.Rows) error {
		var priority string
		var calls int64
		_, err := pgx.ForEachRow(rows, []any{&priority, &calls}, func() error { f.Unowned[priority] = calls; return nil })
		return err
	})
	batch.Queue(owedFigures, now).Query(func(rows pgx.Rows) (err error) {
		f.Owed, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (o OwedFigure, err error) {
			var ms int64
			err = r.Scan(&o.Channel, &o.Notices, &ms)
			o.Oldest = time.Duration(ms) * time.Millisecond
			return o, err
		})
		return err
	})
	if err := s.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return Figures{}, fmt.Errorf("read figures: %w", err)
	}
	return f, nil
}

// PoolFigures is how many connections to the database there are, and how long work waited for one in all.
type PoolFigures struct {
	Idle, Used, Most int32
	Waited           time.Duration
}

// PoolFigures reads the state of the pool.
func (s *Store) PoolFigures() PoolFigures {
	stat := s.Pool.Stat()
	return PoolFigures{Idle: stat.IdleConns(), Used: stat.AcquiredConns(), Most: stat.MaxConns(), Waited: stat.AcquireDuration()}
}
