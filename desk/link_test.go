package desk

import (
	"testing"
	"time"
)

func TestLinkAnotherChat(t *testing.T) {
	s := openShop(t)
	maria := s.member("Maria", Technician)
	code, err := s.LinkCode(s.ctx, maria)
	s.must(err)
	_, err = s.Link(s.ctx, "discord", "301", "AAAA-AAAA-AAAA")
	s.refuses(err, Invalid, "code")
	m, err := s.Link(s.ctx, "discord", "301", " "+code+" ")
	s.must(err)
	known, err := s.Who(s.ctx, "discord", "301", "maria")
	s.must(err)
	if m.ID != maria.ID || known.ID != maria.ID {
		t.Errorf("linked to %d, known as %d, want %d", m.ID, known.ID, maria.ID)
	}
	_, err = s.Link(s.ctx, "discord", "302", code)
	s.refuses(err, Invalid, "new one")

	late, err := s.LinkCode(s.ctx, maria)
	s.must(err)
	s.clock.move(16 * time.Minute)
	_, err = s.Link(s.ctx, "discord", "303", late)
	s.refuses(err, Invalid, "no longer")
}

func TestReachedFirstByAnotherWay(t *testing.T) {
	s := openShop(t)
	maria, tim := s.member("Maria", Technician), s.member("Tim", Technician)
	code, err := s.LinkCode(s.ctx, maria)
	s.must(err)
	_, err = s.Link(s.ctx, "discord", "301", code)
	s.must(err)
	methods, err := s.ContactMethods(s.ctx, maria.ID)
	s.must(err)
	if len(methods) != 2 || methods[0].Channel != "slack" || methods[1].Channel != "discord" {
		t.Fatalf("got %+v", methods)
	}
	s.refuses(s.ReachFirst(s.ctx, tim, methods[1].ID), Invalid, "not one of your ways")
	s.must(s.ReachFirst(s.ctx, maria, methods[1].ID))
	methods, err = s.ContactMethods(s.ctx, maria.ID)
	s.must(err)
	if methods[0].Channel != "discord" || methods[1].Channel != "slack" {
		t.Errorf("got %+v", methods)
	}
}
