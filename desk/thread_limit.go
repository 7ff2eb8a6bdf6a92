package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// How many texts of one phone are answered by itself. Idle is a text without a verb, or the same text again: two machines that
// answer each other send nothing else. Texts count whether they were answered or not, so that a machine is answered again only
// after it was quiet. Texts of people with a verb still do what they say; only the answer is left out.
const (
	idleNow   = 6 // in textsNow
	idleToday = 30
	allNow    = 40
	textsNow  = 10 * time.Minute
	textsDay  = 24 * time.Hour
)

// MayAnswer counts a text that a member sent, and reports whether it may be answered. When it is the first that may not, the log
// says so, and the dispatchers are told once a day.
func (d *Desk) MayAnswer(ctx context.Context, a Actor, phone, text string, idle bool) (bool, error) {
	var n store.CountTextsRow
	now := d.Now()
	sum := sha256.Sum256([]byte(Fold(text)))
	digest := hex.EncodeToString(sum[:8])
	err := d.inTx(ctx, func(_ pgx.Tx, q *store.Queries) error {
		err := q.LockTexts(ctx, phone)
		if err == nil {
			err = q.ForgetTexts(ctx, store.ForgetTextsParams{Phone: phone, Before: now.Add(-textsDay)})
		}
		if err == nil {
			n, err = q.CountTexts(ctx, store.CountTextsParams{JustNow: now.Add(-textsNow), Digest: digest, Phone: phone, Today: now.Add(-textsDay)})
		}
		if err != nil {
			return err
		}
		idle = idle || n.SameNow > 0
		return q.InsertText(ctx, store.InsertTextParams{Phone: phone, At: now, Digest: digest, Idle: idle})
	})
	if err != nil {
		return false, fmt.Errorf("count texts: %w", err)
	}
	if n.AllNow < allNow && (!idle || n.IdleNow < idleNow && n.IdleToday < idleToday) {
		return true, nil
	}
	if n.AllNow == allNow || n.IdleNow == idleNow || n.IdleToday == idleToday {
		d.Log.WarnContext(ctx, "a phone texts too often and is not answered", "member_id", a.ID, "idle_now", n.IdleNow, "idle_today", n.IdleToday)
	}
	name := a.Name
	if name == "" {
		name = "Somebody who was invited"
	}
	text = fmt.Sprintf("%s (%s) texts again and again what asks for nothing, as a machine would, so I have stopped answering that. "+
		"What they text with a verb, such as A 42, still counts. Please call them.", name, PhoneShown(phone))
	return false, d.warn(ctx, Dispatcher, "texts:"+phone, text)
}
