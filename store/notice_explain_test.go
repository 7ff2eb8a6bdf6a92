package store_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"callout/internal/seed"
	"callout/store"
)

// manyNotices owes messages as years do: most arrived, some failed, a few are about no call.
const manyNotices = `INSERT INTO notice (kind, member_id, call_id, channel, address, body, state, provider_id, created_at, sent_at, segments)
SELECT CASE WHEN n % 4 = 0 THEN 'problem' ELSE 'accepted' END, m.ids[1 + n % array_length(m.ids, 1)],
    CASE WHEN n % 4 > 0 THEN c.ids[1 + n % array_length(c.ids, 1)] END, CASE WHEN n % 2 = 0 THEN 'sms' ELSE 'slack' END, 'somewhere',
    jsonb_build_object('text', 'words ' || n), CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'delivered' END, 'P' || n,
    $1::timestamptz - (40001 - n) * interval '10 minutes', $1::timestamptz - (40001 - n) * interval '10 minutes', 1
FROM generate_series(1, 40000) AS n, (SELECT array_agg(id) AS ids FROM member) AS m, (SELECT array_agg(id) AS ids FROM call) AS c`

// noticeQueries are what is asked of messages while they are sent, and by people.
func noticeQueries() []listQuery {
	month := largeNow.AddDate(0, 0, -30)
	deliveries := func(w store.DeliveryWhere) func(context.Context, *store.Store) error {
		return func(ctx context.Context, s *store.Store) error {
			w.Limit = 8
			_, err := s.ListDeliveries(ctx, w)
			return err
		}
	}
	same := func(id int64) func(context.Context, *store.Store) error {
		return func(ctx context.Context, s *store.Store) error {
			_, err := s.ListSameNotices(ctx, id)
			return err
		}
	}
	return []listQuery{
		{name: "tries to say something of a call", run: same(39777)},
		{name: "tries to say something of no call", run: same(39800)},
		{name: "what is stuck", run: deliveries(store.DeliveryWhere{Stuck: true, From: &month})},
		{name: "what a member was sent", run: deliveries(store.DeliveryWhere{State: "delivered", Members: []int64{3}, From: &month})},
		{name: "what nobody was sent", run: deliveries(store.DeliveryWhere{State: "dropped", Members: []int64{3}, From: &month})},
		{name: "how much is stuck", run: func(ctx context.Context, s *store.Store) error {
			_, err := s.CountDeliveries(ctx, store.DeliveryWhere{Stuck: true, From: &month})
			return err
		}},
		{name: "messages whose worker died", run: func(ctx context.Context, s *store.Store) error {
			_, err := s.ListStuckNotices(ctx, store.ListStuckNoticesParams{Now: largeNow, Before: largeNow, ReportsBefore: largeNow})
			return err
		}},
		{name: "how a contact ends it", run: func(ctx context.Context, s *store.Store) error {
			_, err := s.Greeted(ctx, store.GreetedParams{ContactID: 7, Channel: "sms", Address: "somewhere"})
			return err
		}},
		{name: "the month's texts", run: func(ctx context.Context, s *store.Store) error {
			_, err := s.SumSegments(ctx, store.SumSegmentsParams{Since: month, Until: largeNow})
			return err
		}},
		{name: "a trouble told of lately", run: func(ctx context.Context, s *store.Store) error {
			_, err := s.WarnedSince(ctx, store.WarnedSinceParams{Ref: "x", Since: largeNow.Add(-time.Hour)})
			return err
		}},
	}
}

// TestMessagesAreFoundByAnIndex looks at the plans over many messages: they are read while calls are locked.
func TestMessagesAreFoundByAnIndex(t *testing.T) {
	t.Parallel()
	s, seen := openTraced(t)
	if err := seed.Large(t.Context(), s, seed.Size{Calls: 2_000, Visits: 100, Leads: 100, Quotes: 100, Machines: 100, Tasks: 100}, largeNow); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{manyNotices, "ANALYZE notice"} {
		var args []any
		if sql == manyNotices {
			args = []any{largeNow}
		}
		if _, err := s.Pool.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range noticeQueries() {
		for _, statement := range seen.during(t, q, s) {
			plan := explainStatement(t, s, "force_custom_plan", statement)
			read := 0
			for _, found := range sifted.FindAllStringSubmatch(plan, -1) {
				n, _ := strconv.Atoi(found[1])
				read = max(read, n)
			}
			whole := slices.ContainsFunc(seqScan.FindAllStringSubmatch(plan, -1), func(found []string) bool { return found[1] == "notice" })
			if whole || read > mostSifted {
				t.Errorf("%s reads too much:\n%s\n%s", q.name, statement.sql, plan)
			}
		}
	}
}
