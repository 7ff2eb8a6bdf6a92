package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callout/bot"
	sandbox "callout/internal/sandbox/slack"
	"callout/notify"
)

// said is a message in a thread, as Slack tells of it: https://docs.slack.dev/reference/events/message
const said = `{"type":"event_callback","event_id":"Ev1","authorizations":[{"user_id":"UBOT","is_bot":true}],"event":{"type":"message",
	"user":"UMARIA","text":"door is &lt;shut&gt;","ts":"17.2","thread_ts":"17.1","parent_user_id":"UBOT","channel":"CCALLS","channel_type":"channel",
	"client_msg_id":"c1","event_ts":"17.2"}}`

func TestDecodeWordsInAThread(t *testing.T) {
	t.Parallel()
	decode := func(replace ...string) (delivery, error) {
		var p eventPayload
		if err := json.Unmarshal([]byte(strings.NewReplacer(replace...).Replace(said)), &p); err != nil {
			t.Fatal(err)
		}
		return decodeEvent(p)
	}
	want := bot.Request{
		Platform: bot.Slack, Kind: bot.KindThread, User: "UMARIA", Channel: "CCALLS", Thread: "17.1", Text: "door is <shut>", Key: "slack:msg:CCALLS:17.2",
	}
	check := func(name string, change func(*bot.Request), replace ...string) {
		t.Helper()
		d, err := decode(replace...)
		want := want
		change(&want)
		if diff := cmp.Diff(want, d.req); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	check("words", func(*bot.Request) {})
	check("in a private channel", func(*bot.Request) {}, `"channel_type":"channel"`, `"channel_type":"group"`)
	check("told twice", func(*bot.Request) {}, "Ev1", "Ev2")
	check("shown in the channel too", func(*bot.Request) {}, `"client_msg_id"`, `"subtype":"thread_broadcast","client_msg_id"`)
	check("with photos", func(r *bot.Request) { r.Files = []string{"F1", "F2"} }, `"client_msg_id"`,
		`"subtype":"file_share","files":[{"id":"F1","mode":"hosted"},{"id":"F2","mode":"file_access"},{"id":"F3","mode":"tombstone"},{}],"client_msg_id"`)
	for name, replace := range map[string][]string{
		"our own":            {"UMARIA", "UBOT"},
		"of a bot":           {`"client_msg_id"`, `"bot_id":"B1","client_msg_id"`},
		"in no thread":       {`"thread_ts":"17.1",`, ""},
		"the root itself":    {`"17.2"`, `"17.1"`},
		"an edit":            {`"client_msg_id"`, `"subtype":"message_changed","hidden":true,"client_msg_id"`},
		"a deletion":         {`"client_msg_id"`, `"subtype":"message_deleted","client_msg_id"`},
		"somebody who joins": {`"client_msg_id"`, `"subtype":"channel_join","client_msg_id"`},
		"a bot's words":      {`"client_msg_id"`, `"subtype":"bot_message","client_msg_id"`},
		"in a group message": {`"channel_type":"channel"`, `"channel_type":"mpim"`},
		"of nobody":          {`"user":"UMARIA",`, ""},
	} {
		if d, err := decode(replace...); !errors.Is(err, errIgnored) {
			t.Errorf("%s counts: %+v, %v", name, d.req, err)
		}
	}
}

func TestWordsThatAreNotStoredComeAgain(t *testing.T) {
	t.Parallel()
	away := true
	talk := &talker{handle: func(context.Context, bot.Request) bot.Reply {
		if away {
			return bot.Reply{Errors: map[string]string{bot.FormError: "The database is away."}}
		}
		return bot.Reply{}
	}}
	a := New(Options{Bot: talk, BotToken: "xoxb-1", SigningSecret: "s"})
	if w := post(t, a, "application/json", said); w.Code != http.StatusServiceUnavailable {
		t.Errorf("not stored, and answered %d", w.Code)
	}
	away = false
	if w := post(t, a, "application/json", said); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("stored, and answered %d %q", w.Code, w.Body)
	}
}

func TestThreadsOverTheSandbox(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"over HTTP": false, "over the socket": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			talk := &talker{}
			s := newShop(t, talk, socket)
			ctx := t.Context()
			ts, err := s.a.ShowCard(ctx, notify.Record{Kind: "call", ID: 42}, "CCALLS", "")
			if err != nil {
				t.Fatal(err)
			}
			card := sandbox.MessageRef{Channel: "CCALLS", TS: ts}
			line := notify.Line{Record: notify.Record{Kind: "call", ID: 42}, EventIDs: []int64{7}, Channel: "CCALLS", CardID: ts}
			photo := notify.File{Name: "call-42-file-1.jpg", Title: "From Tim by SMS", Content: []byte("x")}
			_, err = s.a.AddLines(ctx, line)
			if err = errors.Join(err, s.a.AddFile(ctx, line, photo, "From Tim by SMS")); err != nil {
				t.Fatal(err)
			}
			line.MayBeThere = true
			if err := s.a.AddFile(ctx, line, photo, "From Tim by SMS"); err != nil {
				t.Fatal(err)
			}
			if thread := s.Thread("CCALLS", ts); len(thread) != 3 || len(thread[2].Files) != 1 || thread[2].Text != "From Tim by SMS" {
				t.Errorf("the thread is %+v", thread)
			}
			f, err := s.UploadFile("UMARIA", "door.png", []byte("y"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Share(ctx, "UMARIA", card, "door is shut", f.ID); err != nil {
				t.Fatal(err)
			}
			if _, err := s.TypeInThread(ctx, "UJO", card, "thanks"); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Type(ctx, "UJO", "CCALLS", "not in a thread"); err != nil {
				t.Fatal(err)
			}
			elsewhere, err := s.a.ShowCard(ctx, notify.Record{Kind: "call", ID: 43}, "CSHOP", "") // the app is no member yet
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.TypeInThread(ctx, "UJO", sandbox.MessageRef{Channel: "CSHOP", TS: elsewhere}, "here too"); err != nil {
				t.Fatal(err)
			}
			s.until(t, "all are told", func() bool { return len(talk.requests()) >= 3 })
			got := map[string][]string{}
			for _, r := range talk.requests() {
				if r.Kind != bot.KindThread || r.Thread != ts && r.Thread != elsewhere {
					t.Errorf("the bot hears %+v", r)
				}
				got[r.User+": "+r.Text] = r.Files
			}
			if diff := cmp.Diff(map[string][]string{"UMARIA: door is shut": {f.ID}, "UJO: thanks": nil, "UJO: here too": nil}, got); diff != "" {
				t.Error(diff)
			}
			s.noErrors(t)
		})
	}
}
