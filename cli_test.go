package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callout/bot"
	"callout/internal/sandbox/slack"
	"callout/store/storetest"
)

// runs runs a command of the program to its end and returns what it wrote, and whether it ended well.
func runs(t *testing.T, settings map[string]string, args ...string) (out, problems string, well bool) {
	t.Helper()
	if settings["CALLOUT_DATA_DIR"] == "" {
		with := map[string]string{"CALLOUT_DATA_DIR": t.TempDir()}
		for k, v := range settings {
			with[k] = v
		}
		settings = with
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	cmd := program(ctx, settings, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("callout %s did not end:\n%s%s", strings.Join(args, " "), &stdout, &stderr)
	}
	return stdout.String(), stderr.String(), err == nil
}

func TestManifestCommand(t *testing.T) {
	t.Parallel()
	workspace, err := slack.New(slack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = workspace.Close() })
	for _, c := range []struct {
		settings map[string]string
		args     []string
	}{
		{nil, []string{"manifest", "--socket"}},
		{map[string]string{"CALLOUT_PUBLIC_URL": "https://callout.example.com/"}, []string{"manifest", "--name", "Acme desk"}},
	} {
		out, problems, well := runs(t, c.settings, c.args...)
		if !well {
			t.Fatalf("%v: %s", c.args, problems)
		}
		if err := workspace.SetManifest([]byte(out)); err != nil {
			t.Errorf("Slack does not take the manifest of %v: %v", c.args, err)
		}
		var names []string
		for _, command := range workspace.Commands() {
			names = append(names, command.Name)
		}
		for _, command := range bot.New(bot.Options{}).Commands() {
			if has := saysAll(" "+strings.Join(names, " ")+" ", []string{" /" + command.Name + " "}); has == command.Sub {
				t.Errorf("/%s: in the manifest %v, want %v", command.Name, has, !command.Sub)
			}
		}
		if len(workspace.Shortcuts()) != len(bot.New(bot.Options{}).Shortcuts()) {
			t.Errorf("the shortcuts are %v", workspace.Shortcuts())
		}
		if strings.Contains(out, "//slack") {
			t.Errorf("an address in the manifest has an empty path: %s", out)
		}
	}
	out, problems, well := runs(t, nil, "manifest")
	if !well || !strings.Contains(problems, "CALLOUT_PUBLIC_URL") || workspace.SetManifest([]byte(out)) != nil || !strings.Contains(out, `"socket_mode_enabled": true`) {
		t.Errorf("without an address the manifest says %q\n%s", problems, out)
	}
}

func TestReportCommand(t *testing.T) {
	t.Parallel()
	database := storetest.URL(t)
	w := startWorldOn(t, database)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logged(acme.ID, "paper jam", "urgent")
	dora.logged(acme.ID, `=HYPERLINK("http://x")`, "low")
	w.settled()
	settings := map[string]string{"DATABASE_URL": database, "CALLOUT_COUNTRY": "GB"}
	dir := t.TempDir()

	pdf := filepath.Join(dir, "calls.pdf")
	_, problems, well := runs(t, settings, "report", "calls", "--from", "2026-03-01", "--to", "2026-03-31", "-o", pdf)
	content, err := os.ReadFile(pdf)
	if !well || err != nil || !bytes.HasPrefix(content, []byte("%PDF-")) {
		t.Errorf("the PDF has %d bytes (%v): %s", len(content), err, problems)
	}
	if !strings.Contains(problems, "calls.pdf") {
		t.Errorf("it does not say where the report is: %q", problems)
	}

	csv := filepath.Join(dir, "calls.csv")
	_, problems, well = runs(t, settings, "report", "calls", "customer:Acme Foods", "--from", "2026-03", "--to", "2026-03", "-o", csv)
	content, err = os.ReadFile(csv)
	if lines := strings.Count(strings.TrimSpace(string(content)), "\n"); !well || err != nil || lines != 2 {
		t.Errorf("the table has %d lines below its header (%v): %s\n%s", lines, err, problems, content)
	}
	if !strings.Contains(string(content), "Acme Foods") || strings.Contains(string(content), `,"=HYPERLINK`) {
		t.Errorf("the table is not what a spreadsheet may open:\n%s", content)
	}
	out, _, well := runs(t, settings, "report", "calls", "priority:urgent", "--from", "2026-03", "--to", "2026-03")
	if !well || !strings.HasPrefix(out, "%PDF-") {
		t.Errorf("standard output begins with %.20q", out)
	}

	for _, c := range []struct{ args, says []string }{
		{[]string{"calls", "--from", "2026-02-30"}, []string{"from:2026-02-30", "not a date"}},
		{[]string{"calls", "--from", "2026-03-02", "--to", "2026-03-01"}, []string{"is after"}},
		{[]string{"calls", "status:pendign"}, []string{"Did you mean “pending”?"}},
		{[]string{"calls", "tech:nobody-like-this"}, []string{"Nobody is called"}},
		{[]string{"holidays"}, []string{"calls", "visits", "maintenance"}},
	} {
		bad := filepath.Join(dir, "bad.pdf")
		_, problems, well := runs(t, settings, append([]string{"report", "-o", bad}, c.args...)...)
		if well || !saysAll(problems, c.says) {
			t.Errorf("report %v says %q, want %q", c.args, problems, c.says)
		}
		if _, err := os.Stat(bad); err == nil {
			t.Errorf("report %v left a file", c.args)
		}
	}
	_, problems, well = runs(t, settings, "report", "calls", "-o", filepath.Join(dir, "nowhere", "calls.pdf"))
	if well || !strings.Contains(problems, "nowhere") {
		t.Errorf("a directory that is not there: %q", problems)
	}
}

func TestHalfSetSettings(t *testing.T) {
	t.Parallel()
	out, problems, well := runs(t, map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-hunter2-slack", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "hunter2twilio",
		"SMTP_URL": "smtp://desk:hunter2-mail@127.0.0.1:1", "CALLOUT_TIMEZONE": "Mars/Olympus", "CALLOUT_COUNTRY": "Atlantis",
		"CALLOUT_CURRENCY": "gold", "CALLOUT_PUBLIC_URL": "callout.example.com", "DISCORD_APP_ID": "1",
	}, "serve")
	if well {
		t.Fatal("it started")
	}
	for _, words := range [][]string{
		{"Slack is only half set up", "SLACK_SIGNING_SECRET"},
		{"SMS is only half set up", "TWILIO_FROM"},
		{"E-mail is only half set up", "EMAIL_FROM"},
		{"Discord is only half set up", "DISCORD_BOT_TOKEN and DISCORD_PUBLIC_KEY"},
		{"CALLOUT_TIMEZONE", "Mars/Olympus", "Europe/Berlin"},
		{"CALLOUT_COUNTRY", "Atlantis"},
		{"CALLOUT_CURRENCY", "gold"},
		{"CALLOUT_PUBLIC_URL", "https://"},
	} {
		if !saysAll(problems, words) {
			t.Errorf("nothing says %q:\n%s", words, problems)
		}
	}
	if strings.Contains(out+problems, "hunter2") {
		t.Errorf("a secret is printed:\n%s%s", out, problems)
	}
}

// secrets are settings none of which may ever be printed, with addresses where nobody answers.
func secrets(database string) map[string]string {
	return map[string]string{
		"SLACK_BOT_TOKEN": "xoxb-hunter2-bot", "SLACK_SIGNING_SECRET": "hunter2-signing", "SLACK_APP_TOKEN": "xapp-hunter2-app",
		"SLACK_API_URL": "http://127.0.0.1:1/api/", "TWILIO_ACCOUNT_SID": "AC0ca1100ca1100ca1100ca1100ca11000",
		"TWILIO_AUTH_TOKEN": "hunter2twilio", "TWILIO_FROM": "+14155550100", "TWILIO_API_URL": "http://127.0.0.1:1",
		"SMTP_URL": "smtp://desk:hunter2-mail@127.0.0.1:1", "EMAIL_FROM": "desk@example.com", "CALLOUT_LOG_LEVEL": "debug",
		"DATABASE_URL": database, "CALLOUT_ADDR": "127.0.0.1:0",
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings map[string]string
		args     []string
	}{
		"doctor":                      {secrets(storetest.URL(t)), []string{"doctor"}},
		"a flag that is wrong":        {secrets("postgres://u:hunter2-db@127.0.0.1:1/x"), []string{"serve", "--smtp-url=smtp://u:hunter2-flag@", "--email-from="}},
		"an address that is none":     {secrets("postgres://u:hunter2-db@[::1/x"), []string{"migrate"}},
		"a database that refuses":     {secrets("host=127.0.0.1 port=1 user=u password=hunter2-db dbname=x sslmode=maybe"), []string{"migrate"}},
		"help":                        {secrets("postgres://u:hunter2-db@127.0.0.1:1/x"), []string{"serve", "--help"}},
		"a command that is not there": {secrets("postgres://u:hunter2-db@127.0.0.1:1/x"), []string{"dance"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, problems, well := runs(t, c.settings, c.args...)
			if strings.Contains(out+problems, "hunter2") {
				t.Errorf("a secret is printed:\n%s%s", out, problems)
			}
			if well && name != "help" {
				t.Errorf("it ended well:\n%s%s", out, problems)
			}
		})
	}
}

func TestServeWithoutItsDatabase(t *testing.T) {
	t.Parallel()
	settings := secrets("postgres://u:hunter2-db@127.0.0.1:1/x")
	settings["CALLOUT_DATA_DIR"] = t.TempDir()
	out := &said{}
	cmd := program(t.Context(), settings, "serve")
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, ctx: t.Context()}
	w.until("it says that it waits", func() bool { return strings.Contains(out.String(), "waiting for the database") }, out.String)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("told to stop while it waits, it ended with %v", err)
	}
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("a secret is printed:\n%s", out)
	}
}

func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	settings := map[string]string{"DATABASE_URL": storetest.Empty(t)}
	for range 2 {
		out, problems, well := runs(t, settings, "migrate")
		if !well || !strings.Contains(out, "The database is at the version of this program.") {
			t.Fatalf("migrate says %q, %q", out, problems)
		}
	}
	_, problems, well := runs(t, map[string]string{"DATABASE_URL": "host=127.0.0.1 dbname=none sslmode=maybe"}, "migrate")
	if well || !strings.Contains(problems, "DATABASE_URL") {
		t.Errorf("a wrong address: %q", problems)
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	box := startSandbox(t, time.Now)
	w := &world{T: t, ctx: t.Context(), sandbox: box, url: "https://callout.example.com"}
	w.install(false)
	database := storetest.URL(t)
	settings := func(change map[string]string) map[string]string {
		env := box.Env()
		delete(env, "SLACK_APP_TOKEN")
		env["DATABASE_URL"], env["CALLOUT_PUBLIC_URL"], env["CALLOUT_CALLS_CHANNEL"] = database, w.url, callsChannel
		for k, v := range change {
			env[k] = v
		}
		return env
	}
	out, problems, well := runs(t, settings(nil), "doctor")
	if !well || !saysAll(out, []string{"✓ Postgres", "✓ Slack", "✓ SMS", "✓ E-mail", "– Discord is off"}) {
		t.Errorf("all is well, and the doctor says %q, %q", out, problems)
	}
	for name, c := range map[string]struct {
		change map[string]string
		says   []string
	}{
		"wrong Slack token":  {map[string]string{"SLACK_BOT_TOKEN": "xoxb-wrong"}, []string{"✗ Slack: Slack refuses SLACK_BOT_TOKEN", "invalid_auth", "✓ SMS", "✓ E-mail"}},
		"wrong Twilio token": {map[string]string{"TWILIO_AUTH_TOKEN": "wrong"}, []string{"✗ SMS:", "TWILIO_AUTH_TOKEN", "✓ Slack"}},
		"wrong number":       {map[string]string{"TWILIO_FROM": "+14155550199"}, []string{"✗ SMS:", "TWILIO_FROM"}},
		"no mail server":     {map[string]string{"SMTP_URL": "smtp://127.0.0.1:1"}, []string{"✗ E-mail:", "127.0.0.1:1"}},
		"unknown channel":    {map[string]string{"CALLOUT_CALLS_CHANNEL": "C0NOWHERE"}, []string{"✗ Slack: channel C0NOWHERE cannot be seen", "invite"}},
		"no channel":         {map[string]string{"CALLOUT_CALLS_CHANNEL": ""}, []string{"✗ Slack: no channel for calls is set", "CALLOUT_CALLS_CHANNEL"}},
		"nobody answers":     {map[string]string{"SLACK_API_URL": "http://127.0.0.1:1/api/"}, []string{"✗ Slack: Slack cannot be reached", "SLACK_API_URL"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, problems, well := runs(t, settings(c.change), "doctor")
			if well || !saysAll(out, c.says) {
				t.Errorf("the doctor says %q, %q, want %q", out, problems, c.says)
			}
		})
	}
	t.Run("missing scope", func(t *testing.T) {
		t.Parallel()
		other := startSandbox(t, time.Now)
		manifest, _, _ := runs(t, map[string]string{"CALLOUT_PUBLIC_URL": w.url}, "manifest")
		if err := other.Slack.SetManifest([]byte(strings.Replace(manifest, `"files:write"`, `"files:read"`, 1))); err != nil {
			t.Fatal(err)
		}
		env := settings(nil)
		for k, v := range other.Env() {
			env[k] = v
		}
		delete(env, "SLACK_APP_TOKEN")
		out, _, well := runs(t, env, "doctor")
		if well || !saysAll(out, []string{"✗ Slack: the Slack app lacks the scopes files:write", "callout manifest"}) {
			t.Errorf("the doctor says %q", out)
		}
	})
}

func TestVersionAndHelp(t *testing.T) {
	t.Parallel()
	out, _, well := runs(t, nil, "version")
	if !well || !strings.HasPrefix(out, "callout ") {
		t.Errorf("the version is %q", out)
	}
	help, _, well := runs(t, nil, "--help")
	if !well || !saysAll(help, []string{"serve", "demo", "migrate", "manifest", "report", "doctor", "DATABASE_URL", "CALLOUT_ADMINS"}) {
		t.Errorf("the help is %s", help)
	}
}

func TestAnswersForMachines(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	dora.asks("/calls", "There are no calls yet")
	for path, want := range map[string]string{"/healthz": "alive", "/readyz": "ready", "/metrics": `callout_acknowledge_seconds_count{code="200",platform="slack"}`} {
		req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		_, _ = body.ReadFrom(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK || !strings.Contains(body.String(), want) {
			t.Errorf("%s answers %d, want %q in\n%s", path, resp.StatusCode, want, &body)
		}
	}
}
