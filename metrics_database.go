package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"callout/desk"
	"callout/store"
)

const (
	// figuresWithin bounds how long a scrape waits for the database: a scrape that hangs says nothing at all.
	figuresWithin = 2 * time.Second
	// figuresFor is how long figures are good for: several scrapers cost the database no more than one.
	figuresFor = time.Second
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("callout_"+name, help, labels, nil)
}

var (
	databaseUp    = describe("database_up", "Whether the database answered: 1 or 0.")
	databaseConns = describe("database_connections", "Connections to the database.", "state")
	databaseMost  = describe("database_connections_max", "How many connections to the database there may be.")
	databaseWait  = describe("database_wait_seconds_total", "How long work waited for a connection, in all.")
	jobsWaiting   = describe("jobs", "Jobs in the queue that are not done.", "queue", "kind", "state")
	jobsOldest    = describe("job_oldest_seconds", "For how long the first job of a kind has been due and not begun.", "queue", "kind")
	noticesOwed   = describe("notices_owed", "Messages that are owed and not sent yet.", "channel")
	noticesOldest = describe("notice_oldest_seconds", "Age of the oldest message that is owed.", "channel")
	callsUnowned  = describe("calls_unowned", "Pending calls that nobody has.", "priority")
	smsSegments   = describe("sms_segments_month", "What the text messages of this month were charged as, in segments.")
	smsBudget     = describe("sms_segments_budget", "How many segments a month may have; 0 is no limit.")
)

// databaseFigures reads figures from the database when somebody asks for them. Every process of several shows the same: take the
// largest, not the sum.
type databaseFigures struct {
	desk *desk.Desk
	log  *slog.Logger

	mu      sync.Mutex
	figures store.Figures
	texts   desk.Budget
	good    bool
	read    time.Time
}

// Describe names what is collected.
func (d *databaseFigures) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		databaseUp, databaseConns, databaseMost, databaseWait, jobsWaiting, jobsOldest, noticesOwed, noticesOldest, callsUnowned, smsSegments, smsBudget,
	} {
		out <- desc
	}
}

// Collect shows the figures. Without a database it says that, and what the process knows by itself.
func (d *databaseFigures) Collect(out chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	pool := d.desk.Store.PoolFigures()
	gauge(databaseConns, float64(pool.Idle), "idle")
	gauge(databaseConns, float64(pool.Used), "used")
	gauge(databaseMost, float64(pool.Most))
	out <- prometheus.MustNewConstMetric(databaseWait, prometheus.CounterValue, pool.Waited.Seconds())
	f, texts, ok := d.fresh()
	if !ok {
		gauge(databaseUp, 0)
		return
	}
	gauge(databaseUp, 1)
	for _, priority := range desk.Priorities() {
		gauge(callsUnowned, float64(f.Unowned[priority]), priority)
	}
	for _, o := range f.Owed {
		gauge(noticesOwed, float64(o.Notices), o.Channel)
		gauge(noticesOldest, o.Oldest.Seconds(), o.Channel)
	}
	gauge(smsSegments, float64(texts.Spent))
	gauge(smsBudget, float64(texts.Most))
	oldest := map[[2]string]time.Duration{}
	for _, q := range f.Queue {
		gauge(jobsWaiting, float64(q.Jobs), q.Queue, q.Kind, q.State)
		if q.State != "running" {
			of := [2]string{q.Queue, q.Kind}
			oldest[of] = max(oldest[of], q.Oldest)
		}
	}
	for of, age := range oldest {
		gauge(jobsOldest, age.Seconds(), of[0], of[1])
	}
}

// fresh returns figures that are a few seconds old at most; false without a database.
func (d *databaseFigures) fresh() (store.Figures, desk.Budget, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	asked := time.Now() // for how long figures are good, whatever day the business has
	if asked.Sub(d.read) < figuresFor {
		return d.figures, d.texts, d.good
	}
	ctx, cancel := context.WithTimeout(context.Background(), figuresWithin)
	defer cancel()
	var err error
	if d.figures, err = d.desk.Store.Figures(ctx, d.desk.Now()); err == nil {
		d.texts, err = d.desk.Budget(ctx)
	}
	if err != nil {
		d.log.WarnContext(ctx, "figures could not be read", "err", err)
	}
	d.good, d.read = err == nil, asked
	return d.figures, d.texts, d.good
}
