package discordbot

import (
	"strings"
	"testing"
	"time"

	"callout/bot"
	"callout/internal/sandbox/discord"
)

// TestASlowAnswerFollows: Discord is answered in time, whatever the conversation does, and the answer comes when it is there.
func TestASlowAnswerFollows(t *testing.T) {
	t.Parallel()
	card := bot.Sentence("Here it is.")
	withFile := card
	withFile.Files = []bot.File{{Name: "report.pdf", Content: []byte("%PDF")}}
	for name, c := range map[string]struct {
		reply   bot.Reply
		private bool
		files   int
	}{
		"to the person":           {bot.Reply{Say: &card}, true, 0},
		"to everybody":            {bot.Reply{Post: &card}, false, 0},
		"to everybody with files": {bot.Reply{Post: &withFile}, false, 1},
		"to the person with one":  {bot.Reply{Say: &withFile}, true, 1},
		"a home page":             {bot.Reply{Home: &card}, true, 0},
		"a refusal":               {bot.Reply{Errors: map[string]string{"form": "Here it is."}}, true, 0},
	} {
		for _, way := range []string{"gateway", "http"} {
			t.Run(name+" over "+way, func(t *testing.T) {
				t.Parallel()
				gate := make(chan struct{})
				g := newGuild(t, discord.Options{}, way == "http", func(bot.Request) bot.Reply {
					<-gate
					return c.reply
				})
				if way == "gateway" {
					g.connect()
				}
				g.a.within = 30 * time.Millisecond
				if reply := g.types("/calls"); reply.Kind != discord.ReplyThinking || !reply.Private {
					t.Errorf("meanwhile the person sees %+v", reply)
				}
				close(gate)
				g.until("the answer is there, alone", func() bool {
					list := g.MessagesFor(maria, general)
					return len(list) == 1 && strings.Contains(list[0].AllText(), "Here it is.") && (list[0].Ephemeral != "") == c.private &&
						len(list[0].Attachments) == c.files && !list[0].Loading
				})
				g.keeps()
			})
		}
	}
}

// TestASlowPressFollows: what was pressed stays, and changes when the answer is there; a form is opened by a button then.
func TestASlowPressFollows(t *testing.T) {
	t.Parallel()
	start := bot.Card{Text: "Call 1", Parts: []bot.Part{bot.Text(bot.Say("Call 1")), bot.Buttons{
		{Action: "call.accept", Value: "1", Label: "Accept"}, {Action: "call.edit", Value: "1", Label: "Edit"},
	}}}
	changed := bot.Sentence("Accepted.")
	gate := make(chan struct{})
	g := newGuild(t, discord.Options{}, true, func(r bot.Request) bot.Reply {
		switch {
		case r.Kind == bot.KindCommand:
			return bot.Reply{Say: &start}
		case r.Kind == bot.KindForm:
			done := bot.Sentence("Saved " + r.Values.Get("what"))
			return bot.Reply{Say: &done}
		}
		<-gate
		if r.Name == "call.edit" {
			return bot.Reply{Form: &bot.Form{ID: "call.edit", Title: "Edit", Fields: []bot.Field{{Name: "what", Kind: bot.FieldLine, Label: "What"}}}}
		}
		return bot.Reply{Update: &changed}
	})
	shown := g.types("/calls")
	g.a.within = 30 * time.Millisecond
	for _, label := range []string{"Edit", "Accept"} {
		if reply, err := g.Press(g.ctx, maria, shown.Ref, label); err != nil || reply.Kind != discord.ReplySilent {
			t.Fatalf("%s: %+v, %v", label, reply, err)
		}
	}
	close(gate)
	g.until("the message changed", func() bool {
		m, _ := g.Message(shown.Ref)
		return m.AllText() == "Accepted."
	})
	g.until("the form can be opened", func() bool { return len(g.MessagesFor(maria, general)) == 2 })
	g.a.within = answerWithin
	reply, err := g.Press(g.ctx, maria, g.MessagesFor(maria, general)[1].Ref(), "Open")
	if err != nil || reply.Modal == nil {
		t.Fatalf("got %+v, %v", reply, err)
	}
	if reply, err = g.Submit(g.ctx, maria, discord.Values{"what": {"it"}}); err != nil || reply.Text != "Saved it" {
		t.Errorf("got %+v, %v", reply, err)
	}
	g.keeps()
}

// TestASlowFormIsNotLost: what was sent is kept once, and the person hears of it.
func TestASlowFormIsNotLost(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	g := newGuild(t, discord.Options{}, true, func(r bot.Request) bot.Reply {
		if r.Kind == bot.KindCommand {
			return bot.Reply{Form: &bot.Form{ID: "call.log", Title: "Log a call", Fields: []bot.Field{{Name: "summary", Kind: bot.FieldLine, Label: "Summary"}}}}
		}
		<-gate
		card := bot.Sentence("Call 1 is logged: " + r.Values.Get("summary"))
		return bot.Reply{Say: &card}
	})
	if reply := g.types("/log-call"); reply.Modal == nil {
		t.Fatalf("no form: %+v", reply)
	}
	g.a.within = 30 * time.Millisecond
	if reply, err := g.Submit(g.ctx, maria, discord.Values{"summary": {"No power"}}); err != nil || reply.Kind != discord.ReplyThinking {
		t.Fatalf("got %+v, %v", reply, err)
	}
	close(gate)
	g.until("the person hears of it", func() bool {
		list := g.texts(general)
		return len(list) == 1 && strings.Contains(list[0], "Call 1 is logged: No power")
	})
	if n := len(g.talk.requests(bot.KindForm)); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
	g.keeps()
}

// TestAFormOpensBeforeItsDataIsThere, because Discord opens none later.
func TestAFormOpensBeforeItsDataIsThere(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	form := func(words string) *bot.Form {
		return &bot.Form{ID: "call.log", Title: "Log a call", Fields: []bot.Field{{Name: "summary", Kind: bot.FieldLine, Label: "Summary", Value: words}}}
	}
	g := newGuild(t, discord.Options{}, true, func(r bot.Request) bot.Reply {
		if r.Kind == bot.KindForm {
			card := bot.Sentence("Logged: " + r.Values.Get("summary"))
			return bot.Reply{Say: &card}
		}
		<-gate
		return bot.Reply{Form: form("late")}
	})
	g.talk.preview = func(bot.Request) *bot.Form { return form("early") }
	g.a.within = 30 * time.Millisecond
	if reply := g.types("/log-call"); reply.Modal == nil {
		t.Fatalf("no form: %+v", reply)
	}
	close(gate)
	g.a.within = answerWithin
	if reply, err := g.Submit(g.ctx, maria, nil); err != nil || reply.Text != "Logged: early" {
		t.Errorf("got %+v, %v", reply, err)
	}
	if list := g.texts(general); len(list) != 1 {
		t.Errorf("there are %q", list)
	}
	g.keeps()
}

// TestTypedTextIsShownWhenItCannotBeKept: the form has closed, and what was typed is nowhere else.
func TestTypedTextIsShownWhenItCannotBeKept(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{}, true, func(bot.Request) bot.Reply {
		return bot.Reply{Form: &bot.Form{ID: "call.log", Title: "Log a call", Fields: []bot.Field{
			{Name: "summary", Kind: bot.FieldLine, Label: "Summary"}, {Name: "details", Kind: bot.FieldText, Label: "Details"},
		}}}
	})
	g.types("/log-call")
	g.talk.forget()
	reply, err := g.Submit(g.ctx, maria, discord.Values{"summary": {"No power"}, "details": {"Since nine @everyone"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Please start again", "No power", "Since nine"} {
		if !strings.Contains(reply.Text, want) {
			t.Errorf("%q is not in %q", want, reply.Text)
		}
	}
	g.keeps()
}
