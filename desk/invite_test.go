package desk

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// invitation returns the code in the newest text to a phone.
func (s *shop) invitation(phone string) string {
	s.Helper()
	text := s.list("SELECT body->>'text' FROM notice WHERE kind = 'code' AND address = $1 ORDER BY id DESC LIMIT 1", phone)
	return regexp.MustCompile(`[0-9]{6}`).FindString(text)
}

func TestAMemberWithoutChat(t *testing.T) {
	s := openShop(t)
	ann := s.member("Ann", Admin)
	ann.Key = "slack:view:1"
	in := NewMember{Name: " Pat Phone ", Phone: "07911 123456", Roles: []string{Technician}, Zone: "Europe/Berlin"}
	m, invited, err := s.AddMember(s.ctx, ann, in)
	s.must(err)
	again, _, err := s.AddMember(s.ctx, ann, in) // sent twice
	s.must(err)
	if !invited || again.ID != m.ID || m.Name != "Pat Phone" || m.State != StateActive || m.Timezone != "Europe/Berlin" || strings.Join(m.Roles, "") != Technician {
		t.Errorf("%+v, invited %t", m, invited)
	}
	const phone = "+447911123456"
	if got := s.list("SELECT count(*) FROM notice WHERE address = $1", phone); got != "1" {
		t.Fatalf("%s texts", got)
	}
	text := s.list("SELECT body->>'text' FROM notice WHERE address = $1", phone)
	for _, word := range []string{"Ann added you to Callout at Test company, as technician", "Answer " + s.invitation(phone), "STOP"} {
		if !strings.Contains(text, word) {
			t.Errorf("the text does not say %q: %s", word, text)
		}
	}
	if _, err := s.WhoTexts(s.ctx, phone); CodeOf(err) != Unregistered {
		t.Errorf("an unproven phone acts: %v", err)
	}
	for text, want := range map[string]Proof{"hello": ProofWrong, "12345": ProofWrong} {
		if got, _, err := s.ProveByText(s.ctx, phone, text); err != nil || got != want {
			t.Errorf("%q is %d: %v", text, got, err)
		}
	}
	if got, _, err := s.ProveByText(s.ctx, "+447911000000", s.invitation(phone)); err != nil || got != ProofUnknown {
		t.Errorf("another phone is %d: %v", got, err)
	}
	s.clock.move(6 * 24 * time.Hour)
	code := s.invitation(phone)
	got, who, err := s.ProveByText(s.ctx, phone, "“"+code+"”.")
	if err != nil || got != ProofGood || who.ID != m.ID {
		t.Fatalf("the code is %d of %s: %v", got, who.Name, err)
	}
	if who, err := s.WhoTexts(s.ctx, phone); err != nil || who.ID != m.ID {
		t.Errorf("the phone is %s's: %v", who.Name, err)
	}
	if got := s.list("SELECT body->>'text' FROM notice WHERE member_id = $1 AND kind = 'welcome'", ann.ID); !strings.Contains(got, "Pat Phone proved their phone") {
		t.Errorf("who invited them is told %q", got)
	}
	if got := s.list("SELECT body::text FROM notice WHERE kind = 'code'"); got != "{}" {
		t.Errorf("the code is still stored: %s", got)
	}
	if got := s.list("SELECT count(*) FROM duty_rule WHERE member_id = $1", m.ID); got != "5" {
		t.Errorf("%s days of duty", got)
	}
}

func TestWhoCannotBeAdded(t *testing.T) {
	s := openShop(t)
	ann, tim := s.member("Ann", Admin), s.technician("Tim")
	s.reach(tim, "sms", "+447911123456")
	check := func(field, words string, in NewMember) {
		t.Helper()
		_, _, err := s.AddMember(s.ctx, ann, in)
		if got := FieldError(err, field); !strings.Contains(got, words) {
			t.Errorf("%+v: %q does not say %q (%v)", in, got, words, err)
		}
	}
	tech := []string{Technician}
	check("name", "The name is missing", NewMember{Phone: "+447911123457", Roles: tech})
	check("phone", "is not a phone number", NewMember{Name: "P", Phone: "12", Roles: tech})
	check("phone", "Give a phone or an e-mail", NewMember{Name: "P", Roles: tech})
	check("phone", "belongs to Tim already", NewMember{Name: "P", Phone: "+447911123456", Roles: tech})
	check("email", "is not an e-mail", NewMember{Name: "P", Email: "x", Roles: tech})
	check("roles", "at least one", NewMember{Name: "P", Email: "p@example.com"})
	check("roles", "“boss” is no role", NewMember{Name: "P", Email: "p@example.com", Roles: []string{"boss"}})
	check("zone", "“Mars” is no time zone", NewMember{Name: "P", Email: "p@example.com", Roles: tech, Zone: "Mars"})
	_, _, err := s.AddMember(s.ctx, tim, NewMember{Name: "P", Email: "p@example.com", Roles: tech})
	s.refuses(err, Forbidden)

	m, invited, err := s.AddMember(s.ctx, ann, NewMember{Name: "Eve", Email: "Eve@Example.com", Roles: tech})
	if err != nil || invited {
		t.Fatal(invited, err)
	}
	if got := s.list("SELECT channel || ' ' || kind || ' ' || (body->>'text') FROM notice WHERE member_id = $1", m.ID); !strings.HasPrefix(got, "email welcome Ann added you") {
		t.Errorf("Eve gets %q", got)
	}
	check("email", "belongs to Eve already", NewMember{Name: "P", Email: "eve@example.com", Roles: tech})
}

func TestInvitingWhoWasImported(t *testing.T) {
	s := openShop(t)
	ann := s.member("Ann", Admin)
	done := s.imports(ann, "members", "name,phone,roles\nPat,07911 123456,technician\nQuinn,07911 123457,technician\n")
	if done.Added != 2 {
		t.Fatalf("%+v", done)
	}
	if got := s.list("SELECT count(*) FROM notice WHERE channel = 'sms'"); got != "0" {
		t.Fatalf("%s texts without anybody asking for them", got)
	}
	list, err := s.Invitable(s.ctx, ann)
	if err != nil || len(list) != 2 || list[0].Name != "Pat" {
		t.Fatal(list, err)
	}
	s.must(s.OptOut(s.ctx, "+447911123457", true)) // Quinn wants no texts
	ann.Key = "slack:view:1"
	sent, problems, err := s.Invite(s.ctx, ann, []int64{list[0].ID, list[1].ID, list[0].ID})
	if err != nil || sent != 1 || len(problems) != 1 || !strings.Contains(problems[0], "Quinn can't be texted: opted out by SMS") {
		t.Errorf("%d sent, %q, %v", sent, problems, err)
	}
	if _, _, err := s.Invite(s.ctx, ann, []int64{list[0].ID}); err != nil { // sent twice
		t.Error(err)
	}
	if got := s.list("SELECT address FROM notice WHERE channel = 'sms'"); got != "+447911123456" {
		t.Errorf("texted %s", got)
	}
	ann.Key = ""
	if sent, problems, err := s.Invite(s.ctx, ann, []int64{list[0].ID}); err != nil || sent != 0 || !strings.Contains(strings.Join(problems, ""), "enough for now") {
		t.Errorf("again at once: %d, %q, %v", sent, problems, err)
	}
	s.must(s.OptOut(s.ctx, "+447911123457", false))
	if sent, _, err := s.Invite(s.ctx, ann, []int64{list[1].ID}); err != nil || sent != 1 {
		t.Errorf("after START: %d, %v", sent, err)
	}
	if got, m, err := s.ProveByText(s.ctx, "+447911123457", s.invitation("+447911123457")); err != nil || got != ProofGood || m.Name != "Quinn" {
		t.Errorf("%d of %s: %v", got, m.Name, err)
	}
	if list, err = s.Invitable(s.ctx, ann); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
}

func TestAnotherPhoneForWhoHasNoChat(t *testing.T) {
	s := openShop(t)
	ada := s.member("Ada", Admin)
	tim, _, err := s.AddMember(s.ctx, ada, NewMember{Name: "Tim", Phone: "+447911123456", Roles: []string{Technician}})
	s.must(err)
	_, _, err = s.ProveByText(s.ctx, "+447911123456", s.invitation("+447911123456"))
	s.must(err)
	s.clock.move(2 * time.Hour)

	s.refuses(s.ChangePhoneOf(s.ctx, s.member("Dora", Dispatcher), tim.ID, "+447911123457"), Forbidden, "approve members")
	if text := FieldError(s.ChangePhoneOf(s.ctx, ada, tim.ID, "12"), "phone"); text == "" {
		t.Error("a phone of two digits is taken")
	}
	s.must(s.ChangePhoneOf(s.ctx, ada, tim.ID, "+447911123457"))
	if m, err := s.WhoTexts(s.ctx, "+447911123456"); err != nil || m.ID != tim.ID {
		t.Errorf("the old phone is worth nothing before the new one is proven: %v", err)
	}
	got, who, err := s.ProveByText(s.ctx, "+447911123457", s.invitation("+447911123457"))
	if err != nil || got != ProofGood || who.ID != tim.ID {
		t.Fatalf("got %v, %v, %v", got, who, err)
	}
	if _, err := s.WhoTexts(s.ctx, "+447911123456"); CodeOf(err) != Unregistered {
		t.Errorf("the old phone still speaks for Tim: %v", err)
	}
}
