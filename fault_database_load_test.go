//go:build fault

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"callout/store/storetest"
)

// TestFaultPostgresRestartsUnderLoad takes the database away again and again while people log calls: what was acknowledged is
// there once, and the program goes on by itself.
func TestFaultPostgresRestartsUnderLoad(t *testing.T) {
	t.Parallel()
	const restarts, people, callsEach = 5, 4, 25
	postgres := storetest.Server(t)
	w := startWorldOn(t, postgres.URL())
	tim := w.technician("Tim Tech", "+447700900001")
	w.customer("Acme Foods", "+442079460123", "")
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Minute)
	defer cancel()
	var acknowledged atomic.Int64
	var logging sync.WaitGroup
	for i := range people {
		dora := w.member(fmt.Sprintf("Dora %c", 'A'+i), "dispatcher")
		logging.Go(func() {
			for n := range callsEach {
				if err := dora.keepsTrying(ctx, fmt.Sprintf("%s has problem %d", dora.name, n), "Acme Foods"); err != nil {
					t.Error(err)
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	random := rand.New(rand.NewPCG(killSeed, killSeed))
	for range restarts {
		<-time.After(time.Duration(random.Int64N(int64(3 * time.Second))))
		stored := acknowledged.Load()
		postgres.Stop()
		if got := w.ready(); got != http.StatusServiceUnavailable {
			t.Errorf("/readyz answers %d without a database", got)
		}
		<-time.After(time.Duration(random.Int64N(int64(2 * time.Second))))
		postgres.Start()
		w.comesBack()
		if n := w.count("SELECT count(*) FROM call"); n < int(stored) {
			t.Errorf("%d calls are left of %d that were acknowledged", n, stored)
		}
	}
	logging.Wait()
	w.clock.move(time.Minute) // leases of workers that could not say how it went end
	w.rests(3 * time.Minute)
	all := int(acknowledged.Load())
	t.Logf("%d calls acknowledged over %d restarts", all, restarts)
	(&shop{world: w}).everythingOnce([]*person{tim}, all)
}
