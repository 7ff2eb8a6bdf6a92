package slack

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStateSurvivesRestart(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/slack.json"
	b := setup(t, func(o *Options) { o.StateFile = path })
	v := b.open(t, form(`{"type":"input","block_id":"what","label":{"type":"plain_text","text":"What"},"element":{"type":"plain_text_input","action_id":"a"}}`))
	b.raw(t, "chat.postMessage", map[string]string{"channel": "C1", "text": "kept"})
	photo, err := b.ws.UploadFile("U1", "photo.jpg", []byte("jpeg"))
	if err != nil {
		t.Fatal(err)
	}
	want := b.ws.Messages("C1")
	if err := b.ws.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := New(Options{StateFile: path})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if diff := cmp.Diff(want, again.Messages("C1")); diff != "" {
		t.Error(diff)
	}
	if data, ok := again.FileContent(photo.ID); !ok || string(data) != "jpeg" {
		t.Errorf("file: %q", data)
	}
	if views := again.Views("U1"); len(views) != 1 || views[0].ID != v.ID || len(again.Commands()) != 2 || len(again.Users()) != 3 {
		t.Errorf("views %+v, commands %v", views, again.Commands())
	}
}

func TestManifestProblems(t *testing.T) {
	t.Parallel()
	ws, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"/log-call"`, `"/call"`, "Slack's own"},
		{`"/log-call"`, `"/Log"`, "lower-case"},
		{`"/log-call"`, `"/calls"`, "there twice"},
		{`"commands", `, ``, "need the scope commands"},
		{`"app_mentions:read", `, ``, "needs the scope app_mentions:read"},
		{`"Log a call", "type"`, `"` + chars(25) + `", "type"`, "1 to 24 characters"},
		{`"is_enabled": true, "request_url": "https://example.com/slack/events"`, `"is_enabled": true`, "no request_url"},
	} {
		changed := strings.Replace(testManifest, c.old, c.new, 1)
		if err := ws.SetManifest([]byte(changed)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
}
