package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"callout/desk"
)

// photographs hands a text with photos to the bot, as smsbot reads it.
func (p *person) photographs(verb, number, words string, ids ...string) Reply {
	p.Helper()
	p.now = p.now.Add(1e9)
	key := fmt.Sprintf("twilio:%d", p.now.Unix())
	return p.Handle(p.ctx, Request{Platform: SMS, Kind: KindText, User: "+447911123456", Name: verb, Value: number, Text: words, Files: ids, Key: key})
}

// phoned is a technician with a phone, and somebody who logs calls.
func (s *shop) phoned() (fay, tom *person) {
	s.Helper()
	fay, tom = s.member("Fay", desk.Dispatcher), s.technician("Tom")
	tom.reached("sms", "+447911123456")
	return fay, tom
}

func (s *shop) files(record string, id any) string {
	s.Helper()
	var out string
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT coalesce(string_agg(trim(label || ' ' || source_id), ', ' ORDER BY id), '') FROM file WHERE record = $1 AND record_id = $2",
		record, id).Scan(&out))
	return out
}

func TestWordsWithoutAVerbGoToTheOneCall(t *testing.T) {
	s := openShop(t)
	fay, tom := s.phoned()
	first := fay.logs(s.customer("Acme"), "Paper jam")
	s.assign(first)
	s.wants(tom.texts("", "", "maybe at five"), "Call 1 waits for your answer: text A 1")
	tom.texts(verbAccept, "1", "")
	s.wants(tom.texts("", "", "lift is broken"), "Noted to call 1 (Acme). Everybody on the desk sees it in its thread.")
	s.wants(tom.photographs("", "", "", "MM1/ME1", "MM1/ME2"), "2 photos added to call 1 (Acme).")
	s.wants(tom.photographs(verbNote, "1", "burnt", "MM2/ME1"), "1 photo added to call 1 (Acme).")
	s.wants(fay.presses("call.history", 1), "Tom by SMS: lift is broken", "Tom sent 2 photos by SMS.", "Tom by SMS (1 photo): burnt")

	second := fay.logs(s.customer("Beta"), "No toner")
	s.assign(second)
	tom.texts(verbAccept, "2", "")
	s.wants(tom.photographs("", "", "label", "MM3/ME1"), "Which call is it for? Text N 1, or another number: 1 Acme, 2 Beta. I keep 1 photo until then.")
	s.wants(tom.photographs("", "", "2"), "1 photo added to call 2 (Beta).")
	s.wants(fay.presses("call.history", 2), "Tom by SMS (1 photo): label")
	s.wants(tom.texts("", "", "which one?"), "Which call is it for?", "I keep your words for an hour")
	tom.texts(verbSite, "2", "") // the one they are at
	s.wants(tom.texts("", "", "found it"), "Noted to call 2 (Beta).")
	s.wants(tom.photographs(verbFinish, "2", "", "MM4/ME1"), "Say in a few words what was done")
	s.wants(tom.photographs(verbFinish, "2", "new toner", "MM5/ME1"), "Call 2 is closed. Thank you! 1 photo kept with it.")
	if got, want := s.files(desk.CallRecord, 2), "MM3/ME1, MM4/ME1, MM5/ME1"; got != want {
		t.Errorf("call 2 has %s, want %s", got, want)
	}
	s.wants(tom.photographs(verbFinish, "1", "done"), "Call 1 is closed")
	s.wants(tom.photographs("", "", "", "MM6/ME1"), "Which call is it for? You have none at the moment.", "I keep 1 photo")
	s.wants(tom.photographs(verbNote, "1", ""), "1 photo added to call 1")
	s.wants(tom.texts("", "", "thanks!"), "I understand A 42")
}

func TestTheSameTextTwiceIsOneNote(t *testing.T) {
	s := openShop(t)
	fay, tom := s.phoned()
	s.assign(fay.logs(s.customer("Acme"), "Paper jam"))
	tom.texts(verbAccept, "1", "")
	again := Request{Platform: SMS, Kind: KindText, User: "+447911123456", Text: "hello", Key: "twilio:SM1", Files: []string{"MM1/ME1"}}
	s.wants(s.Handle(s.ctx, again), "1 photo added to call 1")
	if r := s.Handle(s.ctx, again); r.Say != nil {
		t.Errorf("answered again: %s", reads(r))
	}
	if got := s.files(desk.CallRecord, 1); got != "MM1/ME1" {
		t.Errorf("photos %s", got)
	}
}

func TestPhotosOfAChecklistByText(t *testing.T) {
	s := openShop(t)
	fay, tom := s.phoned()
	id := s.maintained(fay, "check Filter", "photo Plate")
	number := fmt.Sprint(id)
	s.wants(tom.photographs(verbTask, number, ""), "Step 1/2: Filter")
	s.wants(tom.photographs(verbTask, number, "ok", "MM1/ME1"), "Step 2/2: Plate", "Send the photo with M 1 as its text")
	s.wants(tom.photographs(verbTask, number, "fine"), "This step wants a photo: send it with M 1")
	s.wants(tom.photographs(verbTask, number, "", "MM2/ME1", "MM2/ME2"), "2 photos kept with step 2.", "2 fine")
	s.wants(tom.photographs(verbTask, number, "", "MM3/ME1"), "Every step of maintenance 1 has its answer")
	if got, want := s.files(desk.TaskRecord, id), "step 1 MM1/ME1, step 2 MM2/ME1, step 2 MM2/ME2"; got != want {
		t.Errorf("the task has %s, want %s", got, want)
	}
	s.wants(tom.photographs(verbTask, number, "done"), "is done")
}

func TestDutyByText(t *testing.T) {
	s := openShop(t)
	fay, tom := s.phoned()
	s.wants(tom.texts(verbDuty, "", "ON"), "You are on duty")
	s.wants(tom.texts(verbDuty, "", ""), "You are on duty", "Text DUTY ON, DUTY OFF")
	s.assign(fay.logs(s.customer("Acme"), "Paper jam"))
	tom.texts(verbAccept, "1", "")
	s.wants(tom.texts(verbDuty, "", "off until 17:00"), "You are off duty until", "Still yours: 1 Acme. D 1 and a line for who goes on hands it over.")
	s.wants(tom.texts(verbDuty, "", "off until nonsense"), "nonsense")
	s.wants(tom.texts(verbDuty, "", "until"), "Until when?")
	s.wants(tom.texts(verbDecline, "1", "part is in the van"), "You declined call 1")
	s.wants(tom.texts(verbDuty, "", "Off."), "You are off duty until you say otherwise", "!Still yours")
}

func TestUnknownPhonesGetNothing(t *testing.T) {
	s := openShop(t)
	nel := s.stranger("Nel")
	for _, r := range []Reply{
		nel.texts("", "", "hello"), nel.texts(verbMine, "", ""), nel.photographs("", "", "", "MM1/ME1"), nel.photographs(verbNote, "1", "x", "MM1/ME1"),
		nel.texts("", "", "123456"), nel.texts(verbDuty, "", "on"), nel.texts(verbTask, "1", ""),
	} {
		if r.Say != nil || r.Form != nil {
			t.Errorf("a stranger is answered: %s", reads(r))
		}
	}
	if got := s.files("member", 0); got != "" {
		t.Errorf("photos of strangers are kept: %s", got)
	}
}

func TestAMachineIsNotAnsweredForEver(t *testing.T) {
	s := openShop(t)
	fay, tom := s.phoned()
	answers := 0
	for i := range 12 {
		if tom.photographs("", "", fmt.Sprintf("Out of office %d", i)).Say != nil {
			answers++
		}
	}
	if answers != 6 {
		t.Errorf("%d answers", answers)
	}
	s.assign(fay.logs(s.customer("Acme"), "Paper jam"))
	s.wants(tom.photographs(verbAccept, "1", ""), "Call 1 is yours")
	if r := tom.photographs(verbAccept, "1", ""); r.Say != nil {
		t.Errorf("the same verb again: %s", reads(r))
	}
	if r := tom.photographs("", "", "a word"); r.Say != nil {
		t.Errorf("answered: %s", reads(r))
	}
	s.wants(fay.presses("call.history", 1), "Tom by SMS: a word") // kept all the same
}

func TestBringingSomebodyAlong(t *testing.T) {
	s := openShop(t)
	ann := s.member("Ann", desk.Admin)
	if f := s.Preview(Request{Kind: KindCommand, Name: "callout", Text: "team add"}); f == nil || f.ID != formAddMember {
		t.Errorf("/callout team add opens %+v", f)
	}
	s.wants(ann.types("/callout team"), "[Add a member]", "!Invite by text")
	s.wants(s.technician("Tom").types("/callout team add"), "admin")
	s.wants(ann.sends(formAddMember, "", Values{"name": {"Pat"}, "roles": {"technician"}}), "ERROR phone Give a phone or an e-mail address")
	s.wants(ann.sends(formAddMember, "", Values{"name": {"Pat"}, "phone": {"07911 123456"}, "roles": {"technician"}}), "Pat is a member now, as technician. I have texted them a code")
	s.wants(ann.types("/callout team"), "Pat", "[Invite by text (1)…]")
	s.wants(ann.presses(formInvite, ""), "Each of them gets one text")
	s.wants(ann.sends(formInvite, "", Values{"members": {"3"}}), "ERROR members Pat was texted enough for now")
	pat := s.stranger("Pat")
	s.wants(pat.texts("", "", "who is this?"), "That is not the number I sent you")
	var text string
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT body->>'text' FROM notice WHERE kind = 'code'").Scan(&text))
	_, after, _ := strings.Cut(text, "Answer ")
	s.wants(pat.texts("", "", after[:6]), "Thank you, Pat, calls come to this phone now. A 42 accepts")
	s.wants(pat.texts(verbMine, "", ""), "You have no calls.")
	s.wants(ann.types("/callout team"), "!Invite by text")
}

func TestDutyByTextInOtherShapes(t *testing.T) {
	s := openShop(t)
	_, tom := s.phoned()
	s.wants(tom.texts(verbDuty, "", "on\nuntil 17:00"), "You are on duty until")
	s.wants(tom.texts(verbDuty, "", "ON.until 17:00"), "You are on duty until")
	s.wants(tom.texts(verbDuty, "", "off!"), "You are off duty until you say otherwise")
	s.wants(tom.texts(verbDuty, "", "perhaps"), "DUTY ON or OFF")
	s.wants(tom.texts(verbDuty, "", ""), "You are off duty")
}

func TestOnlyKnownPhonesLearnThatTheDatabaseIsAway(t *testing.T) {
	s := openShop(t)
	_, tom := s.phoned()
	s.wants(tom.texts(verbMine, "", ""), "You have no calls.")
	away, cancel := context.WithCancel(s.ctx)
	cancel()
	text := func(phone, words string) Reply {
		return s.Handle(away, Request{Platform: SMS, Kind: KindText, User: phone, Text: words})
	}
	s.wants(text("+447911123456", "hello"), "reference")
	if r := text("+447911999999", "hello"); r.Say != nil {
		t.Errorf("a stranger is answered: %s", reads(r))
	}
	s.exec("UPDATE member SET state = 'inactive' WHERE name = 'Tom'")
	if r := tom.texts(verbMine, "", ""); r.Say != nil {
		t.Errorf("who has left is answered: %s", reads(r))
	}
	if r := text("+447911123456", "hello"); r.Say != nil {
		t.Errorf("who has left is answered: %s", reads(r))
	}
}

func TestWordsThatLookLikeAVerbAreKeptAsTyped(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Request{
		"K": {Name: verbReached}, "DUTY off": {Name: verbDuty, Text: "off"}, "U 42": {Name: verbUndo, Value: "42"}, "A 42 yes": {Name: verbAccept, Value: "42", Text: "yes"},
	} {
		if got := strings.TrimSpace(typedText(r)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
