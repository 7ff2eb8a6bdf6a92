package slackbot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"callout/bot"
	sandbox "callout/internal/sandbox/slack"
)

func TestACallOverTheSandbox(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"over HTTP": false, "over the socket": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, &talker{handle: desk}, socket)
			logOneCall(t, s)
			s.noErrors(t)
		})
	}
}

func logOneCall(t *testing.T, s *shop) {
	t.Helper()
	ctx := t.Context()
	if _, err := s.Type(ctx, "UJO", "CCALLS", "/log-call copier jams"); err != nil {
		t.Fatal(err)
	}
	form := s.view(t, "UJO")
	customer, _ := form.Input("Customer")
	found, err := s.Suggest(ctx, "UJO", form.ID, customer, "ac")
	if err != nil || len(found) != 2 || found[0].Text != "Acme & Sons" {
		t.Fatalf("found %v, %v", found, err)
	}
	machine := func(of string) func() bool {
		return func() bool {
			v, _ := s.View(form.ID)
			el, ok := v.Input("Machine")
			return ok && strings.Contains(fmt.Sprint(v.Options(el)), "Copier of "+of)
		}
	}
	for _, id := range []string{"acme", "bolt", "acme"} {
		if err := s.Change(ctx, "UJO", form.ID, customer, id); err != nil {
			t.Fatal(err)
		}
		s.until(t, "the machines of "+id+" are there", machine(id))
	}
	result, err := s.Submit(ctx, "UJO", form.ID, sandbox.Values{"summary": "no"})
	if err != nil || result.Errors["summary"] != "Say what is wrong." {
		t.Fatalf("submitted: %+v, %v", result, err)
	}
	result, err = s.Submit(ctx, "UJO", form.ID, sandbox.Values{"summary": "copier jams"})
	if err != nil || result.Action != "close" {
		t.Fatalf("submitted: %+v, %v", result, err)
	}
	s.until(t, "Jo is told", func() bool { return len(s.Ephemerals("UJO", "CCALLS")) == 1 })
	s.until(t, "the card is there", func() bool { return len(s.Messages("CCALLS")) == 1 })
	card := s.Messages("CCALLS")[0]
	if err := s.Press(ctx, "UMARIA", card.Ref(), card.MustButton("Accept"), ""); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the card changes", func() bool {
		m, _ := s.Message(card.Ref())
		return m.Text == "Call 42 is accepted."
	})
}

func TestHomeTextListAndShortcutsOverTheSandbox(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, false)
	ctx := t.Context()
	if err := s.OpenHome(ctx, "UMARIA"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the home page is there", func() bool { v, ok := s.Home("UMARIA"); return ok && strings.Contains(v.AllText(), "43 no toner") })
	if _, err := s.Type(ctx, "UMARIA", s.DM("UMARIA"), "A 42"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the text is answered", func() bool { return len(s.Messages(s.DM("UMARIA"))) == 2 })
	if _, err := s.Type(ctx, "UJO", "CSECRET", "/calls"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the list is there", func() bool { return len(s.Ephemerals("UJO", "CSECRET")) == 1 })
	list := s.Ephemerals("UJO", "CSECRET")[0]
	if err := s.Press(ctx, "UJO", list.Ref(), list.MustButton("Next"), ""); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the list is replaced", func() bool {
		all := s.Ephemerals("UJO", "CSECRET")
		return len(all) == 1 && all[0].Text == "Call a is accepted."
	})
	if err := s.Shortcut(ctx, "UJO", "log_call"); err != nil {
		t.Fatal(err)
	}
	s.view(t, "UJO")
	if _, err := s.Type(ctx, "UJO", "CCALLS", "Copier at <Hall & Sons> smokes"); err != nil {
		t.Fatal(err)
	}
	note := s.Messages("CCALLS")[0]
	if err := s.MessageShortcut(ctx, "UMARIA", note.Ref(), "log_call_from"); err != nil {
		t.Fatal(err)
	}
	if got := string(s.view(t, "UMARIA").Blocks); !strings.Contains(got, "Jo Field / http") || !strings.Contains(got, "smokes") {
		t.Errorf("the form is %s", got)
	}
	s.noErrors(t)
}

func TestASayAfterAGlobalShortcutIsADirectMessage(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, false)
	if err := s.Shortcut(t.Context(), "UJO", "log_call"); err != nil {
		t.Fatal(err)
	}
	form := s.view(t, "UJO")
	customer, _ := form.Input("Customer")
	if _, err := s.Suggest(t.Context(), "UJO", form.ID, customer, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(t.Context(), "UJO", form.ID, sandbox.Values{"customer": "acme", "summary": "copier jams"}); err != nil {
		t.Fatal(err)
	}
	s.until(t, "card and confirmation are in the direct message", func() bool { return len(s.Messages(s.DM("UJO"))) == 2 })
}

func TestTheSocketComesBack(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, true)
	s.Disconnect()
	s.until(t, "the app is back", func() bool { return len(s.Requests("apps.connections.open")) >= 2 && s.Connected() })
	logOneCall(t, s)
}

func TestTheSocketComesBackAfterARefusal(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, true)
	s.Fail("apps.connections.open", sandbox.Fault{Times: 1, Error: "invalid_auth"}) // the library gives up on this one
	s.Disconnect()
	s.until(t, "the app is back", func() bool { return len(s.Requests("apps.connections.open")) >= 3 && s.Connected() })
	logOneCall(t, s)
}

func TestASlowAnswerDoesNotUndoAChange(t *testing.T) {
	t.Parallel()
	ready := make(chan struct{})
	s := newShop(t, &talker{
		handle: func(ctx context.Context, r bot.Request) bot.Reply {
			reply := desk(ctx, r)
			if r.Kind == bot.KindCommand {
				<-ready
				reply.Form.Fields = append(reply.Form.Fields, bot.Field{Name: "more", Label: "More", Optional: true})
			}
			return reply
		},
		preview: func(r bot.Request) *bot.Form { return desk(context.Background(), r).Form },
	}, false)
	s.a.preview = time.Millisecond
	if _, err := s.Type(t.Context(), "UJO", "CCALLS", "/log-call copier jams"); err != nil {
		t.Fatal(err)
	}
	form := s.view(t, "UJO")
	customer, _ := form.Input("Customer")
	if _, err := s.Suggest(t.Context(), "UJO", form.ID, customer, "a"); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(t.Context(), "UJO", form.ID, customer, "acme"); err != nil {
		t.Fatal(err)
	}
	changed := func() bool { v, _ := s.View(form.ID); _, ok := v.Input("Machine"); return ok }
	s.until(t, "the machines are there", changed)
	close(ready)
	s.until(t, "the slow answer came", func() bool { return len(s.Requests("views.update")) == 2 })
	drain(t, s.a)
	if updates := s.Requests("views.update"); !changed() || updates[1].Error != "hash_conflict" {
		t.Errorf("the change was undone: %+v", updates)
	}
	if _, err := s.Submit(t.Context(), "UJO", form.ID, sandbox.Values{}); err != nil {
		t.Fatal(err)
	}
	got := s.talk.requests()
	if last := got[len(got)-1]; last.Values.Get("customer") != "acme" || last.Values.Get("summary") != "copier jams" || last.State != `{"from":"test"}` {
		t.Errorf("submitted %+v", last)
	}
}
