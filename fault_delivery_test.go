package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
	"callout/internal/sandbox/twilio"
)

// tap stands between a platform and the program, and keeps what passes.
type tap struct {
	w      *world
	target string
	mu     sync.Mutex
	closed bool // nothing passes any more
	seen   []seen
}

// seen is one request that passed, and its answer.
type seen struct {
	path   string
	header http.Header
	body   []byte
	status int
	answer string
}

// tapped puts a tap between the sandbox and the program.
func (w *world) tapped() *tap {
	w.Helper()
	x := &tap{w: w, target: w.url}
	server := httptest.NewServer(x)
	w.Cleanup(server.Close)
	w.sandbox.Slack.SetEventsURL(server.URL + "/slack/events")
	return x
}

func (x *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s := seen{path: r.URL.Path, header: r.Header.Clone(), body: body, status: http.StatusServiceUnavailable}
	x.mu.Lock()
	closed := x.closed
	x.mu.Unlock()
	if !closed {
		s = x.send(s)
	}
	x.mu.Lock()
	x.seen = append(x.seen, s)
	x.mu.Unlock()
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.answer)
}

// send hands a request to the program and returns it with its answer.
func (x *tap) send(s seen) seen {
	x.w.Helper()
	req, err := http.NewRequestWithContext(x.w.ctx, http.MethodPost, x.target+s.path, bytes.NewReader(s.body))
	if err != nil {
		x.w.Error(err)
		return s
	}
	req.Header = s.header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.status, s.answer = http.StatusBadGateway, err.Error()
		return s
	}
	defer func() { _ = resp.Body.Close() }()
	answer, _ := io.ReadAll(resp.Body) // a cut answer shows in the comparison
	s.status, s.answer = resp.StatusCode, string(answer)
	return s
}

// last is the newest request whose body holds a word.
func (x *tap) last(word string) seen {
	x.w.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := len(x.seen) - 1; i >= 0; i-- {
		if strings.Contains(string(x.seen[i].body), word) {
			return x.seen[i]
		}
	}
	x.w.Fatalf("no request holds %q", word)
	return seen{}
}

// shut lets nothing pass any more.
func (x *tap) shut() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
}

// records counts everything that a delivery could have stored.
func (w *world) records() int {
	w.Helper()
	return w.count("SELECT (SELECT count(*) FROM call) + (SELECT count(*) FROM call_event) + (SELECT count(*) FROM customer)" +
		" + (SELECT count(*) FROM inbound) + (SELECT count(*) FROM notice) + (SELECT count(*) FROM offer WHERE state <> 'open')")
}

func TestFaultSlackDeliversEverythingTwice(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	w.sandbox.Slack.RepeatDeliveries(2)
	w.sandbox.Twilio.RepeatWebhooks(1)

	dora.types(callsChannel, "/log-call paper jam")
	if n := len(w.sandbox.Slack.Views(dora.user)); n > 1 {
		t.Errorf("%d forms are open", n)
	}
	dora.finds(dora.form("Log a call"), "customer", "Bright Bakery", "New customer: Bright Bakery")
	var view openForm
	w.until("the form asks for the new customer", func() bool {
		view = dora.form("Log a call")
		_, ok := view.Block("Name of the new customer")
		return ok
	}, func() string { return view.AllText() })
	dora.accepted(view, slack.Values{"priority": "urgent"})
	tim.once(1)
	if n := w.count("SELECT count(*) FROM call") + w.count("SELECT count(*) FROM customer"); n != 2 {
		t.Errorf("%d records instead of one call and one customer", n)
	}

	card := dora.reads(callsChannel, "Call 1 · paper jam")
	dora.presses(card, "Add note")
	dora.accepted(dora.form("Note on call 1"), slack.Values{"note": "ring first"})
	tim.texts("a")
	tim.gets("Call 1 is yours")
	tim.presses(tim.readsDM("Call 1 is yours."), "Hand back")
	w.settled()
	for kind, want := range map[string]int{"logged": 1, "note": 1, "accepted": 1, "handed_back": 1} {
		if n := w.count("SELECT count(*) FROM call_event WHERE kind = $1", kind); n != want {
			t.Errorf("%d entries %q in the timeline", n, kind)
		}
	}
	refusals := 0
	for _, m := range append(w.sandbox.Slack.MessagesFor(tim.user, tim.dm()), w.sandbox.Slack.Ephemerals(tim.user, callsChannel)...) {
		if says(m, []string{"nothing to decline"}) || says(m, []string{"already"}) {
			refusals++
		}
	}
	if refusals > 0 {
		t.Errorf("a repetition was refused aloud %d times: %s", refusals, dump(w.sandbox.Slack.MessagesFor(tim.user, tim.dm())))
	}
	seenThread := map[string]int{}
	for _, m := range w.sandbox.Slack.Thread(card.Channel, card.TS) {
		seenThread[m.Text]++
	}
	for text, n := range seenThread {
		if n != 1 {
			t.Errorf("%q is %d times in the thread", text, n)
		}
	}
	if all := w.sandbox.Slack.Ephemerals(dora.user, callsChannel); len(all) > 6 {
		t.Errorf("Dora was told %d things: %s", len(all), dump(all))
	}
}

func TestFaultTheSameRequestAgain(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	acme := w.customer("Acme Foods", "+442079460123", "")
	x := w.tapped()
	dora.logsCall(acme, "paper jam", nil)
	first := x.last("view_submission")
	if again := x.send(first); again.status != http.StatusOK || again.answer != first.answer {
		t.Errorf("the second answer is %d %q, the first was %d %q", again.status, again.answer, first.status, first.answer)
	}
	tim.presses(tim.readsDM("Can you take this call?"), "Accept")
	w.settled()
	press := x.last("call.accept")
	before := w.records()
	for range 3 {
		if again := x.send(press); again.status != http.StatusOK {
			t.Errorf("a repeated press is answered %d", again.status)
		}
	}
	w.settled()
	tim.once(1)
	if n := w.records(); n != before {
		t.Errorf("repetitions stored %d more records", n-before)
	}
}

// signed is a request to the program with Slack's signature, made here from Slack's documentation.
func signed(secret string, at time.Time, s seen) seen {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(s.body)
	s.header = s.header.Clone()
	s.header.Set("X-Slack-Request-Timestamp", stamp)
	s.header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return s
}

func TestFaultForgedSlackRequests(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	x := w.tapped()
	dora.types(callsChannel, "/log-call paper jam")
	dora.finds(dora.form("Log a call"), "customer", "Acme", acme.Name)
	view := dora.form("Log a call")
	x.shut()
	if _, err := w.sandbox.Slack.Submit(w.ctx, dora.user, view.ID, nil); err == nil {
		t.Fatal("the tap is not shut")
	}
	genuine := x.last("view_submission")
	before := w.records()
	secret := string(w.config.SlackSigningSecret)
	refused := func(what string, s seen, status int) {
		t.Helper()
		if got := x.send(s); got.status != status {
			t.Errorf("%s is answered %d %q, want %d", what, got.status, got.answer, status)
		}
		if n := w.records(); n != before {
			t.Errorf("%s stored %d records", what, n-before)
		}
	}
	forged, tampered, unsigned, old, large := genuine, genuine, genuine, genuine, genuine
	forged = signed("guessed", w.clock.Now(), forged)
	refused("a forged request", forged, http.StatusUnauthorized)
	tampered.body = bytes.Replace(genuine.body, []byte("paper"), []byte("pizza"), 1)
	refused("a tampered request", tampered, http.StatusUnauthorized)
	unsigned.header = http.Header{"Content-Type": genuine.header["Content-Type"]}
	refused("an unsigned request", unsigned, http.StatusUnauthorized)
	refused("a stale request", signed(secret, w.clock.Now().Add(-6*time.Minute), old), http.StatusUnauthorized)
	refused("a request from the future", signed(secret, w.clock.Now().Add(6*time.Minute), old), http.StatusUnauthorized)
	large.body = append(bytes.Clone(genuine.body), bytes.Repeat([]byte("x"), 1<<20)...)
	refused("an oversized request", signed(secret, w.clock.Now(), large), http.StatusRequestEntityTooLarge)
	rubbish := genuine
	rubbish.body = []byte("payload=%7Bnonsense")
	refused("a signed request of nonsense", signed(secret, w.clock.Now(), rubbish), http.StatusBadRequest)

	if got := x.send(genuine); got.status != http.StatusOK || w.count("SELECT count(*) FROM call") != 1 {
		t.Errorf("the genuine request is answered %d %q", got.status, got.answer)
	}
}

func TestFaultForgedTwilioRequests(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.logsCall(acme, "paper jam", nil)
	tim.gets("A 1")
	w.settled()
	before := w.records()
	x := &tap{w: w, target: w.url}
	token := string(w.config.TwilioAuthToken)
	text := url.Values{"MessageSid": {"SM1"}, "AccountSid": {w.config.TwilioAccountSID}, "From": {tim.phone}, "To": {w.config.TwilioFrom}, "Body": {"A 1"}}
	post := func(path, signature string, form url.Values) seen {
		header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		if signature != "" {
			header.Set("X-Twilio-Signature", signature)
		}
		return x.send(seen{path: path, header: header, body: []byte(form.Encode())})
	}
	refused := func(what string, got seen, status int) {
		t.Helper()
		if got.status != status {
			t.Errorf("%s is answered %d %q, want %d", what, got.status, got.answer, status)
		}
		if n := w.records(); n != before {
			t.Errorf("%s stored %d records", what, n-before)
		}
	}
	refused("a forged text", post("/twilio/sms", twilio.Sign("guessed", w.url+"/twilio/sms", text), text), http.StatusUnauthorized)
	refused("an unsigned text", post("/twilio/sms", "", text), http.StatusUnauthorized)
	refused("a text for another address", post("/twilio/sms", twilio.Sign(token, "https://example.com/twilio/sms", text), text), http.StatusUnauthorized)
	refused("a forged receipt", post("/twilio/status", "x", url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"failed"}}), http.StatusUnauthorized)
	large := url.Values{"Body": {strings.Repeat("x", 1<<20)}}
	refused("an oversized text", post("/twilio/sms", twilio.Sign(token, w.url+"/twilio/sms", large), large), http.StatusRequestEntityTooLarge)

	genuine := twilio.Sign(token, w.url+"/twilio/sms", text)
	first, second := post("/twilio/sms", genuine, text), post("/twilio/sms", genuine, text)
	if first.status != http.StatusOK || !strings.Contains(first.answer, "Call 1 is yours") {
		t.Errorf("the genuine text is answered %d %q", first.status, first.answer)
	}
	if second.status != http.StatusOK || w.count("SELECT count(*) FROM call_event WHERE kind = 'accepted'") != 1 {
		t.Errorf("the text again is answered %d %q", second.status, second.answer)
	}
}
