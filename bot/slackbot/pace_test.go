package slackbot

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	sandbox "callout/internal/sandbox/slack"
	"callout/notify"
)

// hands is a clock that stands still until it is moved.
type hands struct{ at time.Time }

func (h *hands) now() time.Time { return h.at }

func paceAt(rates Rates) (*pace, *hands) {
	h := &hands{at: time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)}
	p := newPace(rates)
	p.now = h.now
	return p, h
}

func TestPaceLetsABurstGoAndThenOneASecond(t *testing.T) {
	t.Parallel()
	p, clock := paceAt(SlackRates())
	burst := SlackRates()[postMethod].Burst
	for i := range burst {
		if wait, later := p.enter(postMethod, "C1", patience); wait != 0 || later != 0 {
			t.Fatalf("message %d of the burst waits %v, later %v", i, wait, later)
		}
	}
	for i, want := range []time.Duration{time.Second, 2 * time.Second} {
		if wait, later := p.enter(postMethod, "C1", patience); wait != want || later != 0 {
			t.Errorf("message %d after the burst waits %v, later %v; want to wait %v", i, wait, later, want)
		}
	}
	for i, want := range []time.Duration{3 * time.Second, 4 * time.Second, 5 * time.Second} {
		if wait, later := p.enter(postMethod, "C1", patience); wait != 0 || later != want {
			t.Errorf("message %d beyond patience waits %v, later %v; want later %v", i, wait, later, want)
		}
	}
	if wait, later := p.enter(postMethod, "C2", patience); wait+later != 0 {
		t.Errorf("another channel waits %v, later %v", wait, later)
	}
	if wait, later := p.enter("chat.update", "", patience); wait+later != 0 {
		t.Errorf("another method waits %v, later %v", wait, later)
	}
	clock.at = clock.at.Add(4 * time.Second)
	if wait, later := p.enter(postMethod, "C1", patience); wait != 0 || later != 0 {
		t.Errorf("after its time a message still waits %v, later %v", wait, later)
	}
}

func TestPaceInTheLongRun(t *testing.T) {
	t.Parallel()
	p, clock := paceAt(SlackRates())
	sent, rate := 0, SlackRates()[postMethod]
	for range 10 * 60 * 10 { // ten minutes, ten tries a second
		if wait, later := p.enter(postMethod, "C1", 0); wait+later == 0 {
			sent++
		}
		clock.at = clock.at.Add(100 * time.Millisecond)
	}
	if most := 10*rate.PerMinute + rate.Burst; sent > most || sent < most-2 {
		t.Errorf("%d messages in ten minutes, want %d", sent, most)
	}
}

func TestPeopleGoFirst(t *testing.T) {
	t.Parallel()
	p, _ := paceAt(SlackRates())
	for range 200 {
		p.enter("views.open", "", patience)
	}
	for range 500 {
		if wait := p.enterFirst("views.open", ""); wait != 0 {
			t.Fatalf("somebody waits %v for their form", wait)
		}
	}
	if _, later := p.enter("views.open", "", patience); later == 0 || later > 2*time.Minute {
		t.Errorf("a job may go %v after that many people", later)
	}
}

func TestARefusalStopsEverybodyInItsLane(t *testing.T) {
	t.Parallel()
	for name, rates := range map[string]Rates{"with Slack's rates": SlackRates(), "with none": {}} {
		p, clock := paceAt(rates)
		p.refused(postMethod, "C1", 30*time.Second)
		if _, later := p.enter(postMethod, "C1", patience); later < 30*time.Second || later > 32*time.Second {
			t.Errorf("%s: a job comes again after %v", name, later)
		}
		if wait := p.enterFirst(postMethod, "C1"); wait != 30*time.Second {
			t.Errorf("%s: a person waits %v, although Slack said 30 s", name, wait)
		}
		if wait, later := p.enter(postMethod, "C2", patience); wait+later != 0 {
			t.Errorf("%s: another channel waits", name)
		}
		clock.at = clock.at.Add(32 * time.Second)
		if wait, later := p.enter(postMethod, "C1", patience); later != 0 || wait > patience {
			t.Errorf("%s: after that time a job still waits %v, later %v", name, wait, later)
		}
	}
}

// TestALongLineComesAgainBitByBit is ten thousand messages into one channel at once: nobody is promised a time too far off,
// and they do not all come again at the same moment.
func TestALongLineComesAgainBitByBit(t *testing.T) {
	t.Parallel()
	for name, rates := range map[string]Rates{"with Slack's rates": SlackRates(), "with none": {}} {
		p, _ := paceAt(rates)
		p.refused(postMethod, "C1", 3*time.Second)
		seconds := map[time.Duration]int{}
		for range 10000 {
			_, later := p.enter(postMethod, "C1", patience)
			if later <= 0 || later > longestLine {
				t.Fatalf("%s: comes again after %v", name, later)
			}
			seconds[later.Truncate(time.Second)]++
		}
		for at, n := range seconds {
			if n > 200 {
				t.Errorf("%s: %d come again in one second, after %v", name, n, at)
			}
		}
	}
}

func TestPaceForgetsIdleChannels(t *testing.T) {
	t.Parallel()
	p, clock := paceAt(SlackRates())
	for i := range 10 * maxLanes {
		p.enter(postMethod, strings.Repeat("C", i%7+1)+time.Duration(i).String(), patience)
		clock.at = clock.at.Add(time.Second)
	}
	if n := len(p.lanes); n > maxLanes+1 {
		t.Errorf("%d lanes are remembered", n)
	}
}

func TestRatesAreSlacksWhereSlackIs(t *testing.T) {
	t.Parallel()
	for address, paced := range map[string]bool{
		"": true, "https://slack.com/api/": true, "https://acme.slack.com/api": true, "https://slack-gov.com/api/": true,
		"http://127.0.0.1:8090/slack/api/": false, "https://notslack.com/api/": false, "https://slack.com.evil.example/": false,
	} {
		if got := len(ratesOf(address)) > 0; got != paced {
			t.Errorf("%q: paced %t, want %t", address, got, paced)
		}
	}
}

// TestJobsComeAgainAndPeopleDoNotWait is the adapter over a workspace that is as strict as Slack's.
func TestJobsComeAgainAndPeopleDoNotWait(t *testing.T) {
	t.Parallel()
	s := newShop(t, &talker{handle: desk}, false)
	s.Fail(postMethod, sandbox.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Minute, Times: 1})
	_, err := s.a.Send(t.Context(), notice(1, "CCALLS"))
	if after := notify.RetryAfter(err); after != time.Minute {
		t.Fatalf("refused, but comes again after %v: %v", after, err)
	}
	_, err = s.a.ShowCard(t.Context(), call(42), "CCALLS", "")
	if after := notify.RetryAfter(err); after < 50*time.Second || notify.Permanent(err) {
		t.Errorf("a card into the same channel comes again after %v: %v", after, err)
	}
	if n := len(s.Requests(postMethod)); n != 1 {
		t.Errorf("Slack was asked %d times, although it asked for patience", n)
	}
	if _, err := s.a.Send(t.Context(), notice(2, "UMARIA")); err != nil {
		t.Errorf("a direct message waits for a channel: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := s.Type(ctx, "UJO", "CCALLS", "/log-call copier jams"); err != nil {
		t.Fatal(err)
	}
	s.view(t, "UJO")
}

func TestEveryCallIsObserved(t *testing.T) {
	t.Parallel()
	api := newSlackAPI(t, map[string][]string{postMethod: {`{"ok":false,"error":"channel_not_found"}`, `{"ok":true,"channel":"C1","ts":"1.1"}`}})
	var mu sync.Mutex
	heard := map[string]int{}
	a := New(Options{Bot: &talker{}, BotToken: "xoxb-1", APIURL: api.URL, Rates: Rates{postMethod: {PerMinute: 1, Burst: 2}}, Observe: func(method, outcome string, _ time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		heard[method+" "+outcome]++
	}})
	for id := range int64(4) {
		_, err := a.Send(t.Context(), notice(id, "C1"))
		if id >= 2 && notify.RetryAfter(err) < time.Minute/2 {
			t.Errorf("message %d: %v", id, err)
		}
	}
	api.Close()
	_ = a.Edit(t.Context(), notice(1, "C1"), "C1:1.1")
	for what, want := range map[string]int{postMethod + " refused": 1, postMethod + " ok": 1, postMethod + " held_back": 2, "chat.update no_answer": 1} {
		if heard[what] != want {
			t.Errorf("%s: heard %d times, want %d: %v", what, heard[what], want, heard)
		}
	}
	if err := sorted("send", errors.New("network")); notify.RetryAfter(err) != 0 {
		t.Errorf("a lost answer says when to come again: %v", err)
	}
}
