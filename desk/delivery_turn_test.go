package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

func TestNextTurn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	ago := func(minutes ...float64) []time.Time {
		times := make([]time.Time, len(minutes))
		for i, m := range minutes {
			times[i] = now.Add(-time.Duration(m * float64(time.Minute)))
		}
		return times
	}
	every := func(n int, minutes float64) []time.Time {
		times := make([]time.Time, n)
		for i := range times {
			times[i] = now.Add(-time.Duration(minutes * float64(i+1) * float64(time.Minute)))
		}
		return times
	}
	for _, c := range []struct {
		name  string
		times []time.Time
		want  time.Duration
		why   string
	}{
		{"the first text", nil, 0, ""},
		{"one a minute", ago(0.5), 30 * time.Second, "1 text a minute"},
		{"a minute later", ago(1), 0, ""},
		{"four in a quarter", ago(2, 4, 6, 8), 0, ""},
		{"five in a quarter", ago(2, 4, 6, 8, 10), 5 * time.Minute, "5 texts in 15 minutes"},
		{"the oldest of five leaves the quarter", ago(2, 4, 6, 8, 15), 0, ""},
		{"eleven in an hour", every(11, 5), 5 * time.Minute, "11 texts an hour"},
		{"twenty-one in three hours", every(21, 8), 12 * time.Minute, "21 texts in 3 hours"},
		{"the longest wait counts", append(ago(0.5), every(20, 8)...), 20 * time.Minute, "21 texts in 3 hours"},
		{"a clock that was wrong", ago(-600), 0, ""},
	} {
		at, why := nextTurn(c.times, now)
		if at.Sub(now) != c.want || !strings.Contains(why, c.why) || (why == "") != (c.why == "") {
			t.Errorf("%s: wait %s because %q, want %s because %q", c.name, at.Sub(now), why, c.want, c.why)
		}
	}
}

// text owes a member a text that is not urgent, and returns its number.
func (s *shop) text(a Actor, words string) int64 {
	s.Helper()
	method := s.reach(a, "sms", "+447911123456")
	s.must(s.inTx(s.ctx, func(tx pgx.Tx, q *store.Queries) error {
		return s.owe(s.ctx, tx, q, owed{kind: noticeWelcome, memberID: a.ID, body: NoticeBody{Text: words}}, []store.ContactMethod{method})
	}))
	return s.owedTo(a)
}

// took takes a notice that must not wait.
func (s *shop) took(id int64) *Outgoing {
	s.Helper()
	out, err := s.TakeNotice(s.ctx, id)
	s.must(err)
	if out == nil {
		s.Fatalf("notice %d is not owed", id)
	}
	return out
}

// waits takes a notice that must wait.
func (s *shop) waits(id int64, want time.Duration) {
	s.Helper()
	out, err := s.TakeNotice(s.ctx, id)
	var held *Held
	if !errors.As(err, &held) || held.For != want {
		s.Fatalf("notice %d: took %+v, %v; want it to wait %s", id, out, err, want)
	}
}

func (s *shop) texts() string {
	s.Helper()
	return s.list("SELECT id || ' ' || state || ' ' || provider_id || ' ' || segments FROM notice WHERE channel = 'sms' ORDER BY id")
}

func TestTextsWaitForTheirTurnAndGoTogether(t *testing.T) {
	s := openShop(t)
	tom := s.technician("Tom")
	first, second, third, fourth := s.text(tom, "one"), s.text(tom, "two"), s.text(tom, "three"), s.text(tom, "four")
	s.took(first)
	s.waits(second, time.Minute)
	s.must(s.TextSent(s.ctx, first, "SM1", 1))
	s.clock.move(20 * time.Second)
	s.waits(third, 40*time.Second)
	s.waits(fourth, 40*time.Second)
	s.is("why", s.list("SELECT DISTINCT hold || ' ' || attempts FROM notice WHERE held_until IS NOT NULL"), "a phone gets at most 1 text a minute 0")
	before := s.jobs()
	s.must(s.Tick(s.ctx))
	s.is("nobody looks before their turn", s.jobs(), before)

	s.clock.move(40 * time.Second)
	out := s.took(third)
	if len(out.Others) != 2 || out.Others[0].Notice.ID != second || out.Others[1].Body.Text != "four" {
		t.Fatalf("the turn is taken with %+v", out.Others)
	}
	if other, err := s.TakeNotice(s.ctx, second); err != nil || other != nil {
		t.Errorf("what goes along is taken alone too: %+v, %v", other, err)
	}
	s.must(s.Bundled(s.ctx, third, "three\ntwo", []int64{second})) // four does not fit
	s.must(s.TextSent(s.ctx, third, "SM2", 2))
	s.is("texts", s.texts(), fmt.Sprintf("%d sent SM1 1, %d sent SM2 0, %d sent SM2 2, %d owed  0", first, second, third, fourth))
	s.waits(fourth, time.Minute)

	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM2", State: "delivered"}))
	s.is("one receipt for both", s.list("SELECT id FROM notice WHERE state = 'delivered' AND delivered_at = $1 ORDER BY id", s.Now()), fmt.Sprintf("%d, %d", second, third))
	s.clock.move(time.Minute)
	s.must(s.Tick(s.ctx))
	s.is("a tick takes up whose turn has come", s.list("SELECT args->>'notice_id' FROM river.river_job WHERE kind = 'notice' ORDER BY id DESC LIMIT 1"), fmt.Sprint(fourth))
	s.took(fourth)
}

func TestUrgentTextsPassAndCount(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.took(s.text(tom, "one"))
	s.offered(front, s.customer("Acme"))
	s.offered(front, s.customer("Bakery"))
	for _, id := range strings.Split(s.list("SELECT id FROM notice WHERE channel = 'sms' AND kind = 'offer' ORDER BY id"), ", ") {
		if out := s.took(parseID(t, id)); len(out.Others) != 0 {
			t.Errorf("an urgent text carries %+v", out.Others)
		}
	}
	if n := s.count("phone_turn WHERE array_length(times, 1) = 3"); n != 1 {
		t.Error("urgent texts do not count")
	}
	waiting := s.text(tom, "two")
	s.waits(waiting, time.Minute)
	nel := s.member("Nel", Sales)
	_, err := s.ChangePhone(s.ctx, nel, "+44 7911 123456") // the same phone, as a family might have
	s.must(err)
	if out := s.took(s.owedTo(nel)); out.Notice.Kind != noticeCode || len(out.Others) != 0 {
		t.Errorf("a code waits or carries others: %+v", out)
	}
}

func TestOneTurnForTwoInstances(t *testing.T) {
	s := openShop(t)
	tom := s.technician("Tom")
	ids := []int64{s.text(tom, "one"), s.text(tom, "two"), s.text(tom, "three"), s.text(tom, "four")}
	var mu sync.Mutex
	var all sync.WaitGroup
	had := 0
	for _, id := range ids {
		all.Go(func() {
			out, err := s.TakeNotice(s.ctx, id)
			var held *Held
			if err != nil && !errors.As(err, &held) {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if out != nil {
				had++
			}
		})
	}
	all.Wait()
	if had != 1 {
		t.Errorf("%d texts had their turn at once", had)
	}
}

// TestABundleIsTheSameAfterARestart kills the worker between the send and its record.
func TestABundleIsTheSameAfterARestart(t *testing.T) {
	s := openShop(t)
	tom := s.technician("Tom")
	first, second, third := s.text(tom, "one"), s.text(tom, "two"), s.text(tom, "three")
	s.took(first)
	s.must(s.TextSent(s.ctx, first, "SM1", 1))
	s.waits(second, time.Minute)
	s.waits(third, time.Minute)
	s.clock.move(time.Minute)
	s.took(second)
	s.must(s.Bundled(s.ctx, second, "two\nthree", []int64{third}))
	began := s.Now()
	s.clock.move(noticeLease)
	s.must(s.Tick(s.ctx))
	out := s.took(second)
	if out.Asked == nil || !out.Asked.Equal(began) || out.Notice.Said != "two\nthree" || len(out.Others) != 1 {
		t.Fatalf("taken again: %+v", out)
	}
	s.must(s.TextSent(s.ctx, second, "SM2", 1)) // the provider had it
	s.is("texts", s.texts(), fmt.Sprintf("%d sent SM1 1, %d sent SM2 1, %d sent SM2 0", first, second, third))
	if n := s.count("phone_turn WHERE array_length(times, 1) = 2"); n != 1 {
		t.Error("the second try took a second turn")
	}
}

func TestARefusedTextKeepsItsPlace(t *testing.T) {
	s := openShop(t)
	tom := s.technician("Tom")
	first, second, third := s.text(tom, "one"), s.text(tom, "two"), s.text(tom, "three")
	s.took(first)
	s.must(s.NoticeRefused(s.ctx, first, "429"))
	s.clock.move(2 * time.Minute)
	s.waits(second, inOrderAgain)
	s.took(first)
	s.must(s.NoticeRefused(s.ctx, first, "429"))
	s.waits(third, inOrderAgain)
	s.took(first)
	s.must(s.TextSent(s.ctx, first, "SM1", 1))
	out := s.took(second)
	if len(out.Others) != 1 || out.Others[0].Notice.ID != third {
		t.Errorf("behind it went %+v", out.Others)
	}
}

func TestWhatABundleCarriesFailsWithIt(t *testing.T) {
	s := openShop(t)
	tom := s.technician("Tom")
	first, second, third := s.text(tom, "one"), s.text(tom, "two"), s.text(tom, "three")
	s.took(first)
	s.must(s.TextSent(s.ctx, first, "SM1", 1))
	s.waits(second, time.Minute)
	s.waits(third, time.Minute)
	s.clock.move(time.Minute)
	s.took(second)
	s.must(s.Bundled(s.ctx, second, "two\nthree", []int64{third}))
	s.must(s.NoticeFailed(s.ctx, second, "the number is unknown", true))
	s.is("both go by chat", s.list("SELECT channel || ' ' || (body->>'text') || ' ' || instead_of FROM notice WHERE instead_of IS NOT NULL ORDER BY id"),
		fmt.Sprintf("slack two %d, slack three %d", second, third))
}

func TestAStaleTextIsDropped(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	_, err := s.q.DisableContactMethod(s.ctx, disable(s, tom, "slack"))
	s.must(err)
	s.took(s.text(tom, "one"))
	calls := make([]int64, 3)
	var offers []int64
	for i := range calls {
		calls[i] = s.logs(front, acme)
		s.must(s.Assign(s.ctx, AssignArgs{CallID: calls[i]}))
		offers = append(offers, s.owedTo(tom))
		s.waits(offers[i], time.Minute)
	}
	s.must(s.TextSent(s.ctx, 1, "SM1", 1))
	s.must(s.Accept(s.ctx, tom, calls[1]))
	s.clock.move(time.Minute)
	out := s.took(offers[0])
	if len(out.Others) != 1 || out.Others[0].Notice.ID != offers[2] {
		t.Fatalf("carried along: %+v", out.Others)
	}
	s.must(s.Bundled(s.ctx, offers[0], "both", []int64{offers[2]}))
	s.must(s.NoticeRefused(s.ctx, offers[0], "429"))
	s.must(s.Decline(s.ctx, tom, calls[0], "ill")) // the offer that leads the bundle is gone: the other must not be lost with it
	s.must(s.Tick(s.ctx))
	s.is("let go", s.list("SELECT id || ' ' || state FROM notice WHERE channel = 'sms' AND kind = 'offer' ORDER BY id"),
		fmt.Sprintf("%d cancelled, %d cancelled, %d owed", offers[0], offers[1], offers[2]))
	s.clock.move(time.Minute)
	if out := s.took(offers[2]); out.Notice.Kind != noticeOffer {
		t.Errorf("took %+v", out)
	}
}

// TestAFailedOfferAndAStepDoNotSayTheSameTwice lets a message fail while a step of its call asks on the next channel.
func TestAFailedOfferAndAStepDoNotSayTheSameTwice(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	s.reach(tom, "email", "tom@example.com")
	id := s.logs(front, s.customer("Acme"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	failing := s.owedTo(tom)
	step := parseID(t, s.list("SELECT id FROM call_step WHERE kind = 'channel'"))
	tx, err := s.Store.Pool.Begin(s.ctx)
	s.must(err)
	defer func() { _ = tx.Rollback(s.ctx) }()
	_, err = tx.Exec(s.ctx, "SELECT FROM call WHERE id = $1 FOR UPDATE", id) // so that both wait, the step first
	s.must(err)
	blocked := func(n int) {
		t.Helper()
		for s.count("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < n {
			if s.ctx.Err() != nil {
				t.Fatal("nobody waits for the call")
			}
		}
	}
	ends := make(chan error, 2)
	go func() { ends <- s.TakeStep(s.ctx, StepArgs{StepID: step, CallID: id}) }()
	blocked(1)
	go func() { ends <- s.NoticeFailed(s.ctx, failing, "channel_not_found", false) }()
	blocked(2)
	s.must(tx.Commit(s.ctx))
	s.must(<-ends)
	s.must(<-ends)
	offers := strings.Split(s.list("SELECT channel FROM notice WHERE kind = 'offer' ORDER BY id"), ", ")
	slices.Sort(offers)
	if len(slices.Compact(slices.Clone(offers))) != len(offers) {
		t.Errorf("asked by %v", offers)
	}
}
