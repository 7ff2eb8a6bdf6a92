package desk

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAnAdminChangesThePolicy(t *testing.T) {
	s := openShop(t)
	boss, front, tom := s.member("Ada", Admin), s.member("Fay", Dispatcher), s.technician("Tom")
	policies, err := s.Policies(s.ctx, front)
	s.must(err)
	urgent := policies[0]
	mine := PolicyFieldsOf(urgent)
	mine["next_technician"], mine["dispatchers"] = "3m", "4m"
	s.refuses(s.EditPolicy(s.ctx, front, 1, urgent.Version, mine), Forbidden)
	bad := PolicyFieldsOf(urgent)
	bad["dispatchers"], bad["admins"], bad["admins_times"], bad["clock"] = "", "soon", "99", "moon"
	err = s.EditPolicy(s.ctx, boss, 1, urgent.Version, bad)
	s.refuses(err, Invalid)
	if diff := cmp.Diff([]string{"admins", "admins_times", "clock", "dispatchers"}, fieldsOf(err)); diff != "" {
		t.Error(diff)
	}

	// What would have changed: Tom took eight minutes.
	id := s.offered(front, s.customer("Acme"))
	s.clock.move(8 * time.Minute)
	s.must(s.Accept(s.ctx, tom, id))
	before, after, err := s.PolicyReplay(s.ctx, boss, 1, mine)
	s.must(err)
	if want := (Replay{Calls: 1}); before != want {
		t.Errorf("in force: %+v", before)
	}
	if want := (Replay{Calls: 1, AskedNext: 1, Dispatchers: 1}); after != want {
		t.Errorf("in the form: %+v", after)
	}

	s.must(s.EditPolicy(s.ctx, boss, 1, urgent.Version, mine))
	s.refuses(s.EditPolicy(s.ctx, boss, 1, urgent.Version, Fields{"next_technician": "9m"}), Conflict)
	s.must(s.EditPolicy(s.ctx, boss, 1, urgent.Version, Fields{"admins": "60m"}))
	s.technician("Una")
	next := s.offered(front, s.customer("Bolt"))
	s.passes(3 * time.Minute)
	s.is("asked", s.kinds(next), "logged, offered, expired, offered")
}
