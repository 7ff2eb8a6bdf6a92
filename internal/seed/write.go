package seed

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/desk"
	"callout/store"
)

// table collects the rows of one table to copy them at once.
type table struct {
	name    string
	columns []string
	rows    [][]any
}

func newTable(name string, columns ...string) *table { return &table{name: name, columns: columns} }

func (t *table) add(values ...any) { t.rows = append(t.rows, values) }

// copyAll writes the tables in their order. Where ids are given, the next row of others gets the next number.
func copyAll(ctx context.Context, tx pgx.Tx, tables ...*table) error {
	for _, t := range tables {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("copy %s: %w", t.name, err)
		}
		if t.columns[0] != "id" {
			continue
		}
		last := t.rows[len(t.rows)-1][0]
		if _, err := tx.Exec(ctx, "SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", t.name, last); err != nil {
			return fmt.Errorf("number %s: %w", t.name, err)
		}
	}
	return nil
}

func writeCompany(ctx context.Context, tx pgx.Tx, firm Firm, now time.Time) error {
	if err := writeMembers(ctx, tx, firm, now); err != nil {
		return err
	}
	return writeCustomers(ctx, tx, firm, now)
}

func writeMembers(ctx context.Context, tx pgx.Tx, firm Firm, now time.Time) error {
	members := newTable("member", "id", "name", "search", "email", "roles", "state", "timezone", "skills", "territory", "capacity", "created_at", "approved_by")
	chats := newTable("chat_identity", "member_id", "platform", "user_id", "created_at")
	contacts := newTable("contact_method", "member_id", "channel", "address", "position", "verified_at", "proven_at")
	rules := newTable("duty_rule", "member_id", "weekday", "starts", "ends", "on_call")
	joined := now.AddDate(-2, 0, 0)
	owner := firm.Members[0].ID
	for _, m := range firm.Members {
		skills := m.Skills
		if skills == nil {
			skills = []string{}
		}
		var approver *int64
		if m.ID != owner {
			approver = &owner
		}
		members.add(m.ID, m.Name, desk.Fold(m.Name), m.Email, m.Roles, desk.StateActive, firm.Zone, skills, m.Territory, int32(m.Capacity), joined, approver)
		chats.add(m.ID, "slack", m.UserID, joined)
		ways := [][2]string{{"slack", m.UserID}, {"email", m.Email}}
		if m.is(desk.Technician) {
			ways = slices.Insert(ways, 1, [2]string{"sms", m.Phone})
		}
		for i, way := range ways {
			contacts.add(m.ID, way[0], way[1], int32(i+1), joined, now)
		}
		for _, r := range m.rules() {
			rules.add(m.ID, r.weekday, r.starts, r.ends, r.onCall)
		}
	}
	return copyAll(ctx, tx, members, chats, contacts, rules)
}

func writeCustomers(ctx context.Context, tx pgx.Tx, firm Firm, now time.Time) error {
	zone, err := time.LoadLocation(firm.Zone)
	if err != nil {
		return fmt.Errorf("load time zone: %w", err)
	}
	customers := newTable("customer", "id", "name", "search", "phone", "email", "territory", "active_at", "created_at")
	sites := newTable("site", "id", "customer_id", "name", "address", "created_at")
	contacts := newTable("contact", "id", "customer_id", "name", "phone", "email", "created_at")
	consents := newTable("consent", "contact_id", "channel", "address", "given_at", "given_by")
	machines := newTable("equipment", "id", "customer_id", "site_id", "model", "serial", "warranty_until", "contract_until",
		"installed_on", "meter_unit", "search", "skills", "created_at")
	for _, c := range firm.Customers {
		since := now.AddDate(0, 0, -historyDays-30-int(c.ID)*17)
		customers.add(c.ID, c.Name, desk.CustomerSearch(c.Name, c.Phone), c.Phone, c.Email, c.Territory, since, since)
		for _, s := range c.Sites {
			sites.add(s.ID, c.ID, s.Name, s.Address, since)
		}
		for _, p := range c.Contacts {
			contacts.add(p.ID, c.ID, p.Name, p.Phone, p.Email, since)
			for _, way := range p.Informed {
				consents.add(p.ID, way, p.address(way), since, firm.Members[1].ID)
			}
		}
		for _, m := range c.Machines {
			machines.add(m.ID, c.ID, m.SiteID, m.Model, m.Serial, m.until(now, zone), m.contract(now, zone),
				dateOf(since.In(zone)), meterUnits[m.kind], strings.ToLower(m.Model+" "+m.Serial), m.Skills, since)
		}
	}
	return copyAll(ctx, tx, customers, sites, contacts, consents, machines)
}

func writeHistory(ctx context.Context, tx pgx.Tx, h past, o Options, now time.Time) error {
	calls := newTable("call", "id", "status", "progress", "priority", "customer_id", "site_id", "contact_id", "equipment_id",
		"summary", "details", "search", "technician_id", "logged_by", "opened_at", "accepted_at", "closed_at", "resolution", "resume_on", "version")
	for _, r := range h.calls {
		calls.add(r.ID, r.Status, r.Progress, r.Priority, r.CustomerID, r.SiteID, r.ContactID, r.EquipmentID,
			r.Summary, r.Details, desk.Fold(r.Summary+" "+r.Details), r.TechnicianID, r.LoggedBy, r.OpenedAt, r.AcceptedAt, r.ClosedAt, r.Resolution, r.ResumeOn, r.Version)
	}
	if err := copyAll(ctx, tx, calls, h.timeline(), h.offers(), h.cards(o, now)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE customer SET active_at = last.at
		FROM (SELECT customer_id, max(opened_at) AS at FROM call GROUP BY customer_id) AS last WHERE customer.id = last.customer_id`)
	if err != nil {
		return fmt.Errorf("write activity of customers: %w", err)
	}
	return nil
}

// timeline puts the entries of all calls in the order in which they happened.
func (h past) timeline() *table {
	var all []store.CallEvent
	for _, r := range h.calls {
		for _, e := range r.events {
			e.CallID = r.ID
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b store.CallEvent) int { return a.At.Compare(b.At) })
	t := newTable("call_event", "call_id", "at", "member_id", "via", "kind", "before", "after", "note", "posted")
	for _, e := range all {
		t.add(e.CallID, e.At, e.MemberID, e.Via, e.Kind, e.Before, e.After, e.Note, e.Posted)
	}
	return t
}

func (h past) offers() *table {
	var all []store.Offer
	for _, r := range h.calls {
		for _, o := range r.offers {
			o.CallID = r.ID
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b store.Offer) int { return a.OfferedAt.Compare(b.OfferedAt) })
	t := newTable("offer", "call_id", "member_id", "state", "why", "offered_at", "deadline_at", "answered_at", "reason")
	for _, o := range all {
		t.add(o.CallID, o.MemberID, o.State, o.Why, o.OfferedAt, o.DeadlineAt, o.AnsweredAt, o.Reason)
	}
	return t
}

// cards gives every pending call a card that looks as if its worker had died before it was posted: the desk's tick takes
// those up, so the channel fills as soon as the desk runs.
func (h past) cards(o Options, now time.Time) *table {
	t := newTable("card", "record_id", "platform", "channel", "leased_until")
	for _, r := range h.calls {
		if o.CallsChannel != "" && r.Status == desk.Pending {
			t.add(r.ID, "slack", o.CallsChannel, now.Add(-time.Minute))
		}
	}
	return t
}
