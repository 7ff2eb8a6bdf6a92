package twilio

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// Behaviour is how a number receives texts.
type Behaviour string

// The ways in which a number may receive. Their codes are Twilio's delivery errors.
const (
	Reachable   Behaviour = ""
	Unreachable Behaviour = "unreachable" // 30003: switched off or out of coverage
	Unknown     Behaviour = "unknown"     // 30005: no such number any more
	Landline    Behaviour = "landline"    // 30006: cannot receive texts
	Filtered    Behaviour = "filtered"    // 30007: the carrier takes it for spam
)

var behaviourCode = map[Behaviour]int{Unreachable: 30003, Unknown: 30005, Landline: 30006, Filtered: 30007}

// errorText is the sentence Twilio gives with a code: https://www.twilio.com/docs/api/errors
var errorText = map[int]string{
	20003: "Authenticate",
	20429: "Too Many Requests",
	20500: "Internal Server Error",
	21610: "Attempt to send to unsubscribed recipient",
	30001: "Queue overflow",
	30002: "Account suspended",
	30003: "Unreachable destination handset",
	30004: "Message blocked",
	30005: "Unknown destination handset",
	30006: "Landline or unreachable carrier",
	30007: "Carrier violation",
	30008: "Unknown error",
}

// next are the states that may follow one another:
// https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
var next = map[string][]string{
	"queued":  {"sending", "sent", "failed"},
	"sending": {"sent", "failed"},
	"sent":    {"delivered", "undelivered"},
}

// Behave sets how a number receives from now on.
func (s *Server) Behave(number string, b Behaviour) error {
	if _, known := behaviourCode[b]; !known && b != Reachable {
		return fmt.Errorf("no behaviour is called %q", b)
	}
	if !validE164(number) {
		return fmt.Errorf("%q is not a phone number in E.164 form", number)
	}
	s.mu.Lock()
	s.phone(number).Behaviour = b
	s.mu.Unlock()
	s.changed()
	return nil
}

// Deliver moves a message to a state (sent, delivered, undelivered, failed) and reports it to the callback.
// The code is Twilio's delivery error, 0 when there is none.
func (s *Server) Deliver(ctx context.Context, sid, status string, code int) error {
	s.mu.Lock()
	m := s.bySID[sid]
	if m == nil {
		s.mu.Unlock()
		return fmt.Errorf("no message %s", sid)
	}
	if !contains(next[m.Status], status) {
		s.mu.Unlock()
		return fmt.Errorf("message %s cannot go from %s to %s", sid, m.Status, status)
	}
	m.Status, m.ErrorCode, m.Updated = status, code, s.opt.Now().UTC()
	if status == "sent" {
		m.Sent = m.Updated
	}
	report, callback := s.statusForm(*m), m.CallbackURL
	s.mu.Unlock()
	s.changed()
	if callback == "" {
		return nil
	}
	_, err := s.webhook(ctx, callback, report)
	return err
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// statusForm is what a status callback carries:
// https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
func (s *Server) statusForm(m Message) url.Values {
	form := url.Values{
		"AccountSid": {s.opt.AccountSID}, "ApiVersion": {"2010-04-01"}, "From": {m.From}, "To": {m.To},
		"MessageSid": {m.SID}, "SmsSid": {m.SID}, "MessageStatus": {m.Status}, "SmsStatus": {m.Status},
	}
	if m.ErrorCode != 0 {
		form.Set("ErrorCode", strconv.Itoa(m.ErrorCode))
	}
	return form
}

// deliverByItself walks an outgoing message to its end in the background, unless a test does it by hand.
func (s *Server) deliverByItself(sid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opt.Manual || s.closed {
		return
	}
	s.work.Go(func() { s.walk(sid) })
}

func (s *Server) walk(sid string) {
	s.mu.Lock()
	m := s.bySID[sid]
	code := behaviourCode[s.phone(m.To).Behaviour]
	s.mu.Unlock()
	last := "delivered"
	if code != 0 {
		last = "undelivered"
	}
	for _, step := range []struct {
		status string
		code   int
	}{{"sent", 0}, {last, code}} {
		select {
		case <-time.After(s.opt.Pace):
		case <-s.ctx.Done():
			return
		}
		if err := s.Deliver(s.ctx, sid, step.status, step.code); err != nil {
			s.opt.Log.Warn("a delivery report did not arrive", "sid", sid, "status", step.status, "err", err)
		}
	}
}
