package discordbot

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"callout/bot"
	"callout/internal/sandbox/discord"
	"callout/notify"
)

var footers = regexp.MustCompile(`Callout · message [0-9]+`)

const posts = "POST /channels/{channel}/messages"

// refused counts the requests that came although they were too many.
func (g *guild) refused() int {
	n := 0
	for _, r := range g.Requests("*") {
		if r.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// notice is a notice that goes to a channel.
func notice(id int64, channel string) notify.Message {
	return notify.Message{ID: id, Kind: notify.Report, Channel: notify.Discord, Address: channel}
}

// TestLimitsAreKeptBeforeTheyBite sends more than a channel takes at once: nothing is refused, and all comes once and in order.
func TestLimitsAreKeptBeforeTheyBite(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{RateLimits: true, RateWindow: 250 * time.Millisecond}, false, nil)
	var wait sync.WaitGroup
	for i, channel := range []string{general, office} {
		wait.Go(func() {
			for n := range int64(12) {
				if _, err := g.a.Send(g.ctx, notice(int64(i*100)+n, channel)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if n := g.refused(); n > 0 {
		t.Errorf("%d requests were refused", n)
	}
	for i, channel := range []string{general, office} {
		var want, got []string
		for n := range 12 {
			want = append(want, fmt.Sprintf("Callout · message %d", i*100+n))
		}
		for _, m := range g.Messages(channel) {
			got = append(got, footers.FindString(string(m.Embeds)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("channel %d has %q", i, got)
		}
	}
	g.keeps()
}

// TestARefusalHoldsTheNextOnesBack: of one channel, or of all that the bot does. What was refused comes once when it is tried again.
func TestARefusalHoldsTheNextOnesBack(t *testing.T) {
	t.Parallel()
	const limit = time.Second // Retry-After has whole seconds
	for name, global := range map[string]bool{"one channel": false, "everything": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuild(t, discord.Options{}, false, nil)
			if _, err := g.a.Send(g.ctx, notice(1, general)); err != nil {
				t.Fatal(err)
			}
			g.Fail(posts, discord.Fault{Times: 1, RetryAfter: limit, Global: global})
			began := time.Now()
			_, err := g.a.Send(g.ctx, notice(2, general))
			if after := notify.RetryAfter(err); after < limit/2 || after > 2*limit {
				t.Fatalf("it is tried again after %s: %v", after, err)
			}
			if _, err := g.a.Send(g.ctx, notice(3, office)); err != nil {
				t.Fatal(err)
			}
			if held := time.Since(began) > limit*9/10; held != global {
				t.Errorf("another channel waited %s", time.Since(began))
			}
			if _, err := g.a.Send(g.ctx, notice(2, general)); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(began); waited < limit*9/10 || waited > 3*limit {
				t.Errorf("the channel was written to after %s", waited)
			}
			if got := g.texts(general); len(got) != 2 {
				t.Errorf("there are %q", got)
			}
			g.keeps()
		})
	}
}

// TestAFollowUpOutlastsALimit: nobody sends it again for a person who waits.
func TestAFollowUpOutlastsALimit(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]discord.Fault{
		"limited": {Times: 1, RetryAfter: 50 * time.Millisecond}, "trouble": {Times: 2, Status: 500}, "not known yet": {Times: 1, Status: 404, Code: 10015},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuild(t, discord.Options{}, true, func(bot.Request) bot.Reply {
				card := bot.Sentence("The report")
				card.Files = []bot.File{{Name: "report.pdf", Content: []byte("%PDF")}}
				return bot.Reply{Say: &card}
			})
			g.Fail("POST /webhooks/{app}/{token}", fault)
			g.types("/report")
			g.until("the report is there", func() bool {
				list := g.MessagesFor(maria, general)
				return len(list) == 1 && len(list[0].Attachments) == 1 && !list[0].Loading
			})
			g.keeps()
		})
	}
}
