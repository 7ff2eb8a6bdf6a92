package slackbot

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

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
	_, ts, err := a.send(ctx, a.api, channel, card, mark(cardMark, r.Kind, r.ID))
	return ts, sorted("post card", err)
}

// FindCard looks for the card of a record that was posted but whose answer never came.
func (a *Adapter) FindCard(ctx context.Context, r notify.Record, channel string, since time.Time) (id string, found bool, err error) {
	m, err := a.find(ctx, channel, cardMark, r.Kind, r.ID, since)
	if err != nil || m == nil {
		return "", false, err
	}
	return m.Timestamp, true, nil
}

// AddLine adds one timeline entry to the thread below the card of a record. If it may be there already, it looks first.
func (a *Adapter) AddLine(ctx context.Context, line notify.Line) error {
	if line.MayBeThere {
		there, err := a.lineThere(ctx, line)
		if err != nil || there {
			return err
		}
	}
	card, err := a.bot.ThreadLine(ctx, line.Record, line.EventID)
	if err != nil {
		return fmt.Errorf("timeline entry %d of %s %d: %w", line.EventID, line.Record.Kind, line.Record.ID, err)
	}
	_, _, err = a.send(ctx, a.api, line.Channel, card, slack.MsgOptionTS(line.CardID), mark(lineMark, "event", line.EventID))
	return sorted("post timeline entry", err)
}

// lineThere reports whether a thread has an entry. A thread longer than a page is looked through to its end.
func (a *Adapter) lineThere(ctx context.Context, line notify.Line) (bool, error) {
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
			if marked(&replies[i], lineMark, "event", line.EventID) {
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
