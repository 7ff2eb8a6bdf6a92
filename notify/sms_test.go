package notify

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testSID   = "AC0123456789abcdef0123456789abcdef"
	testToken = "0123456789abcdef0123456789abcdef"
	testFrom  = "+14155550100"
)

// twilioFake answers what a test says and keeps what it was asked.
type twilioFake struct {
	url   string
	asked chan *http.Request
}

func fakeTwilio(t *testing.T, answer http.HandlerFunc) *twilioFake {
	t.Helper()
	fake := &twilioFake{asked: make(chan *http.Request, 10)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != testSID || password != testToken {
			t.Errorf("credentials %q %q", user, password)
		}
		if err := r.ParseForm(); err != nil {
			t.Errorf("form: %v", err)
		}
		fake.asked <- r
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	fake.url = server.URL
	return fake
}

func answer(status int, body any, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		if text, ok := body.(string); ok {
			_, _ = w.Write([]byte(text))
			return
		}
		_ = json.NewEncoder(w).Encode(body)
	}
}

func sender(t *testing.T, opt SMSOptions) *SMSSender {
	t.Helper()
	opt.AccountSID, opt.AuthToken = testSID, testToken
	if opt.From == "" {
		opt.From = testFrom
	}
	s, err := NewSMS(opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func offerMessage() Message {
	return Message{ID: 9, Kind: Offer, Channel: SMS, Address: "+14155550123", Call: call()}
}

func TestSendReturnsTheSID(t *testing.T) {
	t.Parallel()
	fake := fakeTwilio(t, answer(http.StatusCreated, map[string]any{"sid": "SM1", "status": "queued"}))
	s := sender(t, SMSOptions{APIURL: fake.url + "/base/", StatusURL: "https://bot.example/twilio/status"})
	receipt, err := s.Send(t.Context(), offerMessage())
	if err != nil || receipt.ID != "SM1" {
		t.Fatalf("receipt %v, %v", receipt, err)
	}
	r := <-fake.asked
	if want := "/base/2010-04-01/Accounts/" + testSID + "/Messages.json"; r.URL.Path != want {
		t.Errorf("path %s, want %s", r.URL.Path, want)
	}
	want := url.Values{
		"To": {"+14155550123"}, "From": {testFrom}, "Body": {SMSText(offerMessage())},
		"StatusCallback": {"https://bot.example/twilio/status"},
	}
	if diff := cmp.Diff(want, r.PostForm); diff != "" {
		t.Errorf("form (-want +got)\n%s", diff)
	}
}

func TestSendThroughAMessagingService(t *testing.T) {
	t.Parallel()
	fake := fakeTwilio(t, answer(http.StatusCreated, map[string]any{"sid": "SM1"}))
	if _, err := sender(t, SMSOptions{APIURL: fake.url, From: "MG123"}).Send(t.Context(), offerMessage()); err != nil {
		t.Fatal(err)
	}
	form := (<-fake.asked).PostForm
	if form.Get("MessagingServiceSid") != "MG123" || form.Has("From") {
		t.Errorf("form %v", form)
	}
}

func TestSendSortsErrors(t *testing.T) {
	t.Parallel()
	refusal := func(status, code int) http.HandlerFunc {
		return answer(status, map[string]any{"code": code, "message": "no", "status": status}, "Retry-After", "7")
	}
	for name, c := range map[string]struct {
		answer          http.HandlerFunc
		permanent, dead bool
		after           time.Duration
	}{
		"invalid number":        {refusal(400, 21211), true, true, 7 * time.Second},
		"opted out":             {refusal(400, 21610), true, true, 7 * time.Second},
		"landline":              {refusal(400, 21635), true, true, 7 * time.Second},
		"wrong token":           {refusal(401, 20003), true, false, 7 * time.Second},
		"not our number":        {refusal(400, 21659), true, false, 7 * time.Second},
		"a code we do not know": {refusal(400, 29999), true, false, 7 * time.Second},
		"rate":                  {refusal(429, 20429), false, false, 7 * time.Second},
		"rate, unknown code":    {refusal(429, 29999), false, false, 7 * time.Second},
		"queue full":            {refusal(400, 21611), false, false, 7 * time.Second},
		"server error":          {refusal(500, 20500), false, false, 7 * time.Second},
		"not JSON, 503":         {answer(503, "<html>busy", "Retry-After", "3"), false, false, 3 * time.Second},
		"not JSON, 404":         {answer(404, "<html>nothing here"), true, false, 0},
		"not JSON, 200":         {answer(200, "<html>captive portal"), false, false, 0},
		"no sid":                {answer(201, map[string]any{}), false, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeTwilio(t, c.answer)
			_, err := sender(t, SMSOptions{APIURL: fake.url}).Send(t.Context(), offerMessage())
			if err == nil {
				t.Fatal("no error")
			}
			if Permanent(err) != c.permanent || Dead(err) != c.dead || RetryAfter(err) != c.after {
				t.Errorf("permanent %v, dead %v, after %v of %v", Permanent(err), Dead(err), RetryAfter(err), err)
			}
			if strings.Contains(err.Error(), "0123456789abcdef") || strings.Contains(err.Error(), "+14155550123") {
				t.Errorf("the error tells a secret or a phone number: %v", err)
			}
		})
	}
}

func TestSendEndsWithItsContext(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	fake := fakeTwilio(t, func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-fake.asked
		cancel()
	}()
	_, err := sender(t, SMSOptions{APIURL: fake.url}).Send(ctx, offerMessage())
	if !errors.Is(err, context.Canceled) || Permanent(err) {
		t.Errorf("error %v, permanent %v", err, Permanent(err))
	}
	<-gone
}

func TestNothingListening(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := sender(t, SMSOptions{APIURL: server.URL}).Send(t.Context(), offerMessage())
	if err == nil || Permanent(err) {
		t.Errorf("error %v is permanent %v", err, Permanent(err))
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	asked := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	m := offerMessage()
	m.Asked = asked
	text := SMSText(m)
	row := func(sid, body, status string, created time.Time, code any) map[string]any {
		return map[string]any{"sid": sid, "body": body, "status": status, "date_created": created.Format(time.RFC1123Z), "error_code": code}
	}
	later := asked.Add(time.Second)
	for name, c := range map[string]struct {
		rows       []map[string]any
		want       string
		dead, fail bool
	}{
		"nothing":                  {nil, "", false, false},
		"sent":                     {[]map[string]any{row("SM1", text, "sent", later, nil)}, "SM1", false, false},
		"other words":              {[]map[string]any{row("SM1", text+"!", "sent", later, nil)}, "", false, false},
		"trial account":            {[]map[string]any{row("SM1", trialPrefix+text, "queued", later, nil)}, "SM1", false, false},
		"clock a little behind":    {[]map[string]any{row("SM1", text, "queued", asked.Add(-3*time.Second), nil)}, "SM1", false, false},
		"before it was tried":      {[]map[string]any{row("SM1", text, "sent", asked.Add(-time.Minute), nil)}, "", false, false},
		"failed, may go better":    {[]map[string]any{row("SM1", text, "undelivered", later, 30008)}, "", false, false},
		"failed, and sent again":   {[]map[string]any{row("SM2", text, "failed", later, 30008), row("SM1", text, "sent", later, nil)}, "SM1", false, false},
		"failed, number is dead":   {[]map[string]any{row("SM1", text, "undelivered", later, 30005)}, "", true, true},
		"failed, text is filtered": {[]map[string]any{row("SM1", text, "undelivered", later, 30007)}, "", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeTwilio(t, answer(200, map[string]any{"messages": c.rows}))
			receipt, found, err := sender(t, SMSOptions{APIURL: fake.url}).Find(t.Context(), m)
			if receipt.ID != c.want || found != (c.want != "") || Permanent(err) != c.fail || Dead(err) != c.dead {
				t.Errorf("found %v %v, %v", receipt, found, err)
			}
			if q := (<-fake.asked).URL.Query(); q.Get("To") != m.Address || q.Get("From") != testFrom {
				t.Errorf("query %v", q)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	serve := func(status string, numbers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/IncomingPhoneNumbers.json") {
				var rows []map[string]any
				for _, n := range numbers {
					rows = append(rows, map[string]any{"phone_number": n})
				}
				answer(200, map[string]any{"incoming_phone_numbers": rows})(w, r)
				return
			}
			answer(200, map[string]any{"sid": testSID, "status": status})(w, r)
		}
	}
	check := func(name string, h http.HandlerFunc, want string) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := sender(t, SMSOptions{APIURL: fakeTwilio(t, h).url}).Check(t.Context())
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
	check("good", serve("active", testFrom), "")
	check("suspended", serve("suspended", testFrom), "suspended")
	check("not our number", serve("active", "+14155550199"), "TWILIO_FROM")
	check("wrong token", answer(401, map[string]any{"code": 20003}), "TWILIO_AUTH_TOKEN")
}

func TestNewSMSWantsItsSettings(t *testing.T) {
	t.Parallel()
	good := SMSOptions{AccountSID: testSID, AuthToken: testToken, From: testFrom}
	for name, change := range map[string]func(*SMSOptions){
		"account": func(o *SMSOptions) { o.AccountSID = "" },
		"token":   func(o *SMSOptions) { o.AuthToken = "" },
		"from":    func(o *SMSOptions) { o.From = "" },
		"address": func(o *SMSOptions) { o.APIURL = "not an address" },
	} {
		opt := good
		change(&opt)
		if _, err := NewSMS(opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestListsOfCodesDoNotOverlap(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for _, list := range []map[int]string{smsDead, smsRefused, smsLater} {
		for code := range list {
			if seen[code] {
				t.Errorf("%d is in two lists", code)
			}
			seen[code] = true
		}
	}
}
