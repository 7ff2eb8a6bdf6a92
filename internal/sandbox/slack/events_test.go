package slack

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestEvents(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	b.app.on("url_verification", func(r received) (int, string) { return http.StatusOK, r.event["challenge"].(string) })
	if err := b.ws.VerifyEventsURL(ctx); err != nil {
		t.Error(err)
	}
	if _, err := b.ws.Type(ctx, "U1", "C1", "@callout where is <my> technician?"); err != nil {
		t.Fatal(err)
	}
	inner := b.app.last("app_mention").event["event"].(object)
	want := "<@" + b.ws.BotUserID() + "> where is &lt;my&gt; technician?"
	if inner["text"] != want || inner["channel"] != "C1" || inner["channel_type"] != "channel" {
		t.Errorf("app_mention: %v", inner)
	}
	if err := b.ws.OpenHome(ctx, "U1"); err != nil {
		t.Fatal(err)
	}
	if inner := b.app.last("app_home_opened").event["event"].(object); inner["user"] != "U1" || inner["tab"] != "home" {
		t.Errorf("app_home_opened: %v", inner)
	}
	if _, err := b.ws.Type(ctx, "U1", "C2", "nobody here but me"); err != nil {
		t.Fatal(err)
	}
	if n := len(b.app.all("message")); n != 1 {
		t.Errorf("%d message events, want none for a channel the app is not in", n)
	}
}

func TestEventsAreRetried(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	got := make(chan struct{})
	b.app.on("app_home_opened", func(r received) (int, string) {
		if r.header.Get("X-Slack-Retry-Num") != "2" {
			return http.StatusInternalServerError, ""
		}
		if r.header.Get("X-Slack-Retry-Reason") != "http_error" {
			t.Errorf("reason %q", r.header.Get("X-Slack-Retry-Reason"))
		}
		close(got)
		return http.StatusOK, ""
	})
	if err := b.ws.OpenHome(ctx, "U1"); err == nil {
		t.Error("the first failure was not told")
	}
	select {
	case <-got:
	case <-ctx.Done():
		t.Fatal("no second retry")
	}
	all := b.app.all("app_home_opened")
	if first, last := all[0].event["event_id"], all[len(all)-1].event["event_id"]; first != last || len(all) != 3 {
		t.Errorf("%d deliveries of %v and %v", len(all), first, last)
	}
}

func TestRepeatedDeliveries(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	b.ws.RepeatDeliveries(2)
	if _, err := b.ws.Type(ctx, "U1", "C1", "/calls"); err != nil {
		t.Fatal(err)
	}
	all := b.app.all("/calls")
	if len(all) != 3 || all[0].form.Get("trigger_id") != all[2].form.Get("trigger_id") {
		t.Errorf("%d deliveries", len(all))
	}
}

func TestWaitAndSubscribe(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	events, cancel := b.ws.Subscribe()
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- b.ws.Wait(ctx, func() bool { return len(b.ws.Messages("C1")) == 2 }) }()
	for range 2 {
		b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "text": "x"})
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	first, second := <-events, <-events
	if first.Type != EventMessage || first.Channel != "C1" || second.Seq <= first.Seq {
		t.Errorf("events %+v %+v", first, second)
	}
	short, stop := context.WithTimeout(ctx, 10*time.Millisecond)
	defer stop()
	if err := b.ws.Wait(short, func() bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("wait for nothing: %v", err)
	}
}
