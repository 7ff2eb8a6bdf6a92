package main

import (
	"context"
	"net/http"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
	"callout/store/storetest"
)

// answerWithin is what Slack gives an app: https://docs.slack.dev/interactivity/handling-user-interaction
const answerWithin = 3 * time.Second

// ready asks the program whether it is ready.
func (w *world) ready() int {
	w.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+"/readyz", nil)
	if err != nil {
		w.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// comesBack waits until the program is ready again.
func (w *world) comesBack() {
	w.Helper()
	w.until("the program is ready again", func() bool { return w.ready() == http.StatusOK }, func() string { return "not ready" })
}

func TestFaultWhatIsOwedIsSentWhenPostgresIsBack(t *testing.T) {
	t.Parallel()
	postgres := storetest.Server(t)
	w := startWorldOn(t, postgres.URL())
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	// Slack takes its time, so that Postgres goes while messages are under way.
	w.sandbox.Slack.Fail("chat.postMessage", slack.Fault{Delay: 300 * time.Millisecond})
	dora.logged(acme.ID, "paper jam", "urgent")
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := w.sandbox.Slack.Wait(ctx, func() bool { return len(w.sandbox.Slack.Requests("conversations.open")) > 0 }); err != nil {
		t.Fatal(err)
	}
	postgres.Stop()
	w.sandbox.Slack.ClearFaults()
	if got := w.ready(); got != http.StatusServiceUnavailable {
		t.Errorf("/readyz answers %d without a database", got)
	}
	postgres.Start()
	w.comesBack()
	w.clock.move(time.Minute) // leases of workers that could not say how it went end
	if err := w.app.desk.Tick(w.ctx); err != nil {
		t.Fatal(err)
	}
	dora.reads(callsChannel, "Call 1 · paper jam", "offered to Tim Tech")
	tim.readsDM("Can you take this call?")
	tim.once(1)
}
