// Package discordbot is the Discord front end: it takes what Discord sends, over the gateway or as signed requests, hands it to the
// conversation as a bot.Request, and draws the answer as modals, messages and embeds. It also sends notices and keeps the card
// of each record up to date, so it is notify's sender for Discord.
//
// It owns every limit, shape and error code of Discord, and discordgo is imported nowhere else. It must not know the rules of
// the desk, the database, or what any form or button means.
package discordbot

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
)

// Conversation is what the adapter needs of the bot; *bot.Bot is one.
type Conversation interface {
	bot.Conversation
	// Commands is the table of commands.
	Commands() []bot.Command
	// Shortcuts is the table of shortcuts.
	Shortcuts() []bot.Shortcut
	// PutAside keeps what Discord has no room for, and returns the key it is found by.
	PutAside(ctx context.Context, key string, body []byte) (string, error)
	// Aside returns what was put aside.
	Aside(ctx context.Context, key string) ([]byte, error)
}

// Options says how to reach Discord and who answers. Empty fields get defaults; Bot, Token and AppID are needed.
type Options struct {
	Bot        Conversation
	Token      string
	PublicKey  string // hexadecimal; without it Handler refuses everything
	AppID      string
	GuildID    string // commands are registered there only; empty registers them everywhere
	APIURL     string // Discord's own unless set
	Now        func() time.Time
	Log        *slog.Logger
	HTTPClient *http.Client
}

const (
	// Discord tells the person that the app did not respond after three seconds, and takes follow-ups for fifteen minutes:
	// https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
	answerWithin = 2 * time.Second
	keepWithin   = 600 * time.Millisecond // a form that is shown before anything was looked up; then a second is left
	handleWithin = 10 * time.Second
	workWithin   = 2 * time.Minute
	callWithin   = 30 * time.Second
)

// Adapter connects one Discord application with the conversation.
type Adapter struct {
	bot     Conversation
	opts    Options
	session *discordgo.Session
	http    *http.Client
	now     func() time.Time
	log     *slog.Logger
	within  time.Duration // answerWithin, shorter in tests
	silence time.Duration // silence, shorter in tests
	dms     sync.Map      // direct message channels by user
	parents sync.Map      // of threads, and empty for other channels
	seen    recent        // interactions and messages that came

	questions sync.Map // what is asked before a button does what it does, by its action

	back *bot.Background
}

// New makes the adapter. It does not talk to Discord yet.
func New(o Options) (*Adapter, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{Timeout: callWithin}
	}
	client, err := redirected(o.HTTPClient, o.APIURL)
	if err != nil {
		return nil, err
	}
	session, err := discordgo.New("Bot " + o.Token)
	if err != nil {
		return nil, fmt.Errorf("open discord session: %w", err)
	}
	session.Client = client
	session.ShouldRetryOnRateLimit = false // a job comes again by itself, and a person is told
	session.MaxRestRetries = 1
	session.StateEnabled = false
	session.LogLevel = -1 // it would complain of every form: it cannot read labels. What matters is told by events.
	session.Identify.Intents = discordgo.IntentsDirectMessages | discordgo.IntentsGuildMessages | discordgo.IntentMessageContent
	a := &Adapter{bot: o.Bot, opts: o, session: session, http: client, now: o.Now, log: o.Log, within: answerWithin, silence: silence}
	a.back = bot.NewBackground("discord", workWithin, a.log)
	session.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { a.event(e) })
	session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		a.log.Info("the gateway of Discord is gone; it is opened again")
	})
	session.AddHandler(func(*discordgo.Session, *discordgo.Resumed) { a.log.Info("the gateway of Discord is back") })
	return a, nil
}

// Drain waits for the work that goes on after answers. When ctx ends first, that work is told to stop.
func (a *Adapter) Drain(ctx context.Context) error { return a.back.Drain(ctx) }
