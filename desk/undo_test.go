package desk

import (
	"strings"
	"testing"
	"time"
)

// state is all of a call that an undone change must leave as it was: its row, its offers, the steps to come and its visits. The
// versions count on, and a deadline starts anew.
func (s *shop) state(id int64) string {
	s.Helper()
	return s.list(`SELECT to_jsonb(c) - 'version' - 'tried_at' FROM call c WHERE id = $1`, id) + "\n" +
		s.list(`SELECT to_jsonb(o) - 'deadline_at' - 'why' FROM offer o WHERE call_id = $1 ORDER BY id`, id) + "\n" +
		s.list(`SELECT kind FROM call_step WHERE call_id = $1 AND done_at IS NULL ORDER BY kind`, id) + "\n" +
		s.list(`SELECT to_jsonb(v) FROM visit v WHERE call_id = $1`, id)
}

// last is what a member did last and can take back.
func (s *shop) last(a Actor) Change {
	s.Helper()
	c, ok, err := s.LastChange(s.ctx, a)
	s.must(err)
	if !ok {
		s.Fatalf("%s has nothing to undo", a.Name)
	}
	return c
}

// undoes lets a member take back what they did last.
func (s *shop) undoes(a Actor) Undone {
	s.Helper()
	u, err := s.Undo(s.ctx, a, s.last(a).ID)
	s.must(err)
	return u
}

// deliver marks every message that is owed as sent, as the jobs do.
func (s *shop) deliver() {
	s.Helper()
	_, err := s.Store.Pool.Exec(s.ctx, "UPDATE notice SET state = 'sent', provider_id = 'p' || id, sent_at = $1 WHERE state = 'owed'", s.Now())
	s.must(err)
}

// undoing is one change of a call that is taken back: what comes before it, who makes it and what they did.
type undoing struct {
	name  string
	until func(s *shop, fay, tom Actor, id int64)
	tom   bool // else Fay makes it
	act   func(s *shop, a Actor, id int64) error
	did   string
	now   string // how things stand then, for who took it back
	told  string // who is told that it is not so, after everybody was told that it is
}

func callUndoings() []undoing {
	nothing := func(*shop, Actor, Actor, int64) {}
	takes := func(s *shop, _, tom Actor, id int64) { s.must(s.Accept(s.ctx, tom, id)) }
	sets := func(s *shop, fay, tom Actor, id int64) { takes(s, fay, tom, id); s.must(s.OnMyWay(s.ctx, tom, id)) }
	waits := func(s *shop, fay, tom Actor, id int64) {
		takes(s, fay, tom, id)
		s.must(s.WaitFor(s.ctx, tom, id, "parts", s.Now().AddDate(0, 0, 3), ""))
	}
	closes := func(s *shop, fay, tom Actor, id int64) {
		sets(s, fay, tom, id)
		s.must(s.Close(s.ctx, tom, id, "Cleaned"))
	}
	accept := func(s *shop, a Actor, id int64) error { return s.Accept(s.ctx, a, id) }
	decline := func(s *shop, a Actor, id int64) error { return s.Decline(s.ctx, a, id, "sick") }
	offer := func(s *shop, a Actor, id int64) error { return s.OfferTo(s.ctx, a, id, 0) }
	shut := func(s *shop, a Actor, id int64) error { return s.Close(s.ctx, a, id, "Fixed itself") }
	edit := func(s *shop, a Actor, id int64) error {
		return s.EditCall(s.ctx, a, id, s.call(id).Version, Fields{"priority": "low", "summary": "Toner"})
	}
	return []undoing{
		{"accept", nothing, true, accept, "accepted call", "It is offered to you", "Fay"},
		{"decline", nothing, true, decline, "declined call", "It is offered to you", ""},
		{"hand back", sets, true, decline, "handed call", "It is yours, on the way.", ""},
		{"offer to somebody else, asked", nothing, false, offer, "offered call", "It is offered to Tom.", "Tom"},
		{"offer to somebody else, taken", takes, false, offer, "offered call", "It is with Tom.", "Tom"},
		{"on my way", takes, true, func(s *shop, a Actor, id int64) error { return s.OnMyWay(s.ctx, a, id) }, "set out for call", "It is yours.", ""},
		{"on site", sets, true, func(s *shop, a Actor, id int64) error { return s.OnSite(s.ctx, a, id) }, "arrived at call", "It is yours, on the way.", ""},
		{"wait", sets, true, func(s *shop, a Actor, id int64) error {
			return s.WaitFor(s.ctx, a, id, "parts", s.Now().AddDate(0, 0, 3), "fuser")
		}, "put call", "It is yours, on the way.", ""},
		{"go on", waits, true, func(s *shop, a Actor, id int64) error { return s.Resume(s.ctx, a, id) }, "took call", "It is yours, waiting.", ""},
		{"close", sets, true, shut, "closed call", "It is yours, on the way.", "Fay"},
		{"close for somebody", takes, false, shut, "closed call", "It is with Tom.", "Tom"},
		{"close what is offered", nothing, false, shut, "closed call", "It is offered to Tom.", "Tom"},
		{"reopen", closes, false, func(s *shop, a Actor, id int64) error { return s.Reopen(s.ctx, a, id, "again") }, "reopened call", "It is closed.", "Tom"},
		{"edit what is offered", nothing, false, edit, "changed call", "It is offered to Tom.", ""},
		{"edit what is taken", takes, false, edit, "changed call", "It is with Tom.", ""},
	}
}

func TestUndoEveryChangeOfACall(t *testing.T) {
	for _, u := range callUndoings() {
		t.Run(u.name, func(t *testing.T) {
			s := openShop(t)
			fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
			for _, delivered := range []bool{true, false} {
				u.check(s, fay, tom, delivered)
			}
		})
	}
}

// check makes a change and takes it back. delivered says that everybody was told of it meanwhile.
func (u undoing) check(s *shop, fay, tom Actor, delivered bool) {
	s.Helper()
	id := s.offered(fay, s.customer("Acme"))
	s.deliver()
	u.until(s, fay, tom, id)
	s.deliver()
	s.clock.move(time.Hour)
	before, lines, told := s.state(id), s.kinds(id), s.list("SELECT id || state FROM notice WHERE call_id = $1 ORDER BY id", id)
	who := fay
	if u.tom {
		who = tom
	}
	version := s.call(id).Version
	s.must(u.act(s, who, id))
	if s.state(id) == before {
		s.Fatal("the act changed nothing")
	}
	if delivered {
		s.deliver()
	}
	s.clock.move(9 * time.Minute)
	undone := s.undoes(who)
	if got := s.state(id); got != before {
		s.Errorf("it is not as it was before:\n%s\nbut was\n%s", got, before)
	}
	if s.call(id).Version <= version+1 {
		s.Error("the card and open forms cannot tell that it changed")
	}
	s.says("what was done", undone.Did, u.did)
	s.says("how it stands", undone.Now, u.now)
	if got := s.kinds(id); !strings.HasPrefix(got, lines+", ") || !strings.HasSuffix(got, ", undone") {
		s.Errorf("timeline %q, before %q", got, lines)
	}
	s.says("notices from before", s.list("SELECT id || state FROM notice WHERE call_id = $1 ORDER BY id", id), told)
	s.is("nobody is owed what is not so", s.list("SELECT kind FROM notice WHERE state = 'owed' AND kind NOT IN ('correction','offer') AND call_id = $1", id), "")
	want := u.told
	if !delivered {
		want = ""
	}
	s.is("corrections", s.list("SELECT m.name FROM notice n JOIN member m ON m.id = n.member_id WHERE n.kind = 'correction' AND n.call_id = $1 ORDER BY n.id", id), want)
	if _, err := s.Undo(s.ctx, who, undone.ID); CodeOf(err) != Conflict || !strings.Contains(err.Error(), "undone that already") {
		s.Errorf("undone twice: %v", err)
	}
}

func (s *shop) says(what, got, want string) {
	s.Helper()
	if !strings.Contains(got, want) {
		s.Errorf("%s: %q does not say %q", what, got, want)
	}
}

func TestAnUndoneOfferStartsAnew(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id)) // before the message that asks him went out
	s.clock.move(8 * time.Minute)
	s.is("now", s.undoes(tom).Now, "It is offered to you: please accept or decline it.")
	offer, open, err := s.OpenOffer(s.ctx, id)
	s.must(err)
	if !open || !offer.Offer.DeadlineAt.Equal(s.Now().Add(10*time.Minute)) {
		t.Errorf("open %v until %v", open, offer.Offer.DeadlineAt)
	}
	s.is("he is asked again, and Fay hears nothing", s.notices(tom)+"; "+s.notices(fay), "offer slack cancelled, offer slack owed; logged slack owed, accepted slack cancelled")
	s.must(s.Accept(s.ctx, tom, id))
	s.progress(id, Accepted, tom)
}

func TestUndoADeclineWhenSomebodyElseIsAsked(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	ann := s.technician("Ann")
	s.deliver()
	s.must(s.Decline(s.ctx, tom, id, "sick"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	if s.asked(id) != ann.ID {
		t.Fatal("Ann is not asked")
	}
	s.deliver()
	s.clock.move(time.Minute)
	s.undoes(tom)
	if s.asked(id) != tom.ID {
		t.Error("Tom is not asked again")
	}
	s.is("Ann learns that it is not hers to answer", s.notices(ann), "offer slack sent, withdrawn slack owed")
	s.refuses(s.Accept(s.ctx, ann, id), Conflict, "offered to Tom")
	s.must(s.Decline(s.ctx, tom, id, "really sick"))
	declined := s.last(tom)
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.must(s.OfferTo(s.ctx, fay, id, ann.ID))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.must(s.Accept(s.ctx, ann, id))
	_, err := s.Undo(s.ctx, tom, declined.ID)
	s.refuses(err, Conflict, "Ann accepted call", "after that")
	s.progress(id, Accepted, ann)
}

func TestUndoTellsDispatchersThatSomebodyIsAskedAfterAll(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	s.deliver()
	s.must(s.Decline(s.ctx, tom, id, "sick"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.deliver()
	s.undoes(tom)
	s.is("Fay", s.notices(fay), "logged slack sent, unassigned slack sent, correction slack owed")
	s.says("in words", s.list("SELECT body->>'text' FROM notice WHERE kind = 'correction'"), "Correction: Tom took back that they declined call "+s.list("SELECT id FROM call")+". It is offered to Tom.")
	s.must(s.Decline(s.ctx, tom, id, "sick"))
	s.must(s.Assign(s.ctx, AssignArgs{CallID: id}))
	s.says("she is told anew", s.notices(fay), "correction slack owed, unassigned slack owed")
}

func TestUndoIsRefused(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	_, err := s.ToUndo(s.ctx, tom, Record{})
	s.refuses(err, Conflict, "You changed nothing in the last ten minutes")
	_, err = s.ToUndo(s.ctx, tom, Record{CallRecord, id})
	s.refuses(err, NotFound, "Nobody changed call")
	_, err = s.Undo(s.ctx, tom, 99999)
	s.refuses(err, NotFound, "too long ago")
	s.must(s.Accept(s.ctx, tom, id))
	accepted := s.last(tom)
	_, err = s.Undo(s.ctx, fay, accepted.ID)
	s.refuses(err, Forbidden, "Only Tom can undo that: they accepted call")
	_, err = s.ToUndo(s.ctx, fay, Record{CallRecord, id})
	s.refuses(err, Forbidden, "Only Tom")
	s.must(s.OnMyWay(s.ctx, tom, id))
	_, err = s.Undo(s.ctx, tom, accepted.ID)
	s.refuses(err, Conflict, "You set out for call", "Undo that first.")
	s.undoes(tom)
	s.must(s.Note(s.ctx, fay, id, "They called again")) // is in nobody's way
	s.undoes(tom)
	s.must(s.Accept(s.ctx, tom, id))
	accepted = s.last(tom)
	s.must(s.Close(s.ctx, fay, id, "Fixed itself"))
	_, err = s.Undo(s.ctx, tom, accepted.ID)
	s.refuses(err, Conflict, "Fay closed call", "after that", "Hand it back instead.")
	closed := s.last(fay)
	s.clock.move(11 * time.Minute)
	_, err = s.Undo(s.ctx, fay, closed.ID)
	s.refuses(err, Conflict, "You closed call", "at 09:30, 11 minutes ago", "ten minutes only. Reopen it instead.")
	if _, ok, err := s.LastChange(s.ctx, fay); ok || err != nil {
		t.Errorf("what is over is offered: %v %v", ok, err)
	}
	s.is("it is still closed", s.call(id).Status, Done)
	s.clock.move(2 * changesKept)
	s.must(s.forgetChanges(s.ctx))
	if n := s.count("change") + s.count("change_row"); n != 0 {
		t.Errorf("%d changes are never forgotten", n)
	}
}

func TestUndoneVisitIsNoVisit(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	s.must(s.OnSite(s.ctx, tom, id))
	s.clock.move(time.Minute)
	s.undoes(tom)
	s.clock.move(time.Hour)
	s.must(s.Close(s.ctx, tom, id, "Told them what to press"))
	s.is("he was not on site", s.list("SELECT at FROM visit"), s.list("SELECT closed_at FROM call"))
	s.undoes(tom)
	s.is("visits", s.list("SELECT id FROM visit"), "")
	s.must(s.Close(s.ctx, tom, id, "Told them what to press"))
	if n := s.count("visit"); n != 1 {
		t.Errorf("%d visits", n)
	}
}

func TestAFormThatIsOpenSurvivesAnUndo(t *testing.T) {
	s := openShop(t)
	fay, bo := s.member("Fay", Dispatcher), s.member("Bo", Dispatcher)
	id := s.offered(fay, s.customer("Acme"))
	s.must(s.EditCall(s.ctx, fay, id, s.call(id).Version, Fields{"summary": "Toner", "priority": "low"}))
	open := s.call(id)
	s.undoes(fay)
	s.must(s.EditCall(s.ctx, bo, id, open.Version, Fields{"summary": open.Summary, "details": "Second floor", "priority": open.Priority}))
	c := s.call(id)
	s.is("both", c.Summary+" "+c.Details+" "+c.Priority, "Paper jam Second floor urgent")
}

func TestAWithdrawnMessageIsNotSent(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", Dispatcher), s.technician("Tom")
	id := s.offered(fay, s.customer("Acme"))
	s.must(s.Accept(s.ctx, tom, id))
	notice := parseID(t, s.list("SELECT id FROM notice WHERE kind = 'accepted'"))
	out, err := s.TakeNotice(s.ctx, notice) // a worker has begun to send it
	s.must(err)
	if out == nil {
		t.Fatal("it is not owed")
	}
	s.must(s.NoticeRefused(s.ctx, notice, "try later"))
	s.undoes(tom)
	out, err = s.TakeNotice(s.ctx, notice)
	s.must(err)
	if out != nil {
		t.Error("it is sent although it is not so any more")
	}
	s.is("Fay", s.notices(fay), "logged slack owed, accepted slack cancelled")
}
