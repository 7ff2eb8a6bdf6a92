package desk

import (
	"testing"
	"time"
)

func TestOldOfferMessages(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	id := s.offered(front, s.customer("Acme"))
	for _, n := range []string{"slack", "sms"} {
		notice := parseID(t, s.list("SELECT id FROM notice WHERE kind = 'offer' AND channel = $1", n))
		_, err := s.TakeNotice(s.ctx, notice)
		s.must(err)
		s.must(s.NoticeSent(s.ctx, notice, "P-"+n, s.call(id).Version))
	}
	if old, err := s.OldOfferMessages(s.ctx, id); err != nil || len(old) != 0 {
		t.Errorf("a fresh message is old: %+v, %v", old, err)
	}
	s.must(s.Accept(s.ctx, tom, id))
	old, err := s.OldOfferMessages(s.ctx, id)
	s.must(err)
	if len(old) != 1 || old[0].Notice.Channel != "slack" || old[0].Version != s.call(id).Version {
		t.Fatalf("old messages: %+v", old)
	}
	s.must(s.NoticeEdited(s.ctx, old[0].Notice.ID, old[0].Version))
	if old, err := s.OldOfferMessages(s.ctx, id); err != nil || len(old) != 0 {
		t.Errorf("an edited message is old: %+v, %v", old, err)
	}
}

func TestAnAnsweredOfferIsNotSentLate(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	s.reach(tom, "sms", "+447911123456")
	text := func(call int64) int64 {
		t.Helper()
		id := parseID(t, s.list("SELECT id FROM notice WHERE kind = 'offer' AND channel = 'sms' AND call_id = $1", call))
		out, err := s.TakeNotice(s.ctx, id)
		s.must(err)
		if out == nil {
			t.Fatal("the text is not owed")
		}
		return id
	}
	dropped := func(notice int64) {
		t.Helper()
		if out, err := s.TakeNotice(s.ctx, notice); err != nil || out != nil {
			t.Errorf("a stale offer is sent: %+v, %v", out, err)
		}
		s.is("state", s.list("SELECT state FROM notice WHERE id = $1", notice), "cancelled")
	}
	first := s.offered(front, acme)
	unanswered := text(first)
	s.must(s.NoticeUnanswered(s.ctx, unanswered, "timeout"))
	s.must(s.Accept(s.ctx, tom, first))
	s.is("with the answer", s.list("SELECT state FROM notice WHERE id = $1", unanswered), "cancelled")
	dropped(unanswered)

	second := s.offered(front, acme)
	refused := text(second)
	s.must(s.Decline(s.ctx, tom, second, "ill"))
	s.must(s.NoticeRefused(s.ctx, refused, "429")) // the provider answered after the person did
	dropped(refused)
}

func TestALateFailureOfAnAnsweredOffer(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	id := s.offered(front, s.customer("Acme"))
	notice := parseID(t, s.list("SELECT id FROM notice WHERE kind = 'offer' AND channel = 'sms'"))
	_, err := s.TakeNotice(s.ctx, notice)
	s.must(err)
	s.must(s.NoticeSent(s.ctx, notice, "SM1", 2))
	s.must(s.Accept(s.ctx, tom, id))
	s.reach(tom, "email", "tom@example.com")
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "undelivered", Reason: "30003"}))
	s.is("timeline", s.kinds(id), "logged, offered, accepted")
	s.is("owed", s.notices(tom), "offer slack cancelled, offer sms undelivered")
}

func TestAReportIsMadeByOneWorker(t *testing.T) {
	s := openShop(t)
	admin := s.member("Ada", Admin)
	_, err := s.Store.Pool.Exec(s.ctx, `INSERT INTO notice (kind, member_id, channel, address, created_at) VALUES ('report', $1, 'slack', 'C1', $2)`, admin.ID, s.Now())
	s.must(err)
	if out, err := s.TakeNotice(s.ctx, 1); err != nil || out == nil {
		t.Fatalf("not owed: %+v, %v", out, err)
	}
	s.clock.move(100 * time.Second) // as long as a worker may take
	s.must(s.Tick(s.ctx))
	s.is("taken up", s.jobs(), "")
	if again, err := s.TakeNotice(s.ctx, 1); err != nil || again != nil {
		t.Errorf("two workers make the report: %+v, %v", again, err)
	}
	s.clock.move(time.Minute)
	s.must(s.Tick(s.ctx))
	s.is("taken up when it died", s.jobs(), "report")
}
