package desk

import "testing"

// TestAnOfferThatWasOvertakenIsBroughtUpToDate answers an offer between its wording and the provider's answer.
func TestAnOfferThatWasOvertakenIsBroughtUpToDate(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	notice := s.owedTo(tom)
	out, err := s.TakeNotice(s.ctx, notice)
	s.must(err)
	s.must(s.Accept(s.ctx, tom, id))
	last := s.lastJob()
	s.must(s.NoticeSent(s.ctx, notice, "D1:1.2", out.Call.Call.Version))
	s.is("a job for it", s.list("SELECT kind || ' ' || (args->>'record_id') FROM river.river_job WHERE id > $1", last), s.list("SELECT 'card ' || $1::bigint::text", id))
	old, err := s.OldOfferMessages(s.ctx, id)
	s.must(err)
	if len(old) != 1 {
		t.Fatalf("old messages: %+v", old)
	}
	s.must(s.NoticeEdited(s.ctx, notice, old[0].Version))
	s.must(s.NoticeEdited(s.ctx, notice, 1)) // a slower edit
	if old, err := s.OldOfferMessages(s.ctx, id); err != nil || len(old) != 0 {
		t.Errorf("a slower edit took a newer one back: %+v, %v", old, err)
	}
}

// TestAnOfferThatIsUpToDateNeedsNoJob is the usual case.
func TestAnOfferThatIsUpToDateNeedsNoJob(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.offered(front, s.customer("Acme"))
	notice := s.owedTo(tom)
	out, err := s.TakeNotice(s.ctx, notice)
	s.must(err)
	last := s.lastJob()
	s.must(s.NoticeSent(s.ctx, notice, "D1:1.2", out.Call.Call.Version))
	if now := s.lastJob(); now != last {
		t.Error("a job with nothing to do")
	}
}
