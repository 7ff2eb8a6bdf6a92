package desk

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// step is one change of a call under way: the locked row, and everything that commits with it.
type step struct {
	*Desk
	tx      pgx.Tx
	q       *store.Queries
	actor   Actor
	call    store.Call
	changed bool
	mark    mark
}

// step locks a call and lets fn change it; the row, the timeline, the notices and the job that redraws the card commit
// together, with what the change did, so that who made it can take it back. The same delivery again changes nothing.
func (d *Desk) step(ctx context.Context, a Actor, callID int64, fn func(context.Context, *step) error) error {
	return d.onCall(ctx, a, callID, func(ctx context.Context, s *step) error {
		var err error
		if s.mark, err = d.begin(ctx, s.q, a, Record{Kind: CallRecord, ID: callID}); err != nil {
			return err
		}
		if err := fn(ctx, s); err != nil {
			return err
		}
		return s.mark.end(ctx, s.q)
	})
}

// onCall is step for what nobody takes back.
func (d *Desk) onCall(ctx context.Context, a Actor, callID int64, fn func(context.Context, *step) error) error {
	if a.ID != 0 { // else it is the desk itself
		if err := a.active(); err != nil {
			return err
		}
	}
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		call, err := q.LockCall(ctx, callID)
		if err != nil {
			return found(err, "There is no call %d. /calls lists the calls.", callID)
		}
		s := &step{Desk: d, tx: tx, q: q, actor: a, call: call}
		if err := fn(ctx, s); err != nil || !s.changed {
			return err
		}
		return s.save(ctx)
	})
	if err != nil {
		return fmt.Errorf("change call %d: %w", callID, err)
	}
	return nil
}

func (s *step) save(ctx context.Context) error {
	c := s.call
	if c.Status != Pending || c.Progress != Unassigned {
		c.WantedID = nil // who was chosen is asked, or somebody took it
	}
	if c.Progress != Waiting {
		c.ResumeOn = nil
	}
	_, err := s.q.UpdateCall(ctx, store.UpdateCallParams{
		ID: c.ID, Status: c.Status, Progress: c.Progress, Priority: c.Priority, TechnicianID: c.TechnicianID, WantedID: c.WantedID,
		AcceptedAt: c.AcceptedAt, ClosedAt: c.ClosedAt, Resolution: c.Resolution, ResumeOn: c.ResumeOn,
	})
	if err != nil {
		return fmt.Errorf("write call: %w", err)
	}
	return s.enqueue(ctx, s.tx, cardOf(c.ID))
}

// record adds a timeline entry and marks the call as changed.
func (s *step) record(ctx context.Context, kind, before, after, note string) error {
	s.changed = true
	s.mark.did(CallRecord, kind)
	via := s.actor.Via
	if via == "" {
		via = "desk"
	}
	var by *int64
	if s.actor.ID != 0 {
		by = &s.actor.ID
	}
	_, err := s.q.InsertCallEvent(ctx, store.InsertCallEventParams{
		CallID: s.call.ID, At: s.Now(), MemberID: by, Via: via, Kind: kind, Before: before, After: after, Note: note,
	})
	if err != nil {
		return fmt.Errorf("write timeline: %w", err)
	}
	return nil
}

// asChange is the step as a change of any record.
func (s *step) asChange() *change {
	return &change{Desk: s.Desk, tx: s.tx, q: s.q, actor: s.actor, record: Record{Kind: CallRecord, ID: s.call.ID}}
}

// tell tells a member something about the call, unless they are the one who just did it.
func (s *step) tell(ctx context.Context, memberID int64, kind, text string) error {
	if memberID == s.actor.ID {
		return nil
	}
	return s.Desk.tell(ctx, s.tx, s.q, s.owed(memberID, kind, text))
}

// tellDispatchers tells every dispatcher but one, who learns it in other words.
func (s *step) tellDispatchers(ctx context.Context, kind, text string, but int64) error {
	return s.Desk.tellAll(ctx, s.tx, s.q, Dispatcher, s.owed(0, kind, text), but)
}

func (s *step) owed(memberID int64, kind, text string) owed {
	return owed{kind: kind, memberID: memberID, callID: &s.call.ID, body: NoticeBody{Text: text, Ref: strconv.FormatInt(s.call.ID, 10)}}
}

// assignNext leaves the job that finds the next technician.
func (s *step) assignNext(ctx context.Context) error {
	return s.enqueue(ctx, s.tx, AssignArgs{CallID: s.call.ID})
}

func (s *step) mine() bool { return s.call.TechnicianID != nil && *s.call.TechnicianID == s.actor.ID }
