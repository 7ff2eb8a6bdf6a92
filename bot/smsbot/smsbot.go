// Package smsbot takes the texts people send us and Twilio's reports of those we sent. It owns verification, decoding
// and the TwiML of the answer; it must not know the rules of the desk, the database or any other front end.
package smsbot

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"

	"callout/bot"
)

const (
	// bodyLimit bounds a webhook's body. Twilio's are a few kilobytes: 1,600 characters of text and some forty fields.
	bodyLimit = 64 << 10
	// answerWithin leaves room for the network in the 15 seconds Twilio waits for an answer:
	// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
	answerWithin = 12 * time.Second
)

// Conversation answers what people write.
type Conversation interface {
	Handle(ctx context.Context, r bot.Request) bot.Reply
}

// Options are what the front end needs. Bot, AuthToken and PublicURL must be set.
type Options struct {
	Bot       Conversation
	AuthToken string // signs every webhook
	// PublicURL is the address Twilio calls, as configured there: scheme, host and any path in front of ours. The
	// signature covers it, so behind a proxy it is the outside address; nothing is read from the request's own host or
	// X-Forwarded headers, which anybody can send. A proxy must leave path, query and body as they are.
	PublicURL string
	Now       func() time.Time
	Log       *slog.Logger
	// Status takes what became of a text we sent: see states for the words. An error makes Twilio's report count as
	// not taken, so that it is logged there.
	Status func(ctx context.Context, providerID, state, errorCode string) error
	// OptOut is told that a phone wants no more texts, or wants them again.
	OptOut func(ctx context.Context, phone string, out bool) error
}

// Server takes Twilio's webhooks.
type Server struct {
	opt       Options
	validator client.RequestValidator
}

// New returns the front end for texts.
func New(opt Options) *Server {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	opt.PublicURL = strings.TrimRight(opt.PublicURL, "/")
	return &Server{opt: opt, validator: client.NewRequestValidator(opt.AuthToken)}
}

// Handler serves POST /twilio/sms and POST /twilio/status.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /twilio/sms", s.verified(s.text))
	mux.HandleFunc("POST /twilio/status", s.verified(s.status))
	return mux
}

// verified lets nothing through that Twilio has not signed. A forged request learns nothing but that.
// https://www.twilio.com/docs/usage/security#validating-requests
func (s *Server) verified(next func(ctx context.Context, w http.ResponseWriter, form url.Values)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// Not cut short when Twilio hangs up: what was asked is done, and a repeat of it is recognised by its key.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), answerWithin)
		defer cancel()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
		if err != nil {
			http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
			return
		}
		address := s.opt.PublicURL + r.URL.RequestURI()
		if !s.signed(address, body, r.Header.Get("X-Twilio-Signature")) {
			s.opt.Log.WarnContext(ctx, "webhook with a wrong signature refused", "path", r.URL.Path)
			http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
			return
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		next(ctx, w, form)
	}
}

// signed checks a signature. Without a token everything would carry a valid one, so nothing does.
func (s *Server) signed(address string, body []byte, signature string) bool {
	return s.opt.AuthToken != "" && signature != "" && s.validator.ValidateBody(address, body, signature)
}
