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
	"callout/notify"
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
	o := Options{Bot: talk, BotToken: "xoxb-1", SigningSecret: "s", APIURL: slack.URL + "/api/"}
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
		said, card := sentence("Maria was asked."), callCard()
		return bot.Reply{Say: &said, Post: &card}
	case bot.KindButton:
		card := sentence("Call " + r.Value + " is accepted.")
		return bot.Reply{Update: &card}
	case bot.KindHome:
		card := listCard()
		return bot.Reply{Home: &card}
	case bot.KindText:
		card := sentence("You wrote " + r.Text)
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

func TestACallOverTheSandbox(t *testing.T) {
	t.Parallel()
	for name, socket := range map[string]bool{"over HTTP": false, "over the socket": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, &talker{handle: desk}, socket)
			logOneCall(t, s)
			s.noErrors(t)
		})
	}
}

func logOneCall(t *testing.T, s *shop) {
	t.Helper()
	ctx := t.Context()
	if _, err := s.Type(ctx, "UJO", "CCALLS", "/log-call copier jams"); err != nil {
		t.Fatal(err)
	}
	form := s.view(t, "UJO")
	customer, _ := form.Input("Customer")
	found, err := s.Suggest(ctx, "UJO", form.ID, customer, "ac")
	if err != nil || len(found) != 2 || found[0].Text != "Acme & Sons" {
		t.Fatalf("found %v, %v", found, err)
	}
	machine := func(of string) func() bool {
		return func() bool {
			v, _ := s.View(form.ID)
			el, ok := v.Input("Machine")
			return ok && strings.Contains(fmt.Sprint(v.Options(el)), "Copier of "+of)
		}
	}
	for _, id := range []string{"acme", "bolt", "acme"} {
		if err := s.Change(ctx, "UJO", form.ID, customer, id); err != nil {
			t.Fatal(err)
		}
		s.until(t, "the machines of "+id+" are there", machine(id))
	}
	result, err := s.Submit(ctx, "UJO", form.ID, sandbox.Values{"summary": "no"})
	if err != nil || result.Errors["summary"] != "Say what is wrong." {
		t.Fatalf("submitted: %+v, %v", result, err)
	}
	result, err = s.Submit(ctx, "UJO", form.ID, sandbox.Values{"summary": "copier jams"})
	if err != nil || result.Action != "close" {
		t.Fatalf("submitted: %+v, %v", result, err)
	}
	s.until(t, "Jo is told", func() bool { return len(s.Ephemerals("UJO", "CCALLS")) == 1 })
	s.until(t, "the card is there", func() bool { return len(s.Messages("CCALLS")) == 1 })
	card := s.Messages("CCALLS")[0]
	if err := s.Press(ctx, "UMARIA", card.Ref(), card.MustButton("Accept"), ""); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the card changes", func() bool {
		m, _ := s.Message(card.Ref())
		return m.Text == "Call 42 is accepted."
	})
}

func TestHomeTextListAndShortcutsOverTheSandbox(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, false)
	ctx := t.Context()
	if err := s.OpenHome(ctx, "UMARIA"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the home page is there", func() bool { v, ok := s.Home("UMARIA"); return ok && strings.Contains(v.AllText(), "43 no toner") })
	if _, err := s.Type(ctx, "UMARIA", s.DM("UMARIA"), "A 42"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the text is answered", func() bool { return len(s.Messages(s.DM("UMARIA"))) == 2 })
	if _, err := s.Type(ctx, "UJO", "CSECRET", "/calls"); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the list is there", func() bool { return len(s.Ephemerals("UJO", "CSECRET")) == 1 })
	list := s.Ephemerals("UJO", "CSECRET")[0]
	if err := s.Press(ctx, "UJO", list.Ref(), list.MustButton("Next"), ""); err != nil {
		t.Fatal(err)
	}
	s.until(t, "the list is replaced", func() bool {
		all := s.Ephemerals("UJO", "CSECRET")
		return len(all) == 1 && all[0].Text == "Call a is accepted."
	})
	if err := s.Shortcut(ctx, "UJO", "log_call"); err != nil {
		t.Fatal(err)
	}
	s.view(t, "UJO")
	if _, err := s.Type(ctx, "UJO", "CCALLS", "Copier at <Hall & Sons> smokes"); err != nil {
		t.Fatal(err)
	}
	note := s.Messages("CCALLS")[0]
	if err := s.MessageShortcut(ctx, "UMARIA", note.Ref(), "log_call_from"); err != nil {
		t.Fatal(err)
	}
	if got := string(s.view(t, "UMARIA").Blocks); !strings.Contains(got, "Jo Field / http") || !strings.Contains(got, "smokes") {
		t.Errorf("the form is %s", got)
	}
	s.noErrors(t)
}

func TestASayAfterAGlobalShortcutIsADirectMessage(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, false)
	if err := s.Shortcut(t.Context(), "UJO", "log_call"); err != nil {
		t.Fatal(err)
	}
	form := s.view(t, "UJO")
	customer, _ := form.Input("Customer")
	if _, err := s.Suggest(t.Context(), "UJO", form.ID, customer, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(t.Context(), "UJO", form.ID, sandbox.Values{"customer": "acme", "summary": "copier jams"}); err != nil {
		t.Fatal(err)
	}
	s.until(t, "card and confirmation are in the direct message", func() bool { return len(s.Messages(s.DM("UJO"))) == 2 })
}

func notice(id int64, to string) notify.Message {
	return notify.Message{ID: id, Kind: notify.Offer, Channel: notify.Slack, Address: to}
}

func TestNoticesOverTheSandbox(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{}, false)
	ctx := t.Context()
	if receipt, err := s.a.Send(ctx, notice(1, "UMARIA")); err != nil || !strings.HasPrefix(receipt.ID, s.DM("UMARIA")) {
		t.Fatalf("%+v, %v", receipt, err)
	}
	// A public channel that the app is not in: it may post, and joins to share files and to look.
	report := notice(2, "CSHOP")
	report.Files = []notify.File{{Name: "calls.pdf", Title: "Calls", Content: []byte("%PDF-1.4")}, {Name: "calls.csv", Content: []byte("a,b")}, {Name: "empty"}}
	if _, err := s.a.Send(ctx, report); err != nil {
		t.Fatal(err)
	}
	m := s.Messages("CSHOP")[0]
	if thread := s.Thread("CSHOP", m.TS); len(thread) != 2 || len(thread[1].Files) != 2 || thread[1].Files[0].Title != "Calls" {
		t.Errorf("thread %+v", thread)
	}
	for _, tt := range []struct {
		to         string
		perm, dead bool
	}{{"CSECRET", true, false}, {"CNOWHERE", true, false}, {"UNOBODY", true, true}} {
		_, err := s.a.Send(ctx, notice(3, tt.to))
		if err == nil || notify.Permanent(err) != tt.perm || notify.Dead(err) != tt.dead {
			t.Errorf("%s: %v, permanent %v, dead %v", tt.to, err, notify.Permanent(err), notify.Dead(err))
		}
	}
}

func TestAnUnansweredNoticeIsFoundNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{}, false)
	router := notify.NewRouter()
	router.Register(notify.Slack, s.a)
	m := notice(7, "UMARIA")
	m.Files = []notify.File{{Name: "a.pdf", Content: []byte("a")}, {Name: "b.pdf", Content: []byte("b")}}
	if _, err := router.Send(t.Context(), notice(6, "UMARIA")); err != nil {
		t.Fatal(err)
	}
	s.Fail("chat.postMessage", sandbox.Fault{Times: 1, Drop: true})
	if _, err := router.Send(t.Context(), m); err == nil || notify.Permanent(err) {
		t.Fatalf("the answer was lost, but: %v", err)
	}
	m.Asked = time.Now()
	s.Fail("files.completeUploadExternal", sandbox.Fault{Times: 1, Status: 503})
	if _, err := router.Send(t.Context(), m); err == nil || notify.Permanent(err) {
		t.Fatalf("the files failed, but: %v", err)
	}
	for range 2 {
		receipt, err := router.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		all := s.Messages(s.DM("UMARIA"))
		if len(all) != 2 || receipt.ID != receiptOf(all[1]) {
			t.Fatalf("%d messages, receipt %s", len(all), receipt.ID)
		}
		if thread := s.Thread(all[1].Channel, all[1].TS); len(thread) != 2 || len(thread[1].Files) != 2 {
			t.Fatalf("thread %+v", thread)
		}
	}
	m.ID = 8
	if _, err := router.Send(t.Context(), m); err != nil || len(s.Messages(s.DM("UMARIA"))) != 3 {
		t.Fatalf("another notice was not sent: %v", err)
	}
}

func receiptOf(m sandbox.Message) string { return receipt(m.Channel, m.TS) }

func TestTheBoardOverTheSandbox(t *testing.T) {
	t.Parallel()
	talk := &talker{card: func(int64) bot.Card { return callCard() }}
	s := newShop(t, talk, false)
	ctx := t.Context()
	id, err := s.a.ShowCard(ctx, 42, "CCALLS", "")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.a.ShowCard(ctx, 42, "CCALLS", id); err != nil || again != id {
		t.Fatalf("%s, %v", again, err)
	}
	if found, ok, err := s.a.FindCard(ctx, 42, "CCALLS", time.Now()); err != nil || !ok || found != id {
		t.Errorf("found %s %v, %v", found, ok, err)
	}
	if _, ok, err := s.a.FindCard(ctx, 43, "CCALLS", time.Now()); err != nil || ok {
		t.Errorf("found a card that is not there: %v", err)
	}
	for _, event := range []int64{1, 2, 2, 1} { // jobs may run twice
		if err := s.a.AddLine(ctx, 42, event, "CCALLS", id); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Thread("CCALLS", id)); n != 3 {
		t.Errorf("%d messages in the thread, want the card and two lines", n)
	}
	fresh, err := s.a.ShowCard(ctx, 42, "CCALLS", "1.000001")
	if err != nil || fresh == id {
		t.Errorf("a deleted card was not posted again: %s, %v", fresh, err)
	}
}

func TestASlackWithoutChartsGetsTheNumbers(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{card: func(int64) bot.Card { return reportCard() }}, false)
	if _, err := s.a.Send(t.Context(), notice(1, "CCALLS")); err != nil {
		t.Fatal(err)
	}
	s.Fail("chat.postMessage", sandbox.Fault{Times: 1, Error: "invalid_blocks"})
	for id := int64(2); id < 4; id++ {
		if _, err := s.a.Send(t.Context(), notice(id, "CCALLS")); err != nil {
			t.Fatal(err)
		}
	}
	all := s.Messages("CCALLS")
	if !strings.Contains(string(all[0].Blocks), "data_visualization") {
		t.Error("no native chart at first")
	}
	for _, m := range all[1:] {
		if strings.Contains(string(m.Blocks), "data_visualization") || !strings.Contains(m.AllText(), "week 1: opened 5, closed 2") {
			t.Errorf("sent %s", m.Blocks)
		}
	}
	if n := len(s.Requests("chat.postMessage")); n != 4 {
		t.Errorf("%d attempts, want 4: it remembers", n)
	}
}

func TestCheckOverTheSandbox(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{}, true)
	if problems := s.a.Check(t.Context(), "CCALLS", "CSHOP", "CCALLS", ""); len(problems) != 0 {
		t.Errorf("problems of a good set-up: %v", problems)
	}
	if problems := s.a.Check(t.Context(), "CNOWHERE"); len(problems) != 1 || !strings.Contains(problems[0].String(), "CNOWHERE") {
		t.Errorf("problems: %v", problems)
	}
	wrong := New(Options{Bot: &talker{}, BotToken: "xoxb-wrong", APIURL: s.a.opts.APIURL})
	if problems := wrong.Check(t.Context()); len(problems) != 2 || !strings.Contains(problems[1].String(), "SLACK_BOT_TOKEN") {
		t.Errorf("problems: %v", problems)
	}
	name, email, tz, err := s.a.UserInfo(t.Context(), "UJO")
	if name != "Jo Field" || email != "jo@example.com" || tz != "Europe/Berlin" || err != nil {
		t.Errorf("%q %q %q %v", name, email, tz, err)
	}
	if diff := missingScopes("commands, chat:write"); len(diff) != len(Scopes())-2 {
		t.Errorf("missing %v", diff)
	}
}

func TestTheSocketComesBack(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, true)
	s.Disconnect()
	s.until(t, "the app is back", func() bool { return len(s.Requests("apps.connections.open")) >= 2 && s.Connected() })
	logOneCall(t, s)
}
