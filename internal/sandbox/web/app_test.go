package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"callout/internal/sandbox"
	"callout/internal/sandbox/slack"
)

type obj = map[string]any

// app is a small Slack app that reaches the sandbox as a real one would: over HTTP, with its token.
type app struct {
	t    *testing.T
	box  *sandbox.Sandbox
	env  map[string]string
	http *httptest.Server

	mu     sync.Mutex
	number int
	texts  []string
}

const manifest = `{
  "display_information": {"name": "Callout"},
  "features": {
    "app_home": {"home_tab_enabled": true, "messages_tab_enabled": true},
    "bot_user": {"display_name": "Callout"},
    "slash_commands": [
      {"command": "/log-call", "url": "https://example.com/slack/events", "description": "Log a customer's call", "usage_hint": "[what the customer said]"},
      {"command": "/calls", "url": "https://example.com/slack/events", "description": "List calls, or show one", "usage_hint": "[filters or a number]"},
      {"command": "/duty", "url": "https://example.com/slack/events", "description": "Say whether you are available", "usage_hint": "[on, off, until 17:00, who]"},
      {"command": "/report", "url": "https://example.com/slack/events", "description": "Make a report with charts and a PDF", "usage_hint": "[kind] [filters]"},
      {"command": "/callout", "url": "https://example.com/slack/events", "description": "Help, your settings, your team", "usage_hint": "[help, me, team, settings]"},
      {"command": "/sleepy", "url": "https://example.com/slack/events", "description": "A command that the app never answers"}
    ],
    "shortcuts": [
      {"name": "Log a call", "type": "global", "callback_id": "log_call", "description": "A customer has called"},
      {"name": "Log call from this", "type": "message", "callback_id": "log_from_message", "description": "Take over its words"}
    ]
  },
  "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "im:write", "im:history", "channels:read", "channels:history",
    "channels:join", "im:read", "users:read", "files:write", "files:read"]}},
  "settings": {
    "event_subscriptions": {"request_url": "https://example.com/slack/events", "bot_events": ["app_home_opened", "message.im"]},
    "interactivity": {"is_enabled": true, "request_url": "https://example.com/slack/events", "message_menu_options_url": "https://example.com/slack/events"},
    "socket_mode_enabled": false
  }
}`

// startApp brings up a sandbox with a company in it, and the app connected to it.
func startApp(t *testing.T, opt sandbox.Options) *app {
	t.Helper()
	opt.Company = "Northgate Office Service"
	box, err := sandbox.Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{t: t, box: box, env: box.Env(), number: 41}
	a.http = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(func() {
		a.http.Close()
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	box.ConnectApp(a.http.URL)
	if err := box.Slack.SetManifest([]byte(manifest)); err != nil {
		t.Fatal(err)
	}
	a.company()
	return a
}

func (a *app) company() {
	all := []string{a.box.Slack.BotUserID()}
	for _, p := range []struct{ id, name, real, title, phone string }{
		{"U01DANA", "dana", "Dana Whitfield", "Front desk", ""},
		{"U02MARIA", "maria", "Maria Lopez", "Technician", "+14155550123"},
		{"U03TOM", "tom", "Tom Okafor", "Technician", "+14155550124"},
		{"U04INES", "ines", "Inês Albuquerque de Vasconcelos", "Sales and quotes for public institutions", ""},
		{"U05RAJ", "raj", "Raj Patel", "Service manager, admin", "+14155550125"},
	} {
		a.box.Slack.AddUser(slack.User{ID: p.id, Name: p.name, RealName: p.real, TZ: "America/New_York"})
		a.box.Page.SetTitle(p.id, p.title)
		all = append(all, p.id)
		if p.phone != "" {
			if err := a.box.Twilio.AddPhone(p.phone, p.real); err != nil {
				a.t.Fatal(err)
			}
		}
	}
	for id, name := range map[string]string{"C01CALLS": "calls", "C02QUOTES": "quotes", "C03REPORTS": "reports"} {
		a.box.Slack.AddChannel(slack.Channel{ID: id, Name: name, Members: all, Purpose: "Everything about " + name})
	}
	a.box.Slack.AddChannel(slack.Channel{ID: "C04LOUNGE", Name: "lounge-and-everything-else-we-like-to-talk-about", Members: all[2:]})
}

// call uses the Web API.
func (a *app) call(method string, args obj) obj {
	body, _ := json.Marshal(args)
	req, _ := http.NewRequest(http.MethodPost, a.env["SLACK_API_URL"]+method, strings.NewReader(string(body)))
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer "+a.env["SLACK_BOT_TOKEN"])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Error(err)
		return nil
	}
	defer resp.Body.Close()
	var out obj
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out["ok"] != true {
		a.t.Errorf("%s: %v %v", method, err, out)
	}
	return out
}

func (a *app) post(channel, text string, blocks ...any) string {
	out := a.call("chat.postMessage", obj{"channel": channel, "text": text, "blocks": blocks})
	ts, _ := out["ts"].(string)
	return ts
}

// sms sends a text through the phone network.
func (a *app) sms(to, body string) {
	form := url.Values{"To": {to}, "From": {a.env["TWILIO_FROM"]}, "Body": {body}}
	address := a.env["TWILIO_API_URL"] + "/2010-04-01/Accounts/" + a.env["TWILIO_ACCOUNT_SID"] + "/Messages.json"
	req, _ := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(a.env["TWILIO_ACCOUNT_SID"], a.env["TWILIO_AUTH_TOKEN"])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Error(err)
		return
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		body, _ := io.ReadAll(resp.Body)
		a.t.Errorf("sms: %s %s", resp.Status, body)
	}
}

func (a *app) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/twilio/") {
		a.twilio(w, r)
		return
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		a.event(w, r)
		return
	}
	_ = r.ParseForm()
	if raw := r.PostForm.Get("payload"); raw != "" {
		var p obj
		_ = json.Unmarshal([]byte(raw), &p)
		a.interact(w, p)
		return
	}
	a.command(w, r)
}

func (a *app) twilio(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	if r.URL.Path != "/twilio/sms" {
		return
	}
	a.mu.Lock()
	a.texts = append(a.texts, r.PostForm.Get("Body"))
	a.mu.Unlock()
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprint(w, "<Response><Message>Call 42 is yours. Thank you!</Message></Response>")
}

func (a *app) event(w http.ResponseWriter, r *http.Request) {
	var e struct {
		Challenge string
		Event     struct{ Type, User string }
	}
	_ = json.NewDecoder(r.Body).Decode(&e)
	fmt.Fprint(w, e.Challenge)
	if e.Event.Type == "app_home_opened" {
		go a.call("views.publish", obj{"user_id": e.Event.User, "view": homeView()})
	}
}

func (a *app) command(w http.ResponseWriter, r *http.Request) {
	form := r.PostForm
	switch form.Get("command") {
	case "/sleepy":
		<-r.Context().Done() // until Slack gives up
	case "/log-call":
		a.call("views.open", obj{"trigger_id": form.Get("trigger_id"), "view": callForm(form.Get("text"), false)})
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(obj{"response_type": "ephemeral", "text": "You said *" + form.Get("command") + "*, and only you see this."})
	}
}

func (a *app) interact(w http.ResponseWriter, p obj) {
	w.Header().Set("Content-Type", "application/json")
	answer := func(v any) { _ = json.NewEncoder(w).Encode(v) }
	switch p["type"] {
	case "block_suggestion":
		answer(obj{"options": customers(p["value"].(string))})
	case "shortcut", "message_action":
		a.call("views.open", obj{"trigger_id": p["trigger_id"], "view": callForm("", false)})
	case "block_actions":
		w.WriteHeader(http.StatusOK)
		a.pressed(p)
	case "view_submission":
		if errs := a.submitted(p); errs != nil {
			answer(obj{"response_action": "errors", "errors": errs})
		}
	}
}

func (a *app) pressed(p obj) {
	action := p["actions"].([]any)[0].(obj)
	if view, ok := p["view"].(obj); ok && action["action_id"] == "customer" {
		a.call("views.update", obj{"view_id": view["id"], "view": callForm("", true)})
		return
	}
	message, ok := p["message"].(obj)
	if !ok || action["action_id"] != "accept" {
		return
	}
	channel := p["channel"].(obj)["id"]
	user := p["user"].(obj)["id"].(string)
	a.call("chat.update", obj{"channel": channel, "ts": message["ts"], "text": "Call 42 accepted", "blocks": card(42, "The copier jams on tray 2", user)})
	a.call("chat.postMessage", obj{"channel": channel, "thread_ts": message["ts"], "text": "<@" + user + "> accepted the call in Slack."})
}

func (a *app) submitted(p obj) obj {
	values := p["view"].(obj)["state"].(obj)["values"].(obj)
	summary, _ := values["summary"].(obj)["summary"].(obj)["value"].(string)
	if len(summary) < 12 {
		return obj{"summary": "Please say a little more: what does the machine do, or not do?"}
	}
	a.mu.Lock()
	a.number++
	n := a.number
	a.mu.Unlock()
	ts := a.post("C01CALLS", fmt.Sprintf("Call %d: %s", n, summary), card(n, summary, "")...)
	a.call("chat.postMessage", obj{"channel": "C01CALLS", "thread_ts": ts, "text": fmt.Sprintf("Call %d was logged.", n)})
	a.sms("+14155550123", fmt.Sprintf("Call %d: %s at Acme Foods, 12 Mill Road. Reply A %d to accept, D %d to decline.", n, summary, n, n))
	return nil
}
