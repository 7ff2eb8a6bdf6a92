// Package slackbot is the Slack front end: it verifies and decodes what Slack sends, hands it to the conversation as a
// bot.Request, and draws the answer as modals, messages and the Home tab. It also sends notices and keeps the card of
// each call up to date, so it is notify's sender for Slack.
//
// It owns every limit, shape and error name of Slack, and slack-go is imported nowhere else. It must not know the rules
// of the desk, the database, or what any form or button means.
package slackbot

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"callout/bot"
)

// Conversation is what the adapter needs of the bot; *bot.Bot is one.
type Conversation = bot.Conversation

// Options says how to reach Slack and who answers. Empty fields get defaults; Bot and BotToken are needed.
type Options struct {
	Bot           Conversation
	BotToken      string
	SigningSecret string // without it Handler refuses everything
	AppToken      string // switches Socket Mode on
	APIURL        string // Slack's own unless set
	Now           func() time.Time
	Log           *slog.Logger
	HTTPClient    *http.Client
	// Rates are the limits to keep: Slack's own when it is Slack that is called, none when APIURL leads elsewhere. A 429 is
	// honoured in any case.
	Rates Rates
	// Observe hears of every call to Slack, and of every delivery over a socket: the method, what came of it (ok, refused,
	// limited, failed, no_answer or held_back) and how long it took.
	Observe func(method, outcome string, took time.Duration)
}

const (
	// Slack shows an error when an action is not acknowledged, and forgets a trigger, after three seconds:
	// https://docs.slack.dev/tools/bolt-python/concepts/acknowledge
	// A submission is therefore given up, and a form shown half empty, well before that.
	submitWithin = 2500 * time.Millisecond
	submitGrace  = 200 * time.Millisecond
	storeWithin  = 2 * time.Second // then a press is acknowledged although nobody knows yet whether it is stored
	previewAfter = 300 * time.Millisecond

	// handleWithin bounds the bot's work on a command or a press.
	handleWithin = 10 * time.Second

	// workWithin bounds what goes on after the acknowledgement; a report drawn at once takes longest.
	workWithin = 2 * time.Minute

	// callWithin bounds one call to Slack, uploads included.
	callWithin = 30 * time.Second
)

// Adapter connects one Slack app with the conversation.
type Adapter struct {
	bot     Conversation
	opts    Options
	api     *slack.Client // for jobs, which come again by themselves
	patient *slack.Client // for people: goes first, and waits when Slack asks for it
	now     func() time.Time
	log     *slog.Logger
	http    *http.Client
	pace    *pace
	observe func(method, outcome string, took time.Duration)
	preview time.Duration // previewAfter, shorter in tests
	submit  time.Duration // submitWithin, shorter in tests
	store   time.Duration // storeWithin, shorter in tests

	noCharts atomic.Bool // Slack here does not know the chart block
	dms      dmList
	joined   sync.Map // channels that the app has joined, or tried to

	back *bot.Background
}

// New makes the adapter. It does not talk to Slack yet; Check does.
func New(o Options) *Adapter {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{Timeout: callWithin}
		if usual, ok := http.DefaultTransport.(*http.Transport); ok {
			transport := usual.Clone()
			transport.MaxIdleConnsPerHost = 64 // all traffic goes to one host
			o.HTTPClient.Transport = transport
		}
	}
	if o.APIURL != "" && !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	if o.Rates == nil {
		o.Rates = ratesOf(o.APIURL)
	}
	if o.Observe == nil {
		o.Observe = func(string, string, time.Duration) {}
	}
	a := &Adapter{
		bot: o.Bot, opts: o, now: o.Now, log: o.Log, http: o.HTTPClient, pace: newPace(o.Rates), observe: o.Observe,
		preview: previewAfter, submit: submitWithin, store: storeWithin,
	}
	a.back = bot.NewBackground("slack", workWithin, a.log)
	a.api = slack.New(o.BotToken, a.clientOptions(gate{a: a})...)
	retry := slack.DefaultRetryConfig()
	retry.RetryAfterDuration = time.Second
	a.patient = slack.New(o.BotToken, append(a.clientOptions(gate{a: a, first: true}), slack.OptionRetryConfig(retry))...)
	return a
}

func (a *Adapter) clientOptions(way gate) []slack.Option {
	options := []slack.Option{slack.OptionHTTPClient(way)}
	if a.opts.APIURL != "" {
		options = append(options, slack.OptionAPIURL(a.opts.APIURL))
	}
	if a.opts.AppToken != "" {
		options = append(options, slack.OptionAppLevelToken(a.opts.AppToken))
	}
	return options
}

// Drain waits for the work that goes on after acknowledgements. When ctx ends first, that work is told to stop.
func (a *Adapter) Drain(ctx context.Context) error { return a.back.Drain(ctx) }
