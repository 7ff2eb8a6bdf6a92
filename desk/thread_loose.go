package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

const (
	// looseFor is how long photos wait for the number of a call; Twilio and we keep them, so that nobody sends them again.
	looseFor = 24 * time.Hour
	// looseWordsFor is how long words do: later somebody who texts a number means something else.
	looseWordsFor = time.Hour
	// looseLabel marks files of a member that wait for the number of a call.
	looseLabel = "texted"
)

// KeepLoose keeps what a member texted of which nobody knows which call it is about, until they say. It returns how many photos
// wait.
func (d *Desk) KeepLoose(ctx context.Context, a Actor, text string, photos []Upload) (int, error) {
	if err := a.may(NoteCalls); err != nil {
		return 0, err
	}
	now := d.Now()
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		if err := q.DropLooseFiles(ctx, store.DropLooseFilesParams{MemberID: a.ID, Before: now.Add(-2 * looseFor)}); err != nil {
			return fmt.Errorf("forget old photos: %w", err)
		}
		if text = shorten(clean(text), MaxDetails); text != "" {
			if err := q.PutLooseText(ctx, store.PutLooseTextParams{MemberID: a.ID, Words: text, At: now}); err != nil {
				return fmt.Errorf("keep words: %w", err)
			}
		}
		return d.saidFiles(ctx, tx, q, a, Record{Kind: MemberRecord, ID: a.ID}, looseLabel, photos, nowhere)
	})
	if err != nil {
		return 0, fmt.Errorf("keep what was texted: %w", err)
	}
	count, _, err := d.Loose(ctx, a)
	return count, err
}

// Loose returns how many photos of a member wait for the number of a call, and whether words do.
func (d *Desk) Loose(ctx context.Context, a Actor) (photos int, words bool, err error) {
	count, err := d.q.CountLooseFiles(ctx, store.CountLooseFilesParams{MemberID: a.ID, Since: d.Now().Add(-looseFor)})
	if err == nil {
		words, err = d.q.HasLooseText(ctx, store.HasLooseTextParams{MemberID: a.ID, Since: d.Now().Add(-looseWordsFor)})
	}
	if err != nil {
		return 0, false, fmt.Errorf("look for what was texted: %w", err)
	}
	return int(count), words, nil
}

// takeLoose gives what waited for the number of a call to this one.
func (s *step) takeLoose(ctx context.Context) (words string, photos int, err error) {
	ids, err := s.q.TakeLooseFiles(ctx, store.TakeLooseFilesParams{
		Record: CallRecord, RecordID: s.call.ID, MemberID: s.actor.ID, Since: s.Now().Add(-looseFor),
	})
	if err != nil {
		return "", 0, fmt.Errorf("take photos: %w", err)
	}
	waiting, err := s.q.TakeLooseText(ctx, s.actor.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", len(ids), nil
	}
	if err != nil {
		return "", 0, fmt.Errorf("take words: %w", err)
	}
	if waiting.At.After(s.Now().Add(-looseWordsFor)) {
		words = waiting.Words
	}
	return words, len(ids), nil
}
