package desk

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

func TestCoverOnCallLeavesRegularHoursAlone(t *testing.T) {
	s := openShop(t)
	tom, una := s.member("Tom", Technician), s.member("Una", Technician)
	s.hours(tom, "", "fri 15-22")
	s.hours(una, "mon-fri 8-17", "")
	s.must(s.TakeCover(s.ctx, una, s.covered(tom, "friday", "")))
	s.is("in her hours", s.dutyAt(una, "fri 16:00"), "on")
	s.is("and after them", s.dutyAt(una, "fri 18:00"), "on call")
	s.is("Tom", s.dutyAt(tom, "fri 16:00"), "off")
}

func TestWhoAsksForCoverTwiceAtOnceAsksOnce(t *testing.T) {
	s := openShop(t)
	tom := s.member("Tom", Technician)
	s.hours(tom, "mon-fri 8-17", "")
	when := s.when("friday")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() { _, _ = s.AskCover(s.ctx, keyed(tom, fmt.Sprint("form ", i)), when, "") })
	}
	wg.Wait()
	if n := s.count("duty_swap"); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestADispatcherWithdrawsARequest(t *testing.T) {
	s := openShop(t)
	tom, dora := s.member("Tom", Technician), s.member("Dora", Dispatcher)
	s.hours(tom, "mon-fri 8-17", "")
	s.must(s.WithdrawCover(s.ctx, dora, s.covered(tom, "friday", "")))
	s.is("Tom is told", s.list("SELECT body->>'text' FROM notice WHERE member_id = $1", tom.ID),
		"Dora withdrew that you ask to be covered: you are on duty then. /duty shows it.")
}

func TestApprovedTimeOffEndsDutyUntilFurtherNotice(t *testing.T) {
	s := openShop(t)
	tom, dora := s.member("Tom", Technician), s.member("Dora", Dispatcher)
	_, err := s.SetDuty(s.ctx, tom, true, nil)
	s.must(err)
	id, _, err := s.AskTimeOff(s.ctx, tom, s.when("2026-03-16..2026-03-20"), "")
	s.must(err)
	s.is("not approved yet", s.dutyAt(tom, "2026-03-17 9:00"), "on")
	s.must(s.DecideTimeOff(s.ctx, dora, id, true))
	s.is("before", s.dutyAt(tom, "2026-03-15 9:00"), "on")
	s.is("away", s.dutyAt(tom, "2026-03-17 9:00"), "off")
	s.is("after", s.dutyAt(tom, "2026-03-21 9:00"), "on")
}

func TestTakenBackTwice(t *testing.T) {
	s := openShop(t)
	tom := s.member("Tom", Technician)
	_, err := s.ChangeDuty(s.ctx, tom, DutyChange{MemberID: tom.ID, Kind: DutyOff, When: s.when("fri")})
	s.must(err)
	id := parseID(t, s.list("SELECT id FROM duty_override"))
	errs := make([]error, 3)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = s.CancelOverride(s.ctx, keyed(tom, fmt.Sprint("press ", i)), id) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			s.refuses(err, NotFound, "taken back already")
		}
	}
	if n := s.count("event WHERE kind = 'duty_back'"); n != 1 {
		t.Errorf("%d lines", n)
	}
}

func TestAHandOverThatWasOpenForLong(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	until := s.Now().Add(time.Hour)
	s.clock.move(2 * time.Hour)
	_, err := s.GoOffDuty(s.ctx, tom, &until, []HandOver{{CallID: id, Line: "key at the reception"}})
	s.refuses(err, Conflict, "over by now")
	s.progress(id, Accepted, tom)
	s.is("still", s.dutyAt(tom, "now"), "on")
}
