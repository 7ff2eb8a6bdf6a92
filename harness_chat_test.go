package main

import (
	"strings"

	"callout/internal/sandbox/twilio"
	"callout/store"
)

// types writes into a channel as the person; a leading slash is a command.
func (p *person) types(channel, text string) {
	p.Helper()
	if err := p.chat().types(p, channel, text); err != nil {
		p.Fatalf("%s types %q: %v", p.name, text, err)
	}
}

// form waits for the person's open form with a title.
func (p *person) form(title string) openForm {
	p.Helper()
	var found openForm
	p.until(p.name+" has the form "+title, func() bool {
		f, ok := p.chat().form(p)
		if !ok || f.Title != title {
			return false
		}
		found = f
		return true
	}, p.before)
	return found
}

// before is what the person has before them instead of what they wait for.
func (p *person) before() string {
	text := dump(p.chat().private(p, callsChannel))
	if f, ok := p.chat().form(p); ok {
		text = f.Title + "\n" + f.AllText() + " " + f.Notice + "\n" + p.chat().filled(p, f) + "\n" + text
	}
	return text
}

// submits fills the open form and sends it; it returns the errors on its fields.
func (p *person) submits(f openForm, values map[string]string) map[string]string {
	p.Helper()
	errs, err := p.chat().submits(p, f, values)
	if err != nil {
		p.Fatalf("%s submits %s: %v", p.name, f.Title, err)
	}
	return errs
}

// noForm waits until the person has no form open.
func (p *person) noForm() {
	p.Helper()
	p.until(p.name+" has no form open", func() bool {
		_, open := p.chat().form(p)
		return !open
	}, p.before)
}

// logsCall logs an urgent call for a customer with the form, and returns its number when the form has closed: the offer goes out on
// every channel at once.
func (p *person) logsCall(customer store.Customer, summary string, more map[string]string) int64 {
	p.Helper()
	p.types(callsChannel, "/log-call "+summary)
	values := map[string]string{"priority": "urgent"}
	for k, v := range more {
		values[k] = v
	}
	p.finds(p.form("Log a call"), "customer", customer.Name[:3], customer.Name)
	if errs := p.submits(p.form("Log a call"), values); len(errs) > 0 {
		p.Fatalf("%s could not log the call: %v", p.name, errs)
	}
	p.noForm()
	return int64(p.count("SELECT max(id) FROM call WHERE summary = $1", summary))
}

// finds types into a search field and chooses what has a label.
func (p *person) finds(f openForm, field, typed, label string) {
	p.Helper()
	if err := p.chat().finds(p, f, field, typed, label); err != nil {
		p.Fatalf("%s does not find %q by typing %q into %s of %s: %v", p.name, label, typed, field, f.Title, err)
	}
}

// reads waits for a message in a channel that holds all the words, as the person sees it: one that only they see, too.
func (p *person) reads(channel string, words ...string) message {
	p.Helper()
	return p.readsIn(func() []message { return p.chat().sees(p, channel) }, words)
}

func (p *person) readsIn(list func() []message, words []string) message {
	p.Helper()
	var found message
	p.until(p.name+" reads "+strings.Join(words, " … "), func() bool {
		for _, m := range list() {
			if m.says(words) {
				found = m
				return true
			}
		}
		return false
	}, func() string { return dump(list()) })
	return found
}

// dm is the person's conversation with the app.
func (p *person) dm() string { return p.chat().dm(p) }

// readsDM waits for a direct message of the app.
func (p *person) readsDM(words ...string) message {
	p.Helper()
	return p.reads(p.dm(), words...)
}

// readsThread waits for a line in the thread below a message.
func (p *person) readsThread(m message, words ...string) message {
	p.Helper()
	return p.readsIn(func() []message { return p.chat().thread(m) }, words)
}

// presses presses the button with a label on a message.
func (p *person) presses(m message, label string) {
	p.Helper()
	if err := p.chat().presses(p, m, label); err != nil {
		p.Fatalf("%s presses %s: %v", p.name, label, err)
	}
}

// uses chooses what the menu of a message offers.
func (p *person) uses(m message, shortcut string) {
	p.Helper()
	if err := p.chat().usesOn(p, m, shortcut); err != nil {
		p.Fatalf("%s uses %s: %v", p.name, shortcut, err)
	}
}

// uploads gives a file, which forms and messages name by what is returned.
func (p *person) uploads(name string, content []byte) string {
	p.Helper()
	id, err := p.chat().uploads(p, name, content)
	if err != nil {
		p.Fatalf("%s uploads %s: %v", p.name, name, err)
	}
	return id
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
