package twilio_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStopAndStart(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"STOP", "stop", " Stopall ", "UNSUBSCRIBE", "cancel", "END", "quit"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			b := setup(t, nil)
			text(t, b, word)
			if _, err := b.send(maria, company, "hi"); codeOf(err) != 21610 {
				t.Errorf("after %s: %v, want 21610", word, err)
			}
			text(t, b, "HELP") // unanswered while opted out
			text(t, b, "start")
			if _, err := b.send(maria, company, "hi"); err != nil {
				t.Errorf("after START: %v", err)
			}
			var replies []string
			for _, m := range b.net.Messages(maria) {
				if m.Automatic {
					replies = append(replies, strings.Fields(m.Body)[3])
				}
			}
			if diff := cmp.Diff([]string{"been", "been"}, replies); diff != "" {
				t.Error(diff)
			}
		})
	}
	b := setup(t, nil)
	text(t, b, "stop please")
	if _, err := b.send(maria, company, "hi"); err != nil {
		t.Errorf("two words are no opt-out: %v", err)
	}
}

// text sends a text and checks that the application got it.
func text(t *testing.T, b *bench, body string) {
	t.Helper()
	if err := b.net.Text(t.Context(), maria, body); err != nil {
		t.Fatal(err)
	}
	for {
		h := b.hook(t)
		if h.path != "/twilio/sms" {
			continue // a delivery report of the test's own message
		}
		if h.form.Get("Body") != body || h.form.Get("From") != maria || h.form.Get("To") != company {
			t.Errorf("the application got %v", h.form)
		}
		checkSignature(t, b.app.url, h)
		return
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, answer string
		want               []string
		fails              string
	}{
		{"message", "text/xml", `<?xml version="1.0"?><Response><Message>You have it</Message></Response>`, []string{"You have it"}, ""},
		{"two with bodies", "application/xml", "<Response><Message><Body>a &amp; b</Body></Message><Message>c</Message></Response>", []string{"a & b", "c"}, ""},
		{"nothing", "text/xml", "<Response/>", nil, ""},
		{"empty answer", "text/xml", "", nil, ""},
		{"plain text", "text/plain; charset=utf-8", "hello", []string{"hello"}, ""},
		{"not XML", "text/xml", "<Response>", nil, "12100"},
		{"other root", "text/xml", "<Reply/>", nil, "12102"},
		{"JSON", "application/json", "{}", nil, "12300"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, nil)
			b.app.answer = func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", c.kind)
				_, _ = w.Write([]byte(c.answer))
			}
			err := b.net.Text(t.Context(), maria, "A 42")
			if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
				t.Fatalf("error %v, want %q", err, c.fails)
			}
			var got []string
			for _, m := range b.net.Messages(maria)[1:] {
				got = append(got, m.Body)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
