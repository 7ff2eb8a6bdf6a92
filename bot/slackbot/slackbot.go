// Package slackbot is the Slack front end: it verifies and decodes what Slack sends, hands it to the conversation as a
// bot.Request, and draws the answer as modals, messages and the Home tab. It also sends notices and keeps the card of
// each call up to date, so it is notify's sender for Slack.
//
// It owns every limit, shape and error name of Slack, and slack-go is imported nowhere else. It must not know the rules
// of the desk, the database, or what any form or button means.
package slackbot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
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

	base   context.Context // of all background work; ends when Drain gives up
	cancel context.CancelFunc
	mu     sync.Mutex
	active int
	idle   chan struct{} // closed when active falls to zero; nil while it is zero
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
	a.base, a.cancel = context.WithCancel(context.Background())
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
func (a *Adapter) Drain(ctx context.Context) error {
	a.mu.Lock()
	idle := a.idle
	a.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		a.cancel()
		return fmt.Errorf("slack work still under way: %w", ctx.Err())
	}
}

// work runs f in the background, bounded in time, counted for Drain, and safe against panics.
func (a *Adapter) work(f func(ctx context.Context)) {
	a.mu.Lock()
	if a.active == 0 {
		a.idle = make(chan struct{})
	}
	a.active++
	a.mu.Unlock()
	go func() {
		defer a.done()
		ctx, cancel := context.WithTimeout(a.base, workWithin)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				a.logPanic(ctx, p)
			}
		}()
		f(ctx)
	}()
}

func (a *Adapter) done() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.active--
	if a.active == 0 {
		close(a.idle)
		a.idle = nil
	}
}

// logPanic logs a panic and returns the reference it can be found by.
func (a *Adapter) logPanic(ctx context.Context, p any) string {
	ref := reference()
	a.log.ErrorContext(ctx, "panic in the slack adapter", "ref", ref, "err", fmt.Sprint(p), "stack", string(debug.Stack()))
	return ref
}

// reference names one failure, for the person and for the log.
func reference() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(b[:])
}

// apology is all a person sees of a failure nobody foresaw.
func apology(ref string) bot.Card {
	return sentence("Something went wrong here. Please try again; if it happens again, tell an admin the reference " + ref + ".")
}

// sentence is a card of one sentence.
func sentence(text string) bot.Card {
	return bot.Card{Text: text, Parts: []bot.Part{bot.Text(bot.Say(text))}}
}
