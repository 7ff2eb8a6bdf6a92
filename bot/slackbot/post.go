package slackbot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"callout/bot"
	"callout/notify"
)

// Slack has no key that makes a message unique, so every message carries in its metadata what it is, and an unanswered
// one is looked up before it is sent again: https://docs.slack.dev/messaging/message-metadata
const (
	noticeMark = "callout_notice"
	cardMark   = "callout_card"
	lineMark   = "callout_line"

	// before is how much earlier than our own clock a look-up begins: Slack's differs.
	before = time.Minute

	// pageSize and maxPages bound a look-up. https://docs.slack.dev/reference/methods/conversations.history
	pageSize = 200
	maxPages = 10
)

var (
	_ notify.Sender = (*Adapter)(nil)
	_ notify.Finder = (*Adapter)(nil)
	_ notify.Board  = (*Adapter)(nil)
)

// Send posts the card of a notice to a person (U…, W…) or into a channel, and its files into the thread below. If only
// the files failed, the next attempt finds the card and adds what is missing.
func (a *Adapter) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	card, err := a.bot.NoticeCard(ctx, m)
	if err != nil {
		return notify.Receipt{}, fmt.Errorf("card of notice %d: %w", m.ID, err)
	}
	channel, err := a.channelOf(ctx, m.Address)
	if err != nil {
		return notify.Receipt{}, err
	}
	channel, ts, err := a.send(ctx, a.api, channel, card, mark(noticeMark, "notice", m.ID))
	if err != nil {
		a.forget(m.Address, err)
		return notify.Receipt{}, sorted("post notice", err)
	}
	if err := a.share(ctx, a.api, channel, ts, bot.FilesOf(m, card)); err != nil {
		return notify.Receipt{}, halfDone(sorted("share files of notice", err))
	}
	return notify.Receipt{ID: receipt(channel, ts)}, nil
}

// halfDone takes from an error that it was refused: the message is there, and the next try must look for it.
func halfDone(err error) error {
	var e *notify.Error
	if !errors.As(err, &e) || e.After == 0 {
		return err
	}
	half := *e
	half.Err, half.After = err, 0
	return &half
}

// Find looks for a notice that was sent but not answered, and adds its files if they are missing.
func (a *Adapter) Find(ctx context.Context, m notify.Message) (notify.Receipt, bool, error) {
	channel, err := a.channelOf(ctx, m.Address)
	if err != nil {
		return notify.Receipt{}, false, err
	}
	found, err := a.find(ctx, channel, noticeMark, "notice", m.ID, m.Asked)
	if err != nil || found == nil {
		return notify.Receipt{}, false, err
	}
	card := bot.Card{}
	if len(m.Files) == 0 {
		if card, err = a.bot.NoticeCard(ctx, m); err != nil {
			return notify.Receipt{}, false, fmt.Errorf("card of notice %d: %w", m.ID, err)
		}
	}
	missing, err := a.missing(ctx, channel, found, bot.FilesOf(m, card))
	if err == nil {
		err = a.share(ctx, a.api, channel, found.Timestamp, missing)
	}
	if err != nil {
		return notify.Receipt{}, false, sorted("complete files of notice", err)
	}
	return notify.Receipt{ID: receipt(channel, found.Timestamp)}, true, nil
}

// missing are the files that are not in the thread below a message.
func (a *Adapter) missing(ctx context.Context, channel string, m *slack.Message, files []bot.File) ([]bot.File, error) {
	if len(files) == 0 || m.ReplyCount == 0 {
		return files, nil
	}
	replies, _, _, err := a.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: m.Timestamp, Limit: pageSize,
	})
	if err != nil {
		return nil, fmt.Errorf("read thread: %w", err)
	}
	there := map[string]bool{}
	for _, reply := range replies {
		for _, file := range reply.Files {
			there[file.Name] = true
		}
	}
	var missing []bot.File
	for _, file := range files {
		if !there[file.Name] {
			missing = append(missing, file)
		}
	}
	return missing, nil
}

// channelOf returns the channel to post into for an address: a person is reached by direct message.
func (a *Adapter) channelOf(ctx context.Context, address string) (string, error) {
	if !isUser(address) {
		return address, nil
	}
	channel, err := a.dm(ctx, a.api, address)
	return channel, sorted("reach person", err)
}

// forget drops a remembered direct message that Slack does not know any more.
func (a *Adapter) forget(address string, err error) {
	if isUser(address) && elsewhere(err) {
		a.dms.set(address, "")
	}
}

func isUser(address string) bool {
	return address != "" && (address[0] == 'U' || address[0] == 'W')
}

func receipt(channel, ts string) string { return channel + ":" + ts }

func mark(kind, key string, id int64) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: kind, EventPayload: map[string]any{key: strconv.FormatInt(id, 10)}})
}

func marked(m *slack.Message, kind, key string, id int64) bool {
	return m.Metadata.EventType == kind && fmt.Sprint(m.Metadata.EventPayload[key]) == strconv.FormatInt(id, 10)
}

// find looks through a channel for the message with a mark, since a moment and a little before; nil if there is none.
func (a *Adapter) find(ctx context.Context, channel, kind, key string, id int64, since time.Time) (*slack.Message, error) {
	query := slack.GetConversationHistoryParameters{
		ChannelID: channel, IncludeAllMetadata: true, Limit: pageSize, Inclusive: true,
	}
	if !since.IsZero() {
		query.Oldest = stamp(since.Add(-before))
	}
	for range maxPages {
		page, err := a.api.GetConversationHistoryContext(ctx, &query)
		if errorCode(err) == "not_in_channel" && join(ctx, a.api, channel) == nil {
			page, err = a.api.GetConversationHistoryContext(ctx, &query)
		}
		if err != nil {
			return nil, sorted("look through channel", err)
		}
		for i := range page.Messages {
			if marked(&page.Messages[i], kind, key, id) {
				return &page.Messages[i], nil
			}
		}
		if query.Cursor = page.ResponseMetaData.NextCursor; query.Cursor == "" {
			return nil, nil
		}
	}
	return nil, nil
}

// stamp is a moment as Slack writes it in ts.
func stamp(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/int(time.Microsecond))
}
