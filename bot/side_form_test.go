package bot_test

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"callout/bot"
	"callout/bot/discordbot"
	"callout/bot/slackbot"
)

// TestFormsSideBySide draws the forms that commands open: Slack shows all fields at once, Discord the first five and then the next.
func TestFormsSideBySide(t *testing.T) {
	t.Parallel()
	b := bot.New(bot.Options{})
	for name, text := range map[string]string{
		"log-call": "Paper jam", "request-quote": "Two toners", "add-lead": "A lease", "log-visit": "They want two more", "equipment": "add Copier X", "callout": "team add",
	} {
		form := b.Preview(bot.Request{Kind: bot.KindCommand, Name: name, Text: text})
		slack, discord := openedBySlack(t, *form), openedByDiscord(t, *form)
		shown := 0
		for _, f := range form.Fields {
			if want := plainWords(f.Label); !strings.Contains(plainWords(slack.String()), want) {
				t.Errorf("%s: Slack does not ask %q", name, f.Label)
			}
			if shown++; shown <= 5 && !strings.Contains(plainWords(discord.String()), plainWords(f.Label)) {
				t.Errorf("%s: Discord does not ask %q", name, f.Label)
			}
			if !strings.Contains(slack.String(), f.Value) || shown <= 5 && !strings.Contains(discord.String(), f.Value) {
				t.Errorf("%s: %q is not filled in", name, f.Label)
			}
		}
		sideGolden(t, "form_"+name, fmt.Sprintf("=== Slack\n%s\n=== Discord, the first step\n%s\n", slack, discord))
	}
}

// oneForm is a conversation that opens one form.
type oneForm struct {
	oneCard
	form bot.Form
}

func (c oneForm) Handle(context.Context, bot.Request) bot.Reply { return bot.Reply{Form: &c.form} }

func (c oneForm) Preview(bot.Request) *bot.Form { return &c.form }

func (oneForm) Commands() []bot.Command { return bot.New(bot.Options{}).Commands() }

func openedBySlack(t *testing.T, form bot.Form) outline {
	t.Helper()
	p := &posted{path: "views.open", answer: `{"ok":true,"view":{"id":"V1"}}`}
	server := httptest.NewServer(p)
	defer server.Close()
	a := slackbot.New(slackbot.Options{Bot: oneForm{form: form}, BotToken: "xoxb-1", SigningSecret: "secret", APIURL: server.URL + "/"})
	body := "command=%2Flog-call&text=x&trigger_id=1.2&user_id=U1&user_name=u&channel_id=C1&team_id=T1&response_url=" + server.URL
	stamp := fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, []byte("secret"))
	_, _ = io.WriteString(mac, "v0:"+stamp+":"+body)
	r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	if err := a.Drain(t.Context()); err != nil || w.Code != http.StatusOK || p.body == nil {
		t.Fatalf("no form opened: %d %s %v", w.Code, w.Body, err)
	}
	return slackForm(t, p.body)
}

func openedByDiscord(t *testing.T, form bot.Form) outline {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := discordbot.New(discordbot.Options{Bot: oneForm{form: form}, Token: "t", AppID: "1", PublicKey: hex.EncodeToString(public)})
	if err != nil {
		t.Fatal(err)
	}
	body := `{"id":"1","type":2,"token":"t","application_id":"1","guild_id":"9","channel_id":"5","member":{"user":{"id":"7","username":"u"}},"data":{"type":1,"name":"log-call"}}`
	stamp := fmt.Sprint(time.Now().Unix())
	r := httptest.NewRequest(http.MethodPost, "/discord/interactions", strings.NewReader(body))
	r.Header.Set("X-Signature-Timestamp", stamp)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, []byte(stamp+body))))
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return discordForm(t, w.Body.Bytes())
}

// asked is one field of a form in an outline: its label, small print, what it holds, and what may be chosen.
func (o *outline) asked(label, hint, value, placeholder string, options []string) {
	if hint != "" {
		label += " (" + hint + ")"
	}
	o.add(0, label)
	switch {
	case len(options) > 0:
		o.add(2, "["+strings.Join(options, " | ")+"]")
	default:
		o.add(2, strings.ReplaceAll("["+value+"] "+placeholder, "\n", " / "))
	}
}

func slackForm(t *testing.T, body []byte) outline {
	t.Helper()
	var sent struct{ View object }
	raw := body
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("view") != "" {
		raw = []byte(`{"view":` + form.Get("view") + `}`)
	}
	if err := json.Unmarshal(raw, &sent); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	o := outline{"# " + slackText(sent.View["title"])}
	for _, block := range list(sent.View["blocks"]) {
		b := obj(block)
		if b["type"] != "input" {
			o.add(0, slackText(b["text"]))
			continue
		}
		e := obj(b["element"])
		label := slackText(b["label"])
		if b["optional"] == true {
			label += " (optional)"
		}
		value := str(e["initial_value"])
		if chosen := obj(e["initial_option"]); len(chosen) > 0 {
			value = slackText(chosen["text"])
		}
		var options []string
		for _, option := range list(e["options"]) {
			options = append(options, slackText(obj(option)["text"]))
		}
		o.asked(label, slackText(b["hint"]), value, slackText(e["placeholder"]), options)
	}
	o.add(2, "["+slackText(sent.View["submit"])+"]")
	return o
}

func discordForm(t *testing.T, body []byte) outline {
	t.Helper()
	var sent struct{ Data object }
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	o := outline{"# " + str(sent.Data["title"])}
	for _, component := range list(sent.Data["components"]) {
		c := obj(component)
		e := obj(c["component"])
		if len(e) == 0 {
			o.add(0, discordText(str(c["content"])))
			continue
		}
		label := str(c["label"])
		if e["required"] == false {
			label += " (optional)"
		}
		var options []string
		for _, option := range list(e["options"]) {
			options = append(options, str(obj(option)["label"]))
		}
		o.asked(label, str(c["description"]), str(e["value"]), str(e["placeholder"]), options)
	}
	o.add(2, "[Submit]")
	return o
}
