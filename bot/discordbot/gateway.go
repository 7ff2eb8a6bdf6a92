package discordbot

import (
	"context"
	"encoding/json"
	"errors"
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

const (
	// silence is how long the gateway may not acknowledge a heartbeat, of which there is one every 41.25 s, before the connection
	// counts as dead: https://docs.discord.com/developers/events/gateway#sending-heartbeats
	silence = time.Minute
	// closeDead ends a connection so that its session can be resumed; 1000 and 1001 would end that too.
	closeDead   = 4000
	maxOpenWait = 30 * time.Second
)

// RunGateway keeps the connection over which Discord tells what people do, until ctx ends. discordgo reconnects and resumes by itself,
// but takes minutes to find a connection dead, then gives its session up, and after a long outage waits minutes for the next try: a
// connection that is silent for too long is therefore opened again from here.
// https://docs.discord.com/developers/events/gateway
func (a *Adapter) RunGateway(ctx context.Context) error {
	look := time.NewTicker(a.silence / 4)
	defer look.Stop()
	for a.open(ctx) {
		for !a.silent() && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-look.C:
			}
		}
		if ctx.Err() != nil {
			break
		}
		a.log.WarnContext(ctx, "the gateway of Discord is silent; it is opened again")
		if err := a.session.CloseWithCode(closeDead); err != nil {
			a.log.InfoContext(ctx, "the gateway of Discord was not closed well", "err", err)
		}
	}
	a.session.Lock()
	a.session.ShouldReconnectOnError = false // a heartbeat that meets the end is no reason to come back
	a.session.Unlock()
	if err := a.session.Close(); err != nil {
		return fmt.Errorf("close the gateway of Discord: %w", err)
	}
	return nil
}

// open opens the gateway, trying until ctx ends, and reports whether it is open.
func (a *Adapter) open(ctx context.Context) bool {
	for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, maxOpenWait) {
		err := a.session.Open()
		if err == nil || errors.Is(err, discordgo.ErrWSAlreadyOpen) {
			return true
		}
		a.log.WarnContext(ctx, "no connection to the gateway of Discord", "err", err)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
	return false
}

// silent reports whether the last heartbeat was acknowledged too long ago.
func (a *Adapter) silent() bool {
	a.session.RLock()
	defer a.session.RUnlock()
	return time.Since(a.session.LastHeartbeatAck) > a.silence
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
		if a.seen.before(in.ID) {
			return
		}
		a.back.Go(func(ctx context.Context) { a.take(in, 0, func(reply answer) { a.respond(ctx, in, reply) }) })
	case "MESSAGE_CREATE":
		var m shown
		if err := json.Unmarshal(e.RawData, &m); err != nil {
			a.log.Warn("discord sent something malformed", "err", err)
			return
		}
		if !a.seen.before(m.ID) {
			a.back.Go(func(ctx context.Context) { a.written(ctx, m) })
		}
	}
}

// respond answers an interaction that came over the gateway. That it is answered already is no trouble: a first try whose answer got
// lost did it, or another instance of us.
func (a *Adapter) respond(ctx context.Context, in interaction, reply answer) {
	address := apiRoot + "interactions/" + in.ID + "/" + in.Token + "/callback"
	err := a.patiently(ctx, true, func() error {
		_, err := a.callNow(ctx, http.MethodPost, address, reply)
		return err
	})
	if err != nil && codeOf(err) != codeAcknowledged {
		a.log.ErrorContext(ctx, "interaction could not be answered", "interaction", in.ID, "err", err)
	}
}

// written takes what somebody wrote: to us in a direct message, which is answered, or in a thread, which is kept.
func (a *Adapter) written(ctx context.Context, m shown) {
	if m.Author.Bot || strings.TrimSpace(m.Content) == "" && len(m.Attachments) == 0 {
		return
	}
	r := bot.Request{
		Platform: bot.Discord, User: m.Author.ID, UserName: m.Author.name(), Channel: m.ChannelID, Key: "discord:" + m.ID,
		Kind: bot.KindText, Text: m.plain(),
	}
	for _, u := range m.Attachments {
		r.Files = append(r.Files, fileID(u))
	}
	if m.GuildID != "" {
		parent, err := a.parentOf(ctx, m.ChannelID)
		if err != nil {
			a.log.ErrorContext(ctx, "what was written in a thread is not kept", "err", err)
		}
		if parent == "" {
			return // people talking in a channel
		}
		r.Kind, r.Channel, r.Thread = bot.KindThread, parent, m.ChannelID // a thread has the id of its first message
	}
	reply := a.ask(ctx, r)
	if reply.Say == nil || r.Kind == bot.KindThread {
		return
	}
	err := a.patiently(ctx, true, func() error {
		_, err := a.send(ctx, m.ChannelID, *reply.Say, "", "r"+m.ID)
		return err
	})
	if err != nil {
		a.log.ErrorContext(ctx, "message could not be answered", "err", err)
	}
}

// plain is what somebody wrote, with the names of people in the place of their ids.
func (s shown) plain() string {
	text := s.Content
	for _, u := range s.Mentions {
		text = strings.NewReplacer("<@"+u.ID+">", "@"+u.name(), "<@!"+u.ID+">", "@"+u.name()).Replace(text)
	}
	return text
}

// threadKinds are the kinds of channels that are threads: https://docs.discord.com/developers/resources/channel#channel-object-channel-types
var threadKinds = map[int]bool{10: true, 11: true, 12: true}

// parentOf returns the channel in which a thread is; empty for what is no thread. Discord does not say it with a message.
func (a *Adapter) parentOf(ctx context.Context, channel string) (string, error) {
	if parent, ok := a.parents.Load(channel); ok {
		return parent.(string), nil
	}
	raw, err := a.call(ctx, http.MethodGet, discordgo.EndpointChannel(channel), discordgo.EndpointChannel(channel), nil)
	if err != nil {
		return "", fmt.Errorf("look up channel: %w", err)
	}
	var c struct {
		Type     int    `json:"type"`
		ParentID string `json:"parent_id"`
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return "", fmt.Errorf("look up channel: %w", err)
	}
	if !threadKinds[c.Type] {
		c.ParentID = ""
	}
	a.parents.Store(channel, c.ParentID)
	return c.ParentID, nil
}
