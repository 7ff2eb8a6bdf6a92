package slack

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	slackgo "github.com/slack-go/slack"
)

func TestWhatPeopleSee(t *testing.T) {
	t.Parallel()
	b := setup(t)
	names := func(user string) string {
		var out []string
		for _, c := range b.ws.Channels(user) {
			out = append(out, c.Name)
		}
		return strings.Join(out, " ")
	}
	if got := names("U1"); got != "calls random secret" {
		t.Errorf("maria sees %q", got)
	}
	if got := names("U2"); got != "calls random" {
		t.Errorf("tom sees %q", got)
	}
	if err := b.ws.Join("C3", "U2"); err != nil || names("U2") != "calls random secret" {
		t.Errorf("after joining: %v %q", err, names("U2"))
	}
	if err := b.ws.Join("C9", "U2"); err == nil {
		t.Error("joined a channel that is not there")
	}
	want := []Command{{"/calls", "List calls", ""}, {"/log-call", "Log a call", "[words]"}}
	if diff := cmp.Diff(want, b.ws.Commands()); diff != "" {
		t.Error(diff)
	}
	if list := b.ws.Shortcuts(); len(list) != 2 || list[1].Type != "message" {
		t.Errorf("shortcuts: %+v", list)
	}
	f, err := b.ws.UploadFile("U1", "a.txt", []byte("x"))
	if files := b.ws.Files(); err != nil || len(files) != 1 || files[0].ID != f.ID {
		t.Errorf("files: %v %+v", err, files)
	}
}

func TestReadingMessagesAndViews(t *testing.T) {
	t.Parallel()
	b := setup(t)
	blocks := `[{"type":"header","text":{"type":"plain_text","text":"Call 42"}},` + section(`{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Accept"}}`) + `]`
	b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "text": "new call", "blocks": blocks, "attachments": `[{"text":"late"}]`})
	m, ok := b.ws.FindMessage("U1", "C1", "Call 42")
	if !ok || m.AllText() != "new call\nCall 42\nAccept\nhi\nlate" {
		t.Errorf("reads %q", m.AllText())
	}
	if diff := cmp.Diff([]string{"Accept"}, m.Buttons()); diff != "" {
		t.Error(diff)
	}
	if _, ok := b.ws.FindMessage("U1", "C1", "Call 43"); ok {
		t.Error("found what is not there")
	}
	v := b.open(t, bigForm)
	prio, _ := v.Input("Priority")
	if options := v.Options(prio); len(options) != 3 || options[0] != (Option{Text: "N 0", Value: "v0"}) {
		t.Errorf("options: %+v", options)
	}
	if text := v.AllText(); !strings.HasPrefix(text, "Log a call\nSummary\nWho") {
		t.Errorf("the form reads %q", text)
	}
	defer func() {
		if r, _ := recover().(string); !strings.Contains(r, `"Summary"`) {
			t.Errorf("MustBlock says %q", r)
		}
	}()
	v.MustBlock("Colour")
}

func TestThreads(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	root, err := b.ws.Type(ctx, "U1", "C1", "anybody free?")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.ws.TypeInThread(ctx, "U2", root.Ref, "me"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ws.TypeInThread(ctx, "U2", root.Ref, "/calls"); err == nil {
		t.Error("a slash command ran in a thread")
	}
	replies, _, _, err := b.api.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: root.Ref.TS})
	if err != nil || len(replies) != 2 || replies[0].ReplyCount != 1 || replies[1].User != "U2" {
		t.Errorf("replies: %v %+v", err, replies)
	}
	link, err := b.api.GetPermalinkContext(ctx, &slackgo.PermalinkParameters{Channel: "C1", Ts: replies[1].Timestamp})
	if err != nil || !strings.Contains(link, "thread_ts="+root.Ref.TS) {
		t.Errorf("permalink: %v %s", err, link)
	}
	quiet := b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "text": "quiet", "thread_ts": root.Ref.TS})["ts"].(string)
	if n := len(b.ws.Messages("C1")); n != 1 {
		t.Errorf("%d messages in the channel", n)
	}
	if got := b.raw(t, "chat.update", map[string]string{"channel": "C1", "ts": quiet, "reply_broadcast": "true"}); got["ok"] != true || len(b.ws.Messages("C1")) != 2 {
		t.Errorf("broadcast: %v", got)
	}
	if _, err := b.api.PostEphemeralContext(ctx, "C1", "U2", slackgo.MsgOptionText("only you", false)); err != nil {
		t.Error(err)
	}
	if e := b.ws.Ephemerals("U2", "C1"); len(e) != 1 || e[0].Text != "only you" || len(b.ws.Ephemerals("U1", "C1")) != 0 {
		t.Errorf("ephemeral: %+v", e)
	}
}

func TestSelectsInMessages(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	blocks := `[{"type":"actions","block_id":"b","elements":[{"type":"external_select","action_id":"find","min_query_length":0},` +
		`{"type":"static_select","action_id":"pick","options":` + manyOf(2, optN) + `},{"type":"datepicker","action_id":"day"}]}]`
	b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "attachments": `[{"blocks":` + blocks + `}]`})
	m := b.ws.Messages("C1")[0]
	b.app.on("block_suggestion", always(`{"option_groups":[{"label":`+okText+`,"options":[`+opt+`]}]}`))
	options, err := b.ws.SuggestInMessage(ctx, "U1", m.Ref(), Element{ActionID: "find"}, "")
	if err != nil || len(options) != 1 || options[0].Group != "Label" {
		t.Fatalf("suggestions: %v %+v", err, options)
	}
	for action, value := range map[string]string{"find": "one", "pick": "v1", "day": "2026-04-01"} {
		if err := b.ws.Press(ctx, "U1", m.Ref(), Element{BlockID: "b", ActionID: action}, value); err != nil {
			t.Errorf("%s: %v", action, err)
		}
	}
	if err := b.ws.Press(ctx, "U1", m.Ref(), Element{ActionID: "pick"}, "v7"); err == nil {
		t.Error("an option was chosen that is not there")
	}
	for _, r := range b.app.all("block_actions") {
		var parsed slackgo.InteractionCallback
		if err := parsed.UnmarshalJSON([]byte(r.form.Get("payload"))); err != nil {
			t.Fatal(err)
		}
		if a := parsed.ActionCallback.BlockActions[0]; a.ActionID == "day" && (a.SelectedDate != "2026-04-01" ||
			parsed.BlockActionState.Values["b"]["day"].SelectedDate != "2026-04-01") {
			t.Errorf("date: %+v %+v", a, parsed.BlockActionState)
		}
	}
	for _, bad := range []string{`nothing`, `{}`, `{"options":` + manyOf(101, optN) + `}`, `{"options":[{"text":"x","value":"1"}]}`} {
		b.app.on("block_suggestion", always(bad))
		if _, err := b.ws.SuggestInMessage(ctx, "U1", m.Ref(), Element{ActionID: "find"}, ""); kindFrom(err) != kindResponse {
			t.Errorf("%.40s: %v", bad, err)
		}
	}
	b.app.on("block_actions", func(received) (int, string) { return http.StatusBadGateway, "" })
	if err := b.ws.Press(ctx, "U1", m.Ref(), Element{ActionID: "pick"}, "v1"); kindFrom(err) != kindFailed {
		t.Errorf("bad gateway: %v", err)
	}
	if e := b.ws.Ephemerals("U1", "C1"); len(e) != 1 || !e[0].Notice {
		t.Errorf("maria is not told: %+v", e)
	}
}

func TestConversationInfoAndGroups(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	info, err := b.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: "C1"})
	if err != nil || info.Name != "calls" || !info.IsMember {
		t.Errorf("info: %v %+v", err, info)
	}
	members, _, err := b.api.GetUsersInConversationContext(ctx, &slackgo.GetUsersInConversationParameters{ChannelID: "C1"})
	if err != nil || len(members) != 3 {
		t.Errorf("members: %v %v", err, members)
	}
	if got := b.raw(t, "conversations.open", map[string]string{"users": "U1,U2"})["error"]; got != "missing_scope" {
		t.Errorf("group without mpim:write: %v", got)
	}
	if err := b.ws.SetManifest([]byte(strings.Replace(testManifest, `"im:write"`, `"im:write", "mpim:write"`, 1))); err != nil {
		t.Fatal(err)
	}
	first := b.raw(t, "conversations.open", map[string]string{"users": "U1,U2"})["channel"].(object)["id"]
	again := b.raw(t, "conversations.open", map[string]string{"users": "U2,U1"})["channel"].(object)["id"]
	if first != again || first == nil {
		t.Errorf("groups %v and %v", first, again)
	}
	if err := b.ws.SetManifest([]byte(strings.Replace(testManifest, `"messages_tab_enabled": true`, `"messages_tab_enabled": false`, 1))); err != nil {
		t.Fatal(err)
	}
	if got := b.raw(t, "chat.postMessage", map[string]string{"channel": "U1", "text": "x"})["error"]; got != "messages_tab_disabled" {
		t.Errorf("messages tab off: %v", got)
	}
}
