//go:build fault

package desk

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"callout/store"
)

func eachSo(n int32, unit string) func(*store.InsertPlanParams) {
	return func(in *store.InsertPlanParams) { in.Every, in.Unit = n, unit }
}

// year is a simulated year with two instances of the desk on one database.
type year struct {
	*twins
	random *rand.Rand
	killed int // ticks that were stopped in the middle
}

const yearSeed = 20260310

func newYear(t *testing.T) *year {
	t.Helper()
	return &year{twins: newTwins(t), random: rand.New(rand.NewPCG(yearSeed, yearSeed))}
}

// ticks lets both instances tick at the same time, one of them stopped in the middle at a moment of chance now and then; a tick after
// it does what is left.
func (y *year) ticks() {
	y.Helper()
	var both sync.WaitGroup
	stopped := y.random.IntN(10) // 0 and 1 are an instance
	for i, d := range y.both {
		ctx, cancel := context.WithCancel(y.ctx)
		if i == stopped {
			stop := time.AfterFunc(time.Duration(y.random.IntN(3000))*time.Microsecond, cancel)
			defer stop.Stop()
		}
		both.Go(func() {
			defer cancel()
			if err := d.maintain(ctx); err != nil && ctx.Err() == nil && !stoppedByOther(err) {
				y.Errorf("instance %d: %v", i, err)
			}
		})
	}
	both.Wait()
	if stopped < 2 {
		y.killed++
		y.letsGo()
		y.must(y.both[1-stopped].maintain(y.ctx))
	}
}

// letsGo waits until Postgres has noticed that a tick was stopped: until then it keeps the plans locked, and here a day is shorter.
func (y *year) letsGo() {
	y.Helper()
	for y.ctx.Err() == nil {
		const busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
		if y.list(busy) == "0" {
			return
		}
	}
}

// stoppedByOther reports whether a statement was cancelled with the connection's context.
func stoppedByOther(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "57014"
}

// finishes does the open task of a plan, the quick way.
func (y *year) finishes(planID int64) {
	y.Helper()
	id := parseID(y.T, y.list("SELECT id FROM pm_task WHERE plan_id = $1 AND status = 'open'", planID))
	d := y.both[y.random.IntN(2)]
	_, err := d.StartTask(y.ctx, y.tim, id)
	y.must(err)
	y.must(d.AnswerStep(y.ctx, y.tim, id, 0, Found{Value: "done"}))
	_, err = d.FinishTask(y.ctx, y.tim, id, Finish{})
	y.must(err)
}

// TestFaultAYearOfMaintenance runs two instances through a simulated year, with ticks that are stopped in the middle, and compares every
// plan's tasks with the calendar exactly.
func TestFaultAYearOfMaintenance(t *testing.T) {
	y := newYear(t)
	dora := y.member("Dora", Dispatcher)
	y.clock.now = time.Date(2027, 12, 31, 9, 0, 0, 0, time.UTC)
	acme, steps := y.customer("Acme"), y.checklistFor(dora, "check Filter")
	plan := func(serial, anchor string, change ...func(*store.InsertPlanParams)) store.PmPlan {
		return y.planOf(dora, y.machine(acme, serial), steps, anchor, change...)
	}
	monthly := plan("monthly", "2028-01-31", leads(3))
	weekly := plan("weekly", "2028-01-05", eachSo(1, "week"), leads(2))
	season := plan("season", "2028-01-15", leads(5), func(in *store.InsertPlanParams) { in.Months = []int32{4, 5, 6, 7, 8, 9} })
	leap := plan("leap", "2028-02-29", eachSo(1, "year"), leads(30))
	after := plan("after", "2028-01-10", eachSo(30, "day"), leads(0), fromCompletion)
	neglected := plan("neglected", "2028-01-31", leads(0))
	metered := plan("metered", "2028-01-01", leads(0), func(in *store.InsertPlanParams) { in.Every, in.MeterEvery = 0, 10000 })
	paused := plan("paused", "2028-01-20", leads(3)) // done in June only

	var done []doneOn
	for day := range 366 {
		y.clock.now = time.Date(2028, 1, 1+day, 9, 0, 0, 0, time.UTC)
		today := DayOf(y.clock.now, time.UTC)
		if day%5 == 4 {
			y.reads(metered, int64(day+1)*100)
		}
		y.ticks()
		for id, due := range y.open(today) {
			switch late := daysBetween(due, today); {
			case id == neglected.ID, id == paused.ID && !today.Equal(y.aDay("2028-06-25")), id == after.ID && late < len(done)%3:
				continue // after completion: on the day, a day late, two days late…
			case id == after.ID:
				done = append(done, doneOn{due, today})
			}
			y.finishes(id)
		}
	}

	y.isCalendar("monthly", monthly, monthEnds(2028))
	y.isCalendar("weekly", weekly, everyWeek("2028-01-05", "2028-12-31"))
	y.isCalendar("season", season, []string{
		"2028-04-01 done", "2028-04-15 done", "2028-05-15 done", "2028-06-15 done", "2028-07-15 done", "2028-08-15 done", "2028-09-15 done",
	})
	y.isCalendar("leap", leap, []string{"2028-02-29 done"})
	y.isCalendar("neglected", neglected, []string{"2028-01-31 open"})
	y.isCalendar("metered", metered, []string{"m10000 done", "m20000 done", "m30000 done"})
	y.isCalendar("paused", paused, []string{
		"2028-01-20 done", "2028-02-20 missed", "2028-03-20 missed", "2028-04-20 missed", "2028-05-20 missed", "2028-06-20 missed", "2028-07-20 open",
	})
	y.isAfterCompletion(after, done)
	y.is("events", y.list("SELECT count(*) FROM event WHERE record = 'task' AND kind = 'made'"), y.list("SELECT count(*) FROM pm_task WHERE status <> 'missed'"))
	y.is("nobody is told twice", y.list("SELECT record_id || ' ' || member_id || (body->>'text') FROM notice WHERE kind = 'task_due' GROUP BY record_id, member_id, body->>'text' HAVING count(*) > 1"), "")
	if y.killed < 60 {
		t.Errorf("only %d ticks were stopped", y.killed)
	}
}

// doneOn is a task that was done: when it was due, and on which day it was done.
type doneOn struct{ due, on Day }

// open reads the plans whose task is due by now, with the day it is due.
func (y *year) open(today Day) map[int64]Day {
	y.Helper()
	rows, err := y.Store.Pool.Query(y.ctx, "SELECT plan_id, due_on FROM pm_task WHERE status = 'open' AND due_on <= $1", today)
	y.must(err)
	open := map[int64]Day{}
	var id int64
	var due Day
	_, err = pgx.ForEachRow(rows, []any{&id, &due}, func() error {
		open[id] = due
		return nil
	})
	y.must(err)
	return open
}

// reads writes down what the meter of a plan's machine shows.
func (y *year) reads(p store.PmPlan, value int64) {
	y.Helper()
	_, err := y.Store.Pool.Exec(y.ctx, "INSERT INTO reading (equipment_id, value, at, via) VALUES ($1, $2, $3, 'desk')", p.EquipmentID, value, y.Now())
	y.must(err)
	y.must(y.putDueOf(y.ctx, y.q, p.EquipmentID))
}

// isCalendar compares all tasks of a plan with what is expected, in the order of their keys.
func (y *year) isCalendar(name string, p store.PmPlan, want []string) {
	y.Helper()
	y.is(name, y.list("SELECT due_key || ' ' || status FROM pm_task WHERE plan_id = $1 ORDER BY due_on, id", p.ID), strings.Join(want, ", "))
}

// isAfterCompletion checks that each of the tasks was due thirty days after the one before was done.
func (y *year) isAfterCompletion(p store.PmPlan, done []doneOn) {
	y.Helper()
	due := y.aDay("2028-01-10")
	var want []string
	for _, d := range done {
		want = append(want, due.Format(dayKey)+" done")
		due = d.on.AddDate(0, 0, 30)
	}
	if !due.After(y.aDay("2028-12-31")) {
		want = append(want, due.Format(dayKey)+" open")
	}
	y.isCalendar("after completion", p, want)
	if len(done) < 11 {
		y.Errorf("only %d were done", len(done))
	}
}

func monthEnds(of int) []string {
	var days []string
	for month := range 12 {
		days = append(days, date(of, time.Month(month+2), 0).Format(dayKey)+" done")
	}
	return days
}

func everyWeek(from, until string) []string {
	var days []string
	for d, _ := time.Parse(dayKey, from); d.Format(dayKey) <= until; d = d.AddDate(0, 0, 7) {
		days = append(days, d.Format(dayKey)+" done")
	}
	return days
}
