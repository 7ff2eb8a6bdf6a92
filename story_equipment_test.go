package main

import (
	"strings"
	"testing"

	"callout/internal/sandbox/slack"
)

// holding opens the form with a title again and again until it holds some words: it was just sent, and answers with more.
func (p *person) holding(title string, words ...string) openForm {
	p.Helper()
	var view openForm
	p.until("the form "+title+" says "+strings.Join(words, " … "), func() bool {
		view = p.form(title)
		return saysAll(view.AllText(), words)
	}, func() string { return view.AllText() })
	return view
}

func TestTwoPeopleEditOneMachine(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora, tim := w.member("Dora Desk", "dispatcher"), w.technician("Tim Tech", "")
	w.customer("Acme Foods", "+442079460123", "Vela C301")
	dora.presses(dora.asks("/equipment 1", "Vela C301"), "Edit")
	tim.presses(tim.asks("/equipment 1", "Vela C301"), "Edit")
	his, hers := tim.form("Edit machine"), dora.form("Edit machine")
	dora.accepted(hers, slack.Values{"notes": "Key at the reception", "contract_until": "2027-01-31"})
	if errs := tim.submits(his, slack.Values{"notes": "Ring twice", "skills": "Copiers"}); len(errs) > 0 {
		t.Fatalf("the clash is no form: %v", errs)
	}
	view := tim.holding("Edit machine", "Somebody else changed this", "Yours: Ring twice", "Dora Desk: Key at the reception")
	tim.holds(view, "contract_until", "2027-01-31") // only she changed it
	tim.holds(view, "skills", "copiers")
	tim.accepted(view, slack.Values{"notes": "Key at the reception, ring twice"})
	dora.asks("/equipment 1", "Key at the reception, ring twice", "until 31 Jan 2027", "copiers")
}
