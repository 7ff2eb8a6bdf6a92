package desk

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestAssignAsksTheBestAvailable(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	s.technician("Tom")
	near := s.technician("Nia")
	near.Territory = "North"
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET territory = 'North' WHERE id = $1", near.ID)
	s.must(err)
	id := s.offered(front, acme)
	if asked := s.asked(id); asked != near.ID {
		t.Errorf("member %d is asked, want Nia (%d)", asked, near.ID)
	}
	s.progress(id, Offered, Actor{})
	s.is("timeline", s.kinds(id), "logged, offered")
	s.is("owed to Nia", s.notices(near), "offer slack owed")
	s.is("owed to who logged it", s.notices(front), "logged slack owed")
	s.is("what Fay reads", s.list("SELECT body->>'text' FROM notice WHERE kind = 'logged'"), "Nia was asked by Slack.")
	offer, scores, err := s.Why(s.ctx, front, id)
	s.must(err)
	if len(scores) != 2 || scores[0].Name != "Nia" || scores[0].Near != pointsNear || scores[1].Near != 0 || offer.MemberName != "Nia" {
		t.Errorf("why: %+v, %+v", offer, scores)
	}
}

func TestAssignTwiceDoesNothing(t *testing.T) {
	s := openShop(t)
	id := s.logs(s.member("Fay", Dispatcher), s.customer("Acme"))
	tom := s.technician("Tom")
	for range 3 {
		s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	}
	s.is("timeline", s.kinds(id), "logged, offered")
	s.is("owed", s.notices(tom), "offer slack owed")
	s.must(s.Accept(s.ctx, tom, id))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.progress(id, Accepted, tom)
	s.refuses(s.Assign(s.ctx, AssignArgs{CallID: 99999}), NotFound)
}

func TestOfferGoesOutOnEveryChannelInOrder(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "email", "tom@example.com")
	s.reach(tom, "sms", "+447911123456")
	s.reach(tom, "discord", "123") // not set up here
	_, err := s.q.PutContactMethod(s.ctx, putUnproven(tom, "+447911000000"))
	s.must(err)
	id := s.offered(front, s.customer("Acme"))
	s.is("owed", s.notices(tom), "offer slack owed, offer email owed, offer sms owed")
	s.is("jobs", s.jobs(), "assign, card, notice, notice, notice, notice, card")
	s.is("told", s.list("SELECT body->>'text' FROM notice WHERE kind = 'logged'"), "Tom was asked by Slack, e-mail and SMS.")
	offer, _, err := s.OpenOffer(s.ctx, id)
	s.must(err)
	if got := offer.Offer.DeadlineAt.Sub(s.Now()); got != 10*time.Minute {
		t.Errorf("the offer waits %s", got)
	}
}

func TestAssignTheChosenPerson(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	s.technician("Tom")
	off := s.member("Olga", Technician)
	id := s.logs(front, acme, func(c *NewCall) { c.TechnicianID = off.ID })
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	if asked := s.asked(id); asked != off.ID {
		t.Errorf("member %d is asked, want Olga", asked)
	}
	s.is("said", s.list("SELECT after || note FROM call_event WHERE kind = 'offered'"), "Olgaalthough off duty")
	s.is("told", s.list("SELECT body->>'text' FROM notice WHERE kind = 'logged'"), "Olga was asked by Slack, although off duty.")
}

func TestAssignNobody(t *testing.T) {
	s := openShop(t)
	front, dan, acme := s.member("Fay", Sales), s.member("Dan", Dispatcher), s.customer("Acme")
	id := s.offered(front, acme)
	s.progress(id, Unassigned, Actor{})
	s.is("no technician at all", s.list("SELECT note FROM call_event WHERE kind = 'nobody'"), "there is no active technician yet.")
	s.member("Olga", Technician)
	second := s.offered(front, acme)
	s.is("one off duty", s.list("SELECT note FROM call_event WHERE kind = 'nobody' AND call_id = $1", second), "Olga (off duty).")
	s.is("dispatchers", s.notices(dan), "unassigned slack owed, unassigned slack owed")
	s.is("who logged them", s.notices(front), "logged slack owed, logged slack owed")
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.is("said once", s.kinds(id), "logged, nobody")
	s.must(s.Note(s.ctx, dan, id, "They called again"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.is("a note changes nothing", s.kinds(id), "logged, nobody, note")
	s.must(s.Close(s.ctx, dan, id, "by phone"))
	s.must(s.Reopen(s.ctx, dan, id, "again"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.is("said again after something else", s.kinds(id), "logged, nobody, note, closed, reopened, nobody")
}

func TestAssignAChosenPersonWhoIsGone(t *testing.T) {
	s := openShop(t)
	front, gone := s.member("Fay", Dispatcher), s.technician("Gus")
	s.technician("Tom")
	id := s.logs(front, s.customer("Acme"), func(c *NewCall) { c.TechnicianID = gone.ID })
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET state = 'inactive' WHERE id = $1", gone.ID)
	s.must(err)
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	note := s.list("SELECT note FROM call_event WHERE kind = 'nobody'")
	if len(note) < 20 || !strings.Contains(note, "no active technician") {
		t.Errorf("the timeline gives the reason %q", note)
	}
	s.progress(id, Unassigned, Actor{})
}

func TestAssignAChosenPersonNobodyReaches(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.technician("Ann")
	id := s.logs(front, s.customer("Acme"), func(c *NewCall) { c.TechnicianID = tom.ID })
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE contact_method SET disabled_at = now() WHERE member_id = $1", tom.ID)
	s.must(err)
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.is("why", s.list("SELECT note FROM call_event WHERE kind = 'nobody'"), "Tom (no verified contact).")
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id})) // the next tick
	s.is("asked then", s.list("SELECT after FROM call_event WHERE kind = 'offered'"), "Ann")
}

func TestTheChosenPersonOutlivesTheJob(t *testing.T) {
	s := openShop(t)
	front, acme, ann := s.member("Fay", Dispatcher), s.customer("Acme"), s.technician("Ann")
	s.technician("Tom")
	s.must(s.Accept(s.ctx, ann, s.logs(front, acme))) // Tom has less to do now
	tickLater := func(id int64) {
		t.Helper()
		_, err := s.Store.Pool.Exec(s.ctx, "DELETE FROM river.river_job") // a killed process had them
		s.must(err)
		s.clock.move(30 * time.Second)
		s.must(s.Tick(s.ctx))
		s.is("left by the tick", s.list("SELECT args->>'call_id' FROM river.river_job WHERE kind = 'assign'"), strconv.FormatInt(id, 10))
		s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
		if asked := s.asked(id); asked != ann.ID {
			t.Errorf("member %d is asked for call %d, want Ann", asked, id)
		}
	}
	id := s.logs(front, acme, func(c *NewCall) { c.TechnicianID = ann.ID })
	tickLater(id)
	if w := s.call(id).WantedID; w != nil {
		t.Errorf("who was asked is still to be asked: %d", *w)
	}
	s.must(s.Decline(s.ctx, ann, id, "ill"))
	s.must(s.OfferTo(s.ctx, front, id, ann.ID)) // nobody has it, so that no timeline entry tells of the choice
	tickLater(id)
	s.must(s.OfferTo(s.ctx, front, id, ann.ID))
	s.must(s.OfferTo(s.ctx, front, id, 0))
	if w := s.call(id).WantedID; w != nil {
		t.Errorf("the choice is not forgotten: %d", *w)
	}
}

func TestAssignWeighsWhatTheDatabaseKnows(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	laser := s.machine(acme, "S1", "Laser")
	able, plain, full := s.technician("Abe"), s.technician("Pia"), s.technician("Flo")
	for _, sql := range []string{
		"UPDATE member SET skills = '{laser}' WHERE name IN ('Abe', 'Flo')", "UPDATE member SET capacity = 1 WHERE name = 'Flo'",
	} {
		_, err := s.Store.Pool.Exec(s.ctx, sql)
		s.must(err)
	}
	s.must(s.Accept(s.ctx, full, s.logs(front, acme)))
	id := s.offered(front, acme, func(c *NewCall) { c.EquipmentID = laser.ID })
	_, scores, err := s.Why(s.ctx, front, id)
	s.must(err)
	out := map[int64]string{}
	for _, row := range scores {
		out[row.MemberID] = strings.Join(row.Out, "; ")
	}
	s.is("Abe", out[able.ID], "")
	s.is("Pia", out[plain.ID], "lacks Laser")
	s.is("Flo", out[full.ID], "has as many calls as they can take")
	s.must(s.Close(s.ctx, full, 1, "Done"))
	third := s.offered(front, acme)
	_, scores, err = s.Why(s.ctx, front, third)
	s.must(err)
	for _, row := range scores {
		if known := row.MemberID == full.ID; (row.Knows == pointsKnows) != known {
			t.Errorf("%s knows them: %d", row.Name, row.Knows)
		}
	}
}

func TestDeadlinesByPriority(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	s.technician("Tom")
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE member SET capacity = 100")
	s.must(err)
	for priority, want := range map[string]time.Duration{"urgent": 10 * time.Minute, "high": 20 * time.Minute, "normal": 20 * time.Minute, "low": 24 * time.Hour} {
		id := s.offered(front, acme, func(c *NewCall) { c.Priority = priority })
		offer, ok, err := s.OpenOffer(s.ctx, id)
		s.must(err)
		if !ok || offer.Offer.DeadlineAt.Sub(s.Now()) != want {
			t.Errorf("%s waits %s, want %s", priority, offer.Offer.DeadlineAt.Sub(s.Now()), want)
		}
	}
	if policies, err := s.q.ListPolicies(s.ctx); err != nil || len(policies) != len(Priorities()) {
		t.Errorf("a priority has no policy: %v", err)
	}
}

func TestOnlyOffer(t *testing.T) {
	s := openShop(t)
	front, acme, tom := s.member("Fay", Dispatcher), s.customer("Acme"), s.technician("Tom")
	_, err := s.OnlyOffer(s.ctx, tom)
	s.refuses(err, Conflict, "No call is waiting")
	first := s.offered(front, acme)
	got, err := s.OnlyOffer(s.ctx, tom)
	s.must(err)
	if got != first {
		t.Errorf("the only offer is call %d", got)
	}
	s.offered(front, acme)
	_, err = s.OnlyOffer(s.ctx, tom)
	s.refuses(err, Conflict, "2 calls are waiting for your answer. Say which, such as A 1")
}

func TestInHands(t *testing.T) {
	s := openShop(t)
	front, acme, tom := s.member("Fay", Dispatcher), s.customer("Acme"), s.technician("Tom")
	asked, low := s.offered(front, acme), s.logs(front, acme, func(c *NewCall) { c.Priority = "low" })
	urgent := s.logs(front, acme, func(c *NewCall) { c.Priority = "urgent" })
	s.must(s.Accept(s.ctx, tom, low))
	s.must(s.Accept(s.ctx, tom, urgent))
	h, err := s.InHands(s.ctx, tom)
	s.must(err)
	if len(h.Asked) != 1 || h.Asked[0].Call.ID != asked || h.Asked[0].CustomerName != "Acme" {
		t.Errorf("asked: %+v", h.Asked)
	}
	if len(h.Mine) != 2 || h.Mine[0].Call.ID != urgent || h.Mine[1].Call.ID != low {
		t.Errorf("mine: %+v", h.Mine)
	}
	if h, err := s.InHands(s.ctx, front); err != nil || len(h.Asked)+len(h.Mine) != 0 {
		t.Errorf("of somebody else: %+v, %v", h, err)
	}
}

func TestWhyBeforeAnybodyWasAsked(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	_, _, err := s.Why(s.ctx, front, s.logs(front, s.customer("Acme")))
	s.refuses(err, NotFound, "has not been offered to anybody yet")
}
