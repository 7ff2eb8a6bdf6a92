// Package signed reads the requests that a platform posts and signs, for the front ends: it bounds what is read before the
// signature is known, refuses what is forged or stale, and writes the answer. How a platform signs is the front end's.
package signed

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

const (
	// MaxBody bounds what is read before the signature is known.
	MaxBody = 1 << 20
	// maxAge is how old a signed request may be, so that a recorded one is worth nothing:
	// https://docs.slack.dev/authentication/verifying-requests-from-slack
	maxAge = 5 * time.Minute
)

// Why a request is refused.
var (
	ErrUnsigned = errors.New("no valid signature")
	ErrStale    = errors.New("timestamp too far from now")
)

// Body returns the body of a request that check finds signed. Any other request is answered here, and ok is false.
func Body(w http.ResponseWriter, r *http.Request, log *slog.Logger, check func(body []byte) error) (body []byte, ok bool) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return nil, false
	}
	body, err := read(w, r)
	if err != nil {
		status := http.StatusBadRequest
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, http.StatusText(status), status)
		return nil, false
	}
	if err := check(body); err != nil {
		log.WarnContext(r.Context(), "refused a request that the platform did not sign", "path", r.URL.Path, "err", err)
		http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
		return nil, false
	}
	return body, true
}

func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var b bytes.Buffer
	if r.ContentLength > 0 && r.ContentLength <= MaxBody {
		b.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b.Bytes(), nil
}

// Fresh refuses a request whose timestamp, in seconds, is far from now.
func Fresh(stamp string, now time.Time) error {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > maxAge {
		return ErrStale
	}
	return nil
}

// Answer writes what a request is answered with, as JSON.
func Answer(w http.ResponseWriter, log *slog.Logger, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		log.Error("an answer cannot be encoded", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body)
}
