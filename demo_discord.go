package main

import (
	"callout/internal/sandbox"
	"callout/internal/sandbox/discord"
	"callout/internal/seed"
)

// inDiscord points the program at the sandbox's Discord too. A channel setting names a channel of each.
func (c *Config) inDiscord(company seed.Firm, env map[string]string) {
	c.DiscordBotToken, c.DiscordPublicKey = Secret(env["DISCORD_BOT_TOKEN"]), env["DISCORD_PUBLIC_KEY"]
	c.DiscordAppID, c.DiscordGuildID, c.DiscordAPIURL = env["DISCORD_APP_ID"], env["DISCORD_GUILD_ID"], env["DISCORD_API_URL"]
	ids := company.DiscordIDs()
	for _, setting := range []*string{&c.CallsChannel, &c.QuotesChannel, &c.ReportsChannel} {
		*setting += "," + ids[*setting]
	}
}

// furnishGuild puts the company's people and channels into the sandbox's Discord. What everybody sees is open there.
func furnishGuild(box *sandbox.Sandbox, company seed.Firm) {
	ids := company.DiscordIDs()
	for _, m := range company.Members {
		box.Discord.AddUser(discord.User{ID: m.DiscordID, Username: m.Handle, GlobalName: m.Name})
		box.Page.SetTitle(m.DiscordID, m.Title)
	}
	for _, ch := range company.Channels {
		var members []string
		if len(ch.Members) < len(company.Members) {
			members = []string{box.Discord.AppID()}
			for _, id := range ch.Members {
				members = append(members, ids[id])
			}
		}
		box.Discord.AddChannel(discord.Channel{ID: ch.DiscordID, Name: ch.Name, Topic: ch.Purpose, Members: members})
	}
}
