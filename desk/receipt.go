package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// errUnknownMessage says that a delivery report is about a message nobody sent, or whose answer is still on its way.
var errUnknownMessage = errors.New("no message has this provider id")

// Receipt records what a provider says of a message later: delivered, undelivered or failed. A report that overtook the answer to
// the send is looked at again a little later.
func (d *Desk) Receipt(ctx context.Context, r ReceiptArgs) error {
	err := d.recordReceipt(ctx, r)
	if !errors.Is(err, errUnknownMessage) {
		return err
	}
	return d.inTx(ctx, func(tx pgx.Tx, _ *store.Queries) error { return d.enqueue(ctx, tx, r) })
}

func ignore(err, what error) error {
	if errors.Is(err, what) {
		return nil
	}
	return err
}

// LateReceipt is Receipt for a report that has waited already: an unknown message is an error, unless nothing depends on it.
func (d *Desk) LateReceipt(ctx context.Context, r ReceiptArgs) error {
	err := d.recordReceipt(ctx, r)
	if errors.Is(err, errUnknownMessage) && r.State == stateDelivered {
		return nil
	}
	return err
}

// stateDelivered is the state of a notice of which the provider says that the person has it.
const stateDelivered = "delivered"

func (d *Desk) recordReceipt(ctx context.Context, r ReceiptArgs) error {
	now := d.Now()
	var notices []store.Notice
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if r.State != stateDelivered {
			// The calls before the notices, in the order in which a step of a call locks them.
			if _, err := q.LockCallsOfMessage(ctx, store.LockCallsOfMessageParams{Channel: r.Channel, ProviderID: r.ProviderID}); err != nil {
				return fmt.Errorf("lock calls of a message: %w", err)
			}
		}
		var err error
		notices, err = q.NoticeReceipt(ctx, store.NoticeReceiptParams{
			Channel: r.Channel, ProviderID: r.ProviderID, State: r.State, Error: shorten(r.Reason, 500), Now: now,
		})
		switch {
		case err != nil:
			return fmt.Errorf("record receipt: %w", err)
		case len(notices) == 0:
			return d.repeatedReceipt(ctx, q, r)
		case r.State == stateDelivered:
			return nil
		}
		return d.undelivered(ctx, tx, q, notices, r.Reason, r.Dead)
	})
	if err != nil {
		return err
	}
	for _, n := range notices {
		d.Observe.receipt(n.Channel, n.Kind, r.State)
	}
	return nil
}

// repeatedReceipt tells a report that came twice from one about a message we do not know (yet).
func (d *Desk) repeatedReceipt(ctx context.Context, q *store.Queries, r ReceiptArgs) error {
	recorded, err := q.HasReceipt(ctx, store.HasReceiptParams{Channel: r.Channel, ProviderID: r.ProviderID})
	if err != nil {
		return fmt.Errorf("look for receipt: %w", err)
	}
	if recorded {
		return nil
	}
	return errUnknownMessage
}

// OptOut records that the owner of a phone asked for no more texts, or for texts again, and tells them in chat.
func (d *Desk) OptOut(ctx context.Context, phone string, out bool) error {
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		var at *time.Time
		reason, text := "", "You answered START: text messages reach you again."
		if out {
			now := d.Now()
			at, reason = &now, "opted out by SMS"
			text = "You answered STOP to our text messages, so we send you none. Text START to get them again."
		}
		methods, err := q.SetPhoneOptOut(ctx, store.SetPhoneOptOutParams{DisabledAt: at, Reason: reason, Address: phone})
		if err != nil {
			return fmt.Errorf("record opt-out: %w", err)
		}
		if err := d.customerOptOut(ctx, tx, q, phone, out); err != nil {
			return err
		}
		if err := stopInvitations(ctx, q, phone, reason, at); err != nil {
			return err
		}
		for _, m := range methods {
			if out {
				if err := d.stopTexts(ctx, tx, q, m); err != nil {
					return err
				}
			}
			if err := d.tell(ctx, tx, q, owed{kind: noticeProblem, memberID: m.MemberID, body: NoticeBody{Text: text}}); err != nil {
				return err
			}
		}
		return nil
	})
}
