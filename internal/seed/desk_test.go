package seed_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"callout/desk"
	"callout/internal/seed"
	"callout/store"
	"callout/store/storetest"
)

func actor(t *testing.T, d *desk.Desk, userID string) desk.Actor {
	t.Helper()
	m, err := d.Who(t.Context(), "slack", userID, "")
	if err != nil {
		t.Fatal(err)
	}
	return desk.Actor{Member: m, Via: "slack"}
}

// carriesOn logs a call after the history, which gets the next number, and finds somebody for it at any hour.
func carriesOn(t *testing.T, s *store.Store, now time.Time) {
	t.Helper()
	ctx := t.Context()
	d := newDesk(t, s, now)
	joel := actor(t, d, "U0DEMO02")
	last := number(t, s, "SELECT max(id) FROM call")
	found, err := d.FindCustomers(ctx, joel, "lodz bak", 5)
	if err != nil || len(found) != 1 || found[0].Name != "Łódź Bakery" {
		t.Fatalf("found %v, %v", found, err)
	}
	id, err := d.LogCall(ctx, joel, desk.NewCall{CustomerID: found[0].ID, Summary: "Oven printer smokes"})
	if err != nil || id != int64(last+1) {
		t.Fatalf("new call has number %d after %d, %v", id, last, err)
	}
	for range 2 { // who declines is followed by somebody else
		if err := d.Assign(ctx, desk.AssignArgs{CallID: id}); err != nil {
			t.Fatal(err)
		}
		open, ok, err := d.OpenOffer(ctx, id)
		if err != nil || !ok {
			t.Fatalf("nobody was asked: %v", err)
		}
		who, err := d.Member(ctx, open.Offer.MemberID)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Decline(ctx, desk.Actor{Member: who, Via: "slack"}, id, "busy"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPendingCallsGoOn(t *testing.T) {
	t.Parallel()
	ctx, now := t.Context(), moments["afternoon"]
	s := seeded(t, now)
	d := newDesk(t, s, now)
	page, err := d.Calls(ctx, actor(t, d, "U0DEMO08"), desk.Filter{Status: desk.Pending}, 0, 50)
	if err != nil || len(page.Calls) != 10 {
		t.Fatalf("%d pending calls, %v", len(page.Calls), err)
	}
	for _, row := range page.Calls {
		call, err := d.CallView(ctx, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		if open, ok, err := d.OpenOffer(ctx, row.ID); err != nil {
			t.Fatal(err)
		} else if ok {
			who, _ := d.Member(ctx, open.Offer.MemberID)
			if err := d.Accept(ctx, desk.Actor{Member: who, Via: "sms"}, row.ID); err != nil {
				t.Errorf("call %d: %v", row.ID, err)
			}
		}
		if err := d.Close(ctx, actor(t, d, "U0DEMO02"), row.ID, "Done."); err != nil {
			t.Errorf("close call %d, which was %s: %v", row.ID, call.Call.Progress, err)
		}
	}
	if n := number(t, s, "SELECT count(*) FROM call WHERE status = 'pending'"); n != 0 {
		t.Errorf("%d calls are still pending", n)
	}
}

// TestTick leaves the plotter's call with nobody and posts a card for every pending call and for the open swap.
func TestTick(t *testing.T) {
	t.Parallel()
	ctx, now := t.Context(), moments["afternoon"]
	s := seeded(t, now)
	d := newDesk(t, s, now)
	if err := d.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	if n := number(t, s, "SELECT count(*) FROM river.river_job WHERE kind = 'card'"); n != 11 {
		t.Errorf("%d cards are to be drawn, want 11: ten calls and a swap", n)
	}
	id := int64(number(t, s, "SELECT id FROM call WHERE status = 'pending' AND progress = 'unassigned'"))
	entries := number(t, s, "SELECT count(*) FROM call_event WHERE call_id = $1", id)
	if err := d.Assign(ctx, desk.AssignArgs{CallID: id}); err != nil {
		t.Fatal(err)
	}
	if after := number(t, s, "SELECT count(*) FROM call_event WHERE call_id = $1", id); after != entries {
		t.Errorf("the call that nobody can take has %d entries, had %d", after, entries)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	ctx, now := t.Context(), moments["afternoon"]
	s := seeded(t, now)
	d := newDesk(t, s, now)
	r, err := d.CallsReport(ctx, actor(t, d, "U0DEMO01"), desk.Filter{From: "2026-01", To: "today"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.ByTechnician) < 4 || len(r.Days) < 120 {
		t.Errorf("%d technicians and %d days in the report", len(r.ByTechnician), len(r.Days))
	}
	t.Logf("%+v by %+v", r.Totals, r.ByTechnician)
}

func TestMany(t *testing.T) {
	t.Parallel()
	ctx, now := t.Context(), moments["afternoon"]
	s := storetest.Open(t)
	const n = 5000
	if err := seed.Many(ctx, s, n, now); err != nil {
		t.Fatal(err)
	}
	if got := number(t, s, "SELECT count(*) FROM call WHERE status = 'closed'"); got != n {
		t.Errorf("%d closed calls, want %d", got, n)
	}
	for what, sql := range broken {
		switch what {
		case "not chosen best", "lacks a skill", "activity not the last", "customer younger":
			continue // Many draws technicians by lot, and not every customer has called
		}
		if got := number(t, s, sql, args(sql, now)...); got != 0 {
			t.Errorf("%s: %d rows", what, got)
		}
	}
	for _, table := range []string{"call", "call_event", "offer"} { // Many may leave the foreign keys unchecked
		checkKeys(t, s, table)
	}
	if days := number(t, s, "SELECT extract(day FROM max(opened_at) - min(opened_at))::int FROM call"); days < 5*360 {
		t.Errorf("calls spread over %d days only", days)
	}
}

func TestManyAfterApply(t *testing.T) {
	t.Parallel()
	now := moments["Sunday night"]
	s := seeded(t, now)
	before := number(t, s, "SELECT count(*) FROM call")
	for range 2 {
		if err := seed.Many(t.Context(), s, 10, now); err != nil {
			t.Fatal(err)
		}
	}
	if got := number(t, s, "SELECT count(*) FROM call"); got != before+20 {
		t.Errorf("%d calls, want %d and 20", got, before)
	}
	d := newDesk(t, s, now)
	id, err := d.LogCall(t.Context(), actor(t, d, "U0DEMO01"), desk.NewCall{CustomerID: 1, Summary: "Next"})
	if err != nil || id != int64(before+21) {
		t.Errorf("next call has number %d, want %d, %v", id, before+21, err)
	}
}

func BenchmarkApply(b *testing.B) {
	for b.Loop() {
		seeded(b, moments["afternoon"])
	}
}

func BenchmarkMany100k(b *testing.B) {
	for b.Loop() {
		if err := seed.Many(b.Context(), storetest.Open(b), 100_000, moments["afternoon"]); err != nil {
			b.Fatal(err)
		}
	}
}

// checkKeys looks for rows of a table that refer to nothing, by the foreign keys that the database knows.
func checkKeys(t *testing.T, s *store.Store, table string) {
	t.Helper()
	rows, err := s.Pool.Query(t.Context(), `SELECT format('SELECT count(*) FROM %s WHERE %I IS NOT NULL AND %I NOT IN (SELECT id FROM %s)',
			conrelid::regclass, attname, attname, confrelid::regclass)
		FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
		WHERE contype = 'f' AND conrelid = to_regclass(quote_ident($1))`, table)
	if err != nil {
		t.Fatal(err)
	}
	checks, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(checks) < 2 {
		t.Fatalf("%d foreign keys of %s, %v", len(checks), table, err)
	}
	for _, sql := range checks {
		if n := number(t, s, sql); n != 0 {
			t.Errorf("%d rows: %s", n, sql)
		}
	}
}
