package desk

import (
	"testing"

	"callout/store"
)

func TestUndoOnce(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.must(s.OnMyWay(s.ctx, tom, id))
	way := s.last(tom)
	for range 2 {
		u, err := s.Undo(s.ctx, keyed(tom, "slack:undo"), way.ID)
		s.must(err)
		s.is("the same answer", u.Now, "It is yours.")
	}
	s.is("timeline", s.kinds(id), "logged, offered, accepted, en_route, undone")
	errs := make([]error, 6)
	accepted := s.last(tom)
	done := make(chan struct{})
	for i := range errs {
		go func() { _, errs[i] = s.Undo(s.ctx, tom, accepted.ID); done <- struct{}{} }()
	}
	for range errs {
		<-done
	}
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		s.refuses(err, Conflict, "undone that already")
	}
	if won != 1 || s.count("call_event WHERE kind = 'undone'") != 2 {
		t.Errorf("%d of %d taps undid it", won, len(errs))
	}
}

func TestUndoAndAcceptInOneMoment(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	ann := s.technician("Ann")
	for range 10 {
		s.must(s.OfferTo(s.ctx, fay, id, tom.ID))
		s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
		s.must(s.Decline(s.ctx, tom, id, ""))
		declined := s.last(tom)
		s.must(s.OfferTo(s.ctx, Actor{Member: store.Member{Roles: fay.Roles, State: fay.State}}, id, ann.ID)) // as the desk itself would
		s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
		var undone, taken error
		done := make(chan struct{})
		go func() { _, undone = s.Undo(s.ctx, tom, declined.ID); close(done) }()
		taken = s.Accept(s.ctx, ann, id)
		<-done
		switch {
		case undone == nil && taken == nil || undone != nil && taken != nil:
			t.Fatalf("both or none: %v, %v", undone, taken)
		case taken == nil:
			s.refuses(undone, Conflict, "Ann accepted call")
			s.progress(id, Accepted, ann)
		default:
			s.refuses(taken, Conflict, "offered to Tom")
			if s.asked(id) != tom.ID {
				t.Error("Tom is not asked")
			}
		}
	}
}
