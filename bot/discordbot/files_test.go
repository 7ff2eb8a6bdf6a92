package discordbot

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"callout/bot"
	"callout/internal/sandbox/discord"
	"callout/notify"
)

// TestFilesOfAForm are uploaded in the form, named to the conversation, and can be fetched by those names.
func TestFilesOfAForm(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{}, true, func(r bot.Request) bot.Reply {
		if r.Kind == bot.KindForm {
			return says("Kept.")(r)
		}
		return bot.Reply{Form: &bot.Form{ID: "call.files", Title: "Photos", Fields: []bot.Field{
			{Name: "photos", Kind: bot.FieldFiles, Label: "Photos", Max: 20}, {Name: "note", Kind: bot.FieldLine, Label: "Note", Optional: true},
		}}}
	})
	pages := map[string][]byte{"jam.jpg": []byte("jpeg"), "plate|1.png": bytes.Repeat([]byte("x"), 2<<20)}
	var ids []string
	for _, name := range []string{"jam.jpg", "plate|1.png"} {
		id, err := g.Upload(maria, name, "image/jpeg", pages[name])
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	g.types("/log-call")
	if reply, err := g.Submit(g.ctx, maria, discord.Values{"photos": ids}); err != nil || reply.Text != "Kept." {
		t.Fatalf("got %+v, %v", reply, err)
	}
	sent := g.talk.requests(bot.KindForm)[0].Values["photos"]
	if len(sent) != 2 {
		t.Fatalf("the conversation got %q", sent)
	}
	for i, want := range []string{"jpeg", string(pages["plate|1.png"])} {
		f, err := g.a.Fetch(g.ctx, sent[i], 5<<20)
		if err != nil || string(f.Content) != want || f.Media != "image/jpeg" || f.Name == "" {
			t.Errorf("file %d: %q, %d bytes, %v", i, f.Name, len(f.Content), err)
		}
	}
	if _, err := g.a.Fetch(g.ctx, sent[1], 1<<20); !notify.Permanent(err) || !strings.Contains(err.Error(), "larger than 1 MB") {
		t.Errorf("too large: %v", err)
	}
	for _, bad := range []string{"1", "1|a|b|https://example.com/a", "1|a|b|http://cdn.discordapp.com/a", "1|a|b|file:///etc/passwd", "1|a|b|https://cdn.discordapp.com@example.com/a"} {
		if _, err := g.a.Fetch(g.ctx, bad, 1<<20); !notify.Permanent(err) {
			t.Errorf("%s is fetched: %v", bad, err)
		}
	}
	g.keeps()
}

// loud is a conversation whose every line would ring everybody.
type loud struct{ *talk }

const ringing = "@everyone @here <@" + maria + "> <@&" + general + "> [x](<@" + maria + ">) `@everyone`"

func (loud) ThreadLine(context.Context, notify.Record, int64) (bot.Card, error) {
	return bot.Sentence(ringing), nil
}

func (loud) RecordCard(context.Context, notify.Record) (bot.Card, error) {
	return bot.Card{Text: ringing, Parts: []bot.Part{bot.Heading(ringing), bot.Text(bot.Say(ringing, bot.Bold(ringing)))}}, nil
}

// TestAThread: what is written below a card becomes a note, with names in it and files; what we write there rings nobody.
func TestAThread(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{}, false, func(r bot.Request) bot.Reply {
		if r.Kind == bot.KindThread {
			return bot.Reply{}
		}
		return says(ringing)(r)
	})
	g.a.bot = loud{g.talk}
	g.connect()
	call := notify.Record{Kind: "call", ID: 1}
	card, err := g.a.ShowCard(g.ctx, call, general, "")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := g.a.AddLines(g.ctx, notify.Line{Record: call, Channel: general, CardID: card, EventIDs: []int64{1, 2}}); err != nil || n != 2 {
		t.Fatalf("%d lines, %v", n, err)
	}
	photo, err := g.Upload(maria, "jam.jpg", "image/jpeg", []byte("jpeg"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Send(g.ctx, maria, card, "@maria has the key, 3 < 4", photo); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Send(g.ctx, maria, general, "people talking"); err != nil {
		t.Fatal(err)
	}
	g.types("/calls")
	g.until("the note is taken", func() bool { return len(g.talk.requests(bot.KindThread)) > 0 })
	notes := g.talk.requests(bot.KindThread)
	if len(notes) != 1 || notes[0].Channel != general || notes[0].Thread != card || notes[0].Text != "@Maria Chen has the key, 3 < 4" || len(notes[0].Files) != 1 {
		t.Fatalf("the notes are %+v", notes)
	}
	if f, err := g.a.Fetch(g.ctx, notes[0].Files[0], 1<<20); err != nil || string(f.Content) != "jpeg" {
		t.Errorf("the photo: %+v, %v", f, err)
	}
	for _, channel := range []string{general, card} {
		for _, m := range g.MessagesFor(maria, channel) {
			if m.Author == g.AppID() && len(m.Pinged) > 0 {
				t.Errorf("%q rang %q", m.Content, m.Pinged)
			}
		}
	}
	g.keeps()
}
