package slackbot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"callout/bot/signed"
)

// errNotStored says that an event could not be stored, and should come again.
var errNotStored = errors.New("the event could not be stored")

// Handler takes everything Slack posts: commands, interactions, options and events, at one address.
func (a *Adapter) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := signed.Body(w, r, a.log, func(body []byte) error { return verify(a.opts.SigningSecret, r.Header, body, a.now()) })
		if !ok {
			return
		}
		answer, err := a.receive(r.Header.Get("Content-Type"), body)
		if errors.Is(err, errNotStored) {
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
			return
		}
		if err != nil {
			a.log.WarnContext(r.Context(), "slack sent something malformed", "err", err)
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		a.write(w, answer)
	})
}

// verify checks Slack's v0 signature of a body.
func verify(secret string, header http.Header, body []byte, now time.Time) error {
	stamp := header.Get("X-Slack-Request-Timestamp")
	given, err := hex.DecodeString(strings.TrimPrefix(header.Get("X-Slack-Signature"), "v0="))
	if secret == "" || stamp == "" || err != nil {
		return signed.ErrUnsigned
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	if !hmac.Equal(mac.Sum(nil), given) {
		return signed.ErrUnsigned
	}
	return signed.Fresh(stamp, now)
}

// receive reads a verified body and returns what to answer at once; nil is an empty answer.
func (a *Adapter) receive(contentType string, body []byte) (any, error) {
	media, _, _ := mime.ParseMediaType(contentType)
	if media == "application/json" {
		var p eventPayload
		if err := json.Unmarshal(body, &p); err != nil {
			return nil, fmt.Errorf("decode event: %w", err)
		}
		if p.Type == "url_verification" {
			return map[string]string{"challenge": p.Challenge}, nil
		}
		return a.take(decodeEvent(p))
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("decode form: %w", err)
	}
	switch {
	case form.Get("ssl_check") == "1":
		return nil, nil
	case form.Has("payload"):
		return a.take(decodeInteraction([]byte(form.Get("payload"))))
	case form.Has("command"):
		return a.take(decodeCommand(commandFromForm(form)))
	}
	return nil, errors.New("neither a command nor a payload")
}

// take acts on a delivery, from HTTP or the socket.
func (a *Adapter) take(d delivery, err error) (any, error) {
	if errors.Is(err, errIgnored) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	answer := a.answer(d)
	if _, again := answer.(notStored); again {
		return nil, errNotStored
	}
	return answer, nil
}

func (a *Adapter) write(w http.ResponseWriter, answer any) {
	if answer == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	signed.Answer(w, a.log, answer)
}
