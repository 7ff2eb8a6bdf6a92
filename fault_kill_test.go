package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"callout/internal/sandbox/slack"
)

// killing says how often instances are killed, after at most so long at work, while so many people log so many calls each.
type killing struct {
	instances, kills, people, callsEach int
	atMost                              time.Duration
	patience                            time.Duration // until the people have logged everything
}

// killSeed makes the moments the same each time, as far as processes can be.
const killSeed = 20260310

func TestFaultKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	k := killing{instances: 1, kills: 3, people: 3, callsEach: 8, atMost: 700 * time.Millisecond, patience: time.Minute}
	s := openShop(t, k.instances)
	tim := s.technician("Tim Tech", "+447700900001")
	acknowledged := s.underFire(k, func(p *process) {
		s.dies(p)
		s.anHourPasses()
		s.starts(p)
	})
	s.catchesUp(patience)
	s.everythingOnce([]*person{tim}, acknowledged)
	s.stops(syscall.SIGTERM)
}

// underFire lets people log calls while instances are killed one at a time, and returns how many calls were acknowledged.
func (s *shop) underFire(k killing, kill func(*process)) int {
	s.Helper()
	if _, err := s.app.store.Pool.Exec(s.ctx, "UPDATE member SET capacity = 100"); err != nil {
		s.Fatal(err)
	}
	s.customer("Acme Foods", "+442079460123", "")
	ctx, cancel := context.WithTimeout(s.ctx, k.patience)
	defer cancel()
	for _, p := range s.procs {
		s.starts(p)
	}
	var people sync.WaitGroup
	var acknowledged atomic.Int64
	for i := range k.people {
		dora := s.member(fmt.Sprintf("Dora %c", 'A'+i), "dispatcher")
		people.Go(func() {
			for n := range k.callsEach {
				if err := dora.keepsTrying(ctx, fmt.Sprintf("%s has problem %d", dora.name, n), "Acme Foods"); err != nil {
					s.Error(err)
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	random := rand.New(rand.NewPCG(killSeed, killSeed))
	for n := range k.kills {
		timer := time.NewTimer(time.Duration(random.Int64N(int64(k.atMost))))
		<-timer.C
		s.Logf("kill %d: %d calls acknowledged, %d stored, %d messages owed", n+1, acknowledged.Load(), s.count("SELECT count(*) FROM call"),
			s.count("SELECT count(*) FROM notice WHERE state IN ('owed','sending')"))
		kill(s.procs[random.IntN(len(s.procs))])
	}
	people.Wait()
	return int(acknowledged.Load())
}

// undone counts what is still to be done about calls.
const undone = `SELECT (SELECT count(*) FROM notice WHERE state IN ('owed','sending')) + (SELECT count(*) FROM call_event WHERE NOT posted)
	+ (SELECT count(*) FROM call WHERE progress = 'unassigned')
	+ (SELECT count(*) FROM card JOIN call ON call.id = card.record_id WHERE card.message_id = '' OR card.shown < call.version)`

// catchesUp waits until everything owed is done.
func (s *shop) catchesUp(limit time.Duration) {
	s.Helper()
	s.within(limit, "everything owed is done", func() bool { return s.count(undone) == 0 }, func() string {
		return s.owing() + fmt.Sprintf("\n%d lines, %d calls without offer, %d cards", s.count("SELECT count(*) FROM call_event WHERE NOT posted"),
			s.count("SELECT count(*) FROM call WHERE progress = 'unassigned'"),
			s.count("SELECT count(*) FROM card JOIN call ON call.id = card.record_id WHERE card.message_id = '' OR card.shown < call.version"))
	})
}

var (
	aboutCall = regexp.MustCompile(`Call (\d+) · `)
	textCall  = regexp.MustCompile(`Reply A (\d+) `)
)

// seenOf counts what reached people, by the number of its call.
func seenOf[M any](all []M, text func(M) string, which *regexp.Regexp) map[int]int {
	seen := map[int]int{}
	for _, m := range all {
		if found := which.FindStringSubmatch(text(m)); found != nil {
			n, _ := strconv.Atoi(found[1]) // the expression takes digits only
			seen[n]++
		}
	}
	return seen
}

// everythingOnce checks that each acknowledged call is stored once and reached everybody once. Slack and Twilio can be asked what
// they have, so even an answer that was lost makes no second message.
func (s *shop) everythingOnce(technicians []*person, all int) {
	s.Helper()
	if n := s.count("SELECT count(*) FROM call"); n != all {
		s.Errorf("%d calls are stored, %d were acknowledged", n, all)
	}
	if n := s.count("SELECT count(DISTINCT summary) FROM call"); n != all {
		s.Errorf("%d different calls are stored, %d were acknowledged", n, all)
	}
	inChannel, lines := s.cardsAndLines()
	direct, texts := map[int]int{}, map[int]int{}
	for _, p := range technicians {
		for call, n := range seenOf(s.sandbox.Slack.Messages(p.dm()), slack.Message.AllText, aboutCall) {
			direct[call] += n
		}
		for call, n := range s.textsTo(p) {
			texts[call] += n
		}
	}
	s.Logf("%d requests to Slack and Twilio were done, but whoever asked was killed before the answer", s.unheard.Load())
	reached := map[string]map[int]int{
		"card": inChannel, "line that it was logged": lines["logged the call"], "line that it was offered": lines["Offered to"],
		"direct message": direct, "text": texts,
	}
	for what, seen := range reached {
		lost, twice := 0, 0
		for call := 1; call <= s.count("SELECT coalesce(max(id), 0) FROM call"); call++ {
			if s.count("SELECT count(*) FROM call WHERE id = $1", call) == 0 {
				continue // a number that a rolled back transaction took
			}
			if seen[call] == 0 {
				lost++
			}
			twice += max(0, seen[call]-1)
		}
		s.Logf("%s of %d calls: %d lost, %d twice", what, all, lost, twice)
		if lost+twice > 0 {
			s.Errorf("%s: %d lost, %d twice", what, lost, twice)
		}
	}
}

func (s *shop) textsTo(p *person) map[int]int {
	seen := map[int]int{}
	for _, m := range s.sandbox.Twilio.Messages(p.phone) {
		if found := textCall.FindStringSubmatch(m.Body); found != nil && m.Direction != "inbound" {
			n, _ := strconv.Atoi(found[1]) // the expression takes digits only
			seen[n]++
		}
	}
	return seen
}

// cardsAndLines counts the cards of calls, and the lines below each that say something.
func (s *shop) cardsAndLines() (cards map[int]int, lines map[string]map[int]int) {
	s.Helper()
	cards, lines = map[int]int{}, map[string]map[int]int{"logged the call": {}, "Offered to": {}}
	for _, m := range s.sandbox.Slack.Messages(callsChannel) {
		found := aboutCall.FindStringSubmatch(m.AllText())
		if found == nil || m.ThreadTS != "" && m.ThreadTS != m.TS {
			continue
		}
		call, _ := strconv.Atoi(found[1]) // the expression takes digits only
		cards[call]++
		if !says(m, []string{"offered to T"}) {
			s.Errorf("the card of call %d is old:\n%s", call, dump(m))
		}
		for words, seen := range lines {
			seen[call] += s.lines(m, words)
		}
	}
	return cards, lines
}

// lines counts the lines below a card that say something.
func (s *shop) lines(card slack.Message, words string) int {
	n := 0
	for _, m := range s.sandbox.Slack.Thread(card.Channel, card.TS) {
		if m.TS != card.TS && says(m, []string{words}) {
			n++
		}
	}
	return n
}

// stops tells every instance to stop, which it does in order.
func (s *shop) stops(signal os.Signal) {
	s.Helper()
	for _, p := range s.procs {
		if err := p.cmd.Process.Signal(signal); err != nil {
			s.Fatal(err)
		}
		err := p.cmd.Wait()
		p.cmd = nil
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			s.Errorf("told to stop by %v, the program ended with %v:\n%s", signal, exit, s.log)
		}
	}
}

func TestFaultStopsWhenTold(t *testing.T) {
	t.Parallel()
	s := openShop(t, 1)
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		s.starts(s.procs[0])
		s.stops(signal)
	}
}
