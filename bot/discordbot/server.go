package discordbot

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	// maxBody bounds what is read before the signature is known.
	maxBody = 1 << 20
	// maxAge is how old a signed request may be, so that a recorded one is worth nothing.
	maxAge = 5 * time.Minute
)

var (
	errUnsigned = errors.New("no valid signature")
	errStale    = errors.New("timestamp too far from now")
)

// Handler takes the interactions that Discord posts, when an address for them is set in the application:
// https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
func (a *Adapter) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
			return
		}
		if err := a.verify(r, body); err != nil {
			a.log.WarnContext(r.Context(), "refused a request that Discord did not sign", "err", err)
			http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
			return
		}
		var in interaction
		if err := json.Unmarshal(body, &in); err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		a.take(r.Context(), in, func(reply answer) { a.write(w, reply) })
	})
}

// verify checks Discord's signature of a body, and that it is fresh.
func (a *Adapter) verify(r *http.Request, body []byte) error {
	key, err := hex.DecodeString(a.opts.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return errUnsigned
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !discordgo.VerifyInteraction(r, key) {
		return errUnsigned
	}
	seconds, err := strconv.ParseInt(r.Header.Get("X-Signature-Timestamp"), 10, 64)
	if err != nil || a.now().Sub(time.Unix(seconds, 0)).Abs() > maxAge {
		return errStale
	}
	return nil
}

func (a *Adapter) write(w http.ResponseWriter, reply answer) {
	body, err := json.Marshal(reply)
	if err != nil {
		a.log.Error("discord answer cannot be encoded", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body)
}

// CheckKey reports whether a public key is one.
func CheckKey(key string) error {
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return fmt.Errorf("%q is no public key: it has 64 hexadecimal characters, on the General Information page of the application", key)
	}
	return nil
}
