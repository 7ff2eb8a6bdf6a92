package seed_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"callout/desk"
	"callout/internal/seed"
	"callout/store"
	"callout/store/storetest"
)

// moments are when people might start the demo.
var moments = map[string]time.Time{
	"afternoon":          time.Date(2026, 7, 15, 14, 30, 12, 345678901, time.UTC),
	"Sunday night":       time.Date(2026, 1, 4, 2, 7, 0, 0, time.UTC),
	"clocks go forward":  time.Date(2026, 3, 29, 1, 10, 0, 0, time.UTC),
	"clocks go back":     time.Date(2025, 10, 26, 1, 10, 0, 0, time.UTC),
	"shift changes":      time.Date(2026, 5, 4, 7, 0, 0, 0, time.UTC),
	"New Year's morning": time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
	"leap day":           time.Date(2028, 2, 29, 18, 0, 0, 0, time.UTC),
}

func seeded(t testing.TB, now time.Time) *store.Store {
	t.Helper()
	s := storetest.Open(t)
	if err := seed.Apply(t.Context(), s, now, seed.Options{CallsChannel: seed.CallsChannel}); err != nil {
		t.Fatal(err)
	}
	return s
}

func zoneOf(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(seed.Company().Zone)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func newDesk(t *testing.T, s *store.Store, now time.Time) *desk.Desk {
	t.Helper()
	firm, zone := seed.Company(), zoneOf(t)
	d, err := desk.New(desk.Options{
		Store: s, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Company: firm.Name, Zone: zone,
		Country: firm.Country, Currency: firm.Currency, Channels: []string{"slack", "sms", "email"},
		Defaults: desk.Settings{CallsChannel: seed.CallsChannel},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func number(t testing.TB, s *store.Store, sql string, args ...any) (n int) {
	t.Helper()
	if err := s.Pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// TestApply checks the rows that Apply writes, whenever the demo is started, and that the desk can go on from them.
func TestApply(t *testing.T) {
	t.Parallel()
	for name, now := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := seeded(t, now)
			for table, want := range map[string]int{
				"member": 8, "chat_identity": 8, "contact_method": 20, "customer": 40, "equipment": 120, "card WHERE record = 'call'": 10, "card": 11,
				"call WHERE status = 'pending'": 10, "call WHERE progress = 'waiting'": 1,
				"call WHERE status = 'pending' AND progress = 'unassigned'": 1,
				"call WHERE status = 'pending' AND progress = 'offered'":    2,
				"call WHERE status = 'pending' AND progress = 'accepted'":   4,
				"call WHERE status = 'pending' AND progress = 'en_route'":   1,
				"call WHERE status = 'pending' AND progress = 'on_site'":    1,
			} {
				if got := number(t, s, "SELECT count(*) FROM "+table); got != want {
					t.Errorf("%s: %d rows, want %d", table, got, want)
				}
			}
			checkRows(t, s, now)
			if n := number(t, s, "SELECT count(*) FROM call"); n < 600 || n > 900 {
				t.Errorf("%d calls, want 600 to 900", n)
			}
			if n := number(t, s, "SELECT count(DISTINCT customer_id) FROM call"); n != 40 {
				t.Errorf("%d customers have called, want all 40", n)
			}
			checkBooks(t, s, now)
			carriesOn(t, s, now)
		})
	}
}

// broken lists rows that the desk would never write. Each query counts them.
var broken = map[string]string{
	"number out of order":     "SELECT count(*) FROM (SELECT opened_at < lag(opened_at) OVER (ORDER BY id) AS early FROM call) AS c WHERE early",
	"gap in numbers":          "SELECT max(id) - count(*) FROM call",
	"after now":               "SELECT count(*) FROM call_event WHERE at > $1",
	"call after now":          "SELECT count(*) FROM call WHERE greatest(opened_at, accepted_at, closed_at) > $1",
	"no logged entry":         "SELECT count(*) FROM call c WHERE (SELECT (kind, at, member_id) FROM call_event e WHERE e.call_id = c.id ORDER BY id LIMIT 1) IS DISTINCT FROM ('logged'::text, opened_at, logged_by)",
	"closed without entry":    "SELECT count(*) FROM call c WHERE (status = 'closed') <> ((SELECT (kind, at, note) FROM call_event e WHERE e.call_id = c.id ORDER BY id DESC LIMIT 1) IS NOT DISTINCT FROM ('closed'::text, closed_at, resolution))",
	"progress not that told":  "SELECT count(*) FROM call c WHERE progress <> coalesce((SELECT CASE kind WHEN 'offered' THEN 'offered' WHEN 'reopened' THEN 'accepted' ELSE after END FROM call_event e WHERE e.call_id = c.id AND kind NOT IN ('logged','closed','note','nobody') ORDER BY id DESC LIMIT 1), 'unassigned')",
	"steps do not join":       "SELECT count(*) FROM (SELECT before, lag(CASE kind WHEN 'offered' THEN 'offered' WHEN 'reopened' THEN 'accepted' ELSE after END) OVER (PARTITION BY call_id ORDER BY id) AS last FROM call_event WHERE kind NOT IN ('logged','closed','reopened','note','nobody')) AS e WHERE last <> before AND NOT (before = 'accepted' AND last = 'on_site')",
	"accepted without entry":  "SELECT count(*) FROM call c WHERE accepted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM call_event e WHERE e.call_id = c.id AND kind = 'accepted' AND at = accepted_at AND member_id = technician_id)",
	"taken without offer":     "SELECT count(*) FROM call c WHERE (technician_id IS NOT NULL) <> EXISTS (SELECT 1 FROM offer o WHERE o.call_id = c.id AND o.state = 'accepted' AND o.member_id = c.technician_id AND o.answered_at = c.accepted_at)",
	"offered without offer":   "SELECT count(*) FROM call c WHERE (status = 'pending' AND progress = 'offered') <> EXISTS (SELECT 1 FROM offer o WHERE o.call_id = c.id AND o.state = 'open')",
	"offer without entry":     "SELECT count(*) FROM offer o WHERE NOT EXISTS (SELECT 1 FROM call_event e JOIN member m ON m.name = e.after WHERE e.call_id = o.call_id AND kind = 'offered' AND at = offered_at AND m.id = o.member_id)",
	"answer before offer":     "SELECT count(*) FROM offer WHERE answered_at < offered_at",
	"answered late":           "SELECT count(*) FROM offer WHERE state = 'accepted' AND answered_at > deadline_at",
	"not chosen best":         "SELECT count(*) FROM offer WHERE (why->0->>'member_id')::bigint <> member_id OR why->0->'out' IS NOT NULL",
	"technician without role": "SELECT count(*) FROM offer o JOIN member m ON m.id = o.member_id WHERE NOT 'technician' = ANY(m.roles)",
	"lacks a skill":           "SELECT count(*) FROM call c JOIN equipment e ON e.id = c.equipment_id JOIN member m ON m.id = c.technician_id WHERE NOT e.skills <@ m.skills",
	"machine of another":      "SELECT count(*) FROM call c JOIN equipment e ON e.id = c.equipment_id WHERE e.customer_id <> c.customer_id OR e.site_id <> c.site_id",
	"site of another":         "SELECT count(*) FROM call c JOIN site s ON s.id = c.site_id WHERE s.customer_id <> c.customer_id",
	"contact of another":      "SELECT count(*) FROM call c JOIN contact p ON p.id = c.contact_id WHERE p.customer_id <> c.customer_id",
	"steps not counted":       "SELECT count(*) FROM call c WHERE version <> (SELECT count(*) FROM call_event e WHERE e.call_id = c.id)",
	"entry owed":              "SELECT count(*) FROM call_event WHERE NOT posted",
	"text not filled":         "SELECT count(*) FROM call WHERE concat(summary, details, resolution) ~ '[{}]|^$'",
	"activity not the last":   "SELECT count(*) FROM customer c WHERE active_at <> (SELECT max(opened_at) FROM call WHERE customer_id = c.id)",
	"nobody to reach":         "SELECT count(*) FROM member m WHERE (SELECT string_agg(channel, ' ' ORDER BY position) FROM contact_method WHERE member_id = m.id AND verified_at IS NOT NULL) <> CASE WHEN 'technician' = ANY(roles) THEN 'slack sms email' ELSE 'slack email' END",
	"customer younger":        "SELECT count(*) FROM customer WHERE created_at >= active_at",
}

func checkRows(t *testing.T, s *store.Store, now time.Time) {
	t.Helper()
	for what, sql := range broken {
		if n := number(t, s, sql, args(sql, now)...); n != 0 {
			t.Errorf("%s: %d rows", what, n)
		}
	}
}

func args(sql string, now time.Time) []any {
	if strings.Contains(sql, "$1") {
		return []any{now}
	}
	return nil
}

// TestBrokenFindsBrokenRows keeps the table above honest: it must see the commonest mistakes.
func TestBrokenFindsBrokenRows(t *testing.T) {
	t.Parallel()
	s := seeded(t, moments["afternoon"])
	for what, damage := range map[string]string{
		"number out of order":    "UPDATE call SET opened_at = opened_at - interval '90 days' WHERE id = 500",
		"closed without entry":   "UPDATE call SET resolution = 'other' WHERE id = 1",
		"taken without offer":    "DELETE FROM offer WHERE state = 'accepted' AND call_id < 20",
		"progress not that told": "UPDATE call SET progress = 'en_route' WHERE progress = 'on_site' AND id < 50",
		"no logged entry":        "UPDATE call SET logged_by = 8 WHERE id = 3",
		"steps not counted":      "UPDATE call SET version = version + 1 WHERE id = 9",
	} {
		tx, err := s.Pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), damage); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := tx.QueryRow(t.Context(), broken[what]).Scan(&n); err != nil || n == 0 {
			t.Errorf("%s was not found after %s: %v", what, damage, err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPhonesAndAddresses(t *testing.T) {
	t.Parallel()
	s := seeded(t, moments["afternoon"])
	rows, err := s.Pool.Query(t.Context(), `SELECT phone FROM customer UNION ALL SELECT phone FROM contact
		UNION ALL SELECT address FROM contact_method WHERE channel = 'sms'`)
	if err != nil {
		t.Fatal(err)
	}
	phones, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, phone := range phones {
		if got, err := desk.Phone(phone, "GB"); err != nil || got != phone {
			t.Errorf("phone %s reads as %q, %v", phone, got, err)
		}
		if seen[phone] {
			t.Errorf("phone %s twice", phone)
		}
		seen[phone] = true
	}
	for _, m := range seed.Company().Members {
		if got, err := desk.Email(m.Email); err != nil || got != m.Email || !strings.HasSuffix(got, "@example.com") {
			t.Errorf("e-mail %s reads as %q, %v", m.Email, got, err)
		}
	}
	if n := number(t, s, "SELECT count(*) FROM (SELECT email FROM customer UNION ALL SELECT email FROM contact) AS e WHERE email !~ '^[a-z0-9]+@[a-z0-9-]+\\.example$'"); n != 0 {
		t.Errorf("%d e-mail addresses might be somebody's", n)
	}
}

// TestSomebodyIsAlwaysOnDuty walks a week by the half hour, in the weeks in which the clocks change too.
func TestSomebodyIsAlwaysOnDuty(t *testing.T) {
	t.Parallel()
	s := seeded(t, moments["afternoon"])
	techs, err := s.ListMembersWithRole(t.Context(), desk.Technician)
	if err != nil {
		t.Fatal(err)
	}
	facts := make([]desk.DutyFacts, len(techs))
	for i, m := range techs {
		zone, err := time.LoadLocation(m.Timezone)
		if err != nil {
			t.Fatal(err)
		}
		rules, err := s.ListDutyRules(t.Context(), []int64{m.ID})
		if err != nil {
			t.Fatal(err)
		}
		facts[i] = desk.DutyFacts{Zone: zone, Rules: rules}
	}
	for _, now := range moments {
		for at := now.AddDate(0, 0, -3); at.Before(now.AddDate(0, 0, 4)); at = at.Add(30 * time.Minute) {
			able := map[string]int{}
			for i, m := range techs {
				if desk.DutyAt(facts[i], at).On {
					able["anything"]++
					for _, skill := range m.Skills {
						able[skill]++
					}
				}
			}
			for skill, least := range map[string]int{"anything": 2, "copier": 2, "network": 2, "coffee": 2, "franking": 1} {
				if able[skill] < least {
					t.Fatalf("%s: %d on duty for %s, want %d", at, able[skill], skill, least)
				}
			}
		}
	}
}

// dump reads every row of the tables that Apply fills.
func dump(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range []string{
		"member", "chat_identity", "contact_method", "duty_rule", "duty_swap", "time_off", "customer", "site", "contact", "equipment", "call", "call_event", "offer", "card",
		"lead", "quote", "quote_version", "visit", "pm_template", "pm_template_version", "pm_plan", "pm_task", "pm_answer", "reading", "holiday", "event", "reminder",
	} {
		rows, err := s.Pool.Query(t.Context(), fmt.Sprintf("SELECT %[1]s::text FROM %[1]s ORDER BY 1", pgx.Identifier{table}.Sanitize()))
		if err != nil {
			t.Fatal(err)
		}
		if out[table], err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestSecondApplyChangesNothing(t *testing.T) {
	t.Parallel()
	now := moments["afternoon"]
	s := seeded(t, now)
	before := dump(t, s)
	if err := seed.Apply(t.Context(), s, now.Add(48*time.Hour), seed.Options{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, dump(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestSameMomentSameRows(t *testing.T) {
	t.Parallel()
	now := moments["leap day"]
	if diff := cmp.Diff(dump(t, seeded(t, now)), dump(t, seeded(t, now.In(time.FixedZone("far", 9*3600))))); diff != "" {
		t.Error(diff)
	}
}

func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	s, now := storetest.Open(t), moments["afternoon"]
	errs := make(chan error)
	for range 3 {
		go func() { errs <- seed.Apply(context.WithoutCancel(t.Context()), s, now, seed.Options{}) }()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := number(t, s, "SELECT count(*) FROM member"); n != 8 {
		t.Errorf("%d members, want 8", n)
	}
	checkRows(t, s, now)
}
