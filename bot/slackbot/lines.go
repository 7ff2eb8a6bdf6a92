package slackbot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"callout/bot"
	"callout/notify"
)

const (
	// maxLines is how many timeline entries one message of a thread holds at most.
	maxLines = 20
	// maxLinesText keeps that message short enough to read, and far below what Slack refuses.
	maxLinesText = maxMessageText / 2
)

// AddLines adds timeline entries to the thread below the card of a record: those that wait at one moment make one message,
// as many of the first as fit. If they may be there already, it looks first; some of them may be.
func (a *Adapter) AddLines(ctx context.Context, line notify.Line) (int, error) {
	ids := line.EventIDs
	if line.MayBeThere {
		there, err := a.linesThere(ctx, line)
		if err != nil {
			return 0, err
		}
		if n := leading(ids, there); n > 0 {
			return n, nil
		}
		ids = ids[:leading(ids, func(id int64) bool { return !there(id) })]
	}
	card, n, err := a.lines(ctx, line.Record, ids)
	if err != nil || n == 0 {
		return 0, err
	}
	_, _, err = a.send(ctx, a.api, line.Channel, card, slack.MsgOptionTS(line.CardID), linesMark(ids[:n]))
	if err != nil {
		return 0, sorted("post timeline entries", err)
	}
	return n, nil
}

// lines is one card of the first of some entries, and how many these are.
func (a *Adapter) lines(ctx context.Context, r notify.Record, ids []int64) (card bot.Card, n int, err error) {
	size := 0
	for _, id := range ids[:min(len(ids), maxLines)] {
		next, err := a.bot.ThreadLine(ctx, r, id)
		if err != nil {
			return card, 0, fmt.Errorf("timeline entry %d of %s %d: %w", id, r.Kind, r.ID, err)
		}
		if size += length(next.Text); n > 0 && size > maxLinesText {
			break
		}
		if n++; n == 1 {
			card = next
			continue
		}
		card.Text += "\n" + next.Text
		card.Parts = append(card.Parts, next.Parts...)
		card.Files = append(card.Files, next.Files...)
	}
	return card, n, nil
}

// leading counts the first ids that are so.
func leading(ids []int64, so func(int64) bool) int {
	for i, id := range ids {
		if !so(id) {
			return i
		}
	}
	return len(ids)
}

// linesMark tells which entries a message shows.
func linesMark(ids []int64) slack.MsgOption {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = strconv.FormatInt(id, 10)
	}
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: lineMark, EventPayload: map[string]any{"event": strings.Join(all, ",")}})
}

// linesThere tells which entries a thread has.
func (a *Adapter) linesThere(ctx context.Context, line notify.Line) (func(id int64) bool, error) {
	there := map[string]bool{}
	_, err := a.inThread(ctx, line, func(m *slack.Message) bool {
		if m.Metadata.EventType == lineMark {
			for _, id := range strings.Split(fmt.Sprint(m.Metadata.EventPayload["event"]), ",") {
				there[id] = true
			}
		}
		return false
	})
	return func(id int64) bool { return there[strconv.FormatInt(id, 10)] }, err
}
