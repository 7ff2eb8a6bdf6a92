// Package web is the page of the sandbox: a small chat workspace in the browser beside the technicians' phones and
// the mailbox. It shows what the local Slack, phone network and mail server hold and passes on what people do there.
// It keeps no state of its own and must know nothing of the bot: every effect goes through the sandbox servers.
package web

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"callout/internal/sandbox/discord"
	"callout/internal/sandbox/mail"
	"callout/internal/sandbox/slack"
	"callout/internal/sandbox/twilio"
)

//go:embed static
var static embed.FS

// bodyLimit bounds a JSON request of the page.
const bodyLimit = 1 << 20

// uploadLimit bounds a file that a person adds.
const uploadLimit = 20 << 20

// Options are the servers the page shows.
type Options struct {
	Slack   *slack.Server
	Discord *discord.Server // nil: there is no Discord look
	Twilio  *twilio.Server
	Mail    *mail.Server
	Company string // the workspace's name on the page
	Now     func() time.Time
	Log     *slog.Logger
}

// Page serves the browser page and its API.
type Page struct {
	opt   Options
	since string // messages older than this are never unread
	quit  chan struct{}
	once  sync.Once

	guildSince string // the same, as an id of Discord

	mu     sync.Mutex
	titles map[string]string
}

// New makes the page.
func New(opt Options) *Page {
	if opt.Company == "" {
		opt.Company = "Callout demo workspace"
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &Page{opt: opt, since: timestamp(opt.Now()), guildSince: snowflake(opt.Now()), quit: make(chan struct{}), titles: map[string]string{}}
}

// SetTitle says what a person does, shown beside their name.
func (p *Page) SetTitle(userID, title string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.titles[userID] = title
}

// Close ends the event streams, so that a server that shuts down need not wait for open browsers.
func (p *Page) Close() { p.once.Do(func() { close(p.quit) }) }

// Handler serves the page at / and its API under /ui/.
func (p *Page) Handler() http.Handler {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /ui/workspace", p.workspace)
	mux.HandleFunc("GET /ui/channels", p.channels)
	mux.HandleFunc("GET /ui/messages", p.messages)
	mux.HandleFunc("GET /ui/thread", p.thread)
	mux.HandleFunc("GET /ui/views", p.views)
	mux.HandleFunc("GET /ui/home", p.home)
	mux.HandleFunc("GET /ui/phones", p.phones)
	mux.HandleFunc("GET /ui/phones/photos/{message}/{media}", p.phonePhoto)
	mux.HandleFunc("GET /ui/mail", p.mailbox)
	mux.HandleFunc("GET /ui/mail/{id}/html", p.mailHTML)
	mux.HandleFunc("GET /ui/mail/{id}/attachments/{n}/{name}", p.mailAttachment)
	mux.HandleFunc("GET /ui/files/{id}/{name}", p.file)
	mux.HandleFunc("GET /ui/events", p.events)
	p.actions(mux)
	p.guild(mux)
	// Other sites that the same browser has open may not act in the workspace.
	return headers(http.NewCrossOriginProtection().Handler(mux))
}

// contentPolicy keeps the page to itself: nothing is fetched from outside, and mail cannot run anything.
const contentPolicy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'self'"

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentPolicy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

// problem is what the page is told when an action did not work.
type problem struct {
	Kind    string `json:"kind"`    // Slack's word when the app did not answer, else "refused"
	What    string `json:"what"`    // the callback that failed
	Message string `json:"message"` // for people
}

// kindText is what Slack's clients say: https://docs.slack.dev/interactivity/implementing-slash-commands
var kindText = map[string]string{
	"operation_timeout":      "The app did not answer within three seconds.",
	"dispatch_failed":        "The app could not be reached.",
	"dispatch_unknown_error": "The app answered with an error.",
	"invalid_response":       "The app's answer could not be used.",
}

func (p *Page) fail(w http.ResponseWriter, r *http.Request, err error) {
	var d *slack.DeliveryError
	if errors.As(err, &d) {
		p.opt.Log.Warn("the app did not answer as it must", "what", d.What, "kind", d.Kind, "detail", d.Detail)
		text, ok := kindText[d.Kind]
		if !ok {
			text = "The app did not answer."
		}
		writeJSON(w, http.StatusBadGateway, problem{d.Kind, d.What, text})
		return
	}
	var silent *discord.DeliveryError
	if errors.As(err, &silent) {
		p.opt.Log.Warn("the app did not answer as it must", "what", silent.What, "detail", silent.Detail)
		writeJSON(w, http.StatusBadGateway, problem{"no_response", silent.What, silent.Words})
		return
	}
	p.opt.Log.Debug("page request refused", "path", r.URL.Path, "err", err)
	writeJSON(w, http.StatusUnprocessableEntity, problem{Kind: "refused", Message: err.Error()})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a browser that has gone away is its own affair
}

// list makes an empty list of nothing, because the page's scripts iterate.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
