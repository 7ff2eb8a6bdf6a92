package main

import (
	"strings"
	"testing"
	"time"
)

// TestTextsOfOnePhoneGoTogether offers a technician who has nothing but a phone more than one call in a minute.
func TestTextsOfOnePhoneGoTogether(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dora := w.member("Dora Desk", "dispatcher")
	tim := w.technician("Tim Tech", "+447700900001")
	const noChat = "UPDATE contact_method SET disabled_at = now(), disabled_reason = 'test' WHERE channel = 'slack' AND member_id = $1"
	if _, err := w.app.store.Pool.Exec(w.ctx, noChat, tim.member.ID); err != nil {
		t.Fatal(err)
	}
	acme := w.customer("Acme Foods", "+442079460123", "")
	for _, what := range []string{"paper jam", "no toner", "squeaks"} {
		dora.logged(acme.ID, what, "normal")
	}
	first := tim.gets("Reply A ")
	w.until("two texts wait for their turn", func() bool {
		return w.count("SELECT count(*) FROM notice WHERE state = 'owed' AND held_until IS NOT NULL") == 2
	}, w.owing)
	dora.asks("/callout deliveries", "2 held", "a phone gets at most 1 text a minute")
	w.clock.move(time.Minute)
	if err := w.app.desk.Tick(w.ctx); err != nil {
		t.Fatal(err)
	}
	together := tim.gets("\nCall ") // whichever two waited
	for call := range 3 {
		letters := "A " + id(int64(call+1)) + " "
		if in := strings.Contains(first.Body, letters) != strings.Contains(together.Body, letters); !in {
			t.Errorf("call %d is offered in both texts or none:\n%s\n%s", call+1, first.Body, together.Body)
		}
	}
	if n := w.count("SELECT count(*) FROM notice WHERE channel = 'sms' AND kind = 'offer' AND state IN ('sent','delivered')"); n < 1 {
		t.Errorf("%d offers are sent", n)
	}
	tim.texts("A 3")
	tim.gets("Call 3 is yours")
	w.until("nothing is owed any more", func() bool { // the jobs of what went along sleep on
		return w.count("SELECT count(*) FROM notice WHERE state IN ('owed','sending')") == 0
	}, w.owing)
	dora.asks("/callout deliveries", "All is well")
	if n := len(w.sandbox.Twilio.Messages(tim.phone)); n != 4 {
		t.Errorf("Tim's phone has %d texts, want two, his own and its answer", n)
	}
}
