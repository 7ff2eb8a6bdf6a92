package store_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"callout/internal/seed"
	"callout/store"
	"callout/store/storetest"
)

// largeNow is the moment at which the large desk of these tests is looked at.
var largeNow = time.Date(2026, 7, 15, 14, 30, 0, 0, time.UTC)

// listQuery is a list or report as somebody asks for it. whole names the large tables of which it reads so much that reading
// them from end to end is right: a report over everything must.
type listQuery struct {
	name  string
	whole []string
	run   func(context.Context, *store.Store) error
}

// everything are the tables that grow.
var everything = []string{"call", "visit", "lead", "quote", "quote_version", "pm_task", "pm_plan", "equipment", "reading", "pm_answer", "call_event", "offer", "event"}

// TestLargeListsReadNoWholeTable runs every list and report over a desk that is large enough for the planner to choose as it does
// on a real one, and looks at the plan of each statement, for its arguments and for any.
func TestLargeListsReadNoWholeTable(t *testing.T) {
	t.Parallel()
	size := seed.Size{Calls: 10_000, Visits: 20_000, Leads: 15_000, Quotes: 15_000, Machines: 6_000, Tasks: 20_000}
	full := os.Getenv("CALLOUT_LARGE_DESK") != "" // see scripts/largedesk.sh
	if full {
		size = seed.FullSize
	}
	s, seen := openTraced(t)
	started := time.Now()
	if err := seed.Large(t.Context(), s, size, largeNow); err != nil {
		t.Fatal(err)
	}
	t.Logf("seeded %+v in %v", size, time.Since(started).Round(time.Millisecond))
	for _, q := range slices.Concat(callQueries(), visitQueries(), leadQueries(), quoteQueries(), taskQueries(), equipmentQueries(), recordQueries()) {
		statements := seen.during(t, q, s)
		for _, statement := range statements {
			for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
				checkPlan(t, s, q, mode, statement)
			}
		}
		if full {
			t.Logf("%-44s %s", q.name, measure(t, s, q, statements))
		}
	}
}

// seqScan finds tables that a plan reads from end to end.
var seqScan = regexp.MustCompile(`Seq Scan on (\w+)`)

// sifted finds how many rows a part of a plan read and did not want.
var sifted = regexp.MustCompile(`Rows Removed by \w+(?: \w+)?: (\d+)`)

// mostSifted is how many that may be: walking through an index from end to end is no better than reading the table.
const mostSifted = 6_000

func checkPlan(t *testing.T, s *store.Store, q listQuery, mode string, st statement) {
	t.Helper()
	plan := explainStatement(t, s, mode, st)
	for _, found := range sifted.FindAllStringSubmatch(plan, -1) {
		if n, _ := strconv.Atoi(found[1]); n > mostSifted && len(q.whole) == 0 {
			t.Errorf("%s with %s reads %d rows for nothing:\n%s\n%s", q.name, mode, n, st.sql, plan)
		}
	}
	for _, found := range seqScan.FindAllStringSubmatch(plan, -1) {
		if slices.Contains(everything, found[1]) && !slices.Contains(q.whole, found[1]) {
			t.Errorf("%s with %s reads every row of %s:\n%s\n%s", q.name, mode, found[1], st.sql, plan)
		}
	}
}

// measure is the shortest time of seven runs, since others may use the machine too, and how its statements are planned, in a line.
func measure(t *testing.T, s *store.Store, q listQuery, statements []statement) string {
	t.Helper()
	var times []time.Duration
	for range 7 {
		started := time.Now()
		if err := q.run(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", q.name, err)
		}
		times = append(times, time.Since(started))
	}
	var nodes []string
	for _, st := range statements {
		for _, found := range planNode.FindAllString(explainStatement(t, s, "force_custom_plan", st), -1) {
			if node := strings.TrimSpace(found); !slices.Contains(nodes, node) {
				nodes = append(nodes, node)
			}
		}
	}
	return fmt.Sprintf("%8.2f ms  %s", float64(slices.Min(times))/float64(time.Millisecond), strings.Join(nodes, ", "))
}

var planNode = regexp.MustCompile(`(Seq Scan on \w+|Index (Only )?Scan( Backward)? using \w+|Bitmap Index Scan on \w+)`)

// statement is what a list sent to the database.
type statement struct {
	sql  string
	args []any
}

// tracer remembers what is sent.
type tracer struct {
	mu   sync.Mutex
	seen []statement
}

// TraceQueryStart remembers a statement.
func (r *tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, statement{data.SQL, data.Args})
	return ctx
}

// TraceQueryEnd has nothing to do.
func (r *tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// during returns what a list sends.
func (r *tracer) during(t *testing.T, q listQuery, s *store.Store) []statement {
	t.Helper()
	r.mu.Lock()
	r.seen = nil
	r.mu.Unlock()
	if err := q.run(t.Context(), s); err != nil {
		t.Fatalf("%s: %v", q.name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen)
}

func openTraced(t *testing.T) (*store.Store, *tracer) {
	t.Helper()
	config := storetest.Open(t).Pool.Config().Copy()
	seen := &tracer{}
	config.ConnConfig.Tracer = seen
	config.ConnConfig.RuntimeParams["statement_timeout"] = "0" // of the full size
	config.MaxConns = 2
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &store.Store{Pool: pool, Queries: store.New(pool)}, seen
}

func explainStatement(t *testing.T, s *store.Store, mode string, st statement) string {
	t.Helper()
	var plan []string
	err := s.InTx(t.Context(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL plan_cache_mode = "+mode); err != nil {
			return err
		}
		if _, err := tx.Prepare(t.Context(), "explained", st.sql); err != nil {
			return err
		}
		defer func() { _ = tx.Conn().Deallocate(t.Context(), "explained") }()
		explain := "EXPLAIN (ANALYZE, TIMING OFF) EXECUTE explained"
		if mode == "force_generic_plan" {
			explain = "EXPLAIN EXECUTE explained"
		}
		rows, err := tx.Query(t.Context(), explain+arguments(st.args), pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatalf("explain %s %v: %v", st.sql, st.args, err)
	}
	return strings.Join(plan, "\n")
}

// arguments writes arguments as EXECUTE takes them: it knows no parameters of its own.
func arguments(args []any) string {
	if len(args) == 0 {
		return ""
	}
	out := make([]string, len(args))
	for i, arg := range args {
		out[i] = argument(arg)
	}
	return "(" + strings.Join(out, ", ") + ")"
}

func argument(arg any) string {
	quote := func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
	switch arg := arg.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return quote(arg.Format(time.RFC3339Nano))
	case *time.Time:
		if arg == nil {
			return "NULL"
		}
		return argument(*arg)
	case *int64:
		if arg == nil {
			return "NULL"
		}
		return quote(strconv.FormatInt(*arg, 10))
	case []string:
		words := make([]string, len(arg))
		for i, word := range arg {
			words[i] = strconv.Quote(word)
		}
		return quote("{" + strings.Join(words, ",") + "}")
	case []int64:
		return quote("{" + strings.ReplaceAll(strings.Trim(fmt.Sprint(arg), "[]"), " ", ",") + "}")
	}
	return quote(fmt.Sprint(arg))
}
