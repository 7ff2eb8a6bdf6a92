package discordbot

import (
	"testing"

	"callout/internal/sandbox/discord"
	"callout/notify"
)

// TestAReportGoesWhereItsReaderWants sends a report to a channel and to a person: both are in the address of a member's notice.
func TestAReportGoesWhereItsReaderWants(t *testing.T) {
	t.Parallel()
	g := newGuild(t, discord.Options{}, false, nil)
	for i, address := range []string{general, maria} {
		m := notify.Message{ID: int64(i + 1), Kind: notify.Report, Channel: notify.Discord, Address: address, Name: "Maria"}
		if _, err := g.a.Send(g.ctx, m); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(g.Messages(general)); n != 1 {
		t.Errorf("the channel has %d messages, want the report", n)
	}
	if n := len(g.Messages(g.DM(maria))); n != 1 {
		t.Errorf("the person has %d messages, want the report", n)
	}
}
