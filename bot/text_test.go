package bot

import (
	"strings"
	"testing"

	"callout/desk"
)

// texts hands a text message, as smsbot reads it, to the bot.
func (p *person) texts(verb, number, words string) Reply {
	p.Helper()
	return p.Handle(p.ctx, Request{Platform: SMS, Kind: KindText, User: "+447911123456", Name: verb, Value: number, Text: words})
}

func TestACallByText(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	tom.reached("sms", "+447911123456")
	id := fay.logs(s.customer("Acme"), "Paper jam")
	s.wants(tom.texts(verbAccept, "", ""), "No call is waiting for your answer")
	s.wants(tom.texts(verbMine, "", ""), "You have no calls.")
	s.assign(id)
	s.wants(tom.texts(verbMine, "", ""), "1 asked: Acme, Paper jam")
	s.wants(tom.texts(verbAccept, "", ""), "Call 1 is yours: Acme. +44 20 7946 0123. Paper jam")
	s.wants(tom.texts(verbWay, "1", ""), "Call 1: on your way")
	s.wants(tom.texts(verbSite, "", ""), "Call 1: you are on site")
	s.wants(tom.texts(verbMine, "", ""), "1 on site: Acme, Paper jam")
	s.wants(tom.texts(verbNote, "1", "Needs a part"), "Your note is with call 1")
	s.wants(tom.texts(verbFinish, "1", ""), "Say in a few words what was done")
	s.wants(tom.texts(verbFinish, "1", "Cleaned"), "Call 1 is closed. Thank you!")
	s.wants(tom.texts(verbAccept, "1", ""), "is closed already")
	s.wants(tom.texts("", "", "hello"), "I understand A 42")
}

func TestDeclineByText(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	tom.reached("sms", "+447911123456")
	s.assign(fay.logs(s.customer("Acme"), "Paper jam"))
	s.wants(tom.texts(verbDecline, "1", strings.Repeat("x", 501)), "at most 500")
	again := Request{Platform: SMS, Kind: KindText, User: "+447911123456", Name: verbDecline, Text: "no parts", Key: "sms:1"}
	s.wants(s.Handle(s.ctx, again), "You declined call 1. Somebody else is asked.")
	if r := s.Handle(s.ctx, again); r.Say != nil {
		t.Errorf("the same text again is answered: %s", reads(r))
	}
	s.wants(fay.presses("call.history", 1), "Tom declined by SMS: no parts.")
}

func TestUnknownNumbersGetNoAnswer(t *testing.T) {
	s := openShop(t)
	nel := s.stranger("Nel")
	if r := nel.texts(verbAccept, "1", ""); r.Say != nil || r.Form != nil {
		t.Errorf("a stranger's text is answered: %s", reads(r))
	}
	if strings.Contains(s.log.String(), "7911123456") || !strings.Contains(s.log.String(), "phone_end=56") {
		t.Errorf("the log: %s", s.log)
	}
}

func TestAMessageToUs(t *testing.T) {
	s := openShop(t)
	s.wants(s.member("Fay", desk.Dispatcher).does(Request{Kind: KindText, Text: "hello"}), "/log-call logs a call", "[Help]")
}

func TestSmallWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"42": 42, " 42 ": 42, "": 0, "x": 0, "-1": 0, "42x": 0, "99999999999999999999": 0} {
		if got := number(text); got != want {
			t.Errorf("number(%q) is %d", text, got)
		}
	}
	if clip("  größer ", 4) != "grö…" || clip("groß", 4) != "groß" || plural(1, "call") != "1 call" || plural(2, "call") != "2 calls" {
		t.Error("clip or plural is wrong")
	}
	for _, status := range append(desk.Statuses(), "") {
		if progressWords(desk.Pending, status) == "" || progressWords(desk.Done, status) != "Closed" {
			t.Errorf("no words for %q", status)
		}
	}
}
