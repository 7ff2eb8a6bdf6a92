package notify

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"callout/internal/sandbox/twilio"
)

// photographed is a network on which somebody has just sent a photo, and the id under which it can be fetched.
func photographed(t *testing.T, media ...twilio.Media) (*twilio.Server, *SMSSender, string) {
	t.Helper()
	var form url.Values
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _ = r.ParseForm(); form = r.PostForm }))
	t.Cleanup(app.Close)
	phones, router := network(t)
	sender, ok := router.senders[SMS].(*SMSSender)
	if !ok {
		t.Fatal("no sender of texts")
	}
	phones.SetAPIURL(sender.opt.APIURL)
	phones.SetURLs(app.URL, "")
	if err := phones.Send(t.Context(), "+14155550123", "", media); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(form.Get("MediaUrl0"), "/")
	if form.Get("NumMedia") != "1" || len(parts) < 4 {
		t.Fatalf("the webhook says %v", form)
	}
	return phones, sender, parts[len(parts)-3] + "/" + parts[len(parts)-1]
}

func TestPhotoIsFetched(t *testing.T) {
	t.Parallel()
	photo := []byte("\xff\xd8\xff a photo")
	phones, sender, id := photographed(t, twilio.Media{Type: "image/jpeg", Content: photo})
	f, err := sender.Fetch(t.Context(), id, 1<<20)
	if err != nil || !bytes.Equal(f.Content, photo) || f.Media != "image/jpeg" || !strings.HasSuffix(f.Name, ".jpg") {
		t.Fatalf("%+v, %v", f, err)
	}
	requests := phones.Requests()
	last := requests[len(requests)-1]
	if !strings.HasPrefix(last.Path, "/media/") || last.Status != http.StatusOK {
		t.Errorf("the photo was not fetched from where Twilio keeps it: %+v", last)
	}
	if _, err := sender.Fetch(t.Context(), id, 5); !Permanent(err) || !strings.Contains(Said(err), "larger than") {
		t.Errorf("a photo that is too large: %v", err)
	}
	for _, wrong := range []string{"", "https://evil.example/x.jpg", "../../Accounts", "MM1/ME2", id + "/.."} {
		if _, err := sender.Fetch(t.Context(), wrong, 1<<20); !Permanent(err) {
			t.Errorf("%q is fetched: %v", wrong, err)
		}
	}
	gone := id[:len(id)-1] + "0"
	if strings.HasSuffix(id, "0") {
		gone = id[:len(id)-1] + "1"
	}
	if _, err := sender.Fetch(t.Context(), gone, 1<<20); err == nil || Permanent(err) {
		t.Errorf("a photo that is not there yet is given up: %v", err)
	}
	phones.Fail(twilio.Fault{Status: http.StatusTooManyRequests})
	if _, err := sender.Fetch(t.Context(), id, 1<<20); RetryAfter(err) == 0 {
		t.Errorf("too many requests: %v", err)
	}
}

// TestPhotosAreFetchedFromTwilioAlone is about an API that sends us somewhere else, with our token.
func TestPhotosAreFetchedFromTwilioAlone(t *testing.T) {
	t.Parallel()
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, _ *http.Request) { asked++ }))
	t.Cleanup(elsewhere.Close)
	api := httptest.NewServer(http.RedirectHandler(elsewhere.URL+"/photo", http.StatusTemporaryRedirect))
	t.Cleanup(api.Close)
	s, err := NewSMS(SMSOptions{AccountSID: "AC1", AuthToken: "token", From: "+14155550100", APIURL: api.URL})
	if err != nil {
		t.Fatal(err)
	}
	id := "MM" + strings.Repeat("0a", 16) + "/ME" + strings.Repeat("1b", 16)
	if _, err := s.Fetch(t.Context(), id, 1<<20); !Permanent(err) || asked != 0 {
		t.Errorf("sent elsewhere: %v, asked %d times", err, asked)
	}
	for host, want := range map[string]bool{
		"api.twilio.com": true, "mms.twiliocdn.com": true, "s3-external-1.amazonaws.com": true, "media.s3.us-east-1.amazonaws.com": true,
		"eviltwilio.com": false, "twilio.com.evil.example": false, "amazonaws.com": false, "evil.example": false, "169.254.169.254": false, "localhost": false,
	} {
		if got := mediaHosts.MatchString(host); got != want {
			t.Errorf("%s: %t", host, got)
		}
	}
}
