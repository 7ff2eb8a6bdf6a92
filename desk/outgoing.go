package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Outgoing is a notice that is being sent, with what it is about.
type Outgoing struct {
	Notice store.Notice
	Asked  *time.Time // when an earlier try began that had no answer
	Body   NoticeBody
	Member store.Member
	Call   *CallView  // nil if it is about no call
	Others []Outgoing // texts that waited for the same phone: as many as fit go along
}

// noticeLease is how long one worker alone may send a notice: longer than its job may run.
const noticeLease = 40 * time.Second

// reportLease is the same for the notice that carries a report: making a large one takes package jobs up to 100 seconds.
const reportLease = 2 * time.Minute

// TakeNotice leases a notice to the caller and reads what it says. Nil means that it is not owed any more, or that another
// worker is sending it. An offer that was answered, or taken back, is dropped. A text that must wait for its turn is Held.
func (d *Desk) TakeNotice(ctx context.Context, id int64) (*Outgoing, error) {
	now := d.Now()
	row, err := d.q.TakeNotice(ctx, store.TakeNoticeParams{
		ID: id, Now: &now, LeasedUntil: now.Add(noticeLease), ReportUntil: now.Add(reportLease),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("take notice %d: %w", id, err)
	}
	if dropped, err := d.dropStale(ctx, row.Notice); err != nil || dropped {
		return nil, err
	}
	if row.Notice.Channel == "sms" {
		return d.takeText(ctx, row)
	}
	out, err := d.outgoing(ctx, row.Notice)
	if out != nil {
		out.Asked = row.AskedBefore
	}
	return out, err
}

// dropStale drops a notice that says what is not so any more, and puts off until the morning what would wake a customer.
func (d *Desk) dropStale(ctx context.Context, n store.Notice) (bool, error) {
	if n.Kind == noticeOffer || n.CustomerContactID != nil || n.HeldUntil != nil || n.ChangeID != nil {
		stale, err := d.stale(ctx, n)
		if err != nil {
			return false, err
		}
		if stale {
			return true, d.q.CancelNotice(ctx, n.ID)
		}
	}
	return d.informWaits(ctx, n)
}

// takeText takes a text, if its turn has come, with what it carries along.
func (d *Desk) takeText(ctx context.Context, row store.TakeNoticeRow) (*Outgoing, error) {
	n := row.Notice
	var held []store.Notice
	if n.TurnAt == nil {
		if diverted, err := d.divert(ctx, row); err != nil || diverted {
			return nil, err
		}
		others, err := d.takeTurn(ctx, row)
		if err != nil {
			return nil, ignore(err, errSaid)
		}
		if others && n.Kind != noticeCode {
			if held, err = d.q.BundleHeld(ctx, store.BundleHeldParams{Lead: n.ID, Address: n.Address}); err != nil {
				return nil, fmt.Errorf("bundle what is held for a phone: %w", err)
			}
		}
	} else {
		var err error
		if held, err = d.q.ListBundled(ctx, &n.ID); err != nil {
			return nil, fmt.Errorf("list what notice %d carries along: %w", n.ID, err)
		}
	}
	out, err := d.outgoing(ctx, n)
	if err != nil {
		return nil, err
	}
	out.Asked = row.AskedBefore
	return out, d.bundle(ctx, out, held)
}

// offerOpen reports whether an offer still waits for its answer.
func offerOpen(ctx context.Context, q *store.Queries, id *int64) (bool, error) {
	if id == nil {
		return false, nil
	}
	offer, err := q.GetOffer(ctx, *id)
	if err != nil {
		return false, fmt.Errorf("read offer %d: %w", *id, err)
	}
	return offer.State == "open", nil
}

func (d *Desk) outgoing(ctx context.Context, row store.Notice) (*Outgoing, error) {
	out := &Outgoing{Notice: row}
	err := json.Unmarshal(row.Body, &out.Body)
	if err != nil {
		return nil, fmt.Errorf("decode notice %d: %w", row.ID, err)
	}
	if row.MemberID != nil {
		if out.Member, err = d.q.GetMember(ctx, *row.MemberID); err != nil {
			return nil, fmt.Errorf("read member of notice %d: %w", row.ID, err)
		}
	}
	if row.CallID != nil {
		view, err := d.CallView(ctx, *row.CallID)
		if err != nil {
			return nil, err
		}
		out.Call = &view
	}
	return out, nil
}

// OldOfferMessages lists the chat messages that offer a call and show an older version of it.
func (d *Desk) OldOfferMessages(ctx context.Context, callID int64) ([]store.ListOldOfferMessagesRow, error) {
	params := store.ListOldOfferMessagesParams{CallID: &callID, Channels: ChatChannels()}
	rows, err := d.q.ListOldOfferMessages(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("list offer messages of call %d: %w", callID, err)
	}
	return rows, nil
}

// NoticeEdited records which version of its call a message shows now.
func (d *Desk) NoticeEdited(ctx context.Context, id, version int64) error {
	return d.q.NoticeEdited(ctx, store.NoticeEditedParams{ID: id, Shown: version})
}

// ChatChannels lists the channels whose messages have buttons and can be edited.
func ChatChannels() []string { return []string{"slack", "discord"} }

// NoticeSent records that the provider has the notice, under its own id, showing a version of its call. An offer in chat
// whose call moved on meanwhile is left to a job that brings it up to date.
func (d *Desk) NoticeSent(ctx context.Context, id int64, providerID string, version int64) error {
	now := d.Now()
	return d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		// The call before the notice, in the order in which a step of the call locks them.
		call, err := q.ShareCallOfNotice(ctx, store.ShareCallOfNoticeParams{ID: id, Channels: ChatChannels()})
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("read call of notice %d: %w", id, err)
		}
		if err := q.NoticeSent(ctx, store.NoticeSentParams{ID: id, ProviderID: providerID, SentAt: &now, Shown: version}); err != nil {
			return err
		}
		if call.Version <= version {
			return nil
		}
		return d.enqueue(ctx, tx, cardOf(call.ID))
	})
}

// TextSent records that the provider has a text, with what it carries along, and what it is charged as.
func (d *Desk) TextSent(ctx context.Context, id int64, providerID string, segments int) error {
	now := d.Now()
	return d.q.NoticeSent(ctx, store.NoticeSentParams{ID: id, ProviderID: providerID, SentAt: &now, Segments: int32(segments)})
}

// NoticeRefused records that the provider did not take the notice for now; it stays owed.
func (d *Desk) NoticeRefused(ctx context.Context, id int64, reason string) error {
	now := d.Now()
	return d.q.NoticeRefused(ctx, store.NoticeRefusedParams{ID: id, Error: shorten(reason, 500), Now: &now})
}

// NoticeUnanswered records that nobody knows whether the provider took the notice: it is asked before the next try.
func (d *Desk) NoticeUnanswered(ctx context.Context, id int64, reason string) error {
	now := d.Now()
	return d.q.NoticeUnanswered(ctx, store.NoticeUnansweredParams{ID: id, Error: shorten(reason, 500), Now: &now})
}
