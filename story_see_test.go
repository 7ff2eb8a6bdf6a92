package main

import (
	"fmt"
	"strings"
	"testing"

	"callout/desk"
	"callout/internal/sandbox/slack"
)

// logged stores a call as if it had been logged in chat, without waiting for its card.
func (p *person) logged(customer int64, summary, priority string) int64 {
	p.Helper()
	n, err := p.app.desk.LogCall(p.ctx, desk.Actor{Member: p.member, Via: "slack"}, desk.NewCall{CustomerID: customer, Summary: summary, Priority: priority})
	if err != nil {
		p.Fatal(err)
	}
	return n
}

func TestWrongFilters(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	for filter, want := range map[string][]string{
		"statsu:pending":               {"no filter “statsu:”", "Did you mean “status”?", "status:, priority:, customer:, tech:, from: and to:"},
		"status:pendign":               {"“pendign” is not a status", "Did you mean “pending”?", "closed"},
		"priority:asap":                {"“asap” is not a priority", "urgent, high, normal or low"},
		"from:2026-02-30":              {"“from:2026-02-30” is not a date that exists", "last-month"},
		"from:today to:yesterday":      {"from:today is after to:yesterday"},
		"from:9999-01-01":              {"too far away"},
		"tech:@nobody.here":            {"Nobody is called", "/callout team"},
		"status:":                      {"“status:” has no value", "status:pending"},
		"status:pending status:closed": {"is there twice"},
		"colour:<!channel>":            {"no filter “colour:”"},
	} {
		answer := dora.asks("/calls "+filter, want...)
		if strings.Contains(string(answer.Blocks), "<!channel>") {
			t.Errorf("the answer to %s rings everybody", filter)
		}
	}
	dora.asks("/calls 99", "There is no call 99", "/calls")
}

func TestPages(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	for i := range 23 {
		dora.logged(acme.ID, fmt.Sprintf("problem %d", i+1), "normal")
	}
	list := dora.asks("/calls problem", "problem 23", "problem 14")
	for _, want := range [][]string{{"problem 13", "problem 4"}, {"problem 3", "problem 1"}} {
		dora.presses(list, "More")
		w.until("the list shows the next page", func() bool {
			list.Message, _ = w.sandbox.Slack.Message(list.Ref())
			return says(list.Message, want)
		}, func() string { return dump(list) })
	}
	if strings.Contains(list.AllText(), "problem 4\n") || len(w.sandbox.Slack.Ephemerals(dora.user, callsChannel)) != 1 {
		t.Errorf("the pages do not replace one another: %s", dump(w.sandbox.Slack.Ephemerals(dora.user, callsChannel)))
	}
	if _, more := list.Button("More"); more {
		t.Error("the last page has a button for more")
	}
	dora.presses(list, "Open")
	dora.isTold(1, "Call 3 · problem 3", "Acme Foods")
}

func TestHome(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "")
	eva := w.member("Eva Viewer", "viewer")
	zoe := w.stranger("Zoe Stranger")
	acme := w.customer("Acme Foods", "+442079460123", "")
	tim.opensHome("Test company", "on duty", "no call is offered to you", "None at the moment.")
	dora.opensHome("Test company", "Every customer is taken care of.")
	zoe.opensHome("I don't know you yet")

	dora.logged(acme.ID, "paper jam", "urgent")
	w.settled()
	home := tim.opensHome("Waiting for your answer", "1 · Acme Foods", "paper jam", "Urgent")
	tim.pressesIn(home, "Accept")
	home = tim.seesHome("no call is offered to you", "Your calls", "paper jam", "accepted")
	tim.pressesIn(home, "Go off duty")
	tim.seesHome("off duty")
	tim.onDuty(false)
	dora.logged(acme.ID, "no toner", "normal")
	w.settled()

	home = dora.opensHome("Nobody has these yet", "2 · Acme Foods", "Pending calls", "1 · Acme Foods", "Tim Tech")
	dora.pressesIn(home, "Offer to…")
	dora.form("Offer call 2")
	if home := eva.opensHome("Pending calls"); len(home.AllText()) == 0 || strings.Contains(home.AllText(), "Log a call") {
		t.Errorf("a viewer sees a button to log calls:\n%s", home.AllText())
	}
	home, _ = w.sandbox.Slack.Home(dora.user)
	if err := w.sandbox.Slack.Dismiss(w.ctx, dora.user, dora.form("Offer call 2").ID, true); err != nil {
		t.Fatal(err)
	}
	dora.pressesIn(home, "Log a call")
	dora.finds(dora.form("Log a call"), "customer", "Acme", acme.Name)
	dora.accepted(dora.form("Log a call"), slack.Values{"summary": "from Home"})
	dora.reads(callsChannel, "Call 3 · from Home")
}

func TestHelpIsAboutWhatOneMayDo(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")
	tim := w.technician("Tim Tech", "")
	eva := w.member("Eva Viewer", "viewer")
	for _, c := range []struct {
		who      *person
		has, not []string
	}{
		{ada, []string{"/log-call", "/callout settings", "/callout team", "/report"}, []string{"By text message"}},
		{tim, []string{"/log-call", "/duty", "By text message"}, []string{"/callout settings"}},
		{eva, []string{"/calls", "/report", "/callout me"}, []string{"/log-call", "/callout settings", "By text message"}},
	} {
		text := c.who.asks("/callout help", c.has...).AllText()
		for _, words := range c.not {
			if strings.Contains(text, words) {
				t.Errorf("%s is told of %s:\n%s", c.who.name, words, text)
			}
		}
	}
	ada.asks("/callout", "What you can do here")
	eva.asks("/callout settings", "Only an admin may change the settings.")
	tim.asks("/callout me", "Tim Tech", "technician", "direct message")
	answer := eva.asks("/callout team", "Ada Admin", "Tim Tech", "Eva Viewer")
	if _, ok := answer.Button("Roles…"); ok {
		t.Error("a viewer may change roles")
	}
}

func TestAnAdminMovesTheCards(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")
	acme := w.customer("Acme Foods", "+442079460123", "")
	ada.logged(acme.ID, "before", "normal")
	ada.reads(callsChannel, "Call 1 · before")
	ada.types(callsChannel, "/callout settings")
	view := ada.form("Settings")
	before := ada.told()
	ada.accepted(view, slack.Values{"calls_channel": reportsChannel})
	ada.isTold(before, "The settings are saved.")
	ada.types(callsChannel, "/callout settings")
	view = ada.form("Settings")
	ada.holds(view, "calls_channel", reportsChannel)
	if err := w.sandbox.Slack.Dismiss(w.ctx, ada.user, view.ID, false); err != nil {
		t.Fatal(err)
	}
	ada.logged(acme.ID, "after", "normal")
	ada.reads(reportsChannel, "Call 2 · after")
	ada.presses(ada.reads(callsChannel, "Call 1 · before"), "Close")
	ada.accepted(ada.form("Close call 1"), slack.Values{"resolution": "done"})
	ada.reads(callsChannel, "Call 1 · before", "Closed") // a card stays where it is
	w.settled()
	if n := len(w.cards(2)); n != 0 {
		t.Errorf("call 2 has %d cards in the old channel", n)
	}
}

func TestAnAdminChangesRoles(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ada := w.member("Ada Admin", "admin")
	eva := w.member("Eva Viewer", "viewer")
	eva.asks("/log-call x", "You may not log calls")
	team := ada.asks("/callout team", "Eva Viewer")
	ada.presses(team, "Roles…") // the first of the list is Ada herself
	view := ada.form("Roles and skills")
	ada.fieldError(view, slack.Values{"roles": "dispatcher"}, "roles", "cannot take the role admin from yourself")
	if err := w.sandbox.Slack.Dismiss(w.ctx, ada.user, view.ID, false); err != nil {
		t.Fatal(err)
	}
	if _, err := w.app.desk.Approve(w.ctx, desk.Actor{Member: ada.member}, eva.member.ID, []string{"dispatcher", "viewer"}); err != nil {
		t.Fatal(err)
	}
	eva.readsDM("Your roles are now dispatcher and viewer.")
	eva.types(callsChannel, "/log-call x")
	eva.form("Log a call")
}

func TestADirectMessageIsAnswered(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	zoe := w.stranger("Zoe Stranger")
	dora.types(dora.dm(), "hello?")
	dora.readsDM("I work with commands", "/log-call")
	zoe.types(zoe.dm(), "hello?")
	zoe.presses(zoe.readsDM("I don't know you yet"), "Register")
	zoe.form("Register")
}
