package slackbot

import (
	"context"
	"fmt"
	"strings"

	"callout/notify"
)

var _ notify.Editor = (*Adapter)(nil)

// Edit makes a notice that was sent show what its card is now. id is the receipt of Send. A message that somebody deleted
// is left alone: it was read once, and a new one would ring again.
func (a *Adapter) Edit(ctx context.Context, m notify.Message, id string) error {
	channel, ts, ok := strings.Cut(id, ":")
	if !ok {
		return fmt.Errorf("edit notice %d: %q is no receipt of Slack", m.ID, id)
	}
	card, err := a.bot.NoticeCard(ctx, m)
	if err != nil {
		return fmt.Errorf("card of notice %d: %w", m.ID, err)
	}
	err = a.edit(ctx, a.api, channel, ts, card, mark(noticeMark, "notice", m.ID))
	if errorCode(err) == "message_not_found" {
		return nil
	}
	return sorted("edit notice", err)
}
