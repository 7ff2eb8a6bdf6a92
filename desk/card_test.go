package desk

import (
	"testing"
	"time"

	"callout/store"
)

// lease takes the card of a call, which must be free.
func (s *shop) lease(id int64) Drawing {
	s.Helper()
	d, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack")
	if err != nil || !ok {
		s.Fatalf("the card is not to be had: %v, %v", ok, err)
	}
	return d
}

func TestACardIsNeverGivenUp(t *testing.T) {
	s := openShop(t)
	id := s.logs(s.member("Fay", Dispatcher), s.customer("Acme"))
	s.must(s.CardUndrawn(s.ctx, s.lease(id).Card))
	tick := func() string {
		last := s.lastJob()
		s.must(s.Tick(s.ctx))
		return s.list("SELECT count(*)::text FROM river.river_job WHERE kind = 'card' AND id > $1", last)
	}
	s.is("its job may still try", tick(), "0")
	s.clock.move(cardAgain + time.Second)
	s.is("taken up", tick(), "1")
	d := s.lease(id)
	s.must(s.CardDrawn(s.ctx, d.Card, d.Version))
	s.clock.move(time.Hour)
	s.is("drawn", tick(), "0")
}

func TestAnInterruptedDrawingIsRememberedUntilOneEndsWell(t *testing.T) {
	s := openShop(t)
	id := s.logs(s.member("Fay", Dispatcher), s.customer("Acme"))
	first := s.lease(id)
	if first.Interrupted {
		t.Error("the first drawing looks interrupted")
	}
	s.must(s.CardUndrawn(s.ctx, first.Card))
	for range 2 {
		d := s.lease(id)
		if !d.Interrupted {
			t.Error("a line may be there, and nobody looks")
		}
		s.must(s.CardUndrawn(s.ctx, d.Card))
	}
	d := s.lease(id)
	s.must(s.CardDrawn(s.ctx, d.Card, d.Version))
	if s.lease(id).Interrupted {
		t.Error("a drawing that ended well looks interrupted")
	}
}

func TestCardsFollowTheChannel(t *testing.T) {
	s := openShop(t)
	boss, front := s.member("Ada", Admin), s.member("Fay", Dispatcher)
	channel := func(id int64) string {
		s.Helper()
		cards, err := s.Cards(s.ctx, Record{CallRecord, id})
		s.must(err)
		if len(cards) != 1 {
			t.Fatalf("call %d has the cards %+v", id, cards)
		}
		return cards[0].Channel
	}
	posted, waiting := s.logs(front, s.customer("Acme")), s.logs(front, s.customer("Ajax"))
	old := s.lease(posted).Card
	s.must(s.CardPosted(s.ctx, old, "1.1"))
	s.must(s.CardUndrawn(s.ctx, old))
	s.must(s.PutSettings(s.ctx, boss, map[string]string{"calls_channel": "C0NEW"}))
	s.is("posted before", channel(posted), old.Channel)
	s.is("not posted yet", channel(waiting), "C0NEW")
}

func TestCallsLoggedBeforeThereWasAChannelGetTheirCards(t *testing.T) {
	s := openShop(t)
	s.Defaults.CallsChannel = ""
	boss, front := s.member("Ada", Admin), s.member("Fay", Dispatcher)
	id := s.logs(front, s.customer("Acme"))
	if cards, err := s.Cards(s.ctx, Record{CallRecord, id}); err != nil || len(cards) != 0 {
		t.Fatalf("cards without a channel: %+v, %v", cards, err)
	}
	s.must(s.PutSettings(s.ctx, boss, map[string]string{"calls_channel": "C0NEW"}))
	before := s.lastJob()
	s.must(s.Tick(s.ctx))
	s.is("taken up", s.list("SELECT (args->>'record_id') FROM river.river_job WHERE kind = 'card' AND id > $1", before), s.list("SELECT $1::bigint::text", id))
	cards, err := s.Cards(s.ctx, Record{CallRecord, id})
	s.must(err)
	if len(cards) != 1 || cards[0].Channel != "C0NEW" {
		t.Errorf("cards: %+v", cards)
	}
}

func TestQuotesAskedForBeforeThereWasAChannelGetTheirCards(t *testing.T) {
	s := openShop(t)
	s.Defaults.QuotesChannel = ""
	boss, sam := s.member("Ada", Admin), s.member("Sam", Sales)
	id, declined := s.asks(sam, s.customer("Acme")), s.asks(sam, s.customer("Beta"))
	s.must(s.MoveQuote(s.ctx, sam, declined, QuoteDeclined, "too dear"))
	s.must(s.PutSettings(s.ctx, boss, map[string]string{"quotes_channel": "C0QUOTES"}))
	before := s.lastJob()
	s.must(s.Tick(s.ctx))
	s.is("taken up", s.list("SELECT args->>'record' || ' ' || (args->>'record_id') FROM river.river_job WHERE kind = 'card' AND id > $1", before),
		"quote "+idText(id))
	cards, err := s.Cards(s.ctx, Record{QuoteRecord, id})
	s.must(err)
	if len(cards) != 1 || cards[0].Channel != "C0QUOTES" {
		t.Errorf("cards: %+v", cards)
	}
}

func TestAChannelThatIsClosedToUsIsToldOnce(t *testing.T) {
	s := openShop(t)
	s.member("Fay", Dispatcher)
	card := store.Card{Record: CallRecord, Platform: "slack", Channel: "C0CALLS"}
	told := func() string { return s.list("SELECT count(*)::text FROM notice WHERE kind = 'problem'") }
	for range 3 {
		s.must(s.CannotPost(s.ctx, card))
	}
	s.is("once", told(), "1")
	card.Channel = "C0OTHER"
	s.must(s.CannotPost(s.ctx, card))
	s.is("another channel", told(), "2")
	s.clock.move(warnAgain + time.Minute)
	s.must(s.CannotPost(s.ctx, card))
	s.is("again the next day", told(), "3")
}

// lastJob is the newest job in the queue.
func (s *shop) lastJob() int64 {
	s.Helper()
	return parseID(s.T, s.list("SELECT coalesce(max(id), 0)::text FROM river.river_job"))
}
