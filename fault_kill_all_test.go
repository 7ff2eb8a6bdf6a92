//go:build fault

package main

import (
	"fmt"
	"testing"
	"time"
)

// TestFaultKilledDuringAThousandCalls kills one of two instances at random moments, thirty times, while people log a thousand
// calls, and helps nobody: what a killed process held comes back in its own time.
func TestFaultKilledDuringAThousandCalls(t *testing.T) {
	t.Parallel()
	k := killing{instances: 2, kills: 30, people: 10, callsEach: 100, atMost: 4 * time.Second, patience: 10 * time.Minute}
	s := openShop(t, k.instances)
	var technicians []*person
	for i := range 10 {
		technicians = append(technicians, s.technician(fmt.Sprintf("T%c Tech", 'a'+i), fmt.Sprintf("+44770090000%d", i)))
	}
	// However long it takes on a busy machine: who is asked stays asked.
	if _, err := s.app.store.Pool.Exec(s.ctx, "UPDATE policy SET next_technician = ''"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	acknowledged := s.underFire(k, func(p *process) {
		s.dies(p)
		s.starts(p)
	})
	logged := time.Now()
	s.catchesUp(5 * time.Minute)
	t.Logf("%d calls acknowledged in %v; everything owed done %v after the last", acknowledged, logged.Sub(began).Round(time.Second), time.Since(logged).Round(time.Second))
	s.everythingOnce(technicians, acknowledged)
}
