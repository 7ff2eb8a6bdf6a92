package smsbot

import (
	"bytes"
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"callout/bot"
	"callout/notify"
)

// answerSegments is the longest answer to a text: three say enough, and each is charged.
const answerSegments = 3

// Twilio's own words, when a text consists of one of them. Twilio answers them itself.
// https://help.twilio.com/articles/223134027
var (
	stopWords  = map[string]bool{"STOP": true, "STOPALL": true, "UNSUBSCRIBE": true, "CANCEL": true, "END": true, "QUIT": true, "REVOKE": true, "OPTOUT": true}
	startWords = map[string]bool{"START": true, "UNSTOP": true, "YES": true}
	helpWords  = map[string]bool{"HELP": true, "INFO": true}
)

// text hands a person's text to the bot and answers it in TwiML.
// https://www.twilio.com/docs/messaging/guides/webhook-request
func (s *Server) text(ctx context.Context, w http.ResponseWriter, form url.Values) {
	from, body, sid := form.Get("From"), form.Get("Body"), form.Get("MessageSid")
	if from == "" || sid == "" {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	if word := keyword(form); word != "" {
		s.keyword(ctx, w, from, word)
		return
	}
	started := s.opt.Now()
	request := decode(from, body, sid)
	request.Files = s.media(ctx, form)
	reply := s.opt.Bot.Handle(ctx, request)
	s.opt.Log.InfoContext(ctx, "text answered", "provider_id", sid, "verb", request.Name, "files", len(request.Files), "from", hidden(from), "took", s.opt.Now().Sub(started))
	s.answer(ctx, w, replyText(reply))
}

// decode turns a text into a request: Name is the verb, Value the call's number, Text what else was said.
func decode(from, body, sid string) bot.Request {
	request := bot.Request{
		Platform: bot.SMS, User: from, Channel: from, Key: "twilio:" + sid, Kind: bot.KindText, Text: strings.TrimSpace(body),
	}
	verb, number, rest, ok := Parse(body)
	if !ok {
		return request
	}
	request.Name, request.Text = string(verb), rest
	if number > 0 {
		request.Value = strconv.FormatInt(number, 10)
	}
	return request
}

// keyword returns STOP, START or HELP if the text is one of Twilio's words. OptOutType is Twilio's own judgement, sent
// when the account has Advanced Opt-Out; else the words are looked up here.
// https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
func keyword(form url.Values) string {
	if kind := strings.ToUpper(form.Get("OptOutType")); kind == "STOP" || kind == "START" || kind == "HELP" {
		return kind
	}
	word := strings.ToUpper(strings.TrimSpace(form.Get("Body")))
	switch {
	case stopWords[word]:
		return "STOP"
	case startWords[word]:
		return "START"
	case helpWords[word]:
		return "HELP"
	}
	return ""
}

// keyword takes note of STOP and START. Twilio has answered already, so we say nothing.
func (s *Server) keyword(ctx context.Context, w http.ResponseWriter, from, word string) {
	if word != "HELP" && s.opt.OptOut != nil {
		if err := s.opt.OptOut(ctx, from, word == "STOP"); err != nil {
			s.opt.Log.ErrorContext(ctx, "opt-out was not stored", "from", hidden(from), "word", word, "err", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
	}
	s.answer(ctx, w, "")
}

// replyText is what the bot says, fit for a phone: what only a chat can show is left out.
func replyText(reply bot.Reply) string {
	if reply.Say == nil {
		return ""
	}
	return notify.Clip(reply.Say.Text, answerSegments)
}

// twiml is the answer Twilio reads: https://www.twilio.com/docs/messaging/twiml/message
type twiml struct {
	XMLName xml.Name `xml:"Response"`
	Message string   `xml:"Message,omitempty"`
}

func (s *Server) answer(ctx context.Context, w http.ResponseWriter, text string) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(twiml{Message: text}); err != nil {
		s.opt.Log.ErrorContext(ctx, "answer was not encoded", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // an error means that Twilio has hung up: nobody is left to tell
}

// hidden keeps the last two digits of a phone number, for logs.
func hidden(phone string) string { return "**" + phone[max(0, len(phone)-2):] }
