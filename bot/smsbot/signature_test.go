package smsbot

import (
	"net/url"
	"testing"
)

// The example is Twilio's own: https://www.twilio.com/docs/usage/security#validating-requests
func TestSignatureOfTwiliosExample(t *testing.T) {
	t.Parallel()
	const address, signature = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"},
	}
	s := New(Options{AuthToken: "12345"})
	if !s.signed(address, []byte(form.Encode()), signature) {
		t.Error("Twilio's own signature is refused")
	}
	if s.signed(address+"3", []byte(form.Encode()), signature) {
		t.Error("another address passes")
	}
	form.Set("Digits", "1235")
	if s.signed(address, []byte(form.Encode()), signature) {
		t.Error("another body passes")
	}
	if New(Options{AuthToken: "12346"}).signed(address, []byte(form.Encode()), signature) {
		t.Error("another token passes")
	}
}

func TestReservedWordsAreNoVerbs(t *testing.T) {
	t.Parallel()
	for _, list := range []map[string]bool{stopWords, startWords, helpWords} {
		for word := range list {
			if verb, _, _, ok := Parse(word); ok {
				t.Errorf("%s is Twilio's and yet %q", word, verb)
			}
			if verb, _, _, ok := Parse(word + " 42"); ok {
				t.Errorf("%s 42 is Twilio's and yet %q", word, verb)
			}
		}
	}
}

func TestLaterOnlyGoesForward(t *testing.T) {
	t.Parallel()
	check := func(now, next string, want bool) {
		t.Helper()
		if got := Later(now, next); got != want {
			t.Errorf("Later(%q, %q) = %v", now, next, got)
		}
	}
	check("", "queued", true)
	check("queued", "sent", true)
	check("sent", "delivered", true)
	check("sent", "undelivered", true)
	check("delivered", "sent", false)
	check("delivered", "delivered", false)
	check("delivered", "failed", false)
	check("undelivered", "delivered", true) // networks do correct themselves
	check("delivered", "received", false)   // a state of texts we get
	check("delivered", "", false)
}
