package desk

import (
	"testing"
	"time"

	"callout/store"
)

// passes lets time pass, and does what is due then.
func (s *shop) passes(d time.Duration) {
	s.Helper()
	s.clock.move(d)
	s.must(s.takeSteps(s.ctx))
	due, err := s.q.ListDueSteps(s.ctx, s.Now())
	s.must(err)
	for _, step := range due {
		s.must(s.TakeStep(s.ctx, StepArgs{StepID: step.ID, CallID: step.CallID}))
		s.must(s.TakeStep(s.ctx, StepArgs{StepID: step.ID, CallID: step.CallID})) // jobs may be worked twice
	}
	for _, id := range s.ids("SELECT id FROM call WHERE status = 'pending' AND progress = 'unassigned' ORDER BY id") {
		s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	}
}

func (s *shop) ids(query string, args ...any) []int64 {
	s.Helper()
	rows, err := s.Store.Pool.Query(s.ctx, query, args...)
	s.must(err)
	defer rows.Close()
	var all []int64
	for rows.Next() {
		var id int64
		s.must(rows.Scan(&id))
		all = append(all, id)
	}
	s.must(rows.Err())
	return all
}

func (s *shop) owedKinds(a Actor) string {
	return s.list("SELECT kind || ' ' || channel FROM notice WHERE member_id = $1 ORDER BY id", a.ID)
}

func TestANormalOfferGoesFromChannelToChannelToTheNextPerson(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	s.reach(tom, "email", "tom@example.com")
	id := s.offered(front, s.customer("Acme"), func(c *NewCall) { c.Priority = "normal" })
	una := s.technician("Una")
	s.is("at once", s.owedKinds(tom), "offer slack")
	s.passes(9 * time.Minute)
	s.is("too early", s.owedKinds(tom), "offer slack")
	s.passes(time.Minute)
	s.is("after 10 minutes", s.owedKinds(tom), "offer slack, offer sms")
	s.passes(10 * time.Minute)
	s.is("after 20 minutes somebody else is asked", s.owedKinds(una), "offer slack")
	s.is("timeline", s.kinds(id), "logged, offered, asked_again, expired, offered")
	s.progress(id, Offered, Actor{})

	// Whoever says yes first has it: Tom is late, but Una has not answered.
	s.must(s.Accept(s.ctx, tom, id))
	s.progress(id, Accepted, tom)
	s.refuses(s.Accept(s.ctx, una, id), Conflict, "is with Tom already")
	s.is("nothing of the offers is left to do", s.list("SELECT kind FROM call_step WHERE done_at IS NULL ORDER BY id"), "remind, stuck")
}

func TestWithNobodyElseToAskAnOfferStaysOpen(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"), func(c *NewCall) { c.Priority = "high" })
	s.passes(25 * time.Minute)
	s.progress(id, Offered, Actor{})
	s.passes(15 * time.Minute)
	s.is("dispatchers", s.list("SELECT body->>'text' FROM notice WHERE kind = 'unowned'"),
		"Call 1 (high) has nobody after 40 minutes: Tom was asked 40 minutes ago and has not answered. Please offer it to somebody.")
	s.must(s.Accept(s.ctx, tom, id))
	s.passes(24 * time.Hour)
	s.is("accepted in time", s.list("SELECT DISTINCT kind FROM notice WHERE kind = 'unowned'"), "unowned")
}

func TestAnUrgentCallStaysLoudUntilSomebodyHasIt(t *testing.T) {
	s := openShop(t)
	front, boss := s.member("Fay", Dispatcher), s.member("Ada", Admin)
	id := s.offered(front, s.customer("Acme")) // nobody is there
	s.is("told at once", s.owedKinds(front), "logged slack")
	s.passes(15 * time.Minute)
	s.is("dispatchers", s.list("SELECT kind FROM notice WHERE kind = 'unowned' AND member_id = $1", front.ID), "unowned")
	for range 12 {
		s.passes(30 * time.Minute)
	}
	s.is("admins, five times", s.list("SELECT kind FROM notice WHERE member_id = $1", boss.ID), "unowned, unowned, unowned, unowned, unowned")
	loud := s.list("SELECT count(*)::text FROM call_event WHERE call_id = $1 AND kind = 'unowned' AND after = 'loud'", id)
	if loud < "3" {
		t.Errorf("the thread said %s times that nobody has it", loud)
	}
	tom := s.technician("Tom")
	s.must(s.Accept(s.ctx, tom, id))
	before := s.list("SELECT count(*)::text FROM notice")
	s.passes(29 * time.Minute)
	s.is("quiet once somebody has it", s.list("SELECT count(*)::text FROM notice"), before)
}

func TestAcceptedButNotMoving(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	moving, sitting := s.offered(front, s.customer("Acme")), s.offered(front, s.customer("Bolt"))
	s.must(s.Accept(s.ctx, tom, moving))
	s.must(s.Accept(s.ctx, tom, sitting))
	s.must(s.OnMyWay(s.ctx, tom, moving))
	s.passes(30 * time.Minute)
	s.is("Tom is reminded", s.list("SELECT body->>'text' FROM notice WHERE kind = 'nudge'"), "You accepted call 2 30 minutes ago. Are you on your way?")
	s.passes(15 * time.Minute)
	s.is("then the dispatchers", s.list("SELECT body->>'text' FROM notice WHERE kind = 'nudge' AND member_id = $1", front.ID),
		"Tom accepted call 2 45 minutes ago and has not set out yet.")
}

func TestTheClockStopsWithTheShift(t *testing.T) {
	s := openShop(t)
	front, tom, una := s.member("Fay", Dispatcher), s.member("Tom", Technician), s.member("Una", Technician)
	for _, a := range []Actor{tom, una} {
		s.works(a, 9, 17)
	}
	s.clock.move(7*time.Hour + 20*time.Minute) // 16:50
	s.offered(front, s.customer("Acme"), func(c *NewCall) { c.Priority = "normal" })
	first, second := tom, una
	if s.owedKinds(tom) == "" {
		first, second = una, tom
	}
	s.is("asked", s.owedKinds(first), "offer slack")
	s.passes(12 * time.Hour)
	s.is("nobody is asked in the night", s.owedKinds(second), "")
	s.passes(4*time.Hour + 19*time.Minute) // 09:09
	s.is("not yet", s.owedKinds(second), "")
	s.passes(time.Minute)
	s.is("ten minutes of yesterday and ten of today", s.owedKinds(second), "offer slack")
}

func TestAHigherPriorityStartsTheClockAnew(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	una := s.technician("Una")
	id := s.offered(front, s.customer("Acme"), func(c *NewCall) { c.Priority = "low" })
	asked, other := tom, una
	if s.owedKinds(tom) == "" {
		asked, other = una, tom
	}
	s.passes(time.Hour)
	s.must(s.EditCall(s.ctx, front, id, s.call(id).Version, Fields{"priority": "urgent"}))
	s.passes(10 * time.Minute)
	s.is("asked first", s.owedKinds(asked), "offer slack")
	s.is("asked next", s.owedKinds(other), "offer slack")
}

// works gives somebody weekly hours, on workdays.
func (s *shop) works(a Actor, from, to int32) {
	s.Helper()
	for day := int32(time.Monday); day <= int32(time.Friday); day++ {
		s.must(s.q.InsertDutyRule(s.ctx, store.InsertDutyRuleParams{MemberID: a.ID, Weekday: day, Starts: from * 60, Ends: to * 60}))
	}
}

func TestAStepIsNotLostBetweenTwoClocks(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	id := s.offered(front, s.customer("Acme"), func(c *NewCall) { c.Priority = "normal" })
	s.clock.move(10*time.Minute - time.Second) // another instance, a second ahead, found the step due
	steps := s.ids("SELECT id FROM call_step WHERE call_id = $1 AND kind = 'channel'", id)
	s.must(s.TakeStep(s.ctx, StepArgs{StepID: steps[0], CallID: id}))
	s.is("asked again", s.owedKinds(tom), "offer slack, offer sms")
}
