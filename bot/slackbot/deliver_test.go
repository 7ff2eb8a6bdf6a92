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

func saying(r bot.Reply) *talker {
	return &talker{handle: func(context.Context, bot.Request) bot.Reply { return r }}
}

func pdf() bot.Card {
	card := bot.Sentence("Calls in June.")
	card.Files = []bot.File{{Name: "calls.pdf", Title: "Calls in June", Content: []byte("%PDF-1.4")}}
	return card
}

func TestACardForAllReachesWhereTheCommandWasTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, channel, files string }{
		{"a channel the app is in", "CCALLS", "CCALLS"},
		{"a public channel it is not in", "CSHOP", "CSHOP"},
		{"a private channel it is not in", "CSECRET", "dm"},
		{"the direct message with it", "dm", "dm"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			card := pdf()
			s := newShop(t, saying(bot.Reply{Post: &card}), false)
			place := func(id string) string {
				if id == "dm" {
					return s.DM("UJO")
				}
				return id
			}
			if _, err := s.Type(t.Context(), "UJO", place(tt.channel), "/calls"); err != nil {
				t.Fatal(err)
			}
			s.until(t, "the card is there", func() bool {
				list := s.Messages(place(tt.channel))
				return len(list) > 0 && list[0].Text == "Calls in June."
			})
			s.until(t, "the file is there", func() bool {
				files := s.Files()
				return len(files) == 1 && len(files[0].Channels) == 1 && files[0].Channels[0] == place(tt.files)
			})
		})
	}
}

func TestAFileForOnePersonGoesToTheirDirectMessage(t *testing.T) {
	t.Parallel()
	card := pdf()
	s := newShop(t, saying(bot.Reply{Say: &card}), false)
	if _, err := s.Type(t.Context(), "UJO", "CCALLS", "/calls"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "Jo is told", func() bool { return len(s.Ephemerals("UJO", "CCALLS")) == 1 })
	s.until(t, "the file is with Jo", func() bool {
		files := s.Files()
		return len(files) == 1 && len(files[0].Channels) == 1 && files[0].Channels[0] == s.DM("UJO")
	})
}

func TestAShortcutWithoutAFormIsAnsweredInAModal(t *testing.T) {
	t.Parallel()
	card := listCard()
	s := newShop(t, saying(bot.Reply{Say: &card}), false)
	if err := s.Shortcut(t.Context(), "UJO", "log_call"); err != nil {
		t.Fatal(err)
	}
	view := s.view(t, "UJO")
	// A button in it is answered in it.
	s.talk.mu.Lock()
	s.talk.handle = func(_ context.Context, r bot.Request) bot.Reply {
		said := bot.Sentence(fmt.Sprintf("%s %s", r.Name, r.Value))
		return bot.Reply{Say: &said}
	}
	s.talk.mu.Unlock()
	if err := s.PressView(t.Context(), "UJO", view.ID, view.MustButton("Next"), ""); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the modal answers", func() bool { v, _ := s.View(view.ID); return strings.Contains(v.AllText(), "calls.page a") })
	s.noErrors(t)
}

func TestErrorsOutsideAFormAreSaid(t *testing.T) {
	t.Parallel()
	s := newShop(t, saying(bot.Reply{Errors: map[string]string{"from": "There is no 31 June."}}), false)
	if _, err := s.Type(t.Context(), "UJO", "CCALLS", "/calls from:2026-06-31"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "Jo is told", func() bool {
		said := s.Ephemerals("UJO", "CCALLS")
		return len(said) == 1 && said[0].Text == "There is no 31 June."
	})
}

func TestALargeAnswerOverTheSocketStillArrives(t *testing.T) {
	t.Parallel()
	var many []bot.Option
	for i := range 100 {
		many = append(many, bot.Option{Value: fmt.Sprintf("%d-%s", i, strings.Repeat("v", 70)), Label: strings.Repeat("wide", 18), Note: strings.Repeat("note", 18)})
	}
	first := bot.Form{ID: "f", Title: "First", Submit: "Next", Fields: []bot.Field{{Name: "who", Kind: bot.FieldSearch, Label: "Who"}}}
	second := bot.Form{ID: "g", Title: "Second", Submit: "Save", Fields: []bot.Field{{Name: "one", Kind: bot.FieldPick, Label: "One", Options: many}}}
	s := newShop(t, &talker{handle: func(_ context.Context, r bot.Request) bot.Reply {
		switch r.Kind {
		case bot.KindSearch:
			return bot.Reply{Options: many}
		case bot.KindForm:
			return bot.Reply{Form: &second}
		}
		return bot.Reply{Form: &first}
	}}, true)
	if _, err := s.Type(t.Context(), "UJO", "CCALLS", "/log-call"); err != nil {
		t.Fatal(err)
	}
	view := s.view(t, "UJO")
	who, _ := view.Input("Who")
	found, err := s.Suggest(t.Context(), "UJO", view.ID, who, "x")
	if err != nil || len(found) == 0 || len(found) == 100 {
		t.Fatalf("%d options, %v", len(found), err)
	}
	if _, err := s.Submit(t.Context(), "UJO", view.ID, sandbox.Values{"who": found[0].Value}); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the second form is open", func() bool {
		views := s.Views("UJO")
		return len(views) == 1 && views[0].Title == "Second"
	})
}

func TestADrainThatTakesTooLongStopsTheWork(t *testing.T) {
	t.Parallel()
	began := make(chan struct{})
	talk := &talker{handle: func(ctx context.Context, _ bot.Request) bot.Reply {
		close(began)
		<-ctx.Done()
		return bot.Reply{}
	}}
	a, _ := connected(t, talk, nil)
	postForm(t, a, logCall)
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Drain(ctx); err == nil {
		t.Error("the work had not ended")
	}
}

func TestAPanicInThePreviewLosesNothing(t *testing.T) {
	t.Parallel()
	ready := make(chan struct{})
	talk := &talker{
		handle:  func(context.Context, bot.Request) bot.Reply { <-ready; return bot.Reply{Form: callForm()} },
		preview: func(bot.Request) *bot.Form { close(ready); panic("boom") },
	}
	a, api := connected(t, talk, nil)
	a.preview = time.Millisecond
	postForm(t, a, logCall)
	api.wait(t, "views.open", 1)
}

func TestARefusedReplyIsShownAnotherWay(t *testing.T) {
	t.Parallel()
	card := bot.Sentence("3 calls.")
	s := newShop(t, saying(bot.Reply{Say: &card}), false)
	s.Fail("response_url", sandbox.Fault{Times: 1, Status: 404, Error: "expired_url"})
	if _, err := s.Type(t.Context(), "UJO", "CCALLS", "/calls"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "Jo is told", func() bool { return len(s.Ephemerals("UJO", "CCALLS")) == 1 })
	if n := len(s.Requests("chat.postEphemeral")); n != 1 {
		t.Errorf("%d ephemeral messages", n)
	}
}

func TestSlackAsksForPatience(t *testing.T) {
	t.Parallel()
	card := bot.Sentence("3 calls.")
	s := newShop(t, saying(bot.Reply{Home: &card}), false)
	s.Fail("views.publish", sandbox.Fault{Times: 1, Error: "ratelimited", RetryAfter: time.Second})
	if err := s.OpenHome(t.Context(), "UJO"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the page is there", func() bool { _, ok := s.Home("UJO"); return ok })
}
