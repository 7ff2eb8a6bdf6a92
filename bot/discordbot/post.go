package discordbot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"callout/bot"
	"callout/notify"
)

var (
	_ notify.Sender  = (*Adapter)(nil)
	_ notify.Finder  = (*Adapter)(nil)
	_ notify.Editor  = (*Adapter)(nil)
	_ notify.Board   = (*Adapter)(nil)
	_ notify.Fetcher = (*Adapter)(nil)
)

// pageSize is how many messages one page of a channel's history has, at most:
// https://docs.discord.com/developers/resources/message#get-channel-messages
const (
	pageSize = 100
	maxPages = 10
	before   = time.Minute // how far Discord's clock may be behind ours
	epoch    = 1420070400000
)

// Send sends a notice: to a person by direct message, else into a channel.
func (a *Adapter) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	card, err := a.bot.NoticeCard(ctx, m)
	if err != nil {
		return notify.Receipt{}, fmt.Errorf("card of notice %d: %w", m.ID, err)
	}
	card.Files = bot.FilesOf(m, card)
	channel, err := a.channelOf(ctx, m)
	if err != nil {
		return notify.Receipt{}, err
	}
	id, err := a.send(ctx, channel, card, noticeMark(m.ID), "n"+formatID(m.ID))
	if err != nil {
		return notify.Receipt{}, fmt.Errorf("send notice %d: %w", m.ID, err)
	}
	return notify.Receipt{ID: channel + ":" + id}, nil
}

func noticeMark(id int64) string { return "Callout · message " + formatID(id) }

func recordMark(r notify.Record) string { return "Callout · " + r.Kind + " " + formatID(r.ID) }

// channelOf is where a notice goes. What is addressed to the company goes to a channel; the address of a member is the member.
func (a *Adapter) channelOf(ctx context.Context, m notify.Message) (string, error) {
	if m.Name == "" {
		return m.Address, nil
	}
	channel, err := a.dm(ctx, m.Address)
	if code := codeOf(err); m.Kind == notify.Report && (code == codeUnknownUser || code == codeNoRecipient) {
		return m.Address, nil // where its reader wanted to have it
	}
	return channel, err
}

// Find looks for a notice whose answer never came.
func (a *Adapter) Find(ctx context.Context, m notify.Message) (notify.Receipt, bool, error) {
	channel, err := a.channelOf(ctx, m)
	if err != nil {
		return notify.Receipt{}, false, err
	}
	found, err := a.find(ctx, channel, m.Asked, func(s shown) bool { return s.marked(noticeMark(m.ID)) })
	if err != nil || found == nil {
		return notify.Receipt{}, false, err
	}
	return notify.Receipt{ID: channel + ":" + found.ID}, true, nil
}

// marked reports whether a message has a mark at its foot.
func (s shown) marked(mark string) bool {
	for _, e := range s.Embeds {
		if e.Footer.Text == mark {
			return true
		}
	}
	return false
}

// find looks through a channel, from a moment and a little before on; nil if there is no such message.
func (a *Adapter) find(ctx context.Context, channel string, since time.Time, is func(shown) bool) (*shown, error) {
	after := "0"
	if !since.IsZero() {
		after = strconv.FormatInt(max(since.Add(-before).UnixMilli()-epoch, 0)<<22, 10) // a snowflake begins with its time
	}
	for range maxPages {
		query := url.Values{"limit": {strconv.Itoa(pageSize)}, "after": {after}}
		address := discordgo.EndpointChannelMessages(channel)
		raw, err := a.call(ctx, http.MethodGet, address+"?"+query.Encode(), address, nil)
		if err != nil {
			return nil, fmt.Errorf("look through channel: %w", err)
		}
		var page []shown
		if err := json.Unmarshal(raw, &page); err != nil {
			return nil, fmt.Errorf("look through channel: %w", err)
		}
		slices.SortFunc(page, func(x, y shown) int { return compareIDs(x.ID, y.ID) })
		for i := range page {
			if is(page[i]) {
				return &page[i], nil
			}
		}
		if len(page) < pageSize {
			return nil, nil
		}
		after = page[len(page)-1].ID
	}
	return nil, nil
}

// compareIDs orders snowflakes by time.
func compareIDs(x, y string) int {
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(x, y)
}

// Edit makes a notice that was sent show what its card is now. A message that somebody deleted is left alone.
func (a *Adapter) Edit(ctx context.Context, m notify.Message, id string) error {
	channel, message, ok := strings.Cut(id, ":")
	if !ok {
		return fmt.Errorf("edit notice %d: %q is no receipt of Discord", m.ID, id)
	}
	card, err := a.bot.NoticeCard(ctx, m)
	if err != nil {
		return fmt.Errorf("card of notice %d: %w", m.ID, err)
	}
	err = a.edit(ctx, channel, message, card, noticeMark(m.ID))
	if codeOf(err) == codeUnknownMessage {
		return nil
	}
	return err
}
