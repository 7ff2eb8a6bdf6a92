package slackbot

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"callout/bot"
	sandbox "callout/internal/sandbox/slack"
)

// shop is a workspace with a front desk (Jo), a technician (Maria) and the app, all over real HTTP.
type shop struct {
	*sandbox.Server
	a    *Adapter
	talk *talker
}

func newShop(t *testing.T, talk *talker, socket bool) *shop {
	t.Helper()
	ws, err := sandbox.New(sandbox.Options{BotToken: "xoxb-1", AppToken: "xapp-1", SigningSecret: "s"})
	if err != nil {
		t.Fatal(err)
	}
	slack := httptest.NewServer(ws.Handler())
	ws.SetBaseURL(slack.URL)
	o := Options{Bot: talk, BotToken: "xoxb-1", SigningSecret: "s", APIURL: slack.URL + "/api/", Rates: SlackRates()}
	m := ManifestOptions{PublicURL: "https://callout.example.com", SocketMode: socket}
	if socket {
		o.AppToken = "xapp-1"
	}
	manifest, err := Manifest(commands(), shortcuts(), m)
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.SetManifest(manifest); err != nil {
		t.Fatal(err)
	}
	ws.AddUser(sandbox.User{ID: "UJO", Name: "jo", RealName: "Jo Field", Email: "jo@example.com", TZ: "Europe/Berlin"})
	ws.AddUser(sandbox.User{ID: "UMARIA", Name: "maria", RealName: "Maria Lopez"})
	ws.AddChannel(sandbox.Channel{ID: "CCALLS", Name: "calls", Members: []string{"UJO", "UMARIA", ws.BotUserID()}})
	ws.AddChannel(sandbox.Channel{ID: "CSHOP", Name: "shop", Members: []string{"UJO"}})
	ws.AddChannel(sandbox.Channel{ID: "CSECRET", Name: "secret", IsPrivate: true, Members: []string{"UJO"}})
	s := &shop{Server: ws, a: New(o), talk: talk}
	app := httptest.NewServer(s.a.Handler())
	ws.SetEventsURL(app.URL + Path)
	t.Cleanup(func() {
		drain(t, s.a)
		_ = ws.Close()
		app.Close()
		slack.Close()
	})
	if socket {
		s.connect(t)
	}
	return s
}

func (s *shop) connect(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.a.RunSocket(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	s.until(t, "the socket is connected", s.Connected)
}

func (s *shop) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.Wait(ctx, cond); err != nil {
		t.Fatalf("waiting until %s: %v; the app called:\n%s", what, err, s.told())
	}
}

// told lists what the app asked of Slack, for a failing test.
func (s *shop) told() string {
	var b strings.Builder
	for _, r := range s.Requests("*") {
		fmt.Fprintf(&b, "%s %s\n", r.Method, r.Error)
	}
	return b.String()
}

// noErrors fails the test if Slack refused anything the app asked.
func (s *shop) noErrors(t *testing.T) {
	t.Helper()
	for _, r := range s.Requests("*") {
		if r.Error != "" {
			t.Errorf("%s was refused: %s %v", r.Method, r.Error, r.Args)
		}
	}
}

func (s *shop) view(t *testing.T, user string) sandbox.View {
	t.Helper()
	s.until(t, "a form is open", func() bool { return len(s.Views(user)) > 0 })
	views := s.Views(user)
	return views[len(views)-1]
}

// desk logs calls: customer by search, then its machines, then a summary of at least three letters.
func desk(_ context.Context, r bot.Request) bot.Reply {
	machines := bot.Field{Name: "equipment", Kind: bot.FieldPick, Label: "Machine", Optional: true, Options: []bot.Option{
		{Value: r.Values.Get("customer") + "-1", Label: "Copier of " + r.Values.Get("customer")},
	}}
	form := bot.Form{ID: "call.log", Title: "Log a call", Submit: "Save", State: `{"from":"test"}`, Fields: []bot.Field{
		{Name: "customer", Kind: bot.FieldSearch, Label: "Customer", Refresh: true},
		{Name: "summary", Label: "Summary", Value: r.Text},
	}}
	switch r.Kind {
	case bot.KindSearch:
		return bot.Reply{Options: []bot.Option{{Value: "acme", Label: "Acme & Sons"}, {Value: "bolt", Label: "Bolt"}}}
	case bot.KindChange:
		form.Fields = append(form.Fields, machines)
		return bot.Reply{Form: &form}
	case bot.KindForm:
		if len(r.Values.Get("summary")) < 3 {
			return bot.Reply{Errors: map[string]string{"summary": "Say what is wrong."}}
		}
		said, card := bot.Sentence("Maria was asked."), callCard()
		return bot.Reply{Say: &said, Post: &card}
	case bot.KindButton:
		card := bot.Sentence("Call " + r.Value + " is accepted.")
		return bot.Reply{Update: &card}
	case bot.KindHome:
		card := listCard()
		return bot.Reply{Home: &card}
	case bot.KindText:
		card := bot.Sentence("You wrote " + r.Text)
		return bot.Reply{Say: &card}
	case bot.KindShortcut:
		if r.Message != nil {
			form.Fields[1].Value = r.Message.Text + " / " + r.Message.Author + " / " + r.Message.Link
		}
	case bot.KindCommand:
		if r.Name == "calls" {
			card := listCard()
			return bot.Reply{Say: &card}
		}
	}
	return bot.Reply{Form: &form}
}
