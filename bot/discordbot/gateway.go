package discordbot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
)

// Run registers the commands and keeps the gateway open until ctx ends.
func (a *Adapter) Run(ctx context.Context) error {
	if err := a.Register(ctx); err != nil {
		a.log.WarnContext(ctx, "commands are not registered", "err", err) // those registered before still work
	}
	return a.RunGateway(ctx)
}

// RunGateway keeps the connection over which Discord tells what people do, until ctx ends. discordgo reconnects and resumes by itself.
// https://docs.discord.com/developers/events/gateway
func (a *Adapter) RunGateway(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := a.session.Open()
		if err == nil {
			break
		}
		a.log.WarnContext(ctx, "no connection to the gateway of Discord", "err", err)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
	<-ctx.Done()
	if err := a.session.Close(); err != nil {
		return fmt.Errorf("close the gateway of Discord: %w", err)
	}
	return nil
}

// event takes one event of the gateway. discordgo calls it in a goroutine of its own.
func (a *Adapter) event(e *discordgo.Event) {
	switch e.Type {
	case "INTERACTION_CREATE":
		var in interaction
		if err := json.Unmarshal(e.RawData, &in); err != nil {
			a.log.Warn("discord sent something malformed", "err", err)
			return
		}
		a.inBackground(func(ctx context.Context) { a.take(ctx, in, func(reply answer) { a.respond(ctx, in, reply) }) })
	case "MESSAGE_CREATE":
		var m shown
		if err := json.Unmarshal(e.RawData, &m); err != nil {
			a.log.Warn("discord sent something malformed", "err", err)
			return
		}
		a.inBackground(func(ctx context.Context) { a.written(ctx, m) })
	}
}

// respond answers an interaction that came over the gateway.
func (a *Adapter) respond(ctx context.Context, in interaction, reply answer) {
	address := apiRoot + "interactions/" + in.ID + "/" + in.Token + "/callback"
	if _, err := a.call(ctx, http.MethodPost, address, address, reply); err != nil {
		a.log.ErrorContext(ctx, "interaction could not be answered", "err", err)
	}
}

// written answers what somebody wrote us in a direct message.
func (a *Adapter) written(ctx context.Context, m shown) {
	if m.Author.Bot || m.GuildID != "" || strings.TrimSpace(m.Content) == "" {
		return
	}
	reply := <-a.ask(ctx, bot.Request{
		Platform: bot.Discord, User: m.Author.ID, UserName: m.Author.name(), Channel: m.ChannelID, Key: "discord:" + m.ID,
		Kind: bot.KindText, Text: m.Content,
	})
	if reply.Say == nil {
		return
	}
	if _, err := a.send(ctx, m.ChannelID, *reply.Say, "", "r"+m.ID); err != nil {
		a.log.ErrorContext(ctx, "message could not be answered", "err", err)
	}
}
