package twilio_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	rest "github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callout/internal/sandbox/twilio"
)

const (
	sid     = "AC0123456789abcdef0123456789abcdef"
	token   = "0123456789abcdef"
	company = "+14155550100"
	maria   = "+14155550123"
)

// bench is a network, twilio-go talking to it, and an application that keeps what it is sent.
type bench struct {
	net *twilio.Server
	sdk *rest.RestClient
	app *application
}

type hook struct {
	path      string
	form      url.Values
	signature string
	token     string
}

// application is the far end of the webhooks.
type application struct {
	url    string
	hooks  chan hook
	answer func(w http.ResponseWriter)
}

type toServer struct{ host string }

func (t toServer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", t.host
	return http.DefaultTransport.RoundTrip(r)
}

func setup(t *testing.T, change func(*twilio.Options)) *bench {
	t.Helper()
	app := &application{hooks: make(chan hook, 100), answer: func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		app.hooks <- hook{r.URL.Path, r.PostForm, r.Header.Get("X-Twilio-Signature"), r.Header.Get("I-Twilio-Idempotency-Token")}
		app.answer(w)
	}))
	t.Cleanup(web.Close)
	app.url = web.URL
	opt := twilio.Options{AccountSID: sid, AuthToken: token, From: company, SMSURL: web.URL + "/twilio/sms"}
	if change != nil {
		change(&opt)
	}
	net, err := twilio.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = net.Close() })
	server := httptest.NewServer(net.Handler())
	t.Cleanup(server.Close)
	return &bench{net, sdkFor(server.URL, sid, token), app}
}

func sdkFor(address, user, pass string) *rest.RestClient {
	host := strings.TrimPrefix(address, "http://")
	c := &client.Client{
		Credentials: client.NewCredentials(user, pass),
		HTTPClient:  &http.Client{Transport: toServer{host}, Timeout: 5 * time.Second},
	}
	c.SetAccountSid(sid)
	return rest.NewRestClientWithParams(rest.ClientParams{Client: c, Username: user, Password: pass})
}

func (b *bench) send(to, from, body string) (*api.ApiV2010Message, error) {
	p := (&api.CreateMessageParams{}).SetTo(to).SetFrom(from).SetBody(body)
	return b.sdk.Api.CreateMessage(p.SetStatusCallback(b.app.url + "/twilio/status"))
}

func (b *bench) hook(t *testing.T) hook {
	t.Helper()
	select {
	case h := <-b.app.hooks:
		return h
	case <-time.After(5 * time.Second):
		t.Fatal("no webhook came")
		return hook{}
	}
}

func codeOf(err error) int {
	var e *client.TwilioRestError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestRefusesWhatTwilioRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for _, c := range []struct {
		name, to, from, body string
		code                 int
	}{
		{"a word as number", "maria", company, "hi", 21211},
		{"no country code", "4155550123", company, "hi", 21211},
		{"impossible area code", "+11155550123", company, "hi", 21211},
		{"too long a number", "+4912345678901234", company, "hi", 21211},
		{"no recipient", "", company, "hi", 21604},
		{"no sender", maria, "", "hi", 21603},
		{"a word as sender", maria, "12", "hi", 21212},
		{"a number of somebody else", maria, "+14155550199", "hi", 21659},
		{"itself", company, company, "hi", 21266},
		{"no body", maria, company, "", 21602},
		{"1601 characters", maria, company, strings.Repeat("x", 1601), 21617},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := b.send(c.to, c.from, c.body)
			if got := codeOf(err); got != c.code {
				t.Errorf("code %d, want %d (%v)", got, c.code, err)
			}
		})
	}
	if _, err := b.send(maria, company, strings.Repeat("é", 1600)); err != nil {
		t.Errorf("1600 characters: %v", err)
	}
}

func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	server := httptest.NewServer(b.net.Handler())
	defer server.Close()
	_, err := sdkFor(server.URL, sid, "wrong").Api.CreateMessage((&api.CreateMessageParams{}).SetTo(maria))
	if codeOf(err) != 20003 {
		t.Errorf("got %v, want 20003", err)
	}
	resp, err := http.Get(server.URL + "/2010-04-01/Accounts/" + sid + "/Messages.json")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without credentials: %s", resp.Status)
	}
	other := (&api.CreateMessageParams{}).SetTo(maria).SetPathAccountSid("ACffffffffffffffffffffffffffffffff")
	if _, err := b.sdk.Api.CreateMessage(other); codeOf(err) != 20404 {
		t.Errorf("another account: %v, want 20404", err)
	}
}

func TestDeliveryIsReportedStepByStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		behaviour twilio.Behaviour
		last      string
		code      string
	}{
		{twilio.Reachable, "delivered", ""},
		{twilio.Unreachable, "undelivered", "30003"},
		{twilio.Unknown, "undelivered", "30005"},
		{twilio.Landline, "undelivered", "30006"},
		{twilio.Filtered, "undelivered", "30007"},
	} {
		t.Run("number "+string(c.behaviour), func(t *testing.T) {
			t.Parallel()
			b := setup(t, nil)
			if err := b.net.Behave(maria, c.behaviour); err != nil {
				t.Fatal(err)
			}
			m, err := b.send(maria, company, "A call for you")
			if err != nil {
				t.Fatal(err)
			}
			if *m.Status != "queued" || *m.NumSegments != "1" || *m.Direction != "outbound-api" {
				t.Errorf("created as %s, %s segments, %s", *m.Status, *m.NumSegments, *m.Direction)
			}
			for _, want := range []string{"sent", c.last} {
				h := b.hook(t)
				if got := h.form.Get("MessageStatus"); got != want || h.form.Get("MessageSid") != *m.Sid {
					t.Errorf("reported %s of %s, want %s", got, h.form.Get("MessageSid"), want)
				}
				checkSignature(t, b.app.url, h)
				if want == c.last && h.form.Get("ErrorCode") != c.code {
					t.Errorf("error %q, want %q", h.form.Get("ErrorCode"), c.code)
				}
			}
			got, err := b.sdk.Api.FetchMessage(*m.Sid, &api.FetchMessageParams{})
			if err != nil || *got.Status != c.last {
				t.Errorf("fetched %+v, %v", got, err)
			}
		})
	}
}

// checkSignature uses Twilio's own validator, which shares nothing with the sandbox.
func checkSignature(t *testing.T, base string, h hook) {
	t.Helper()
	params := map[string]string{}
	for k, v := range h.form {
		params[k] = v[0]
	}
	v := client.NewRequestValidator(token)
	if !v.Validate(base+h.path, params, h.signature) {
		t.Errorf("signature of %s is wrong", h.path)
	}
	if v.Validate(base+h.path+"x", params, h.signature) {
		t.Error("a tampered address passes")
	}
}

// The parameters and the expected value are the example that Twilio's own libraries are tested with.
func TestSignPublishedExample(t *testing.T) {
	t.Parallel()
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+12349013030"}, "Digits": {"1234"},
		"From": {"+12349013030"}, "To": {"+18005551212"},
	}
	got := twilio.Sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)
	if want := "0/KCTR6DLpKmkAf8muzZqo1nDgQ="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestManualDelivery(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *twilio.Options) { o.Manual = true })
	m, err := b.send(maria, company, "hi")
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if err := b.net.Deliver(ctx, *m.Sid, "delivered", 0); err == nil {
		t.Error("queued may not become delivered without being sent")
	}
	if err := b.net.Deliver(ctx, *m.Sid, "failed", 30001); err != nil {
		t.Fatal(err)
	}
	if h := b.hook(t); h.form.Get("MessageStatus") != "failed" || h.form.Get("ErrorCode") != "30001" {
		t.Errorf("reported %v", h.form)
	}
	if err := b.net.Deliver(ctx, *m.Sid, "sent", 0); err == nil {
		t.Error("failed is the end")
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *twilio.Options) { o.Manual = true })
	b.net.Fail(twilio.Fault{Status: 429})
	b.net.Fail(twilio.Fault{Status: 503, Times: 2})
	b.net.Fail(twilio.Fault{Drop: true, After: true})
	for _, want := range []int{20429, 20500, 20500, 0} {
		if _, err := b.send(maria, company, "hi"); err == nil || codeOf(err) != want {
			t.Errorf("got %v, want code %d", err, want)
		}
	}
	if _, err := b.send(maria, company, "hi"); err != nil {
		t.Errorf("faults are used up: %v", err)
	}
	// The dropped one was done nevertheless.
	if n := len(b.net.Messages(maria)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

func TestSlowAnswerGivesUpWithTheClient(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.net.Fail(twilio.Fault{Delay: time.Hour})
	server := httptest.NewServer(b.net.Handler())
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	b := setup(t, func(o *twilio.Options) { o.PerSecond, o.Manual, o.Now = 2, true, func() time.Time { return now } })
	for i, want := range []int{0, 0, 20429} {
		if _, err := b.send(maria, company, "hi"); codeOf(err) != want {
			t.Errorf("request %d: %v, want %d", i, err, want)
		}
	}
}

func TestRepeatedWebhooksCarryOneToken(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.net.RepeatWebhooks(1)
	if err := b.net.Text(t.Context(), maria, "A 42"); err != nil {
		t.Fatal(err)
	}
	first, second := b.hook(t), b.hook(t)
	if first.token == "" || first.token != second.token || first.form.Get("MessageSid") != second.form.Get("MessageSid") {
		t.Errorf("tokens %q and %q", first.token, second.token)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *twilio.Options) { o.Manual = true })
	for _, body := range []string{"one", "two", "three"} {
		if _, err := b.send(maria, company, body); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.sdk.Api.ListMessage((&api.ListMessageParams{}).SetTo(maria).SetPageSize(2))
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, m := range got {
		bodies = append(bodies, *m.Body)
	}
	if diff := cmp.Diff([]string{"three", "two", "one"}, bodies); diff != "" {
		t.Error(diff)
	}
	if got, err = b.sdk.Api.ListMessage((&api.ListMessageParams{}).SetTo(company)); err != nil || len(got) != 0 {
		t.Errorf("to the company: %d, %v", len(got), err)
	}
}
