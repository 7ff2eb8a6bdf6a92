//go:build fault

package main

import (
	"context"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"callout/store/storetest"
)

// maintenanceSeed makes the moments at which ticks are stopped the same each time.
const maintenanceSeed = 20260310

// TestFaultMaintenanceIsSaidOnceWhateverStops is about two programs on one database, one of which is stopped and started again, and
// ticks that are stopped in the middle: each task is there once, and each reminder reaches its technician once.
func TestFaultMaintenanceIsSaidOnceWhateverStops(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t)
	w := startWorldOn(t, url)
	tim := w.technician("Tim Tech", "")
	const plans, days = 4, 30
	for i := range plans {
		w.planned("Customer "+strconv.Itoa(i), "2026-03-"+strconv.Itoa(24+i))
	}
	other, err := NewApp(w.ctx, w.config, url, testLog(t), w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	random := rand.New(rand.NewPCG(maintenanceSeed, maintenanceSeed))
	for today := range days {
		if today == days/2 {
			w.restarts(url)
		}
		var both sync.WaitGroup
		for _, app := range []*App{w.app, other} {
			ctx, cancel := context.WithCancel(w.ctx)
			if random.IntN(3) == 0 {
				stop := time.AfterFunc(time.Duration(random.IntN(20))*time.Millisecond, cancel)
				defer stop.Stop()
			}
			both.Go(func() {
				defer cancel()
				if err := app.desk.Tick(ctx); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		w.letsGo() // what a stopped tick held would be passed over
		if err := other.desk.Tick(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.settled() // else the leases of what is being sent would end with the day
		w.clock.move(day)
	}
	if n := w.count("SELECT count(*) FROM pm_task"); n != plans {
		t.Errorf("there are %d tasks of %d plans", n, plans)
	}
	said := map[string]int{}
	for _, m := range w.sandbox.Slack.Messages(tim.dm()) {
		said[m.Text]++
	}
	for text, n := range said {
		if n != 1 {
			t.Errorf("said %d times: %s", n, text)
		}
	}
	if len(said) != plans*6 { // 14, 7, 1 and 0 days before, 1 and 7 after
		t.Errorf("Tim was told %d things: %v", len(said), said)
	}
}

// planned adds a customer whose machine is maintained every month.
func (w *world) planned(name, firstDue string) {
	w.Helper()
	w.planFor(w.customer(name, "+442079460123", "Vela of "+name), "Pia "+name, firstDue, "check Filter cleaned")
}

// letsGo waits until Postgres has ended every transaction that has begun by now: one whose client is gone ends a little later.
func (w *world) letsGo() {
	w.Helper()
	var began time.Time
	if err := w.app.store.Pool.QueryRow(w.ctx, "SELECT clock_timestamp()").Scan(&began); err != nil {
		w.Fatal(err)
	}
	const query = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start <= $1`
	w.until("nothing holds a lock", func() bool { return w.count(query, began) == 0 }, w.owing)
}

// restarts stops the program and starts it again on the same database.
func (w *world) restarts(url string) {
	w.Helper()
	w.stop()
	ports, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.Fatal(err)
	}
	w.start(url, ports)
}
