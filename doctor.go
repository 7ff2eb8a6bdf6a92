package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"callout/bot"
	"callout/bot/slackbot"
	"callout/desk"
	"callout/notify"
)

// problem is something wrong with the set-up, and what to do about it.
type problem struct{ service, text string }

// check asks every service that is set up whether it works. Parts that could not be built are missing, and left out.
func (a *App) check(ctx context.Context) []problem {
	var problems []problem
	add := func(service string, err error) {
		if err != nil {
			problems = append(problems, problem{service, err.Error()})
		}
	}
	settings := a.config.defaults()
	if a.store != nil {
		add("Postgres", a.store.Ready(ctx))
		chosen, err := a.desk.Settings(ctx)
		if err == nil {
			settings = chosen
		}
	}
	if a.slack != nil {
		calls := desk.ChannelOn(settings.CallsChannel, "slack")
		for _, p := range a.slack.Check(ctx, calls, desk.ChannelOn(settings.QuotesChannel, "slack"), desk.ChannelOn(settings.ReportsChannel, "slack")) {
			problems = append(problems, problem{"Slack", p.String()})
		}
		if calls == "" && a.discord == nil {
			problems = append(problems, problem{"Slack", "no channel for calls is set: set CALLOUT_CALLS_CHANNEL, or choose it with /callout settings"})
		}
	}
	if a.discord != nil {
		for _, text := range a.discord.Check(ctx) {
			problems = append(problems, problem{"Discord", text})
		}
	}
	if a.sms != nil {
		add("SMS", a.sms.Check(ctx))
		if a.config.PublicURL == "" {
			problems = append(problems, problem{"SMS", "answers cannot reach us: set CALLOUT_PUBLIC_URL and give Twilio the address …/twilio/sms"})
		}
	}
	if a.email != nil {
		add("E-mail", a.email.Check(ctx))
	}
	return problems
}

type doctorCmd struct{}

// checkWithin is how long all checks together may take.
const checkWithin = time.Minute

// Run checks everything that is set up and says what to do about each problem. It changes nothing: a database of an older
// version is a problem to report, not to mend.
func (doctorCmd) Run(ctx context.Context, c *Config, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	problems := diagnose(ctx, c, log)
	bad := map[string]bool{}
	for _, p := range problems {
		bad[p.service] = true
		fmt.Printf("✗ %s: %s\n", p.service, p.text)
	}
	if !bad["Postgres"] {
		fmt.Println("✓ Postgres")
	}
	for _, ch := range c.channels() {
		switch {
		case !ch.on():
			fmt.Printf("– %s is off\n", ch.name)
		case !bad[ch.name]:
			fmt.Printf("✓ %s\n", ch.name)
		}
	}
	if len(problems) > 0 {
		return errors.New("there are problems, see above")
	}
	return nil
}

// diagnose finds every problem there is; one service that is down hides no other.
func diagnose(ctx context.Context, c *Config, log *slog.Logger) []problem {
	var problems []problem
	db, err := openDatabase(ctx, c, log)
	if err != nil {
		problems = append(problems, problem{"Postgres", err.Error()})
	}
	defer db.stop(log)
	app := &App{config: c, log: log, now: time.Now}
	if err == nil {
		whole, err := NewApp(ctx, c, db.url, log, time.Now)
		if err == nil {
			defer whole.Close()
			return append(problems, whole.check(ctx)...)
		}
	}
	if err := app.addSenders(notify.NewRouter()); err != nil {
		problems = append(problems, problem{"Settings", err.Error()})
	}
	return append(problems, app.check(ctx)...)
}

type manifestCmd struct {
	Socket bool   `help:"For Socket Mode: no public address needed."`
	Name   string `default:"Callout" help:"Name of the app in Slack."`
}

// Run prints the manifest, made from the table of commands.
func (m manifestCmd) Run(c *Config) error {
	socket := m.Socket || c.SlackAppToken != ""
	if !socket && c.PublicURL == "" {
		socket = true
		fmt.Fprintln(os.Stderr, "This manifest is for Socket Mode. For HTTP, set CALLOUT_PUBLIC_URL to the address at which Slack reaches us.")
	}
	table := bot.New(bot.Options{})
	manifest, err := slackbot.Manifest(table.Commands(), table.Shortcuts(), slackbot.ManifestOptions{PublicURL: c.PublicURL, SocketMode: socket, Name: m.Name})
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(manifest, '\n'))
	return err
}
