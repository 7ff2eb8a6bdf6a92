package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"callout/store"
	"callout/store/storetest"
)

// firstDay is when the first call of these tests was opened.
var firstDay = time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)

// openCalls returns a store with two technicians, two customers and six calls, a day apart.
func openCalls(t *testing.T) *store.Store {
	t.Helper()
	s := storetest.Open(t)
	for _, sql := range []string{
		"INSERT INTO member (name, roles, state, timezone, created_at) VALUES ('Fay', '{dispatcher}', 'active', 'UTC', now()), ('Tom', '{technician}', 'active', 'UTC', now()), ('Ann', '{technician}', 'active', 'UTC', now())",
		"INSERT INTO customer (name, search, active_at, created_at) VALUES ('Acme', 'acme 42', now(), now()), ('Zoë', 'zoe', now(), now())",
		"INSERT INTO site (customer_id, name, created_at) VALUES (1, 'Shop', now())",
		"INSERT INTO equipment (customer_id, model, serial, created_at) VALUES (1, 'Copier', 'S1', now())",
	} {
		exec(t, s, sql)
	}
	for i, c := range []struct {
		status, progress, priority, search string
		customer                           int
		technician                         *int
	}{
		{"closed", "on_site", "normal", "paper jam", 1, ref(2)},
		{"closed", "accepted", "urgent", "no power", 2, ref(3)},
		{"pending", "unassigned", "normal", "paper jam again", 1, nil},
		{"pending", "offered", "low", "50% too dark", 2, nil},
		{"pending", "en_route", "urgent", "a_b", 1, ref(2)},
		{"pending", "on_site", "high", "smoke", 2, ref(3)},
	} {
		opened := firstDay.AddDate(0, 0, i)
		var accepted, closed *time.Time
		if c.technician != nil {
			at := opened.Add(time.Duration(10*(i+1)) * time.Minute)
			accepted = &at
		}
		if c.status == "closed" {
			at := opened.Add(time.Duration(i+1) * 20 * time.Hour)
			closed = &at
		}
		exec(t, s, `INSERT INTO call (status, progress, priority, customer_id, summary, search, technician_id, logged_by, opened_at, accepted_at, closed_at)
			VALUES ($1, $2, $3, $4, $5, $5, $6, 1, $7, $8, $9)`, c.status, c.progress, c.priority, c.customer, c.search, c.technician, opened, accepted, closed)
	}
	exec(t, s, "UPDATE call SET site_id = 1, equipment_id = 1, resolution = 'Cleaned' WHERE id = 1")
	exec(t, s, "INSERT INTO offer (call_id, member_id, why, offered_at, deadline_at) VALUES (4, 3, '[]', now(), now())")
	return s
}

func ref(n int) *int { return &n }

func exec(t *testing.T, s *store.Store, sql string, args ...any) {
	t.Helper()
	if _, err := s.Pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func day(n int) *time.Time {
	d := firstDay.AddDate(0, 0, n)
	return &d
}

func TestCallWhere(t *testing.T) {
	t.Parallel()
	s := openCalls(t)
	check := func(name string, w store.CallWhere, want ...int64) {
		t.Helper()
		calls, err := s.ListCalls(t.Context(), w)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []int64
		for _, c := range calls {
			got = append(got, c.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if w.Limit > 0 || w.Before > 0 {
			return
		}
		totals, err := s.CountCalls(t.Context(), w)
		if err != nil || totals.Opened != int64(len(want)) || totals.Closed+totals.Pending != totals.Opened {
			t.Errorf("%s: totals %+v, %v", name, totals, err)
		}
	}
	check("all", store.CallWhere{}, 6, 5, 4, 3, 2, 1)
	check("pending", store.CallWhere{Status: "pending"}, 6, 5, 4, 3)
	check("closed", store.CallWhere{Status: "closed"}, 2, 1)
	check("progress", store.CallWhere{Status: "pending", Progress: "on_site"}, 6)
	check("priority", store.CallWhere{Priority: "urgent"}, 5, 2)
	check("customer", store.CallWhere{Customer: []string{"%acme%", "%42%"}}, 5, 3, 1)
	check("another customer", store.CallWhere{Customer: []string{"%acme%", "%43%"}})
	check("words", store.CallWhere{Words: []string{"%jam%", "%again%"}}, 3)
	check("a percent sign", store.CallWhere{Words: []string{`%50\%%`}}, 4)
	check("an underscore", store.CallWhere{Words: []string{`%\_%`}}, 5)
	check("technician", store.CallWhere{Technicians: []int64{2}}, 5, 1)
	check("two technicians", store.CallWhere{Technicians: []int64{2, 3}}, 6, 5, 2, 1)
	check("no technician of a list of none", store.CallWhere{Technicians: []int64{}})
	check("nobody's", store.CallWhere{NoTechnician: true}, 4, 3)
	check("from", store.CallWhere{From: day(4)}, 6, 5)
	check("to, exclusive", store.CallWhere{To: day(1)}, 1)
	check("from and to", store.CallWhere{From: day(1), To: day(3)}, 3, 2)
	check("before", store.CallWhere{Before: 3}, 2, 1)
	check("limit", store.CallWhere{Limit: 2}, 6, 5)
	check("a page of a filter", store.CallWhere{Status: "pending", Before: 6, Limit: 2}, 5, 4)
	check("everything at once", store.CallWhere{
		Status: "pending", Progress: "en_route", Priority: "urgent", Customer: []string{"%acme%"}, Words: []string{"%a%"}, Technicians: []int64{2}, From: day(0), To: day(6), Before: 6, Limit: 10,
	}, 5)
	check("a word that would end the statement", store.CallWhere{Priority: "x' OR '1'='1", Words: []string{"%'; DROP TABLE call; --%"}})
}

func TestCallRow(t *testing.T) {
	t.Parallel()
	s := openCalls(t)
	calls, err := s.ListCalls(t.Context(), store.CallWhere{To: day(1)})
	if err != nil {
		t.Fatal(err)
	}
	accepted, closed := firstDay.Add(10*time.Minute), firstDay.Add(20*time.Hour)
	want := []store.CallRow{{
		ID: 1, Status: "closed", Progress: "on_site", Priority: "normal", OpenedAt: firstDay, AcceptedAt: &accepted, ClosedAt: &closed,
		Summary: "paper jam", Resolution: "Cleaned", Customer: "Acme", Site: "Shop", Equipment: "Copier S1", Technician: "Tom",
	}}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
	calls, err = s.ListCalls(t.Context(), store.CallWhere{From: day(3), To: day(4)})
	if err != nil || len(calls) != 1 || calls[0].Asked != "Ann" || calls[0].Technician != "" || calls[0].AcceptedAt != nil || calls[0].ClosedAt != nil {
		t.Errorf("an offered call: %+v, %v", calls, err)
	}
}

func TestEachCallStops(t *testing.T) {
	t.Parallel()
	s := openCalls(t)
	enough, seen := errors.New("enough"), 0
	err := s.EachCall(t.Context(), store.CallWhere{}, func(store.CallRow) error {
		if seen++; seen == 2 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || seen != 2 {
		t.Errorf("after %d calls: %v", seen, err)
	}
}

func TestCallTotals(t *testing.T) {
	t.Parallel()
	s := openCalls(t)
	totals, err := s.CountCalls(t.Context(), store.CallWhere{})
	if err != nil {
		t.Fatal(err)
	}
	accept, closing := 35*time.Minute, 30*time.Hour // of 10, 20, 50 and 60 minutes; of 20 and 40 hours
	if diff := cmp.Diff(store.CallTotals{Opened: 6, Closed: 2, Pending: 4, MedianAccept: &accept, MedianClose: &closing}, totals); diff != "" {
		t.Error(diff)
	}
	totals, err = s.CountCalls(t.Context(), store.CallWhere{NoTechnician: true})
	if err != nil || totals.MedianAccept != nil || totals.MedianClose != nil || totals.Opened != 2 {
		t.Errorf("calls that nobody took: %+v, %v", totals, err)
	}
}

func TestCallsByDayAndTechnician(t *testing.T) {
	t.Parallel()
	s := openCalls(t)
	byDay, err := s.CountCallsByDay(t.Context(), store.CallWhere{Status: "closed"}, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	want := []store.CallCount{{Label: "2026-01-01", Opened: 1}, {Label: "2026-01-02", Opened: 1, Closed: 1}, {Label: "2026-01-04", Closed: 1}}
	if diff := cmp.Diff(want, byDay); diff != "" {
		t.Error(diff)
	}
	byDay, err = s.CountCallsByDay(t.Context(), store.CallWhere{To: day(1)}, "Pacific/Kiritimati") // 14 hours ahead
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.CallCount{{Label: "2026-01-01", Opened: 1}, {Label: "2026-01-02", Closed: 1}}, byDay); diff != "" {
		t.Error(diff)
	}
	byTech, err := s.CountCallsByTechnician(t.Context(), store.CallWhere{})
	if err != nil {
		t.Fatal(err)
	}
	want = []store.CallCount{{Label: "Ann", Opened: 2, Closed: 1}, {Label: "Tom", Opened: 2, Closed: 1}, {Label: "nobody", Opened: 2}}
	if diff := cmp.Diff(want, byTech); diff != "" {
		t.Error(diff)
	}
}

// TestListsReadNoWholeTable plans the lists over many calls: none may read every call, nor under a
// generic plan.
func TestListsReadNoWholeTable(t *testing.T) {
	t.Parallel()
	s := openCalls(t)
	exec(t, s, `INSERT INTO customer (name, search, active_at, created_at) SELECT 'c' || i, 'c' || i, now(), now() FROM generate_series(1, 500) AS i`)
	exec(t, s, `INSERT INTO call (status, progress, priority, customer_id, summary, search, technician_id, logged_by, opened_at, accepted_at, closed_at)
		SELECT CASE WHEN i % 100 = 0 THEN 'pending' ELSE 'closed' END, 'accepted', 'normal', 3 + i % 500, 'x', 'word' || i, 2 + i % 2, 1, $1::timestamptz + i * interval '1 minute',
		now(), CASE WHEN i % 100 = 0 THEN NULL ELSE now() END FROM generate_series(1, 20000) AS i`, *day(7))
	exec(t, s, "ANALYZE")
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		for name, w := range map[string]store.CallWhere{
			"all": {}, "pending": {Status: "pending"}, "closed": {Status: "closed"}, "offered": {Status: "pending", Progress: "offered"},
			"customer": {Customer: []string{"%c17%"}}, "technician": {Technicians: []int64{2}}, "nobody": {Status: "pending", NoTechnician: true},
			"a day": {From: day(8), To: day(9)}, "next page": {Before: 9000}, "words": {Words: []string{"%word1%"}}, "priority": {Priority: "normal"},
		} {
			w.Limit = 11
			plan := explain(t, s, mode, w)
			if generic := strings.Contains(plan, "$1"); len(w.Customer) > 0 && generic != (mode == "force_generic_plan") {
				t.Errorf("%s with %s is planned otherwise:\n%s", name, mode, plan)
			}
			for _, line := range strings.Split(plan, "\n") {
				if strings.Contains(line, "Seq Scan on call ") {
					t.Errorf("%s with %s reads every call:\n%s", name, mode, plan)
				}
			}
		}
	}
}

func explain(t *testing.T, s *store.Store, mode string, w store.CallWhere) string {
	t.Helper()
	var plan []string
	err := s.InTx(t.Context(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL plan_cache_mode = "+mode); err != nil {
			return err
		}
		sql, args := w.SQL()
		if _, err := tx.Prepare(t.Context(), "list", sql); err != nil {
			return err
		}
		defer func() { _ = tx.Conn().Deallocate(t.Context(), "list") }()
		rows, err := tx.Query(t.Context(), "EXPLAIN EXECUTE list"+literals(args), pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(fmt.Errorf("explain: %w", err))
	}
	return strings.Join(plan, "\n")
}

// literals writes arguments as EXECUTE takes them: it knows no parameters of its own.
func literals(args []any) string {
	if len(args) == 0 {
		return ""
	}
	out := make([]string, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case []string:
			out[i] = "'{" + strings.Join(arg, ",") + "}'"
		case []int64:
			out[i] = "'{" + strings.Trim(fmt.Sprint(arg), "[]") + "}'"
		case time.Time:
			out[i] = "'" + arg.Format(time.RFC3339Nano) + "'"
		default:
			out[i] = fmt.Sprintf("'%v'", arg)
		}
	}
	return "(" + strings.Join(out, ", ") + ")"
}
