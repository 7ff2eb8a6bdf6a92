package slackbot

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// patience is how long a job waits for its turn; one that would wait longer gives its worker back and comes again.
	patience = 2 * time.Second

	// longestLine bounds how far ahead a turn is promised: what is so far back is looked at again and again.
	longestLine = 10 * time.Minute

	// lineStep spreads those who come again where no rate is known.
	lineStep = 50 * time.Millisecond

	// maxLanes is how many lanes are remembered before the idle ones are dropped.
	maxLanes = 1000
)

// pace keeps our calls within Slack's limits, so that people never wait behind a refusal.
//
// Two processes of ours share the limits of their workspace and know nothing of each other: each takes the whole for its
// own. What is too much together Slack refuses with 429 and a time, which whoever got it then keeps; to divide the limits
// would halve the pace of the usual single process.
type pace struct {
	rates Rates
	now   func() time.Time // time that passes, whatever day the business has
	mu    sync.Mutex
	lanes map[string]*lane
}

// lane is what is limited together: a method, or a method in one channel.
type lane struct {
	full   time.Time // when the burst will be all there again, if nothing more is called
	closed time.Time // until when Slack asked us to wait
	line   time.Time // until when turns are promised
}

func newPace(rates Rates) *pace {
	return &pace{rates: rates, now: time.Now, lanes: map[string]*lane{}} // Slack counts in real time
}

// enter asks for a turn. wait is how long to wait before the call; later is not zero when that is longer than willing: then
// there is no turn, and it is to be asked for again after that time.
func (p *pace) enter(method, channel string, willing time.Duration) (wait, later time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, rate := p.now(), p.rates[method]
	l := p.lane(method, channel, now)
	full := latest(l.full, now)
	if rate.PerMinute > 0 {
		full = full.Add(rate.every())
		wait = full.Sub(now) - time.Duration(rate.Burst)*rate.every()
	}
	wait = max(wait, l.closed.Sub(now), 0)
	herd := rate.PerMinute == 0 && wait > 0 // all who wait here would go at the same moment
	if wait > willing || herd {
		return 0, l.promise(now, wait, rate)
	}
	l.full = full
	return wait, 0
}

// enterFirst takes a turn for what a person waits for: it goes at once, whoever else waits, unless Slack itself said when.
func (p *pace) enterFirst(method, channel string) (wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, rate := p.now(), p.rates[method]
	l := p.lane(method, channel, now)
	if rate.PerMinute > 0 { // jobs pay for it, for a minute at most
		most := now.Add(time.Duration(rate.Burst)*rate.every() + time.Minute)
		l.full = earliest(latest(l.full, now).Add(rate.every()), most)
	}
	return max(l.closed.Sub(now), 0)
}

// refused records that Slack asked us to wait: everybody in the lane does, and nothing of the burst is left after it. It returns
// when the one that was refused may come again: many at once may have been.
func (p *pace) refused(method, channel string, after time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, rate := p.now(), p.rates[method]
	l := p.lane(method, channel, now)
	l.closed = latest(l.closed, now.Add(after))
	if rate.PerMinute > 0 {
		l.full = latest(l.full, l.closed.Add(time.Duration(rate.Burst-1)*rate.every()))
	}
	return l.promise(now, after, rate)
}

// promise gives each that has to come again a time of its own, so that ten thousand do not come at once.
func (l *lane) promise(now time.Time, wait time.Duration, rate Rate) time.Duration {
	step := lineStep
	if rate.PerMinute > 0 {
		step = rate.every()
	}
	first, last := now.Add(wait), now.Add(max(wait, longestLine))
	l.line = latest(l.line.Add(step), first)
	if !l.line.After(last) {
		return l.line.Sub(now)
	}
	l.line = last
	return last.Sub(now)/2 + rand.N(last.Sub(now)/2) // no secret: when to look again
}

// lane finds the lane of a call, and now and then drops those in which nothing is remembered any more.
func (p *pace) lane(method, channel string, now time.Time) *lane {
	key := method + " " + channel
	l := p.lanes[key]
	if l != nil {
		return l
	}
	if len(p.lanes) >= maxLanes {
		for key, l := range p.lanes {
			if l.full.Before(now) && l.closed.Before(now) && l.line.Before(now) {
				delete(p.lanes, key)
			}
		}
	}
	l = &lane{}
	p.lanes[key] = l
	return l
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
