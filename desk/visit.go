package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/store"
)

// The purposes of a visit.
const (
	VisitSales       = "sales"
	VisitService     = "service"
	VisitMaintenance = "maintenance"
	VisitFollowUp    = "follow_up"
)

// VisitPurposes lists the purposes of a visit.
func VisitPurposes() []string {
	return []string{VisitSales, VisitService, VisitMaintenance, VisitFollowUp}
}

// MaxOutcome and MaxNextStep are how many characters they may have.
const (
	MaxOutcome  = 3000
	MaxNextStep = 500
)

// doneVisit is a visit that is recorded by itself, when the work it was for is done. CallID or TaskID is set.
type doneVisit struct {
	CustomerID int64
	Purpose    string
	MemberID   int64     // who was there
	At         time.Time // when they were on site
	Outcome    string
	CallID     int64
	TaskID     int64
	LoggedBy   int64 // who said that it is done; 0 is MemberID
	Via        string
}

// recordVisit writes the visit that belongs to work which is done. The same work done again at the same time on site, because it
// was reopened and nobody went there again, changes the outcome of the visit that is there.
func (d *Desk) recordVisit(ctx context.Context, q *store.Queries, v doneVisit) error {
	if v.LoggedBy == 0 {
		v.LoggedBy = v.MemberID
	}
	v.Outcome = shorten(v.Outcome, MaxOutcome)
	id, err := findVisit(ctx, q, v)
	kind := eventEdited
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		kind = eventRecorded
		id, err = q.InsertVisit(ctx, store.InsertVisitParams{
			CustomerID: known(v.CustomerID), Purpose: v.Purpose, MemberID: v.MemberID, At: v.At, Happened: true, Outcome: v.Outcome,
			CallID: known(v.CallID), TaskID: known(v.TaskID), Search: Fold(v.Outcome), LoggedBy: v.LoggedBy, Now: d.Now(),
		})
	case err == nil:
		err = d.setOutcome(ctx, q, id, v)
	}
	if err != nil {
		return fmt.Errorf("record visit: %w", err)
	}
	if err := q.TouchCustomer(ctx, store.TouchCustomerParams{ID: v.CustomerID, At: d.Now()}); err != nil {
		return fmt.Errorf("touch customer: %w", err)
	}
	_, err = q.InsertEvent(ctx, store.InsertEventParams{
		Record: VisitRecord, RecordID: id, At: d.Now(), MemberID: &v.LoggedBy, Via: cmp.Or(v.Via, "desk"), Kind: kind, Note: workOf(v),
	})
	if err != nil {
		return fmt.Errorf("write timeline: %w", err)
	}
	return nil
}

// setOutcome writes another outcome of a visit, and keeps what people may have open in a form.
func (d *Desk) setOutcome(ctx context.Context, q *store.Queries, id int64, v doneVisit) error {
	stored, err := q.LockVisit(ctx, id)
	if err != nil {
		return fmt.Errorf("lock visit: %w", err)
	}
	c := change{Desk: d, q: q, actor: Actor{Member: store.Member{ID: v.LoggedBy}}, record: Record{Kind: VisitRecord, ID: id}}
	if err := c.keep(ctx, stored.Version, VisitFieldsOf(stored)); err != nil {
		return err
	}
	return q.SetVisitOutcome(ctx, store.SetVisitOutcomeParams{ID: id, Outcome: v.Outcome, Search: Fold(v.Outcome + " " + stored.NextStep)})
}

func findVisit(ctx context.Context, q *store.Queries, v doneVisit) (int64, error) {
	if v.TaskID != 0 {
		return q.FindVisitOfTask(ctx, &v.TaskID)
	}
	return q.FindVisitOfCall(ctx, store.FindVisitOfCallParams{CallID: &v.CallID, MemberID: v.MemberID, At: v.At})
}

// workOf names what a recorded visit was for.
func workOf(v doneVisit) string {
	if v.TaskID != 0 {
		return fmt.Sprintf("maintenance task %d", v.TaskID)
	}
	return fmt.Sprintf("call %d", v.CallID)
}
