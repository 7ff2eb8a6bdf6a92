package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"callout/store"
)

// informs are the changes of which a customer is told, and as what.
var informs = map[string]string{eventEnRoute: InformOnMyWay, eventClosed: InformDone}

// notSo is what a customer is told when it is not so.
var notSo = map[string]string{
	InformOnMyWay: "please disregard our last message. Nobody is on the way to you about call %d yet; we tell you when somebody is.",
	InformDone:    "please disregard our last message. Call %d is not done yet; we are still working on it.",
}

// notSoTold corrects what a customer was told. They hear nothing of who did what here.
func notSoTold(was Told, callID int64) *Told {
	words := notSo[was.State]
	if words == "" {
		words = "please disregard our last message about call %d."
	}
	return &Told{State: InformNotSo, Name: was.Name, Phone: was.Phone, Text: fmt.Sprintf(words, callID)}
}

// correct owes a correction to everybody who was told of a change: on the same way, and only to who knows. What is not sent yet is
// dropped. stands says how things are now, to who gets a message.
func (t takingBack) correct(ctx context.Context, stands func(store.Notice) (string, error)) error {
	told, err := t.q.ListChangeNotices(ctx, known(t.id()))
	if err != nil {
		return fmt.Errorf("list messages of change: %w", err)
	}
	if t.change.record.Kind == CallRecord {
		after, err := t.q.ListDeskNotices(ctx, store.ListDeskNoticesParams{CallID: &t.change.record.ID, Since: t.row.Change.At})
		if err != nil {
			return fmt.Errorf("list messages of the desk: %w", err)
		}
		for _, n := range after {
			if n.Kind != noticeInform || toldBy(n).State == informs[t.row.Change.What] {
				told = append(told, n)
			}
		}
	}
	var corrected []store.Notice
	for _, n := range told {
		same := func(o store.Notice) bool { return o.Channel == n.Channel && o.Address == n.Address }
		knows, err := t.knows(ctx, n)
		if err != nil {
			return err
		}
		if !knows || slices.ContainsFunc(corrected, same) {
			continue
		}
		corrected = append(corrected, n)
		if err := t.correction(ctx, n, stands); err != nil {
			return err
		}
	}
	return nil
}

// knows drops a message that is still owed, and reports whether somebody else may have read it.
func (t takingBack) knows(ctx context.Context, n store.Notice) (bool, error) {
	dropped, err := t.q.CancelOwed(ctx, n.ID)
	if err != nil {
		return false, fmt.Errorf("drop notice %d: %w", n.ID, err)
	}
	if dropped > 0 || orZeroID(n.MemberID) == t.actor.ID {
		return false, nil
	}
	return n.State == "sending" || n.State == "sent" || n.State == "delivered", nil
}

func (t takingBack) correction(ctx context.Context, n store.Notice, stands func(store.Notice) (string, error)) error {
	now, err := stands(n)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Correction: %s took back that they %s. %s", t.actor.Name, changeOf(t.row.Change).Did, now)
	o := owed{kind: noticeCorrection, memberID: orZeroID(n.MemberID), callID: n.CallID, record: recordOf(n), body: NoticeBody{Text: text}}
	if n.CustomerContactID != nil {
		o.customerContactID = *n.CustomerContactID
		o.body = NoticeBody{Told: notSoTold(toldBy(n), t.change.record.ID)}
	}
	way := store.ContactMethod{Channel: n.Channel, Address: n.Address}
	if n.ContactID != nil {
		way.ID = *n.ContactID
	}
	return t.owe(ctx, t.tx, t.q, o, []store.ContactMethod{way})
}

// toldBy is what a customer was told by a notice.
func toldBy(n store.Notice) Told {
	var body NoticeBody
	if err := json.Unmarshal(n.Body, &body); err != nil || body.Told == nil {
		return Told{}
	}
	return *body.Told
}
