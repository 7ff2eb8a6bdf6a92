// Package jobs works what the desk left in the queue: each worker loads, lets the desk decide, sends, and records how it
// went. It must not know chat SDKs or SQL.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"callout/desk"
	"callout/notify"
	"callout/store"
)

// Measured: with River's defaults a bot's message waits nearly a second at the 99th percentile.
const (
	fetchCooldown = time.Millisecond
	fetchPoll     = 200 * time.Millisecond
	maxWorkers    = 50
	reportWorkers = 2
	jobTimeout    = 30 * time.Second // below the leases of desk
	rescueAfter   = 40 * time.Second // what a killed worker left running is given back; kinds of jobs that may take longer have longer
	softStop      = 8 * time.Second
	tickEvery     = 15 * time.Second
	// snoozeBusy is how long a card waits while another worker draws it.
	snoozeBusy = 150 * time.Millisecond
)

// Connections is how many connections to the database the workers share. Most of their time they wait for providers; a few per
// core do the rest, and leave the database to whoever waits for an answer.
func Connections() int32 { return int32(max(2*runtime.GOMAXPROCS(0), 6)) }

// Options is what the workers need.
type Options struct {
	Store   *store.Store
	Desk    *desk.Desk
	Router  *notify.Router
	Log     *slog.Logger
	Observe Observe
}

// Jobs works the queue until it is stopped. Several may work one queue.
type Jobs struct {
	Options
	client  *river.Client[pgx.Tx]
	moments moments
}

// New returns workers for every kind of job.
func New(o Options) (*Jobs, error) {
	j := &Jobs{Options: o}
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(j.assign))
	river.AddWorker(workers, river.WorkFunc(j.step))
	river.AddWorker(workers, river.WorkFunc(j.card))
	river.AddWorker(workers, river.WorkFunc(j.notice))
	river.AddWorker(workers, river.WorkFunc(j.file))
	river.AddWorker(workers, &reportWorker{jobs: j})
	river.AddWorker(workers, &importWorker{jobs: j})
	river.AddWorker(workers, river.WorkFunc(j.receipt))
	river.AddWorker(workers, river.WorkFunc(j.tick))
	client, err := river.NewClient(riverpgxv5.New(o.Store.Pool), &river.Config{
		Schema: store.RiverSchema, Logger: o.Log, Workers: workers,
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: maxWorkers}, desk.ReportQueue: {MaxWorkers: reportWorkers},
		},
		FetchCooldown: fetchCooldown, FetchPollInterval: fetchPoll, JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter,
		RetryPolicy: retryPolicy{}, SoftStopTimeout: softStop,
		ReindexerIndexNames: reindexed(),
		PeriodicJobs: []*river.PeriodicJob{
			river.NewPeriodicJob(river.PeriodicInterval(tickEvery), newTick, &river.PeriodicJobOpts{RunOnStart: true}),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	j.client = client
	return j, nil
}

func newTick() (river.JobArgs, *river.InsertOpts) { return desk.TickArgs{}, nil }

// reindexed lists River's own indexes but river_job_args_index, which a migration of ours drops because it stalls inserts.
func reindexed() []string {
	return []string{
		"river_job_kind", "river_job_metadata_index", "river_job_pkey", "river_job_prioritized_fetching_index",
		"river_job_state_and_finalized_at_index", "river_job_unique_idx",
	}
}

// Start works jobs in the background until Stop.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.client.Start(ctx); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	return nil
}

// Stop lets running jobs end for a few seconds, then cancels them: what they did not finish is taken up at the next start.
func (j *Jobs) Stop(ctx context.Context) error {
	if err := j.client.Stop(ctx); err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}

func (j *Jobs) assign(ctx context.Context, job *river.Job[desk.AssignArgs]) error {
	return j.Desk.Assign(ctx, job.Args)
}

func (j *Jobs) step(ctx context.Context, job *river.Job[desk.StepArgs]) error {
	return j.Desk.TakeStep(ctx, job.Args)
}

func (j *Jobs) receipt(ctx context.Context, job *river.Job[desk.ReceiptArgs]) error {
	return j.Desk.LateReceipt(ctx, job.Args)
}

func (j *Jobs) tick(ctx context.Context, _ *river.Job[desk.TickArgs]) error {
	err := j.Desk.Tick(ctx)
	if err == nil && j.Observe.Ticked != nil {
		j.Observe.Ticked()
	}
	return err
}

// retryPolicy tries again after 1, 2, 4 … seconds and at most every ten minutes, a little scattered.
type retryPolicy struct{}

const retryMost = 10 * time.Minute

// NextRetry says when a failed job is tried again.
func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	wait := min(time.Second<<min(max(len(job.Errors), 0), 12), retryMost)
	return time.Now().Add(wait + rand.N(wait/4+1))
}
