package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/bot"
	"callout/bot/slackbot"
	"callout/internal/sandbox"
	"callout/internal/sandbox/slack"
	"callout/store/storetest"
)

// patience is how long a story waits for something that should happen at once.
const patience = 20 * time.Second

// clock is a clock that stands still until a story moves it. It starts on a Tuesday morning.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// world is the whole program, with everything outside it played by the sandbox.
type world struct {
	*testing.T
	ctx     context.Context
	sandbox *sandbox.Sandbox
	app     *App
	config  *Config
	clock   *clock
	url     string
	stop    func()
	chat    platform // where people are, Slack if it is nil
}

// channel ids of the workspace.
const (
	callsChannel   = "C0CALLS"
	reportsChannel = "C0REPORTS"
)

// startWorld starts the program on an empty company.
func startWorld(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	return startWorldOn(t, storetest.URL(t), change...)
}

func startWorldOn(t *testing.T, databaseURL string, change ...func(*Config)) *world {
	t.Helper()
	return startWorldAt(t, databaseURL, newClock(), change...)
}

// startWorldAt starts the program at a time that somebody else in the story knows too.
func startWorldAt(t *testing.T, databaseURL string, clock *clock, change ...func(*Config)) *world {
	t.Helper()
	w := &world{T: t, ctx: t.Context(), clock: clock}
	box := startSandbox(t, w.clock.Now)
	w.sandbox = box
	ports, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.url = "http://" + ports.Addr().String()
	env := box.Env()
	w.config = &Config{
		LogLevel: "debug", Company: "Test company", Timezone: "UTC", Country: "GB", Currency: "GBP", PublicURL: w.url, DataDir: t.TempDir(),
		CallsChannel: callsChannel, SlackBotToken: Secret(env["SLACK_BOT_TOKEN"]), SlackSigningSecret: Secret(env["SLACK_SIGNING_SECRET"]),
		SlackAPIURL: env["SLACK_API_URL"], TwilioAccountSID: env["TWILIO_ACCOUNT_SID"], TwilioAuthToken: Secret(env["TWILIO_AUTH_TOKEN"]),
		TwilioFrom: env["TWILIO_FROM"], TwilioAPIURL: env["TWILIO_API_URL"], SMTPURL: Secret(env["SMTP_URL"]), EmailFrom: env["EMAIL_FROM"],
	}
	for _, c := range change {
		c(w.config)
	}
	if err := w.config.Check(); err != nil {
		t.Fatal(err)
	}
	w.install(w.config.SlackAppToken != "")
	box.ConnectApp(w.url)
	w.start(databaseURL, ports)
	return w
}

// startSandbox starts a workspace with two channels, a phone network and a mail server.
func startSandbox(t *testing.T, now func() time.Time) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Options{Company: "Test company", Now: now, Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	for id, name := range map[string]string{callsChannel: "calls", reportsChannel: "reports"} {
		box.Slack.AddChannel(slack.Channel{ID: id, Name: name, Members: []string{box.Slack.BotUserID()}})
	}
	return box
}

// install makes the app in the workspace from its manifest.
func (w *world) install(socket bool) {
	w.Helper()
	table := bot.New(bot.Options{})
	manifest, err := slackbot.Manifest(table.Commands(), table.Shortcuts(), slackbot.ManifestOptions{PublicURL: w.url, SocketMode: socket})
	if err != nil {
		w.Fatal(err)
	}
	if err := w.sandbox.Slack.SetManifest(manifest); err != nil {
		w.Fatal(err)
	}
}

// start builds and runs the program.
func (w *world) start(databaseURL string, ports net.Listener) {
	w.Helper()
	app, err := NewApp(w.ctx, w.config, databaseURL, testLog(w.T), w.clock.Now)
	if err != nil {
		w.Fatal(err)
	}
	w.app = app
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.ctx))
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx, listeners{main: ports}) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.Errorf("the program ended badly: %v", err)
		}
		app.Close()
	})
	w.Cleanup(w.stop)
}

// testLog writes to the test, until the test is over.
func testLog(t *testing.T) *slog.Logger {
	t.Helper()
	out := &logWriter{t: t}
	t.Cleanup(func() {
		out.mu.Lock()
		defer out.mu.Unlock()
		out.t = nil
	})
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

type logWriter struct {
	mu sync.Mutex
	t  *testing.T
}

func (w *logWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.t != nil {
		w.t.Log(strings.TrimSuffix(string(line), "\n"))
	}
	return len(line), nil
}

// until waits for something to become true, and fails the story with what is there instead.
func (w *world) until(what string, cond func() bool, instead func() string) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-ctx.Done():
			w.Fatalf("waited in vain: %s\ninstead:\n%s", what, instead())
		case <-tick.C:
		}
	}
}

func says(m interface{ AllText() string }, words []string) bool {
	return saysAll(m.AllText(), words)
}

func saysAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// dump shows what is there instead, as a person would read it where there is something to read.
func dump(v any) string {
	switch v := v.(type) {
	case message:
		return dump(v.Message)
	case []message:
		var all strings.Builder
		for _, m := range v {
			all.WriteString(dump(m))
		}
		return all.String()
	case slack.Message:
		return fmt.Sprintf("%s in %s (edits %q, files %d, private %t):\n%s\n", v.TS, v.Channel, v.Edits, len(v.Files), v.Ephemeral != "", v.AllText())
	case []slack.Message:
		var all strings.Builder
		for _, m := range v {
			all.WriteString(dump(m))
		}
		return all.String()
	case []slack.View:
		var all strings.Builder
		for _, view := range v {
			all.WriteString(view.AllText() + " " + view.Notice + "\n" + string(view.State) + "\n")
		}
		return all.String()
	}
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func id(n int64) string { return strconv.FormatInt(n, 10) }
