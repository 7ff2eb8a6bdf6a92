package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"callout/bot"
	"callout/bot/discordbot"
	"callout/bot/slackbot"
	"callout/bot/smsbot"
	"callout/desk"
	"callout/jobs"
	"callout/notify"
	"callout/store"
)

// App is the whole program: the desk with its front ends, its workers and its web server.
type App struct {
	config  *Config
	log     *slog.Logger
	now     func() time.Time
	store   *store.Store // for whoever waits for an answer
	back    *store.Store // for the workers: however much there is to do, people do not wait for a connection
	desk    *desk.Desk
	bot     *bot.Bot
	slack   *slackbot.Adapter   // nil when switched off
	discord *discordbot.Adapter // nil when switched off
	sms     *notify.SMSSender   // nil when switched off
	email   *notify.EmailSender
	jobs    *jobs.Jobs
	handler http.Handler
	metrics *metrics
}

// NewApp builds the parts on a migrated database and connects them. Nothing runs yet.
func NewApp(ctx context.Context, config *Config, databaseURL string, log *slog.Logger, now func() time.Time) (*App, error) {
	db, err := store.Open(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	back, err := store.OpenBounded(ctx, databaseURL, jobs.Connections())
	if err != nil {
		db.Close()
		return nil, err
	}
	a := &App{config: config, log: log, now: now, store: db, back: back, metrics: newMetrics()}
	if err := a.build(); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) build() error {
	c := a.config
	var err error
	a.desk, err = desk.New(desk.Options{
		Store: a.store, Now: a.now, Log: a.log, Company: c.Company, Zone: c.zone, Country: c.Country, Currency: c.Currency,
		Admins: c.Admins, Channels: c.wanted(), Defaults: c.defaults(), Observe: a.metrics.ofDesk(),
	})
	if err != nil {
		return err
	}
	back, err := a.desk.Over(a.back)
	if err != nil {
		return err
	}
	a.bot = bot.New(bot.Options{Desk: a.desk, Log: a.log, Profile: a.profile, QuotePDF: a.quotePDF})
	router := notify.NewRouter()
	if err := a.addSenders(router); err != nil {
		return err
	}
	a.jobs, err = jobs.New(jobs.Options{Store: a.back, Desk: back, Router: router, Log: a.log, Observe: a.metrics.ofJobs()})
	if err != nil {
		return err
	}
	a.metrics.registry.MustRegister(&databaseFigures{desk: a.desk, log: a.log})
	a.handler = a.routes()
	return nil
}

// wanted lists the channels that are set up, as the desk calls them.
func (c *Config) wanted() []string {
	var channels []string
	for name, channel := range map[string]notify.Channel{"Slack": notify.Slack, "Discord": notify.Discord, "SMS": notify.SMS, "E-mail": notify.Email} {
		if c.has(name) {
			channels = append(channels, string(channel))
		}
	}
	return channels
}

// addSenders sets up every channel that has its settings; the error names all that cannot be.
func (a *App) addSenders(router *notify.Router) error {
	c := a.config
	if c.has("Slack") {
		a.slack = slackbot.New(slackbot.Options{
			Bot: a.bot, BotToken: string(c.SlackBotToken), SigningSecret: string(c.SlackSigningSecret), AppToken: string(c.SlackAppToken),
			APIURL: c.SlackAPIURL, Now: a.now, Log: a.log, Observe: a.metrics.ofSlack,
		})
		router.Register(notify.Slack, a.slack)
	}
	return errors.Join(a.addDiscord(router), a.addSMS(router), a.addEmail(router))
}

func (a *App) addDiscord(router *notify.Router) error {
	c := a.config
	if !c.has("Discord") {
		return nil
	}
	discord, err := discordbot.New(discordbot.Options{
		Bot: a.bot, Token: string(c.DiscordBotToken), PublicKey: c.DiscordPublicKey, AppID: c.DiscordAppID, GuildID: c.DiscordGuildID,
		APIURL: c.DiscordAPIURL, Now: a.now, Log: a.log,
	})
	if err != nil {
		return err
	}
	a.discord = discord
	router.Register(notify.Discord, discord)
	return nil
}

func (a *App) addSMS(router *notify.Router) error {
	c := a.config
	if !c.has("SMS") {
		return nil
	}
	status := ""
	if c.PublicURL != "" {
		status = c.PublicURL + "/twilio/status"
	}
	sms, err := notify.NewSMS(notify.SMSOptions{
		AccountSID: c.TwilioAccountSID, AuthToken: string(c.TwilioAuthToken), From: c.TwilioFrom, APIURL: c.TwilioAPIURL,
		StatusURL: status, Now: a.now, Log: a.log,
	})
	if err != nil {
		return err
	}
	a.sms = sms
	router.Register(notify.SMS, sms)
	return nil
}

func (a *App) addEmail(router *notify.Router) error {
	c := a.config
	if !c.has("E-mail") {
		return nil
	}
	number := ""
	if c.has("SMS") && strings.HasPrefix(c.TwilioFrom, "+") { // a messaging service cannot be texted
		number = c.TwilioFrom
	}
	email, err := notify.NewEmail(notify.EmailOptions{
		URL: string(c.SMTPURL), From: c.EmailFrom, Company: c.Company, PublicURL: c.PublicURL, SMSFrom: number, Now: a.now, Log: a.log,
	})
	if err != nil {
		return err
	}
	a.email = email
	router.Register(notify.Email, email)
	return nil
}

// profile reads what a chat platform knows of one of its users.
func (a *App) profile(ctx context.Context, p bot.Platform, user string) (bot.Profile, error) {
	if p == bot.Discord && a.discord != nil {
		name, err := a.discord.UserInfo(ctx, user)
		return bot.Profile{Name: name}, err
	}
	if p != bot.Slack || a.slack == nil {
		return bot.Profile{}, nil
	}
	name, email, zone, err := a.slack.UserInfo(ctx, user)
	return bot.Profile{Name: name, Email: email, Timezone: zone}, err
}

// routes are the addresses people's platforms and machines call.
func (a *App) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.Handle("GET /metrics", a.metrics.handler())
	if a.slack != nil {
		mux.Handle("POST /slack/events", a.metrics.timed("slack", a.slack.Handler()))
	}
	if a.discord != nil {
		mux.Handle("POST /discord/interactions", a.metrics.timed("discord", a.discord.Handler()))
	}
	if a.sms != nil {
		texts := smsbot.New(smsbot.Options{
			Bot: a.bot, AuthToken: string(a.config.TwilioAuthToken), PublicURL: a.config.PublicURL, Now: a.now, Log: a.log,
			Status: a.textStatus, OptOut: a.desk.OptOut,
		}).Handler()
		mux.Handle("POST /twilio/", a.metrics.timed("twilio", texts))
	}
	return mux
}

func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	if err := a.store.Ready(r.Context()); err != nil {
		a.log.WarnContext(r.Context(), "not ready", "err", err)
		http.Error(w, "not ready: the database cannot be used", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// textStatus records what became of a text message.
func (a *App) textStatus(ctx context.Context, providerID, state, errorCode string) error {
	switch state {
	case "delivered", "undelivered", "failed":
	default:
		return nil // on its way
	}
	code, _ := strconv.Atoi(errorCode)
	reason, dead := "", false
	if code != 0 {
		failure := notify.SMSFailure(code, state)
		reason, dead = notify.Said(failure), failure.Dead
		a.log.InfoContext(ctx, "text not delivered", "provider_id", providerID, "state", state, "err", failure)
		if failure.Setup != "" {
			if err := a.desk.SetupTrouble(ctx, string(notify.SMS), failure.Setup); err != nil {
				return err
			}
		}
	}
	return a.desk.Receipt(ctx, desk.ReceiptArgs{Channel: string(notify.SMS), ProviderID: providerID, State: state, Reason: reason, Dead: dead})
}

// shutdownWithin is how long running requests and jobs may take to end.
const shutdownWithin = 15 * time.Second

// Run serves until ctx ends, then lets what is under way end.
func (a *App) Run(ctx context.Context, listeners listeners) error {
	for _, platform := range []bot.Platform{bot.Slack, bot.Discord} {
		if platform == bot.Discord && a.discord == nil {
			continue
		}
		if err := a.desk.EnsureAdmins(ctx, string(platform)); err != nil {
			return err
		}
	}
	if err := a.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	group, running := errgroup.WithContext(ctx)
	servers := listeners.serve(group, a.handler, a.log)
	if a.slack != nil && a.config.SlackAppToken != "" {
		group.Go(func() error { return a.slack.RunSocket(running) })
	}
	if a.discord != nil {
		group.Go(func() error { return a.discord.Run(running) })
	}
	<-running.Done()
	return errors.Join(a.stop(servers), ignoreCanceled(group.Wait()))
}

// stop ends the parts one after the other, each with time of its own: what comes in, what is being answered, the jobs.
func (a *App) stop(servers []*http.Server) error {
	var problems []error
	for _, s := range servers {
		problems = append(problems, bounded(s.Shutdown))
	}
	if a.slack != nil {
		problems = append(problems, bounded(a.slack.Drain))
	}
	if a.discord != nil {
		problems = append(problems, bounded(a.discord.Drain))
	}
	problems = append(problems, bounded(a.jobs.Stop))
	return errors.Join(problems...)
}

func bounded(do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownWithin)
	defer cancel()
	return do(ctx)
}

// Close lets the database go.
func (a *App) Close() {
	a.back.Close()
	a.store.Close()
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (a *App) quotePDF(ctx context.Context, id int64, version int32) (notify.File, error) {
	return jobs.QuotePDF(ctx, a.desk, id, version)
}
