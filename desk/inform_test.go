package desk

import (
	"context"
	"strings"
	"testing"
	"time"

	"callout/store"
)

// jane is a contact who agreed to be kept informed on the given ways.
func (s *shop) jane(c store.Customer, by Actor, ways string) store.Contact {
	s.Helper()
	id, _, err := s.AddContact(s.ctx, by, c.ID, Fields{"name": "Jane Roe", "phone": "+447911123456", "email": "jane@acme.example", "inform": ways})
	s.must(err)
	row, err := s.q.GetContact(s.ctx, id)
	s.must(err)
	return row
}

// calledBy names who called in a call.
func calledBy(c store.Contact) func(*NewCall) {
	return func(in *NewCall) { in.ContactID = c.ID }
}

// toldTo lists what a contact is owed: state, channel and fate of each message.
func (s *shop) toldTo(c store.Contact) string {
	s.Helper()
	return s.list("SELECT (body->'told'->>'state') || ' ' || channel || ' ' || state FROM notice WHERE customer_contact_id = $1 ORDER BY id", c.ID)
}

// sends makes every message to a customer one that has left.
func (s *shop) sends() {
	s.Helper()
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE notice SET state = 'sent' WHERE state = 'owed' AND kind = 'inform'")
	s.must(err)
}

// taken logs a call by Jane that Tom took.
func (s *shop) taken(front, tom Actor, c store.Customer, jane store.Contact, change ...func(*NewCall)) int64 {
	s.Helper()
	id := s.logs(front, c, append([]func(*NewCall){calledBy(jane)}, change...)...)
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.must(s.Accept(s.ctx, tom, id))
	return id
}

func TestACustomerWhoAgreedIsKeptInformed(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay Front", Dispatcher), s.technician("Tom Baker"), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	machine := s.machine(acme, "S1")
	id := s.taken(front, tom, acme, jane, func(c *NewCall) { c.EquipmentID = machine.ID })
	s.sends()
	s.must(s.OnMyWay(s.ctx, Actor{Member: tom.Member, Via: "sms"}, id))
	s.sends()
	s.must(s.OnMyWay(s.ctx, Actor{Member: tom.Member, Via: "sms"}, id)) // again: nothing
	s.must(s.OnSite(s.ctx, tom, id))
	s.must(s.Close(s.ctx, tom, id, "They had filled it with sand"))
	s.is("told", s.toldTo(jane), "received sms sent, on_my_way sms sent, done sms owed")
	s.is("to", s.list("SELECT DISTINCT address FROM notice WHERE customer_contact_id = $1", jane.ID), "+447911123456")
	s.is("first", s.list("SELECT coalesce(body->'told'->>'first', 'no') FROM notice WHERE customer_contact_id = $1 ORDER BY id", jane.ID), "true, no, no")
	s.is("inside", s.list("SELECT count(*) FROM notice WHERE customer_contact_id = $1 AND (body::text LIKE '%jam%' OR body::text LIKE '%sand%' OR body::text LIKE '%Baker%')", jane.ID), "0")
	s.is("machine", s.list("SELECT DISTINCT body->'told'->>'about' FROM notice WHERE customer_contact_id = $1", jane.ID), "Copier X")
	s.is("timeline", s.list("SELECT note FROM call_event WHERE call_id = $1 AND kind = 'informed' ORDER BY id", id),
		"by SMS that we have the call, by SMS that Tom is on the way, by SMS that the call is done")
	s.must(s.Reopen(s.ctx, front, id, "It jams again"))
	s.must(s.Close(s.ctx, front, id, "Fixed"))
	if n := s.count("notice WHERE customer_contact_id = $1", jane.ID); n != 3 {
		t.Errorf("%d messages after the call was closed again", n)
	}
}

func TestNobodyIsInformedWhoDidNotAgree(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "")
	id := s.taken(front, tom, acme, jane)
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.must(s.Close(s.ctx, tom, id, "Done"))
	s.is("told", s.toldTo(jane), "")

	s.must(s.agrees(front, jane, "sms"))
	_, err := s.EditContact(s.ctx, front, jane.ID, 2, Fields{"phone": "+447911123457", "inform": ""})
	s.must(err) // another number, and unticked
	s.taken(front, tom, acme, jane)
	s.is("after it ended", s.toldTo(jane), "")

	s.must(s.agrees(front, jane, "sms"))
	_, err = s.Store.Pool.Exec(s.ctx, "UPDATE contact SET phone = '+447911123499' WHERE id = $1", jane.ID) // as an import does
	s.must(err)
	s.taken(front, tom, acme, jane)
	s.is("at a number nobody agreed to", s.toldTo(jane), "")
}

// agrees records what a contact agrees to from now on.
func (s *shop) agrees(a Actor, c store.Contact, ways string) error {
	s.Helper()
	now, err := s.q.GetContact(s.ctx, c.ID)
	s.must(err)
	_, err = s.EditContact(s.ctx, a, c.ID, now.Version, Fields{"inform": ways})
	return err
}

func TestConsentNeedsANumber(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	_, _, err := s.AddContact(s.ctx, front, acme.ID, Fields{"name": "Kim", "phone": "", "email": "kim@acme.example", "inform": "sms,email"})
	s.refuses(err, Invalid)
	if got := FieldError(err, "inform"); !strings.Contains(got, "no phone number") {
		t.Errorf("on the field: %q", got)
	}
	_, err = s.LogCall(s.ctx, front, NewCall{CustomerID: acme.ID, Summary: "Jam", Inform: "sms"})
	if got := FieldError(err, "inform"); !strings.Contains(got, "Choose the contact") {
		t.Errorf("without a contact: %q, %v", got, err)
	}
}

// TestANewCustomerCanAgreeWhileTheyCall makes the contact with the call, and repeats the delivery.
func TestANewCustomerCanAgreeWhileTheyCall(t *testing.T) {
	s := openShop(t)
	front := keyed(s.member("Fay", Dispatcher), "slack:1")
	in := NewCall{Customer: &NewCustomer{Name: "Bolt Ltd", Phone: "07911 123456", Contact: "Bob Bolt"}, Summary: "Jam", Inform: "sms"}
	id, err := s.LogCall(s.ctx, front, in)
	s.must(err)
	again, err := s.LogCall(s.ctx, front, in)
	s.must(err)
	if again != id {
		t.Errorf("the same delivery made call %d and call %d", id, again)
	}
	s.is("told", s.list("SELECT (body->'told'->>'name') || ' ' || address FROM notice WHERE kind = 'inform'"), "Bob Bolt +447911123456")
	s.is("consent", s.list("SELECT channel || ' ' || address || ' ' || given_by FROM consent"), "sms +447911123456 "+s.list("SELECT $1::bigint", front.ID))
}

func TestQuietHours(t *testing.T) {
	s := openShop(t, func(o *Options) {
		zone, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		o.Zone = zone
	})
	check := func(at, want string) {
		t.Helper()
		moment, err := time.ParseInLocation("2006-01-02 15:04", at, s.Zone)
		s.must(err)
		until, quiet := s.quietUntil(moment.UTC())
		got := ""
		if quiet {
			got = until.Format("2006-01-02 15:04 -07")
		}
		s.is(at, got, want)
	}
	check("2026-03-10 20:59", "")
	check("2026-03-10 21:00", "2026-03-11 07:30 +01")
	check("2026-03-11 07:29", "2026-03-11 07:30 +01")
	check("2026-03-11 07:30", "")
	check("2026-03-28 23:00", "2026-03-29 07:30 +02") // the night in which clocks go forward
	check("2026-12-31 23:00", "2027-01-01 07:30 +01")
}

func TestWhatWaitsForTheMorningIsSentOnceOrDropped(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	s.clock.move(12 * time.Hour) // 21:30
	first := s.taken(front, tom, acme, jane)
	closed := s.taken(front, tom, acme, jane)
	s.must(s.Close(s.ctx, front, closed, "It was the plug"))
	loud := s.taken(front, tom, acme, jane, urgent)
	s.is("at night", s.toldTo(jane), "received sms owed")
	s.clock.move(11 * time.Hour) // 8:30
	s.must(s.informDue(s.ctx))
	s.must(s.informDue(s.ctx))
	s.is("in the morning", s.list("SELECT call_id || ' ' || (body->'told'->>'state') FROM notice WHERE customer_contact_id = $1 ORDER BY id", jane.ID),
		s.list("SELECT x FROM (VALUES ($1::bigint || ' received'), ($2::bigint || ' received'), ($3::bigint || ' done')) AS t(x)", loud, first, closed))
}

func TestOldNewsIsNotSent(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	s.clock.move(12 * time.Hour)
	id := s.taken(front, tom, acme, jane)
	s.must(s.Close(s.ctx, front, id, "It was the plug"))
	s.must(s.Reopen(s.ctx, front, id, ""))
	again := s.taken(front, tom, acme, jane)
	s.clock.move(24 * 30 * time.Hour) // we were away
	s.must(s.informDue(s.ctx))
	s.is("told", s.toldTo(jane), "")
	_ = again
}

// TestOneTapSaysWhen holds the word back for a moment in chat, so that the time can be added.
func TestOneTapSaysWhen(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom Baker"), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	id := s.taken(front, tom, acme, jane)
	s.sends()
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.is("held", s.toldTo(jane), "received sms sent")
	name, waiting, err := s.WaitingArrival(s.ctx, id)
	s.must(err)
	if name != "Jane Roe" || !waiting {
		t.Errorf("who waits: %q, %v", name, waiting)
	}
	s.must(s.TellArrival(s.ctx, tom, id, s.Now().Add(30*time.Minute)))
	s.is("told", s.toldTo(jane), "received sms sent, on_my_way sms owed")
	s.is("when", s.list("SELECT body->'told'->>'when' FROM notice WHERE customer_contact_id = $1 AND body->'told'->>'state' = 'on_my_way'", jane.ID), "10:00")
	s.refuses(s.TellArrival(s.ctx, tom, id, s.Now()), Conflict, "told already")

	other := s.taken(front, tom, acme, jane)
	s.must(s.OnMyWay(s.ctx, tom, other))
	s.clock.move(3 * time.Minute)
	s.must(s.informDue(s.ctx))
	s.is("without a tap", s.list("SELECT coalesce(body->'told'->>'when', 'no time') FROM notice WHERE call_id = $1 AND body->'told'->>'state' = 'on_my_way'", other), "no time")

	third := s.taken(front, tom, acme, jane)
	s.must(s.OnMyWay(s.ctx, tom, third))
	s.must(s.OnSite(s.ctx, tom, third))
	s.clock.move(3 * time.Minute)
	s.must(s.informDue(s.ctx))
	s.is("who has arrived is not on the way", s.list("SELECT body->'told'->>'state' FROM notice WHERE call_id = $1 AND kind = 'inform'", third), "received")
}

func TestParseArrival(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 13, 50, 0, 0, time.UTC)
	check := func(typed, want string) {
		t.Helper()
		got := "refused"
		if at, err := ParseArrival(typed, now, time.UTC); err == nil {
			got = at.Format("2 15:04")
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", typed, got, want)
		}
	}
	check("30", "10 14:20")
	check("30 min", "10 14:20")
	check("in 45m", "10 14:35")
	check("1h", "10 14:50")
	check("2 hours", "10 15:50")
	check("14:30", "10 14:30")
	check("at 14.30", "10 14:30")
	check("3pm", "10 15:00")
	check("1:30", "11 01:30")
	check("13:00", "refused") // over
	for _, bad := range []string{"", "thanks", "0", "-5", "9999", "25:00", "30 h", "99999999999999999999"} {
		check(bad, "refused")
	}
}

func TestAnUnsentWordIsTakenBack(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	id := s.taken(front, tom, acme, jane)
	s.must(s.Close(s.ctx, tom, id, "Done"))
	drop := func() {
		t.Helper()
		s.must(s.step(s.ctx, Actor{}, id, func(ctx context.Context, st *step) error { return st.dropInforms(ctx, InformDone) }))
	}
	drop()
	s.is("taken back", s.toldTo(jane), "received sms cancelled, done sms cancelled")
	s.must(s.Reopen(s.ctx, front, id, ""))
	s.must(s.Close(s.ctx, front, id, "Really done"))
	s.is("said again", s.toldTo(jane), "received sms cancelled, done sms cancelled, done sms owed")
	s.sends()
	drop()
	s.is("what has left stays", s.toldTo(jane), "received sms cancelled, done sms cancelled, done sms sent")
}

// TestWhatIsHeldUpUntilTheNightWaitsForTheMorning takes the message to send it when it is late by then.
func TestWhatIsHeldUpUntilTheNightWaitsForTheMorning(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "sms,email")
	s.clock.move(11 * time.Hour) // 20:30
	s.taken(front, tom, acme, jane)
	s.clock.move(time.Hour)
	out, err := s.TakeNotice(s.ctx, parseID(t, s.list("SELECT id FROM notice WHERE customer_contact_id = $1", jane.ID)))
	s.must(err)
	if out != nil {
		t.Errorf("sent at %s: %+v", s.Now(), out.Body.Told)
	}
	s.clock.move(11 * time.Hour)
	s.must(s.informDue(s.ctx))
	s.is("in the morning", s.toldTo(jane), "received sms cancelled, received sms owed")
	out, err = s.TakeNotice(s.ctx, parseID(t, s.list("SELECT max(id) FROM notice WHERE customer_contact_id = $1", jane.ID)))
	s.must(err)
	if out == nil || out.Body.Told == nil || !out.Body.Told.First { // the first one told them nothing
		t.Errorf("what leaves: %+v", out)
	}
}
