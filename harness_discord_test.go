package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"callout/internal/sandbox/discord"
	"callout/store/storetest"
)

// The server of a company that lives in Discord.
const (
	guildCalls = "3000000000000000301"
	guildOwner = "3000000000000000201"
)

// guild is a world whose company lives in Discord.
type guild struct {
	*world
	discord *discord.Server
}

// startGuild starts the program on an empty company that lives in Discord, over the gateway or over HTTP.
func startGuild(t *testing.T, overHTTP bool) *guild {
	t.Helper()
	clock := newClock()
	server, err := discord.New(discord.Options{Intents: discord.IntentMessageContent, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	ports := httptest.NewServer(server.Handler())
	server.SetBaseURL(ports.URL)
	t.Cleanup(func() {
		_ = server.Close()
		ports.Close()
	})
	server.AddChannel(discord.Channel{ID: guildCalls, Name: "calls"})
	g := &guild{discord: server}
	g.world = startWorldAt(t, storetest.URL(t), clock, func(c *Config) {
		c.SlackBotToken, c.SlackSigningSecret, c.SlackAPIURL = "", "", ""
		c.DiscordBotToken, c.DiscordPublicKey = Secret(server.BotToken()), server.PublicKey()
		c.DiscordAppID, c.DiscordGuildID, c.DiscordAPIURL = server.AppID(), server.GuildID(), ports.URL+"/api/v9"
		c.CallsChannel, c.Admins = guildCalls, []string{guildOwner}
	})
	if overHTTP {
		if err := server.SetInteractionsURL(t.Context(), g.url+"/discord/interactions"); err != nil {
			t.Fatal(err)
		}
	} else {
		g.until("the gateway is open", server.Connected, func() string { return "no connection" })
	}
	g.until("the commands are registered", func() bool { return len(server.Commands(guildCalls)) > 5 }, func() string {
		return dump(server.Commands(guildCalls))
	})
	t.Cleanup(func() {
		if err := server.CheckError(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// member adds somebody with roles, whom an admin knows already.
func (g *guild) member(user, name string, roles ...string) {
	g.Helper()
	g.discord.AddUser(discord.User{ID: user, Username: strings.ToLower(name), GlobalName: name})
	const sql = `WITH m AS (
			INSERT INTO member (name, search, roles, state, timezone, created_at) VALUES ($1, lower($1), $2, 'active', 'UTC', $3) RETURNING id
		), c AS (INSERT INTO chat_identity (member_id, platform, user_id, created_at) SELECT id, 'discord', $4, $3 FROM m)
		INSERT INTO contact_method (member_id, channel, address, position, verified_at) SELECT id, 'discord', $4, 1, $3 FROM m`
	if _, err := g.app.store.Pool.Exec(g.ctx, sql, name, roles, g.clock.Now(), user); err != nil {
		g.Fatal(err)
	}
}

// onDuty gives everybody hours around the clock.
func (g *guild) onDuty() {
	g.Helper()
	const sql = `INSERT INTO duty_rule (member_id, weekday, starts, ends) SELECT m.id, d, 0, 1440 FROM member m, generate_series(0, 6) d`
	if _, err := g.app.store.Pool.Exec(g.ctx, sql); err != nil {
		g.Fatal(err)
	}
}

// sees waits for a message that says all words, and returns it.
func (g *guild) sees(user, channel string, words ...string) discord.Message {
	g.Helper()
	var seen discord.Message
	g.until("a message says "+strings.Join(words, ", "), func() bool {
		for _, m := range g.discord.MessagesFor(user, channel) {
			if saysAll(m.AllText(), words) {
				seen = m
				return true
			}
		}
		return false
	}, func() string {
		var all strings.Builder
		for _, m := range g.discord.MessagesFor(user, channel) {
			all.WriteString(m.AllText() + "\n---\n")
		}
		return all.String()
	})
	return seen
}
