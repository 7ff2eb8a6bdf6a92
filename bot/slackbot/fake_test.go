package slackbot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/bot"
	"callout/notify"
)

// talker is a conversation that says what the test tells it to, and remembers what it was asked.
type talker struct {
	handle  func(context.Context, bot.Request) bot.Reply
	preview func(bot.Request) *bot.Form
	card    func(id int64) bot.Card

	mu  sync.Mutex
	got []bot.Request
}

func (t *talker) Handle(ctx context.Context, r bot.Request) bot.Reply {
	t.mu.Lock()
	t.got = append(t.got, r)
	handle := t.handle
	t.mu.Unlock()
	if handle == nil {
		return bot.Reply{}
	}
	return handle(ctx, r)
}

func (t *talker) Preview(r bot.Request) *bot.Form {
	if t.preview == nil {
		return nil
	}
	return t.preview(r)
}

func (t *talker) RecordCard(_ context.Context, r notify.Record) (bot.Card, error) {
	return t.of(r.ID), nil
}

func (t *talker) ThreadLine(_ context.Context, _ notify.Record, id int64) (bot.Card, error) {
	return t.of(id), nil
}

func (t *talker) NoticeCard(_ context.Context, m notify.Message) (bot.Card, error) {
	return t.of(m.ID), nil
}

func (t *talker) of(id int64) bot.Card {
	if t.card == nil {
		return bot.Sentence(fmt.Sprintf("Card %d", id))
	}
	return t.card(id)
}

func (t *talker) requests() []bot.Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]bot.Request(nil), t.got...)
}

// apiCall is one call the adapter made.
type apiCall struct {
	Method string
	Form   url.Values     // of a form call
	JSON   map[string]any // of a JSON call
}

// slackAPI is a Slack that answers what the test tells it to; it checks nothing, the sandbox does that.
type slackAPI struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []apiCall
	answers map[string][]string // by method, the last one again and again
	changed chan struct{}
}

func newSlackAPI(t *testing.T, answers map[string][]string) *slackAPI {
	t.Helper()
	s := &slackAPI{answers: answers, changed: make(chan struct{})}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *slackAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := apiCall{Method: strings.TrimPrefix(r.URL.Path, "/")}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.NewDecoder(r.Body).Decode(&call.JSON)
	} else {
		_ = r.ParseForm()
		call.Form = r.Form
	}
	s.mu.Lock()
	s.calls = append(s.calls, call)
	answer := `{"ok":true,"channel":"C1","ts":"1.000100","view":{"id":"V1","hash":"h1","type":"modal"}}`
	if call.Method == "conversations.open" || call.Method == "conversations.join" {
		answer = `{"ok":true,"channel":{"id":"D1"}}`
	}
	if list := s.answers[call.Method]; len(list) > 0 {
		answer = list[0]
		if len(list) > 1 {
			s.answers[call.Method] = list[1:]
		}
	}
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	var status int
	if n, _ := fmt.Sscanf(answer, "HTTP %d", &status); n == 1 {
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "7")
		}
		w.WriteHeader(status)
		return
	}
	_, _ = w.Write([]byte(answer))
}

// of lists the calls of a method so far.
func (s *slackAPI) of(method string) []apiCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []apiCall
	for _, c := range s.calls {
		if c.Method == method {
			list = append(list, c)
		}
	}
	return list
}

// wait waits for the nth call of a method.
func (s *slackAPI) wait(t *testing.T, method string, n int) apiCall {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if list := s.of(method); len(list) >= n {
			return list[n-1]
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("call %d of %s did not come; there were %v", n, method, s.methods())
		}
	}
}

func (s *slackAPI) methods() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, c := range s.calls {
		list = append(list, c.Method)
	}
	return list
}

// refusing is the address of a Slack that refuses everything.
func refusing(t *testing.T) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":false,"error":"invalid_auth"}`))
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func drain(t *testing.T, a *Adapter) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := a.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

// post delivers a body as Slack would and returns the answer.
func post(t *testing.T, a *Adapter, contentType, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, signedRequest("s", time.Now().Unix(), contentType, body))
	return w
}

func postForm(t *testing.T, a *Adapter, body string) *httptest.ResponseRecorder {
	t.Helper()
	return post(t, a, "application/x-www-form-urlencoded", body)
}
