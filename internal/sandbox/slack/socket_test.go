package slack

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// connect runs slack-go's Socket Mode client; handle acknowledges what it wants.
func connect(t *testing.T, b *bundle, handle func(*socketmode.Client, socketmode.Event)) {
	t.Helper()
	manifest := strings.Replace(testManifest, `"socket_mode_enabled": false`, `"socket_mode_enabled": true`, 1)
	if err := b.ws.SetManifest([]byte(manifest)); err != nil {
		t.Fatal(err)
	}
	client := socketmode.New(b.api)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = client.RunContext(ctx) }()
	go func() {
		for {
			select {
			case e := <-client.Events:
				handle(client, e)
			case <-ctx.Done():
				return
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	if err := b.ws.Wait(testContext(t), b.ws.Connected); err != nil {
		t.Fatal("no connection")
	}
}

func TestSocketMode(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t, func(o *Options) { o.AckTimeout = 500 * time.Millisecond }), testContext(t)
	connect(t, b, func(c *socketmode.Client, e socketmode.Event) {
		switch data := e.Data.(type) {
		case slackgo.SlashCommand:
			if data.Text != "silence" {
				_ = c.Ack(*e.Request, map[string]any{"text": "you typed " + data.Text})
			}
		case slackgo.InteractionCallback:
			if data.Type == slackgo.InteractionTypeViewSubmission {
				_ = c.Ack(*e.Request, slackgo.NewErrorsViewSubmissionResponse(map[string]string{"what": "no"}))
				return
			}
			_ = c.Ack(*e.Request)
		default:
			if e.Request != nil {
				_ = c.Ack(*e.Request)
			}
		}
	})
	reply, err := b.ws.Type(ctx, "U1", "C1", "/calls status:pending")
	if err != nil || reply.Text != "you typed status:pending" {
		t.Errorf("command: %+v %v", reply, err)
	}
	var d *DeliveryError
	if _, err := b.ws.Type(ctx, "U1", "C1", "/calls silence"); !errors.As(err, &d) || d.Kind != kindTimeout {
		t.Errorf("no acknowledgement: %v", err)
	}
	b.ws.mu.Lock()
	trigger := b.ws.newTrigger("U1", "")
	b.ws.mu.Unlock()
	b.raw(t, "views.open", map[string]string{"trigger_id": trigger, "view": form(smallBlocks)})
	res, err := b.ws.Submit(ctx, "U1", b.ws.Views("U1")[0].ID, Values{"what": "x"})
	if err != nil || res.Errors["what"] != "no" {
		t.Errorf("submission: %+v %v", res, err)
	}
	if err := b.ws.OpenHome(ctx, "U1"); err != nil {
		t.Errorf("event: %v", err)
	}
	if n := len(b.app.all("/calls")); n != 0 {
		t.Errorf("%d deliveries over HTTP", n)
	}
}

func TestSocketModeRefresh(t *testing.T) {
	t.Parallel()
	b, ctx := setup(t), testContext(t)
	connect(t, b, func(c *socketmode.Client, e socketmode.Event) {
		if e.Request != nil && e.Type == socketmode.EventTypeSlashCommand {
			_ = c.Ack(*e.Request)
		}
	})
	opened := len(b.ws.Requests("apps.connections.open"))
	b.ws.Disconnect()
	err := b.ws.Wait(ctx, func() bool {
		return len(b.ws.Requests("apps.connections.open")) > opened && b.ws.pickSocket() != nil
	})
	if err != nil {
		t.Fatal("the client did not come back")
	}
	if _, err := b.ws.Type(ctx, "U1", "C1", "/calls"); err != nil {
		t.Errorf("after the refresh: %v", err)
	}
}

func TestSocketTicketsWorkOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	resp, err := http.Get(b.url + "/socket?ticket=nope")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
}
