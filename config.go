package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // a rule keeps its zone by name; small images have no zone files

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"callout/desk"
	"callout/store/pg"
)

// Secret is a setting that must never be printed.
type Secret string

// String hides the secret, in logs and in errors.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// LogValue hides the secret from structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Config is every setting. Each is a flag and an environment variable; the environment is read once, by kong.
type Config struct {
	DatabaseURL Secret `name:"database-url" env:"DATABASE_URL" help:"Postgres to use. Empty: a private one, run by Callout in the data directory."`
	DataDir     string `env:"CALLOUT_DATA_DIR" help:"Where the private Postgres and certificates are kept." type:"path"`
	NoDownload  bool   `env:"CALLOUT_NO_DOWNLOAD" help:"Never fetch Postgres binaries with npm."`
	LogLevel    string `env:"CALLOUT_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"How much to log: debug, info, warn or error."`

	Addr      string `env:"CALLOUT_ADDR" default:":8080" help:"Address to listen on."`
	PublicURL string `env:"CALLOUT_PUBLIC_URL" help:"Address at which Slack and Twilio reach us, such as https://callout.example.com."`
	TLSDomain string `name:"tls-domain" env:"CALLOUT_TLS_DOMAIN" help:"Get a certificate for this name by itself and serve HTTPS on port 443."`

	Company  string   `env:"CALLOUT_COMPANY" default:"Our company" help:"Name of the company."`
	Timezone string   `env:"CALLOUT_TIMEZONE" default:"UTC" help:"Time zone of the company, such as Europe/Berlin."`
	Country  string   `env:"CALLOUT_COUNTRY" default:"US" help:"Country of phone numbers typed without a country code, such as DE."`
	Currency string   `env:"CALLOUT_CURRENCY" default:"USD" help:"Currency of prices, such as EUR."`
	Admins   []string `env:"CALLOUT_ADMINS" sep:"," help:"Chat user ids that are admins from the start."`

	CallsChannel   string `env:"CALLOUT_CALLS_CHANNEL" help:"Channel id for calls. An admin's setting in chat wins."`
	QuotesChannel  string `env:"CALLOUT_QUOTES_CHANNEL" help:"Channel id for quotes. An admin's setting in chat wins."`
	ReportsChannel string `env:"CALLOUT_REPORTS_CHANNEL" help:"Channel id for reports. An admin's setting in chat wins."`

	SlackBotToken      Secret `env:"SLACK_BOT_TOKEN" help:"Slack's bot token, xoxb-…"`
	SlackSigningSecret Secret `env:"SLACK_SIGNING_SECRET" help:"Proves that requests come from Slack. Needed unless Socket Mode is on."`
	SlackAppToken      Secret `env:"SLACK_APP_TOKEN" help:"Slack's app token, xapp-…: switches Socket Mode on, no public address needed."`
	SlackAPIURL        string `name:"slack-api-url" env:"SLACK_API_URL" help:"Base address of Slack's API, for tests."`

	TwilioAccountSID string `name:"twilio-account-sid" env:"TWILIO_ACCOUNT_SID" help:"Twilio account, AC…"`
	TwilioAuthToken  Secret `env:"TWILIO_AUTH_TOKEN" help:"Twilio's auth token."`
	TwilioFrom       string `env:"TWILIO_FROM" help:"Our number, such as +12015550123, or a messaging service, MG…"`
	TwilioAPIURL     string `name:"twilio-api-url" env:"TWILIO_API_URL" help:"Base address of Twilio's API, for tests."`

	SMTPURL   Secret `name:"smtp-url" env:"SMTP_URL" help:"Mail server: smtp://user:password@host:587 or smtps://…"`
	EmailFrom string `env:"EMAIL_FROM" help:"Sender of e-mails, such as Callout <callout@example.com>."`

	DiscordBotToken  Secret `env:"DISCORD_BOT_TOKEN" help:"Discord's bot token."`
	DiscordPublicKey string `env:"DISCORD_PUBLIC_KEY" help:"Discord's public key of the app."`
	DiscordAppID     string `name:"discord-app-id" env:"DISCORD_APP_ID" help:"Discord's id of the app."`
	DiscordGuildID   string `name:"discord-guild-id" env:"DISCORD_GUILD_ID" help:"Discord's id of the server."`
	DiscordAPIURL    string `name:"discord-api-url" env:"DISCORD_API_URL" help:"Base address of Discord's API, for tests."`

	zone *time.Location
}

// channelSettings is one way to reach people, and the settings it needs.
type channelSettings struct {
	name  string
	needs []setting
}

type setting struct {
	name string
	set  bool
}

// Check reads what has to be read and returns every problem in one error, naming the setting, the value and what is allowed.
func (c *Config) Check() error { return errors.Join(c.checkCompany(), c.checkChannels()) }

// checkChannels complains about a channel that is only half set up.
func (c *Config) checkChannels() error {
	var problems []error
	for _, ch := range c.channels() {
		if ch.half() {
			problems = append(problems, fmt.Errorf("%s is only half set up: %s missing", ch.name, strings.Join(ch.missing(), " and ")))
		}
	}
	return errors.Join(problems...)
}

func (c *Config) checkCompany() error {
	var problems []error
	complain := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil || c.Timezone == "Local" {
		complain("CALLOUT_TIMEZONE is %q, which is no time zone; write one like Europe/Berlin", c.Timezone)
	}
	c.zone = zone
	if _, err := language.ParseRegion(c.Country); err != nil || len(c.Country) != 2 {
		complain("CALLOUT_COUNTRY is %q, which is no country; write two letters like DE", c.Country)
	}
	if _, err := currency.ParseISO(c.Currency); err != nil {
		complain("CALLOUT_CURRENCY is %q, which is no currency; write three letters like EUR", c.Currency)
	}
	if c.PublicURL != "" && !webAddress(c.PublicURL) {
		complain("CALLOUT_PUBLIC_URL is %q, which is no web address; write one like https://callout.example.com", c.PublicURL)
	}
	if c.PublicURL == "" && c.TLSDomain != "" {
		c.PublicURL = "https://" + c.TLSDomain
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	c.Admins = trimmed(c.Admins)
	if c.DataDir == "" {
		if c.DataDir, err = pg.DefaultDir(); err != nil {
			problems = append(problems, fmt.Errorf("CALLOUT_DATA_DIR is needed: %w", err))
		}
	}
	return errors.Join(problems...)
}

// trimmed drops the spaces people write after commas, and what is empty then.
func trimmed(words []string) []string {
	var out []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func (c *Config) channels() []channelSettings {
	verify := setting{"SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN for Socket Mode)", c.SlackSigningSecret != "" || c.SlackAppToken != ""}
	return []channelSettings{
		{"Slack", []setting{{"SLACK_BOT_TOKEN", c.SlackBotToken != ""}, verify}},
		{"SMS", []setting{{"TWILIO_ACCOUNT_SID", c.TwilioAccountSID != ""}, {"TWILIO_AUTH_TOKEN", c.TwilioAuthToken != ""}, {"TWILIO_FROM", c.TwilioFrom != ""}}},
		{"E-mail", []setting{{"SMTP_URL", c.SMTPURL != ""}, {"EMAIL_FROM", c.EmailFrom != ""}}},
		{"Discord", []setting{{"DISCORD_BOT_TOKEN", c.DiscordBotToken != ""}, {"DISCORD_PUBLIC_KEY", c.DiscordPublicKey != ""}, {"DISCORD_APP_ID", c.DiscordAppID != ""}}},
	}
}

func (c channelSettings) missing() []string {
	var names []string
	for _, s := range c.needs {
		if !s.set {
			names = append(names, s.name)
		}
	}
	return names
}

func (c channelSettings) on() bool   { return len(c.missing()) == 0 }
func (c channelSettings) half() bool { return !c.on() && len(c.missing()) < len(c.needs) }

func (c *Config) has(name string) bool {
	for _, ch := range c.channels() {
		if ch.name == name {
			return ch.on()
		}
	}
	return false
}

// defaults are the settings that an admin may change in chat.
func (c *Config) defaults() desk.Settings {
	return desk.Settings{CallsChannel: c.CallsChannel, QuotesChannel: c.QuotesChannel, ReportsChannel: c.ReportsChannel}
}

// postgresDir is where the private Postgres lives.
func (c *Config) postgresDir() string { return filepath.Join(c.DataDir, "postgres") }

func (c *Config) level() slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // kong's enum allows nothing else
	return level
}
