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
	Version int64   // of the record
	Entries []int64 // timeline entries that are not in the thread yet, oldest first
	Files   []int64 // photos that are not in the thread yet, oldest first
	// Interrupted says that an earlier try did not end well: some entries may be in the thread already.
	Interrupted bool
}

// cardChannel is the setting that says where the cards of a kind of record are.
func (s Settings) cardChannel(kind string) string {
	if kind == QuoteRecord {
		return s.QuotesChannel
	}
	return s.CallsChannel
}

// CardRecord is the record that a card stands for.
func CardRecord(c store.Card) Record { return Record{Kind: c.Record, ID: c.RecordID} }

// Cards lists the cards of a record. Those that are not posted yet are moved to the channel that is set now.
func (d *Desk) Cards(ctx context.Context, r Record) ([]store.Card, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := d.q.ListCards(ctx, store.ListCardsParams{Record: r.Kind, RecordID: r.ID})
	if err != nil {
		return nil, fmt.Errorf("list cards of %s %d: %w", r.Kind, r.ID, err)
	}
	moved := false
	for _, b := range boards(settings.cardChannel(r.Kind)) {
		if slices.ContainsFunc(cards, func(c store.Card) bool {
			return c.Platform == b.platform && (c.Channel == b.channel || c.MessageID != "")
		}) {
			continue
		}
		place := store.PlaceCardParams{Record: r.Kind, RecordID: r.ID, Platform: b.platform, Channel: b.channel}
		if err := d.q.PlaceCard(ctx, place); err != nil {
			return nil, fmt.Errorf("place card of %s %d: %w", r.Kind, r.ID, err)
		}
		moved = true
	}
	if !moved {
		return cards, nil
	}
	return d.q.ListCards(ctx, store.ListCardsParams{Record: r.Kind, RecordID: r.ID})
}

const (
	// cardAgain is how long a card that could not be drawn waits for the next try.
	cardAgain = 3 * time.Minute
	// cardsAtOnce bounds how many of them one tick takes up: the reason may be that the platform is overloaded.
	cardsAtOnce = 50
	// cardsFollow is for how long after a channel was chosen the calls and quotes from before it get their cards.
	cardsFollow = time.Hour
)

// undrawn lists records whose cards somebody must try to draw: now, again, or for the first time.
func (d *Desk) undrawn(ctx context.Context, q *store.Queries) ([]CardArgs, error) {
	now := d.Now()
	before := now.Add(-cardAgain)
	stuck, err := q.ListStuckCards(ctx, store.ListStuckCardsParams{Now: &now, TriedBefore: &before, Max: cardsAtOnce})
	if err != nil {
		return nil, fmt.Errorf("list stuck cards: %w", err)
	}
	calls, err := q.ListCallsWithoutCard(ctx, store.ListCallsWithoutCardParams{Since: now.Add(-cardsFollow), Max: cardsAtOnce})
	if err != nil {
		return nil, fmt.Errorf("list calls without card: %w", err)
	}
	quotes, err := q.ListQuotesWithoutCard(ctx, store.ListQuotesWithoutCardParams{Since: now.Add(-cardsFollow), Max: cardsAtOnce})
	if err != nil {
		return nil, fmt.Errorf("list quotes without card: %w", err)
	}
	var undrawn []CardArgs
	for _, s := range stuck {
		undrawn = append(undrawn, CardArgs(s))
	}
	for _, id := range calls {
		undrawn = append(undrawn, cardOf(id))
	}
	for _, id := range quotes {
		undrawn = append(undrawn, CardArgs{Record: QuoteRecord, RecordID: id})
	}
	return undrawn, nil
}

// LeaseCard takes a card to draw it. False means that somebody else is drawing it.
func (d *Desk) LeaseCard(ctx context.Context, r Record, platform string) (Drawing, bool, error) {
	now := d.Now()
	until := now.Add(cardLease)
	row, err := d.q.LeaseCard(ctx, store.LeaseCardParams{LeasedUntil: &until, Record: r.Kind, RecordID: r.ID, Platform: platform, Now: &now})
	if errors.Is(err, pgx.ErrNoRows) {
		return Drawing{}, false, nil
	}
	if err != nil {
		return Drawing{}, false, fmt.Errorf("lease card of %s %d: %w", r.Kind, r.ID, err)
	}
	version, entries, err := d.toDraw(ctx, r, platform)
	if err != nil {
		return Drawing{}, false, err
	}
	files, err := d.q.ListUnpostedFiles(ctx, store.ListUnpostedFilesParams{Record: r.Kind, RecordID: r.ID, Platform: platform})
	if err != nil {
		return Drawing{}, false, fmt.Errorf("list photos of %s %d: %w", r.Kind, r.ID, err)
	}
	card := store.Card{
		Record: row.Record, RecordID: row.RecordID, Platform: row.Platform, Channel: row.Channel, MessageID: row.MessageID, Shown: row.Shown,
		PostingSince: row.PostingSince, LeasedUntil: row.LeasedUntil, TriedAt: row.TriedAt,
	}
	return Drawing{Card: card, Version: version, Entries: entries, Files: files, Interrupted: row.Interrupted}, true, nil
}

// toDraw reads the version of a record, and the lines of its timeline that are not in its thread on a platform yet.
func (d *Desk) toDraw(ctx context.Context, r Record, platform string) (version int64, entries []int64, err error) {
	unposted := store.ListUnpostedRecordEventsParams{Record: r.Kind, RecordID: r.ID, Platform: platform}
	switch r.Kind {
	case CallRecord:
		var call store.Call
		if call, err = d.q.GetCall(ctx, r.ID); err == nil {
			version = call.Version
			entries, err = d.q.ListUnpostedEvents(ctx, store.ListUnpostedEventsParams{CallID: r.ID, Platform: platform})
		}
	case QuoteRecord:
		var quote store.Quote
		if quote, err = d.q.GetQuote(ctx, r.ID); err == nil {
			version = quote.Version
			entries, err = d.q.ListUnpostedRecordEvents(ctx, unposted)
		}
	case SwapRecord:
		var swap store.GetSwapRow
		if swap, err = d.q.GetSwap(ctx, r.ID); err == nil {
			version = swap.DutySwap.Version
			entries, err = d.q.ListUnpostedRecordEvents(ctx, unposted)
		}
	default:
		err = errNoCards
	}
	if err != nil {
		return 0, nil, fmt.Errorf("read what to draw of %s %d: %w", r.Kind, r.ID, err)
	}
	return version, entries, nil
}

// errNoCards says that a kind of record has no cards: a programming error.
var errNoCards = errors.New("such records have no cards")

// CardPosting records that a card is about to be handed to the platform for the first time: if no answer comes, the
// platform is asked before it is posted again.
func (d *Desk) CardPosting(ctx context.Context, card store.Card) error {
	now := d.Now()
	return d.q.CardPosting(ctx, store.CardPostingParams{Now: &now, Record: card.Record, RecordID: card.RecordID, Platform: card.Platform})
}

// CardPosted records the id of a card as soon as the platform has it.
func (d *Desk) CardPosted(ctx context.Context, card store.Card, messageID string) error {
	return d.q.CardPosted(ctx, store.CardPostedParams{Record: card.Record, RecordID: card.RecordID, Platform: card.Platform, MessageID: messageID})
}

// EntryPosted records that a timeline entry is in the thread below a card.
func (d *Desk) EntryPosted(ctx context.Context, card store.Card, entryID int64) error {
	if card.Record != CallRecord {
		return d.q.MarkRecordEventPosted(ctx, store.MarkRecordEventPostedParams{ID: entryID, Platform: card.Platform})
	}
	return d.q.MarkEventPosted(ctx, store.MarkEventPostedParams{ID: entryID, Platform: card.Platform})
}

// CardDrawn gives a card back, showing the record at a version.
func (d *Desk) CardDrawn(ctx context.Context, card store.Card, version int64) error {
	return d.q.ReleaseCard(ctx, store.ReleaseCardParams{Record: card.Record, RecordID: card.RecordID, Platform: card.Platform, Shown: version})
}

// CardUndrawn gives a card back after a failure; the next try knows that there was one.
func (d *Desk) CardUndrawn(ctx context.Context, card store.Card) error {
	return d.q.ReleaseCardUndrawn(ctx, store.ReleaseCardUndrawnParams{Record: card.Record, RecordID: card.RecordID, Platform: card.Platform})
}

func randomKey() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
	return base32.StdEncoding.EncodeToString(b[:])
}

func contains(words []string, word string) bool { return slices.Contains(words, word) }
