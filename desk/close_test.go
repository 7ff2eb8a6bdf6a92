package desk

import (
	"strings"
	"testing"
)

func TestWhoHasTheCallIsToldThatItIsClosed(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.must(s.Close(s.ctx, front, id, "It works again"))
	s.is("told", s.notices(tom), "offer slack cancelled, closed slack owed")
	s.is("the dispatcher knows", s.list("SELECT kind FROM notice WHERE kind = 'closed' AND member_id = $1", front.ID), "")
}

func TestAnotherOfferGoesToSomebodyElse(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	s.technician("Tom")
	s.technician("Ann")
	id := s.offered(front, acme)
	first := s.asked(id)
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET territory = 'north' WHERE id = $1", first)
	s.must(err)
	s.must(s.OfferTo(s.ctx, front, id, 0))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	if s.asked(id) == first {
		t.Error("who it was just taken from is asked again")
	}
}

func TestALongTimelineKeepsItsEnd(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	id := s.logs(front, s.customer("Acme"))
	_, err := s.Store.Pool.Exec(s.ctx, `INSERT INTO call_event (call_id, at, via, kind, note) SELECT $1, $2, 'desk', 'note', 'note ' || i FROM generate_series(1, 600) AS i`, id, s.Now())
	s.must(err)
	entries, err := s.Timeline(s.ctx, front, id)
	s.must(err)
	var ends []string
	if len(entries) > 0 {
		ends = []string{entries[0].CallEvent.Note, entries[len(entries)-1].CallEvent.Note}
	}
	if len(entries) != 500 || strings.Join(ends, " to ") != "note 101 to note 600" {
		t.Errorf("%d entries, %v", len(entries), ends)
	}
}
