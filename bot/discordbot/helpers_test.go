package discordbot

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/bot"
	"callout/notify"
)

// talk is a conversation that a test scripts.
type talk struct {
	mu      sync.Mutex
	asked   []bot.Request
	answer  func(bot.Request) bot.Reply
	preview func(bot.Request) *bot.Form
	aside   map[string][]byte
}

func (c *talk) Handle(_ context.Context, r bot.Request) bot.Reply {
	c.mu.Lock()
	c.asked = append(c.asked, r)
	c.mu.Unlock()
	return c.answer(r)
}

func (c *talk) Preview(r bot.Request) *bot.Form {
	if c.preview == nil {
		return nil
	}
	return c.preview(r)
}

// forget loses all that was put aside.
func (c *talk) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.aside)
}

func (c *talk) RecordCard(context.Context, notify.Record) (bot.Card, error) {
	return bot.Sentence("card"), nil
}

func (c *talk) ThreadLine(_ context.Context, _ notify.Record, id int64) (bot.Card, error) {
	return bot.Sentence("line " + formatID(id)), nil
}

func (c *talk) NoticeCard(context.Context, notify.Message) (bot.Card, error) {
	return bot.Sentence("notice"), nil
}

func (c *talk) Commands() []bot.Command { return bot.New(bot.Options{}).Commands() }

func (c *talk) Shortcuts() []bot.Shortcut { return bot.New(bot.Options{}).Shortcuts() }

func (c *talk) PutAside(_ context.Context, key string, body []byte) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if key == "" {
		key = "aside" + strconv.Itoa(len(c.aside))
	}
	c.aside[key] = body
	return key, nil
}

func (c *talk) Aside(_ context.Context, key string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, ok := c.aside[key]
	if !ok {
		return nil, errors.New("too long ago")
	}
	return body, nil
}

// requests are those of a kind that the conversation got.
func (c *talk) requests(kind bot.Kind) []bot.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []bot.Request
	for _, r := range c.asked {
		if r.Kind == kind {
			list = append(list, r)
		}
	}
	return list
}

// desk is an adapter to which a test plays Discord over HTTP.
type desk struct {
	*testing.T
	talk *talk
	a    *Adapter
	key  ed25519.PrivateKey
	now  time.Time
	n    int
}

func newDesk(t *testing.T, answer func(bot.Request) bot.Reply) *desk {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{T: t, talk: &talk{answer: answer, aside: map[string][]byte{}}, key: private, now: time.Unix(1780000000, 0)}
	d.a, err = New(Options{Bot: d.talk, Token: "t", PublicKey: hex.EncodeToString(public), AppID: "1", Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// post sends a signed body, and returns the answer's status and body.
func (d *desk) post(body string, at time.Time, change func(*http.Request)) (int, map[string]any) {
	d.Helper()
	stamp := strconv.FormatInt(at.Unix(), 10)
	req := httptest.NewRequest(http.MethodPost, "/discord/interactions", strings.NewReader(body))
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(d.key, []byte(stamp+body))))
	if change != nil {
		change(req)
	}
	w := httptest.NewRecorder()
	d.a.Handler().ServeHTTP(w, req)
	var reply map[string]any
	raw, _ := io.ReadAll(w.Body)
	_ = json.Unmarshal(raw, &reply)
	return w.Code, reply
}

// does sends what somebody did, and returns the answer.
func (d *desk) does(kind int, data any, in string) map[string]any {
	d.Helper()
	raw, err := json.Marshal(data)
	if err != nil {
		d.Fatal(err)
	}
	d.n++
	body := fmt.Sprintf(`{"id":"%d","type":%d,"token":"tok","application_id":"1","guild_id":"9","channel_id":"5",
		"member":{"user":{"id":"7","username":"dora"}},"data":%s%s}`, d.n, kind, raw, in)
	code, reply := d.post(body, d.now, nil)
	if code != http.StatusOK {
		d.Fatalf("status %d", code)
	}
	return reply
}

// redirectedURL is where a request for a channel's messages goes.
func redirectedURL(t *testing.T, base string) string {
	t.Helper()
	seen := ""
	client, err := redirected(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		seen = r.URL.String()
		return nil, errors.New("seen")
	})}, base)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, apiRoot+"channels/1/messages", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := client.Do(req); err == nil {
		_ = resp.Body.Close()
	}
	return seen
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// at digs into an answer: strings are keys, numbers places in a list.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}
