package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
)

func header(text string) slackgo.Block {
	return slackgo.NewHeaderBlock(slackgo.NewTextBlockObject(slackgo.PlainTextType, text, false, false))
}

func TestMessageLifeThroughSlackGo(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	meta := slackgo.SlackMetadata{EventType: "offer", EventPayload: map[string]any{"call": "42"}}
	channel, ts, err := b.api.PostMessageContext(ctx, "C1",
		slackgo.MsgOptionText("Call 42", false), slackgo.MsgOptionBlocks(header("Call 42")), slackgo.MsgOptionMetadata(meta))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.api.PostMessageContext(ctx, channel, slackgo.MsgOptionText("accepted", false), slackgo.MsgOptionTS(ts)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := b.api.UpdateMessageContext(ctx, channel, ts,
		slackgo.MsgOptionText("Call 42 closed", false), slackgo.MsgOptionBlocks(header("Closed"))); err != nil {
		t.Fatal(err)
	}
	list := b.ws.Messages("C1")
	if len(list) != 1 || list[0].AllText() != "Call 42 closed\nClosed" || list[0].EditedTS == "" || list[0].Edits[0] != "Call 42" {
		t.Errorf("messages: %+v", list)
	}
	if thread := b.ws.Thread("C1", ts); len(thread) != 2 || thread[0].ReplyCount != 1 || thread[1].Text != "accepted" {
		t.Errorf("thread: %+v", thread)
	}
	history, err := b.api.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(history.Messages) != 1 || history.Messages[0].Metadata.EventPayload["call"] != "42" {
		t.Errorf("history: %+v", history.Messages)
	}
	if _, _, err := b.api.DeleteMessageContext(ctx, channel, ts); err != nil {
		t.Fatal(err)
	}
	if n := len(b.ws.Messages("C1")); n != 0 {
		t.Errorf("%d messages after the delete", n)
	}
	if _, _, err := b.api.DeleteMessageContext(ctx, channel, ts); err == nil || err.Error() != "message_not_found" {
		t.Errorf("second delete: %v", err)
	}
}

func TestHistoryHidesMetadataUnlessAsked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.raw(t, "chat.postMessage", map[string]string{
		"channel": "C1", "text": "x", "metadata": `{"event_type":"e","event_payload":{"k":1}}`,
	})
	got := b.raw(t, "conversations.history", map[string]string{"channel": "C1"})
	if m := got["messages"].([]any)[0].(object); m["metadata"] != nil {
		t.Errorf("metadata without include_all_metadata: %v", m)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.ws.Type(testContext(t), "U1", "C1", "hello"); err != nil {
		t.Fatal(err)
	}
	theirs := b.ws.Messages("C1")[0].TS
	mine := b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "text": "mine"})["ts"].(string)
	section := func(n int) string { return `{"type":"section","text":{"type":"mrkdwn","text":"` + chars(n) + `"}}` }
	cases := []struct {
		name, method string
		form         map[string]string
		want         string
	}{
		{"no token", "auth.test", map[string]string{"token": ""}, "not_authed"},
		{"wrong token", "auth.test", map[string]string{"token": "xoxb-other"}, "invalid_auth"},
		{"app token", "auth.test", map[string]string{"token": "xapp-test"}, "not_allowed_token_type"},
		{"bot token for sockets", "apps.connections.open", nil, "not_allowed_token_type"},
		{"unknown method", "chat.shout", nil, "unknown_method"},
		{"no channel", "chat.postMessage", map[string]string{"text": "x"}, "invalid_arguments"},
		{"unknown channel", "chat.postMessage", map[string]string{"channel": "C9", "text": "x"}, "channel_not_found"},
		{"not a member", "chat.postMessage", map[string]string{"channel": "C2", "text": "x"}, "not_in_channel"},
		{"private", "chat.postMessage", map[string]string{"channel": "C3", "text": "x"}, "channel_not_found"},
		{"no text", "chat.postMessage", map[string]string{"channel": "C1"}, "no_text"},
		{"too long", "chat.postMessage", map[string]string{"channel": "C1", "text": chars(40001)}, "msg_too_long"},
		{"blocks not JSON", "chat.postMessage", map[string]string{"channel": "C1", "blocks": "{"}, "invalid_blocks_format"},
		{"bad blocks", "chat.postMessage", map[string]string{"channel": "C1", "blocks": `[{"type":"x"}]`}, "invalid_blocks"},
		{"too much text", "chat.postMessage", map[string]string{"channel": "C1", "blocks": manyOf(5, section(2700))}, "msg_blocks_too_long"},
		{"101 attachments", "chat.postMessage", map[string]string{"channel": "C1", "attachments": manyOf(101, `{"text":"x"}`)}, "too_many_attachments"},
		{"bad metadata", "chat.postMessage", map[string]string{"channel": "C1", "text": "x", "metadata": `{"event_type":"x"}`}, "invalid_metadata_format"},
		{"bad thread", "chat.postMessage", map[string]string{"channel": "C1", "text": "x", "thread_ts": "1"}, "invalid_thread_ts"},
		{"update theirs", "chat.update", map[string]string{"channel": "C1", "ts": theirs, "text": "x"}, "cant_update_message"},
		{"update nothing", "chat.update", map[string]string{"channel": "C1", "ts": "1785000000.000000", "text": "x"}, "message_not_found"},
		{"update too long", "chat.update", map[string]string{"channel": "C1", "ts": mine, "text": chars(4001)}, "msg_too_long"},
		{"delete theirs", "chat.delete", map[string]string{"channel": "C1", "ts": theirs}, "cant_delete_message"},
		{"ephemeral to nobody", "chat.postEphemeral", map[string]string{"channel": "C1", "user": "U9", "text": "x"}, "user_not_in_channel"},
		{"permalink", "chat.getPermalink", map[string]string{"channel": "C1", "message_ts": "1"}, "message_not_found"},
		{"open nobody", "conversations.open", map[string]string{"users": "U9"}, "user_not_found"},
		{"open without users", "conversations.open", nil, "users_list_not_supplied"},
		{"user", "users.info", map[string]string{"user": "U9"}, "user_not_found"},
		{"e-mail", "users.lookupByEmail", map[string]string{"email": "no@example.com"}, "users_not_found"},
		{"replies", "conversations.replies", map[string]string{"channel": "C1", "ts": "1"}, "thread_not_found"},
		{"cursor", "users.list", map[string]string{"cursor": "x"}, "invalid_cursor"},
		{"scope", "bots.info", map[string]string{"bot": "B9"}, "bot_not_found"},
		{"private list", "conversations.list", map[string]string{"types": "mpim"}, "missing_scope"},
		{"file of nothing", "files.getUploadURLExternal", map[string]string{"filename": "a.pdf", "length": "0"}, "missing_argument"},
		{"unknown file", "files.completeUploadExternal", map[string]string{"files": `[{"id":"F9"}]`}, "file_not_found"},
		{"trigger", "views.open", map[string]string{"trigger_id": "1.2.3", "view": "{}"}, "invalid_trigger_id"},
		{"update no view", "views.update", map[string]string{"view_id": "V9", "view": "{}"}, "not_found"},
	}
	for _, c := range cases {
		if got := b.raw(t, c.method, c.form); got["ok"] != false || got["error"] != c.want {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}
	got := b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "blocks": `[{"type":"x"}]`})
	if messages := fmt.Sprint(got["response_metadata"]); !strings.Contains(messages, "json-pointer:/blocks/0/type") {
		t.Errorf("no pointer in %v", got)
	}
	got = b.raw(t, "conversations.list", map[string]string{"types": "mpim"})
	if got["needed"] != "mpim:read" || !strings.Contains(got["provided"].(string), "chat:write") {
		t.Errorf("missing_scope says %v", got)
	}
}

func TestJSONBodyWithBearerToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	post := func(contentType, body string) (int, string) {
		r := httptest.NewRequest(http.MethodPost, "/api/chat.postMessage", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Authorization", "Bearer xoxb-test")
		w := httptest.NewRecorder()
		b.ws.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	if _, body := post("application/json; charset=utf-8", `{"channel":"C1","text":"a & b","blocks":[{"type":"divider"}]}`); !strings.Contains(body, `"ok":true`) {
		t.Errorf("JSON: %s", body)
	}
	if _, body := post("application/json", `{`); !strings.Contains(body, "invalid_json") {
		t.Errorf("bad JSON: %s", body)
	}
	if _, body := post("text/plain", `x`); !strings.Contains(body, "invalid_post_type") {
		t.Errorf("text: %s", body)
	}
}

func TestRateLimitPerChannel(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *Options) { o.RateLimits = true })
	ctx := testContext(t)
	post := func() error {
		_, _, err := b.api.PostMessageContext(ctx, "C1", slackgo.MsgOptionText("x", false))
		return err
	}
	for range postBurst {
		if err := post(); err != nil {
			t.Fatal(err)
		}
	}
	var limited *slackgo.RateLimitedError
	if err := post(); !errors.As(err, &limited) || limited.RetryAfter != time.Second {
		t.Fatalf("got %v, want a limit of 1 s", err)
	}
	b.clock.add(time.Second)
	if err := post(); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	post := func() error {
		_, _, err := b.api.PostMessageContext(ctx, "C1", slackgo.MsgOptionText("x", false))
		return err
	}
	b.ws.Fail("chat.postMessage", Fault{Times: 1, Error: "internal_error"})
	if err := post(); err == nil || err.Error() != "internal_error" {
		t.Errorf("error fault: %v", err)
	}
	b.ws.Fail("*", Fault{Times: 1, RetryAfter: 7 * time.Second})
	var limited *slackgo.RateLimitedError
	if err := post(); !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
		t.Errorf("rate fault: %v", err)
	}
	b.ws.Fail("chat.postMessage", Fault{Times: 1, Status: 503})
	var status slackgo.StatusCodeError
	if err := post(); !errors.As(err, &status) || status.Code != 503 {
		t.Errorf("status fault: %v", err)
	}
	if n := len(b.ws.Messages("C1")); n != 0 {
		t.Errorf("%d messages from refused calls", n)
	}
	b.ws.Fail("chat.postMessage", Fault{Times: 1, Drop: true})
	if err := post(); err == nil {
		t.Error("a dropped answer arrived")
	}
	if n := len(b.ws.Messages("C1")); n != 1 {
		t.Errorf("%d messages after a dropped answer, want the one that was posted", n)
	}
	if err := post(); err != nil {
		t.Errorf("after the faults: %v", err)
	}
	calls := b.ws.Requests("chat.postMessage")
	if len(calls) != 5 || calls[0].Error != "internal_error" || calls[4].Args["text"] != "x" || calls[4].Args["token"] != "" {
		t.Errorf("recorded: %+v", calls)
	}
}

func TestUploadAndShare(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	body := "%PDF-1.7 a report"
	f, err := b.api.UploadFileContext(ctx, slackgo.UploadFileParameters{
		Filename: "calls.pdf", Title: "Calls", FileSize: len(body), Reader: strings.NewReader(body), Channel: "C1", InitialComment: "the report",
	})
	if err != nil {
		t.Fatal(err)
	}
	if data, ok := b.ws.FileContent(f.ID); !ok || string(data) != body {
		t.Errorf("content: %q", data)
	}
	m := b.ws.Messages("C1")
	if len(m) != 1 || m[0].Text != "the report" || len(m[0].Files) != 1 || m[0].Files[0].Title != "Calls" || m[0].Files[0].Mimetype != "application/pdf" {
		t.Errorf("message: %+v", m)
	}
	info, _, _, err := b.api.GetFileInfoContext(ctx, f.ID, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := b.api.GetFileContext(ctx, info.URLPrivateDownload, &got); err != nil || got.String() != body {
		t.Errorf("download: %v %q", err, got.String())
	}
	if got := b.raw(t, "files.completeUploadExternal", map[string]string{"files": `[{"id":"` + f.ID + `"}]`}); got["error"] != "file_not_found" {
		t.Errorf("completed twice: %v", got)
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	dm, _, _, err := b.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{"U2"}, ReturnIM: true})
	if err != nil || dm.ID != b.ws.DM("U2") || dm.User != "U2" {
		t.Errorf("open: %v %+v", err, dm)
	}
	if _, _, err := b.api.PostMessageContext(ctx, "U2", slackgo.MsgOptionText("hi", false)); err != nil || len(b.ws.Messages(dm.ID)) != 1 {
		t.Errorf("post to a user: %v", err)
	}
	list, next, err := b.api.GetConversationsContext(ctx, &slackgo.GetConversationsParameters{Limit: 1})
	if err != nil || len(list) != 1 || list[0].Name != "calls" || next == "" {
		t.Errorf("list: %v %+v %q", err, list, next)
	}
	list, next, err = b.api.GetConversationsContext(ctx, &slackgo.GetConversationsParameters{Limit: 1, Cursor: next})
	if err != nil || len(list) != 1 || list[0].Name != "random" || next != "" {
		t.Errorf("second page: %v %+v %q", err, list, next)
	}
	if _, _, _, err := b.api.JoinConversationContext(ctx, "C2"); err != nil {
		t.Error(err)
	}
	if _, _, err := b.api.PostMessageContext(ctx, "#random", slackgo.MsgOptionText("hi", false)); err != nil {
		t.Errorf("after joining: %v", err)
	}
	u, err := b.api.GetUserByEmailContext(ctx, "TOM@example.com")
	if err != nil || u.ID != "U2" || u.TZ != "America/New_York" || u.Profile.Email != "tom@example.com" {
		t.Errorf("by e-mail: %v %+v", err, u)
	}
	users, err := b.api.GetUsersContext(ctx)
	if err != nil || len(users) != 3 {
		t.Errorf("users: %v %d", err, len(users))
	}
	who, err := b.api.AuthTestContext(ctx)
	if err != nil || who.UserID != b.ws.BotUserID() || who.Team != "Acme Service" {
		t.Errorf("auth.test: %v %+v", err, who)
	}
	bot, err := b.api.GetBotInfoContext(ctx, slackgo.GetBotInfoParameters{Bot: who.BotID})
	if err != nil || bot.Name != "Callout" {
		t.Errorf("bots.info: %v %+v", err, bot)
	}
	if team, err := b.api.GetTeamInfoContext(ctx); err != nil || team.Domain != "acme-service" {
		t.Errorf("team.info: %v %+v", err, team)
	}
}
