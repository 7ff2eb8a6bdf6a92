package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// warnAgain is how long people are not told again of the same trouble.
const warnAgain = 24 * time.Hour

// warn tells everybody with a role of a trouble, once a day: ref names it.
func (d *Desk) warn(ctx context.Context, role Role, ref, text string) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if err := q.LockWarning(ctx, ref); err != nil {
			return fmt.Errorf("lock warning %s: %w", ref, err)
		}
		warned, err := q.WarnedSince(ctx, store.WarnedSinceParams{Ref: ref, Since: d.Now().Add(-warnAgain)})
		if err != nil || warned {
			return err
		}
		return d.tellAll(ctx, tx, q, role, owed{kind: noticeProblem, body: NoticeBody{Text: text, Ref: ref}})
	})
}

// CannotPost tells the dispatchers that a platform does not let us post the cards of calls or quotes.
func (d *Desk) CannotPost(ctx context.Context, card store.Card) error {
	text := fmt.Sprintf("I can't post into the %ss channel (%s channel %s): invite me there, or choose another one with `/callout settings`. "+
		"The %ss are safe; their cards follow as soon as I can post.", card.Record, ChannelName(card.Platform), card.Channel, card.Record)
	return d.warn(ctx, Dispatcher, "card:"+card.Platform+":"+card.Channel, text)
}

// SetupTrouble tells the admins what they must put right before anything can be sent on a channel.
func (d *Desk) SetupTrouble(ctx context.Context, channel, what string) error {
	text := fmt.Sprintf("I can't send anything by %s: %s. What I owe people goes out by their other channels until then; "+
		"`callout doctor` on the server shows whether it works again.", ChannelName(channel), what)
	return d.warn(ctx, Admin, "setup:"+channel, text)
}
