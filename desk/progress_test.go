package desk

import (
	"strings"
	"sync"
	"testing"
	"time"

	"callout/store"
)

func putUnproven(a Actor, phone string) store.PutContactMethodParams {
	return store.PutContactMethodParams{MemberID: a.ID, Channel: "sms", Address: phone}
}

func TestAcceptAnOffer(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	s.reach(tom, "sms", "+447911123456")
	id := s.offered(front, s.customer("Acme"))
	s.clock.move(5 * time.Minute)
	s.must(s.Accept(s.ctx, tom, id))
	s.progress(id, Accepted, tom)
	if at := s.call(id).AcceptedAt; at == nil || !at.Equal(s.Now()) {
		t.Errorf("accepted at %v", at)
	}
	s.is("what was not sent yet is dropped", s.notices(tom), "offer slack cancelled, offer sms cancelled")
	s.is("who logged it", s.notices(front), "logged slack owed, accepted slack owed")
	s.is("offer", s.list("SELECT state FROM offer"), "accepted")
	s.is("timeline", s.kinds(id), "logged, offered, accepted")
	version := s.call(id).Version
	s.must(s.Accept(s.ctx, tom, id))
	if s.call(id).Version != version {
		t.Error("accepting twice changed the call")
	}
}

func TestAcceptALateOne(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	ann := s.technician("Ann")
	s.refuses(s.Accept(s.ctx, ann, id), Conflict, "offered to Tom, who has not answered yet")
	s.must(s.Accept(s.ctx, tom, id))
	s.refuses(s.Accept(s.ctx, ann, id), Conflict, "is with Tom already")
	s.must(s.Close(s.ctx, tom, id, "Cleaned"))
	s.refuses(s.Accept(s.ctx, ann, id), Conflict, "is closed already")
	s.refuses(s.Accept(s.ctx, ann, 99999), NotFound, "There is no call 99999")
	s.refuses(s.Accept(s.ctx, front, id), Forbidden, "needs the role technician")
}

func TestClaimACallNobodyHas(t *testing.T) {
	s := openShop(t)
	front, off := s.member("Fay", Dispatcher), s.member("Olga", Technician)
	id := s.offered(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, off, id))
	s.progress(id, Accepted, off)
	s.is("offer", s.list("SELECT state || ' ' || reason FROM offer"), "accepted took it themselves")
	s.is("timeline", s.kinds(id), "logged, nobody, accepted")
}

func TestTwoAcceptInOneMoment(t *testing.T) {
	s := openShop(t)
	id := s.logs(s.member("Fay", Dispatcher), s.customer("Acme"))
	names := []string{"Ann", "Bob", "Cem", "Dee"}
	errs := make([]error, len(names))
	var techs []Actor
	for _, n := range names {
		techs = append(techs, s.technician(n))
	}
	var wg sync.WaitGroup
	for i, a := range techs {
		wg.Go(func() { errs[i] = s.Accept(s.ctx, a, id) })
	}
	wg.Wait()
	won := -1
	for i, err := range errs {
		if err == nil {
			if won >= 0 {
				t.Fatalf("%s and %s both took the call", names[won], names[i])
			}
			won = i
		}
	}
	if won < 0 {
		t.Fatalf("nobody took the call: %v", errs)
	}
	for i, err := range errs {
		if i != won {
			s.refuses(err, Conflict, "is with "+names[won]+" already")
		}
	}
	s.progress(id, Accepted, techs[won])
	s.is("timeline", s.kinds(id), "logged, accepted")
}

func TestTheSameDeliveryChangesNothing(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	tap := keyed(tom, "slack:tap")
	s.must(s.Decline(s.ctx, tap, id, "no parts"))
	s.must(s.Decline(s.ctx, tap, id, "no parts"))
	s.is("timeline", s.kinds(id), "logged, offered, declined")
	s.must(s.Note(s.ctx, keyed(front, "slack:note"), id, "hello"))
	s.must(s.Note(s.ctx, keyed(front, "slack:note"), id, "hello"))
	if n := s.count("call_event WHERE kind = 'note'"); n != 1 {
		t.Errorf("%d notes", n)
	}
	refusedTap := keyed(s.technician("Ann"), "slack:late")
	s.refuses(s.Decline(s.ctx, refusedTap, id, ""), Conflict)
	if done, err := s.Handled(s.ctx, "slack:late"); err != nil || done {
		t.Errorf("a refused act counts as done: %v, %v", done, err)
	}
	if done, err := s.Handled(s.ctx, "slack:tap"); err != nil || !done {
		t.Errorf("a done act counts as undone: %v, %v", done, err)
	}
}

func TestDeclineAsksTheNext(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	people := map[int64]Actor{}
	for _, n := range []string{"Ann", "Bob"} {
		a := s.technician(n)
		people[a.ID] = a
	}
	id := s.offered(front, s.customer("Acme"))
	first := people[s.asked(id)]
	s.must(s.Decline(s.ctx, first, id, "  no parts "))
	s.progress(id, Unassigned, Actor{})
	s.is("reason", s.list("SELECT note FROM call_event WHERE kind = 'declined'"), "no parts")
	if last := s.list("SELECT kind FROM river.river_job ORDER BY id DESC LIMIT 2"); !strings.Contains(last, "assign") {
		t.Errorf("no job finds the next one: %s", last)
	}
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	second := people[s.asked(id)]
	if second.ID == first.ID || second.ID == 0 {
		t.Fatalf("asked member %d after %d declined", second.ID, first.ID)
	}
	s.is("who logged it is told of the first only", s.notices(front), "logged slack owed")
	s.refuses(s.Decline(s.ctx, first, id, ""), Conflict, "offered to "+second.Name+", not to you")
	s.must(s.Decline(s.ctx, second, id, ""))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.progress(id, Unassigned, Actor{})
	s.is("dispatchers are told", s.notices(front), "logged slack owed, unassigned slack owed")
	s.refuses(s.Decline(s.ctx, second, id, ""), Conflict, "nothing to decline")
	s.refuses(s.Decline(s.ctx, second, id, strings.Repeat("x", 501)), Invalid, "at most 500")
	s.refuses(s.Decline(s.ctx, front, id, ""), Forbidden)
}

func TestHandBack(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.must(s.Decline(s.ctx, tom, id, "car broke down"))
	s.progress(id, Unassigned, Actor{})
	if s.call(id).AcceptedAt != nil {
		t.Error("the call still says when it was accepted")
	}
	s.is("timeline", s.kinds(id), "logged, offered, accepted, en_route, handed_back")
	s.is("offer", s.list("SELECT state || ' ' || reason FROM offer"), "declined car broke down")
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	if asked := s.asked(id); asked != 0 {
		t.Errorf("member %d is asked again", asked)
	}
	s.refuses(s.OnSite(s.ctx, tom, id), Conflict, "Nobody has accepted call")
}

func TestOfferToSomebodyElse(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	ann := s.technician("Ann")
	s.refuses(s.OfferTo(s.ctx, tom, id, ann.ID), Forbidden)
	s.refuses(s.OfferTo(s.ctx, front, id, front.ID), Invalid)
	s.must(s.OfferTo(s.ctx, front, id, ann.ID))
	s.progress(id, Unassigned, Actor{})
	s.is("offers", s.list("SELECT state FROM offer ORDER BY id"), "withdrawn")
	s.is("Tom is told", s.notices(tom), "offer slack cancelled, withdrawn slack owed")
	if w := s.call(id).WantedID; w == nil || *w != ann.ID {
		t.Errorf("who was chosen is forgotten: %v", w)
	}
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	if s.asked(id) != ann.ID {
		t.Error("Ann is not asked")
	}
	s.is("timeline", s.kinds(id), "logged, offered, accepted, withdrawn, offered")
	s.must(s.Close(s.ctx, front, id, "Fixed by phone"))
	s.refuses(s.OfferTo(s.ctx, front, id, 0), Conflict, "closed already")
}

func TestOfferToTheBestWhenNobodyHasIt(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	id := s.logs(front, s.customer("Acme"))
	s.must(s.OfferTo(s.ctx, front, id, 0))
	s.is("timeline", s.kinds(id), "logged")
	s.is("jobs", s.jobs(), "assign, card, assign")
}

func TestOnTheWay(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	s.refuses(s.OnMyWay(s.ctx, tom, id), Conflict, "Accept it first")
	s.must(s.Accept(s.ctx, tom, id))
	ann := s.technician("Ann")
	s.refuses(s.OnMyWay(s.ctx, ann, id), Conflict, "is with Tom already")
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.must(s.OnMyWay(s.ctx, tom, id))
	s.progress(id, EnRoute, tom)
	s.must(s.OnSite(s.ctx, front, id)) // the front desk heard it on the phone
	s.progress(id, OnSite, tom)
	s.must(s.OnMyWay(s.ctx, tom, id)) // a tap on an old message
	s.progress(id, OnSite, tom)
	s.is("timeline", s.kinds(id), "logged, offered, accepted, en_route, on_site")
	s.must(s.Close(s.ctx, tom, id, "Cleaned the rollers"))
	s.refuses(s.OnSite(s.ctx, tom, id), Conflict, "closed already")
}

func TestCloseACall(t *testing.T) {
	s := openShop(t)
	front, tom, ann := s.member("Fay", Dispatcher), s.technician("Tom"), s.technician("Ann")
	id := s.logs(front, s.customer("Acme"))
	s.refuses(s.Close(s.ctx, tom, id, "x"), Forbidden, "Accept it first")
	s.must(s.Accept(s.ctx, tom, id))
	s.refuses(s.Close(s.ctx, ann, id, "x"), Conflict, "is with Tom already")
	s.refuses(s.Close(s.ctx, tom, id, " \x00"), Invalid, "what was done")
	s.refuses(s.Close(s.ctx, tom, id, strings.Repeat("x", 3001)), Invalid, "3001 characters; at most 3000")
	s.clock.move(time.Hour)
	s.must(s.Close(s.ctx, tom, id, "Cleaned the rollers"))
	c := s.call(id)
	if c.Status != Done || c.ClosedAt == nil || !c.ClosedAt.Equal(s.Now()) || c.Resolution != "Cleaned the rollers" || c.TechnicianID == nil {
		t.Errorf("closed: %+v", c)
	}
	s.is("who logged it", s.notices(front), "accepted slack owed, closed slack owed")
	s.refuses(s.Close(s.ctx, tom, id, "again"), Conflict, "closed already")
	s.is("offer", s.list("SELECT state FROM offer"), "accepted")
}

func TestCloseACallThatIsOffered(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(front, s.customer("Acme"))
	s.must(s.Close(s.ctx, front, id, "They found the switch"))
	s.is("offer", s.list("SELECT state FROM offer"), "withdrawn")
	s.is("Tom", s.notices(tom), "offer slack cancelled, withdrawn slack owed")
	s.is("Fay, who did it, is told nothing", s.notices(front), "logged slack owed")
	s.refuses(s.Accept(s.ctx, tom, id), Conflict, "closed already")
	s.must(s.Reopen(s.ctx, front, id, "It is back"))
	s.progress(id, Unassigned, Actor{})
}

func TestReopen(t *testing.T) {
	s := openShop(t)
	front, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.logs(front, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.must(s.OnSite(s.ctx, tom, id))
	s.refuses(s.Reopen(s.ctx, front, id, ""), Conflict, "is open already")
	s.must(s.Close(s.ctx, tom, id, "Cleaned"))
	s.refuses(s.Reopen(s.ctx, s.member("Vic", Viewer), id, ""), Forbidden)
	s.must(s.Reopen(s.ctx, front, id, "Jams again"))
	s.progress(id, Accepted, tom)
	c := s.call(id)
	if c.Status != Pending || c.ClosedAt != nil || c.Resolution != "" {
		t.Errorf("reopened: %+v", c)
	}
	s.is("Tom", s.notices(tom), "reopened slack owed")
	s.is("timeline", s.kinds(id), "logged, accepted, on_site, closed, reopened")
	s.is("what was done is in the timeline", s.list("SELECT note FROM call_event WHERE kind = 'closed'"), "Cleaned")
	s.must(s.Close(s.ctx, tom, id, "New rollers"))

	_, err := s.Deactivate(s.ctx, s.member("Ada", Admin), tom.ID)
	s.must(err)
	s.must(s.Reopen(s.ctx, front, id, "")) // who had it has left
	s.progress(id, Unassigned, Actor{})
}

func TestNote(t *testing.T) {
	s := openShop(t)
	front, vic := s.member("Fay", Dispatcher), s.member("Vic", Sales)
	id := s.logs(front, s.customer("Acme"))
	s.must(s.Note(s.ctx, vic, id, " ring the bell\x00 "))
	s.is("note", s.list("SELECT note FROM call_event WHERE kind = 'note'"), "ring the bell")
	s.refuses(s.Note(s.ctx, vic, id, " \n"), Invalid, "empty")
	s.refuses(s.Note(s.ctx, vic, id, strings.Repeat("x", 3001)), Invalid, "3001")
	s.refuses(s.Note(s.ctx, vic, 99999, "x"), NotFound)
	s.must(s.Close(s.ctx, front, id, "Done"))
	s.must(s.Note(s.ctx, vic, id, "thanks"))
	if v := s.call(id).Version; v != 4 {
		t.Errorf("version %d: each step redraws the card", v)
	}
}
