package desk

import (
	"strings"
	"testing"
)

func TestStopAndStartOfACustomer(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	id := s.taken(front, tom, acme, jane)
	s.must(s.OptOut(s.ctx, jane.Phone, true))
	s.must(s.OptOut(s.ctx, jane.Phone, true))
	s.must(s.Close(s.ctx, tom, id, "Done"))
	s.is("after STOP", s.toldTo(jane), "received sms cancelled")
	if err := s.agrees(front, jane, "sms"); !strings.Contains(FieldError(err, "inform"), "STOP") {
		t.Errorf("agreed for somebody who answered STOP: %v", err)
	}
	s.must(s.OptOut(s.ctx, jane.Phone, false))
	s.is("agreed", s.list("SELECT ended FROM consent"), "")
	s.is("history", s.list("SELECT note FROM event WHERE record = 'customer' AND kind = 'consent' ORDER BY id"),
		"Jane Roe agreed to be kept informed by SMS (+44 7911 123456)., Jane Roe answered STOP, so they get no more texts., Jane Roe answered START, so texts reach them again.")

	bob, _, err := s.AddContact(s.ctx, front, acme.ID, Fields{"name": "Bob", "phone": "+447911123499"})
	s.must(err)
	s.must(s.OptOut(s.ctx, "+447911123499", false))
	if n := s.count("consent WHERE contact_id = $1", bob); n != 0 {
		t.Error("START alone was taken for consent")
	}
}

func TestADeadNumberEndsConsentOnceAndMovesToEmail(t *testing.T) {
	s := openShop(t)
	boss, front, tom, acme := s.member("Dora", Dispatcher), s.member("Fay", Sales), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, boss, "sms,email")
	id := s.taken(front, tom, acme, jane)
	notice := parseID(t, s.list("SELECT id FROM notice WHERE customer_contact_id = $1", jane.ID))
	s.must(s.NoticeFailed(s.ctx, notice, "it is a landline", true))
	s.must(s.NoticeFailed(s.ctx, notice, "it is a landline", true))
	s.is("moved on", s.toldTo(jane), "received sms failed, received email owed")
	s.is("consent", s.list("SELECT channel || ' ' || ended || ' ' || reason FROM consent ORDER BY 1"), "email  , sms dead it is a landline")
	s.is("told once", s.list("SELECT name FROM notice JOIN member ON member.id = member_id WHERE kind = 'inform' ORDER BY name"), "Dora, Fay")
	s.is("timeline", s.list("SELECT after || ' ' || note FROM call_event WHERE call_id = $1 AND kind = 'unreached' LIMIT 1", id), "Jane Roe SMS: it is a landline")
}

func TestWritingToACustomer(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay Front", Dispatcher), s.technician("Tom Baker"), s.customer("Acme")
	viewer := s.member("Vic", Viewer)
	jane := s.jane(acme, front, "")
	id := s.taken(front, tom, acme, jane)
	s.refuses(s.WriteToCustomer(s.ctx, viewer, id, Write{Text: "hello"}), Forbidden)
	err := s.WriteToCustomer(s.ctx, tom, id, Write{Text: "the part comes on Thursday"})
	if !strings.Contains(FieldError(err, "agreed"), "not agreed") {
		t.Errorf("written without consent: %v", err)
	}
	w, err := s.Writable(s.ctx, tom, id)
	s.must(err)
	s.is("may agree to", JoinWays(w.Open), "sms,email")
	in := Write{Text: "the part comes on Thursday", Agreed: "email", Way: "email"}
	told, way, err := s.ToldBefore(s.ctx, tom, w, in)
	s.must(err)
	s.is("shown", way+" "+told.Text+" "+told.By+" "+told.Name, "email the part comes on Thursday Tom Baker Jane Roe")
	key := keyed(tom, "slack:write")
	s.must(s.WriteToCustomer(s.ctx, key, id, in))
	s.must(s.WriteToCustomer(s.ctx, key, id, in)) // the same delivery
	s.is("sent", s.toldTo(jane), "words email owed")
	s.is("what is sent is what was shown", s.list("SELECT body->'told'->>'text' FROM notice WHERE customer_contact_id = $1", jane.ID), told.Text)
	s.is("timeline", s.list("SELECT after || ': ' || note FROM call_event WHERE call_id = $1 AND kind = 'wrote'", id), "Jane Roe: the part comes on Thursday")
	long := s.WriteToCustomer(s.ctx, tom, id, Write{Text: strings.Repeat("x", MaxWords+1)})
	if !strings.Contains(FieldError(long, "text"), "at most 500") {
		t.Errorf("too long: %v", long)
	}
	s.refuses(s.WriteToCustomer(s.ctx, tom, s.logs(front, acme), in), Conflict, "names nobody")
}

// TestACallThatIsClosedAtOnceSaysOnlyThatItIsDone closes it before the first word has left.
func TestACallThatIsClosedAtOnceSaysOnlyThatItIsDone(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	id := s.logs(front, acme, calledBy(jane))
	s.must(s.Close(s.ctx, front, id, "It was the plug"))
	s.is("told", s.toldTo(jane), "received sms cancelled, done sms owed")
	s.is("the first text that leaves says how to end this", s.list("SELECT body->'told'->>'first' FROM notice WHERE customer_contact_id = $1 AND state = 'owed'", jane.ID), "true")
}

func TestWhatACustomerTextsIsNotLost(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Dora", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "")
	text := func(key, from, words string) bool {
		t.Helper()
		known, err := s.CustomerTexts(s.ctx, key, from, words)
		s.must(err)
		return known
	}
	if text("twilio:0", "+447911000000", "hello") {
		t.Error("a stranger is known")
	}
	for range 2 { // the same text may be delivered twice
		if !text("twilio:1", jane.Phone, "is anybody there?") {
			t.Error("a contact is not known")
		}
	}
	s.is("dispatchers", s.notices(front), "inform slack owed")
	id := s.taken(front, tom, acme, jane)
	if !text("twilio:2", jane.Phone, "the back door is open") {
		t.Error("a contact is not known")
	}
	s.is("timeline", s.list("SELECT via || ' ' || after || ' ' || note FROM call_event WHERE call_id = $1 AND kind = 'customer_said'", id), "sms Jane Roe the back door is open")
	s.is("who has the call", s.list("SELECT body->>'text' FROM notice WHERE kind = 'inform' AND member_id = $1", tom.ID),
		"Jane Roe texted about call "+s.list("SELECT $1::bigint", id)+": “the back door is open” Nothing was answered.")
	s.is("nothing is answered", s.toldTo(jane), "")
	s.taken(front, tom, acme, jane)
	text("twilio:3", jane.Phone, "which one?")
	if n := s.count("notice WHERE kind = 'inform' AND member_id = $1", front.ID); n != 2 {
		t.Errorf("two open calls: dispatchers were told %d times in all", n)
	}
}
