package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callout/store"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	s := openCalls(t)
	now := firstDay.AddDate(0, 0, 10)
	for _, sql := range []string{
		"UPDATE call SET priority = 'urgent' WHERE status = 'pending' AND technician_id IS NULL AND progress = 'offered'",
		`INSERT INTO notice (kind, channel, address, state, created_at, held_until) VALUES
			('offer', 'slack', 'U1', 'owed', timestamptz '2026-01-11 08:58Z', NULL), ('offer', 'slack', 'U1', 'sending', timestamptz '2026-01-11 08:59Z', NULL),
			('offer', 'sms', '+1', 'sent', timestamptz '2026-01-01 09:00Z', NULL), ('offer', 'sms', '+1', 'owed', timestamptz '2026-01-11 08:00Z', timestamptz '2026-01-11 10:00Z')`,
		`INSERT INTO river.river_job (kind, queue, args, max_attempts, state, scheduled_at, finalized_at) VALUES
			('card', 'default', '{}', 5, 'available', now() - interval '90 seconds', NULL), ('card', 'default', '{}', 5, 'available', now() + interval '1 second', NULL),
			('card', 'default', '{}', 5, 'completed', now() - interval '1 day', now()), ('step', 'default', '{}', 5, 'scheduled', now() + interval '1 hour', NULL)`,
	} {
		exec(t, s, sql)
	}
	f, err := s.Figures(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range f.Queue {
		f.Queue[i].Oldest = f.Queue[i].Oldest.Truncate(30 * time.Second)
	}
	want := store.Figures{
		Queue: []store.QueueFigure{
			{Queue: "default", Kind: "card", State: "available", Jobs: 2, Oldest: 90 * time.Second}, {Queue: "default", Kind: "step", State: "scheduled", Jobs: 1},
		},
		Unowned: f.Unowned,
		Owed:    []store.OwedFigure{{Channel: "slack", Notices: 2, Oldest: 2 * time.Minute}},
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
	if f.Unowned["urgent"] == 0 || f.Unowned["normal"] == 0 {
		t.Errorf("unowned: %v", f.Unowned)
	}
	if p := s.PoolFigures(); p.Most < 1 || p.Idle+p.Used < 1 {
		t.Errorf("the pool: %+v", p)
	}
}
