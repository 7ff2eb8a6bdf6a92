package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox"
)

// read returns the status and the header of an answer whose body it reads into v, unless that is nil.
func read(t *testing.T, address string, v any) (int, http.Header) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if v != nil {
		if err := json.Unmarshal(body, v); err != nil {
			t.Fatalf("%s: %s", address, body)
		}
	}
	return resp.StatusCode, resp.Header
}

func act(t *testing.T, address, origin, body string) (int, map[string]any) {
	t.Helper()
	req, _ := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&out) // a refusal by the server itself is not JSON
	return resp.StatusCode, out
}

func TestAnotherSiteMayNotAct(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	say := `{"user":"U01DANA","channel":"C01CALLS","text":"hello"}`
	if status, _ := act(t, a.box.URL()+"/ui/type", "https://evil.example", say); status != http.StatusForbidden {
		t.Errorf("from another site: %d", status)
	}
	if n := len(a.box.Slack.Messages("C01CALLS")); n != 0 {
		t.Errorf("%d messages were written", n)
	}
	if status, _ := act(t, a.box.URL()+"/ui/type", a.box.URL(), say); status != http.StatusOK {
		t.Errorf("from the page itself: %d", status)
	}
}

func TestProblemsAreTold(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	a.http.Close() // the bot is gone
	for _, c := range []struct {
		name, path, body string
		status           int
		kind             string
	}{
		{"nobody answers", "type", `{"user":"U01DANA","channel":"C01CALLS","text":"/log-call x"}`, http.StatusBadGateway, "dispatch_failed"},
		{"an empty message", "type", `{"user":"U01DANA","channel":"C01CALLS","text":" "}`, http.StatusUnprocessableEntity, "refused"},
		{"no such person", "open-home", `{"user":"U99"}`, http.StatusUnprocessableEntity, "refused"},
		{"not JSON", "press", `{`, http.StatusUnprocessableEntity, "refused"},
		{"a text from no number", "phones/text", `{"from":"maria","body":"hi"}`, http.StatusUnprocessableEntity, "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			status, out := act(t, a.box.URL()+"/ui/"+c.path, "", c.body)
			if status != c.status || out["kind"] != c.kind || out["message"] == "" {
				t.Errorf("%d %v, want %d %s", status, out, c.status, c.kind)
			}
		})
	}
}

func TestUnreadCountsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	ts := a.post("C01CALLS", "Call 42")
	if _, err := a.box.Slack.Type(t.Context(), "U01DANA", "C01CALLS", "mine"); err != nil {
		t.Fatal(err)
	}
	var out struct {
		Channels []struct {
			ID     string
			Recent []string
		}
		App string
	}
	read(t, a.box.URL()+"/ui/channels?user=U01DANA", &out)
	app := false
	for _, c := range out.Channels {
		app = app || c.ID == out.App
		if c.ID == "C01CALLS" && (len(c.Recent) != 1 || c.Recent[0] != ts) {
			t.Errorf("unread %v, want only %s", c.Recent, ts)
		}
	}
	if !app {
		t.Error("the app's conversation is not in the list")
	}
}

func TestMailIsLockedIn(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	letter := strings.ReplaceAll(`From: callout@sandbox.test
To: raj@northgate.test
Date: Sun, 01 Mar 2026 09:00:00 +0000
Subject: Report
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<script>alert(1)</script><p>Hello</p>
--b
Content-Type: text/html
Content-Disposition: attachment; filename="page.html"

<script>alert(2)</script>
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="été.pdf"

%PDF-1.4
--b--
`, "\n", "\r\n")
	host := strings.TrimPrefix(a.env["SMTP_URL"], "smtp://")
	if err := smtp.SendMail(host, nil, "callout@sandbox.test", []string{"raj@northgate.test"}, []byte(letter)); err != nil {
		t.Fatal(err)
	}
	var out struct{ Letters []struct{ ID string } }
	read(t, a.box.URL()+"/ui/mail", &out)
	base := a.box.URL() + "/ui/mail/" + out.Letters[0].ID
	_, header := read(t, base+"/html", nil)
	if csp := header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy of a letter: %q", csp)
	}
	for n, want := range []string{"attachment", "inline"} {
		_, header := read(t, fmt.Sprintf("%s/attachments/%d/x", base, n), nil)
		if got := header.Get("Content-Disposition"); !strings.HasPrefix(got, want) {
			t.Errorf("attachment %d: %q, want %s", n, got, want)
		}
	}
	if status, _ := read(t, base+"/attachments/9/x", nil); status != http.StatusNotFound {
		t.Errorf("no such attachment: %d", status)
	}
}

func TestChangesAreStreamed(t *testing.T) {
	t.Parallel()
	a := startApp(t, sandbox.Options{})
	client := &http.Client{Timeout: 10 * time.Second}
	resp, err := client.Get(a.box.URL() + "/ui/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Scan() // the stream is open once its first line is there
	a.post("C01CALLS", "Call 42")
	a.sms("+14155550123", "Call 42")
	seen := map[string]bool{}
	for len(seen) < 2 && lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var e struct{ Source, Type, Channel string }
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			t.Fatal(err)
		}
		if e.Source == "phones" || e.Type == "message" && e.Channel == "C01CALLS" {
			seen[e.Source] = true
		}
	}
	if !seen["slack"] || !seen["phones"] {
		t.Errorf("seen %v: %v", seen, lines.Err())
	}
}
