package slackbot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"callout/bot"
	"callout/notify"
)

// ShowCard posts the card of a record, or edits it when id is not empty, and returns its id, which is the timestamp of the
// message. A card that somebody deleted, or that may not be edited any more, is posted again.
func (a *Adapter) ShowCard(ctx context.Context, r notify.Record, channel, id string) (string, error) {
	card, err := a.bot.RecordCard(ctx, r)
	if err != nil {
		return "", fmt.Errorf("card of %s %d: %w", r.Kind, r.ID, err)
	}
	if id != "" {
		err := a.edit(ctx, a.api, channel, id, card, mark(cardMark, r.Kind, r.ID))
		switch errorCode(err) {
		case "message_not_found", "cant_update_message", "edit_window_closed":
		default:
			return id, sorted("edit card", err)
		}
	}
	a.joinOnce(ctx, channel)
	_, ts, err := a.send(ctx, a.api, channel, card, mark(cardMark, r.Kind, r.ID))
	return ts, sorted("post card", err)
}

// joinOnce makes the app a member of a public channel before its first card there: what people answer in the threads is told to
// members only. A private channel has to invite the app, and so it is in it.
func (a *Adapter) joinOnce(ctx context.Context, channel string) {
	if _, before := a.joined.LoadOrStore(channel, true); before || channel == "" || channel[0] != 'C' {
		return
	}
	switch err := join(ctx, a.api, channel); errorCode(err) {
	case "", "method_not_supported_for_channel_type", "unknown_method":
		if err == nil {
			return
		}
	}
	a.log.WarnContext(ctx, "answers in threads are not seen where the app is no member", "channel", channel)
}

// FindCard looks for the card of a record that was posted but whose answer never came.
func (a *Adapter) FindCard(ctx context.Context, r notify.Record, channel string, since time.Time) (id string, found bool, err error) {
	m, err := a.find(ctx, channel, cardMark, r.Kind, r.ID, since)
	if err != nil || m == nil {
		return "", false, err
	}
	return m.Timestamp, true, nil
}

// inThread reports whether a thread has a message that is so. A thread longer than a page is looked through to its end.
func (a *Adapter) inThread(ctx context.Context, line notify.Line, is func(*slack.Message) bool) (bool, error) {
	query := slack.GetConversationRepliesParameters{
		ChannelID: line.Channel, Timestamp: line.CardID, Limit: pageSize, IncludeAllMetadata: true,
	}
	for range maxPages {
		replies, more, cursor, err := a.api.GetConversationRepliesContext(ctx, &query)
		if errorCode(err) == "thread_not_found" || errorCode(err) == "message_not_found" {
			return false, nil
		}
		if err != nil {
			return false, sorted("read thread", err)
		}
		for i := range replies {
			if is(&replies[i]) {
				return true, nil
			}
		}
		if !more || cursor == "" {
			return false, nil
		}
		query.Cursor = cursor
	}
	return false, nil
}

var _ notify.Album = (*Adapter)(nil)

// AddFile adds a file to the thread below a card, with a sentence about it. If it may be there already, it looks first.
func (a *Adapter) AddFile(ctx context.Context, line notify.Line, f notify.File, about string) error {
	if line.MayBeThere {
		there, err := a.fileThere(ctx, line, f.Name)
		if err != nil || there {
			return err
		}
	}
	files := []bot.File{{Name: f.Name, Title: f.Title, Content: f.Content}}
	return sorted("share photo", a.shareSaying(ctx, a.api, line.Channel, line.CardID, about, files))
}

// fileThere reports whether a thread has a file of this name.
func (a *Adapter) fileThere(ctx context.Context, line notify.Line, name string) (bool, error) {
	return a.inThread(ctx, line, func(m *slack.Message) bool {
		return slices.ContainsFunc(m.Files, func(f slack.File) bool { return f.Name == name })
	})
}
