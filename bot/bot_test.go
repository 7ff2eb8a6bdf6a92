package bot

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"callout/desk"
	"callout/store"
)

func TestEachCommandForEachRole(t *testing.T) {
	s := openShop(t)
	people := map[string]*person{}
	for _, role := range desk.Roles() {
		people[role] = s.member(role, role)
	}
	people[desk.Dispatcher].logs(s.customer("Acme"), "Paper jam")
	everybody := strings.Join(desk.Roles(), " ")
	check := func(line, allowed, yes, no string) {
		t.Helper()
		for role, p := range people {
			want := no
			if strings.Contains(allowed, role) {
				want = yes
			}
			if text := reads(p.types(line)); !strings.Contains(text, want) {
				t.Errorf("%s types %s: %q is not in\n%s", role, line, want, text)
			}
		}
	}
	check("/log-call no power", "admin dispatcher technician sales", "FORM call.log Log a call", "You may not log calls")
	check("/callout log-call", "admin dispatcher technician sales", "FORM call.log Log a call", "You may not log calls")
	check("/calls", everybody, "Acme", "")
	check("/calls 1", everybody, "Call 1 · Paper jam", "")
	check("/calls #1", everybody, "Call 1 · Paper jam", "")
	check("/callout calls status:pending", everybody, "Calls · status:pending", "")
	check("/calls 42", everybody, "There is no call 42", "")
	check("/calls status:lost", everybody, "Allowed: pending, closed", "")
	check("/duty", "technician", "You are off duty", "0 of 1 technicians on duty")
	check("/duty who", everybody, "0 of 1 technicians on duty", "")
	check("/duty on", "technician", "You are on duty until you say otherwise", "You may not set your own duty")
	check("/duty until 17:00", "technician", "You are on duty until Tue 10 Mar 17:00", "You may not set your own duty")
	check("/duty off until 5pm", "technician", "You are off duty until Tue 10 Mar 17:00", "You may not set your own duty")
	check("/duty off", "technician", "You are off duty until you say otherwise", "You may not set your own duty")
	check("/duty until", everybody, "/duty until 17:00", "")
	check("/duty on tomorrow", "technician", "You are on duty Wed 11 Mar.", "You may not set your own duty")
	check("/duty on someday", everybody, "“someday” is not a time I understand", "")
	check("/duty gaps", everybody, "Gaps of the coming week", "")
	check("/duty hours", "technician", "FORM duty.hours Weekly hours", "You may not set your own duty")
	check("/duty cover", "technician", "FORM duty.cover Find cover", "You may not set your own duty")
	check("/duty time-off", "technician", "FORM duty.time_off Time off", "You may not ask for time off")
	check("/duty @technician off friday", "admin dispatcher technician", "off duty Fri 13 Mar", "You may not set the duty of others")
	check("/duty @nobody off", everybody, "is no active technician", "")
	check("/duty perhaps", everybody, "/duty on, /duty off", "")
	check("/report", everybody, "FORM report Make a report", "")
	check("/report calls from:last-month to:today", everybody, "I am making the report", "")
	check("/report cals", everybody, "Did you mean “calls”?", "")
	check("/report schedules", everybody, "Scheduled reports", "")
	check("/report calls every monday 08:00", "admin dispatcher", "the first one Mon 16 Mar 08:00", "You may not schedule reports")
	check("/report calls every now and then", "admin dispatcher", "is not a schedule", "You may not schedule reports")
	check("/callout", everybody, "What you can do here", "")
	check("/callout help", everybody, "What you can do here", "")
	check("/callout me", everybody, "direct message", "")
	check("/callout team", everybody, "dispatcher · dispatcher", "")
	check("/callout settings", "admin", "FORM settings Settings", "Only an admin may change the settings")
	check("/callout zork", everybody, "There is no command “zork”", "")
	check("/zork", everybody, "There is no command “zork”. After /callout you can write log-call, calls, duty", "")
	check("/callout "+strings.Repeat("z", 4000), everybody, "There is no command “zzz", "")
}

func TestHelpShowsWhatOneMayDo(t *testing.T) {
	s := openShop(t)
	check := func(role string, words ...string) {
		t.Helper()
		p := s.member(role, role)
		s.wants(p.types("/callout help"), words...)
		s.wants(p.presses("help.show", ""), words...)
	}
	check(desk.Admin, "/log-call", "/calls", "/duty", "/report", "/callout settings", "/callout team", "/callout me", "!By text message")
	check(desk.Dispatcher, "/log-call", "/calls", "!/callout settings", "!By text message")
	check(desk.Technician, "/log-call", "/duty", "!/callout settings", "By text message", "A 42 accepts call 42")
	check(desk.Sales, "/log-call", "!/callout settings")
	check(desk.Viewer, "!/log-call", "/calls", "/report", "!/callout settings")
}

func TestAStrangerGetsTheForm(t *testing.T) {
	s := openShop(t)
	nel := s.stranger("Nel")
	s.Profile = func(_ context.Context, _ Platform, user string) (Profile, error) {
		return Profile{Name: "Nel of " + user, Email: "nel@example.com", Timezone: "Europe/London"}, nil
	}
	for _, line := range []string{"/log-call", "/calls", "/callout settings", "/zork"} {
		r := nel.types(line)
		s.wants(r, "FORM member.register Register", "Nel of U0NEL", "nel@example.com")
		if r.Form != nil && r.Form.State != "Europe/London" {
			t.Errorf("the form forgot the time zone: %q", r.Form.State)
		}
	}
	s.wants(nel.presses("call.accept", 1), "FORM member.register")
	s.wants(nel.does(Request{Kind: KindHome}), "[Register]", "!FORM")
	s.wants(nel.does(Request{Kind: KindText, Text: "hello"}), "[Register]", "!FORM")
	s.wants(nel.sends("call.log", "", nil), "ERROR form", "/callout me")
	if r := nel.does(Request{Kind: KindSearch, Name: formLogCall, Field: "customer", Text: "a"}); len(r.Options) != 0 || r.Options == nil {
		t.Errorf("a stranger finds %v", r.Options)
	}
	s.Profile = func(context.Context, Platform, string) (Profile, error) {
		return Profile{}, errors.New("slack is slow")
	}
	s.wants(nel.types("/calls"), "FORM member.register")
}

func TestRegistrationToFirstCall(t *testing.T) {
	s := openShop(t)
	ada, nel := s.member("Ada", desk.Admin), s.stranger("Nel")
	s.wants(nel.sends(formRegister, "", Values{"name": {""}, "phone": {"12"}}), "ERROR name The name is missing", "ERROR phone")
	values := Values{"name": {"Nel"}, "email": {"nel@example.com"}, "phone": {"07911 123456"}}
	s.wants(nel.sends(formRegister, "Europe/London", values), "I have sent a code", "[Enter the code]")
	s.wants(nel.sends(formRegister, "Europe/London", values), "I have sent a code") // the same form again
	s.wants(nel.types("/calls"), "An admin has been asked", "[Enter the code from your phone]")
	s.wants(nel.types("/callout me"), "+44 7911 123456 (not proven yet)", "none yet")
	s.wants(nel.does(Request{Kind: KindHome}), "An admin has been asked")
	s.wants(nel.sends(formLogCall, "", nil), "ERROR form An admin has been asked")
	s.wants(nel.presses(formCode, ""), "FORM member.code Prove your phone")
	s.wants(nel.sends(formCode, "", Values{"code": {"x"}}), "ERROR code That is not the code")
	var code string
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT body->>'text' FROM notice WHERE kind = 'code'").Scan(&code))
	s.wants(nel.sends(formCode, "", Values{"code": {code}}), "your phone is proven")

	s.wants(ada.types("/callout team"), "Nel · waits for approval [Approve…]", "Ada · admin [Roles…]")
	s.wants(ada.presses(formApprove, nel.id()), "FORM member.approve Approve", "Nel  nel@example.com")
	s.wants(ada.sends(formApprove, strconv.Itoa(nel.id()), Values{}), "ERROR roles Choose at least one role")
	s.wants(nel.presses(formApprove, nel.id()), "An admin has been asked")
	s.wants(ada.sends(formApprove, strconv.Itoa(nel.id()), Values{"roles": {desk.Technician, desk.Sales}}), "Nel is technician and sales now")
	s.wants(nel.types("/callout me"), "technician and sales", "Europe/London", "!not proven")
	s.wants(nel.types("/calls"), "There are no calls yet")
	s.wants(nel.types("/callout team"), "!Approve", "![Roles…]")
	s.wants(nel.presses("member.refuse", 1), "You may not approve members")
}

func TestARefusedMember(t *testing.T) {
	s := openShop(t)
	ada, nel := s.member("Ada", desk.Admin), s.stranger("Nel")
	nel.sends(formRegister, "", Values{"name": {"Nel"}})
	s.wants(ada.presses("member.refuse", nel.id()), "You turned Nel down")
	s.wants(nel.types("/calls"), "You are not an active member")
}

func TestTheAdminOfTheEnvironment(t *testing.T) {
	s := openShop(t)
	boss := s.stranger("Boss")
	s.wants(boss.types("/callout settings"), "FORM settings")
	s.wants(boss.sends(formSettings, "", Values{"calls_channel": {"C0NEW"}}), "The settings are saved")
	s.wants(boss.types("/callout settings"), "C0NEW")
}

func TestAnInternalErrorShowsAReferenceAndNothingElse(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	s.exec("ALTER TABLE call RENAME TO elsewhere")
	reference := regexp.MustCompile(`reference: ([A-Z2-7]{7})\.`)
	for _, r := range []Request{
		{Kind: KindCommand, Name: "calls"},
		{Kind: KindHome},
		{Kind: KindButton, Name: "call.show", Value: "1"},
		{Kind: KindForm, Name: formNote, State: "1", Values: Values{"note": {"x"}}},
	} {
		reply := fay.does(r)
		text := reads(reply)
		m := reference.FindStringSubmatch(text)
		if m == nil {
			t.Errorf("no reference in\n%s", text)
			continue
		}
		if log := s.log.String(); !strings.Contains(log, m[1]) || !strings.Contains(log, "42P01") {
			t.Errorf("%s is not in the log", m[1])
		}
		s.wants(reply, "!relation", "!SQLSTATE", "!ERROR:", "!pgx")
		if r.Kind == KindForm && reply.Errors[FormError] == "" {
			t.Errorf("the form does not stay open: %+v", reply)
		}
		if r.Kind == KindHome && reply.Home == nil {
			t.Errorf("no home page: %+v", reply)
		}
	}
}

func TestTheDatabaseAwayIsSaid(t *testing.T) {
	t.Parallel()
	b := New(Options{Log: slog.New(slog.DiscardHandler)})
	for _, err := range []error{store.ErrUnavailable, context.DeadlineExceeded} {
		r := b.trouble(t.Context(), Request{Kind: KindForm}, errors.Join(errors.New("log call"), err))
		if !strings.Contains(r.Errors[FormError], "Nothing you typed is lost") {
			t.Errorf("%v: %+v", err, r)
		}
	}
}

func TestAPanicIsRecovered(t *testing.T) {
	t.Parallel()
	log := &logged{}
	b := New(Options{Log: slog.New(slog.NewTextHandler(log, nil))}) // no desk: everything panics
	r := b.Handle(t.Context(), Request{Kind: KindCommand, Name: "calls", User: "U1", Platform: Slack})
	if text := reads(r); !strings.Contains(text, "Something went wrong on our side") || strings.Contains(text, "nil pointer") {
		t.Errorf("got %s", text)
	}
	if !strings.Contains(log.String(), "nil pointer") || !strings.Contains(log.String(), "bot.go") {
		t.Errorf("the log does not say where: %s", log)
	}
}

// TestNothingPressedIsAnInternalError presses every button and sends every form there is, with values that mean nothing.
func TestNothingPressedIsAnInternalError(t *testing.T) {
	s := openShop(t)
	ada := s.member("Ada", desk.Admin, desk.Technician)
	for _, value := range []string{"", "999", "abc", "-1", "99999999999999999999", "999 status:lost", "0 “"} {
		check := func(r Request) {
			t.Helper()
			if text := reads(ada.does(r)); strings.Contains(text, "Something went wrong") {
				t.Errorf("%+v: %s", r, s.log)
			}
		}
		for name := range s.topic.buttons {
			check(Request{Kind: KindButton, Name: name, Value: value})
		}
		for name := range s.topic.forms {
			check(Request{Kind: KindForm, Name: name, State: value, Values: Values{}})
			check(Request{Kind: KindForm, Name: name, State: value, Values: Values{
				"customer": {value}, "summary": {"x"}, "note": {"x"}, "reason": {"x"}, "resolution": {"x"}, "technician": {value}, "roles": {value},
				"kind": {value}, "every": {value}, "from": {value}, "code": {value}, "phone": {value}, "calls_channel": {value},
			}})
		}
		for name := range s.topic.changes {
			check(Request{Kind: KindChange, Name: name, Field: "customer", Values: Values{"customer": {value}}})
		}
		for field := range s.topic.searches {
			check(Request{Kind: KindSearch, Name: formLogCall, Field: field, Text: value})
		}
	}
}

func TestSomethingWeNeverMade(t *testing.T) {
	s := openShop(t)
	fay := s.member("Fay", desk.Dispatcher)
	s.wants(fay.presses("call.fly", 1), "Something went wrong")
	s.wants(fay.does(Request{Kind: KindShortcut, Name: "fly"}), "There is no command")
}

func TestTwoRowsOfOneName(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("two buttons share a name")
		}
	}()
	add(map[string]handler{"call.log": nil}, callTopic().buttons)
}
