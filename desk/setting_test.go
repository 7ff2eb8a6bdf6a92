package desk

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callout/store"
)

func TestSettings(t *testing.T) {
	s := openShop(t)
	admin, front := s.member("Ada", Admin), s.member("Fay", Dispatcher)
	check := func(want Settings) {
		t.Helper()
		got, err := s.Settings(s.ctx)
		s.must(err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	check(Settings{CallsChannel: "C0CALLS"})
	s.must(s.PutSettings(s.ctx, admin, map[string]string{"calls_channel": "C0NEW", "reports_channel": "C0REPORTS"}))
	check(Settings{CallsChannel: "C0NEW", ReportsChannel: "C0REPORTS"})
	s.is("a new call's card", s.list("SELECT channel FROM card WHERE record_id = $1", s.logs(front, s.customer("Acme"))), "C0NEW")
	s.must(s.PutSettings(s.ctx, admin, map[string]string{"calls_channel": ""}))
	check(Settings{CallsChannel: "C0CALLS", ReportsChannel: "C0REPORTS"})
	s.refuses(s.PutSettings(s.ctx, front, map[string]string{"calls_channel": "C"}), Forbidden)
	s.refuses(s.PutSettings(s.ctx, admin, map[string]string{"colour": "red"}), Invalid, "calls_channel, quotes_channel and reports_channel")
}

func TestSettingsOfAnotherInstance(t *testing.T) {
	s := openShop(t)
	other, err := New(s.Options)
	s.must(err)
	_, err = other.Settings(s.ctx)
	s.must(err)
	s.must(s.PutSettings(s.ctx, s.member("Ada", Admin), map[string]string{"quotes_channel": "C0QUOTES"}))
	s.clock.move(settingsFresh + time.Second)
	got, err := other.Settings(s.ctx)
	s.must(err)
	if got.QuotesChannel != "C0QUOTES" || got.Value("quotes_channel") != "C0QUOTES" || got.Value("colour") != "" {
		t.Errorf("the other instance has %+v", got)
	}
}

func TestBoards(t *testing.T) {
	t.Parallel()
	check := func(setting string, want ...board) {
		t.Helper()
		if diff := cmp.Diff(want, boards(setting), cmp.AllowUnexported(board{})); diff != "" {
			t.Errorf("%q: %s", setting, diff)
		}
	}
	check("")
	check("C0CALLS", board{"slack", "C0CALLS"})
	check("C0CALLS, 1234567890", board{"slack", "C0CALLS"}, board{"discord", "1234567890"})
	check("C0CALLS,C0OTHER", board{"slack", "C0CALLS"})
}

func TestDrawingACard(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	id := s.logs(front, s.customer("Acme"))
	d, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack")
	if err != nil || !ok || d.Version != 1 || len(d.Entries) != 1 {
		t.Fatalf("leased %+v, %v, %v", d, ok, err)
	}
	if _, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack"); err != nil || ok {
		t.Errorf("two workers draw one card: %v", err)
	}
	if _, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, "discord"); err != nil || ok {
		t.Errorf("a card that is not there is drawn: %v", err)
	}
	began := s.Now()
	s.must(s.CardPosting(s.ctx, d.Card))
	s.clock.move(time.Minute)
	d, ok, err = s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack") // the worker died
	if err != nil || !ok || d.Card.PostingSince == nil || !d.Card.PostingSince.Equal(began) {
		t.Fatalf("after a worker died: %+v, %v, %v", d.Card, ok, err)
	}
	s.must(s.CardPosting(s.ctx, d.Card))
	s.must(s.CardPosted(s.ctx, d.Card, "1.1"))
	s.must(s.EntryPosted(s.ctx, d.Card, d.Entries[0]))
	s.must(s.Note(s.ctx, front, id, "ring the bell"))
	s.must(s.CardDrawn(s.ctx, d.Card, d.Version))
	cards, err := s.Cards(s.ctx, Record{CallRecord, id})
	s.must(err)
	if len(cards) != 1 || cards[0].MessageID != "1.1" || cards[0].Shown != 1 || cards[0].LeasedUntil != nil || !cards[0].PostingSince.Equal(began) {
		t.Errorf("cards: %+v", cards)
	}
	d, ok, err = s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack")
	if err != nil || !ok || d.Version != 2 || len(d.Entries) != 1 {
		t.Errorf("the note is not waiting to be drawn: %+v, %v", d, err)
	}
	s.must(s.CardUndrawn(s.ctx, d.Card))
	if _, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, "slack"); err != nil || !ok {
		t.Errorf("a card given back is not to be had: %v", err)
	}
}

func TestEachChatHasItsChannel(t *testing.T) {
	s := openShop(t)
	s.Defaults.CallsChannel = "C0ENV,111"
	ada := s.member("Ada", Admin)
	puts := func(via, channel, want string) {
		t.Helper()
		ada.Via = via
		s.must(s.PutSettings(s.ctx, ada, map[string]string{"calls_channel": channel}))
		got, err := s.Settings(s.ctx)
		s.must(err)
		s.is(via+" chooses "+channel, got.CallsChannel, want)
	}
	puts("slack", "C0NEW", "111,C0NEW")
	puts("discord", "222", "222,C0NEW")
	chosen, err := s.ChosenSettings(s.ctx)
	s.must(err)
	s.is("the form in Discord", ChannelOn(chosen.CallsChannel, "discord"), "222")
	puts("slack", "", "222,C0ENV")
	puts("discord", "", "C0ENV,111")
}

func TestLinesAreShownInTheThreadOfEachChat(t *testing.T) {
	s := openShop(t)
	front := s.member("Fay", Dispatcher)
	front.Via = "slack"
	id := s.logs(front, s.customer("Acme"))
	s.must(s.q.PlaceCard(s.ctx, store.PlaceCardParams{Record: CallRecord, RecordID: id, Platform: "discord", Channel: "1"}))
	draw := func(platform string) string {
		t.Helper()
		d, ok, err := s.LeaseCard(s.ctx, Record{CallRecord, id}, platform)
		if err != nil || !ok {
			t.Fatalf("%s is not leased: %v", platform, err)
		}
		for _, entry := range d.Entries {
			s.must(s.EntryPosted(s.ctx, d.Card, entry))
		}
		s.must(s.CardDrawn(s.ctx, d.Card, d.Version))
		return fmt.Sprint(len(d.Entries))
	}
	unposted := func() string { return s.list("SELECT count(*) FROM call_event WHERE NOT posted") }
	s.is("in Slack", draw("slack"), "1")
	s.is("still to be shown", unposted(), "1")
	s.is("in Slack again", draw("slack"), "0")
	s.is("in Discord", draw("discord"), "1")
	s.is("shown everywhere", unposted(), "0")

	s.must(s.Wrote(s.ctx, front, Record{CallRecord, id}, "ring the bell", nil))
	s.is("where it was written", draw("slack"), "0")
	s.is("in the other", draw("discord"), "1")
	s.is("shown everywhere", unposted(), "0")
}

func TestSettingsWhileTheDatabaseHangs(t *testing.T) {
	s := openShop(t)
	_, err := s.Settings(s.ctx)
	s.must(err)
	tx, err := s.Store.Pool.Begin(s.ctx)
	s.must(err)
	defer func() { s.must(tx.Rollback(s.ctx)) }()
	_, err = tx.Exec(s.ctx, "LOCK TABLE setting IN ACCESS EXCLUSIVE MODE")
	s.must(err)
	s.clock.move(settingsFresh)
	ctx, cancel := context.WithCancel(s.ctx)
	first := make(chan error, 1)
	go func() {
		_, err := s.Settings(ctx)
		first <- err
	}()
	for busy := false; !busy; { // until the first one reads; the test's own deadline ends this
		s.settingsMu.Lock()
		busy = s.settingsBusy
		s.settingsMu.Unlock()
		runtime.Gosched()
	}
	got, err := s.Settings(s.ctx)
	s.must(err)
	s.is("what was in force", got.CallsChannel, "C0CALLS")
	cancel()
	if err := <-first; err == nil {
		t.Error("a query that was given up has an answer")
	}
}

func TestSettingsOfPapers(t *testing.T) {
	s := openShop(t)
	admin := s.member("Ada", Admin)
	values := map[string]string{"company_address": "12 Harbour Street\nNorthport", "quote_terms": "30 days", "tax_rate": "7,7 %", "quote_days": "14"}
	s.must(s.PutSettings(s.ctx, admin, values))
	got, err := s.Settings(s.ctx)
	s.must(err)
	for key, want := range values {
		s.is(key, got.Value(key), want)
	}
	err = s.PutSettings(s.ctx, admin, map[string]string{"tax_rate": "much", "quote_days": "0", "quote_terms": string(make([]rune, 1)), "company_address": ""})
	s.refuses(err, Invalid)
	var refused *Error
	if !errors.As(err, &refused) || len(refused.Fields) != 2 || refused.Fields["tax_rate"] == "" || refused.Fields["quote_days"] == "" {
		t.Errorf("refused with %+v", refused)
	}
	got, err = s.Settings(s.ctx)
	s.must(err)
	s.is("an address that was sent along with something wrong", got.CompanyAddress, values["company_address"])
}
