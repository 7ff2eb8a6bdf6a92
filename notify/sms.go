package notify

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

const (
	// smsTimeout bounds one request to Twilio, answer included.
	smsTimeout = 10 * time.Second
	// smsPage is how many of a person's texts are looked through for one whose answer never came: Twilio's largest page.
	// https://www.twilio.com/docs/usage/twilios-response#pagination
	smsPage = 1000
	// smsSkew is how far Twilio's clock, which counts whole seconds, may be behind ours.
	smsSkew = 10 * time.Second
	// trialPrefix is what Twilio puts before each text of a trial account: https://www.twilio.com/docs/usage/tutorials/how-to-use-your-free-trial-account
	trialPrefix = "Sent from your Twilio trial account - "
	// servicePrefix begins the id of a Messaging Service, which may stand in place of a number.
	servicePrefix = "MG"
)

// SMSOptions are the settings of the SMS sender. AccountSID, AuthToken and From are needed.
type SMSOptions struct {
	AccountSID string
	AuthToken  string
	From       string // a number in E.164 form, or the id of a Messaging Service
	APIURL     string // where the API is, when it is not Twilio's own: the sandbox, a test
	StatusURL  string // where Twilio reports what became of a text; empty asks for no reports
	HTTPClient *http.Client
	Now        func() time.Time
	Log        *slog.Logger
}

// SMSSender sends texts through Twilio. It is a Finder too.
type SMSSender struct {
	opt  SMSOptions
	conn twilioConn
}

// NewSMS returns a sender of texts. It makes no request; see Check.
func NewSMS(opt SMSOptions) (*SMSSender, error) {
	if opt.AccountSID == "" || opt.AuthToken == "" || opt.From == "" {
		return nil, fmt.Errorf("sms: account, token and sender number are all needed")
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	conn, err := newTwilioConn(opt)
	if err != nil {
		return nil, err
	}
	return &SMSSender{opt: opt, conn: conn}, nil
}

// Send sends a text and returns Twilio's id of it. Delivery is reported later, to StatusURL.
// https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
func (s *SMSSender) Send(ctx context.Context, m Message) (Receipt, error) {
	text := SMSText(m)
	params := &api.CreateMessageParams{To: &m.Address, Body: &text}
	if strings.HasPrefix(s.opt.From, servicePrefix) {
		params.SetMessagingServiceSid(s.opt.From)
	} else {
		params.SetFrom(s.opt.From)
	}
	if s.opt.StatusURL != "" {
		params.SetStatusCallback(s.opt.StatusURL)
	}
	started := s.opt.Now()
	var sent *api.ApiV2010Message
	err := s.conn.do(ctx, func(a *api.ApiService) (err error) {
		sent, err = a.CreateMessage(params)
		return err
	})
	if err != nil {
		return Receipt{}, fmt.Errorf("send text to %s: %w", hidden(m.Address), err)
	}
	sid := value(sent.Sid)
	if sid == "" {
		return Receipt{}, fmt.Errorf("send text to %s: the answer names no message", hidden(m.Address))
	}
	segments, encoding := Segments(text)
	s.opt.Log.InfoContext(ctx, "text sent", "notice_id", m.ID, "kind", m.Kind, "to", hidden(m.Address), "provider_id", sid,
		"segments", segments, "encoding", encoding, "took", s.opt.Now().Sub(started))
	return Receipt{ID: sid, Segments: segments}, nil
}

// Find looks for a text whose answer never came: the same words to the same number since it was first tried.
// Twilio's own date filter is by the day and by when a text left, which is empty while it is queued, so the newest
// page is read and the time compared here. A text that failed does not count, unless trying again cannot help.
// https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
func (s *SMSSender) Find(ctx context.Context, m Message) (Receipt, bool, error) {
	text, since := SMSText(m), m.Asked.Add(-smsSkew)
	params := (&api.ListMessageParams{}).SetTo(m.Address).SetPageSize(smsPage)
	if !strings.HasPrefix(s.opt.From, servicePrefix) {
		params.SetFrom(s.opt.From)
	}
	var page *api.ListMessageResponse
	err := s.conn.do(ctx, func(a *api.ApiService) (err error) {
		page, err = a.PageMessage(params, "", "")
		return err
	})
	if err != nil {
		return Receipt{}, false, fmt.Errorf("look for text to %s: %w", hidden(m.Address), err)
	}
	for _, found := range page.Messages {
		if body := value(found.Body); body != text && body != trialPrefix+text {
			continue
		}
		created, err := time.Parse(time.RFC1123Z, value(found.DateCreated))
		if err != nil || created.Before(since) {
			continue
		}
		switch value(found.Status) {
		case "failed", "undelivered", "canceled":
			if failure := SMSFailure(number(found.ErrorCode), "text was not delivered"); Permanent(failure) {
				return Receipt{}, false, failure
			}
			continue
		}
		segments, _ := Segments(value(found.Body))
		return Receipt{ID: value(found.Sid), Segments: segments}, true, nil
	}
	return Receipt{}, false, nil
}

// Check reports whether texts could be sent now: the account answers and is active, and the number is its own.
func (s *SMSSender) Check(ctx context.Context) error {
	var account *api.ApiV2010Account
	err := s.conn.do(ctx, func(a *api.ApiService) (err error) {
		account, err = a.FetchAccount(s.opt.AccountSID)
		return err
	})
	if err != nil {
		return fmt.Errorf("fetch Twilio account: %w", err)
	}
	if status := value(account.Status); status != "" && status != "active" {
		return fmt.Errorf("the Twilio account is %s: see https://console.twilio.com", status)
	}
	if !strings.HasPrefix(s.opt.From, "+") { // a Messaging Service or a name; only sending shows whether it is ours
		return nil
	}
	var numbers *api.ListIncomingPhoneNumberResponse
	err = s.conn.do(ctx, func(a *api.ApiService) (err error) {
		numbers, err = a.PageIncomingPhoneNumber((&api.ListIncomingPhoneNumberParams{}).SetPhoneNumber(s.opt.From), "", "")
		return err
	})
	if err != nil {
		return fmt.Errorf("look up the sender's number: %w", err)
	}
	for _, n := range numbers.IncomingPhoneNumbers {
		if value(n.PhoneNumber) == s.opt.From {
			return nil
		}
	}
	return fmt.Errorf("the number %s does not belong to the Twilio account: buy it there or correct TWILIO_FROM", hidden(s.opt.From))
}

// hidden keeps the last two digits of a phone number, for logs.
func hidden(phone string) string {
	if len(phone) < 4 {
		return "**"
	}
	return strings.Repeat("*", len(phone)-2) + phone[len(phone)-2:]
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func number(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
