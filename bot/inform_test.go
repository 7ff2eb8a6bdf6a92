package bot

import (
	"fmt"
	"strings"
	"testing"

	"callout/desk"
	"callout/store"
)

// jane adds a contact through the form, who agreed to be kept informed on the given ways.
func (p *person) jane(c store.Customer, ways ...string) (store.Contact, Reply) {
	p.Helper()
	reply := p.sends(formAddContact, fmt.Sprint(c.ID), Values{
		"name": {"Jane Roe"}, "phone": {"+44 7911 123456"}, "email": {"jane@acme.example"}, "inform": ways,
	})
	contacts, err := p.store.ListContacts(p.ctx, c.ID)
	p.must(err)
	if len(contacts) != 1 {
		p.Fatalf("contacts: %+v\n%s", contacts, reads(reply))
	}
	return contacts[0], reply
}

// calls logs a call of a contact through the form, and returns its number.
func (p *person) calls(c store.Customer, contact store.Contact, ways ...string) int64 {
	p.Helper()
	id := fmt.Sprint(c.ID)
	p.wants(p.sends(formLogCall, "", Values{
		"customer": {id}, "contact_" + id: {fmt.Sprint(contact.ID)}, "inform_" + id: ways, "summary": {"Paper jam"},
	}), "is logged")
	var call int64
	p.must(p.store.Pool.QueryRow(p.ctx, "SELECT max(id) FROM call").Scan(&call))
	p.assign(call)
	return call
}

func (s *shop) toldTo(call int64) string {
	s.Helper()
	var told string
	s.must(s.store.Pool.QueryRow(s.ctx, `SELECT coalesce(string_agg(concat_ws(' ', body->'told'->>'state', channel, body->'told'->>'when'), ', ' ORDER BY id), '')
		FROM notice WHERE call_id = $1 AND kind = 'inform' AND customer_contact_id IS NOT NULL`, call).Scan(&told))
	return told
}

func TestConsentIsRecordedInTheFormsAndShownOnTheCard(t *testing.T) {
	s := openShop(t)
	dora, acme := s.member("Dora", desk.Dispatcher), s.customer("Acme")
	jane, card := dora.jane(acme)
	s.wants(card, "Jane Roe", "!Kept informed")
	call := dora.calls(acme, jane, "sms")
	if told := s.toldTo(call); told != "received sms" {
		t.Errorf("told: %q", told)
	}
	s.wants(dora.presses("customer.show", acme.ID), "Kept informed by SMS since 10 Mar 2026 (Dora)")
	form := dora.presses(formEditContact, jane.ID).Form
	for _, f := range form.Fields {
		if f.Name == "inform" && (len(f.Chosen) != 1 || f.Chosen[0].Value != "sms") {
			t.Errorf("ticked in the form: %+v", f.Chosen)
		}
	}
	values := Values{"name": {"Jane Roe"}, "phone": {"+44 7911 123456"}, "email": {""}, "inform": {"sms", "email"}}
	s.wants(dora.sends(formEditContact, form.State, values), "ERROR inform Jane Roe has no e-mail address here")
	s.wants(dora.sends(formEditContact, form.State, Values{"name": {"Jane Roe"}, "phone": {"+44 7911 123456"}, "inform": nil}), "!Kept informed")
	s.wants(dora.presses("customer.history", acme.ID), "Dora: Jane Roe agreed to be kept informed by SMS", "Jane Roe is not kept informed by SMS any more")
	id := fmt.Sprint(acme.ID)
	s.wants(dora.sends(formLogCall, "", Values{"customer": {id}, "inform_" + id: {"sms"}, "summary": {"Jam"}}), "ERROR inform_"+id+" Choose the contact")
}

// TestWritingToACustomerShowsWhatIsSentFirst takes the two steps, without and with consent.
func TestWritingToACustomerShowsWhatIsSentFirst(t *testing.T) {
	s := openShop(t)
	dora, acme := s.member("Dora Day", desk.Dispatcher), s.customer("Acme")
	jane, _ := dora.jane(acme)
	call := dora.calls(acme, jane)
	opened := dora.presses(formWrite, call)
	s.wants(opened, "To Jane Roe, Acme.", "Nobody recorded that they want messages")
	words := Values{"text": {"the part comes on Thursday"}}
	s.wants(dora.sends(formWrite, opened.Form.State, words), "ERROR agreed Nothing is sent")
	words["agreed"] = []string{"sms"}
	preview := dora.sends(formWrite, opened.Form.State, words)
	exact := "Hello Jane Roe,\nthe part comes on Thursday\nDora Day, Test company (call " + fmt.Sprint(call) + "). Reply STOP to end these texts."
	s.wants(preview, "This is what Jane Roe gets, as 1 text message", exact)
	if told := s.toldTo(call); told != "" || preview.Form.Submit != "Send" {
		t.Fatalf("before it was seen: %q, %q", told, preview.Form.Submit)
	}
	other := Values{"text": {"something else"}, "agreed": {"sms"}}
	s.wants(dora.sends(formWrite, preview.Form.State, other), "This is what Jane Roe gets", "something else") // changed: shown again
	s.wants(dora.sends(formWrite, preview.Form.State, words), "on its way to the customer")
	if told := s.toldTo(call); told != "words sms" {
		t.Errorf("told: %q", told)
	}
	s.wants(dora.presses("call.history", call), "Dora Day wrote to Jane Roe by SMS: the part comes on Thursday", "What the customer was told", "about to be sent")
	s.exec("UPDATE notice SET state = 'undelivered', error = 'the phone is off' WHERE kind = 'inform'")
	s.wants(dora.presses("call.history", call), "not delivered: the phone is off")
	s.wants(s.member("Vic", desk.Viewer).presses(formWrite, call), "You may not write to customers")
}

func TestOnMyWayAsksWhenIfTheCustomerIsTold(t *testing.T) {
	s := openShop(t)
	dora, tom, acme := s.member("Dora", desk.Dispatcher), s.technician("Tom Baker"), s.customer("Acme")
	jane, _ := dora.jane(acme)
	plain := dora.calls(acme, jane)
	tom.presses("call.accept", plain)
	s.wants(tom.presses("call.way", plain), "!15 min")
	call := dora.calls(acme, jane, "sms")
	tom.presses("call.accept", call)
	s.wants(tom.presses("call.way", call), "Jane Roe is told in a moment", "[15 min]", "[1 hour]")
	s.wants(tom.does(Request{Kind: KindButton, Name: actionWhen, Value: fmt.Sprintf("%d 30", call), Surface: SurfacePersonal}), "you are there about 10:00")
	s.wants(tom.presses(actionWhen, fmt.Sprintf("%d 60", call)), "told already")
	if told := s.toldTo(call); !strings.HasSuffix(told, "on_my_way sms 10:00") {
		t.Errorf("told: %q", told)
	}
}

func TestOnMyWayByTextMaySayWhen(t *testing.T) {
	s := openShop(t)
	dora, tom, acme := s.member("Dora", desk.Dispatcher), s.technician("Tom"), s.customer("Acme")
	tom.reached("sms", "+447911123499")
	jane, _ := dora.jane(acme, "sms")
	for typed, want := range map[string]string{"14:30": "on_my_way sms 14:30", "30": "on_my_way sms 10:00", "": "on_my_way sms", "with Bob": "on_my_way sms"} {
		call := dora.calls(acme, jane)
		tom.presses("call.accept", call)
		reply := tom.Handle(tom.ctx, Request{Platform: SMS, Kind: KindText, User: "+447911123499", Name: verbWay, Value: fmt.Sprint(call), Text: typed})
		s.wants(reply, fmt.Sprintf("Call %d: on your way", call))
		if told := s.toldTo(call); !strings.HasSuffix(told, want) {
			t.Errorf("W %d %s: told %q, want %q\n%s", call, typed, told, want, reads(reply))
		}
		s.exec("UPDATE notice SET state = 'sent' WHERE kind = 'inform'")
	}
}

// TestACustomersTextIsKeptAndNotAnswered also sends what looks like a technician's verb.
func TestACustomersTextIsKeptAndNotAnswered(t *testing.T) {
	s := openShop(t)
	dora, acme := s.member("Dora", desk.Dispatcher), s.customer("Acme")
	jane, _ := dora.jane(acme, "sms")
	call := dora.calls(acme, jane)
	for i, r := range []Request{{Text: "the back door is open"}, {Name: verbFinish, Value: fmt.Sprint(call), Text: "please"}, {Text: "the back door is open"}} {
		r.Platform, r.Kind, r.User, r.Key = SMS, KindText, jane.Phone, fmt.Sprintf("twilio:%d", i%2)
		if reply := s.Handle(s.ctx, r); reads(reply) != "" {
			t.Errorf("a customer was answered: %s", reads(reply))
		}
	}
	history := dora.presses("call.history", call)
	s.wants(history, "Customer Jane Roe by SMS: the back door is open", fmt.Sprintf("F %d please", call), "Jane Roe is told by SMS that we have the call")
	if n := strings.Count(reads(history), "back door"); n != 1 {
		t.Errorf("the same text is there %d times", n)
	}
	s.wants(dora.presses("call.show", call), "Pending")
	if reply := s.Handle(s.ctx, Request{Platform: SMS, Kind: KindText, User: "+447911000000", Text: "who is this?"}); reads(reply) != "" {
		t.Errorf("a stranger was answered: %s", reads(reply))
	}
}
