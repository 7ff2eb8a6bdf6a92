package slack

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
)

const testSecret = "a-test-signing-secret"

// testManifest is an app with everything the tests use.
const testManifest = `{
  "display_information": {"name": "Callout"},
  "features": {
    "app_home": {"home_tab_enabled": true, "messages_tab_enabled": true},
    "bot_user": {"display_name": "Callout"},
    "slash_commands": [
      {"command": "/log-call", "description": "Log a call", "usage_hint": "[words]", "url": "https://example.com/slack/events"},
      {"command": "/calls", "description": "List calls", "url": "https://example.com/slack/events"}
    ],
    "shortcuts": [
      {"name": "Log a call", "type": "global", "callback_id": "log_call", "description": "Log a call"},
      {"name": "Log from message", "type": "message", "callback_id": "log_from_message", "description": "Log a call"}
    ]
  },
  "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "im:write", "im:history", "channels:read", "channels:history",
    "channels:join", "groups:read", "im:read", "users:read", "users:read.email", "files:write", "files:read", "app_mentions:read", "team:read"]}},
  "settings": {
    "event_subscriptions": {"request_url": "https://example.com/slack/events",
      "bot_events": ["app_home_opened", "app_mention", "message.im", "message.channels"]},
    "interactivity": {"is_enabled": true, "request_url": "https://example.com/slack/events"},
    "socket_mode_enabled": false
  }
}`

// received is one callback the test app got.
type received struct {
	header http.Header
	form   url.Values
	event  object // of the Events API
	data   object // of an interaction
}

func (r received) kind() string {
	if r.data != nil {
		return r.data["type"].(string)
	}
	if r.event != nil {
		if inner, ok := r.event["event"].(object); ok {
			return inner["type"].(string)
		}
		return r.event["type"].(string)
	}
	return r.form.Get("command")
}

// testApp is a tiny app behind signed callbacks. Its answers are functions by kind of callback.
type testApp struct {
	t       *testing.T
	mu      sync.Mutex
	got     []received
	answers map[string]func(received) (int, string)
}

func (a *testApp) on(kind string, answer func(received) (int, string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answers[kind] = answer
}

// always answers 200 with this body.
func always(body string) func(received) (int, string) {
	return func(received) (int, string) { return http.StatusOK, body }
}

func (a *testApp) all(kind string) []received {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []received
	for _, r := range a.got {
		if r.kind() == kind {
			out = append(out, r)
		}
	}
	return out
}

func (a *testApp) last(kind string) received {
	a.t.Helper()
	all := a.all(kind)
	if len(all) == 0 {
		a.t.Fatalf("the app got no %s", kind)
	}
	return all[len(all)-1]
}

// ServeHTTP verifies with slack-go, so that signing here is judged by somebody else's code.
func (a *testApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the workspace was closed while it was telling us
	}
	verifier, err := slackgo.NewSecretsVerifier(r.Header, testSecret)
	if err == nil {
		_, _ = verifier.Write(body)
		err = verifier.Ensure()
	}
	if err != nil {
		a.t.Errorf("signature: %v", err)
	}
	got := received{header: r.Header}
	if r.Header.Get("Content-Type") == "application/json" {
		_ = json.Unmarshal(body, &got.event)
	} else {
		got.form, _ = url.ParseQuery(string(body))
		if p := got.form.Get("payload"); p != "" {
			_ = json.Unmarshal([]byte(p), &got.data)
		}
	}
	a.mu.Lock()
	a.got = append(a.got, got)
	answer := a.answers[got.kind()]
	a.mu.Unlock()
	if answer != nil {
		status, words := answer(got)
		if strings.HasPrefix(words, "{") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, words)
	}
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type bundle struct {
	ws    *Server
	app   *testApp
	api   *slackgo.Client
	url   string
	clock *clock
}

// setup makes a workspace with maria and tom in #calls, an app, and slack-go as the app's client.
func setup(t *testing.T, change ...func(*Options)) *bundle {
	t.Helper()
	app := &testApp{t: t, answers: map[string]func(received) (int, string){}}
	appServer := httptest.NewServer(app)
	c := &clock{now: time.Now()} // slack-go's verifier compares with the real time
	opts := Options{
		BotToken: "xoxb-test", AppToken: "xapp-test", SigningSecret: testSecret, EventsURL: appServer.URL, Team: "Acme Service",
		Now: c.Now, EventRetries: []time.Duration{0, 0},
	}
	for _, f := range change {
		f(&opts)
	}
	ws, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(ws.Handler())
	t.Cleanup(func() {
		if err := ws.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		srv.Close()
		appServer.Close()
	})
	ws.SetBaseURL(srv.URL)
	if err := ws.SetManifest([]byte(testManifest)); err != nil {
		t.Fatal(err)
	}
	ws.AddUser(User{ID: "U1", Name: "maria", RealName: "Maria Silva", Email: "maria@example.com", TZ: "Europe/Lisbon"})
	ws.AddUser(User{ID: "U2", Name: "tom", RealName: "Tom Reed", Email: "tom@example.com", TZ: "America/New_York"})
	ws.AddChannel(Channel{ID: "C1", Name: "calls", Members: []string{"U1", "U2", ws.BotUserID()}})
	ws.AddChannel(Channel{ID: "C2", Name: "random", Members: []string{"U1"}})
	ws.AddChannel(Channel{ID: "C3", Name: "secret", Members: []string{"U1"}, IsPrivate: true})
	api := slackgo.New("xoxb-test", slackgo.OptionAPIURL(srv.URL+"/api/"), slackgo.OptionAppLevelToken("xapp-test"))
	return &bundle{ws: ws, app: app, api: api, url: srv.URL, clock: c}
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// raw calls a method with form values and returns the decoded answer.
func (b *bundle) raw(t *testing.T, method string, form map[string]string) object {
	t.Helper()
	values := url.Values{"token": {"xoxb-test"}}
	for k, v := range form {
		values.Set(k, v)
	}
	resp, err := http.PostForm(b.url+"/api/"+method, values)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var o object
	if err := json.NewDecoder(resp.Body).Decode(&o); err != nil {
		t.Fatal(err)
	}
	return o
}

// trigger runs a command and returns its trigger_id.
func (b *bundle) trigger(t *testing.T) string {
	t.Helper()
	if _, err := b.ws.Type(testContext(t), "U1", "C1", "/log-call"); err != nil {
		t.Fatal(err)
	}
	return b.app.last("/log-call").form.Get("trigger_id")
}

// open opens a modal of these blocks for maria.
func (b *bundle) open(t *testing.T, view string) View {
	t.Helper()
	if got := b.raw(t, "views.open", map[string]string{"trigger_id": b.trigger(t), "view": view}); got["ok"] != true {
		t.Fatalf("views.open: %v", got)
	}
	views := b.ws.Views("U1")
	return views[len(views)-1]
}
