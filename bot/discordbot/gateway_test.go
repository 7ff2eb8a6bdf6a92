package discordbot

import (
	"strconv"
	"testing"
	"time"

	"callout/bot"
	"callout/internal/sandbox/discord"
)

// heard counts how often each text came to the conversation.
func (g *guild) heard(kind bot.Kind) map[string]int {
	times := map[string]int{}
	for _, r := range g.talk.requests(kind) {
		times[r.Text]++
	}
	return times
}

// TestTheGatewayComesBack loses the connection in every way there is. What people do meanwhile is done once.
func TestTheGatewayComesBack(t *testing.T) {
	t.Parallel()
	const silent = "no heartbeat acknowledged"
	for name, c := range map[string]struct {
		lose    func(*guild)
		resumes bool
	}{
		"cut":                {func(g *guild) { g.DropGateway() }, true},
		"closed with a code": {func(g *guild) { g.CloseGateway(4000) }, true},
		"asked to come back": {func(g *guild) { g.Reconnect() }, true},
		"over":               {func(g *guild) { g.InvalidateSessions() }, false},
		"disturbed":          {func(g *guild) { g.DisturbSessions() }, false},
		silent:               {func(*guild) {}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuild(t, discord.Options{AckTimeout: time.Minute}, false, says("Hello."))
			if name == silent {
				g.a.silence = 4 * time.Second // the first heartbeat is acknowledged, and the next comes after 41 seconds
			}
			g.connect()
			g.types("/calls words:before")
			ready, resumed := g.came()
			c.lose(g)
			if c.resumes { // what is done while nobody listens is told when the session goes on
				g.types("in the meantime")
				g.types("/calls words:meanwhile")
			}
			g.until("the session goes on, or begins again", func() bool {
				r, s := g.came()
				return r > ready || s > resumed
			})
			g.until("somebody listens", g.Connected)
			g.types("/calls words:after")
			if r, _ := g.came(); c.resumes && r != ready {
				t.Error("the session was not resumed: what happened in between may be lost")
			}
			for _, text := range []string{"before", "meanwhile", "after"} {
				want := 1
				if text == "meanwhile" && !c.resumes {
					want = 0
				}
				if got := g.heard(bot.KindCommand)[text]; got != want {
					t.Errorf("%s came %d times, want %d", text, got, want)
				}
			}
			g.keeps()
		})
	}
}

func TestWhatComesTwiceIsDoneOnce(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"gateway", "http"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			g := newGuild(t, discord.Options{}, way == "http", says("Hello."))
			if way == "gateway" {
				g.connect()
			}
			g.RepeatDeliveries(3)
			for n := range 5 {
				g.types("/calls words:" + strconv.Itoa(n))
			}
			g.RepeatDeliveries(0)
			g.types("/calls words:last")
			for text, times := range g.heard(bot.KindCommand) {
				if times != 1 {
					t.Errorf("%s came %d times", text, times)
				}
			}
			if got := len(g.texts(general)); got != 6 {
				t.Errorf("%d answers: %q", got, g.texts(general))
			}
			g.keeps()
		})
	}
}

// TestAnAnswerGetsThrough although Discord stumbles over it.
func TestAnAnswerGetsThrough(t *testing.T) {
	t.Parallel()
	const route = "POST /interactions/{interaction}/{token}/callback"
	for name, fault := range map[string]discord.Fault{
		"refused for a moment":        {Times: 2, Status: 503},
		"limited":                     {Times: 1, RetryAfter: 100 * time.Millisecond},
		"the connection is cut":       {Times: 1, Cut: true},
		"it is taken, nobody says so": {Times: 1, Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuild(t, discord.Options{}, false, says("Hello."))
			g.connect()
			g.Fail(route, fault)
			if reply := g.types("/calls"); !reply.Private || len(g.texts(general)) != 1 {
				t.Errorf("got %+v, %q", reply, g.texts(general))
			}
			g.keeps()
		})
	}
}
