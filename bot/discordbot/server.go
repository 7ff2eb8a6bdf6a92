package discordbot

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"callout/bot/signed"
)

// settled is how long after an answer over HTTP Discord will have taken it in: it refuses what follows up before that.
const settled = 100 * time.Millisecond

// Handler takes the interactions that Discord posts, when an address for them is set in the application:
// https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
func (a *Adapter) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := signed.Body(w, r, a.log, func(body []byte) error { return a.verify(r, body) })
		if !ok {
			return
		}
		var in interaction
		if err := json.Unmarshal(body, &in); err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		if in.Type != kindPing && a.seen.before(in.ID) {
			w.WriteHeader(http.StatusAccepted) // the answer is on its way already
			return
		}
		a.take(in, settled, func(reply answer) { signed.Answer(w, a.log, reply) })
	})
}

// verify checks Discord's signature of a body, and that it is fresh.
func (a *Adapter) verify(r *http.Request, body []byte) error {
	key, err := hex.DecodeString(a.opts.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return signed.ErrUnsigned
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !discordgo.VerifyInteraction(r, key) {
		return signed.ErrUnsigned
	}
	return signed.Fresh(r.Header.Get("X-Signature-Timestamp"), a.now())
}

// CheckKey reports whether a public key is one.
func CheckKey(key string) error {
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return fmt.Errorf("%q is no public key: it has 64 hexadecimal characters, on the General Information page of the application", key)
	}
	return nil
}
