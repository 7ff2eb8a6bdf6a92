package desk

import (
	"testing"

	"callout/store"
)

func TestWho(t *testing.T) {
	s := openShop(t, func(o *Options) { o.Admins = []string{"U0BOSS"} })
	_, err := s.Who(s.ctx, "slack", "U0NEW", "Nel")
	s.refuses(err, Unregistered, "/callout me")
	boss, err := s.Who(s.ctx, "slack", "U0BOSS", "")
	s.must(err)
	if boss.Name != "U0BOSS" || boss.State != StateActive || !May(boss.Roles, ApproveMember) || !May(boss.Roles, LogCalls) {
		t.Errorf("the first admin is %+v", boss)
	}
	again, err := s.Who(s.ctx, "slack", "U0BOSS", "Boss")
	s.must(err)
	if again.ID != boss.ID || again.Name != "Boss" {
		t.Errorf("the admin is %+v once their name is known", again)
	}
	_, err = s.Who(s.ctx, "discord", "U0NEW", "")
	s.refuses(err, Unregistered)
}

func TestTwoFirstContactsOfAnAdmin(t *testing.T) {
	s := openShop(t, func(o *Options) { o.Admins = []string{"U0BOSS"} })
	found := make(chan store.Member, 6)
	for range cap(found) {
		go func() {
			m, err := s.Who(s.ctx, "slack", "U0BOSS", "Boss")
			if err != nil {
				t.Error(err)
			}
			found <- m
		}()
	}
	first := <-found
	for range cap(found) - 1 {
		if m := <-found; m.ID != first.ID {
			t.Errorf("members %d and %d", first.ID, m.ID)
		}
	}
	if n := s.count("member"); n != 1 {
		t.Errorf("%d members", n)
	}
}

func TestAdminsAreThereBeforeTheFirstRegistration(t *testing.T) {
	s := openShop(t, func(o *Options) { o.Admins = []string{"U0BOSS", "123456789"} })
	s.registers("Nel", "")
	boss, err := s.Who(s.ctx, "slack", "U0BOSS", "Bo Boss")
	s.must(err)
	if boss.Name != "Bo Boss" || boss.Search != "bo boss" {
		t.Errorf("the admin goes by %q", boss.Name)
	}
	s.is("asked", s.notices(Actor{Member: boss}), "register slack owed")
	s.must(s.EnsureAdmins(s.ctx, "slack"))
	if n := s.count("member"); n != 2 {
		t.Errorf("%d members: the Discord user is no admin of Slack", n)
	}
}

func TestAMemberNamedAsAdmin(t *testing.T) {
	s := openShop(t)
	nel := s.registers("Nel", "")
	s.Desk.Admins = []string{"U0NEL"}
	s.must(s.EnsureAdmins(s.ctx, "slack"))
	m, err := s.Who(s.ctx, "slack", "U0NEL", "Nel")
	s.must(err)
	if m.ID != nel.ID || m.State != StateActive || !May(m.Roles, ApproveMember) {
		t.Errorf("the admin is %+v", m)
	}
}
