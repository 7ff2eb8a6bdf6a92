package discordbot

import (
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
)

func TestCheckTellsWhatToPutRight(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{}, true, nil)
	if problems := g.a.Check(g.ctx); len(problems) > 0 {
		t.Errorf("all is well, but %q", problems)
	}
	g.Fail("GET /applications/@me", discord.Fault{Body: `{"id":"5","verify_key":"` + g.PublicKey() + `","flags":0}`})
	problems := strings.Join(g.a.Check(g.ctx), "\n")
	for _, want := range []string{"the application 5", "Message Content Intent"} {
		if !strings.Contains(problems, want) {
			t.Errorf("%q is not in %q", want, problems)
		}
	}
}
