// Package discord is a local Discord guild: a server with memory that speaks the REST API (versions 9 and 10), the
// gateway, signed HTTP interactions and the file store, and that lets named people type, press, choose and submit.
//
// It owns the guild (people, channels, threads, messages, forms, commands, files) and Discord's rules about them:
// which requests are refused, with which code, and what a person sees when the app does not answer. It must know
// nothing about Callout: no production package and no Discord SDK is imported, signing and shapes are written here
// from Discord's documentation, so a mistake in the app's client is not repeated by its judge.
//
// A test reads like this:
//
//	guild, _ := discord.New(discord.Options{Intents: discord.IntentMessageContent})
//	srv := httptest.NewServer(guild.Handler())
//	guild.SetBaseURL(srv.URL) // the app's API is srv.URL + "/api/v9/"
//	guild.AddUser(discord.User{ID: "201", Username: "maria"})
//	guild.AddChannel(discord.Channel{ID: "301", Name: "calls"})
//	reply, err := guild.Type(ctx, "201", "301", "/log-call")
//	reply, err = guild.Submit(ctx, "201", discord.Values{"Summary": {"Printer is jammed"}})
//	reply, err = guild.Press(ctx, "201", reply.Ref, "Accept")
//	err = guild.CheckError() // nil when the app broke no rule
//
// What the guild is strict about: tokens, versions and intents, permissions where Channel.AppLacks takes them, messages
// with embeds and both kinds of components, modals, commands and their options, interactions (3 s, one answer, the
// right type, 15 minutes), nonces, files, the gateway's protocol, and rates when Options.RateLimits is set.
//
// Interactions go to the gateway's sessions, or, once SetInteractionsURL was accepted, as signed POSTs to the app. Fail,
// RepeatDeliveries, DropGateway, Reconnect, InvalidateSessions and MuteHeartbeats make things go wrong; Requests tells
// what the app asked and Violations what it may not do.
//
// Not modelled: other apps and guilds, OAuth, user installs, voice, reactions, pins, polls, stickers, forums, sharding,
// transport compression, the limit of invalid requests. Codes within a form's errors are Discord's where they are
// known; a few rules have codes of our own. Ids, tokens' ages and nonces follow Options.Now; AckTimeout, heartbeats and
// buckets are real time.
package discord
