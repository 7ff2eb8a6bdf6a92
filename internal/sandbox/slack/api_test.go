package slack

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
)

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
	b.ws.Fail("chat.postMessage", Fault{Times: 1, Delay: 30 * time.Millisecond})
	start := time.Now()
	if err := post(); err != nil || time.Since(start) < 30*time.Millisecond {
		t.Errorf("delay fault: %v after %s", err, time.Since(start))
	}
	if err := post(); err != nil {
		t.Errorf("after the faults: %v", err)
	}
	calls := b.ws.Requests("chat.postMessage")
	if len(calls) != 6 || calls[0].Error != "internal_error" || calls[5].Args["text"] != "x" || calls[5].Args["token"] != "" {
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
