package smsbot_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callout/bot"
	"callout/bot/smsbot"
	"callout/notify"
)

const (
	token  = "0123456789abcdef"
	public = "https://bot.example/desk"
	maria  = "+14155550123"
)

// talker says the same to everybody and keeps what it was asked.
type talker struct {
	reply bot.Reply
	asked []bot.Request
}

func (b *talker) Handle(_ context.Context, r bot.Request) bot.Reply {
	b.asked = append(b.asked, r)
	return b.reply
}

func says(text string) bot.Reply { return bot.Reply{Say: &bot.Card{Text: text}} }

func sign(address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, key := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(key + form.Get(key)))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func inbound(body string) url.Values {
	return url.Values{"From": {maria}, "To": {"+14155550100"}, "Body": {body}, "MessageSid": {"SM1"}, "AccountSid": {"AC1"}, "NumMedia": {"0"}}
}

// post sends a webhook the way Twilio does, signed for the address the proxy is known by.
func post(opt smsbot.Options, path string, form url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	opt.AuthToken, opt.PublicURL = token, public+"/"
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	r.Header.Set("X-Twilio-Signature", sign(public+path, form))
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	smsbot.New(opt).Handler().ServeHTTP(w, r)
	return w
}

func message(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var answer struct {
		XMLName xml.Name `xml:"Response"`
		Message []string
	}
	if err := xml.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") {
		t.Fatalf("%d %s %q: %v", w.Code, w.Header().Get("Content-Type"), w.Body, err)
	}
	return strings.Join(answer.Message, "|")
}

func TestTextBecomesARequest(t *testing.T) {
	t.Parallel()
	check := func(body string, want bot.Request) {
		t.Helper()
		b := &talker{}
		post(smsbot.Options{Bot: b}, "/twilio/sms", inbound(body))
		want.Platform, want.User, want.Channel, want.Key, want.Kind = bot.SMS, maria, maria, "twilio:SM1", bot.KindText
		if diff := cmp.Diff([]bot.Request{want}, b.asked); diff != "" {
			t.Errorf("%q (-want +got)\n%s", body, diff)
		}
	}
	check("A 42", bot.Request{Name: "accept", Value: "42"})
	check("d 42: too far", bot.Request{Name: "decline", Value: "42", Text: "too far"})
	check("W 42", bot.Request{Name: "on_my_way", Value: "42"})
	check("S 42", bot.Request{Name: "on_site", Value: "42"})
	check("F 42 done", bot.Request{Name: "finish", Value: "42", Text: "done"})
	check("N 42 shut", bot.Request{Name: "note", Value: "42", Text: "shut"})
	check("?", bot.Request{Name: "mine"})
	check("a", bot.Request{Name: "accept"})
	check(" Are you coming? ", bot.Request{Text: "Are you coming?"})
	check("", bot.Request{})
}

func TestPhotosComeByTheirIDs(t *testing.T) {
	t.Parallel()
	b := &talker{}
	form := inbound("N 42 burnt")
	message, first, second := "MM"+strings.Repeat("0a", 16), "ME"+strings.Repeat("1b", 16), "ME"+strings.Repeat("2c", 16)
	form.Set("NumMedia", "4")
	for i, address := range []string{
		"https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/" + message + "/Media/" + first,
		"https://evil.example/2010-04-01/Accounts/AC1/Messages/" + message + "/Media/" + second + "?x=1", // fetched from Twilio all the same
		"https://evil.example/photo.jpg",
		"file:///etc/passwd",
	} {
		form.Set("MediaUrl"+strconv.Itoa(i), address)
	}
	post(smsbot.Options{Bot: b}, "/twilio/sms", form)
	want := []bot.Request{{
		Platform: bot.SMS, User: maria, Channel: maria, Key: "twilio:SM1", Kind: bot.KindText, Name: "note", Value: "42", Text: "burnt",
		Files: []string{message + "/" + first, message + "/" + second},
	}}
	if diff := cmp.Diff(want, b.asked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	form.Set("Body", "STOP")
	post(smsbot.Options{Bot: b}, "/twilio/sms", form)
	if len(b.asked) != 1 {
		t.Error("STOP with a photo reaches the conversation")
	}
}

func TestAnswerIsTwiML(t *testing.T) {
	t.Parallel()
	check := func(reply bot.Reply, want string) {
		t.Helper()
		if got := message(t, post(smsbot.Options{Bot: &talker{reply: reply}}, "/twilio/sms", inbound("A 42"))); got != want {
			t.Errorf("answer %q, want %q", got, want)
		}
	}
	check(says("Call 42 is yours."), "Call 42 is yours.")
	check(says("It’s “yours” – </Message> & <b>go</b> 👍"), `It's "yours" - </Message> & <b>go</b>`)
	check(says("Двери закрыты"), "Двери закрыты")
	check(bot.Reply{}, "")
	check(bot.Reply{Post: &bot.Card{Text: "for a channel"}}, "")
	long := message(t, post(smsbot.Options{Bot: &talker{reply: says(strings.Repeat("word ", 1000))}}, "/twilio/sms", inbound("?")))
	if n, _ := notify.Segments(long); n != 3 || !strings.HasSuffix(long, "...") {
		t.Errorf("%d segments: %q", n, long)
	}
	empty := post(smsbot.Options{Bot: &talker{}}, "/twilio/sms", inbound("x")).Body.String()
	if !strings.HasSuffix(empty, "<Response></Response>") {
		t.Errorf("empty answer %q", empty)
	}
}

func TestForgedRequestsLearnNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request){
		"no signature": func(r *http.Request) { r.Header.Del("X-Twilio-Signature") },
		"wrong signature": func(r *http.Request) {
			r.Header.Set("X-Twilio-Signature", sign(public+"/twilio/status", inbound("A 42")))
		},
		"other text": func(r *http.Request) {
			body := inbound("A 43").Encode()
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		},
		"other query": func(r *http.Request) { r.URL.RawQuery = "x=1" },
		"proxy's own host": func(r *http.Request) {
			r.Header.Set("X-Twilio-Signature", sign("http://example.com/twilio/sms", inbound("A 42")))
			r.Header.Set("X-Forwarded-Host", "example.com")
		},
	} {
		b := &talker{reply: says("secret")}
		w := post(smsbot.Options{Bot: b, OptOut: func(context.Context, string, bool) error { t.Errorf("%s: opt-out", name); return nil }},
			"/twilio/sms", inbound("A 42"), change)
		if w.Code != http.StatusUnauthorized || len(b.asked) != 0 || w.Body.String() != "Unauthorized\n" {
			t.Errorf("%s: %d %q, asked %v", name, w.Code, w.Body, b.asked)
		}
	}
}

func TestNoTokenTrustsNobody(t *testing.T) {
	t.Parallel()
	mac := hmac.New(sha1.New, nil)
	mac.Write([]byte(public + "/twilio/sms"))
	r := httptest.NewRequest(http.MethodPost, "/twilio/sms", http.NoBody)
	r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	w := httptest.NewRecorder()
	smsbot.New(smsbot.Options{Bot: &talker{}, PublicURL: public}).Handler().ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d", w.Code)
	}
}

func TestQueryIsSigned(t *testing.T) {
	t.Parallel()
	b := &talker{}
	if w := post(smsbot.Options{Bot: b}, "/twilio/sms?line=1&x=a%20b", inbound("A 42")); w.Code != http.StatusOK || len(b.asked) != 1 {
		t.Errorf("status %d, asked %v", w.Code, b.asked)
	}
}

func TestOversizeAndMalformed(t *testing.T) {
	t.Parallel()
	check := func(name, path string, form url.Values, want int, change ...func(*http.Request)) {
		t.Helper()
		b := &talker{}
		if w := post(smsbot.Options{Bot: b}, path, form, change...); w.Code != want || len(b.asked) != 0 {
			t.Errorf("%s: %d, want %d", name, w.Code, want)
		}
	}
	check("too long", "/twilio/sms", inbound(strings.Repeat("a", 70<<10)), http.StatusRequestEntityTooLarge)
	check("nobody", "/twilio/sms", url.Values{"Body": {"A 42"}, "MessageSid": {"SM1"}}, http.StatusBadRequest)
	check("no id", "/twilio/sms", url.Values{"Body": {"A 42"}, "From": {maria}}, http.StatusBadRequest)
	check("no state", "/twilio/status", url.Values{"MessageSid": {"SM1"}}, http.StatusBadRequest)
	check("GET", "/twilio/sms", inbound("A 42"), http.StatusMethodNotAllowed, func(r *http.Request) { r.Method = http.MethodGet })
}

func TestTwiliosWordsAreOptOut(t *testing.T) {
	t.Parallel()
	check := func(body, optOutType, want string) {
		t.Helper()
		got, b := "", &talker{reply: says("not for you")}
		form := inbound(body)
		if optOutType != "" {
			form.Set("OptOutType", optOutType)
		}
		opt := smsbot.Options{Bot: b, OptOut: func(_ context.Context, phone string, out bool) error {
			got = phone + map[bool]string{true: " out", false: " in"}[out]
			return nil
		}}
		if said := message(t, post(opt, "/twilio/sms", form)); said != "" || got != want || len(b.asked) != 0 {
			t.Errorf("%q %s: opt-out %q, said %q, asked %v", body, optOutType, got, said, b.asked)
		}
	}
	for _, word := range []string{"STOP", "stop", " Stop ", "StopAll", "UNSUBSCRIBE", "cancel", "End", "quit", "revoke", "optout"} {
		check(word, "", maria+" out")
	}
	for _, word := range []string{"START", "unstop", "Yes"} {
		check(word, "", maria+" in")
	}
	check("help", "", "")
	check("INFO", "", "")
	check("arrêt", "STOP", maria+" out")
	check("HALLO", "START", maria+" in")
	check("hilfe", "HELP", "")

	b := &talker{}
	post(smsbot.Options{Bot: b}, "/twilio/sms", inbound("stop please"))
	if len(b.asked) != 1 || b.asked[0].Name != "" {
		t.Errorf("more than one word is a text like any other: %v", b.asked)
	}
	failing := smsbot.Options{Bot: b, OptOut: func(context.Context, string, bool) error { return errors.New("database away") }}
	if w := post(failing, "/twilio/sms", inbound("STOP")); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "database") {
		t.Errorf("an opt-out that was not stored: %d %q", w.Code, w.Body)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	report := func(state, code string, fail error) (string, int) {
		got := ""
		form := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {state}}
		if code != "" {
			form.Set("ErrorCode", code)
		}
		w := post(smsbot.Options{Status: func(_ context.Context, id, state, code string) error {
			got = id + " " + state + " " + code
			return fail
		}}, "/twilio/status", form)
		return got, w.Code
	}
	check := func(state, code string, fail error, want string, wantStatus int) {
		t.Helper()
		if got, status := report(state, code, fail); got != want || status != wantStatus {
			t.Errorf("%s %s: %q %d, want %q %d", state, code, got, status, want, wantStatus)
		}
	}
	check("delivered", "", nil, "SM1 delivered ", http.StatusNoContent)
	check("undelivered", "30006", nil, "SM1 undelivered 30006", http.StatusNoContent)
	check("received", "", nil, "", http.StatusNoContent)
	check("made up", "", nil, "", http.StatusNoContent)
	check("sent", "", errors.New("database away"), "SM1 sent ", http.StatusInternalServerError)
}
