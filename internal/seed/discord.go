package seed

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// DiscordIDs maps what the company's people and channels are called in Slack to their ids in Discord.
func (f Firm) DiscordIDs() map[string]string {
	ids := map[string]string{}
	for _, m := range f.Members {
		ids[m.UserID] = m.DiscordID
	}
	for _, c := range f.Channels {
		ids[c.ID] = c.DiscordID
	}
	return ids
}

// JoinDiscord makes the members of the demo known in Discord too and the first place where they are written to, and gives
// every card that stands in Slack one there, which the desk's tick posts. Doing it again changes nothing.
func JoinDiscord(ctx context.Context, s *store.Store, now time.Time) error {
	now = moment(now)
	firm := Company()
	err := s.InTx(ctx, func(tx pgx.Tx) error {
		for _, m := range firm.Members {
			if _, err := tx.Exec(ctx, knowInDiscord, m.UserID, m.DiscordID, now); err != nil {
				return fmt.Errorf("make member %d known: %w", m.ID, err)
			}
		}
		for _, c := range firm.Channels {
			if _, err := tx.Exec(ctx, cardsInDiscord, c.ID, c.DiscordID, now.Add(-time.Minute)); err != nil {
				return fmt.Errorf("place cards in channel %s: %w", c.Name, err)
			}
		}
		return putFirst(ctx, tx, "discord", "slack")
	})
	if err != nil {
		return fmt.Errorf("move the demo company to Discord: %w", err)
	}
	return nil
}

// LeaveDiscord has the members of the demo written to in Slack first again. They stay known in Discord, which is off.
func LeaveDiscord(ctx context.Context, s *store.Store) error {
	err := s.InTx(ctx, func(tx pgx.Tx) error { return putFirst(ctx, tx, "slack", "discord") })
	if err != nil {
		return fmt.Errorf("move the demo company to Slack: %w", err)
	}
	return nil
}

// knowInDiscord adds who a member is and a last way to reach them, unless they are known already.
const knowInDiscord = `
	WITH known AS (
		INSERT INTO chat_identity (member_id, platform, user_id, created_at)
		SELECT member_id, 'discord', $2, $3 FROM chat_identity WHERE platform = 'slack' AND user_id = $1
		ON CONFLICT DO NOTHING RETURNING member_id
	)
	INSERT INTO contact_method (member_id, channel, address, position, verified_at, proven_at)
	SELECT member_id, 'discord', $2, (SELECT coalesce(max(position), 0) + 1 FROM contact_method c WHERE c.member_id = known.member_id), $3, $3 FROM known
	ON CONFLICT DO NOTHING`

// cardsInDiscord leaves what is done and has no card there yet without one.
const cardsInDiscord = `
	INSERT INTO card (record, record_id, platform, channel, leased_until)
	SELECT record, record_id, 'discord', $2, $3 FROM card
	WHERE platform = 'slack' AND channel = $1
		AND (record <> 'call' OR EXISTS (SELECT 1 FROM call WHERE call.id = card.record_id AND call.status = 'pending'))
	ON CONFLICT DO NOTHING`

// putFirst exchanges the places of the two ways where the first stands behind the second.
func putFirst(ctx context.Context, tx pgx.Tx, first, second string) error {
	const sql = `
		UPDATE contact_method mine SET position = other.position FROM contact_method other
		WHERE other.member_id = mine.member_id AND (
			mine.channel = $1 AND other.channel = $2 AND mine.position > other.position OR
			mine.channel = $2 AND other.channel = $1 AND mine.position < other.position)`
	if _, err := tx.Exec(ctx, sql, first, second); err != nil {
		return fmt.Errorf("put %s first: %w", first, err)
	}
	return nil
}
