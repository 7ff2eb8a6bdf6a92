package desk

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"callout/store"
)

// race is two things that happen to one call in the same millisecond.
type race struct {
	before   func(*walker) error // leads the call to where it happens
	one, two func(*walker) error
	// least and most are how many of the two may be done; who is not is told why.
	least, most int
}

// TestFaultTwoAtOnce lets two people, or a person and the desk, do two things to one call at the same time, on two desks that share a
// database: whoever comes second is told what came first, and the call makes sense.
func TestFaultTwoAtOnce(t *testing.T) {
	w := newWalker(t)
	second, err := New(w.Options)
	if err != nil {
		t.Fatal(err)
	}
	dora, ada, tim, tom := w.people[0], w.people[1], w.people[4], w.people[5]
	off := func(w *walker) error {
		for _, id := range w.technicians {
			w.onDuty(Actor{Member: store.Member{ID: id}}, false)
		}
		return w.Assign(w.ctx, AssignArgs{CallID: w.id})
	}
	ask := func(w *walker) error { return w.OfferTo(w.ctx, dora, w.id, tim.ID) }
	asked := func(w *walker) error { return errors.Join(ask(w), w.Assign(w.ctx, AssignArgs{CallID: w.id})) }
	taken := func(w *walker) error { return errors.Join(asked(w), w.Accept(w.ctx, tim, w.id)) }
	late := func(w *walker) error {
		err := asked(w)
		w.clock.move(80 * time.Hour)
		return err
	}
	accept := func(a Actor, d *Desk) func(*walker) error {
		return func(w *walker) error { return d.Accept(w.ctx, a, w.id) }
	}
	closes := func(a Actor, d *Desk) func(*walker) error {
		return func(w *walker) error { return d.Close(w.ctx, a, w.id, "done") }
	}
	expires := func(w *walker) error {
		var id int64
		err := w.Store.Pool.QueryRow(w.ctx, "SELECT coalesce(max(id), 0) FROM call_step WHERE call_id = $1 AND kind = 'technician'", w.id).Scan(&id)
		return errors.Join(err, second.TakeStep(w.ctx, StepArgs{StepID: id, CallID: w.id}))
	}
	for name, r := range map[string]race{
		"two accept":                    {off, accept(tim, w.Desk), accept(tom, second), 1, 1},
		"accept twice":                  {asked, accept(tim, w.Desk), accept(tim, second), 2, 2},
		"accept and the offer expires":  {late, accept(tim, w.Desk), expires, 2, 2},
		"accept and close":              {asked, accept(tim, w.Desk), closes(dora, second), 1, 2},
		"two close":                     {taken, closes(dora, w.Desk), closes(ada, second), 1, 1},
		"accept and decline":            {asked, accept(tim, w.Desk), func(w *walker) error { return second.Decline(w.ctx, tim, w.id, "busy") }, 1, 2},
		"hand back and close":           {taken, func(w *walker) error { return w.Decline(w.ctx, tim, w.id, "busy") }, closes(dora, second), 1, 2},
		"accept and offer to another":   {asked, accept(tim, w.Desk), func(w *walker) error { return second.OfferTo(w.ctx, dora, w.id, tom.ID) }, 1, 2},
		"accept and edit the priority":  {asked, accept(tim, w.Desk), edit1(second, ada), 2, 2},
		"somebody is looked for twice":  {func(*walker) error { return nil }, assigns(w.Desk), assigns(second), 2, 2},
		"the offer expires twice":       {late, expires, expires, 2, 2},
		"undo accepting, and close":     {taken, undoes(w.Desk, tim), closes(dora, second), 1, 2},
		"undo handing back, and accept": {func(w *walker) error { return errors.Join(taken(w), w.Decline(w.ctx, tim, w.id, "busy")) }, undoes(w.Desk, tim), accept(tom, second), 1, 2},
	} {
		for n := range raceRounds {
			if err := w.race(r); err != nil {
				t.Errorf("%s, round %d: %v\n%s", name, n, err, w.story())
				break
			}
		}
	}
}

// race takes one round.
func (w *walker) race(r race) error {
	if err := w.begin(); err != nil {
		return err
	}
	if err := r.before(w); err != nil {
		return err
	}
	var both sync.WaitGroup
	var failures [2]error
	start := make(chan struct{})
	for i, do := range []func(*walker) error{r.one, r.two} {
		both.Go(func() {
			<-start
			failures[i] = do(w)
		})
	}
	close(start)
	both.Wait()
	done := 0
	for _, err := range failures {
		switch {
		case err == nil:
			done++
		case CodeOf(err) == "":
			return fmt.Errorf("no answer in words: %w", err)
		}
	}
	if done < r.least || done > r.most {
		return fmt.Errorf("%d of the two were done: %v", done, failures)
	}
	if err := w.check(); err != nil {
		return err
	}
	return w.end()
}

func assigns(d *Desk) func(*walker) error {
	return func(w *walker) error { return d.Assign(w.ctx, AssignArgs{CallID: w.id}) }
}

func edit1(d *Desk, a Actor) func(*walker) error {
	return func(w *walker) error {
		mine := callFields(w.call)
		mine["priority"] = "urgent"
		return d.EditCall(w.ctx, a, w.id, w.call.Version, mine)
	}
}

// undoes takes back what somebody did last.
func undoes(d *Desk, a Actor) func(*walker) error {
	return func(w *walker) error {
		last, ok, err := d.LastChange(w.ctx, a)
		if err != nil || !ok {
			return err
		}
		_, err = d.Undo(w.ctx, a, last.ID)
		return err
	}
}
