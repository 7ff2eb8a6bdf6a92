package smsbot_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"callout/bot/smsbot"
	"callout/internal/sandbox/twilio"
)

func TestConversationOverTheNetwork(t *testing.T) {
	t.Parallel()
	phones, err := twilio.New(twilio.Options{Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { phones.Close() })
	b := &talker{reply: says("It’s yours: call 42 & “Acme”")}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	handler = smsbot.New(smsbot.Options{Bot: b, AuthToken: phones.AuthToken(), PublicURL: server.URL}).Handler()
	phones.SetURLs(server.URL+"/twilio/sms", server.URL+"/twilio/status")

	if err := phones.Text(t.Context(), maria, "a42"); err != nil {
		t.Fatal(err)
	}
	if len(b.asked) != 1 || b.asked[0].Name != "accept" || b.asked[0].Value != "42" || b.asked[0].User != maria {
		t.Errorf("asked %+v", b.asked)
	}
	all := phones.Messages(maria)
	if last := all[len(all)-1]; last.Body != `It's yours: call 42 & "Acme"` || last.Direction != "outbound-reply" {
		t.Errorf("on the phone: %+v", last)
	}

	phones.RepeatWebhooks(1)
	if err := phones.Text(t.Context(), maria, "D 42 too far"); err != nil {
		t.Fatal(err)
	}
	if len(b.asked) != 3 || b.asked[1].Key != b.asked[2].Key || b.asked[0].Key == b.asked[1].Key {
		t.Errorf("a repeated delivery has another key: %+v", b.asked)
	}
}
