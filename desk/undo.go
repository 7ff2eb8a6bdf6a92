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

// UndoFor is for how long who made a change can take it back.
const UndoFor = 10 * time.Minute

// changesKept is for how long it is remembered what rows were before.
const changesKept = 24 * time.Hour

// eventUndone is the line that takes an earlier one back: Before is its kind.
const eventUndone = "undone"

// undoable says which changes can be taken back, by record and by the kind of their line in the timeline, and what who made one
// did. A new kind of change is a line here; what it did to the rows is kept by the database.
var undoable = map[string]map[string]string{
	CallRecord: {
		eventAccepted: "accepted %s", eventDeclined: "declined %s", eventHandedBack: "handed %s back", eventWithdrawn: "offered %s to somebody else",
		eventEnRoute: "set out for %s", eventOnSite: "arrived at %s", eventWaiting: "put %s off", eventTakenUp: "took %s up again",
		eventHandedOver: "handed %s over",
		eventClosed:     "closed %s", eventReopened: "reopened %s", eventEdited: "changed %s",
	},
	QuoteRecord: {
		QuoteReady: "prepared %s", QuoteSent: "marked %s as sent", QuoteAccepted: "noted that %s is accepted", QuoteDeclined: "noted that %s is declined",
		QuoteChange: "asked for a change of %s", eventEdited: "changed %s",
	},
	LeadRecord: {eventStage: "moved %s on", eventWon: "won %s", eventLost: "gave %s up as lost", eventEdited: "changed %s"},
	VisitRecord: {
		eventVisited: "noted that %s took place", eventCancelled: "cancelled %s", eventNextDone: "did the next step of %s", eventEdited: "changed %s",
	},
	TaskRecord: {
		eventTaken: "took %s", eventGiven: "gave %s to somebody", eventBack: "handed %s back", eventMoved: "moved %s", eventStarted: "started %s",
		eventFinished: "finished %s", eventSkipAsked: "asked to skip %s", eventSkipped: "skipped %s", eventSkipRefused: "refused to skip %s",
	},
	PlanRecord:      {eventStopped: "stopped %s", eventResumed: "let %s go on", eventEdited: "changed %s"},
	EquipmentRecord: {eventRetired: "retired %s", eventReturned: "brought %s back", eventEdited: "changed %s"},
	TemplateRecord:  {eventRetired: "retired %s", eventReturned: "brought %s back"},
	CustomerRecord:  {eventEdited: "changed %s"},
	ContactRecord:   {eventEdited: "changed %s"},
}

// instead says what puts a change right that cannot be taken back any more.
var instead = map[string]string{
	eventAccepted: "Hand it back instead.", eventDeclined: "Accept it on its card if it is free, or ask a dispatcher for it.",
	eventHandedBack: "Accept it on its card if it is free, or ask a dispatcher for it.", eventWithdrawn: "Offer it again instead.",
	eventHandedOver: "Accept it on its card if it is free, or ask a dispatcher for it.",
	eventClosed:     "Reopen it instead.", eventReopened: "Close it instead.", eventEdited: "Edit it again instead.",
}

// recordNames is what people call records where that is not the name of their kind.
var recordNames = map[string]string{TaskRecord: "maintenance", EquipmentRecord: "machine"}

// nameOfRecord names a record in a sentence, such as call 42.
func nameOfRecord(r Record) string {
	name := recordNames[r.Kind]
	if name == "" {
		name = r.Kind
	}
	return fmt.Sprintf("%s %d", name, r.ID)
}

// Change is something a member did to a record, which they may take back for a while.
type Change struct {
	ID     int64
	Record Record
	Did    string // such as “accepted call 42”
	At     time.Time
}

func changeOf(c store.Change) Change {
	r := Record{Kind: c.Record, ID: c.RecordID}
	did := undoable[c.Record][c.What]
	if did == "" {
		did = "changed %s"
	}
	return Change{ID: c.ID, Record: r, Did: fmt.Sprintf(did, nameOfRecord(r)), At: c.At}
}

// undoneWords is what was taken back, as the timeline of its record says it.
func undoneWords(c store.Change) string {
	switch c.What {
	case eventEnRoute:
		return "on the way"
	case eventWithdrawn:
		return "offered to somebody else"
	}
	return strings.ReplaceAll(c.What, "_", " ")
}

// mark is the change that a transaction makes, so that it can be taken back. The desk's own have none.
type mark struct {
	id   int64
	what string
}

// begin notes that a person changes a record from here on.
func (d *Desk) begin(ctx context.Context, q *store.Queries, a Actor, r Record) (mark, error) {
	if a.ID == 0 {
		return mark{}, nil
	}
	row, err := q.BeginChange(ctx, store.BeginChangeParams{Record: r.Kind, RecordID: r.ID, MemberID: a.ID, Via: a.Via, Delivery: a.Key, At: d.Now()})
	if err != nil {
		return mark{}, fmt.Errorf("begin change of %s %d: %w", r.Kind, r.ID, err)
	}
	return mark{id: row.ID}, nil
}

// did notes what is done, as the timeline says it. Taking a call back to do something else with it is not what somebody did.
func (m *mark) did(record, kind string) {
	if _, ok := undoable[record][kind]; ok && (m.what == "" || m.what == eventWithdrawn) {
		m.what = kind
	}
}

// end says what the change was.
func (m *mark) end(ctx context.Context, q *store.Queries) error {
	if m.id == 0 || m.what == "" {
		return nil
	}
	if err := q.NameChange(ctx, store.NameChangeParams{ID: m.id, What: m.what}); err != nil {
		return fmt.Errorf("name change: %w", err)
	}
	return nil
}

// LastChange is what a member did last and can still take back; false if there is nothing.
func (d *Desk) LastChange(ctx context.Context, a Actor) (Change, bool, error) {
	return d.lastChange(d.q.LastChange(ctx, a.ID))
}

// Made is the change that the delivery made with which the actor comes; false if it made none that can be taken back.
func (d *Desk) Made(ctx context.Context, a Actor) (Change, bool, error) {
	if a.Key == "" {
		return Change{}, false, nil
	}
	c, err := d.q.LastChange(ctx, a.ID)
	if err == nil && c.Delivery != a.Key {
		return Change{}, false, nil
	}
	return d.lastChange(c, err)
}

func (d *Desk) lastChange(c store.Change, err error) (Change, bool, error) {
	if errors.Is(err, pgx.ErrNoRows) || err == nil && d.Now().Sub(c.At) > UndoFor {
		return Change{}, false, nil
	}
	if err != nil {
		return Change{}, false, fmt.Errorf("read last change: %w", err)
	}
	return changeOf(c), true, nil
}

// ToUndo finds what somebody who asks to undo means: the last change of a record, or their own last one if the record has no number.
func (d *Desk) ToUndo(ctx context.Context, a Actor, r Record) (Change, error) {
	if r.ID == 0 {
		c, ok, err := d.LastChange(ctx, a)
		if err == nil && !ok {
			err = refuse(Conflict, "You changed nothing in the last ten minutes that could be undone.")
		}
		return c, err
	}
	c, err := d.q.LastChangeOf(ctx, store.LastChangeOfParams{Record: r.Kind, RecordID: r.ID})
	if err != nil {
		return Change{}, found(err, "Nobody changed %s lately, so there is nothing to undo.", nameOfRecord(r))
	}
	row, err := d.q.GetChange(ctx, c.ID)
	if err != nil {
		return Change{}, fmt.Errorf("read change %d: %w", c.ID, err)
	}
	return changeOf(c), d.mayUndo(a, c, row.MemberName)
}

// mayUndo refuses what is not the member's own, taken back already, or too long ago.
func (d *Desk) mayUndo(a Actor, c store.Change, by string) error {
	did, ago := changeOf(c).Did, d.Now().Sub(c.At)
	switch {
	case c.What == "":
		return refuse(Conflict, "That cannot be undone.")
	case c.MemberID != a.ID:
		return refuse(Forbidden, "Only %s can undo that: they %s.", by, did)
	case c.UndoneAt != nil:
		return refuse(Conflict, "You have undone that already: you %s.", did)
	case ago > UndoFor:
		return refuse(Conflict, "You %s at %s, %s ago. That can be undone for ten minutes only.%s",
			did, c.At.In(d.ZoneOf(a.Member)).Format("15:04"), spanWords(ago), insteadOf(c))
	}
	return nil
}

func insteadOf(c store.Change) string {
	if hint := instead[c.What]; hint != "" {
		return " " + hint
	}
	return ""
}

// forgetChanges forgets what nobody can take back any more.
func (d *Desk) forgetChanges(ctx context.Context) error {
	if err := d.q.ForgetChanges(ctx, d.Now().Add(-changesKept)); err != nil {
		return fmt.Errorf("forget old changes: %w", err)
	}
	return nil
}
