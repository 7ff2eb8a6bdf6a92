package desk

import (
	"context"
	"fmt"

	"callout/store"
)

// CardRefused gives a card back that the platform did not take for now. Unlike after a failure, the next try need not look
// for what this one left behind: there is nothing that was not recorded, as far as an earlier try ended well.
func (d *Desk) CardRefused(ctx context.Context, drawing Drawing) error {
	c := drawing.Card
	return d.q.ReleaseCardRefused(ctx, store.ReleaseCardRefusedParams{
		Shown: c.Shown, PostingSince: c.PostingSince, Interrupted: drawing.Interrupted, Record: c.Record, RecordID: c.RecordID, Platform: c.Platform,
	})
}

// LeaseMessage takes a message that was sent, to edit it, until MessageEdited. False means that somebody else edits it.
func (d *Desk) LeaseMessage(ctx context.Context, noticeID int64) (bool, error) {
	now := d.Now()
	until := now.Add(cardLease)
	rows, err := d.q.LeaseMessage(ctx, store.LeaseMessageParams{LeasedUntil: &until, ID: noticeID, Now: &now})
	if err != nil {
		return false, fmt.Errorf("lease message of notice %d: %w", noticeID, err)
	}
	return rows == 1, nil
}

// MessageEdited records which version of its record a message shows now, and lets the next one edit it.
func (d *Desk) MessageEdited(ctx context.Context, noticeID, version int64) error {
	return d.q.ReleaseMessage(ctx, store.ReleaseMessageParams{ID: noticeID, Shown: version})
}
