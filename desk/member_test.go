package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// registers stores somebody's wish to join, and returns them as they would act.
func (s *shop) registers(name, phone string) Actor {
	s.Helper()
	m, _, err := s.Register(s.ctx, Registration{
		Platform: "slack", UserID: "U0" + strings.ToUpper(name), Name: name, Email: name + "@Example.com", Phone: phone, Timezone: "Europe/London",
	})
	s.must(err)
	return Actor{Member: m, Via: "slack"}
}

// code returns the latest code that was sent to a phone.
func (s *shop) code(a Actor) string {
	s.Helper()
	return s.list("SELECT body->>'text' FROM notice WHERE kind = 'code' AND member_id = $1 ORDER BY id DESC LIMIT 1", a.ID)
}

func TestRegister(t *testing.T) {
	s := openShop(t)
	admin := s.member("Ada", Admin)
	nel := s.registers("Nel", "07911 123456")
	if nel.State != StateRequested || len(nel.Roles) != 0 || nel.Timezone != "Europe/London" || nel.Email != "nel@example.com" {
		t.Errorf("registered %+v", nel.Member)
	}
	s.is("the admin is asked", s.notices(admin), "register slack owed")
	s.is("a code is owed", s.notices(nel), "code sms owed")
	if code := s.code(nel); len(code) != 6 || digits(code) != code {
		t.Errorf("the code is %q", code)
	}
	if n := s.count("contact_method WHERE code_hash LIKE '%' || $1 || '%'", s.code(nel)); n != 0 {
		t.Error("the code is stored as it is")
	}
	_, _, err := s.Register(s.ctx, Registration{Platform: "slack", UserID: "U0NEL", Name: "Nel again"})
	s.refuses(err, Conflict, "registered already")
	if n := s.count("member"); n != 2 {
		t.Errorf("%d members", n)
	}
	s.refuses(nel.may(SeeCalls), Forbidden, "not approved")
	_, err = s.WhoTexts(s.ctx, "+447911123456")
	s.refuses(err, Unregistered)
}

func TestRegisterNamesEveryProblem(t *testing.T) {
	s := openShop(t)
	_, _, err := s.Register(s.ctx, Registration{Platform: "slack", UserID: "U1", Name: strings.Repeat("n", 201), Email: "nel@", Phone: "12"})
	s.refuses(err, Invalid)
	if diff := cmp.Diff([]string{"email", "name", "phone"}, fieldsOf(err)); diff != "" {
		t.Error(diff)
	}
	m, _, err := s.Register(s.ctx, Registration{Platform: "slack", UserID: "U1", Name: " Nel\x00 ", Timezone: "Mars/Olympus"})
	s.must(err)
	if m.Name != "Nel" || m.Timezone != "UTC" {
		t.Errorf("registered %+v", m)
	}
}

func TestApprove(t *testing.T) {
	s := openShop(t)
	admin, nel := s.member("Ada", Admin), s.registers("Nel", "07911 123456")
	s.must(s.ProvePhone(s.ctx, nel, s.code(nel)))
	m, err := s.Approve(s.ctx, keyed(admin, "slack:1"), nel.ID, []Role{Technician})
	s.must(err)
	again, err := s.Approve(s.ctx, keyed(admin, "slack:1"), nel.ID, []Role{Technician})
	s.must(err)
	if diff := cmp.Diff(m, again); diff != "" {
		t.Errorf("the same tap again: %s", diff)
	}
	if m.State != StateActive || m.ApprovedBy == nil || *m.ApprovedBy != admin.ID {
		t.Errorf("approved: %+v", m)
	}
	s.is("reached by", s.list("SELECT channel FROM contact_method WHERE member_id = $1 AND verified_at IS NOT NULL ORDER BY position", nel.ID), "slack, sms, email")
	s.is("usual hours", s.list("SELECT weekday || ' ' || starts || '-' || ends FROM duty_rule ORDER BY weekday"), "1 480-1020, 2 480-1020, 3 480-1020, 4 480-1020, 5 480-1020")
	s.is("told", s.notices(nel), "code sms cancelled, welcome slack owed")
	who, err := s.WhoTexts(s.ctx, "+447911123456")
	s.must(err)
	if who.ID != nel.ID {
		t.Errorf("the phone is member %d's", who.ID)
	}
	duty, err := s.DutyNow(s.ctx, m)
	s.must(err)
	if !duty.On {
		t.Errorf("on Tuesday morning: %+v", duty)
	}
}

func TestApproveChangesRoles(t *testing.T) {
	s := openShop(t)
	admin, sam := s.member("Ada", Admin), s.member("Sam", Sales)
	_, err := s.Approve(s.ctx, admin, sam.ID, []Role{Sales, Technician})
	s.must(err)
	_, err = s.Approve(s.ctx, admin, sam.ID, []Role{Technician})
	s.must(err)
	s.is("words", s.list("SELECT body->>'text' FROM notice ORDER BY id"), "Your roles are now sales and technician., Your roles are now technician.")
	if n := s.count("duty_rule"); n != 5 {
		t.Errorf("%d rules: usual hours are given once", n)
	}
}

func TestApproveRefuses(t *testing.T) {
	s := openShop(t)
	admin, sam := s.member("Ada", Admin), s.member("Sam", Sales)
	check := func(a Actor, id int64, code Code, says string, roles ...Role) {
		t.Helper()
		_, err := s.Approve(s.ctx, a, id, roles)
		s.refuses(err, code, says)
	}
	check(sam, admin.ID, Forbidden, "You may not approve members", Viewer)
	check(admin, sam.ID, Invalid, "at least one role")
	check(admin, sam.ID, Invalid, "“king” is no role. The roles are admin, dispatcher, technician, sales and viewer", "king")
	check(admin, sam.ID, Invalid, "“Admin” is no role", "Admin")
	check(admin, 99999, NotFound, "no member 99999", Viewer)
	check(admin, admin.ID, Invalid, "cannot take the role admin from yourself", Viewer)
	_, err := s.Refuse(s.ctx, admin, sam.ID)
	s.refuses(err, Conflict, "Sam is active already")
	_, err = s.Refuse(s.ctx, sam, admin.ID)
	s.refuses(err, Forbidden)
}

func TestRefuseAMember(t *testing.T) {
	s := openShop(t)
	admin, nel := s.member("Ada", Admin), s.registers("Nel", "")
	m, err := s.Refuse(s.ctx, admin, nel.ID)
	s.must(err)
	s.is("state", m.State, StateRefused)
	s.is("told", s.notices(nel), "welcome slack owed")
	team, err := s.Team(s.ctx, s.member("Bob", Viewer))
	s.must(err)
	if len(team) != 2 {
		t.Errorf("the team is %+v", team)
	}
	if team, err = s.Team(s.ctx, admin); err != nil || len(team) != 3 || team[2].Name != "Nel" {
		t.Errorf("the admin's team is %+v, %v", team, err)
	}
	m, err = s.Approve(s.ctx, admin, nel.ID, []Role{Viewer})
	s.must(err)
	s.is("back", m.State, StateActive)
}

func TestTeamShowsWhoWaitsFirst(t *testing.T) {
	s := openShop(t)
	admin := s.member("Ada", Admin)
	s.member("Bob", Viewer)
	s.registers("Zoe", "")
	team, err := s.Team(s.ctx, admin)
	s.must(err)
	names := make([]string, len(team))
	for i, m := range team {
		names[i] = m.Name
	}
	s.is("team", strings.Join(names, " "), "Zoe Ada Bob")
}

func TestWhoLeavesAsksForNothingMore(t *testing.T) {
	s := openShop(t)
	admin, dora, acme := s.member("Ada", Admin), s.member("Dora", Dispatcher), s.customer("Acme")
	tom := s.technician("Tom")
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET capacity = 100 WHERE id = $1", tom.ID)
	s.must(err)
	for range handsMost + 2 {
		s.must(s.Accept(s.ctx, tom, s.logs(dora, acme)))
	}
	swap := s.covered(tom, "friday", "")
	off, _, err := s.AskTimeOff(s.ctx, tom, s.when("2026-03-16..2026-03-20"), "Skiing")
	s.must(err)
	_, err = s.Deactivate(s.ctx, keyed(admin, "slack:1"), tom.ID)
	s.must(err)
	s.is("calls in his hands", s.list("SELECT count(*) FROM call WHERE technician_id = $1", tom.ID), "0")
	s.is("swap", s.list("SELECT state FROM duty_swap WHERE id = $1", swap), SwapWithdrawn)
	s.is("time off", s.list("SELECT state FROM time_off WHERE id = $1", off), OffCancelled)
	s.refuses(s.DecideTimeOff(s.ctx, dora, off, true), Conflict, "does not ask for it any more")
}

func TestDeactivate(t *testing.T) {
	s := openShop(t)
	admin, front, acme, tom := s.member("Ada", Admin), s.member("Fay", Dispatcher), s.customer("Acme"), s.technician("Tom")
	mine, asked := s.offered(front, acme), s.offered(front, acme)
	s.must(s.Accept(s.ctx, tom, mine))
	ann := s.technician("Ann")
	_, err := s.Deactivate(s.ctx, front, tom.ID)
	s.refuses(err, Forbidden)
	_, err = s.Deactivate(s.ctx, admin, admin.ID)
	s.refuses(err, Conflict, "yourself")
	m, err := s.Deactivate(s.ctx, keyed(admin, "slack:1"), tom.ID)
	s.must(err)
	s.is("state", m.State, StateInactive)
	tom.Member = m
	for _, id := range []int64{mine, asked} {
		s.progress(id, Unassigned, Actor{})
		s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
		if s.asked(id) != ann.ID {
			t.Errorf("call %d is not offered to Ann", id)
		}
	}
	if tom.Can(SeeCalls) {
		t.Error("somebody who left may see calls")
	}
	s.refuses(s.Accept(s.ctx, tom, mine), Forbidden, "not an active member")
	s.refuses(s.OnSite(s.ctx, tom, mine), Forbidden, "not an active member")
	s.refuses(s.Close(s.ctx, tom, mine, "done"), Forbidden, "not an active member")
	_, err = s.ChangePhone(s.ctx, tom, "07911 123456")
	s.refuses(err, Forbidden, "not an active member")
	_, err = s.Approve(s.ctx, admin, tom.ID, []Role{Technician})
	s.must(err)
}
