package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// EquipmentWhere narrows machines. Only what is set becomes part of the statement; see CallWhere.
type EquipmentWhere struct {
	Status   string   // active or retired; empty is both
	Customer []string // LIKE patterns that must all match
	Words    []string // LIKE patterns that must all match
	Before   int64    // only machines with a lower id: where the page before ended
	Limit    int      // 0 means all
}

// EquipmentRow is a machine as lists show it.
type EquipmentRow struct {
	ID            int64
	Model         string
	Serial        string
	Customer      string
	Site          string
	WarrantyUntil *time.Time
	ContractUntil *time.Time
	RetiredAt     *time.Time
	Pending       int64 // open calls
	DueOn         *time.Time
}

func (w EquipmentWhere) conditions() *conditions {
	var c conditions
	switch w.Status {
	case "active":
		c.all = append(c.all, "equipment.retired_at IS NULL")
	case "retired":
		c.all = append(c.all, "equipment.retired_at IS NOT NULL")
	}
	if len(w.Customer) > 0 {
		c.add("equipment.customer_id IN (SELECT id FROM customer WHERE search LIKE ALL($%d))", w.Customer)
	}
	for _, word := range w.Words { // one by one; see CallWhere
		c.add("equipment.search LIKE $%d", word)
	}
	if w.Before > 0 {
		c.add("equipment.id < $%d", w.Before)
	}
	return &c
}

// ListEquipment reads the machines that match, the newest first. What is counted of each is counted for one page only.
func (s *Store) ListEquipment(ctx context.Context, w EquipmentWhere) ([]EquipmentRow, error) {
	c := w.conditions()
	sql := `SELECT page.id, page.model, page.serial, customer.name, coalesce(site.address, site.name, ''), page.warranty_until, page.contract_until,
    page.retired_at, (SELECT count(*) FROM call WHERE call.equipment_id = page.id AND call.status = 'pending'),
    (SELECT min(coalesce(pm_task.due_on, pm_plan.due_on)) FROM pm_plan
        LEFT JOIN pm_task ON pm_task.plan_id = pm_plan.id AND pm_task.status IN ('open','started')
        WHERE pm_plan.equipment_id = page.id AND pm_plan.active)
FROM (SELECT * FROM equipment` + c.sql() + ` ORDER BY equipment.id DESC`
	if w.Limit > 0 {
		sql += fmt.Sprintf(" LIMIT %d", w.Limit)
	}
	sql += `) AS page JOIN customer ON customer.id = page.customer_id LEFT JOIN site ON site.id = page.site_id ORDER BY page.id DESC`
	rows, err := s.Pool.Query(ctx, sql, c.args...)
	if err != nil {
		return nil, fmt.Errorf("list machines: %w", err)
	}
	machines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[EquipmentRow])
	if err != nil {
		return nil, fmt.Errorf("list machines: %w", err)
	}
	return machines, nil
}
