package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// HandOver is a call that somebody who goes off duty gives to the next one, with a line about it.
type HandOver struct {
	CallID int64
	Line   string
}

// GoOffDuty puts the member off duty and hands over the calls they chose, each with its line; the others stay theirs. All of it
// happens, or nothing.
func (d *Desk) GoOffDuty(ctx context.Context, a Actor, until *time.Time, calls []HandOver) (When, error) {
	w := When{From: d.Now(), To: until}
	if memberless(a.ID, a) {
		return w, a.may(SetOwnDuty)
	}
	if err := a.mayDuty(a.ID); err != nil {
		return w, err
	}
	p := problems{}
	for i := range calls {
		calls[i].Line = oneLine(calls[i].Line)
		p.add(fmt.Sprintf("line_%d", calls[i].CallID), limited("The line for the next one", calls[i].Line, 1, MaxHandOver))
	}
	if err := p.err(); err != nil {
		return w, err
	}
	err := d.change(ctx, a, Record{Kind: MemberRecord, ID: a.ID}, func(ctx context.Context, c *change) error {
		m, err := c.lockTechnician(ctx)
		if err != nil {
			return err
		}
		if w, err = c.override(ctx, m, DutyChange{MemberID: m.ID, Kind: DutyOff, When: w}, nil); err != nil {
			return err
		}
		if err := c.sayDuty(ctx, m, DutyOff, w); err != nil {
			return err
		}
		for _, h := range calls {
			if err := c.handOverCall(ctx, h); err != nil {
				return err
			}
		}
		return nil
	})
	return w, err
}

// eventHandedOver is the line of a call's timeline that somebody who went off duty left for the next one.
const eventHandedOver = "handed_over"

// MaxHandOver is how many characters a hand-over line may have: it goes out in text messages.
const MaxHandOver = 200

// handOverCall gives a call back with a line for the next one, who is looked for at once. A call that is not theirs any more is left
// alone: somebody else took care of it.
func (c *change) handOverCall(ctx context.Context, h HandOver) error {
	call, err := c.q.LockCall(ctx, h.CallID)
	if err != nil {
		return found(err, "There is no call %d.", h.CallID)
	}
	s := &step{Desk: c.Desk, tx: c.tx, q: c.q, actor: c.actor, call: call}
	if call.Status != Pending || !s.mine() {
		return nil
	}
	// A change of its own: to be on duty again is another matter than to have the call again.
	if s.mark, err = c.begin(ctx, c.q, c.actor, Record{Kind: CallRecord, ID: call.ID}); err != nil {
		return err
	}
	if err := s.giveUp(ctx, h.Line); err != nil {
		return err
	}
	if err := s.endSteps(ctx); err != nil {
		return err
	}
	before := s.call.Progress
	s.call.Progress, s.call.TechnicianID, s.call.AcceptedAt = Unassigned, nil, nil
	if err := s.record(ctx, eventHandedOver, before, Unassigned, h.Line); err != nil {
		return err
	}
	if err := s.assignNext(ctx); err != nil {
		return err
	}
	return errors.Join(s.save(ctx), s.mark.end(ctx, c.q))
}

// HandOverLine is what the last one wrote for the next one about a call that nobody took since; empty if there is nothing.
func (d *Desk) HandOverLine(ctx context.Context, callID int64) (string, error) {
	return handOverLine(ctx, d.q, callID)
}

func handOverLine(ctx context.Context, q *store.Queries, callID int64) (string, error) {
	row, err := q.GetHandOver(ctx, callID)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.Kind != eventHandedOver {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read hand-over of call %d: %w", callID, err)
	}
	return strings.TrimSpace(row.Name + ": " + row.Note), nil
}
