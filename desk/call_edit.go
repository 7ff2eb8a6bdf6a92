package desk

import (
	"context"
	"fmt"
	"strings"

	"callout/store"
)

// CallFields lists what may be edited of a call, as its form names it.
func CallFields() []string { return []string{"summary", "details", "priority"} }

func callFields(c store.Call) Fields {
	return Fields{"summary": c.Summary, "details": c.Details, "priority": c.Priority}
}

// EditCall changes what the front desk wrote down of a call. version is that of the call when the form was opened; what others
// changed meanwhile is merged. See Merge.
func (d *Desk) EditCall(ctx context.Context, a Actor, id, version int64, mine Fields) error {
	if err := a.may(LogCalls); err != nil {
		return err
	}
	return d.step(ctx, a, id, func(ctx context.Context, s *step) error {
		c := s.asChange()
		stored := callFields(s.call)
		merged, err := c.merge(ctx, edit{version: version, mine: mine}, s.call.Version, stored)
		if err != nil {
			return err
		}
		in := NewCall{CustomerID: s.call.CustomerID, Summary: merged["summary"], Details: merged["details"], Priority: merged["priority"]}
		if err := d.checkCall(ctx, &in); err != nil {
			return err
		}
		next := Fields{"summary": in.Summary, "details": in.Details, "priority": in.Priority}
		if len(next.changed(stored)) == 0 {
			return nil
		}
		return s.edited(ctx, c, stored, next)
	})
}

func (s *step) edited(ctx context.Context, c *change, before, after Fields) error {
	if err := c.keep(ctx, s.call.Version, before); err != nil {
		return err
	}
	err := s.q.EditCall(ctx, store.EditCallParams{
		ID: s.call.ID, Summary: after["summary"], Details: after["details"], Search: Fold(after["summary"] + " " + after["details"]),
	})
	if err != nil {
		return fmt.Errorf("write call: %w", err)
	}
	if s.call.Priority != after["priority"] {
		s.call.Priority = after["priority"]
		if err := s.replan(ctx); err != nil {
			return err
		}
	}
	return s.record(ctx, eventEdited, "", "", changesOf(before, after))
}

// changesOf says in a few words what an edit changed.
func changesOf(before, after Fields) string {
	names := before.changed(after)
	for i, name := range names {
		from, to := before[name], after[name]
		switch name = strings.ReplaceAll(name, "_", " "); {
		case from == "":
			names[i] = fmt.Sprintf("%s is now “%s”", name, shorten(to, 80))
		case to == "":
			names[i] = fmt.Sprintf("%s “%s” taken out", name, shorten(from, 80))
		default:
			names[i] = fmt.Sprintf("%s “%s” → “%s”", name, shorten(from, 80), shorten(to, 80))
		}
	}
	return joined(names, "and")
}
