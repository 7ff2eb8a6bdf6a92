package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"callout/store"
)

// EquipmentPage is one page of a list of machines.
type EquipmentPage struct {
	Machines []store.EquipmentRow
	Next     int64 // pass as before to get the next page; 0 at the end
}

// Equipment lists the machines a filter lets through, the newest first. Without a status those in use are meant.
func (d *Desk) Equipment(ctx context.Context, a Actor, f Filter, before int64, size int) (EquipmentPage, error) {
	if err := a.may(SeeEquipment); err != nil {
		return EquipmentPage{}, err
	}
	w := store.EquipmentWhere{Status: cmp.Or(f.Status, "active"), Words: patterns(f.Words), Before: before, Limit: size + 1}
	if f.Customer != "" {
		w.Customer = searchPatterns(f.Customer)
	}
	rows, err := d.Store.ListEquipment(ctx, w)
	if err != nil {
		return EquipmentPage{}, err
	}
	page := EquipmentPage{Machines: rows}
	if len(rows) > size {
		page.Machines = rows[:size]
		page.Next = page.Machines[size-1].ID
	}
	return page, nil
}

// EquipmentView is a machine with everything its card shows.
type EquipmentView struct {
	store.GetEquipmentViewRow
	Calls    []store.ListOpenCallsOfRow
	Readings []store.LastReadingsRow
	Plans    []store.ListPlansOfRow
	History  []store.ListEquipmentHistoryRow
	Today    Day
}

// How much of a machine's past its card shows.
const (
	readingsShown = 5
	historyShown  = 6
)

// EquipmentView reads a machine for a member.
func (d *Desk) EquipmentView(ctx context.Context, a Actor, id int64) (EquipmentView, error) {
	v := EquipmentView{Today: d.Today(a)}
	if err := a.may(SeeEquipment); err != nil {
		return v, err
	}
	var err error
	if v.GetEquipmentViewRow, err = d.q.GetEquipmentView(ctx, id); err != nil {
		return v, noEquipment(err, id)
	}
	if v.Calls, err = d.q.ListOpenCallsOf(ctx, &id); err != nil {
		return v, fmt.Errorf("list calls of machine %d: %w", id, err)
	}
	if v.Readings, err = d.q.LastReadings(ctx, store.LastReadingsParams{EquipmentID: id, Max: readingsShown}); err != nil {
		return v, fmt.Errorf("list readings of machine %d: %w", id, err)
	}
	if v.Plans, err = d.q.ListPlansOf(ctx, id); err != nil {
		return v, fmt.Errorf("list plans of machine %d: %w", id, err)
	}
	v.History, err = d.EquipmentHistory(ctx, a, id, historyShown)
	return v, err
}

// EquipmentHistory reads what happened to a machine, the newest first.
func (d *Desk) EquipmentHistory(ctx context.Context, a Actor, id int64, most int) ([]store.ListEquipmentHistoryRow, error) {
	if err := a.may(SeeEquipment); err != nil {
		return nil, err
	}
	rows, err := d.q.ListEquipmentHistory(ctx, store.ListEquipmentHistoryParams{EquipmentID: id, Max: int32(most)})
	if err != nil {
		return nil, fmt.Errorf("read history of machine %d: %w", id, err)
	}
	return rows, nil
}

// EquipmentBySerial finds the one machine with a serial number; 0 if there is none, or more than one.
func (d *Desk) EquipmentBySerial(ctx context.Context, a Actor, serial string) (int64, error) {
	if err := a.may(SeeEquipment); err != nil {
		return 0, err
	}
	ids, err := d.q.ListEquipmentWithSerial(ctx, strings.TrimSpace(serial))
	if err != nil {
		return 0, fmt.Errorf("find machine by its serial number: %w", err)
	}
	if len(ids) != 1 {
		return 0, nil
	}
	return ids[0], nil
}
