package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// throttle is after how long a phone gets texts again, however many it had.
const throttle = 3*time.Hour + time.Minute

// phone is where somebody is who has a phone and no chat.
type phone struct{ *world }

// errNoChat is what a phone cannot do.
var errNoChat = errors.New("there is no chat on a phone")

func (phone) name() string { return "sms" }

func (phone) joins(*person) {}

func (phone) types(p *person, _, text string) error {
	return p.sandbox.Twilio.Text(p.ctx, p.phone, text)
}

func (phone) presses(*person, message, string) error { return errNoChat }

func (phone) usesOn(*person, message, string) error { return errNoChat }

func (phone) form(*person) (openForm, bool) { return openForm{}, false }

func (phone) submits(*person, openForm, map[string]string) (map[string]string, error) {
	return nil, errNoChat
}

func (phone) finds(*person, openForm, string, string, string) error { return errNoChat }

func (phone) filled(*person, openForm) string { return "" }

// sees are the texts the person got.
func (phone) sees(p *person, _ string) []message {
	var texts []message
	for _, m := range p.sandbox.Twilio.Messages(p.phone) {
		if m.Direction != "inbound" {
			text := message{plain: m.Body}
			text.Text = m.Body
			texts = append(texts, text)
		}
	}
	return texts
}

func (c phone) private(p *person, channel string) []message { return c.sees(p, channel) }

func (phone) thread(message) []message { return nil }

func (phone) answersIn(*person, message, string, ...string) error { return errNoChat }

func (phone) dm(p *person) string { return p.phone }

func (phone) uploads(*person, string, []byte) (string, error) { return "", errNoChat }

func (phone) content(string) []byte { return nil }

// verb is something a technician does with a call, in chat and by text.
type verb struct {
	button string // in chat
	form   string // which it opens, if it does
	field  string // that asks in it for words
	letter string // by text
	answer string // to the text
}

var (
	toAccept  = verb{button: "Accept", letter: "A", answer: "Call %d is yours"}
	toDecline = verb{button: "Decline", letter: "D", answer: "You declined call %d"}
	toSetOut  = verb{button: "On my way", letter: "W"}
	toArrive  = verb{button: "On site", letter: "S"}
	toNote    = verb{button: "Add note", form: "Note on call %d", field: "note", letter: "N"}
	toClose   = verb{button: "Close", form: "Close call %d", field: "resolution", letter: "F", answer: "Call %d is closed"}
)

// does is a technician doing something with a call: by a letter on the phone, by the buttons of the message about it in chat.
func (p *person) does(v verb, call int64, words string) {
	p.Helper()
	p.clock.move(time.Second) // nobody does two things at once
	if p.chat().name() == "sms" {
		p.texts(v.letter + " " + id(call) + " " + words)
		if v.answer != "" {
			p.gets(fmt.Sprintf(v.answer, call))
		}
		return
	}
	var m message
	shown := func() []message { // who was not asked has the card in the channel
		if offers := p.offers(call); len(offers) > 0 {
			return offers
		}
		return slices.DeleteFunc(p.chat().sees(p, callsChannel), func(m message) bool { return !m.says([]string{nth(call)}) })
	}
	p.until(fmt.Sprintf("%s has %q for call %d", p.name, v.button, call), func() bool {
		at := slices.IndexFunc(shown(), func(m message) bool { return m.has(v.button) })
		if at >= 0 {
			m = shown()[at]
		}
		return at >= 0
	}, func() string { return dump(shown()) })
	p.presses(m, v.button)
	if v.form != "" {
		p.accepted(p.form(fmt.Sprintf(v.form, call)), map[string]string{v.field: words})
	}
}
