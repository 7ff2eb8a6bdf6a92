package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// quickSlack is a Slack that takes everything, answers at once and remembers when. The sandbox checks what it is sent,
// which would be most of what a benchmark sees.
type quickSlack struct {
	url string

	mu     sync.Mutex
	last   int
	opened map[string]time.Time   // views.open, by trigger
	posted map[string][]time.Time // chat.postMessage, by the mark in its metadata
	told   int                    // answers at a response_url and ephemeral messages
}

func startQuickSlack(t testing.TB) *quickSlack {
	t.Helper()
	s := &quickSlack{opened: map[string]time.Time{}, posted: map[string][]time.Time{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *quickSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	answer := `{"ok":true}`
	switch method {
	case "views.open":
		var body struct {
			Trigger string `json:"trigger_id"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		s.open(body.Trigger, at)
		answer = `{"ok":true,"view":{"id":"V1","hash":"1"}}`
	case "chat.postMessage":
		answer = fmt.Sprintf(`{"ok":true,"channel":%q,"ts":"1700000000.%06d"}`, r.FormValue("channel"), s.post(r.FormValue("metadata"), at))
	case "conversations.open":
		answer = `{"ok":true,"channel":{"id":"D1"}}`
	case "chat.update":
		answer = fmt.Sprintf(`{"ok":true,"channel":%q,"ts":%q}`, r.FormValue("channel"), r.FormValue("ts"))
	default:
		_, _ = io.Copy(io.Discard, r.Body)
		s.tell()
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, answer)
}

func (s *quickSlack) open(trigger string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened[trigger] = at
}

func (s *quickSlack) post(metadata string, at time.Time) int {
	var m struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	_ = json.Unmarshal([]byte(metadata), &m)
	mark := m.Type
	for _, id := range m.Payload {
		mark += " " + fmt.Sprint(id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posted[mark] = append(s.posted[mark], at)
	s.last++
	return s.last
}

func (s *quickSlack) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told++
}

// openedAt is when a form was opened; zero if it was not.
func (s *quickSlack) openedAt(trigger string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened[trigger]
}

// postedAt is when messages with a mark came: "callout_card 12", "callout_notice 12", "callout_line 12".
func (s *quickSlack) postedAt(mark string, id int64) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posted[fmt.Sprint(mark, " ", id)]
}
