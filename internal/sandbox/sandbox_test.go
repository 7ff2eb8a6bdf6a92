package sandbox_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"net/url"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox"
	"callout/internal/sandbox/slack"
)

func start(t *testing.T, dir string) *sandbox.Sandbox {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Options{Dir: dir, Company: "Northgate"})
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// TestEveryDoorOpens reaches each server with nothing but the settings, as the bot does.
func TestEveryDoorOpens(t *testing.T) {
	t.Parallel()
	box := start(t, "")
	defer box.Close()
	env := box.Env()
	for name, value := range env {
		if value == "" {
			t.Errorf("%s is empty", name)
		}
	}
	req, _ := http.NewRequest(http.MethodPost, env["SLACK_API_URL"]+"auth.test", nil)
	req.Header.Set("Authorization", "Bearer "+env["SLACK_BOT_TOKEN"])
	if body := fetch(t, req); !strings.Contains(body, `"ok":true`) {
		t.Errorf("auth.test: %s", body)
	}
	form := url.Values{"To": {"+14155550123"}, "From": {env["TWILIO_FROM"]}, "Body": {"hi"}}
	address := env["TWILIO_API_URL"] + "/2010-04-01/Accounts/" + env["TWILIO_ACCOUNT_SID"] + "/Messages.json"
	req, _ = http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(env["TWILIO_ACCOUNT_SID"], env["TWILIO_AUTH_TOKEN"])
	if body := fetch(t, req); !strings.Contains(body, `"status":"queued"`) {
		t.Errorf("message: %s", body)
	}
	mailTo(t, env, "maria@sandbox.test")
	req, _ = http.NewRequest(http.MethodGet, box.URL(), nil)
	if body := fetch(t, req); !strings.Contains(body, "Callout demo workspace") {
		t.Errorf("page: %s", body)
	}
}

// TestDiscordIsThereWhenAskedFor reaches the guild with nothing but the settings.
func TestDiscordIsThereWhenAskedFor(t *testing.T) {
	t.Parallel()
	box, err := sandbox.Start(t.Context(), sandbox.Options{Company: "Northgate", Discord: true})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	env := box.Env()
	req, _ := http.NewRequest(http.MethodGet, env["DISCORD_API_URL"]+"/guilds/"+env["DISCORD_GUILD_ID"], nil)
	req.Header.Set("Authorization", "Bot "+env["DISCORD_BOT_TOKEN"])
	if body := fetch(t, req); !strings.Contains(body, `"name":"Northgate"`) {
		t.Errorf("guild: %s", body)
	}
	req, _ = http.NewRequest(http.MethodGet, env["DISCORD_API_URL"]+"/applications/@me", nil)
	req.Header.Set("Authorization", "Bot "+env["DISCORD_BOT_TOKEN"])
	if body := fetch(t, req); !strings.Contains(body, env["DISCORD_PUBLIC_KEY"]) || !strings.Contains(body, env["DISCORD_APP_ID"]) {
		t.Errorf("application: %s", body)
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func fetch(t *testing.T, req *http.Request) string {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func mailTo(t *testing.T, env map[string]string, to string) {
	t.Helper()
	letter := "From: " + env["EMAIL_FROM"] + "\r\nTo: " + to + "\r\nDate: Sun, 01 Mar 2026 09:00:00 +0000\r\nSubject: Hello\r\n\r\nHello\r\n"
	host := strings.TrimPrefix(env["SMTP_URL"], "smtp://")
	if err := smtp.SendMail(host, nil, env["EMAIL_FROM"], []string{to}, []byte(letter)); err != nil {
		t.Fatal(err)
	}
}

func TestStateSurvivesARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, dir)
	first.Slack.AddUser(slack.User{ID: "U1", Name: "maria"})
	first.Slack.AddChannel(slack.Channel{ID: "C1", Name: "calls", Members: []string{"U1"}})
	if _, err := first.Slack.Type(t.Context(), "U1", "C1", "good morning"); err != nil {
		t.Fatal(err)
	}
	if err := first.Twilio.AddPhone("+14155550123", "Maria"); err != nil {
		t.Fatal(err)
	}
	mailTo(t, first.Env(), "maria@sandbox.test")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := start(t, dir)
	defer second.Close()
	if m := second.Slack.Messages("C1"); len(m) != 1 || m[0].Text != "good morning" {
		t.Errorf("messages %+v", m)
	}
	if p := second.Twilio.Phones(); len(p) != 1 || p[0].Owner != "Maria" {
		t.Errorf("phones %+v", p)
	}
	if l := second.Mail.Messages("maria@sandbox.test"); len(l) != 1 {
		t.Errorf("mail %+v", l)
	}
}

func TestConnectAppSendsTextsToTheBot(t *testing.T) {
	t.Parallel()
	box := start(t, "")
	defer box.Close()
	got := make(chan string, 1)
	bot := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.URL.Path }))
	defer bot.Close()
	box.ConnectApp(bot.URL + "/")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := box.Twilio.Text(ctx, "+14155550123", "A 42"); err != nil {
		t.Fatal(err)
	}
	if path := <-got; path != "/twilio/sms" {
		t.Errorf("called %s", path)
	}
}

func TestAPortInUseIsAnErrorAndLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	l := listen(t)
	if box, err := sandbox.Start(t.Context(), sandbox.Options{Addr: l.Addr().String()}); err == nil {
		box.Close()
		t.Error("the port was taken")
	}
}
