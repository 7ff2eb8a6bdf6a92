package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
)

// second runs the program once more on the same database, as a company does that wants no single point of failure.
func (w *world) second() string {
	w.Helper()
	app, err := NewApp(w.ctx, w.config, w.app.store.Pool.Config().ConnString(), testLog(w.T), w.clock.Now)
	if err != nil {
		w.Fatal(err)
	}
	ports, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.ctx))
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx, listeners{main: ports}) }()
	w.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			w.Errorf("the second program ended badly: %v", err)
		}
		app.Close()
	})
	return "http://" + ports.Addr().String()
}

func TestFaultTwoInstances(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	acme := w.customer("Acme Foods", "+442079460123", "")
	other := &tap{w: w, target: w.second()}
	x := w.tapped()
	for range 5 {
		dora.logsCall(acme, "paper jam", nil)
		form := x.last("view_submission")
		if again := other.send(form); again.status != http.StatusOK || again.answer != form.answer {
			t.Errorf("the other instance answers %d %q", again.status, again.answer)
		}
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := w.app.desk.Tick(w.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	w.settled()
	if n := w.count("SELECT count(*) FROM call"); n != 5 {
		t.Errorf("%d calls are stored, want 5", n)
	}
	asked := 0
	for call := int64(1); call <= int64(w.count("SELECT max(id) FROM call")); call++ {
		if w.count("SELECT count(*) FROM call WHERE id = $1", call) == 0 {
			continue
		}
		if n := len(w.cards(call)); n != 1 {
			t.Errorf("call %d has %d cards", call, n)
		}
		asked += len(tim.offers(call))
		if n := tim.offerTexts(call); n > 1 {
			t.Errorf("call %d was texted %d times", call, n)
		}
	}
	if want := w.count("SELECT count(*) FROM offer"); asked != want {
		t.Errorf("Tim was asked %d times for %d offers", asked, want)
	}

	// The same press at both, at the same time.
	first := tim.offers(1)[0]
	tim.presses(first, "Accept")
	press := x.last("call.accept")
	var again sync.WaitGroup
	for _, at := range []*tap{x, other, x, other} {
		again.Go(func() { at.send(press) })
	}
	again.Wait()
	dora.reads(callsChannel, "accepted (Tim Tech)")
	w.settled()
	if n := w.count("SELECT count(*) FROM call_event WHERE kind = 'accepted'"); n != 1 {
		t.Errorf("accepted %d times", n)
	}
	settled, _ := w.sandbox.Slack.Message(first.Ref())
	if !says(settled, []string{"On my way"}) {
		t.Errorf("the offer says %s", dump(settled))
	}
}
