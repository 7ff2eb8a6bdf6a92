package notify

import (
	"net/http/httptest"
	"testing"
	"time"

	"callout/internal/sandbox/twilio"
)

// network is a local phone network and a sender that texts through it.
func network(t *testing.T) (*twilio.Server, *Router) {
	t.Helper()
	phones, err := twilio.New(twilio.Options{Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(phones.Handler())
	t.Cleanup(func() {
		server.Close()
		phones.Close()
	})
	s, err := NewSMS(SMSOptions{AccountSID: phones.AccountSID(), AuthToken: phones.AuthToken(), From: phones.From(), APIURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	router := NewRouter()
	router.Register(SMS, s)
	return phones, router
}

func TestTextWithoutAnAnswerIsNotSentAgain(t *testing.T) {
	t.Parallel()
	phones, router := network(t)
	phones.Fail(twilio.Fault{Drop: true, After: true})
	m := offerMessage()
	first := time.Now()
	if _, err := router.Send(t.Context(), m); err == nil || Permanent(err) {
		t.Fatalf("the answer was cut off, and yet %v", err)
	}
	m.Asked = first
	receipt, err := router.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	got := phones.Messages(m.Address)
	if len(got) != 1 || got[0].SID != receipt.ID || got[0].Body != SMSText(m) {
		t.Errorf("receipt %v, on the phone %+v", receipt, got)
	}
}

func TestTextThatNeverLeftIsSent(t *testing.T) {
	t.Parallel()
	phones, router := network(t)
	phones.Fail(twilio.Fault{Drop: true})
	m := offerMessage()
	first := time.Now()
	if _, err := router.Send(t.Context(), m); err == nil {
		t.Fatal("no error")
	}
	m.Asked = first
	if _, err := router.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if n := len(phones.Messages(m.Address)); n != 1 {
		t.Errorf("%d texts on the phone", n)
	}
}

func TestNetworkCountsSegmentsAsWeDo(t *testing.T) {
	t.Parallel()
	phones, router := network(t)
	for _, c := range append(offers(), others()...) {
		c.m.Channel, c.m.Address = SMS, "+14155550123"
		if _, err := router.Send(t.Context(), c.m); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		all := phones.Messages(c.m.Address)
		last := all[len(all)-1]
		if n, encoding := Segments(last.Body); n != last.Segments || encoding != last.Encoding {
			t.Errorf("%s: %d %s, the network says %d %s", c.name, n, encoding, last.Segments, last.Encoding)
		}
	}
}

func TestNetworkRefusals(t *testing.T) {
	t.Parallel()
	phones, router := network(t)
	m := offerMessage()
	if err := phones.Text(t.Context(), m.Address, "STOP"); err != nil {
		t.Fatal(err)
	}
	if _, err := router.Send(t.Context(), m); !Dead(err) {
		t.Errorf("opted out: %v", err)
	}
	m.Address = "12"
	if _, err := router.Send(t.Context(), m); !Dead(err) {
		t.Errorf("no phone number: %v", err)
	}
	m.Address = "+14155550177"
	phones.Fail(twilio.Fault{Status: 429})
	if _, err := router.Send(t.Context(), m); err == nil || Permanent(err) {
		t.Errorf("too many requests: %v", err)
	}
}
