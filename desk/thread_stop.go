package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// stopTexts moves what was still to be said to a phone, and what its owner was asked there and has not answered, to their next
// way at once: they answered STOP. If there is no other way, the dispatchers are told.
func (d *Desk) stopTexts(ctx context.Context, tx pgx.Tx, q *store.Queries, stopped store.ContactMethod) error {
	notices, err := q.StopNotices(ctx, store.StopNoticesParams{ContactID: &stopped.ID, Error: stopped.DisabledReason})
	if err != nil {
		return fmt.Errorf("give up texts: %w", err)
	}
	asked, err := q.ListOffersSentTo(ctx, store.ListOffersSentToParams{MemberID: stopped.MemberID, ContactID: &stopped.ID})
	if err != nil {
		return fmt.Errorf("list offers sent: %w", err)
	}
	moved := map[int64]bool{} // an offer that was texted twice moves once
	for _, n := range append(notices, asked...) {
		if n.OfferID != nil && moved[*n.OfferID] {
			continue
		}
		if n.OfferID != nil {
			moved[*n.OfferID] = true
		}
		n.Error = stopped.DisabledReason
		if err := d.moveOn(ctx, tx, q, n); err != nil {
			return err
		}
	}
	methods, err := d.usable(ctx, q, stopped.MemberID)
	if err != nil || len(methods) > 0 {
		return err
	}
	m, err := q.GetMember(ctx, stopped.MemberID)
	if err != nil {
		return fmt.Errorf("read member %d: %w", stopped.MemberID, err)
	}
	text := fmt.Sprintf("%s answered STOP to our text messages, and nothing else reaches them: they are offered calls that they do not see. "+
		"Text messages reach them again when they text START.", m.Name)
	return d.tellAll(ctx, tx, q, Dispatcher, owed{kind: noticeProblem, body: NoticeBody{Text: text}}, m.ID)
}

// stopInvitations keeps us from inviting the owner of a phone again who answered STOP, until they text START.
func stopInvitations(ctx context.Context, q *store.Queries, phone, reason string, at *time.Time) error {
	if _, err := q.StopInvitations(ctx, store.StopInvitationsParams{DisabledAt: at, Reason: reason, Address: phone}); err != nil {
		return fmt.Errorf("stop invitations: %w", err)
	}
	return nil
}
