package slackbot

import (
	"container/heap"
	"testing"
	"time"
)

// due are the tries that come, the next one first.
type due []try

type try struct {
	at   time.Time
	turn bool // it has its turn and only waited for it
}

func (d due) Len() int           { return len(d) }
func (d due) Less(i, j int) bool { return d[i].at.Before(d[j].at) }
func (d due) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *due) Push(x any)        { *d = append(*d, x.(try)) }
func (d *due) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}

// TestTenThousandMessagesIntoOneChannel plays a minute in which ten thousand messages come for one channel, at a Slack that
// takes three at once and then one a second. Everything goes out at Slack's pace, hardly anything is refused, nobody waits for
// ever, and the jobs that come again are few at any time.
func TestTenThousandMessagesIntoOneChannel(t *testing.T) {
	t.Parallel()
	for name, messages := range map[string]int{"with Slack's rates": 10_000, "with none": 300} {
		rates := SlackRates()
		if name == "with none" {
			rates = Rates{}
		}
		p, clock := paceAt(rates)
		slack, slackClock := paceAt(Rates{postMethod: {PerMinute: 60, Burst: 3}})
		begin := clock.at
		var tries due
		for i := range messages {
			heap.Push(&tries, try{at: begin.Add(time.Duration(i) * time.Minute / time.Duration(messages))})
		}
		asked, refused, sent, last := 0, 0, 0, begin
		busy := map[time.Time]int{}
		for tries.Len() > 0 {
			next := heap.Pop(&tries).(try)
			clock.at, slackClock.at = next.at, next.at
			busy[next.at.Truncate(time.Minute)]++
			asked++
			var wait, later time.Duration
			if !next.turn {
				wait, later = p.enter(postMethod, "C1", patience)
			}
			if later == 0 && wait == 0 {
				if w, l := slack.enter(postMethod, "C1", 0); w+l > 0 {
					refused++
					later = max(time.Second, w).Round(time.Second) + time.Second
					later = p.refused(postMethod, "C1", later)
				} else {
					sent++
					last = next.at
					continue
				}
			}
			heap.Push(&tries, try{at: next.at.Add(max(wait, later)), turn: wait > 0})
		}
		took := last.Sub(begin).Round(time.Second)
		t.Logf("%s: %d sent within %v, %.1f tries each, %d refused by Slack", name, sent, took, float64(asked)/float64(messages), refused)
		if sent != messages || len(rates) > 0 && took > time.Duration(messages)*time.Second*5/4 {
			t.Errorf("%s: %d sent within %v", name, sent, took)
		}
		most := 0
		for minute, n := range busy {
			if minute.After(begin.Add(longestLine)) {
				most = max(most, n)
			}
		}
		if most > 5000 {
			t.Errorf("%s: %d tries in one minute", name, most)
		}
		if len(rates) > 0 && refused > messages/20 {
			t.Errorf("%s: Slack refused %d", name, refused)
		}
	}
}
