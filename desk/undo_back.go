package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"callout/store"
)

// Undone is what somebody took back, and how things stand then.
type Undone struct {
	Change
	Now string // a sentence
}

// Undo takes a change back: everything is as it was before, but for the lines in the timeline and the versions. What the desk did
// because of it is made good, and who was told learns that it is not so. The same delivery again changes nothing.
func (d *Desk) Undo(ctx context.Context, a Actor, id int64) (Undone, error) {
	if err := a.active(); err != nil {
		return Undone{}, err
	}
	row, err := d.q.GetChange(ctx, id)
	if err != nil {
		return Undone{}, found(err, "That was too long ago to be undone.")
	}
	u := Undone{Change: changeOf(row.Change)}
	if u.Record.Kind == CallRecord {
		err = d.onCall(ctx, a, u.Record.ID, func(ctx context.Context, s *step) error {
			return s.undo(ctx, takingBack{s.asChange(), row})
		})
		if err != nil {
			return u, err
		}
		u.Now, err = d.callStands(ctx, d.q, u.Record.ID, a.ID, a.Via)
		return u, err
	}
	kept := ""
	err = d.onRecord(ctx, a, u.Record, func(ctx context.Context, c *change) error {
		var err error
		kept, err = takingBack{c, row}.record(ctx)
		return err
	})
	u.Now = strings.TrimSpace("It is as it was before. " + kept)
	return u, err
}

// takingBack is a change that takes another one back.
type takingBack struct {
	*change
	row store.GetChangeRow
}

func (t takingBack) id() int64 { return t.row.Change.ID }

// check locks what is to be taken back, and refuses it if it is not the actor's to take back, or if somebody has gone on from
// there. It lists the tables of rows that the desk itself changed since.
func (t takingBack) check(ctx context.Context) (moved []string, err error) {
	c, err := t.q.LockChange(ctx, t.id())
	if err != nil {
		return nil, fmt.Errorf("lock change %d: %w", t.id(), err)
	}
	if err := t.mayUndo(t.actor, c, t.row.MemberName); err != nil {
		return nil, err
	}
	if moved, err = t.q.MovedRows(ctx, c.ID); err != nil {
		return nil, fmt.Errorf("lock rows of change %d: %w", c.ID, err)
	}
	later, err := t.q.LaterChange(ctx, c.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return moved, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was changed after change %d: %w", c.ID, err)
	}
	if later.Change.MemberID != t.actor.ID {
		return nil, refuse(Conflict, "%s %s after that, so it can't be undone any more.%s", later.MemberName, changeOf(later.Change).Did, insteadOf(c))
	}
	if later.Change.What == "" {
		return nil, refuse(Conflict, "You have gone on with %s since, so it can't be undone any more.", nameOfRecord(t.change.record))
	}
	return nil, refuse(Conflict, "You %s after that. Undo that first.", changeOf(later.Change).Did)
}

// remove removes what a change made, if nothing refers to it; a customer who was edited since stays too.
func (t takingBack) remove(ctx context.Context, edited bool, kept *bool) error {
	if *kept = edited; edited {
		return nil
	}
	removed, err := t.q.RemoveMade(ctx, t.id())
	if err != nil {
		return fmt.Errorf("remove what was made: %w", err)
	}
	*kept = !removed
	return nil
}

// restoreRows refuses what is in the way of somebody else's row, such as the next task of a plan.
func (t takingBack) restoreRows(ctx context.Context) error {
	err := t.q.RestoreRows(ctx, t.id())
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == uniqueViolation {
		return t.movedOn()
	}
	if err != nil {
		return fmt.Errorf("restore rows: %w", err)
	}
	return nil
}

// restore makes every row what it was. It reports whether a customer that was made has to stay.
func (t takingBack) restore(ctx context.Context, rows []store.ListChangedRowsRow, moved []string) (kept bool, err error) {
	if err := t.keepEdited(ctx, rows); err != nil {
		return false, err
	}
	edited := contains(moved, "customer") || contains(moved, "contact")
	if err := t.remove(ctx, edited, &kept); err != nil { // so that a task that is open again has room
		return false, err
	}
	if err := t.restoreRows(ctx); err != nil {
		return false, err
	}
	if err := t.remove(ctx, edited, &kept); err != nil { // now that what a lead had is not its customer's any more
		return false, err
	}
	for _, r := range rows {
		if kept && r.Made && r.Relation != "customer" && r.Relation != "contact" {
			return false, t.movedOn()
		}
	}
	now := t.Now()
	if err := t.q.ChangeUndone(ctx, store.ChangeUndoneParams{Now: &now, ID: t.id()}); err != nil {
		return false, fmt.Errorf("mark change as undone: %w", err)
	}
	return kept, nil
}

func (t takingBack) movedOn() error {
	return refuse(Conflict, "Things have moved on since you %s, so it can't be undone any more.%s", changeOf(t.row.Change).Did, insteadOf(t.row.Change))
}

// record takes a change of any record but a call back, and says what had to stay.
func (t takingBack) record(ctx context.Context) (kept string, err error) {
	moved, err := t.check(ctx)
	if err != nil {
		return "", err
	}
	rows, err := t.q.ListChangedRows(ctx, t.id())
	if err != nil {
		return "", fmt.Errorf("list rows of change: %w", err)
	}
	for _, m := range moved {
		if m != "customer" && m != "contact" {
			return "", t.movedOn()
		}
	}
	stays, err := t.restore(ctx, rows, moved)
	if err != nil {
		return "", err
	}
	if stays {
		kept = "The customer who was made of it stays, because something belongs to them by now."
	}
	if err := t.lines(ctx, rows); err != nil {
		return "", err
	}
	return kept, t.correct(ctx, func(store.Notice) (string, error) { return "It is as it was before.", nil })
}

// recordsOf are the kinds of records whose timeline tells of the rows of a table.
var recordsOf = map[string]string{
	"customer": CustomerRecord, "contact": ContactRecord, "quote": QuoteRecord, "lead": LeadRecord, "visit": VisitRecord, "equipment": EquipmentRecord,
	"pm_template": TemplateRecord, "pm_plan": PlanRecord, "pm_task": TaskRecord,
}

// lines adds the line that takes a change back to the timeline of every record that it changed, and has their cards drawn.
func (t takingBack) lines(ctx context.Context, rows []store.ListChangedRowsRow) error {
	what := t.row.Change.What
	if err := t.event(ctx, eventUndone, what, "", undoneWords(t.row.Change)); err != nil {
		return err
	}
	seen := map[Record]bool{t.change.record: true}
	for _, row := range rows {
		r := Record{Kind: recordsOf[row.Relation], ID: row.RowID}
		if r.Kind == QuoteRecord {
			if err := t.enqueue(ctx, t.tx, CardArgs{Record: QuoteRecord, RecordID: r.ID}); err != nil {
				return err
			}
		}
		if r.Kind == "" || row.Made || seen[r] {
			continue
		}
		seen[r] = true
		if err := t.eventOf(ctx, r, eventUndone, what, "", changeOf(t.row.Change).Did); err != nil {
			return err
		}
	}
	return nil
}

// editable reads the fields of a row that people edit with forms, with its version.
var editable = map[string]func(context.Context, *store.Queries, int64) (int64, Fields, error){
	"call": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetCall(ctx, id)
		return x.Version, callFields(x), err
	},
	"customer": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetCustomer(ctx, id)
		return x.Version, CustomerFieldsOf(x), err
	},
	"contact": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetContact(ctx, id)
		return x.Version, ContactFieldsOf(x), err
	},
	"quote": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetQuote(ctx, id)
		return x.Version, quoteFields(x), err
	},
	"lead": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetLead(ctx, id)
		return x.Version, leadFields(x), err
	},
	"visit": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetVisit(ctx, id)
		return x.Version, VisitFieldsOf(x), err
	},
	"equipment": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetEquipment(ctx, id)
		return x.Version, equipmentFields(x), err
	},
	"pm_plan": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetPlan(ctx, id)
		return x.Version, planFields(x), err
	},
	"pm_task": func(ctx context.Context, q *store.Queries, id int64) (int64, Fields, error) {
		x, err := q.GetTask(ctx, id)
		return x.Version, Fields{"due_on": x.DueOn.Format(dayKey)}, err
	},
}

// keepEdited remembers what the fields of the rows hold that are restored, so that a form which is open now is merged.
func (t takingBack) keepEdited(ctx context.Context, rows []store.ListChangedRowsRow) error {
	for _, row := range rows {
		read := editable[row.Relation]
		if read == nil || row.Made {
			continue
		}
		version, fields, err := read(ctx, t.q, row.RowID)
		if err != nil {
			return fmt.Errorf("read %s %d: %w", row.Relation, row.RowID, err)
		}
		of := *t.change
		of.record = Record{Kind: recordsOf[row.Relation], ID: row.RowID}
		if row.Relation == "call" {
			of.record.Kind = CallRecord
		}
		if err := of.keep(ctx, version, fields); err != nil {
			return err
		}
	}
	return nil
}
