package main

import (
	"strings"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
)

const quotesChannel = "C0QUOTES"

// quoteWorld is a world with a channel for quotes, in which Sam sells and Olivia prices.
func quoteWorld(t *testing.T) (w *world, sam, olivia *person) {
	t.Helper()
	w = startWorld(t, func(c *Config) { c.QuotesChannel = quotesChannel })
	w.sandbox.Slack.AddChannel(slack.Channel{ID: quotesChannel, Name: "quotes", Members: []string{w.sandbox.Slack.BotUserID()}})
	sam, olivia = w.member("Sam Sales", "sales"), w.member("Olivia Office", "dispatcher")
	sam.reachable("email", sam.email)
	for _, p := range []*person{sam, olivia} {
		if err := w.sandbox.Slack.Join(quotesChannel, p.user); err != nil {
			t.Fatal(err)
		}
	}
	return w, sam, olivia
}

// requestsQuote asks for a quote with the form, and returns its card in the quotes channel.
func (p *person) requestsQuote(party, wanted string) message {
	p.Helper()
	p.types(callsChannel, "/request-quote "+wanted)
	form := p.form("Request a quote")
	p.finds(form, "party", party[:3], party)
	p.accepted(form, slack.Values{})
	return p.reads(quotesChannel, "Quote ", party, wanted)
}

// prices fills the form that Prepare opened, looks at the total and saves.
func (p *person) prices(title string, values slack.Values, total string) {
	p.Helper()
	form := p.form(title)
	if errs := p.submits(form, values); len(errs) > 0 {
		p.Fatalf("%s could not price it: %v", p.name, errs)
	}
	var checked openForm
	p.until(p.name+" sees the total", func() bool {
		checked = p.form(title)
		return strings.Contains(checked.AllText(), total)
	}, func() string { return checked.AllText() })
	p.accepted(checked, slack.Values{})
}

// seesClash waits until an edit form comes back because somebody else saved first.
func (p *person) seesClash(title string) {
	p.Helper()
	p.until(p.name+" sees that somebody else was faster", func() bool {
		return strings.Contains(p.form(title).AllText(), "Somebody else changed this")
	}, func() string { return p.form(title).AllText() })
}

func TestAChangedQuoteIsANewVersion(t *testing.T) {
	t.Parallel()
	w, sam, olivia := quoteWorld(t)
	w.customer("Acme Foods", "+442079460123", "")
	card := sam.requestsQuote("Acme Foods", "two toners")
	eva := w.member("Eva Viewer", "viewer")
	eva.asks("/request-quote a copier", "You may not request quotes", "sales")
	eva.asks("/quotes", "1 · Acme Foods", "two toners")

	// Two people edit the request at once; nothing that was typed is lost.
	sam.presses(card, "Edit request")
	sams := sam.form("Edit quote request")
	olivia.presses(card, "Edit request")
	olivia.accepted(olivia.form("Edit quote request"), slack.Values{"wanted": "two toners, black", "notes": "by courier"})
	if errs := sam.submits(sams, slack.Values{"wanted": "three toners"}); len(errs) > 0 {
		t.Fatal(errs)
	}
	sam.seesClash("Edit quote request")
	again := sam.form("Edit quote request")
	if text := again.AllText(); !saysAll(text, []string{"Yours: three toners", "Olivia Office: two toners, black"}) {
		t.Errorf("the clash is not shown:\n%s", text)
	}
	sam.accepted(again, slack.Values{})
	sam.reads(quotesChannel, "three toners", "by courier")

	olivia.presses(card, "Prepare")
	olivia.prices("Prepare quote 1", slack.Values{"lines": "3 x Toner @ 89.50", "tax": ""}, "*268.50 GBP*")
	ready := sam.readsDM("Quote 1 for Acme Foods is ready")
	sam.pdf(ready, "quote-1.pdf")
	sam.presses(ready, "Change wanted")
	sam.accepted(sam.form("Change quote 1"), slack.Values{"reason": "one is enough"})
	olivia.presses(olivia.readsDM("Acme Foods wants quote 1 changed: one is enough"), "Prepare")
	olivia.prices("Prepare quote 1", slack.Values{"lines": "1 x Toner @ 89.50"}, "*89.50 GBP*")
	sam.pdf(sam.readsDM("Quote 1-2 for Acme Foods is ready: 89.50 GBP"), "quote-1-2.pdf")
	sam.reads(quotesChannel, "Quote 1-2", "Versions")
	if n := w.count("SELECT total FROM quote_version WHERE number = 1"); n != 26850 {
		t.Errorf("the first version is %d now", n)
	}
	if _, err := w.app.store.Pool.Exec(w.ctx, "UPDATE quote_version SET total = 1, net = 1 WHERE number = 1"); err == nil {
		t.Error("a version can be changed")
	}
}

func TestAQuoteThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	w, sam, olivia := quoteWorld(t)
	w.customer("Acme Foods", "+442079460123", "")
	card := sam.requestsQuote("Acme Foods", "two toners")
	olivia.presses(card, "Prepare")
	olivia.prices("Prepare quote 1", slack.Values{"lines": "2 x Toner @ 89.50", "tax": "20"}, "*214.80 GBP*")
	sam.readsDM("Quote 1 for Acme Foods is ready")
	w.settled()
	tick := func(move time.Duration) {
		t.Helper()
		w.clock.move(move)
		for range 2 {
			if err := w.app.desk.Tick(w.ctx); err != nil {
				t.Fatal(err)
			}
		}
		w.settled()
	}
	news := func() int {
		return w.count("SELECT count(*) FROM notice WHERE kind = 'quote_news' AND member_id = $1", sam.member.ID)
	}
	tick(25 * time.Hour)
	reminder := sam.readsDM("Quote 1 for Acme Foods is ready since yesterday and not sent yet.")
	sam.presses(reminder, "Mark sent")
	sam.reads(quotesChannel, "Sent, waiting for an answer")
	tick(3 * 24 * time.Hour)
	sam.readsDM("Acme Foods has had quote 1 for 3 days. Did they answer?")
	tick(4 * 24 * time.Hour)
	sam.readsDM("Acme Foods has had quote 1 for 7 days.")
	if n := news(); n != 3 {
		t.Errorf("%d reminders, want 3", n)
	}
	tick(30 * 24 * time.Hour)
	sam.readsDM("Quote 1 for Acme Foods has expired", "it was valid until 9 April 2026")
	sam.reads(quotesChannel, "Expired")
	if n := news(); n != 4 {
		t.Errorf("%d messages, want 4", n)
	}
}
