package jobs

import (
	"context"
	"fmt"
	"time"

	"callout/notify"
	"callout/store"
)

// editOffers makes the direct messages that offer a call show what became of it.
func (j *Jobs) editOffers(ctx context.Context, callID int64) error {
	rows, err := j.Desk.OldOfferMessages(ctx, callID)
	if err != nil {
		return err
	}
	busy := false
	for _, row := range rows {
		free, err := j.Desk.LeaseMessage(ctx, row.Notice.ID)
		if err != nil {
			return err
		}
		if !free {
			busy = true
			continue
		}
		if err := j.editOffer(ctx, callID, row); err != nil {
			return err
		}
	}
	if busy {
		return errBusy // it may show what the call was before: looked at again
	}
	return nil
}

// editOffer edits one message while nobody else does: two edits under way at once might arrive in the wrong order.
func (j *Jobs) editOffer(ctx context.Context, callID int64, row store.ListOldOfferMessagesRow) error {
	n := row.Notice
	m := notify.Message{
		ID: n.ID, Kind: notify.Kind(n.Kind), Channel: notify.Channel(n.Channel), Address: n.Address, Call: notify.Call{ID: callID},
	}
	if n.OfferID != nil {
		m.OfferID = *n.OfferID
	}
	shown := row.Version
	err := j.Router.Edit(ctx, m, n.ProviderID)
	if err != nil && !notify.Permanent(err) {
		shown = n.Shown
	} else {
		err = nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if recordErr := j.Desk.MessageEdited(ctx, n.ID, shown); recordErr != nil {
		return fmt.Errorf("record edit of notice %d: %w", n.ID, recordErr)
	}
	return err
}
