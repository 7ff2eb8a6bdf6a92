package slackbot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"callout/bot"
	sandbox "callout/internal/sandbox/slack"
	"callout/notify"
)

func notice(id int64, to string) notify.Message {
	return notify.Message{ID: id, Kind: notify.Offer, Channel: notify.Slack, Address: to}
}

func TestNoticesOverTheSandbox(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{}, false)
	ctx := t.Context()
	if receipt, err := s.a.Send(ctx, notice(1, "UMARIA")); err != nil || !strings.HasPrefix(receipt.ID, s.DM("UMARIA")) {
		t.Fatalf("%+v, %v", receipt, err)
	}
	// A public channel that the app is not in: it may post, and joins to share files and to look.
	report := notice(2, "CSHOP")
	report.Files = []notify.File{{Name: "calls.pdf", Title: "Calls", Content: []byte("%PDF-1.4")}, {Name: "calls.csv", Content: []byte("a,b")}, {Name: "empty"}}
	if _, err := s.a.Send(ctx, report); err != nil {
		t.Fatal(err)
	}
	m := s.Messages("CSHOP")[0]
	if thread := s.Thread("CSHOP", m.TS); len(thread) != 2 || len(thread[1].Files) != 2 || thread[1].Files[0].Title != "Calls" {
		t.Errorf("thread %+v", thread)
	}
	for _, tt := range []struct {
		to         string
		perm, dead bool
	}{{"CSECRET", true, false}, {"CNOWHERE", true, false}, {"UNOBODY", true, true}} {
		_, err := s.a.Send(ctx, notice(3, tt.to))
		if err == nil || notify.Permanent(err) != tt.perm || notify.Dead(err) != tt.dead {
			t.Errorf("%s: %v, permanent %v, dead %v", tt.to, err, notify.Permanent(err), notify.Dead(err))
		}
	}
}

func TestAnUnansweredNoticeIsFoundNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{}, false)
	router := notify.NewRouter()
	router.Register(notify.Slack, s.a)
	m := notice(7, "UMARIA")
	m.Files = []notify.File{{Name: "a.pdf", Content: []byte("a")}, {Name: "b.pdf", Content: []byte("b")}}
	if _, err := router.Send(t.Context(), notice(6, "UMARIA")); err != nil {
		t.Fatal(err)
	}
	s.Fail("chat.postMessage", sandbox.Fault{Times: 1, Drop: true})
	if _, err := router.Send(t.Context(), m); err == nil || notify.Permanent(err) {
		t.Fatalf("the answer was lost, but: %v", err)
	}
	m.Asked = time.Now()
	s.Fail("files.completeUploadExternal", sandbox.Fault{Times: 1, Status: 503})
	if _, err := router.Send(t.Context(), m); err == nil || notify.Permanent(err) {
		t.Fatalf("the files failed, but: %v", err)
	}
	for range 2 {
		receipt, err := router.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		all := s.Messages(s.DM("UMARIA"))
		if len(all) != 2 || receipt.ID != receiptOf(all[1]) {
			t.Fatalf("%d messages, receipt %s", len(all), receipt.ID)
		}
		if thread := s.Thread(all[1].Channel, all[1].TS); len(thread) != 2 || len(thread[1].Files) != 2 {
			t.Fatalf("thread %+v", thread)
		}
	}
	m.ID = 8
	if _, err := router.Send(t.Context(), m); err != nil || len(s.Messages(s.DM("UMARIA"))) != 3 {
		t.Fatalf("another notice was not sent: %v", err)
	}
}

func call(id int64) notify.Record { return notify.Record{Kind: "call", ID: id} }

func receiptOf(m sandbox.Message) string { return receipt(m.Channel, m.TS) }

func TestTheBoardOverTheSandbox(t *testing.T) {
	t.Parallel()
	talk := &talker{card: func(int64) bot.Card { return callCard() }}
	s := newShop(t, talk, false)
	ctx := t.Context()
	id, err := s.a.ShowCard(ctx, call(42), "CCALLS", "")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.a.ShowCard(ctx, call(42), "CCALLS", id); err != nil || again != id {
		t.Fatalf("%s, %v", again, err)
	}
	if found, ok, err := s.a.FindCard(ctx, call(42), "CCALLS", time.Now()); err != nil || !ok || found != id {
		t.Errorf("found %s %v, %v", found, ok, err)
	}
	if _, ok, err := s.a.FindCard(ctx, call(43), "CCALLS", time.Now()); err != nil || ok {
		t.Errorf("found a card that is not there: %v", err)
	}
	for _, events := range [][]int64{{1}, {2, 3}, {2, 3, 4}, {4}, {1}} { // jobs may run twice, with more to say
		s.addLines(t, notify.Line{Record: call(42), EventIDs: events, Channel: "CCALLS", CardID: id, MayBeThere: true})
	}
	if n := len(s.Thread("CCALLS", id)); n != 4 {
		t.Errorf("%d messages in the thread, want the card and three with lines: 1, 2 and 3, 4", n)
	}
	fresh, err := s.a.ShowCard(ctx, call(42), "CCALLS", "1.000001")
	if err != nil || fresh == id {
		t.Errorf("a deleted card was not posted again: %s, %v", fresh, err)
	}
}

// addLines adds all entries, as a job does.
func (s *shop) addLines(t *testing.T, line notify.Line) {
	t.Helper()
	for len(line.EventIDs) > 0 {
		n, err := s.a.AddLines(t.Context(), line)
		if err != nil || n == 0 {
			t.Fatalf("added %d: %v", n, err)
		}
		line.EventIDs = line.EventIDs[n:]
	}
}

func TestManyLinesMakeFewMessages(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 300)
	talk := &talker{card: func(id int64) bot.Card {
		if id > 100 {
			return bot.Sentence(long)
		}
		return bot.Sentence(fmt.Sprint("Entry ", id))
	}}
	s := newShop(t, talk, false)
	id, err := s.a.ShowCard(t.Context(), call(42), "CCALLS", "")
	if err != nil {
		t.Fatal(err)
	}
	line := notify.Line{Record: call(42), Channel: "CCALLS", CardID: id}
	for event := range int64(50) {
		line.EventIDs = append(line.EventIDs, event+1)
	}
	s.addLines(t, line)
	thread := s.Thread("CCALLS", id)[1:]
	if len(thread) != 3 || !strings.Contains(thread[0].AllText(), "Entry 20") || strings.Contains(thread[0].AllText(), "Entry 21") {
		t.Errorf("%d messages, the first says %q", len(thread), thread[0].AllText())
	}
	line.EventIDs = []int64{101, 102, 103, 104, 105}
	s.addLines(t, line)
	if n := len(s.Thread("CCALLS", id)); n != 6 {
		t.Errorf("%d messages, want two more for the long ones", n)
	}
}

func TestASlackWithoutChartsGetsTheNumbers(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{card: func(int64) bot.Card { return reportCard() }}, false)
	if _, err := s.a.Send(t.Context(), notice(1, "CCALLS")); err != nil {
		t.Fatal(err)
	}
	s.Fail("chat.postMessage", sandbox.Fault{Times: 1, Error: "invalid_blocks"})
	for id := int64(2); id < 4; id++ {
		if _, err := s.a.Send(t.Context(), notice(id, "CCALLS")); err != nil {
			t.Fatal(err)
		}
	}
	all := s.Messages("CCALLS")
	if !strings.Contains(string(all[0].Blocks), "data_visualization") {
		t.Error("no native chart at first")
	}
	for _, m := range all[1:] {
		if strings.Contains(string(m.Blocks), "data_visualization") || !strings.Contains(m.AllText(), "week 1: opened 5, closed 2") {
			t.Errorf("sent %s", m.Blocks)
		}
	}
	if n := len(s.Requests("chat.postMessage")); n != 4 {
		t.Errorf("%d attempts, want 4: it remembers", n)
	}
}

func TestCheckOverTheSandbox(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{}, true)
	if problems := s.a.Check(t.Context(), "CCALLS", "CSHOP", "CCALLS", ""); len(problems) != 0 {
		t.Errorf("problems of a good set-up: %v", problems)
	}
	if problems := s.a.Check(t.Context(), "CNOWHERE"); len(problems) != 1 || !strings.Contains(problems[0].String(), "CNOWHERE") {
		t.Errorf("problems: %v", problems)
	}
	wrong := New(Options{Bot: &talker{}, BotToken: "xoxb-wrong", APIURL: s.a.opts.APIURL})
	if problems := wrong.Check(t.Context()); len(problems) != 2 || !strings.Contains(problems[1].String(), "SLACK_BOT_TOKEN") {
		t.Errorf("problems: %v", problems)
	}
	name, email, tz, err := s.a.UserInfo(t.Context(), "UJO")
	if name != "Jo Field" || email != "jo@example.com" || tz != "Europe/Berlin" || err != nil {
		t.Errorf("%q %q %q %v", name, email, tz, err)
	}
	if diff := missingScopes("commands, chat:write"); len(diff) != len(Scopes())-2 {
		t.Errorf("missing %v", diff)
	}
}
