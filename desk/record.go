package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// Record names one record of the business.
type Record struct {
	Kind string // one of the constants below
	ID   int64
}

// The kinds of records, as the database and the buttons name them.
const (
	CallRecord      = "call"
	CustomerRecord  = "customer"
	ContactRecord   = "contact"
	QuoteRecord     = "quote"
	LeadRecord      = "lead"
	VisitRecord     = "visit"
	EquipmentRecord = "equipment"
	TemplateRecord  = "template"
	PlanRecord      = "plan"
	TaskRecord      = "task"
)

// change is one change of a record under way, and everything that commits with it. Calls have their own: step.
type change struct {
	*Desk
	tx     pgx.Tx
	q      *store.Queries
	actor  Actor
	record Record
	mark   mark
}

// change lets fn change a record in one transaction, with what the change did, so that who made it can take it back. The same
// delivery again changes nothing. The member 0 is the desk itself.
func (d *Desk) change(ctx context.Context, a Actor, r Record, fn func(context.Context, *change) error) error {
	return d.onRecord(ctx, a, r, func(ctx context.Context, c *change) error {
		var err error
		if c.mark, err = d.begin(ctx, c.q, a, r); err != nil {
			return err
		}
		if err := fn(ctx, c); err != nil {
			return err
		}
		return c.mark.end(ctx, c.q)
	})
}

// onRecord is change for what nobody takes back.
func (d *Desk) onRecord(ctx context.Context, a Actor, r Record, fn func(context.Context, *change) error) error {
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		if fresh, err := d.claim(ctx, q, a); err != nil || !fresh {
			return err
		}
		return fn(ctx, &change{Desk: d, tx: tx, q: q, actor: a, record: r})
	})
	if err != nil {
		return fmt.Errorf("change %s %d: %w", r.Kind, r.ID, err)
	}
	return nil
}

// errMadeBefore says that a delivery already made its record.
var errMadeBefore = errors.New("made before")

// create lets fn make a record in one transaction; fn sets the record's ID in change before it writes what belongs to it. The
// same delivery again returns the same record.
func (d *Desk) create(ctx context.Context, a Actor, kind string, fn func(context.Context, *change) error) (int64, error) {
	c := &change{Desk: d, actor: a, record: Record{Kind: kind}}
	err := d.inTx(ctx, func(tx pgx.Tx, q *store.Queries) error {
		fresh, err := d.claim(ctx, q, a)
		if err != nil {
			return err
		}
		if !fresh {
			return errMadeBefore
		}
		c.tx, c.q, c.record.ID = tx, q, 0
		if err := fn(ctx, c); err != nil || a.Key == "" {
			return err
		}
		return q.SetInboundRecord(ctx, store.SetInboundRecordParams{RecordID: &c.record.ID, Key: a.Key})
	})
	if errors.Is(err, errMadeBefore) {
		return d.madeBefore(ctx, a.Key)
	}
	if err != nil {
		return 0, fmt.Errorf("make %s: %w", kind, err)
	}
	return c.record.ID, nil
}

func (d *Desk) madeBefore(ctx context.Context, key string) (int64, error) {
	inbound, err := d.q.GetInbound(ctx, key)
	if err != nil {
		return 0, fmt.Errorf("read delivery: %w", err)
	}
	if inbound.RecordID == nil {
		return 0, fmt.Errorf("delivery %s made no record", key)
	}
	return *inbound.RecordID, nil
}

// event adds a line to the timeline of the record.
func (c *change) event(ctx context.Context, kind, before, after, note string) error {
	return c.eventOf(ctx, c.record, kind, before, after, note)
}

// eventOf adds a line to the timeline of another record that changes with this one.
func (c *change) eventOf(ctx context.Context, r Record, kind, before, after, note string) error {
	if r == c.record {
		c.mark.did(r.Kind, kind)
	}
	via := c.actor.Via
	if via == "" {
		via = "desk"
	}
	_, err := c.q.InsertEvent(ctx, store.InsertEventParams{
		Record: r.Kind, RecordID: r.ID, At: c.Now(), MemberID: known(c.actor.ID), Via: via, Kind: kind,
		Before: before, After: after, Note: note,
	})
	if err != nil {
		return fmt.Errorf("write timeline: %w", err)
	}
	return nil
}

// redraw leaves the job that makes the record's card show what the database says.
func (c *change) redraw(ctx context.Context) error {
	return c.enqueue(ctx, c.tx, CardArgs{Record: c.record.Kind, RecordID: c.record.ID})
}

// tell owes a member a message about the record, unless they are the one who just did it. The kind is one of package notify.
func (c *change) tell(ctx context.Context, memberID int64, kind, text string) error {
	if memberID == c.actor.ID {
		return nil
	}
	return c.Desk.tell(ctx, c.tx, c.q, c.owed(memberID, kind, text))
}

// tellDispatchers owes every dispatcher a message about the record, but who did it.
func (c *change) tellDispatchers(ctx context.Context, kind, text string, but ...int64) error {
	return c.tellAll(ctx, c.tx, c.q, Dispatcher, c.owed(0, kind, text), append(slices.Clone(but), c.actor.ID)...)
}

// post owes a message about the record to a channel setting: one on each platform that it names.
func (c *change) post(ctx context.Context, setting, kind, text string) error {
	o := c.owed(0, kind, text)
	for _, b := range boards(setting) {
		if err := c.owe(ctx, c.tx, c.q, o, []store.ContactMethod{{Channel: b.platform, Address: b.channel}}); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) owed(memberID int64, kind, text string) owed {
	return owed{kind: kind, memberID: memberID, record: c.record, body: NoticeBody{Text: text}}
}

// RecordEntry is one line of the timeline of any record but a call, with who did it.
type RecordEntry = store.GetEventRow

// RecordEntry reads one line of the timeline of a record.
func (d *Desk) RecordEntry(ctx context.Context, id int64) (RecordEntry, error) {
	e, err := d.q.GetEvent(ctx, id)
	if err != nil {
		return e, fmt.Errorf("read timeline entry %d: %w", id, err)
	}
	return e, nil
}

// history reads the newest part of the timeline of a record, oldest first.
func (d *Desk) history(ctx context.Context, r Record) ([]RecordEntry, error) {
	rows, err := d.q.ListEvents(ctx, store.ListEventsParams{Record: r.Kind, RecordID: r.ID})
	if err != nil {
		return nil, fmt.Errorf("read timeline of %s %d: %w", r.Kind, r.ID, err)
	}
	entries := make([]RecordEntry, len(rows))
	for i, row := range rows {
		entries[len(rows)-1-i] = RecordEntry(row)
	}
	return entries, nil
}
