package desk

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callout/store"
)

// Random walks over the life of a call: people, jobs, receipts and time come in any order, and after each step the call must
// still make sense. `go test ./desk -run RandomWalks -walks 10000 -walk-seed 7` takes more of them, or others.
var (
	walkCount = flag.Int("walks", walksTaken, "how many random walks are taken")
	walkSeed  = flag.Uint64("walk-seed", 20260310, "which random walks are taken")
)

const (
	walkMoves = 14 // what happens to a call in one walk, before it comes to rest and is closed
	// walkRest bounds how many jobs a call that is left alone may need to come to rest.
	walkRest = 400
)

// move is one thing that happens: what, by whom, and a number that decides the rest.
type move struct{ what, who, arg int }

func (m move) String() string { return fmt.Sprintf("{%s %d %d}", walkKinds[m.what].name, m.who, m.arg) }

// walkKinds is what may happen, and how often compared with the others.
var walkKinds []walkKind

type walkKind struct {
	name   string
	weight int
	do     func(*walker, move) error
}

// init, because what may happen refers to how it is shown.
func init() { //nolint:gochecknoinits // the table and what shows it refer to each other
	walkKinds = []walkKind{
		{"job", 30, (*walker).work},
		{"time", 12, (*walker).time},
		{"accept", 9, act(func(w *walker, a Actor, _ int) error { return w.Accept(w.ctx, a, w.id) })},
		{"decline", 6, act(func(w *walker, a Actor, _ int) error { return w.Decline(w.ctx, a, w.id, "busy") })},
		{"en route", 4, act(func(w *walker, a Actor, _ int) error { return w.OnMyWay(w.ctx, a, w.id) })},
		{"on site", 4, act(func(w *walker, a Actor, _ int) error { return w.OnSite(w.ctx, a, w.id) })},
		{"wait", 4, act(func(w *walker, a Actor, arg int) error {
			return w.WaitFor(w.ctx, a, w.id, "parts", w.Today(a).AddDate(0, 0, 1+arg%9), "")
		})},
		{"resume", 3, act(func(w *walker, a Actor, _ int) error { return w.Resume(w.ctx, a, w.id) })},
		{"close", 3, act(func(w *walker, a Actor, _ int) error { return w.Close(w.ctx, a, w.id, "drum replaced") })},
		{"reopen", 4, act(func(w *walker, a Actor, _ int) error { return w.Reopen(w.ctx, a, w.id, "again") })},
		{"note", 2, act(func(w *walker, a Actor, _ int) error { return w.Note(w.ctx, a, w.id, "ring first") })},
		{"edit", 5, act((*walker).edits)},
		{"offer to", 5, act(func(w *walker, a Actor, arg int) error {
			return w.OfferTo(w.ctx, a, w.id, append([]int64{0}, w.technicians...)[arg%(1+len(w.technicians))])
		})},
		{"undo", 6, act(func(w *walker, a Actor, _ int) error { return undoes(w.Desk, a)(w) })},
		{"again", 3, (*walker).again},
		{"duty", 4, (*walker).duty},
		{"receipt", 4, (*walker).receipt},
		{"leave", 2, (*walker).leave},
		{"draw", 6, (*walker).drawn},
		{"send", 6, (*walker).sent},
	}
}

// walker takes walks one after another, on a desk of its own.
type walker struct {
	*shop
	people      []Actor
	technicians []int64
	steps       int64

	// Of the walk under way.
	id      int64
	call    store.Call // as it was after the last step
	history replay
	past    []store.Call // as people's open forms may still show it
	key     int
	last    func() error // the last act, with its key
	drawing *walkDrawing
	shown   store.Call // what the card shows
	sending *walkSending
	held    time.Duration // how long the text waits that was looked at last
}

func newWalker(t *testing.T) *walker {
	t.Helper()
	s := openShop(t)
	w := &walker{shop: s}
	w.people = []Actor{s.member("Dora Desk", Dispatcher), s.member("Ada Admin", Admin), s.member("Sam Sales", Sales), s.member("Vera Viewer", Viewer)}
	for i, name := range []string{"Tim Tech", "Tom Tech", "Tess Tech"} {
		a := s.technician(name)
		s.reach(a, "sms", fmt.Sprintf("+44770090000%d", i+1))
		w.people, w.technicians = append(w.people, a), append(w.technicians, a.ID)
	}
	return w
}

// act is something a person does, with the key of its delivery. A refusal in words is an answer too.
func act(do func(*walker, Actor, int) error) func(*walker, move) error {
	return func(w *walker, m move) error {
		w.key++
		a := keyed(w.people[m.who%len(w.people)], fmt.Sprintf("walk:%d:%d", w.id, w.key))
		fresh, err := w.GetMember(a.ID)
		if err != nil {
			return err
		}
		a.Member = fresh
		w.last = func() error { return do(w, a, m.arg) }
		err = refused(w.last())
		if now, failed := w.lastEvent(); failed != nil || now == w.history.last {
			w.last = nil // nothing came of it
			err = errors.Join(err, failed)
		}
		return err
	}
}

// GetMember reads a member as they are now: they may have left.
func (w *walker) GetMember(id int64) (store.Member, error) { return w.q.GetMember(w.ctx, id) }

func refused(err error) error {
	if CodeOf(err) != "" {
		return nil
	}
	return err
}

// again delivers a second time the last act that changed something: now it changes nothing.
func (w *walker) again(move) error {
	if w.last == nil {
		return nil
	}
	if err := refused(w.last()); err != nil {
		return err
	}
	w.last = nil
	after, err := w.lastEvent()
	if err == nil && after != w.history.last {
		return errors.New("the same delivery again wrote into the timeline")
	}
	return err
}

func (w *walker) edits(a Actor, arg int) error {
	seen := w.past[arg%len(w.past)]
	mine := callFields(seen)
	switch arg % 3 {
	case 0:
		mine["summary"] = fmt.Sprint("Paper jam ", arg%5)
	case 1:
		mine["details"] = fmt.Sprint("tray ", arg%5)
	case 2:
		mine["priority"] = Priorities()[arg/3%4]
	}
	return w.EditCall(w.ctx, a, w.id, seen.Version, mine)
}

// time passes, and a tick sees what is due.
func (w *walker) time(m move) error {
	spans := []time.Duration{time.Second, time.Minute, 6 * time.Minute, 21 * time.Minute, time.Hour, 9 * time.Hour, 25 * time.Hour, -time.Minute}
	w.clock.move(spans[m.arg%len(spans)])
	return w.tick()
}

func (w *walker) tick() error {
	return errors.Join(w.takeUp(w.ctx), w.takeSteps(w.ctx), w.retryUnassigned(w.ctx))
}

func (w *walker) duty(m move) error {
	w.onDuty(Actor{Member: store.Member{ID: w.technicians[m.who%len(w.technicians)]}}, m.arg%3 > 0)
	return nil
}

// leave makes a technician leave, or come back.
func (w *walker) leave(m move) error {
	id := w.technicians[m.who%len(w.technicians)]
	if m.arg%2 == 0 {
		_, err := w.Deactivate(w.ctx, w.people[1], id)
		return refused(err)
	}
	_, err := w.Store.Pool.Exec(w.ctx, "UPDATE member SET state = 'active' WHERE id = $1", id)
	return err
}

// randomMoves makes the moves of one walk. Each walk leaves some kinds out, so that the others come together more often.
func randomMoves(random *rand.Rand) []move {
	total, weights := 0, make([]int, len(walkKinds))
	for i, k := range walkKinds {
		if weights[i] = k.weight; i > 1 && random.IntN(2) == 0 {
			weights[i] = 0
		}
		total += weights[i]
	}
	moves := make([]move, walkMoves)
	for i := range moves {
		at, what := random.IntN(total), 0
		for at >= weights[what] {
			at -= weights[what]
			what++
		}
		moves[i] = move{what: what, who: random.IntN(1000), arg: random.IntN(1000)}
	}
	return moves
}

// walk takes one walk from the beginning to a closed call.
func (w *walker) walk(moves []move) error {
	if err := w.begin(); err != nil {
		return err
	}
	for i, m := range moves {
		if err := w.step(m); err != nil {
			return fmt.Errorf("move %d %v: %w", i, m, err)
		}
	}
	return w.end()
}

// end lets the call come to rest and closes it: a call that stays open is heard of again, whatever comes after it.
func (w *walker) end() error {
	if err := w.rest(); err != nil {
		return fmt.Errorf("at rest: %w", err)
	}
	if w.call.Status == Pending {
		if err := w.Close(w.ctx, w.people[0], w.id, "settled"); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	}
	if err := w.rest(); err != nil {
		return fmt.Errorf("closed: %w", err)
	}
	return nil
}

func (w *walker) step(m move) error {
	w.steps++
	if err := walkKinds[m.what].do(w, m); err != nil {
		return err
	}
	return w.check()
}

// begin logs a call in a company where everybody is there, and the past weighs nothing.
func (w *walker) begin() error {
	w.clock.move(15 * 24 * time.Hour)
	_, err := w.Store.Pool.Exec(w.ctx, `WITH m AS (UPDATE member SET state = 'active'), j AS (DELETE FROM river.river_job)
		UPDATE contact_method SET disabled_at = NULL WHERE disabled_at IS NOT NULL`)
	if err != nil {
		return err
	}
	for _, id := range w.technicians {
		w.onDuty(Actor{Member: store.Member{ID: id}}, true)
	}
	w.last, w.drawing, w.sending, w.key, w.shown = nil, nil, nil, 0, store.Call{}
	customer := w.customer("Acme Foods")
	w.id, err = w.LogCall(w.ctx, w.people[0], NewCall{CustomerID: customer.ID, Summary: "Paper jam", Priority: Priorities()[int(customer.ID)%4]})
	if err != nil {
		return err
	}
	w.history = replay{}
	w.call, err = w.q.GetCall(w.ctx, w.id)
	w.history.priority, w.past = w.call.Priority, []store.Call{w.call}
	return errors.Join(err, w.check())
}

// shrink drops moves for as long as the walk still goes wrong, and returns what is left and how it goes wrong.
func (w *walker) shrink(moves []move, err error) ([]move, error) {
	for dropped := true; dropped; {
		dropped = false
		for i := len(moves) - 1; i >= 0; i-- {
			fewer := append(append([]move{}, moves[:i]...), moves[i+1:]...)
			if again := w.walk(fewer); again != nil {
				moves, err, dropped = fewer, again, true
			}
		}
	}
	return moves, err
}

// TestFaultWalksThatWentWrong takes walks again that once found something.
func TestFaultWalksThatWentWrong(t *testing.T) {
	w := newWalker(t)
	for name, said := range map[string]string{
		"chosen, asked, and chosen no more":  "offer to 868 182, job 0 0, job 1 0, job 2 0, undo 728 908",
		"reopened after its technician left": "job 0 1, accept 4 0, accept 5 0, accept 6 0, close 0 0, leave 0 0, leave 1 0, leave 2 0, reopen 0 0, job 0 1, leave 0 1, leave 1 1, leave 2 1, job 0 1, accept 4 0, accept 5 0, accept 6 0",
	} {
		moves := movesOf(t, said)
		if err := w.walk(moves); err != nil {
			t.Errorf("%s: %v\n%s", name, err, w.story())
		}
	}
}

// movesOf reads moves as a failed walk shows them, separated by commas.
func movesOf(t *testing.T, said string) []move {
	t.Helper()
	var moves []move
	for _, words := range strings.Split(said, ", ") {
		for what, k := range walkKinds {
			if rest, ok := strings.CutPrefix(words, k.name+" "); ok {
				m := move{what: what}
				if _, err := fmt.Sscan(rest, &m.who, &m.arg); err != nil {
					t.Fatalf("%q: %v", words, err)
				}
				moves = append(moves, m)
				break
			}
		}
	}
	return moves
}

func TestFaultRandomWalks(t *testing.T) {
	var walks, steps atomic.Int64
	began := time.Now()
	t.Run("at the same time", func(t *testing.T) {
		for i := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint("desk ", i), func(t *testing.T) {
				w := newWalker(t)
				for n := i; n < *walkCount; n += runtime.GOMAXPROCS(0) {
					seed := *walkSeed + uint64(n)
					moves := randomMoves(rand.New(rand.NewPCG(seed, seed)))
					if err := w.walk(moves); err != nil {
						few, last := w.shrink(moves, err)
						t.Fatalf("walk %d went wrong: %v\nshrunk (-walk-seed %d -walks 1) to %v: %v\ntimeline: %s", n, err, seed, few, last, w.story())
					}
					walks.Add(1)
				}
				steps.Add(w.steps)
			})
		}
	})
	took := time.Since(began)
	t.Logf("%d walks, %d steps in %v: %.0f steps a second; seed %d", walks.Load(), steps.Load(), took.Round(time.Millisecond), float64(steps.Load())/took.Seconds(), *walkSeed)
}

// story is what the timeline of the call says, and what is left to do.
func (w *walker) story() string {
	lines := w.list("SELECT kind || ' ' || before || '→' || after || ' ' || coalesce(member_id, 0) || ' ' || note FROM call_event WHERE call_id = $1 ORDER BY id", w.id)
	return strings.ReplaceAll(lines, ", ", "\n") + "\noffers: " + w.list("SELECT member_id || ' ' || state FROM offer WHERE call_id = $1 ORDER BY id", w.id) +
		"\njobs: " + w.list("SELECT kind || args FROM river.river_job ORDER BY id")
}

func (w *walker) lastEvent() (id int64, err error) {
	err = w.Store.Pool.QueryRow(context.WithoutCancel(w.ctx), "SELECT coalesce(max(id), 0) FROM call_event WHERE call_id = $1", w.id).Scan(&id)
	return id, err
}
