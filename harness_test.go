package main

import (
	"context"
	"encoding/json"
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
	"callout/internal/sandbox/twilio"
	"callout/store"
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
	w := &world{T: t, ctx: t.Context(), clock: newClock()}
	box, err := sandbox.Start(w.ctx, sandbox.Options{Company: "Test company", Now: w.clock.Now, Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	w.sandbox = box
	for id, name := range map[string]string{callsChannel: "calls", reportsChannel: "reports"} {
		box.Slack.AddChannel(slack.Channel{ID: id, Name: name, Members: []string{box.Slack.BotUserID()}})
	}
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
	table := bot.New(bot.Options{})
	manifest, err := slackbot.Manifest(table.Commands(), table.Shortcuts(), slackbot.ManifestOptions{PublicURL: w.url})
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Slack.SetManifest(manifest); err != nil {
		t.Fatal(err)
	}
	box.ConnectApp(w.url)
	w.start(databaseURL, ports)
	return w
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

// person is somebody who uses the program in a story.
type person struct {
	*world
	name   string
	user   string // their Slack id
	phone  string
	email  string
	member store.Member
}

// stranger adds somebody to the workspace whom the desk does not know.
func (w *world) stranger(name string) *person {
	w.Helper()
	p := &person{world: w, name: name}
	p.user = "U0" + strings.ToUpper(strings.ReplaceAll(name, " ", ""))
	p.email = strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
	w.sandbox.Slack.AddUser(slack.User{ID: p.user, Name: strings.ToLower(strings.ReplaceAll(name, " ", ".")), RealName: name, Email: p.email, TZ: "UTC"})
	for _, channel := range []string{callsChannel, reportsChannel} {
		if err := w.sandbox.Slack.Join(channel, p.user); err != nil {
			w.Fatal(err)
		}
	}
	return p
}

// member adds somebody the desk knows, reachable in chat.
func (w *world) member(name string, roles ...string) *person {
	w.Helper()
	p := w.stranger(name)
	m, err := w.app.store.InsertMember(w.ctx, store.InsertMemberParams{
		Name: name, Search: strings.ToLower(name), Email: p.email, Roles: roles, State: "active", Timezone: "UTC", CreatedAt: w.clock.Now(),
	})
	if err != nil {
		w.Fatal(err)
	}
	p.member = m
	_, err = w.app.store.InsertChatIdentity(w.ctx, store.InsertChatIdentityParams{MemberID: m.ID, Platform: "slack", UserID: p.user, CreatedAt: w.clock.Now()})
	if err != nil {
		w.Fatal(err)
	}
	p.reachable("slack", p.user)
	return p
}

// technician adds a technician who is on duty, reachable in chat and, if a phone is given, by SMS.
func (w *world) technician(name, phone string) *person {
	w.Helper()
	p := w.member(name, "technician")
	if phone != "" {
		p.phone = phone
		if err := w.sandbox.Twilio.AddPhone(phone, name); err != nil {
			w.Fatal(err)
		}
		p.reachable("sms", phone)
	}
	p.onDuty(true)
	return p
}

func (p *person) reachable(channel, address string) {
	p.Helper()
	now := p.clock.Now()
	_, err := p.app.store.PutContactMethod(p.ctx, store.PutContactMethodParams{MemberID: p.member.ID, Channel: channel, Address: address, VerifiedAt: &now})
	if err != nil {
		p.Fatal(err)
	}
}

func (p *person) onDuty(on bool) {
	p.Helper()
	now := p.clock.Now()
	if err := p.app.store.EndDutyOverrides(p.ctx, store.EndDutyOverridesParams{At: &now, MemberID: p.member.ID}); err != nil {
		p.Fatal(err)
	}
	err := p.app.store.InsertDutyOverride(p.ctx, store.InsertDutyOverrideParams{MemberID: p.member.ID, OnDuty: on, StartsAt: now, CreatedAt: now})
	if err != nil {
		p.Fatal(err)
	}
}

// customer adds a customer with one machine.
func (w *world) customer(name, phone, machine string) store.Customer {
	w.Helper()
	now := w.clock.Now()
	c, err := w.app.store.InsertCustomer(w.ctx, store.InsertCustomerParams{Name: name, Search: strings.ToLower(name), Phone: phone, Now: now})
	if err != nil {
		w.Fatal(err)
	}
	if machine == "" {
		return c
	}
	_, err = w.app.store.InsertEquipment(w.ctx, store.InsertEquipmentParams{CustomerID: c.ID, Model: machine, Serial: "S-1", Skills: []string{}, CreatedAt: now})
	if err != nil {
		w.Fatal(err)
	}
	return c
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

// types writes into a channel as the person.
func (p *person) types(channel, text string) {
	p.Helper()
	if _, err := p.sandbox.Slack.Type(p.ctx, p.user, channel, text); err != nil {
		p.Fatalf("%s types %q: %v", p.name, text, err)
	}
}

// form waits for the person's open form with a title.
func (p *person) form(title string) slack.View {
	p.Helper()
	var found slack.View
	p.until(p.name+" has the form "+title, func() bool {
		views := p.sandbox.Slack.Views(p.user)
		if len(views) == 0 || views[len(views)-1].Title != title {
			return false
		}
		found = views[len(views)-1]
		return true
	}, func() string { return dump(p.sandbox.Slack.Views(p.user)) + dump(p.sandbox.Slack.Ephemerals(p.user, callsChannel)) })
	return found
}

// submits fills the open form and sends it; it returns the errors on its fields.
func (p *person) submits(view slack.View, values slack.Values) map[string]string {
	p.Helper()
	result, err := p.sandbox.Slack.Submit(p.ctx, p.user, view.ID, values)
	if err != nil {
		p.Fatalf("%s submits %s: %v", p.name, view.Title, err)
	}
	return result.Errors
}

// noForm waits until the person has no form open.
func (p *person) noForm() {
	p.Helper()
	p.until(p.name+" has no form open", func() bool { return len(p.sandbox.Slack.Views(p.user)) == 0 },
		func() string { return dump(p.sandbox.Slack.Views(p.user)) })
}

// logsCall logs a call for a customer with the form, and returns when the form has closed.
func (p *person) logsCall(customer store.Customer, summary string, more slack.Values) {
	p.Helper()
	p.types(callsChannel, "/log-call "+summary)
	view := p.form("Log a call")
	values := slack.Values{}
	for k, v := range more {
		values[k] = v
	}
	p.finds(view, "customer", customer.Name[:3], customer.Name)
	if errs := p.submits(p.form("Log a call"), values); len(errs) > 0 {
		p.Fatalf("%s could not log the call: %v", p.name, errs)
	}
	p.noForm()
}

// finds types into a search field and chooses the option with a label; it returns the option's value.
func (p *person) finds(view slack.View, field, typed, label string) string {
	p.Helper()
	el := slack.Element{BlockID: field, ActionID: field}
	options, err := p.sandbox.Slack.Suggest(p.ctx, p.user, view.ID, el, typed)
	if err != nil {
		p.Fatalf("%s types %q into %s of %s: %v", p.name, typed, field, view.Title, err)
	}
	for _, o := range options {
		if o.Text != label {
			continue
		}
		if err := p.sandbox.Slack.Change(p.ctx, p.user, view.ID, el, o.Value); err != nil {
			p.Fatalf("%s chooses %s in %s: %v", p.name, label, view.Title, err)
		}
		return o.Value
	}
	p.Fatalf("%s does not find %q in %s", p.name, label, dump(options))
	return ""
}

// reads waits for a message in a channel that holds all the words, as the person sees it: ephemeral ones too.
func (p *person) reads(channel string, words ...string) slack.Message {
	p.Helper()
	var found slack.Message
	p.until(p.name+" reads "+strings.Join(words, " … "), func() bool {
		for _, m := range p.sandbox.Slack.MessagesFor(p.user, channel) {
			if says(m, words) {
				found = m
				return true
			}
		}
		return false
	}, func() string { return dump(p.sandbox.Slack.MessagesFor(p.user, channel)) })
	return found
}

// dm is the person's conversation with the app.
func (p *person) dm() string { return p.sandbox.Slack.DM(p.user) }

// readsDM waits for a direct message of the app.
func (p *person) readsDM(words ...string) slack.Message {
	p.Helper()
	return p.reads(p.dm(), words...)
}

// readsThread waits for a line in the thread below a message.
func (p *person) readsThread(m slack.Message, words ...string) {
	p.Helper()
	thread := func() []slack.Message { return p.sandbox.Slack.Thread(m.Channel, m.TS) }
	p.until("the thread says "+strings.Join(words, " … "), func() bool {
		for _, reply := range thread() {
			if says(reply, words) {
				return true
			}
		}
		return false
	}, func() string { return dump(thread()) })
}

// presses presses the button with a label on a message.
func (p *person) presses(m slack.Message, label string) {
	p.Helper()
	now, ok := p.sandbox.Slack.Message(m.Ref())
	if !ok {
		now = m
	}
	button, ok := now.Button(label)
	if !ok {
		p.Fatalf("%s finds no button %q on\n%s", p.name, label, dump(now))
	}
	if err := p.sandbox.Slack.Press(p.ctx, p.user, m.Ref(), button, ""); err != nil {
		p.Fatalf("%s presses %s: %v", p.name, label, err)
	}
}

// gets waits for a text message on the person's phone.
func (p *person) gets(words ...string) twilio.Message {
	p.Helper()
	var found twilio.Message
	p.until(p.name+" gets the text "+strings.Join(words, " … "), func() bool {
		for _, m := range p.sandbox.Twilio.Messages(p.phone) {
			if m.Direction != "inbound" && saysAll(m.Body, words) {
				found = m
				return true
			}
		}
		return false
	}, func() string { return dump(p.sandbox.Twilio.Messages(p.phone)) })
	return found
}

// texts writes a text message to the company.
func (p *person) texts(body string) {
	p.Helper()
	if err := p.sandbox.Twilio.Text(p.ctx, p.phone, body); err != nil {
		p.Fatalf("%s texts %q: %v", p.name, body, err)
	}
}

func says(m slack.Message, words []string) bool {
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

func dump(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func id(n int64) string { return strconv.FormatInt(n, 10) }
