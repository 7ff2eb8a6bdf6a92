package discord_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// app is an app that hears interactions over HTTP and answers with what its function says.
type app struct {
	mu    sync.Mutex
	heard []obj
}

// answerWith starts an app. A nil answer leaves the interaction to the callback route: the endpoint says 202.
func answerWith(t *testing.T, g *guild, answer func(in obj) obj) *app {
	t.Helper()
	a := &app{}
	key, err := hex.DecodeString(g.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sig, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		if !ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), sig) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var in obj
		_ = json.Unmarshal(body, &in)
		out := obj{"type": 1}
		if in["type"] != float64(1) {
			a.mu.Lock()
			a.heard = append(a.heard, in)
			a.mu.Unlock()
			if out = answer(in); out == nil {
				w.WriteHeader(http.StatusAccepted)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out)
	}))
	t.Cleanup(srv.Close)
	if err := g.SetInteractionsURL(ctx(t), srv.URL); err != nil {
		t.Fatal(err)
	}
	return a
}

// last is the newest interaction, with its data.
func (a *app) last(t *testing.T) (in, data obj) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.heard) == 0 {
		t.Fatal("the app heard nothing")
	}
	in = a.heard[len(a.heard)-1]
	data, _ = in["data"].(obj)
	return in, data
}

func (a *app) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.heard)
}

// command registers a command without options.
func (g *guild) command(name string) {
	g.t.Helper()
	r := g.do("POST", "/applications/"+g.AppID()+"/guilds/"+g.GuildID()+"/commands", obj{"name": name, "description": "x"})
	if r.status/100 != 2 {
		g.t.Fatal(r.raw)
	}
}

// say is a message answer.
func say(words string, more ...obj) obj {
	data := obj{"content": words}
	for _, m := range more {
		for k, v := range m {
			data[k] = v
		}
	}
	return obj{"type": 4, "data": data}
}
