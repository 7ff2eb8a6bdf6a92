package slack

import (
	"fmt"
	"strings"
	"testing"

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
	if len(list) != 1 || list[0].AllText() != "Call 42 closed\nClosed" || list[0].EditedTS != "" || list[0].Edits[0] != "Call 42" {
		t.Errorf("messages: %+v", list)
	}
	if thread := b.ws.Thread("C1", ts); len(thread) != 2 || thread[0].ReplyCount != 1 || thread[1].Text != "accepted" {
		t.Errorf("thread: %+v", thread)
	}
	if _, _, _, err := b.api.UpdateMessageContext(ctx, channel, ts, slackgo.MsgOptionText("only words", false)); err != nil {
		t.Fatal(err)
	}
	if m, _ := b.ws.Message(list[0].Ref()); m.AllText() != "only words" || m.EditedTS == "" {
		t.Errorf("text without blocks must replace the blocks: %+v", m)
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
		{"too long", "chat.postEphemeral", map[string]string{"channel": "C1", "user": "U1", "text": chars(40001)}, "msg_too_long"},
		{"markdown and text", "chat.postMessage", map[string]string{"channel": "C1", "text": "x", "markdown_text": "y"}, "markdown_text_conflict"},
		{"two tables", "chat.postMessage", map[string]string{"channel": "C1", "blocks": manyOf(2, `{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}`)}, "invalid_attachments"},
		{"broadcast and edit", "chat.update", map[string]string{"channel": "C1", "ts": mine, "text": "x", "reply_broadcast": "true"}, "no_dual_broadcast_content_update"},
		{"broadcast a root", "chat.update", map[string]string{"channel": "C1", "ts": mine, "reply_broadcast": "true"}, "cant_broadcast_message"},
		{"update by user id", "chat.update", map[string]string{"channel": "U1", "ts": mine, "text": "x"}, "channel_not_found"},
		{"share with nobody", "files.completeUploadExternal", map[string]string{"files": "[]"}, "invalid_arguments"},
		{"snippet", "files.getUploadURLExternal", map[string]string{"filename": "a.py", "length": "2000000", "snippet_type": "python"}, "snippet_too_large"},
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
	if got := b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "text": chars(40001)}); len(got["message"].(object)["text"].(string)) != maxPostText {
		t.Error("a long text must be cut off in silence")
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
