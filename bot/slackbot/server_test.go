package slackbot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"callout/bot"
	"callout/bot/signed"
)

// The example published at https://docs.slack.dev/authentication/verifying-requests-from-slack
const (
	exampleSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	exampleStamp  = 1531420618
	exampleSign   = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	exampleBody   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V" +
		"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" +
		"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
		"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	now := time.Unix(exampleStamp, 0)
	stamp := strconv.Itoa(exampleStamp)
	for _, tt := range []struct {
		name, secret, stamp, sign, body string
		now                             time.Time
		want                            error
	}{
		{"the published example", exampleSecret, stamp, exampleSign, exampleBody, now, nil},
		{"at the edge of five minutes", exampleSecret, stamp, exampleSign, exampleBody, now.Add(5 * time.Minute), nil},
		{"tampered body", exampleSecret, stamp, exampleSign, exampleBody + "x", now, signed.ErrUnsigned},
		{"tampered time", exampleSecret, strconv.Itoa(exampleStamp + 1), exampleSign, exampleBody, now, signed.ErrUnsigned},
		{"another secret", "another", stamp, exampleSign, exampleBody, now, signed.ErrUnsigned},
		{"no secret set", "", stamp, exampleSign, exampleBody, now, signed.ErrUnsigned},
		{"no signature", exampleSecret, stamp, "", exampleBody, now, signed.ErrUnsigned},
		{"not hex", exampleSecret, stamp, "v0=zz", exampleBody, now, signed.ErrUnsigned},
		{"no time", exampleSecret, "", exampleSign, exampleBody, now, signed.ErrUnsigned},
		{"stale", exampleSecret, stamp, exampleSign, exampleBody, now.Add(5*time.Minute + time.Second), signed.ErrStale},
		{"from the future", exampleSecret, stamp, exampleSign, exampleBody, now.Add(-6 * time.Minute), signed.ErrStale},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			header.Set("X-Slack-Request-Timestamp", tt.stamp)
			header.Set("X-Slack-Signature", tt.sign)
			if err := verify(tt.secret, header, []byte(tt.body), tt.now); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestHandlerRefusesBeforeItReads(t *testing.T) {
	t.Parallel()
	talk := &talker{}
	a := New(Options{Bot: talk, BotToken: "xoxb-1", SigningSecret: "s", Now: func() time.Time { return time.Unix(exampleStamp, 0) }})
	command := "command=%2Fcalls&user_id=U1&trigger_id=t1"
	for _, tt := range []struct {
		name   string
		make   func() *http.Request
		status int
	}{
		{"forged", func() *http.Request {
			return signedRequest("wrong", exampleStamp, "application/x-www-form-urlencoded", command)
		}, 401},
		{"stale", func() *http.Request {
			return signedRequest("s", exampleStamp-301, "application/x-www-form-urlencoded", command)
		}, 401},
		{"forged and not even JSON", func() *http.Request { return signedRequest("wrong", exampleStamp, "application/json", "{") }, 401},
		{"oversized", func() *http.Request {
			return signedRequest("s", exampleStamp, "application/json", strings.Repeat("x", signed.MaxBody+1))
		}, 413},
		{"GET", func() *http.Request {
			return httptest.NewRequestWithContext(context.Background(), http.MethodGet, Path, nil)
		}, 405},
		{"malformed JSON", func() *http.Request { return signedRequest("s", exampleStamp, "application/json", "{") }, 400},
		{"malformed payload", func() *http.Request {
			return signedRequest("s", exampleStamp, "application/x-www-form-urlencoded", "payload=%7B")
		}, 400},
		{"neither command nor payload", func() *http.Request {
			return signedRequest("s", exampleStamp, "application/x-www-form-urlencoded", "a=b")
		}, 400},
		{"an event of another kind", func() *http.Request {
			return signedRequest("s", exampleStamp, "application/json", `{"type":"event_callback","event_id":"E1","event":{"type":"reaction_added","user":"U1"}}`)
		}, 200},
		{"a message of our own", func() *http.Request {
			return signedRequest("s", exampleStamp, "application/json",
				`{"type":"event_callback","event_id":"E1","event":{"type":"message","channel_type":"im","user":"U1","bot_id":"B1","text":"hi"}}`)
		}, 200},
		{"ssl_check", func() *http.Request {
			return signedRequest("s", exampleStamp, "application/x-www-form-urlencoded", "ssl_check=1&token=x")
		}, 200},
	} {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, tt.make())
		if w.Code != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, w.Code, tt.status)
		}
	}
	drain(t, a)
	if n := len(talk.requests()); n != 0 {
		t.Errorf("the bot got %d requests, want none", n)
	}
}

func TestHandlerAnswersTheChallenge(t *testing.T) {
	t.Parallel()
	a := New(Options{Bot: &talker{}, BotToken: "xoxb-1", SigningSecret: "s"})
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, signedRequest("s", time.Now().Unix(), "application/json", `{"type":"url_verification","challenge":"abc"}`))
	if got := w.Body.String(); w.Code != 200 || got != `{"challenge":"abc"}` {
		t.Errorf("got %d %s", w.Code, got)
	}
}

func TestARetryHasTheSameKey(t *testing.T) {
	t.Parallel()
	talk := &talker{}
	a := New(Options{Bot: talk, BotToken: "xoxb-1", SigningSecret: "s", APIURL: refusing(t)})
	event := `{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"my calls"}}`
	for try := range 3 {
		r := signedRequest("s", time.Now().Unix(), "application/json", event)
		r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(try))
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		if w.Code != 200 || w.Body.Len() != 0 {
			t.Fatalf("try %d: %d %q", try, w.Code, w.Body)
		}
	}
	drain(t, a)
	got := talk.requests()
	if len(got) != 3 {
		t.Fatalf("the bot got %d requests, want 3: it decides what is a repetition", len(got))
	}
	for _, r := range got {
		if r.Key != "slack:evt:Ev1" || r.Kind != bot.KindText || r.Text != "my calls" {
			t.Errorf("got %+v", r)
		}
	}
}

// signed is a request as Slack sends it.
func signedRequest(secret string, stamp int64, contentType, body string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, Path, strings.NewReader(body))
	sign(r.Header, secret, stamp, body)
	r.Header.Set("Content-Type", contentType)
	return r
}

func sign(header http.Header, secret string, stamp int64, body string) {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + strconv.FormatInt(stamp, 10) + ":" + body))
	header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(stamp, 10))
	header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

func payloadBody(payload string) string { return url.Values{"payload": {payload}}.Encode() }
