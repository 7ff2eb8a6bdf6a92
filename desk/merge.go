package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"callout/store"
)

// Fields is what a person may edit of a record: by name, each as its form shows it.
type Fields map[string]string

// Clash is a field that two people changed to different things.
type Clash struct {
	Field  string
	Mine   string // what was typed now
	Theirs string // what is stored
	By     string // who stored it, if known
	At     time.Time
}

// Merge decides what a stale save becomes. base is what the person saw, mine what they send, theirs what is stored by now. A
// field that only one side changed takes that change; one that both changed alike is no clash. Fields that mine lacks are
// kept. A clashing field holds mine in what is returned.
func Merge(base, mine, theirs Fields) (merged Fields, clashing []string) {
	merged = maps.Clone(theirs)
	for _, name := range slices.Sorted(maps.Keys(mine)) {
		saw, typed, stored := base[name], mine[name], theirs[name]
		switch {
		case typed == saw || typed == stored:
		case stored == saw:
			merged[name] = typed
		default:
			merged[name] = typed
			clashing = append(clashing, name)
		}
	}
	return merged, clashing
}

// edit is one save of an editable record: its form was opened at a version and sends fields.
type edit struct {
	version int64  // at which the form was opened
	mine    Fields // only the fields that the form has
}

// merge settles a save with what is stored now, which the caller has locked. A real clash is refused with both sides, and
// the version with which the form can be sent again.
func (c *change) merge(ctx context.Context, e edit, version int64, theirs Fields) (Fields, error) {
	base, revisions := theirs, []store.ListRevisionsRow(nil)
	if e.version != version {
		var err error
		revisions, err = c.q.ListRevisions(ctx, store.ListRevisionsParams{Record: c.record.Kind, RecordID: c.record.ID, Version: e.version})
		if err != nil {
			return nil, fmt.Errorf("read revisions of %s %d: %w", c.record.Kind, c.record.ID, err)
		}
	}
	if len(revisions) > 0 {
		base = nil
		if err := json.Unmarshal(revisions[0].Revision.Fields, &base); err != nil {
			return nil, fmt.Errorf("decode revision of %s %d: %w", c.record.Kind, c.record.ID, err)
		}
	}
	merged, clashing := Merge(base, e.mine, theirs)
	if len(clashing) == 0 {
		return merged, nil
	}
	refusal := refuse(Conflict, "Somebody else changed this meanwhile. Look at the marked fields and save again.")
	refusal.Version, refusal.Merged = version, merged
	for _, name := range clashing {
		refusal.Clashes = append(refusal.Clashes, clash(name, e.mine[name], theirs[name], revisions))
	}
	return nil, refusal
}

// clash names the last one who changed a field since the form was opened.
func clash(name, mine, theirs string, revisions []store.ListRevisionsRow) Clash {
	c := Clash{Field: name, Mine: mine, Theirs: theirs}
	for _, r := range slices.Backward(revisions) { // each holds what was saved over
		var before Fields
		if json.Unmarshal(r.Revision.Fields, &before) == nil && before[name] != theirs {
			c.By, c.At = r.MemberName, r.Revision.SavedAt
			break
		}
	}
	return c
}

// keep remembers what the editable fields held at a version that is about to be saved over. Whatever changes one of them, form
// or button, calls it first.
func (c *change) keep(ctx context.Context, version int64, before Fields) error {
	encoded, err := json.Marshal(before)
	if err != nil {
		return fmt.Errorf("encode revision: %w", err)
	}
	err = c.q.InsertRevision(ctx, store.InsertRevisionParams{
		Record: c.record.Kind, RecordID: c.record.ID, Version: version, Fields: encoded, SavedBy: known(c.actor.ID), SavedAt: c.Now(),
	})
	if err != nil {
		return fmt.Errorf("keep revision of %s %d: %w", c.record.Kind, c.record.ID, err)
	}
	return nil
}

// changed lists the names of the fields that differ, sorted.
func (f Fields) changed(other Fields) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if f[name] != other[name] {
			names = append(names, name)
		}
	}
	return names
}
