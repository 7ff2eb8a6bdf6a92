package seed

import (
	"testing"
	"time"

	"callout/desk"
)

// TestPlayThroughAtAnyMoment plays the past until many moments: the demo must start whenever somebody tries it.
func TestPlayThroughAtAnyMoment(t *testing.T) {
	t.Parallel()
	start, step := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 103*time.Hour+7*time.Minute+3*time.Second
	for now := start; now.Before(start.AddDate(1, 0, 0)); now = now.Add(step) {
		p, err := playThrough(now)
		if err != nil {
			t.Fatalf("%s: %v", now, err)
		}
		pending := 0
		for _, r := range p.calls {
			if r.Status == desk.Pending {
				pending++
			}
			for i, e := range r.events {
				if e.At.After(now) || i > 0 && e.At.Before(r.events[i-1].At) {
					t.Errorf("%s: call %d: %s at %s is too late or too early", now, r.ID, e.Kind, e.At)
				}
			}
		}
		if n := len(p.calls); n < 600 || n > 900 || pending != len(pendings) {
			t.Errorf("%s: %d calls, %d of them pending", now, n, pending)
		}
	}
}
