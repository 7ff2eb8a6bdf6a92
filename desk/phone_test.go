package desk

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// changes asks for a code to a phone, which must be on its way then.
func (s *shop) changes(a Actor, phone string) {
	s.Helper()
	sent, err := s.ChangePhone(s.ctx, a, phone)
	s.must(err)
	if !sent {
		s.Errorf("no code is on its way to %s", phone)
	}
}

func TestProvePhone(t *testing.T) {
	s := openShop(t)
	nel := s.registers("Nel", "07911 123456")
	code := s.code(nel)
	s.refuses(s.ProvePhone(s.ctx, nel, "wrong"), Invalid, "not the code we sent to +44 7911 123456")
	s.must(s.ProvePhone(s.ctx, nel, " "+code[:3]+" "+code[3:]+" "))
	s.is("proven", s.list("SELECT channel || code_hash FROM contact_method WHERE verified_at IS NOT NULL AND channel = 'sms'"), "sms")
	s.must(s.ProvePhone(s.ctx, nel, code)) // a double tap
	if _, unproven, err := s.UnprovenPhone(s.ctx, nel.ID); err != nil || unproven {
		t.Errorf("still unproven: %v, %v", unproven, err)
	}
}

func TestProvePhoneTooLate(t *testing.T) {
	s := openShop(t)
	nel := s.registers("Nel", "07911 123456")
	s.clock.move(codeLife + time.Second)
	s.refuses(s.ProvePhone(s.ctx, nel, s.code(nel)), Invalid, "too old")
	s.changes(nel, "+44 7911 123456")
	s.clock.move(codeLife)
	s.must(s.ProvePhone(s.ctx, nel, s.code(nel)))
}

func TestProvePhoneTooOften(t *testing.T) {
	s := openShop(t)
	nel := s.registers("Nel", "07911 123456")
	for range codeTries {
		s.refuses(s.ProvePhone(s.ctx, nel, "x"), Invalid, "not the code")
	}
	s.refuses(s.ProvePhone(s.ctx, nel, s.code(nel)), Invalid, "too often")
	old := s.code(nel)
	s.clock.move(codePause)
	s.changes(nel, "07911 123456")
	s.refuses(s.ProvePhone(s.ctx, nel, s.code(nel)), Invalid, "too often") // a new code is no new five tries
	s.clock.move(codeLife)
	s.changes(nel, "07911 123456")
	if fresh := s.code(nel); fresh != old {
		s.refuses(s.ProvePhone(s.ctx, nel, old), Invalid, "not the code")
	}
	s.must(s.ProvePhone(s.ctx, nel, s.code(nel)))
}

func TestAPhoneSpeaksForOnePerson(t *testing.T) {
	s := openShop(t)
	nel := s.registers("Nel", "07911 123456")
	s.clock.move(codePause)
	olu := s.registers("Olu", "07911 123456")
	s.must(s.ProvePhone(s.ctx, nel, s.code(nel)))
	s.refuses(s.ProvePhone(s.ctx, olu, s.code(olu)), Invalid, "belongs to another member")
}

func TestChangePhone(t *testing.T) {
	s := openShop(t)
	nel := s.registers("Nel", "07911 123456")
	_, err := s.ChangePhone(s.ctx, nel, "12")
	s.refuses(err, Invalid, "marked fields")
	s.clock.move(codePause)
	s.changes(nel, "07911 654321") // the first one was typed wrongly
	s.is("phones", s.list("SELECT address FROM contact_method WHERE channel = 'sms'"), "+447911654321")
	s.is("no code goes to the wrong phone", s.list("SELECT address || ' ' || state FROM notice WHERE kind = 'code' ORDER BY id"),
		"+447911123456 cancelled, +447911654321 owed")
	s.must(s.ProvePhone(s.ctx, nel, s.code(nel)))
	s.clock.move(codePause)
	s.changes(keyed(nel, "slack:1"), "07911 111111")
	s.changes(keyed(nel, "slack:1"), "07911 111111")
	s.is("the proven one serves until the new one is proven", s.list("SELECT address FROM contact_method WHERE channel = 'sms' ORDER BY id"), "+447911654321, +447911111111")
	if n := s.count("notice WHERE kind = 'code'"); n != 3 {
		t.Errorf("%d codes were sent", n)
	}
	owe := owed{kind: noticeProblem, memberID: nel.ID, body: NoticeBody{Text: "still to be sent"}}
	s.must(s.inTx(s.ctx, func(tx pgx.Tx, q *store.Queries) error {
		methods, err := q.ListContactMethods(s.ctx, nel.ID)
		if err != nil {
			return err
		}
		return s.owe(s.ctx, tx, q, owe, slices.DeleteFunc(methods, func(m store.ContactMethod) bool { return m.Address != "+447911654321" }))
	}))
	s.must(s.ProvePhone(s.ctx, nel, s.code(nel)))
	s.is("then it is forgotten", s.list("SELECT address FROM contact_method WHERE channel = 'sms'"), "+447911111111")
	s.is("what was owed", s.list("SELECT address || ' ' || state FROM notice WHERE kind = 'problem'"), "+447911111111 owed")
	s.is("the codes are forgotten", s.list("SELECT DISTINCT body FROM notice WHERE kind = 'code' AND address = '+447911111111'"), "{}")
	_, err = s.WhoTexts(s.ctx, "+447911654321")
	s.refuses(err, Unregistered)
}

func TestCodesAreLimited(t *testing.T) {
	s := openShop(t)
	nel := s.registers("Nel", "07911 123456")
	ask := func(a Actor, phone string) error {
		_, err := s.ChangePhone(s.ctx, a, phone)
		return err
	}
	s.refuses(ask(nel, "07911 123456"), Invalid)
	s.refuses(ask(nel, "07911 654321"), Invalid) // another phone, the same person
	s.refuses(ask(s.member("Olu", Viewer), "07911 123456"), Invalid)
	for range codesADay - 1 {
		s.clock.move(codePause)
		s.must(ask(nel, "07911 123456"))
	}
	s.clock.move(time.Hour)
	s.refuses(ask(nel, "07911 123456"), Invalid)
	s.clock.move(24 * time.Hour)
	s.must(ask(nel, "07911 123456"))
}

func TestNoCodeWithoutSMS(t *testing.T) {
	s := openShop(t, func(o *Options) { o.Channels = []string{"slack"} })
	_, sent, err := s.Register(s.ctx, Registration{Platform: "slack", UserID: "U1", Name: "Nel", Phone: "07911 123456"})
	s.must(err)
	if sent || s.count("notice WHERE kind = 'code'") != 0 {
		t.Error("a code is said to be on its way")
	}
}
