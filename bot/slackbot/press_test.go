package slackbot

import (
	"context"
	"testing"
	"time"

	"callout/bot"
)

const acceptPressed = `{"type":"block_actions","user":{"id":"U1","username":"maria"},"trigger_id":"t","response_url":"","channel":{"id":"C1"},` +
	`"container":{"type":"message","message_ts":"1.2","channel_id":"C1"},` +
	`"actions":[{"type":"button","action_id":"call.accept~0","value":"42","action_ts":"1.3"}]}`

// TestAPressIsAcknowledgedOnceItIsStored presses a button and looks whether Slack hears of it before the bot is done.
func TestAPressIsAcknowledgedOnceItIsStored(t *testing.T) {
	t.Parallel()
	asked, stored := make(chan struct{}), make(chan struct{})
	talk := &talker{handle: func(context.Context, bot.Request) bot.Reply {
		close(asked)
		<-stored
		return bot.Reply{}
	}}
	a, _ := connected(t, talk, nil)
	a.store = time.Minute
	acknowledged := make(chan int, 1)
	go func() { acknowledged <- postForm(t, a, payloadBody(acceptPressed)).Code }()
	<-asked
	select {
	case <-acknowledged:
		t.Error("acknowledged although nothing is stored yet")
	case <-time.After(50 * time.Millisecond):
	}
	close(stored)
	if code := <-acknowledged; code != 200 {
		t.Errorf("acknowledged with %d", code)
	}
}

func TestAPressIsAcknowledgedInTimeWhateverHappens(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	talk := &talker{handle: func(context.Context, bot.Request) bot.Reply {
		<-release
		note := bot.Sentence("Late, but stored.")
		return bot.Reply{Say: &note}
	}}
	a, api := connected(t, talk, nil)
	a.store = time.Millisecond
	if code := postForm(t, a, payloadBody(acceptPressed)).Code; code != 200 {
		t.Errorf("acknowledged with %d", code)
	}
	close(release)
	api.wait(t, "chat.postEphemeral", 1)
}

// TestAPressOpensItsFormBeforeItIsAcknowledged is about triggers, which Slack forgets after three seconds.
func TestAPressOpensItsFormBeforeItIsAcknowledged(t *testing.T) {
	t.Parallel()
	ready := make(chan struct{})
	talk := &talker{
		handle: func(context.Context, bot.Request) bot.Reply {
			<-ready
			return bot.Reply{Form: callForm(bot.Field{Name: "more", Label: "More"})}
		},
		preview: func(bot.Request) *bot.Form { return callForm() },
	}
	a, api := connected(t, talk, nil)
	a.preview, a.store = time.Millisecond, time.Minute
	acknowledged := make(chan int, 1)
	go func() { acknowledged <- postForm(t, a, payloadBody(acceptPressed)).Code }()
	api.wait(t, "views.open", 1)
	close(ready)
	api.wait(t, "views.update", 1)
	<-acknowledged
}

func TestPeopleHearOfTroubleSoon(t *testing.T) {
	t.Parallel()
	for _, kind := range []bot.Kind{bot.KindCommand, bot.KindShortcut, bot.KindButton} {
		ctx, cancel := handling(t.Context(), kind)
		deadline, ok := ctx.Deadline()
		cancel()
		if !ok || time.Until(deadline) > handleWithin {
			t.Errorf("kind %d may take until %v", kind, deadline)
		}
	}
}
