package desk

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// twins are two instances of the desk on one database.
type twins struct {
	*shop
	both [2]*Desk
	tim  Actor
}

func newTwins(t *testing.T) *twins {
	t.Helper()
	s := openShop(t)
	o := s.Options
	o.Log = slog.New(slog.DiscardHandler)
	second, err := New(o)
	s.must(err)
	return &twins{shop: s, both: [2]*Desk{s.Desk, second}, tim: s.technician("Tim")}
}

// TestTheSameTickAtOnce is about many ticks at the very same moment.
func TestTheSameTickAtOnce(t *testing.T) {
	y := newTwins(t)
	dora := y.member("Dora", Dispatcher)
	acme, steps := y.customer("Acme"), y.checklistFor(dora, "check Filter")
	for i := range 30 {
		y.planOf(dora, y.machine(acme, "S-"+strconv.Itoa(i)), steps, "2026-03-10")
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := y.both[i%2].maintain(y.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	y.must(y.maintain(y.ctx)) // plans that were locked by another tick just then
	y.is("tasks", y.list("SELECT count(*) || ' of ' || count(DISTINCT plan_id) FROM pm_task"), "30 of 30")
	y.is("notices", y.list("SELECT count(*) || ' of ' || count(DISTINCT record_id) FROM notice WHERE kind = 'task_due'"), "30 of 30")
	if ids := strings.Split(y.list("SELECT id FROM pm_task ORDER BY id"), ", "); len(slices.Compact(ids)) != 30 {
		t.Error(fmt.Sprint(ids))
	}
}
