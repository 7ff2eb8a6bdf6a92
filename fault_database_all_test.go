//go:build fault

package main

import (
	"net/http"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
	"callout/store/storetest"
)

func TestFaultPostgresAwayWhileAFormIsOpen(t *testing.T) {
	t.Parallel()
	postgres := storetest.Server(t)
	w := startWorldOn(t, postgres.URL())
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	dora.types(callsChannel, "/log-call paper jam")
	dora.finds(dora.form("Log a call"), "customer", "Acme", acme.Name)
	view := dora.form("Log a call")
	if got := w.ready(); got != http.StatusOK {
		t.Fatalf("/readyz answers %d before anything happened", got)
	}

	tim.texts("?")
	tim.gets("You have no calls.")
	postgres.Stop()
	started := time.Now()
	errs := dora.submits(view, slack.Values{"details": "ask for Jo", "priority": "urgent"})
	if took := time.Since(started); took > answerWithin {
		t.Errorf("the answer took %v", took)
	}
	if !saysAll(dump(errs), []string{"can't reach my database", "Nothing you typed is lost"}) {
		t.Errorf("the form says %v", errs)
	}
	dora.holds(view, "summary", "paper jam")
	dora.holds(view, "details", "ask for Jo")
	if got := w.ready(); got != http.StatusServiceUnavailable {
		t.Errorf("/readyz answers %d without a database", got)
	}
	dora.submits(view, nil) // people try again
	tim.texts("A 1")        // and others write meanwhile
	tim.gets("I can't reach my database just now")

	postgres.Start()
	w.comesBack()
	dora.accepted(view, nil) // the same form, without a restart
	dora.reads(callsChannel, "Call 1 · paper jam", "ask for Jo")
	tim.readsDM("Can you take this call?")
	tim.once(1)
	if n := w.count("SELECT count(*) FROM call"); n != 1 {
		t.Errorf("%d calls were stored", n)
	}
}

func TestFaultCommandsWhilePostgresIsAway(t *testing.T) {
	t.Parallel()
	postgres := storetest.Server(t)
	w := startWorldOn(t, postgres.URL())
	dora := w.member("Dora Desk", "dispatcher")
	acme := w.customer("Acme Foods", "+442079460123", "")
	w.comesBack() // it has started
	postgres.Stop()

	started := time.Now()
	dora.types(callsChannel, "/log-call paper jam")
	var view openForm
	w.until("the form opens", func() bool {
		views := w.sandbox.Slack.Views(dora.user)
		if len(views) == 1 {
			view = asForm(views[0])
		}
		return len(views) == 1
	}, func() string { return dump(w.sandbox.Slack.Ephemerals(dora.user, callsChannel)) })
	if took := time.Since(started); took > answerWithin {
		t.Errorf("the form took %v", took)
	}
	if !says(view, []string{"What is wrong"}) {
		t.Errorf("Dora cannot type into %s", view.AllText())
	}
	before := dora.told()
	dora.types(callsChannel, "/calls")
	dora.isTold(before, "can't reach my database", "Reference")
	if err := w.sandbox.Slack.OpenHome(w.ctx, dora.user); err != nil {
		t.Errorf("Home: %v", err)
	}

	postgres.Start()
	w.comesBack()
	dora.holds(view, "summary", "paper jam")
	dora.finds(view, "customer", "Acme", acme.Name)
	dora.accepted(dora.form("Log a call"), nil)
	dora.reads(callsChannel, "Call 1 · paper jam")
}
