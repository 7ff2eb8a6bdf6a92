package bot

import (
	"strings"
	"testing"
	"time"

	"callout/desk"
)

// undoOf is the value of the Undo button of a reply.
func undoOf(t *testing.T, r Reply) string {
	t.Helper()
	for _, c := range []*Card{r.Say, r.Update, r.Home} {
		if c == nil {
			continue
		}
		for _, part := range c.Parts {
			switch part := part.(type) {
			case Item:
				if part.Button.Action == actUndo {
					return part.Button.Value
				}
			case Buttons:
				for _, b := range part {
					if b.Action == actUndo {
						return b.Value
					}
				}
			}
		}
	}
	t.Fatalf("no Undo in\n%s", reads(r))
	return ""
}

func TestUndoIsOfferedWhereSomethingWasDone(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	id := formatID(fay.logs(s.customer("Acme"), "Paper jam"))
	s.assign(number(id))
	press := func(p *person, key, action, value string, where Surface) Reply {
		t.Helper()
		return p.does(Request{Kind: KindButton, Name: action, Value: value, Key: key, Surface: where})
	}
	accepted := press(tom, "1", "call.accept", id, SurfaceShared)
	s.wants(accepted, "You accepted call "+id+". [Undo]")
	if again := press(tom, "1", "call.accept", id, SurfaceShared); undoOf(t, again) != undoOf(t, accepted) {
		t.Error("the same tap again offers something else")
	}
	s.wants(press(tom, "2", "call.accept", id, SurfaceShared), "![Undo]") // it was his already
	s.wants(press(tom, "3", "call.way", id, SurfacePersonal), "On site", "[Undo]")
	s.wants(tom.sends(formNote, id, Values{"note": {"two stairs"}}), "![Undo]")
	s.wants(tom.does(Request{Kind: KindHome}), "You set out for call "+id+" · Tue 10 Mar 09:30 [Undo]")
	s.wants(press(fay, "4", actUndo, undoOf(t, accepted), SurfacePersonal), "Only Tom can undo that: they accepted call "+id)

	home := press(tom, "5", "call.site", id, SurfaceHome)
	s.wants(home, "You arrived at call "+id, "!Undone")
	s.wants(press(tom, "6", actUndo, undoOf(t, home), SurfaceHome), "You set out for call "+id, "on the way")
	closed := tom.does(Request{Kind: KindForm, Name: formClose, State: id, Key: "7", Values: Values{"resolution": {"Cleaned"}}})
	s.wants(closed, "Call "+id+" is closed. Thank you!", "[Undo]")
	undone := press(tom, "8", actUndo, undoOf(t, closed), SurfacePersonal)
	if undone.Update == nil || undone.Say != nil {
		t.Error("the answer with the button stays as it was")
	}
	s.wants(undone, "Undone: you closed call "+id+". It is yours, on the way.", "[Open]")
	s.wants(press(tom, "9", actUndo, undoOf(t, closed), SurfacePersonal), "You have undone that already")
	s.wants(press(fay, "10", "call.history", id, SurfaceShared), "Tom undid: closed.", "Tom undid: on site.")

	declined := press(tom, "11", "call.decline", id, SurfaceShared)
	s.wants(declined, "[Say why]", "[Undo]")
	s.now = s.now.Add(11 * time.Minute)
	s.wants(press(tom, "12", actUndo, undoOf(t, declined), SurfacePersonal), "You handed call "+id+" back at 09:30, 11 minutes ago", "Accept it on its card")
	s.wants(tom.does(Request{Kind: KindHome}), "![Undo]")
}

func TestUndoByCommand(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	id := formatID(fay.logs(s.customer("Acme"), "Paper jam"))
	s.wants(fay.types("/callout undo"), "You changed nothing in the last ten minutes")
	s.wants(fay.types("/callout undo "+id), "Nobody changed call "+id+" lately")
	s.must(s.Desk.Accept(s.ctx, tom.actor(), number(id)))
	asked := tom.types("/callout undo")
	s.wants(asked, "Undo this? You accepted call "+id+".", "You accepted call "+id+" · Tue 10 Mar 09:30 [Undo]")
	for _, line := range []string{id, "call " + id, "#" + id, "Call #" + id} {
		s.wants(tom.types("/callout undo "+line), "Undo this?")
		s.wants(fay.types("/callout undo "+line), "Only Tom can undo that")
	}
	s.wants(tom.types("/callout undo quote 5"), "Nobody changed quote 5 lately")
	s.wants(tom.types("/callout undo everything"), "“everything”", "/callout undo 42 for call 42")
	s.wants(tom.types("/callout undo zork 5"), "“zork 5”")
	s.wants(tom.does(Request{Kind: KindButton, Name: actUndo, Value: undoOf(t, asked), Surface: SurfacePersonal}), "Undone: you accepted call "+id+". Nobody has it: somebody is being asked.")
}

func TestUndoByText(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	tom.reached("sms", "+447911123456")
	id := formatID(fay.logs(s.customer("Acme"), "Paper jam"))
	s.assign(number(id))
	texts := func(key, verb, call string) Reply {
		t.Helper()
		return s.Handle(s.ctx, Request{Platform: SMS, User: "+447911123456", Kind: KindText, Name: verb, Value: call, Key: key})
	}
	s.wants(texts("0", verbUndo, ""), "You changed nothing")
	s.wants(texts("1", verbAccept, id), "Call "+id+" is yours", "U to undo.")
	way := texts("2", verbWay, "")
	s.wants(way, "U to undo.")
	s.wants(texts("3", verbUndo, ""), "Undone: you set out for call "+id+". It is yours.")
	s.wants(texts("3", verbUndo, ""), "!Undone") // the same text again
	s.wants(texts("4", verbUndo, id), "Undone: you accepted call "+id+". It is offered to you: A "+id+" or D "+id+".")
	s.wants(texts("5", verbUndo, id), "Nobody changed call "+id)
	reply, err := s.withTextUndo(s.ctx, tom.actor(), say("%s", strings.Repeat("x", 155)))
	s.must(err)
	s.wants(reply, "!undo")
}

func TestACorrectionInChat(t *testing.T) {
	s := openShop(t)
	fay, tom := s.member("Fay", desk.Dispatcher), s.technician("Tom")
	id := fay.logs(s.customer("Acme"), "Paper jam")
	a := tom.actor()
	s.must(s.Desk.Accept(s.ctx, a, id))
	s.exec("UPDATE notice SET state = 'sent' WHERE kind = 'accepted'")
	c, ok, err := s.Desk.LastChange(s.ctx, a)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, err := s.Desk.Undo(s.ctx, a, c.ID); err != nil {
		t.Fatal(err)
	}
	var text string
	s.must(s.store.Pool.QueryRow(s.ctx, "SELECT body->>'text' FROM notice WHERE kind = 'correction'").Scan(&text))
	if !strings.HasPrefix(text, "Correction: Tom took back that they accepted call ") {
		t.Errorf("%q", text)
	}
}
