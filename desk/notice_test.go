package desk

import (
	"strings"
	"testing"
	"time"
)

// owedTo returns the newest notice that a member is owed.
func (s *shop) owedTo(a Actor) (id int64) {
	s.Helper()
	s.must(s.Store.Pool.QueryRow(s.ctx, "SELECT max(id) FROM notice WHERE member_id = $1", a.ID).Scan(&id))
	return id
}

func TestTakeNotice(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.offered(front, s.customer("Acme"))
	id := s.owedTo(tom)
	out, err := s.TakeNotice(s.ctx, id)
	s.must(err)
	if out == nil || out.Member.Name != "Tom" || out.Call == nil || out.Call.Customer.Name != "Acme" || out.Asked != nil || out.Notice.Attempts != 1 {
		t.Fatalf("took %+v", out)
	}
	if again, err := s.TakeNotice(s.ctx, id); err != nil || again != nil {
		t.Errorf("two workers have the notice: %+v, %v", again, err)
	}
	began := s.Now()
	s.clock.move(noticeLease - time.Second)
	if again, err := s.TakeNotice(s.ctx, id); err != nil || again != nil {
		t.Errorf("a worker that may still be at it lost the notice: %+v, %v", again, err)
	}
	s.clock.move(time.Second)
	out, err = s.TakeNotice(s.ctx, id)
	s.must(err)
	if out == nil || out.Asked == nil || !out.Asked.Equal(began) || out.Notice.Attempts != 2 {
		t.Fatalf("after a worker died: %+v", out)
	}
	s.must(s.NoticeSent(s.ctx, id, "SM1", 2))
	if again, err := s.TakeNotice(s.ctx, id); err != nil || again != nil {
		t.Errorf("a sent notice is sent again: %+v, %v", again, err)
	}
	if again, err := s.TakeNotice(s.ctx, 99999); err != nil || again != nil {
		t.Errorf("a notice that is not there: %+v, %v", again, err)
	}
}

func TestNoticeRefusedAndUnanswered(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.offered(front, s.customer("Acme"))
	id := s.owedTo(tom)
	take := func() *Outgoing {
		t.Helper()
		out, err := s.TakeNotice(s.ctx, id)
		s.must(err)
		if out == nil {
			t.Fatal("the notice is not owed any more")
		}
		return out
	}
	take()
	s.must(s.NoticeRefused(s.ctx, id, "429"))
	if out := take(); out.Asked != nil {
		t.Error("the provider is asked for a message it refused")
	}
	s.must(s.NoticeUnanswered(s.ctx, id, "timeout"))
	if out := take(); out.Asked == nil {
		t.Error("the provider is not asked for a message it may have")
	}
	s.must(s.NoticeRefused(s.ctx, id, strings.Repeat("é", 900)))
	if n := len([]rune(s.list("SELECT error FROM notice WHERE id = $1", id))); n != 500 {
		t.Errorf("%d characters of an error are kept", n)
	}
}

func TestAFailedNoticeMovesToTheNextChannel(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(front, "sms", "+447911123456")
	s.reach(front, "email", "fay@example.com")
	id := s.logs(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.is("first", s.notices(front), "accepted slack owed")
	s.must(s.NoticeFailed(s.ctx, s.owedTo(front), "channel_not_found", false))
	s.is("second", s.notices(front), "accepted slack failed, accepted sms owed")
	s.must(s.NoticeFailed(s.ctx, s.owedTo(front), "21211", true))
	s.must(s.NoticeFailed(s.ctx, s.owedTo(front), "550", false))
	s.is("third", s.notices(front), "accepted slack failed, accepted sms failed, problem slack owed, accepted email failed")
	s.is("timeline", s.list("SELECT after || ' ' || note FROM call_event WHERE kind = 'unreached'"),
		"Fay Slack: channel_not_found, Fay SMS: 21211, Fay e-mail: 550")
	s.is("the dead phone is off", s.list("SELECT channel || ' ' || disabled_reason FROM contact_method WHERE disabled_at IS NOT NULL"), "sms 21211")
}

func TestTheOwnerOfADeadContactIsTold(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	s.offered(front, s.customer("Acme"))
	s.must(s.NoticeFailed(s.ctx, s.owedTo(tom), "21211 not a mobile number", true))
	s.is("owed", s.notices(tom), "offer slack owed, offer sms failed, problem slack owed")
	text := s.list("SELECT body->>'text' FROM notice WHERE kind = 'problem'")
	if !strings.Contains(text, "+44 7911 123456") || !strings.Contains(text, "/callout me") {
		t.Errorf("told: %s", text)
	}
	s.offered(front, s.customer("Other"))
	s.is("the next offer leaves the dead phone out", s.list("SELECT channel FROM notice WHERE kind = 'offer' AND call_id = 2"), "slack")
}

func TestADeadContactIsToldOnce(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	s.reach(tom, "sms", "+447911123456")
	s.offered(front, acme)
	first := s.owedTo(tom)
	s.offered(front, acme)
	s.must(s.NoticeFailed(s.ctx, first, "dead", true))
	second := s.list("SELECT id FROM notice WHERE channel = 'sms' AND state = 'owed'")
	s.must(s.NoticeFailed(s.ctx, parseID(t, second), "dead", true))
	if n := s.count("notice WHERE kind = 'problem'"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestANoticeThatFailsEverywhereEnds(t *testing.T) {
	s := openShop(t)
	admin, sam := s.member("Ada", Admin), s.member("Sam", Sales)
	s.reach(sam, "email", "sam@example.com")
	_, err := s.Approve(s.ctx, admin, sam.ID, []Role{Viewer})
	s.must(err)
	for range 5 {
		next := s.list("SELECT id FROM notice WHERE state = 'owed'")
		if next == "" {
			break
		}
		s.must(s.NoticeFailed(s.ctx, parseID(t, next), "refused", false))
	}
	s.is("owed", s.notices(sam), "welcome slack failed, welcome email failed")
	// A year later the same words are told anew, on the first channel and then on the next.
	s.clock.move(365 * 24 * time.Hour)
	_, err = s.Approve(s.ctx, admin, sam.ID, []Role{Viewer})
	s.must(err)
	s.must(s.NoticeFailed(s.ctx, s.owedTo(sam), "refused", false))
	s.is("a year later", s.notices(sam), "welcome slack failed, welcome email failed, welcome slack failed, welcome email owed")
}

func TestReceipt(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	_, err := s.q.DisableContactMethod(s.ctx, disable(s, front, "slack"))
	s.must(err)
	s.reach(front, "sms", "+447911123456")
	s.reach(front, "email", "fay@example.com")
	id := s.logs(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	sent := s.owedTo(front)
	_, err = s.TakeNotice(s.ctx, sent)
	s.must(err)
	s.must(s.NoticeSent(s.ctx, sent, "SM1", 1))
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM-unknown", State: "delivered", Reason: "", Dead: false}))
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "undelivered", Reason: "30003", Dead: false}))
	s.is("moved on", s.notices(front), "accepted sms undelivered, accepted email owed")
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "undelivered", Reason: "30003", Dead: false}))
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "delivered", Reason: "", Dead: false}))
	s.is("receipts twice and out of order", s.notices(front), "accepted sms undelivered, accepted email owed")
	if n := s.count("contact_method WHERE disabled_at IS NOT NULL AND channel = 'sms'"); n != 0 {
		t.Error("a phone that was off is given up")
	}
}

func TestReceiptOfADeadPhone(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	s.offered(front, s.customer("Acme"))
	id := s.owedTo(tom)
	_, err := s.TakeNotice(s.ctx, id)
	s.must(err)
	s.must(s.NoticeSent(s.ctx, id, "SM1", 1))
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "failed", Reason: "30005", Dead: true}))
	s.is("disabled", s.list("SELECT channel FROM contact_method WHERE disabled_at IS NOT NULL"), "sms")
	if got := s.notices(tom); !strings.Contains(got, "offer sms failed") || !strings.Contains(got, "problem slack owed") {
		t.Errorf("owed: %s", got)
	}
}

func TestAReceiptThatOvertakesTheAnswer(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	s.offered(front, s.customer("Acme"))
	id, failed := s.owedTo(tom), ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "failed", Reason: "30005", Dead: true}
	_, err := s.TakeNotice(s.ctx, id)
	s.must(err)
	before := s.jobs()
	s.must(s.Receipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM1", State: "delivered"}))
	s.must(s.Receipt(s.ctx, failed))
	s.is("both are looked at again", s.jobs(), before+", receipt, receipt")
	s.must(s.LateReceipt(s.ctx, ReceiptArgs{Channel: "sms", ProviderID: "SM-nobody", State: "delivered"})) // nothing depends on it
	if err := s.LateReceipt(s.ctx, failed); err == nil || CodeOf(err) != "" {
		t.Errorf("still unknown: %v", err)
	}
	s.must(s.NoticeSent(s.ctx, id, "SM1", 1))
	s.must(s.LateReceipt(s.ctx, failed))
	s.must(s.LateReceipt(s.ctx, failed))
	s.is("owed", s.notices(tom), "offer slack owed, offer sms failed, problem slack owed")
}

func TestOptOut(t *testing.T) {
	s := openShop(t)
	tom := s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	s.must(s.OptOut(s.ctx, "+447911123456", true))
	s.is("off", s.list("SELECT disabled_reason FROM contact_method WHERE channel = 'sms'"), "opted out by SMS")
	s.is("told in chat", s.notices(tom), "problem slack owed")
	s.offered(s.member("Fay", Dispatcher), s.customer("Acme"))
	s.is("no text", s.list("SELECT channel FROM notice WHERE kind = 'offer'"), "slack")
	s.must(s.OptOut(s.ctx, "+447911123456", false))
	s.is("on again", s.list("SELECT channel FROM contact_method WHERE disabled_at IS NULL AND member_id = $1 ORDER BY channel", tom.ID), "slack, sms")
	s.must(s.OptOut(s.ctx, "+447000000000", true))
}

func TestTakeUpWhatAKilledWorkerLeft(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	notice := s.owedTo(tom)
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE notice SET state = 'sent' WHERE id <> $1", notice)
	s.must(err)
	_, err = s.TakeNotice(s.ctx, notice)
	s.must(err)
	if _, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack"); err != nil || !ok {
		t.Fatalf("the card is not to be had: %v, %v", ok, err)
	}
	before := s.jobs()
	s.clock.move(30 * time.Second)
	s.must(s.Tick(s.ctx))
	s.is("workers that may still be at it", s.jobs(), before)
	s.clock.move(time.Minute)
	s.must(s.Tick(s.ctx))
	s.is("dead workers", s.jobs(), before+", notice, card")
	out, err := s.TakeNotice(s.ctx, notice)
	s.must(err)
	if out == nil {
		t.Fatal("the notice is lost")
	}
	s.must(s.NoticeSent(s.ctx, notice, "1.2", 2))
	drawing, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack")
	if err != nil || !ok {
		t.Fatalf("the card is lost: %v, %v", ok, err)
	}
	s.must(s.CardDrawn(s.ctx, drawing.Card, drawing.Version))
	s.clock.move(4 * time.Minute)
	s.must(s.Tick(s.ctx))
	s.is("nothing is left", s.jobs(), before+", notice, card")
}
