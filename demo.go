package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"callout/bot"
	"callout/bot/slackbot"
	"callout/internal/sandbox"
	"callout/internal/sandbox/slack"
	"callout/internal/seed"
	"callout/store"
	"callout/store/pg"
)

type demoCmd struct {
	PageAddr string `default:"127.0.0.1:4242" help:"Address of the page."`
	NoOpen   bool   `help:"Do not open a browser."`
	Reset    bool   `help:"Begin anew: forget everything of the last demo."`
	Discord  bool   `help:"The company lives in Discord, and is in Slack too: one record, a card in each. What was done stays when you start again with or without it."`
}

// demoPace is how long a text message takes to arrive, so that people can watch it.
const demoPace = 700 * time.Millisecond

// Run shows everything in a browser: the real bot, talking to a local Slack, phone network and mail server.
func (d demoCmd) Run(ctx context.Context, c *Config, log *slog.Logger) error {
	dir := filepath.Join(c.DataDir, "demo")
	if d.Reset {
		if err := forgetDemo(dir); err != nil {
			return err
		}
	}
	company := seed.Company()
	fmt.Println("Starting the demo of Callout with a private Postgres …")
	// Postgres first: it makes the directory so that the account that runs it may enter.
	db, err := openDatabase(ctx, &Config{DataDir: dir, NoDownload: c.NoDownload}, log)
	if err != nil {
		return err
	}
	defer db.stop(log)
	box, err := sandbox.Start(ctx, sandbox.Options{
		Dir: filepath.Join(dir, "sandbox"), Addr: d.PageAddr, Company: company.Name, Discord: d.Discord, Log: log, Pace: demoPace,
	})
	if err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	defer closeLogged(log, "the sandbox", box.Close)
	config, err := demoConfig(ctx, c, dir, company, box.Env())
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, db.url, log); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	app, err := NewApp(ctx, config, db.url, log, time.Now)
	if err != nil {
		return err
	}
	defer app.Close()
	if err := d.settle(ctx, app.store); err != nil {
		return err
	}
	return d.serve(ctx, app, box, company)
}

// settle writes the company, unless it is there already, and has it live where this demo shows it.
func (d demoCmd) settle(ctx context.Context, db *store.Store) error {
	now := time.Now()
	if err := seed.Apply(ctx, db, now, seed.Options{CallsChannel: seed.CallsChannel, QuotesChannel: seed.QuotesChannel}); err != nil {
		return err
	}
	if d.Discord {
		return seed.JoinDiscord(ctx, db, now)
	}
	return seed.LeaveDiscord(ctx, db)
}

func (d demoCmd) serve(ctx context.Context, app *App, box *sandbox.Sandbox, company seed.Firm) error {
	var lc net.ListenConfig
	port, err := lc.Listen(ctx, "tcp", app.config.Addr)
	if err != nil {
		return fmt.Errorf("listen for the sandbox: %w", err)
	}
	if err := furnish(box, company, "http://"+port.Addr().String()); err != nil {
		return errors.Join(err, port.Close())
	}
	url, command := box.URL(), "/log-call copier jams on tray 2"
	if d.Discord {
		url, command = url+"/discord.html", "/log-call words:copier jams on tray 2"
	}
	fmt.Print(welcome(url, command))
	if !d.NoOpen {
		openBrowser(ctx, url)
	}
	return app.Run(ctx, listeners{main: port})
}

// welcome says what to do first.
func welcome(url, command string) string {
	return fmt.Sprintf(`
  Open %s in a browser.

  Choose who you are at the top left: begin as Joel Fairweather of the front desk. In #calls type
  %s and send the form. Then be the technician who was asked, and accept.

  Ctrl-C stops everything. Nothing leaves this machine.

`, url, command)
}

// demoConfig points the real program at the sandbox.
func demoConfig(ctx context.Context, c *Config, dir string, company seed.Firm, env map[string]string) (*Config, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	config := &Config{
		DataDir: dir, NoDownload: c.NoDownload, LogLevel: c.LogLevel, Addr: address, PublicURL: "http://" + address,
		Company: company.Name, Timezone: company.Zone, Country: company.Country, Currency: company.Currency,
		CallsChannel: seed.CallsChannel, QuotesChannel: seed.QuotesChannel, ReportsChannel: seed.ReportsChannel,
		SlackBotToken: Secret(env["SLACK_BOT_TOKEN"]), SlackSigningSecret: Secret(env["SLACK_SIGNING_SECRET"]), SlackAPIURL: env["SLACK_API_URL"],
		TwilioAccountSID: env["TWILIO_ACCOUNT_SID"], TwilioAuthToken: Secret(env["TWILIO_AUTH_TOKEN"]), TwilioFrom: env["TWILIO_FROM"],
		TwilioAPIURL: env["TWILIO_API_URL"], SMTPURL: Secret(env["SMTP_URL"]), EmailFrom: env["EMAIL_FROM"],
	}
	if env["DISCORD_BOT_TOKEN"] != "" {
		config.inDiscord(company, env)
	}
	return config, config.Check()
}

// freeAddress finds a free port on loopback. The sandbox must know the address before the program is built.
func freeAddress(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// furnish puts the company's people and channels into the sandbox and installs the app there.
func furnish(box *sandbox.Sandbox, company seed.Firm, appURL string) error {
	for _, m := range company.Members {
		box.Slack.AddUser(slack.User{ID: m.UserID, Name: m.Handle, RealName: m.Name, Email: m.Email, TZ: company.Zone})
		box.Page.SetTitle(m.UserID, m.Title)
		if m.Phone == "" {
			continue
		}
		if err := box.Twilio.AddPhone(m.Phone, m.Name); err != nil {
			return fmt.Errorf("phone of %s: %w", m.Name, err)
		}
	}
	texted := company.Texted()
	for _, phone := range slices.Sorted(maps.Keys(texted)) {
		if err := box.Twilio.AddPhone(phone, texted[phone]); err != nil {
			return fmt.Errorf("phone of %s: %w", texted[phone], err)
		}
	}
	if box.Discord != nil {
		furnishGuild(box, company)
	}
	for _, ch := range company.Channels {
		members := append([]string{box.Slack.BotUserID()}, ch.Members...)
		box.Slack.AddChannel(slack.Channel{ID: ch.ID, Name: ch.Name, Purpose: ch.Purpose, Members: members})
	}
	table := bot.New(bot.Options{})
	manifest, err := slackbot.Manifest(table.Commands(), table.Shortcuts(), slackbot.ManifestOptions{PublicURL: appURL, Name: "Callout"})
	if err != nil {
		return err
	}
	if err := box.Slack.SetManifest(manifest); err != nil {
		return fmt.Errorf("install the app in the sandbox: %w", err)
	}
	box.ConnectApp(appURL)
	return nil
}

// forgetDemo removes the demo's database and the sandbox's memory.
func forgetDemo(dir string) error {
	if err := pg.Remove((&Config{DataDir: dir}).postgresDir()); err != nil {
		return fmt.Errorf("remove the demo's database: %w", err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "sandbox")); err != nil {
		return fmt.Errorf("remove the sandbox's memory: %w", err)
	}
	return nil
}

func closeLogged(log *slog.Logger, what string, closer func() error) {
	if err := closer(); err != nil {
		log.Error("could not close "+what, "err", err)
	}
}

// openBrowser opens a page where there is a browser; where there is none, the printed address has to do.
func openBrowser(ctx context.Context, url string) {
	opener := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if opener == nil {
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return
		}
		opener = []string{"xdg-open"}
	}
	cmd := exec.CommandContext(ctx, opener[0], append(opener[1:], url)...) //nolint:gosec // our own address
	if cmd.Start() == nil {                                                // no browser is no failure
		go func() { _ = cmd.Wait() }()
	}
}
