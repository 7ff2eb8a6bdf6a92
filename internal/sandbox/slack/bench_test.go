package slack

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// BenchmarkCommandOpensForm measures the sandbox's own share of the way from a typed command through views.open to
// a submitted form, with an app that does nothing else.
func BenchmarkCommandOpensForm(b *testing.B) {
	var api string
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if trigger := r.FormValue("trigger_id"); trigger != "" {
			resp, err := http.PostForm(api+"/api/views.open", url.Values{
				"token": {"xoxb-sandbox"}, "trigger_id": {trigger}, "view": {form(smallBlocks)},
			})
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}))
	defer app.Close()
	ws, err := New(Options{EventsURL: app.URL})
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(ws.Handler())
	defer srv.Close()
	api = srv.URL
	ws.SetBaseURL(srv.URL)
	ws.AddUser(User{ID: "U1", Name: "maria"})
	ws.AddChannel(Channel{ID: "C1", Name: "calls", Members: []string{"U1"}})
	for b.Loop() {
		if _, err := ws.Type(b.Context(), "U1", "C1", "/log-call "+strings.Repeat("x", 40)); err != nil {
			b.Fatal(err)
		}
		if _, err := ws.Submit(b.Context(), "U1", ws.Views("U1")[0].ID, Values{"what": "x"}); err != nil {
			b.Fatal(err)
		}
	}
	if err := ws.Close(); err != nil {
		b.Fatal(err)
	}
}
