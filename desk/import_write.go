package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"callout/store"
)

// remember keeps what the records of a kind held before, and writes into their timelines that a file brought them.
func (r *importRun) remember(ctx context.Context, kind string, rows []*importRow) error {
	return r.rememberIn(ctx, kind, rows, func(row *importRow) (Record, string) { return Record{Kind: kind, ID: row.id}, "" })
}

// rememberIn is remember for records whose timeline is that of another record: where says of which, and what to call them there.
func (r *importRun) rememberIn(ctx context.Context, kind string, rows []*importRow, where func(*importRow) (Record, string)) error {
	now, by := r.Now(), known(r.actor.ID)
	var events []store.CopyEventsParams
	var revisions []store.CopyRevisionsParams
	for _, row := range rows {
		timeline, note := where(row)
		note = strings.TrimPrefix(note+", "+r.in.File, ", ")
		if !row.fresh {
			encoded, err := json.Marshal(row.beforeEdit())
			if err != nil {
				return fmt.Errorf("encode revision: %w", err)
			}
			revisions = append(revisions, store.CopyRevisionsParams{
				Record: kind, RecordID: row.id, Version: row.version, Fields: encoded, SavedBy: by, SavedAt: now,
			})
			note += ": " + strings.Join(r.titles(row.after.changed(row.before)), ", ")
		}
		events = append(events, store.CopyEventsParams{
			Record: timeline.Kind, RecordID: timeline.ID, At: now, MemberID: by, Via: "import", Kind: "imported", Note: note,
		})
	}
	if _, err := r.q.CopyRevisions(ctx, revisions); err != nil {
		return fmt.Errorf("keep revisions: %w", err)
	}
	if _, err := r.q.CopyEvents(ctx, events); err != nil {
		return fmt.Errorf("write timelines: %w", err)
	}
	return nil
}

// reserve gives the new rows their numbers.
func (r *importRun) reserve(ctx context.Context, table string, rows []*importRow) error {
	fresh := slices.DeleteFunc(slices.Clone(rows), func(row *importRow) bool { return !row.fresh })
	ids, err := r.reserveIDs(ctx, table, len(fresh))
	for i := range ids {
		fresh[i].id = ids[i]
		r.touched[ids[i]] = true
	}
	return err
}

func (r *importRun) reserveIDs(ctx context.Context, table string, many int) ([]int64, error) {
	if many == 0 {
		return nil, nil
	}
	ids, err := r.q.ReserveIDs(ctx, store.ReserveIDsParams{Relation: table, Many: int32(many)})
	if err != nil {
		return nil, fmt.Errorf("reserve numbers for %s: %w", table, err)
	}
	return ids, nil
}

// beforeEdit is what is remembered of a record that is saved over.
func (r *importRow) beforeEdit() Fields {
	if r.kept != nil {
		return r.kept
	}
	return r.before
}
