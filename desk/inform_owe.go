package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// oweInform writes the notice on the first way that was not tried and returns its channel, or "" if there is none.
func (d *Desk) oweInform(ctx context.Context, tx pgx.Tx, q *store.Queries, row store.Inform, t Told, insteadOf int64) (string, error) {
	now := d.Now()
	way, ok, err := d.wayLeft(ctx, q, row)
	if err != nil {
		return "", err
	}
	if !ok && insteadOf != 0 {
		return "", nil
	}
	if !ok {
		return "", q.DropInform(ctx, store.DropInformParams{DroppedAt: &now, ID: row.ID})
	}
	if t.First, err = d.isFirst(ctx, q, row.ContactID, way.Channel, way.Address); err != nil {
		return "", err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return "", fmt.Errorf("encode what the customer is told: %w", err)
	}
	if err := q.InformOwed(ctx, store.InformOwedParams{OwedAt: &now, Body: body, ID: row.ID}); err != nil {
		return "", fmt.Errorf("mark what the customer is told: %w", err)
	}
	o := owed{
		kind: noticeInform, callID: &row.CallID, record: Record{Kind: informRecord, ID: row.ID}, body: NoticeBody{Told: &t},
		customerContactID: row.ContactID, insteadOf: insteadOf,
	}
	return way.Channel, d.owe(ctx, tx, q, o, []store.ContactMethod{{Channel: way.Channel, Address: way.Address}})
}

// isFirst reports whether nobody told them at an address yet how to end this.
func (d *Desk) isFirst(ctx context.Context, q *store.Queries, contactID int64, way, address string) (bool, error) {
	greeted, err := q.Greeted(ctx, store.GreetedParams{ContactID: contactID, Channel: way, Address: address})
	if err != nil {
		return false, fmt.Errorf("look for a first message to contact %d: %w", contactID, err)
	}
	return !greeted, nil
}

// wayLeft chooses the way of the next message: what somebody chose, else texts, else e-mail; none twice.
func (d *Desk) wayLeft(ctx context.Context, q *store.Queries, row store.Inform) (store.Consent, bool, error) {
	ways, err := d.waysTo(ctx, q, row.ContactID)
	if err != nil {
		return store.Consent{}, false, err
	}
	tried, err := q.ListInformTries(ctx, store.ListInformTriesParams{CallID: row.CallID, ID: row.ID})
	if err != nil {
		return store.Consent{}, false, fmt.Errorf("list tries: %w", err)
	}
	ways = slices.DeleteFunc(ways, func(c store.Consent) bool { return slices.Contains(tried, c.Channel) })
	for _, w := range ways {
		if w.Channel == row.Channel {
			return w, true, nil
		}
	}
	if len(ways) == 0 {
		return store.Consent{}, false, nil
	}
	return ways[0], true, nil
}
