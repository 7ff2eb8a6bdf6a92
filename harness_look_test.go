package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"callout/internal/sandbox/mail"
	"callout/internal/sandbox/slack"
)

// asks types a command and waits for the answer that only the person sees: one that was not there before.
func (p *person) asks(command string, words ...string) message {
	p.Helper()
	before := p.told()
	p.types(callsChannel, command)
	return p.isTold(before, words...)
}

// isTold waits for an answer after the first so many that only the person sees in the channel.
func (p *person) isTold(after int, words ...string) message {
	p.Helper()
	return p.readsIn(func() []message { return p.chat().private(p, callsChannel)[after:] }, words)
}

// told counts what only the person sees in the calls channel.
func (p *person) told() int { return len(p.chat().private(p, callsChannel)) }

// getsMail waits for an e-mail to the person.
func (p *person) getsMail(words ...string) mail.Message {
	p.Helper()
	var found mail.Message
	p.until(p.name+" gets the e-mail "+strings.Join(words, " … "), func() bool {
		for _, m := range p.sandbox.Mail.Messages(p.email) {
			if saysAll(m.Subject+"\n"+m.Text, words) {
				found = m
				return true
			}
		}
		return false
	}, func() string { return dump(p.sandbox.Mail.Messages(p.email)) })
	return found
}

// opensHome opens the app's Home tab, again and again, until it says all the words.
func (p *person) opensHome(words ...string) slack.View {
	p.Helper()
	var home slack.View
	p.until(p.name+" sees on Home "+strings.Join(words, " … "), func() bool {
		if err := p.sandbox.Slack.OpenHome(p.ctx, p.user); err != nil {
			p.Fatalf("%s opens Home: %v", p.name, err)
		}
		ctx, cancel := context.WithTimeout(p.ctx, glance)
		defer cancel()
		return p.sandbox.Slack.Wait(ctx, func() bool {
			home, _ = p.sandbox.Slack.Home(p.user)
			return saysAll(home.AllText(), words)
		}) == nil
	}, func() string { return home.AllText() })
	return home
}

// startsAtHome opens the page of what is theirs to do, and presses a button there. Discord has it as a message.
func (p *person) startsAtHome(label string, words ...string) {
	p.Helper()
	if p.chat().name() == "slack" {
		p.pressesIn(p.opensHome(words...), label)
		return
	}
	p.presses(p.asks("/home", words...), label)
}

// glance is how long somebody looks at a Home tab before they open it again.
const glance = 300 * time.Millisecond

// seesHome waits until the Home tab that is open says all the words.
func (p *person) seesHome(words ...string) slack.View {
	p.Helper()
	var home slack.View
	p.until(p.name+"'s Home changes to "+strings.Join(words, " … "), func() bool {
		home, _ = p.sandbox.Slack.Home(p.user)
		return saysAll(home.AllText(), words)
	}, func() string { return home.AllText() })
	return home
}

// pressesIn presses a button in a modal or Home tab.
func (p *person) pressesIn(v slack.View, label string) {
	p.Helper()
	button, ok := v.Button(label)
	if !ok {
		p.Fatalf("%s finds no button %q in\n%s", p.name, label, v.AllText())
	}
	if err := p.sandbox.Slack.PressView(p.ctx, p.user, v.ID, button, ""); err != nil {
		p.Fatalf("%s presses %s: %v", p.name, label, err)
	}
}

// fieldError submits a form that must be refused, and checks that one field says why and that the form is still there.
func (p *person) fieldError(f openForm, values map[string]string, field string, words ...string) {
	p.Helper()
	errs := p.submits(f, values)
	if !saysAll(errs[field], words) {
		p.Fatalf("%s is told %v, want %q on %s", p.name, errs, words, field)
	}
	if now, open := p.chat().form(p); !open || now.ID != f.ID {
		p.Fatalf("the form of %s is gone", p.name)
	}
}

// accepted submits a form that must be taken.
func (p *person) accepted(f openForm, values map[string]string) {
	p.Helper()
	if errs := p.submits(f, values); len(errs) > 0 {
		p.Fatalf("%s could not send %s: %v", p.name, f.Title, errs)
	}
	p.noForm()
}

// holds checks what is typed or chosen in a field of an open form.
func (p *person) holds(f openForm, field, want string) {
	p.Helper()
	if now := p.chat().filled(p, f); !strings.Contains(now, dump(want)) {
		p.Fatalf("field %s does not hold %q but %s", field, want, now)
	}
}

// labels are the texts of options.
func labels(options []slack.Option) []string {
	var out []string
	for _, o := range options {
		out = append(out, o.Text)
	}
	return out
}

// settled waits until the program owes nobody anything: what was pressed is done, no job is left, no notice unsent, no card
// undrawn.
func (w *world) settled() {
	w.Helper()
	if w.app.slack != nil {
		ctx, cancel := context.WithTimeout(w.ctx, patience)
		defer cancel()
		if err := w.app.slack.Drain(ctx); err != nil {
			w.Fatal(err)
		}
	}
	if w.app.discord != nil {
		ctx, cancel := context.WithTimeout(w.ctx, patience)
		defer cancel()
		if err := w.app.discord.Drain(ctx); err != nil {
			w.Fatal(err)
		}
	}
	const query = `SELECT
		(SELECT count(*) FROM river.river_job WHERE state NOT IN ('completed','cancelled','discarded') AND (kind <> 'tick' OR state = 'running'))
		+ (SELECT count(*) FROM notice WHERE state IN ('owed','sending'))
		+ (SELECT count(*) FROM call_event WHERE NOT posted AND EXISTS (SELECT 1 FROM card WHERE card.record_id = call_event.call_id))`
	var left int
	w.until("nothing is left to do", func() bool {
		return w.app.store.Pool.QueryRow(w.ctx, query).Scan(&left) == nil && left == 0
	}, func() string { return w.owing() })
}

// owing lists what is left to do, for a story that waits in vain.
func (w *world) owing() string {
	const query = `SELECT coalesce(string_agg(line, E'\n'), '') FROM (
		SELECT kind || ' ' || state || ' ' || args::text || ' ' || coalesce(errors[array_length(errors, 1)]->>'error', '') AS line
			FROM river.river_job WHERE state NOT IN ('completed','cancelled','discarded')
		UNION ALL SELECT 'notice ' || kind || ' ' || channel || ' ' || state || ' ' || error FROM notice WHERE state IN ('owed','sending')) AS all_of_it`
	var text string
	if err := w.app.store.Pool.QueryRow(w.ctx, query).Scan(&text); err != nil {
		return err.Error()
	}
	return text
}

// count is one number from the database.
func (w *world) count(query string, args ...any) int {
	w.Helper()
	var n int
	if err := w.app.store.Pool.QueryRow(w.ctx, query, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// cards are the messages in the calls channel that stand for a call.
func (w *world) cards(call int64) []message {
	return slices.DeleteFunc(asMessages(w.sandbox.Slack.Messages(callsChannel)), func(m message) bool {
		return !strings.Contains(m.AllText(), "Call "+id(call)+" · ")
	})
}

// offers are the direct messages to the person that offer a call, answered or not.
func (p *person) offers(call int64) []message {
	return slices.DeleteFunc(p.chat().sees(p, p.dm()), func(m message) bool {
		return m.Ephemeral != "" || !strings.Contains(m.AllText(), "Call "+id(call)+" · ")
	})
}

// offerTexts are the texts to the person that offer a call.
func (p *person) offerTexts(call int64) int {
	n := 0
	for _, m := range p.sandbox.Twilio.Messages(p.phone) {
		if m.Direction != "inbound" && strings.Contains(m.Body, "Reply A "+id(call)+" ") {
			n++
		}
	}
	return n
}

// once checks, when everything is settled, that a call has one card and reached the person once on each way.
func (p *person) once(call int64) {
	p.Helper()
	p.settled()
	if n := len(p.cards(call)); n != 1 {
		p.Errorf("call %d has %d cards: %s", call, n, dump(p.cards(call)))
	}
	if n := len(p.offers(call)); n != 1 {
		p.Errorf("%s has %d direct messages about call %d: %s", p.name, n, call, dump(p.offers(call)))
	}
	if n := p.offerTexts(call); p.phone != "" && n != 1 {
		p.Errorf("%s has %d texts about call %d: %s", p.name, n, call, dump(p.sandbox.Twilio.Messages(p.phone)))
	}
}
