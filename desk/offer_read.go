package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Why returns the scored table of the latest offer of a call, and who was asked.
func (d *Desk) Why(ctx context.Context, a Actor, callID int64) (store.GetLastOfferRow, []Score, error) {
	if err := a.may(SeeCalls); err != nil {
		return store.GetLastOfferRow{}, nil, err
	}
	row, err := d.q.GetLastOffer(ctx, callID)
	if err != nil {
		return row, nil, found(err, "Call %d has not been offered to anybody yet.", callID)
	}
	var scores []Score
	if err := json.Unmarshal(row.Offer.Why, &scores); err != nil {
		return row, nil, fmt.Errorf("decode scores of offer %d: %w", row.Offer.ID, err)
	}
	return row, scores, nil
}

// OpenOffer returns the offer of a call that waits for an answer; false if there is none.
func (d *Desk) OpenOffer(ctx context.Context, callID int64) (store.GetOpenOfferRow, bool, error) {
	row, err := d.q.GetOpenOffer(ctx, callID)
	if errors.Is(err, pgx.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("read offer of call %d: %w", callID, err)
	}
	return row, true, nil
}

// Offer reads one offer, for the message that makes it.
func (d *Desk) Offer(ctx context.Context, id int64) (store.Offer, error) {
	offer, err := d.q.GetOffer(ctx, id)
	if err != nil {
		return offer, fmt.Errorf("read offer %d: %w", id, err)
	}
	return offer, nil
}

// Handled reports whether a delivery was handled before.
func (d *Desk) Handled(ctx context.Context, key string) (bool, error) {
	_, err := d.q.GetInbound(ctx, key)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read delivery: %w", err)
	}
	return true, nil
}

// OnlyOffer returns the call of the one offer that waits for this member, for an answer by SMS that names no call.
func (d *Desk) OnlyOffer(ctx context.Context, a Actor) (int64, error) {
	offers, err := d.q.ListOpenOffersOfMember(ctx, a.ID)
	if err != nil {
		return 0, fmt.Errorf("list offers of member %d: %w", a.ID, err)
	}
	switch len(offers) {
	case 0:
		return 0, refuse(Conflict, "No call is waiting for your answer.")
	case 1:
		return offers[0].CallID, nil
	}
	return 0, refuse(Conflict, "%d calls are waiting for your answer. Say which, such as A %d.", len(offers), offers[0].CallID)
}

// OnlyCall returns the one call this member has on their hands, for a text that names none.
func (d *Desk) OnlyCall(ctx context.Context, a Actor) (int64, error) {
	hands, err := d.InHands(ctx, a)
	if err != nil {
		return 0, err
	}
	switch len(hands.Mine) {
	case 0:
		return 0, refuse(Conflict, "You have no call at the moment.")
	case 1:
		return hands.Mine[0].Call.ID, nil
	}
	return 0, refuse(Conflict, "You have %d calls. Say which, such as %d.", len(hands.Mine), hands.Mine[0].Call.ID)
}
