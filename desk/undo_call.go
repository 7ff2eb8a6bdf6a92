package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// undo takes a change of the call back. What the desk did since is made good: whoever it asked instead is not asked any more.
func (s *step) undo(ctx context.Context, t takingBack) error {
	moved, err := t.check(ctx)
	if err != nil {
		return err
	}
	rows, err := s.q.ListChangedRows(ctx, t.id())
	if err != nil {
		return fmt.Errorf("list rows of change: %w", err)
	}
	if contains(moved, "visit") {
		return t.movedOn()
	}
	progress, priority, err := touched(rows)
	if err != nil {
		return err
	}
	if progress {
		if err := s.dropAsked(ctx); err != nil {
			return err
		}
	}
	if state := informs[t.row.Change.What]; state != "" {
		if err := s.dropInforms(ctx, state); err != nil {
			return err
		}
	}
	if _, err := t.restore(ctx, rows, moved); err != nil {
		return err
	}
	if s.call, err = s.q.LockCall(ctx, s.call.ID); err != nil {
		return fmt.Errorf("read call: %w", err)
	}
	if progress || priority {
		if err := errors.Join(s.unask(ctx), s.restart(ctx)); err != nil {
			return err
		}
	}
	if err := s.record(ctx, eventUndone, t.row.Change.What, s.call.Progress, undoneWords(t.row.Change)); err != nil {
		return err
	}
	return s.correct(ctx, t, progress)
}

// touched reports whether a change of a call was about who has it and how far they are, and whether it changed its priority.
func touched(rows []store.ListChangedRowsRow) (progress, priority bool, err error) {
	for _, row := range rows {
		if row.Relation == "offer" {
			progress = true
		}
		if row.Relation != "call" {
			continue
		}
		var was map[string]any
		if err := json.Unmarshal(row.Patch, &was); err != nil {
			return false, false, fmt.Errorf("decode row of change: %w", err)
		}
		for _, column := range []string{"status", "progress", "technician_id", "wanted_id"} {
			_, there := was[column]
			progress = progress || there
		}
		_, priority = was["priority"]
	}
	return progress, priority, nil
}

// dropAsked withdraws the offer that waits for its answer, and tells whose it was if they know of it.
func (s *step) dropAsked(ctx context.Context) error {
	open, err := s.q.GetOpenOffer(ctx, s.call.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read open offer: %w", err)
	}
	made, err := s.q.CountOfferNotices(ctx, &open.Offer.ID)
	if err != nil {
		return fmt.Errorf("count messages of offer: %w", err)
	}
	if err := s.answer(ctx, open.Offer, "withdrawn", ""); err != nil || made.Out == 0 {
		return err
	}
	return s.tell(ctx, open.Offer.MemberID, noticeWithdrawn, "")
}

// unask makes a call that is offered to nobody any more one that nobody has: the desk asked somebody because of what was taken back.
func (s *step) unask(ctx context.Context) error {
	if s.call.Status != Pending || s.call.Progress != Offered {
		return nil
	}
	_, err := s.q.GetOpenOffer(ctx, s.call.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		s.call.Progress, err = Unassigned, nil
	}
	if err != nil {
		return fmt.Errorf("read open offer: %w", err)
	}
	return nil
}

// restart starts the clocks of a call anew where it stands now.
func (s *step) restart(ctx context.Context) error {
	switch {
	case s.call.Status != Pending, s.call.Progress == EnRoute, s.call.Progress == OnSite:
		return s.endSteps(ctx)
	case s.call.Progress == Accepted:
		return s.watchTaken(ctx)
	case s.call.Progress == Waiting:
		return s.watchWaiting(ctx)
	}
	if err := s.endSteps(ctx); err != nil {
		return err
	}
	if s.call.Progress == Offered {
		return s.askAgain(ctx)
	}
	p, err := s.plan(ctx, 0)
	if err != nil {
		return err
	}
	return errors.Join(s.watchUnowned(ctx, p), s.assignNext(ctx))
}

// askAgain gives an offer that is open again a new deadline. It goes out anew if no message of it is alive.
func (s *step) askAgain(ctx context.Context) error {
	open, err := s.q.GetOpenOffer(ctx, s.call.ID)
	if err != nil {
		return fmt.Errorf("read open offer: %w", err)
	}
	offer := open.Offer
	p, err := s.plan(ctx, offer.MemberID)
	if err != nil {
		return err
	}
	if err := s.q.RestartOffer(ctx, store.RestartOfferParams{ID: offer.ID, DeadlineAt: p.deadline()}); err != nil {
		return fmt.Errorf("restart offer: %w", err)
	}
	made, err := s.q.CountOfferNotices(ctx, &offer.ID)
	if err != nil {
		return fmt.Errorf("count messages of offer: %w", err)
	}
	methods, err := s.usable(ctx, s.q, offer.MemberID)
	if err != nil {
		return err
	}
	if made.Alive == 0 {
		if !p.AllAtOnce {
			methods = methods[:min(1, len(methods))]
		}
		o := s.owed(offer.MemberID, noticeOffer, "")
		o.offerID = &offer.ID
		if err := s.owe(ctx, s.tx, s.q, o, methods); err != nil {
			return err
		}
	}
	left, err := s.channelsLeft(ctx, offer)
	if err != nil {
		return err
	}
	return s.watchOffer(ctx, p, offer.ID, len(left) > 0)
}

// callStands says in a sentence how a call stands now, for a member; via is how they learn of it.
func (d *Desk) callStands(ctx context.Context, q *store.Queries, id, memberID int64, via string) (string, error) {
	v, err := q.GetCallView(ctx, id)
	if err != nil {
		return "", fmt.Errorf("read call %d: %w", id, err)
	}
	where := map[string]string{EnRoute: ", on the way", OnSite: ", on site", Waiting: ", waiting"}[v.Call.Progress]
	switch {
	case v.Call.Status == Done:
		return "It is closed.", nil
	case v.Call.Progress == Offered:
		open, err := q.GetOpenOffer(ctx, id)
		switch {
		case err != nil:
			return "", fmt.Errorf("read open offer: %w", err)
		case open.Offer.MemberID != memberID:
			return "It is offered to " + open.MemberName + ".", nil
		case via == "sms":
			return fmt.Sprintf("It is offered to you: A %d or D %d.", id, id), nil
		}
		return "It is offered to you: please accept or decline it.", nil
	case v.Call.TechnicianID == nil:
		return "Nobody has it: somebody is being asked.", nil
	case *v.Call.TechnicianID == memberID:
		return "It is yours" + where + ".", nil
	}
	return "It is with " + v.TechnicianName + where + ".", nil
}

// correct tells everybody who learned of the change, and what came of it, that it is not so.
func (s *step) correct(ctx context.Context, t takingBack, progress bool) error {
	stands := func(n store.Notice) (string, error) {
		return s.callStands(ctx, s.q, s.call.ID, orZeroID(n.MemberID), n.Channel)
	}
	if !progress {
		stands = func(store.Notice) (string, error) { return "It is as it was before.", nil }
	}
	return t.correct(ctx, stands)
}
