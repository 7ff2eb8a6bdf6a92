package slack

import (
	"errors"
	"net/http"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
)

func TestSlashCommand(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	b.app.on("/calls", always(`{"response_type":"in_channel","text":"2 calls"}`))
	reply, err := b.ws.Type(ctx, "U1", "C1", "/calls  status:pending ")
	if err != nil || reply.Text != "2 calls" || reply.ResponseType != "in_channel" {
		t.Fatalf("reply %+v, %v", reply, err)
	}
	got := b.app.last("/calls").form
	want := map[string]string{
		"command": "/calls", "text": "status:pending", "user_id": "U1", "user_name": "maria", "channel_id": "C1", "channel_name": "calls",
		"team_domain": "acme-service", "is_enterprise_install": "false",
	}
	for k, v := range want {
		if got.Get(k) != v {
			t.Errorf("%s is %q, want %q", k, got.Get(k), v)
		}
	}
	if len(b.ws.Messages("C1")) != 1 {
		t.Error("the in_channel answer is not in the channel")
	}
	b.app.on("/calls", always("plain words"))
	if _, err := b.ws.Type(ctx, "U1", "C1", "/calls"); err != nil {
		t.Fatal(err)
	}
	if e := b.ws.Ephemerals("U1", "C1"); len(e) != 1 || e[0].Text != "plain words" {
		t.Errorf("ephemeral: %+v", e)
	}
	if len(b.ws.MessagesFor("U2", "C1")) != 1 {
		t.Error("tom sees maria's ephemeral message")
	}
}

func TestAppThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *Options) { o.AckTimeout = 50 * time.Millisecond })
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	cases := []struct {
		name   string
		answer func(received) (int, string)
		want   string
	}{
		{"500", func(received) (int, string) { return http.StatusInternalServerError, "oops" }, "dispatch_failed"},
		{"bad blocks", always(`{"blocks":[{"type":"x"}]}`), "invalid_response"},
		{"slow", func(received) (int, string) { <-release; return http.StatusOK, "" }, "operation_timeout"},
	}
	for _, c := range cases {
		b.app.on("/calls", c.answer)
		_, err := b.ws.Type(testContext(t), "U1", "C1", "/calls")
		var d *DeliveryError
		if !errors.As(err, &d) || d.Kind != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
		e := b.ws.Ephemerals("U1", "C1")
		if last := e[len(e)-1]; !last.Notice || last.Text != `/calls failed with the error "`+c.want+`"` {
			t.Errorf("%s: maria sees %q", c.name, last.Text)
		}
	}
	if _, err := b.ws.Type(testContext(t), "U1", "C1", "/nonsense"); err == nil {
		t.Error("an unknown command worked")
	}
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	b.trigger(t)
	address := b.app.last("/log-call").form.Get("response_url")
	say := func(o *slackgo.WebhookMessage) error { return slackgo.PostWebhookContext(ctx, address, o) }
	if err := say(&slackgo.WebhookMessage{Text: "one moment"}); err != nil {
		t.Fatal(err)
	}
	if err := say(&slackgo.WebhookMessage{Text: "done", ReplaceOriginal: true}); err != nil {
		t.Fatal(err)
	}
	if e := b.ws.Ephemerals("U1", "C1"); len(e) != 1 || e[0].Text != "done" {
		t.Errorf("after replace_original: %+v", e)
	}
	if err := say(&slackgo.WebhookMessage{DeleteOriginal: true}); err != nil {
		t.Fatal(err)
	}
	if e := b.ws.Ephemerals("U1", "C1"); len(e) != 0 {
		t.Errorf("after delete_original: %+v", e)
	}
	for range 2 {
		if err := say(&slackgo.WebhookMessage{Text: "again", ResponseType: "in_channel"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := say(&slackgo.WebhookMessage{Text: "sixth"}); err == nil {
		t.Error("a sixth use worked")
	}
	if n := len(b.ws.Messages("C1")); n != 2 {
		t.Errorf("%d messages in the channel, want 2", n)
	}
}

// TestResponseURLAfterHalfAnHour moves the clock where no event is on its way: slack-go judges its time of sending by the real clock.
func TestResponseURLAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	b.trigger(t)
	address := b.app.last("/log-call").form.Get("response_url")
	b.clock.add(31 * time.Minute)
	if err := slackgo.PostWebhookContext(ctx, address, &slackgo.WebhookMessage{Text: "late"}); err == nil {
		t.Error("a use after 30 minutes worked")
	}
}

func TestPressButtonsOfAMessage(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	button := slackgo.NewButtonBlockElement("accept", "42", slackgo.NewTextBlockObject(slackgo.PlainTextType, "Accept", false, false))
	menu := slackgo.NewOverflowBlockElement("more",
		slackgo.NewOptionBlockObject("why", slackgo.NewTextBlockObject(slackgo.PlainTextType, "Why me?", false, false), nil))
	if _, _, err := b.api.PostMessageContext(ctx, "U2", slackgo.MsgOptionText("Call 42", false),
		slackgo.MsgOptionBlocks(slackgo.NewActionBlock("offer", button, menu))); err != nil {
		t.Fatal(err)
	}
	m := b.ws.Messages(b.ws.DM("U2"))[0]
	if err := b.ws.Press(ctx, "U2", m.Ref(), m.MustButton("Accept"), ""); err != nil {
		t.Fatal(err)
	}
	got := b.app.last("block_actions")
	var parsed slackgo.InteractionCallback
	if err := parsed.UnmarshalJSON([]byte(got.form.Get("payload"))); err != nil {
		t.Fatal(err)
	}
	action := parsed.ActionCallback.BlockActions[0]
	if action.ActionID != "accept" || action.Value != "42" || action.BlockID != "offer" || parsed.User.ID != "U2" ||
		parsed.Container.MessageTs != m.TS || parsed.Channel.ID != m.Channel || parsed.Message.Text != "Call 42" || parsed.ResponseURL == "" {
		t.Errorf("payload: %+v", parsed)
	}
	if err := b.ws.Press(ctx, "U2", m.Ref(), m.MustButton("Why me?"), "why"); err != nil {
		t.Fatal(err)
	}
	if chosen := b.app.last("block_actions").data["actions"].([]any)[0].(object)["selected_option"].(object); chosen["value"] != "why" {
		t.Errorf("overflow: %v", chosen)
	}
	if err := b.ws.Press(ctx, "U1", m.Ref(), m.MustButton("Accept"), ""); err == nil {
		t.Error("maria pressed a button in tom's direct message")
	}
	if err := b.ws.Press(ctx, "U2", m.Ref(), Element{ActionID: "decline"}, ""); err == nil {
		t.Error("a button that is not there was pressed")
	}
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	if err := b.ws.Shortcut(ctx, "U1", "log_call"); err != nil || b.app.last("shortcut").data["callback_id"] != "log_call" {
		t.Errorf("global: %v", err)
	}
	reply, err := b.ws.Type(ctx, "U2", "C1", "the copier is broken")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.ws.MessageShortcut(ctx, "U1", reply.Ref, "log_from_message"); err != nil {
		t.Fatal(err)
	}
	data := b.app.last("message_action").data
	if data["message"].(object)["text"] != "the copier is broken" || data["channel"].(object)["id"] != "C1" || data["trigger_id"] == "" {
		t.Errorf("message shortcut: %v", data)
	}
	if err := b.ws.Shortcut(ctx, "U1", "log_from_message"); err == nil {
		t.Error("a message shortcut ran as a global one")
	}
}
