package main

import (
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"callout/internal/sandbox"
	"callout/internal/sandbox/discord"
	"callout/internal/sandbox/slack"
	"callout/internal/seed"
	"callout/store"
	"callout/store/storetest"
)

// TestTheDemoLivesInDiscord logs a call as the demo's front desk and accepts it as the technician who was asked, in a company
// that was in Slack alone before.
func TestTheDemoLivesInDiscord(t *testing.T) {
	t.Parallel()
	box, err := sandbox.Start(t.Context(), sandbox.Options{Discord: true, Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	company := seed.Company()
	config, err := demoConfig(t.Context(), &Config{LogLevel: "error"}, filepath.Join(t.TempDir(), "demo"), company, box.Env())
	if err != nil {
		t.Fatal(err)
	}
	url := storetest.URL(t)
	w := &world{T: t, ctx: t.Context(), clock: newClock(), sandbox: box, config: config}
	w.clock.move(time.Since(w.clock.Now()))
	ports, err := net.Listen("tcp", config.Addr)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, d := range []demoCmd{{}, {Discord: true}, {}, {Discord: true}} { // started one way and the other
		if err := d.settle(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	if err := furnish(box, company, config.PublicURL); err != nil {
		t.Fatal(err)
	}
	w.start(url, ports)
	ids := company.DiscordIDs()
	calls, joel := ids[seed.CallsChannel], ids[company.Members[1].UserID]
	w.until("the commands are there", func() bool { return box.Discord.Connected() && len(box.Discord.Commands(calls)) > 0 }, func() string { return "none" })

	reply, err := box.Discord.Type(t.Context(), joel, calls, "/log-call words:Fumes from the tester customer:Windrush")
	if err != nil || reply.Modal == nil {
		t.Fatalf("no form: %+v %v", reply, err)
	}
	if reply, err = box.Discord.Submit(t.Context(), joel, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := box.Discord.Press(t.Context(), joel, reply.Ref, "Log call"); err != nil {
		t.Fatal(err)
	}
	asked := func() (string, discord.Message) {
		for _, m := range company.Members {
			for _, message := range box.Discord.MessagesFor(m.DiscordID, box.Discord.DM(m.DiscordID)) {
				if saysAll(message.AllText(), []string{"Can you take this call?", "Fumes from the tester"}) {
					return m.DiscordID, message
				}
			}
		}
		return "", discord.Message{}
	}
	w.until("a technician is asked", func() bool { who, _ := asked(); return who != "" }, func() string { return "nobody is" })
	who, offer := asked()
	if _, err := box.Discord.Press(t.Context(), who, offer.Ref(), "Accept"); err != nil {
		t.Fatal(err)
	}
	w.until("the cards say who has it", func() bool {
		says := func(text string) bool { return saysAll(text, []string{"Fumes from the tester", "accepted"}) }
		return slices.ContainsFunc(box.Discord.Messages(calls), func(m discord.Message) bool { return says(m.AllText()) }) &&
			slices.ContainsFunc(box.Slack.Messages(seed.CallsChannel), func(m slack.Message) bool { return says(m.AllText()) })
	}, func() string { return dump(box.Slack.Messages(seed.CallsChannel)) })
}
