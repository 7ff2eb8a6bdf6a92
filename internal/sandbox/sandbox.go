// Package sandbox runs a local Slack, Discord, phone network and mail server with a page in the browser that shows them, all on
// loopback. It composes them and knows nothing of the bot, which reaches them only over HTTP, WebSocket and SMTP.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"callout/internal/sandbox/discord"
	"callout/internal/sandbox/mail"
	"callout/internal/sandbox/slack"
	"callout/internal/sandbox/twilio"
	"callout/internal/sandbox/web"
)

// What the sandbox's accounts are called. They open nothing outside this process.
const (
	botToken      = "xoxb-sandbox"
	appToken      = "xapp-sandbox"
	signingSecret = "sandbox-signing-secret"
	accountSID    = "AC0ca1100ca1100ca1100ca1100ca11000"
	authToken     = "sandboxauthtoken"
	companyNumber = "+14155550100" // 555-01xx is kept for fiction
	companyMail   = "callout@sandbox.test"
)

// shutdownTimeout is how long requests under way may take when the sandbox closes.
const shutdownTimeout = 2 * time.Second

// Options say where the sandbox lives.
type Options struct {
	Dir     string // where state is kept; empty: in memory only
	Addr    string // of the page; empty: any free port on loopback
	Company string // the workspace's name
	Discord bool   // there is a Discord guild too, and the settings lead the bot to it
	Now     func() time.Time
	Log     *slog.Logger
	Pace    time.Duration // between the steps of a text's delivery, so that people can watch
}

// Sandbox is a running sandbox.
type Sandbox struct {
	Slack   *slack.Server
	Discord *discord.Server // nil unless it was asked for
	Twilio  *twilio.Server
	Mail    *mail.Server
	Page    *web.Page

	log        *slog.Logger
	servers    []*http.Server
	pageURL    string
	slackURL   string
	discordURL string
	twilioURL  string
}

// Start brings everything up. When one part fails, those that run already are closed again.
func Start(ctx context.Context, opt Options) (*Sandbox, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Addr == "" {
		opt.Addr = "127.0.0.1:0"
	}
	if opt.Dir != "" {
		if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("sandbox directory: %w", err)
		}
	}
	s := &Sandbox{log: opt.Log}
	if err := s.start(ctx, opt); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Sandbox) start(ctx context.Context, opt Options) error {
	var err error
	s.Slack, err = slack.New(slack.Options{
		BotToken: botToken, AppToken: appToken, SigningSecret: signingSecret, Team: opt.Company,
		Now: opt.Now, Log: opt.Log, StateFile: opt.file("slack.json"),
	})
	if err != nil {
		return fmt.Errorf("sandbox slack: %w", err)
	}
	s.Twilio, err = twilio.New(twilio.Options{
		AccountSID: accountSID, AuthToken: authToken, From: companyNumber,
		Now: opt.Now, Log: opt.Log, StateFile: opt.file("phones.json"), Pace: opt.Pace,
	})
	if err != nil {
		return fmt.Errorf("sandbox phone network: %w", err)
	}
	s.Mail, err = mail.New(mail.Options{Now: opt.Now, Log: opt.Log, StateFile: opt.file("mail.json")})
	if err != nil {
		return fmt.Errorf("sandbox mail: %w", err)
	}
	if err := s.Mail.Start(ctx, "127.0.0.1:0"); err != nil {
		return err
	}
	if opt.Discord {
		if err := s.startDiscord(ctx, opt); err != nil {
			return err
		}
	}
	s.Page = web.New(web.Options{
		Slack: s.Slack, Discord: s.Discord, Twilio: s.Twilio, Mail: s.Mail, Company: opt.Company, Now: opt.Now, Log: opt.Log,
	})
	if s.slackURL, err = s.serve(ctx, "127.0.0.1:0", s.Slack.Handler()); err != nil {
		return err
	}
	s.Slack.SetBaseURL(s.slackURL)
	if s.twilioURL, err = s.serve(ctx, "127.0.0.1:0", s.Twilio.Handler()); err != nil {
		return err
	}
	s.Twilio.SetAPIURL(s.twilioURL)
	s.pageURL, err = s.serve(ctx, opt.Addr, s.Page.Handler())
	return err
}

// startDiscord brings the guild up. What people write in threads is read, so the intent for it is switched on.
func (s *Sandbox) startDiscord(ctx context.Context, opt Options) error {
	var err error
	s.Discord, err = discord.New(discord.Options{
		GuildName: opt.Company, Intents: discord.IntentMessageContent, Now: opt.Now, Log: opt.Log, StateFile: opt.file("discord.json"),
	})
	if err != nil {
		return fmt.Errorf("sandbox discord: %w", err)
	}
	if s.discordURL, err = s.serve(ctx, "127.0.0.1:0", s.Discord.Handler()); err != nil {
		return err
	}
	s.Discord.SetBaseURL(s.discordURL)
	return nil
}

func (o Options) file(name string) string {
	if o.Dir == "" {
		return ""
	}
	return filepath.Join(o.Dir, name)
}

func (s *Sandbox) serve(ctx context.Context, addr string, h http.Handler) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("sandbox: %w", err)
	}
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	s.servers = append(s.servers, srv)
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("a sandbox server stopped", "addr", l.Addr().String(), "err", err)
		}
	}()
	return "http://" + l.Addr().String(), nil
}

// URL is the address of the page.
func (s *Sandbox) URL() string { return s.pageURL }

// Env returns the settings with which the bot finds the sandbox.
func (s *Sandbox) Env() map[string]string {
	env := map[string]string{
		"SLACK_API_URL":        s.slackURL + "/api/",
		"SLACK_BOT_TOKEN":      botToken,
		"SLACK_APP_TOKEN":      appToken,
		"SLACK_SIGNING_SECRET": signingSecret,
		"TWILIO_API_URL":       s.twilioURL,
		"TWILIO_ACCOUNT_SID":   accountSID,
		"TWILIO_AUTH_TOKEN":    authToken,
		"TWILIO_FROM":          companyNumber,
		"SMTP_URL":             s.Mail.URL(),
		"EMAIL_FROM":           companyMail,
	}
	if s.Discord != nil {
		env["DISCORD_API_URL"] = s.discordURL + "/api/v10"
		env["DISCORD_BOT_TOKEN"] = s.Discord.BotToken()
		env["DISCORD_PUBLIC_KEY"] = s.Discord.PublicKey()
		env["DISCORD_APP_ID"] = s.Discord.AppID()
		env["DISCORD_GUILD_ID"] = s.Discord.GuildID()
	}
	return env
}

// ConnectApp tells the sandbox where the bot listens: Slack's callbacks (while it has no Socket Mode connection),
// inbound texts and delivery reports go there. Discord's interactions go over its gateway, unless an endpoint is set on it.
func (s *Sandbox) ConnectApp(baseURL string) {
	baseURL = strings.TrimSuffix(baseURL, "/")
	s.Slack.SetEventsURL(baseURL + "/slack/events")
	s.Twilio.SetURLs(baseURL+"/twilio/sms", baseURL+"/twilio/status")
}

// Close stops everything and saves the state.
func (s *Sandbox) Close() error {
	if s.Page != nil {
		s.Page.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	var errs []error
	if s.Slack != nil {
		errs = append(errs, s.Slack.Close())
	}
	if s.Discord != nil {
		errs = append(errs, s.Discord.Close())
	}
	for _, srv := range s.servers {
		if err := srv.Shutdown(ctx); err != nil {
			errs = append(errs, srv.Close())
		}
	}
	if s.Twilio != nil {
		errs = append(errs, s.Twilio.Close())
	}
	if s.Mail != nil {
		errs = append(errs, s.Mail.Close())
	}
	return errors.Join(errs...)
}
