package main

import (
	"strings"

	"callout/internal/sandbox/slack"
	"callout/internal/sandbox/twilio"
	"callout/store"
)

// types writes into a channel as the person.
func (p *person) types(channel, text string) {
	p.Helper()
	if _, err := p.sandbox.Slack.Type(p.ctx, p.user, channel, text); err != nil {
		p.Fatalf("%s types %q: %v", p.name, text, err)
	}
}

// form waits for the person's open form with a title.
func (p *person) form(title string) slack.View {
	p.Helper()
	var found slack.View
	p.until(p.name+" has the form "+title, func() bool {
		views := p.sandbox.Slack.Views(p.user)
		if len(views) == 0 || views[len(views)-1].Title != title {
			return false
		}
		found = views[len(views)-1]
		return true
	}, func() string {
		return dump(p.sandbox.Slack.Views(p.user)) + dump(p.sandbox.Slack.Ephemerals(p.user, callsChannel))
	})
	return found
}

// submits fills the open form and sends it; it returns the errors on its fields.
func (p *person) submits(view slack.View, values slack.Values) map[string]string {
	p.Helper()
	result, err := p.sandbox.Slack.Submit(p.ctx, p.user, view.ID, values)
	if err != nil {
		p.Fatalf("%s submits %s: %v", p.name, view.Title, err)
	}
	return result.Errors
}

// noForm waits until the person has no form open.
func (p *person) noForm() {
	p.Helper()
	p.until(p.name+" has no form open", func() bool { return len(p.sandbox.Slack.Views(p.user)) == 0 },
		func() string { return dump(p.sandbox.Slack.Views(p.user)) })
}

// logsCall logs an urgent call for a customer with the form, and returns when the form has closed: the offer goes out on
// every channel at once.
func (p *person) logsCall(customer store.Customer, summary string, more slack.Values) {
	p.Helper()
	p.types(callsChannel, "/log-call "+summary)
	view := p.form("Log a call")
	values := slack.Values{"priority": "urgent"}
	for k, v := range more {
		values[k] = v
	}
	p.finds(view, "customer", customer.Name[:3], customer.Name)
	if errs := p.submits(p.form("Log a call"), values); len(errs) > 0 {
		p.Fatalf("%s could not log the call: %v", p.name, errs)
	}
	p.noForm()
}

// finds types into a search field and chooses the option with a label; it returns the option's value.
func (p *person) finds(view slack.View, field, typed, label string) string {
	p.Helper()
	el := slack.Element{BlockID: field, ActionID: field}
	options, err := p.sandbox.Slack.Suggest(p.ctx, p.user, view.ID, el, typed)
	if err != nil {
		p.Fatalf("%s types %q into %s of %s: %v", p.name, typed, field, view.Title, err)
	}
	for _, o := range options {
		if o.Text != label {
			continue
		}
		if err := p.sandbox.Slack.Change(p.ctx, p.user, view.ID, el, o.Value); err != nil {
			p.Fatalf("%s chooses %s in %s: %v", p.name, label, view.Title, err)
		}
		return o.Value
	}
	p.Fatalf("%s does not find %q in %s", p.name, label, dump(options))
	return ""
}

// reads waits for a message in a channel that holds all the words, as the person sees it: ephemeral ones too.
func (p *person) reads(channel string, words ...string) slack.Message {
	p.Helper()
	var found slack.Message
	p.until(p.name+" reads "+strings.Join(words, " … "), func() bool {
		for _, m := range p.sandbox.Slack.MessagesFor(p.user, channel) {
			if says(m, words) {
				found = m
				return true
			}
		}
		return false
	}, func() string { return dump(p.sandbox.Slack.MessagesFor(p.user, channel)) })
	return found
}

// dm is the person's conversation with the app.
func (p *person) dm() string { return p.sandbox.Slack.DM(p.user) }

// readsDM waits for a direct message of the app.
func (p *person) readsDM(words ...string) slack.Message {
	p.Helper()
	return p.reads(p.dm(), words...)
}

// readsThread waits for a line in the thread below a message.
func (p *person) readsThread(m slack.Message, words ...string) {
	p.Helper()
	thread := func() []slack.Message { return p.sandbox.Slack.Thread(m.Channel, m.TS) }
	p.until("the thread says "+strings.Join(words, " … "), func() bool {
		for _, reply := range thread() {
			if says(reply, words) {
				return true
			}
		}
		return false
	}, func() string { return dump(thread()) })
}

// presses presses the button with a label on a message.
func (p *person) presses(m slack.Message, label string) {
	p.Helper()
	now, ok := p.sandbox.Slack.Message(m.Ref())
	if !ok {
		now = m
	}
	button, ok := now.Button(label)
	if !ok {
		p.Fatalf("%s finds no button %q on\n%s", p.name, label, dump(now))
	}
	if err := p.sandbox.Slack.Press(p.ctx, p.user, m.Ref(), button, ""); err != nil {
		p.Fatalf("%s presses %s: %v", p.name, label, err)
	}
}

// gets waits for a text message on the person's phone.
func (p *person) gets(words ...string) twilio.Message {
	p.Helper()
	var found twilio.Message
	p.until(p.name+" gets the text "+strings.Join(words, " … "), func() bool {
		for _, m := range p.sandbox.Twilio.Messages(p.phone) {
			if m.Direction != "inbound" && saysAll(m.Body, words) {
				found = m
				return true
			}
		}
		return false
	}, func() string { return dump(p.sandbox.Twilio.Messages(p.phone)) })
	return found
}

// texts writes a text message to the company.
func (p *person) texts(body string) {
	p.Helper()
	if err := p.sandbox.Twilio.Text(p.ctx, p.phone, body); err != nil {
		p.Fatalf("%s texts %q: %v", p.name, body, err)
	}
}
