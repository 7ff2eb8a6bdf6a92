package twilio

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Twilio's own words and its answers to them, sent whether or not the application answers too:
// https://help.twilio.com/articles/223134027
var (
	stopWords  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
	startWords = []string{"START", "UNSTOP", "YES"}
	helpWords  = []string{"HELP", "INFO"}
)

const (
	stopReply = "You have successfully been unsubscribed. You will not receive any more messages from this number. " +
		"Reply START to resubscribe."
	startReply = "You have successfully been re-subscribed to messages from this number. Reply HELP for help. " +
		"Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	helpReply = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)

// Text is a person texting the company from a phone. It returns when the application has answered the webhook;
// an answer that Twilio would log as an error is returned as one.
func (s *Server) Text(ctx context.Context, from, body string) error {
	return s.Send(ctx, from, body, nil)
}

// Send is a person texting the company from a phone. It returns when the application has answered the webhook;
// an answer that Twilio would log as an error is returned as one.
func (s *Server) Send(ctx context.Context, from, body string, media []Media) error {
	if !validE164(from) {
		return fmt.Errorf("%q is not a phone number in E.164 form", from)
	}
	if from == s.opt.From {
		return errors.New("the company cannot text itself")
	}
	if strings.TrimSpace(body) == "" && len(media) == 0 {
		return errors.New("an empty text cannot be sent")
	}
	if err := checkMedia(media); err != nil {
		return err
	}
	s.mu.Lock()
	phone := s.phone(from)
	m := s.add(Message{From: from, To: s.opt.From, Body: body, Direction: "inbound", Status: "received", Media: withSIDs(media)})
	m.Sent = m.Created
	s.keyword(phone, body)
	form, hook := s.inboundForm(*m), s.opt.SMSURL
	s.mu.Unlock()
	s.changed()
	if hook == "" {
		return nil
	}
	answer, err := s.webhook(ctx, hook, form)
	if err != nil {
		return fmt.Errorf("inbound text: %w", err)
	}
	return s.replyAll(from, answer)
}

// keyword applies STOP, START and HELP; the caller holds the lock. Only a message of that one word counts.
func (s *Server) keyword(phone *Phone, body string) {
	word := strings.ToUpper(strings.TrimSpace(body))
	switch {
	case contains(stopWords, word):
		if !phone.OptedOut {
			phone.OptedOut = true
			s.automatic(phone.Number, stopReply)
		}
	case contains(startWords, word):
		if phone.OptedOut {
			phone.OptedOut = false
			s.automatic(phone.Number, startReply)
		}
	case contains(helpWords, word):
		if !phone.OptedOut {
			s.automatic(phone.Number, helpReply)
		}
	}
}

func (s *Server) automatic(to, body string) {
	m := s.add(Message{
		From: s.opt.From, To: to, Body: body, Direction: "outbound-reply", Status: "delivered", Automatic: true,
	})
	m.Sent = m.Created
}

// inboundForm is what Twilio posts for a text: https://www.twilio.com/docs/messaging/guides/webhook-request
func (s *Server) inboundForm(m Message) url.Values {
	form := url.Values{
		"MessageSid": {m.SID}, "SmsSid": {m.SID}, "SmsMessageSid": {m.SID}, "AccountSid": {s.opt.AccountSID},
		"From": {m.From}, "To": {m.To}, "Body": {m.Body}, "NumMedia": {strconv.Itoa(len(m.Media))}, "NumSegments": {strconv.Itoa(m.Segments)},
		"SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"},
		"FromCountry": {""}, "FromCity": {""}, "FromState": {""}, "FromZip": {""},
		"ToCountry": {""}, "ToCity": {""}, "ToState": {""}, "ToZip": {""},
	}
	for i, media := range m.Media {
		form.Set("MediaContentType"+strconv.Itoa(i), media.Type)
		form.Set("MediaUrl"+strconv.Itoa(i), s.opt.APIURL+"/2010-04-01/Accounts/"+s.opt.AccountSID+"/Messages/"+m.SID+"/Media/"+media.SID)
	}
	return form
}

// reply is an application's answer to a webhook.
type reply struct {
	contentType string
	body        []byte
}

// twiml is the part of the language that answers a text: https://www.twilio.com/docs/messaging/twiml/message
type twiml struct {
	XMLName  xml.Name
	Messages []struct {
		Text string `xml:",chardata"`
		Body string `xml:"Body"`
	} `xml:"Message"`
}

func (s *Server) replyAll(to string, r reply) error {
	texts, err := replyTexts(r)
	if err != nil {
		return err
	}
	for _, text := range texts {
		s.mu.Lock()
		if s.phone(to).OptedOut {
			s.mu.Unlock()
			return errors.New("error 21610: the reply goes to an unsubscribed recipient")
		}
		m := s.add(Message{
			From: s.opt.From, To: to, Body: text, Direction: "outbound-reply", Status: "queued", CallbackURL: s.opt.StatusURL,
		})
		s.mu.Unlock()
		s.changed()
		s.deliverByItself(m.SID)
	}
	return nil
}

func replyTexts(r reply) ([]string, error) {
	if len(strings.TrimSpace(string(r.body))) == 0 {
		return nil, nil
	}
	kind, _, err := mime.ParseMediaType(r.contentType)
	if err != nil {
		return nil, fmt.Errorf("error 12300: the content type %q is invalid", r.contentType)
	}
	switch kind {
	case "text/plain":
		return []string{string(r.body)}, nil
	case "text/xml", "application/xml", "text/html":
		return parseTwiML(r.body)
	}
	return nil, fmt.Errorf("error 12300: Twilio cannot read %s", kind)
}

func parseTwiML(body []byte) ([]string, error) {
	var doc twiml
	if err := xml.Unmarshal(body, &doc); err != nil {
		return nil, fmt.Errorf("error 12100: the answer is not XML: %w", err)
	}
	if doc.XMLName.Local != "Response" {
		return nil, fmt.Errorf("error 12102: the answer starts with <%s> instead of <Response>", doc.XMLName.Local)
	}
	var texts []string
	for _, m := range doc.Messages {
		text := m.Body
		if text == "" {
			text = strings.TrimSpace(m.Text)
		}
		if text == "" {
			return nil, fmt.Errorf("error %d: a <Message> has no body", 14103)
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// badStatus reports an answer outside 2xx as Twilio's error 11200.
func badStatus(resp *http.Response) error {
	if resp.StatusCode/100 == 2 {
		return nil
	}
	return fmt.Errorf("error 11200: the webhook answered %s", resp.Status)
}
