package desk

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// TestOldNewsDoesNotMoveOn fails a text hours after it was sent, as a provider's report may.
func TestOldNewsDoesNotMoveOn(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	jane := s.jane(acme, front, "sms,email")
	id := s.taken(front, tom, acme, jane)
	s.sends()
	tom.Via = "sms"
	s.must(s.OnMyWay(s.ctx, tom, id))
	way := parseID(t, s.list("SELECT max(id) FROM notice WHERE customer_contact_id = $1", jane.ID))
	s.took(way) // the provider does not answer
	s.must(s.NoticeUnanswered(s.ctx, way, "no answer"))
	s.must(s.OnSite(s.ctx, tom, id))
	out, err := s.TakeNotice(s.ctx, way)
	s.must(err)
	if out != nil {
		t.Errorf("sent when they are there: %+v", out.Body.Told)
	}
	s.must(ignored(s.Store.Pool.Exec(s.ctx, "UPDATE notice SET state = 'sent' WHERE id = $1", way)))
	s.must(s.NoticeFailed(s.ctx, way, "the phone is off", false))
	s.is("by e-mail", s.list("SELECT body->'told'->>'state' FROM notice WHERE channel = 'email'"), "")
	s.refuses(s.Redeliver(s.ctx, front, way), Conflict, "moved on")

	s.must(s.Close(s.ctx, tom, id, "Done"))
	done := parseID(t, s.list("SELECT max(id) FROM notice WHERE customer_contact_id = $1", jane.ID))
	s.clock.move(12 * time.Hour)
	s.must(s.NoticeFailed(s.ctx, done, "the phone is off", false))
	s.is("at night", s.list("SELECT count(*) FROM notice WHERE channel = 'email'"), "0")
	s.refuses(s.Redeliver(s.ctx, front, done), Conflict, "not disturbed", "07:30")
	s.clock.move(11 * time.Hour)
	s.must(s.informDue(s.ctx))
	s.is("what is still so goes by e-mail", s.list("SELECT body->'told'->>'state' FROM notice WHERE channel = 'email'"), "done")
}

// TestCallsOfOneContactDoNotWaitForEachOther logs a call while another transaction is writing rows about the same contact.
func TestCallsOfOneContactDoNotWaitForEachOther(t *testing.T) {
	s := openShop(t)
	front, acme := s.member("Fay", Dispatcher), s.customer("Acme")
	jane := s.jane(acme, front, "sms")
	s.must(s.inTx(s.ctx, func(tx pgx.Tx, _ *store.Queries) error {
		if _, err := tx.Exec(s.ctx, "SELECT FROM contact WHERE id = $1 FOR KEY SHARE", jane.ID); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
		defer cancel()
		_, err := s.LogCall(ctx, front, NewCall{CustomerID: acme.ID, ContactID: jane.ID, Summary: "Jam"})
		return err
	}))
}

// TestWordsOfACustomerWaitForTheirTurn lets a customer text a technician who has only a phone twice in a minute.
func TestWordsOfACustomerWaitForTheirTurn(t *testing.T) {
	s := openShop(t)
	front, tom, acme := s.member("Fay", Dispatcher), s.technician("Tom"), s.customer("Acme")
	s.reach(tom, "sms", "+447911123499")
	jane := s.jane(acme, front, "")
	s.taken(front, tom, acme, jane)
	_, err := s.q.DisableContactMethod(s.ctx, disable(s, tom, "slack"))
	s.must(err)
	for _, words := range []string{"hello?", "anybody?"} {
		if _, err := s.CustomerTexts(s.ctx, words, jane.Phone, words); err != nil {
			t.Fatal(err)
		}
	}
	said := s.list("SELECT id FROM notice WHERE kind = 'inform' AND member_id = $1 ORDER BY id LIMIT 1", tom.ID)
	s.took(parseID(t, said))
	s.waits(s.owedTo(tom), time.Minute)
}
