package slackbot

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// maxBody bounds what is read before the signature is known; views are at most 250 kB.
	maxBody = 1 << 20

	// maxAge is how old a signed request may be, so that a recorded one is worth nothing:
	// https://docs.slack.dev/authentication/verifying-requests-from-slack
	maxAge = 5 * time.Minute
)

var (
	errUnsigned = errors.New("no valid signature")
	errStale    = errors.New("timestamp too far from now")

	// errNotStored says that an event could not be stored, and should come again.
	errNotStored = errors.New("the event could not be stored")
)

// Handler takes everything Slack posts: commands, interactions, options and events, at one address.
func (a *Adapter) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "POST only", http.StatusMethodNotAllowed)
			return
		}
		body, err := readBody(w, r)
		if err != nil {
			status := http.StatusBadRequest
			if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, http.StatusText(status), status)
			return
		}
		if err := verify(a.opts.SigningSecret, r.Header, body, a.now()); err != nil {
			a.log.WarnContext(r.Context(), "refused a request that Slack did not sign", "err", err)
			http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
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

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var b bytes.Buffer
	if r.ContentLength > 0 && r.ContentLength <= maxBody {
		b.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read body: %w", err)
	}
	return b.Bytes(), nil
}

// verify checks Slack's v0 signature of a body.
func verify(secret string, header http.Header, body []byte, now time.Time) error {
	stamp := header.Get("X-Slack-Request-Timestamp")
	given, err := hex.DecodeString(strings.TrimPrefix(header.Get("X-Slack-Signature"), "v0="))
	seconds, numErr := strconv.ParseInt(stamp, 10, 64)
	if secret == "" || err != nil || numErr != nil {
		return errUnsigned
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	if !hmac.Equal(mac.Sum(nil), given) {
		return errUnsigned
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > maxAge {
		return errStale
	}
	return nil
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
	body, err := json.Marshal(answer)
	if err != nil {
		a.log.Error("slack answer cannot be encoded", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body)
}
