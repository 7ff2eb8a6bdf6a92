package desk

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// covered asks to be covered and returns the number of the swap.
func (s *shop) covered(a Actor, text, words string) int64 {
	s.Helper()
	id, err := s.AskCover(s.ctx, a, s.when(text), words)
	s.must(err)
	return id
}

func (s *shop) hours(a Actor, regular, onCall string) {
	s.Helper()
	s.must(s.EditHours(s.ctx, a, a.ID, 1, Fields{"hours": regular, "on_call": onCall}))
}

func TestSomebodyCovers(t *testing.T) {
	s := openShop(t)
	tom, una, ann, dora := s.member("Tom", Technician), s.member("Una", Technician), s.member("Ann", Technician), s.member("Dora", Dispatcher)
	s.hours(tom, "mon-fri 8-12 13-17", "fri 20-22")
	s.hours(una, "", "")
	id := s.covered(tom, "friday", "My sister marries")
	s.is("everybody is asked", s.list("SELECT member_id || ' ' || kind FROM notice ORDER BY member_id"), "2 duty_news, 3 duty_news")
	s.is("what is asked", s.list("SELECT DISTINCT body->>'text' FROM notice"), "Tom asks to be covered: Fri 13 Mar 08:00–12:00, Fri 13 Mar 13:00–17:00 and "+
		"Fri 13 Mar 20:00–22:00 (on call). My sister marries. Whoever takes it first in chat has it; skills are not compared.")
	_, err := s.AskCover(s.ctx, tom, s.when("fri 9-10"), "")
	s.refuses(err, Invalid, "You ask to be covered then already")
	s.refuses(s.TakeCover(s.ctx, tom, id), Conflict, "You cannot cover yourself")
	s.refuses(s.TakeCover(s.ctx, dora, id), Forbidden, "set your own duty")
	s.must(s.TakeCover(s.ctx, keyed(una, "k"), id))
	s.must(s.TakeCover(s.ctx, keyed(una, "k"), id)) // the same press
	s.refuses(s.TakeCover(s.ctx, una, id), Conflict, "You took it already")
	s.refuses(s.TakeCover(s.ctx, ann, id), Conflict, "Una was faster and covers Tom")
	s.refuses(s.WithdrawCover(s.ctx, tom, id), Conflict, "Una was faster")
	for _, at := range []string{"fri 9:00", "fri 14:00"} {
		s.is("Tom "+at, s.dutyAt(tom, at), "off")
		s.is("Una "+at, s.dutyAt(una, at), "on")
	}
	s.is("lunch", s.dutyAt(una, "fri 12:30"), "off")
	s.is("the evening", s.dutyAt(una, "fri 21:00")+", "+s.dutyAt(tom, "fri 21:00"), "on call, off")
	s.is("the next week", s.dutyAt(tom, "2026-03-20 9:00"), "on")
	s.is("Dora is told", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", dora.ID),
		"Una covers Tom: Fri 13 Mar 08:00–12:00, Fri 13 Mar 13:00–17:00 and Fri 13 Mar 20:00–22:00 (on call).")
	s.is("Tom is told", s.list("SELECT left(body->>'text', 16) FROM notice WHERE member_id = $1", tom.ID), "Una covers you: ")
	s.is("timeline", s.list("SELECT kind || ' ' || coalesce(member_id, 0) FROM event WHERE record = 'swap' ORDER BY id"), "cover_asked 1, cover_taken 2")
	_, err = s.CancelOverride(s.ctx, una, parseID(t, s.list("SELECT max(id) FROM duty_override WHERE member_id = $1", una.ID)))
	s.refuses(err, Forbidden, "Two people agreed on that")
}

func TestTwoTakeAtTheSameTime(t *testing.T) {
	s := openShop(t)
	tom := s.member("Tom", Technician)
	s.hours(tom, "mon-fri 8-17", "")
	names := []string{"Una", "Ann", "Bea", "Cid", "Eve", "Gus"}
	var takers []Actor
	for _, n := range names {
		takers = append(takers, s.member(n, Technician))
	}
	for round := range 5 {
		id := s.covered(tom, "2026-03-"+[]string{"12", "13", "16", "17", "18"}[round], "")
		var wg sync.WaitGroup
		errs := make([]error, len(takers))
		for i, a := range takers {
			wg.Go(func() { errs[i] = s.TakeCover(s.ctx, a, id) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			s.refuses(err, Conflict, "was faster and covers Tom")
		}
		if won != 1 {
			t.Fatalf("round %d: %d people have it", round, won)
		}
		if n := s.count("duty_override WHERE swap_id = $1", id); n != 2 {
			t.Errorf("round %d: %d overrides", round, n)
		}
	}
}

func TestSwapsEnd(t *testing.T) {
	s := openShop(t)
	tom, una, dora := s.member("Tom", Technician), s.member("Una", Technician), s.member("Dora", Dispatcher)
	s.hours(tom, "mon-fri 8-17", "")
	_, err := s.AskCover(s.ctx, tom, s.when("sat"), "")
	s.refuses(err, Invalid, "You are not on duty Sat 14 Mar, so there is nothing to cover")
	_, err = s.AskCover(s.ctx, tom, s.when(""), "")
	s.refuses(err, Invalid, "until when")
	_, err = s.AskCover(s.ctx, tom, s.when("until 10"), "")
	s.refuses(err, Invalid, "begins at once")
	_, err = s.AskCover(s.ctx, dora, s.when("fri"), "")
	s.refuses(err, Forbidden, "set your own duty")

	first := s.covered(tom, "friday", "")
	s.refuses(s.WithdrawCover(s.ctx, una, first), Forbidden, "set the duty of others")
	s.must(s.WithdrawCover(s.ctx, tom, first))
	s.refuses(s.TakeCover(s.ctx, una, first), Conflict, "Tom does not need to be covered any more")

	second := s.covered(tom, "today", "") // from the next full hour on
	s.must(s.expireSwaps(s.ctx))
	s.clock.move(30 * time.Minute)
	s.refuses(s.TakeCover(s.ctx, una, second), Conflict, "the time has begun")
	s.must(s.expireSwaps(s.ctx))
	s.must(s.expireSwaps(s.ctx))
	s.is("the asker is told once", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", tom.ID), "Nobody took over from you, and the time has begun: you are still on duty.")
	s.is("the dispatchers are told once", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", dora.ID), "Nobody covers Tom, who asked for it: Tue 10 Mar 10:00–17:00. They are still on duty.")
	s.refuses(s.TakeCover(s.ctx, una, second), Conflict, "Nobody took it in time")
	s.is("on duty", s.dutyAt(tom, "now"), "on")
	s.refuses(s.TakeCover(s.ctx, una, 99), NotFound, "number 99")
}

func TestTimeOff(t *testing.T) {
	s := openShop(t)
	tom, una, dora, ada := s.member("Tom", Technician), s.member("Una", Technician), s.member("Dora", Dispatcher), s.member("Ada", Admin, Dispatcher)
	s.hours(tom, "mon-sun 0-24", "")
	ask := func(a Actor, text string) int64 {
		t.Helper()
		id, _, err := s.AskTimeOff(s.ctx, a, s.when(text), "Skiing")
		s.must(err)
		return id
	}
	id := ask(tom, "2026-03-16..2026-03-20")
	s.is("asked once each", s.notices(dora)+" / "+s.notices(ada), "duty_news slack owed / duty_news slack owed")
	s.is("the words", s.list("SELECT DISTINCT body->>'text' FROM notice"), "Tom asks for time off: Mon 16 Mar – Fri 20 Mar. Skiing. Please approve or refuse it in chat.")
	s.is("it does not count yet", s.dutyAt(tom, "2026-03-17 9:00"), "on")
	_, _, err := s.AskTimeOff(s.ctx, tom, s.when("2026-03-20..2026-03-22"), "")
	s.is("twice", FieldError(err, "day"), "You have asked for time off for Mon 16 Mar – Fri 20 Mar already. Cancel that first, or choose other days.")
	s.refuses(s.DecideTimeOff(s.ctx, una, id, true), Forbidden, "approve time off")

	other := ask(una, "2026-03-18")
	view, err := s.TimeOff(s.ctx, id)
	s.must(err)
	if len(view.Others) != 1 || view.Others[0].Name != "Una" {
		t.Errorf("who else is off: %+v", view.Others)
	}
	s.must(s.DecideTimeOff(s.ctx, dora, id, true))
	s.refuses(s.DecideTimeOff(s.ctx, ada, id, false), Conflict, "Dora has approved it already")
	s.is("it counts", s.dutyAt(tom, "2026-03-17 9:00"), "off")
	s.is("Tom is told", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", tom.ID), "Dora approved your time off: Mon 16 Mar – Fri 20 Mar.")
	s.must(s.DecideTimeOff(s.ctx, ada, other, false))
	s.is("refused", s.dutyAt(una, "2026-03-18 9:00")+s.list("SELECT ' ' || state FROM time_off WHERE id = $1", other), "off refused")
	if taken, err := s.AskCover(s.ctx, tom, s.when("2026-03-17"), ""); CodeOf(err) != Invalid {
		t.Errorf("cover for a day off: %d, %v", taken, err)
	}

	s.clock.move(8 * 24 * time.Hour) // Wednesday
	s.is("away", s.dutyAt(tom, "now"), "off")
	s.refuses(s.CancelTimeOff(s.ctx, una, id), Forbidden, "approve time off")
	s.must(s.CancelTimeOff(s.ctx, tom, id))
	s.is("back early", s.dutyAt(tom, "now"), "on")
	s.refuses(s.CancelTimeOff(s.ctx, tom, id), Conflict, "over")
	s.is("the timeline", s.list("SELECT kind FROM event WHERE record = 'time_off' AND record_id = $1 ORDER BY id", id), "off_asked, off_approved, off_cancelled")

	both := s.member("Bo", Technician, Dispatcher)
	_, approved, err := s.AskTimeOff(s.ctx, both, s.when("2026-04-01"), "")
	s.must(err)
	if !approved {
		t.Error("who approves others has to wait")
	}
	last := ask(una, "2026-04-01")
	s.must(s.CancelTimeOff(s.ctx, una, last))
	s.refuses(s.DecideTimeOff(s.ctx, dora, last, true), Conflict, "Una does not ask for it any more")
	if _, _, err := s.AskTimeOff(s.ctx, dora, s.when("fri"), ""); !strings.Contains(err.Error(), "You may not ask for time off") {
		t.Error(err)
	}
}
