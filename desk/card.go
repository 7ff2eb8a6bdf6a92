package desk

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// cardLease is how long one worker alone may draw a card: longer than its job may run.
const cardLease = 40 * time.Second

type board struct{ platform, channel string }

// boards reads a channel setting: channel ids, separated by commas. A Discord id is all digits, a Slack id is not.
func boards(setting string) []board {
	var out []board
	for _, id := range strings.FieldsFunc(setting, func(r rune) bool { return r == ',' || r == ' ' }) {
		platform := "slack"
		if digits(id) == id {
			platform = "discord"
		}
		if !slices.ContainsFunc(out, func(b board) bool { return b.platform == platform }) {
			out = append(out, board{platform, id})
		}
	}
	return out
}

// Drawing is a card that this worker alone may draw until it calls CardDrawn or CardUndrawn.
type Drawing struct {
	Card    store.Card
	Version int64   // of the call
	Entries []int64 // timeline entries that are not in the thread yet, oldest first
	// Interrupted says that an earlier try did not end well: some entries may be in the thread already.
	Interrupted bool
}

// Cards lists the cards of a call. Those that are not posted yet are moved to the channel that is set now.
func (d *Desk) Cards(ctx context.Context, callID int64) ([]store.Card, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := d.q.ListCards(ctx, callID)
	if err != nil {
		return nil, fmt.Errorf("list cards of call %d: %w", callID, err)
	}
	moved := false
	for _, b := range boards(settings.CallsChannel) {
		if slices.ContainsFunc(cards, func(c store.Card) bool {
			return c.Platform == b.platform && (c.Channel == b.channel || c.MessageID != "")
		}) {
			continue
		}
		if err := d.q.PlaceCard(ctx, store.PlaceCardParams{CallID: callID, Platform: b.platform, Channel: b.channel}); err != nil {
			return nil, fmt.Errorf("place card of call %d: %w", callID, err)
		}
		moved = true
	}
	if !moved {
		return cards, nil
	}
	return d.q.ListCards(ctx, callID)
}

const (
	// cardAgain is how long a card that could not be drawn waits for the next try.
	cardAgain = 3 * time.Minute
	// cardsAtOnce bounds how many of them one tick takes up: the reason may be that the platform is overloaded.
	cardsAtOnce = 50
	// cardsFollow is for how long after the channel was chosen the calls logged before it get their cards.
	cardsFollow = time.Hour
)

// undrawn lists calls whose cards somebody must try to draw: now, again, or for the first time.
func (d *Desk) undrawn(ctx context.Context, q *store.Queries) ([]int64, error) {
	now := d.Now()
	before := now.Add(-cardAgain)
	stuck, err := q.ListStuckCards(ctx, store.ListStuckCardsParams{Now: &now, TriedBefore: &before, Max: cardsAtOnce})
	if err != nil {
		return nil, fmt.Errorf("list stuck cards: %w", err)
	}
	without, err := q.ListCallsWithoutCard(ctx, store.ListCallsWithoutCardParams{Since: now.Add(-cardsFollow), Max: cardsAtOnce})
	if err != nil {
		return nil, fmt.Errorf("list calls without card: %w", err)
	}
	return append(stuck, without...), nil
}

// LeaseCard takes a card to draw it. False means that somebody else is drawing it.
func (d *Desk) LeaseCard(ctx context.Context, callID int64, platform string) (Drawing, bool, error) {
	now := d.Now()
	until := now.Add(cardLease)
	row, err := d.q.LeaseCard(ctx, store.LeaseCardParams{LeasedUntil: &until, CallID: callID, Platform: platform, Now: &now})
	if errors.Is(err, pgx.ErrNoRows) {
		return Drawing{}, false, nil
	}
	if err != nil {
		return Drawing{}, false, fmt.Errorf("lease card of call %d: %w", callID, err)
	}
	call, err := d.q.GetCall(ctx, callID)
	if err != nil {
		return Drawing{}, false, fmt.Errorf("read call %d: %w", callID, err)
	}
	entries, err := d.q.ListUnpostedEvents(ctx, callID)
	if err != nil {
		return Drawing{}, false, fmt.Errorf("list timeline of call %d: %w", callID, err)
	}
	card := store.Card{
		CallID: row.CallID, Platform: row.Platform, Channel: row.Channel, MessageID: row.MessageID, Shown: row.Shown,
		PostingSince: row.PostingSince, LeasedUntil: row.LeasedUntil, TriedAt: row.TriedAt,
	}
	return Drawing{Card: card, Version: call.Version, Entries: entries, Interrupted: row.Interrupted}, true, nil
}

// CardPosting records that a card is about to be handed to the platform for the first time: if no answer comes, the
// platform is asked before it is posted again.
func (d *Desk) CardPosting(ctx context.Context, card store.Card) error {
	now := d.Now()
	return d.q.CardPosting(ctx, store.CardPostingParams{Now: &now, CallID: card.CallID, Platform: card.Platform})
}

// CardPosted records the id of a card as soon as the platform has it.
func (d *Desk) CardPosted(ctx context.Context, card store.Card, messageID string) error {
	return d.q.CardPosted(ctx, store.CardPostedParams{CallID: card.CallID, Platform: card.Platform, MessageID: messageID})
}

// EntryPosted records that a timeline entry is in the thread.
func (d *Desk) EntryPosted(ctx context.Context, entryID int64) error {
	return d.q.MarkEventPosted(ctx, entryID)
}

// CardDrawn gives a card back, showing the call at a version.
func (d *Desk) CardDrawn(ctx context.Context, card store.Card, version int64) error {
	return d.q.ReleaseCard(ctx, store.ReleaseCardParams{CallID: card.CallID, Platform: card.Platform, Shown: version})
}

// CardUndrawn gives a card back after a failure; the next try knows that there was one.
func (d *Desk) CardUndrawn(ctx context.Context, card store.Card) error {
	return d.q.ReleaseCardUndrawn(ctx, store.ReleaseCardUndrawnParams{CallID: card.CallID, Platform: card.Platform})
}

func randomKey() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
	return base32.StdEncoding.EncodeToString(b[:])
}

func contains(words []string, word string) bool { return slices.Contains(words, word) }
