package desk

import (
	"testing"
	"time"
)

func TestACallWaitsForParts(t *testing.T) {
	s := openShop(t)
	front, tom, una := s.member("Fay", Dispatcher), s.technician("Tom"), s.member("Una", Technician)
	id := s.offered(front, s.customer("Acme"))
	friday := time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)
	s.refuses(s.WaitFor(s.ctx, tom, id, "parts", friday, ""), Conflict, "Nobody has accepted call 1 yet")
	s.must(s.Accept(s.ctx, tom, id))
	s.refuses(s.WaitFor(s.ctx, una, id, "parts", friday, ""), Conflict, "is with Tom already")
	s.refuses(s.WaitFor(s.ctx, tom, id, "parts", s.Now().Truncate(24*time.Hour), ""), Invalid)
	s.refuses(s.WaitFor(s.ctx, tom, id, "luck", friday, ""), Invalid)
	s.must(s.WaitFor(s.ctx, tom, id, "parts", friday, "fuser unit is ordered"))
	s.progress(id, Waiting, tom)
	s.passes(2 * 24 * time.Hour) // Thursday: nobody is asked why nothing moves
	s.is("quiet", s.list("SELECT kind FROM notice WHERE kind IN ('nudge','unowned')"), "")
	s.passes(22*time.Hour + 30*time.Minute) // Friday 08:00
	s.progress(id, Accepted, tom)
	s.is("told", s.list("SELECT body->>'text' FROM notice WHERE kind = 'nudge'"), "Call 1 waited until today: please go on with it.")
	s.is("timeline", s.kinds(id), "logged, offered, accepted, waiting, taken_up")

	// Another priority does not make it wait for ever, and who gives it back leaves nothing of its day.
	s.must(s.WaitFor(s.ctx, tom, id, "parts", friday.AddDate(0, 0, 1), ""))
	s.must(s.EditCall(s.ctx, front, id, s.call(id).Version, Fields{"priority": "high"}))
	s.passes(24 * time.Hour)
	s.progress(id, Accepted, tom)

	s.must(s.WaitFor(s.ctx, tom, id, "customer", friday.AddDate(0, 0, 7), ""))
	s.must(s.OnMyWay(s.ctx, tom, id)) // sooner than thought
	if c := s.call(id); c.Progress != EnRoute || c.ResumeOn != nil {
		t.Errorf("%+v", c)
	}
	s.must(s.WaitFor(s.ctx, tom, id, "customer", friday.AddDate(0, 0, 7), ""))
	s.must(s.Resume(s.ctx, front, id)) // a dispatcher may
	s.progress(id, Accepted, tom)
}

func TestACallThatIsGivenBackDoesNotWaitAnyMore(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.must(s.WaitFor(s.ctx, tom, id, "parts", time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC), ""))
	s.must(s.Decline(s.ctx, tom, id, "too far"))
	if c := s.call(id); c.Progress != Unassigned || c.ResumeOn != nil {
		t.Errorf("%+v", c)
	}
}
