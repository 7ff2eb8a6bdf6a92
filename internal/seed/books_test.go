package seed_test

import (
	"testing"
	"time"

	"callout/internal/seed"
	"callout/store"
	"callout/store/storetest"
)

// brokenBooks lists rows beside those of calls that the desk would never write. Each query counts them.
var brokenBooks = map[string]string{
	"happened after now":         "SELECT count(*) FROM event WHERE at > $1",
	"entry owed by a record":     "SELECT count(*) FROM event WHERE NOT posted",
	"lead not as told":           "SELECT count(*) FROM lead l WHERE stage <> coalesce((SELECT after FROM event e WHERE e.record = 'lead' AND e.record_id = l.id AND kind <> 'added' ORDER BY id DESC LIMIT 1), 'new')",
	"lead moved at another time": "SELECT count(*) FROM lead l WHERE stage_at <> (SELECT max(at) FROM event e WHERE e.record = 'lead' AND e.record_id = l.id)",
	"closed lead with an action": "SELECT count(*) FROM lead WHERE stage IN ('won','lost') AND (next_on IS NOT NULL OR next_action <> '')",
	"open lead without action":   "SELECT count(*) FROM lead WHERE stage NOT IN ('won','lost') AND (next_on IS NULL OR next_action = '')",
	"lost without reason":        "SELECT count(*) FROM lead WHERE (stage = 'lost') <> (lost_reason <> '')",
	"lead that is somebody":      "SELECT count(*) FROM lead WHERE email !~ '@lead\\.example$'",
	"quote not as told":          "SELECT count(*) FROM quote q WHERE status <> (SELECT coalesce(nullif(after, ''), 'requested') FROM event e WHERE e.record = 'quote' AND e.record_id = q.id ORDER BY id DESC LIMIT 1)",
	"quote steps do not join":    "SELECT count(*) FROM (SELECT before, lag(coalesce(nullif(after, ''), 'requested')) OVER (PARTITION BY record_id ORDER BY id) AS last FROM event WHERE record = 'quote') AS e WHERE last <> before",
	"quote not its newest":       "SELECT count(*) FROM quote q LEFT JOIN quote_version v ON v.quote_id = q.id AND v.number = q.newest WHERE (q.total, q.currency, q.valid_until, q.ready_at, q.prepared_by) IS DISTINCT FROM (coalesce(v.total, 0), coalesce(v.currency, ''), v.valid_until, v.prepared_at, v.prepared_by)",
	"quote does not add up":      "SELECT count(*) FROM quote_version WHERE net <> (SELECT sum((l->>'amount')::bigint) FROM jsonb_array_elements(lines) AS l) OR tax <> round(net * tax_rate / 10000.0) OR total <> net + tax",
	"line does not add up":       "SELECT count(*) FROM quote_version, jsonb_array_elements(lines) AS l WHERE (l->>'amount')::bigint <> round((l->>'quantity')::numeric * (l->>'price')::numeric / 1000)",
	"version gap":                "SELECT count(*) FROM quote q WHERE newest <> (SELECT count(*) FROM quote_version v WHERE v.quote_id = q.id)",
	"quote to expire":            "SELECT count(*) FROM quote WHERE status IN ('ready','sent') AND valid_until < ($1::timestamptz AT TIME ZONE 'Europe/London')::date",
	"quote out of order":         "SELECT count(*) FROM quote WHERE ready_at < requested_at OR sent_at < ready_at OR decided_at < sent_at",
	"decided or not":             "SELECT count(*) FROM quote WHERE (decided_at IS NOT NULL) <> (status IN ('accepted','declined'))",
	"visit to nobody's call":     "SELECT count(*) FROM visit v JOIN call c ON c.id = v.call_id WHERE v.customer_id <> c.customer_id OR c.technician_id IS NULL",
	"call without visit":         "SELECT count(*) FROM call c WHERE status = 'closed' AND technician_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.call_id = c.id AND v.outcome = c.resolution AND v.member_id = c.technician_id)",
	"task without visit":         "SELECT count(*) FROM pm_task t WHERE (status = 'done') <> EXISTS (SELECT 1 FROM visit v WHERE v.task_id = t.id AND v.at = t.started_at AND v.member_id = t.done_by)",
	"visit in the past":          "SELECT count(*) FROM visit WHERE NOT happened AND cancelled_at IS NULL AND at < $1",
	"visit still to come":        "SELECT count(*) FROM visit WHERE happened AND at > $1 OR logged_at > $1",
	"visit without entry":        "SELECT count(*) FROM visit v WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.record = 'visit' AND e.record_id = v.id AND e.at = v.logged_at)",
	"visits out of order":        "SELECT count(*) FROM (SELECT logged_at < lag(logged_at) OVER (ORDER BY id) AS early FROM visit) AS v WHERE early",
	"meter runs back":            "SELECT count(*) FROM (SELECT value < lag(value) OVER (PARTITION BY equipment_id ORDER BY at, id) AS back FROM reading) AS r WHERE back",
	"meter of nothing":           "SELECT count(*) FROM reading r JOIN equipment e ON e.id = r.equipment_id WHERE e.meter_unit = '' OR r.at < e.created_at OR r.at > $1",
	"checklist not answered":     "SELECT count(*) FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id JOIN pm_template_version v ON v.template_id = p.template_id AND v.number = t.checklist WHERE (SELECT count(*) FROM pm_answer a WHERE a.task_id = t.id) <> CASE status WHEN 'done' THEN jsonb_array_length(v.steps) WHEN 'started' THEN t.position ELSE 0 END",
	"answer when not working":    "SELECT count(*) FROM pm_answer a JOIN pm_task t ON t.id = a.task_id WHERE a.at < t.started_at OR a.at > coalesce(t.done_at, $1)",
	"task not made":              "SELECT count(*) FROM pm_plan p WHERE active AND (due_on - lead_days <= ($1::timestamptz AT TIME ZONE 'Europe/London')::date OR due_meter <= (SELECT max(value) FROM reading r WHERE r.equipment_id = p.equipment_id)) AND NOT EXISTS (SELECT 1 FROM pm_task t WHERE t.plan_id = p.id AND t.status IN ('open','started'))",
	"task not of its plan":       "SELECT count(*) FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id WHERE t.status IN ('open','started') AND (t.due_on, t.due_key) IS DISTINCT FROM (p.due_on, CASE WHEN t.due_key LIKE 'm%' THEN 'm' || p.due_meter ELSE t.due_key END)",
	"open beside another":        "SELECT count(*) FROM pm_task t JOIN pm_task u ON u.plan_id = t.plan_id AND u.id <> t.id WHERE t.status IN ('open','started') AND u.due_on >= t.due_on",
	"task before its plan":       "SELECT count(*) FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id WHERE t.created_at < p.created_at OR t.created_at > $1 OR t.started_at < t.created_at OR t.done_at < t.started_at OR t.done_at > $1",
	"tasks out of order":         "SELECT count(*) FROM (SELECT created_at < lag(created_at) OVER (ORDER BY id) AS early FROM pm_task) AS t WHERE early",
	"turns not counted":          "SELECT count(*) FROM pm_plan p WHERE done_count <> (SELECT count(*) FROM pm_task t WHERE t.plan_id = p.id AND status NOT IN ('open','started'))",
	"task lacks a skill":         "SELECT count(*) FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id JOIN equipment e ON e.id = p.equipment_id JOIN member m ON m.id = t.technician_id WHERE NOT e.skills <@ m.skills OR NOT 'technician' = ANY(m.roles)",
	"reminder overdue":           "SELECT count(*) FROM pm_task WHERE remind_on <= ($1::timestamptz AT TIME ZONE 'Europe/London')::date OR remind_on IS NOT NULL AND status NOT IN ('open','started')",
	"machine not found":          "SELECT count(*) FROM equipment WHERE search <> lower(model || ' ' || serial)",
}

// checkBooks checks everything beside the calls.
func checkBooks(t *testing.T, s *store.Store, now time.Time) {
	t.Helper()
	for what, sql := range brokenBooks {
		if n := number(t, s, sql, args(sql, now)...); n != 0 {
			t.Errorf("%s: %d rows", what, n)
		}
	}
	alive(t, s, now.In(zoneOf(t)).Format("2006-01-02"))
}

// alive checks that every list has something to show, of every kind.
func alive(t *testing.T, s *store.Store, today string) {
	t.Helper()
	for what, want := range map[string]int{
		"DISTINCT stage) FROM lead": 6, "DISTINCT status) FROM quote": 7, "DISTINCT purpose) FROM visit": 4,
		"*) FROM lead WHERE next_on = '" + today + "'": 5, "*) FROM lead WHERE next_on < '" + today + "'": 2,
		"*) FROM quote WHERE newest > 1": 2, "*) FROM quote WHERE lead_id IS NOT NULL": 3,
		"*) FROM visit WHERE NOT happened AND cancelled_at IS NULL": 4, "*) FROM visit WHERE cancelled_at IS NOT NULL": 1,
		"*) FROM visit WHERE next_on <= '" + today + "' AND next_done_at IS NULL": 3,
		"*) FROM pm_template": 3, "*) FROM pm_task WHERE status = 'done'": 40, "*) FROM pm_task WHERE status = 'started'": 1,
		"*) FROM pm_task WHERE status = 'skipped'": 1, "*) FROM pm_task WHERE status = 'open' AND due_on < '" + today + "'": 3,
		"*) FROM pm_task WHERE status = 'open' AND due_on > '" + today + "'": 3, "*) FROM pm_task WHERE status = 'open' AND due_key LIKE 'm%'": 1,
		"*) FROM pm_answer WHERE result = 'flag'": 3, "*) FROM reading": 800, "*) FROM equipment WHERE contract_until > '" + today + "'": 20,
		"*) FROM holiday": 11,
	} {
		if n := number(t, s, "SELECT count("+what); n < want {
			t.Errorf("%s: %d, want at least %d", what, n, want)
		}
	}
}

// TestBrokenBooksAreFound keeps the table above honest: it must see the commonest mistakes.
func TestBrokenBooksAreFound(t *testing.T) {
	t.Parallel()
	now := moments["afternoon"]
	s := seeded(t, now)
	for what, damage := range map[string]string{
		"lead not as told":       "UPDATE lead SET stage = 'contacted' WHERE id = 13",
		"quote not as told":      "UPDATE quote SET status = 'sent' WHERE id = 13",
		"quote not its newest":   "UPDATE quote SET total = total + 1 WHERE id = 9",
		"quote does not add up":  "INSERT INTO quote_version SELECT quote_id, 9, lines, currency, net + 1, tax_rate, tax, total + 1, valid_until, note, terms, prepared_by, prepared_at FROM quote_version WHERE quote_id = 1",
		"call without visit":     "UPDATE visit SET outcome = 'x' WHERE call_id = 100",
		"task without visit":     "UPDATE visit SET task_id = NULL WHERE task_id = 3",
		"checklist not answered": "DELETE FROM pm_answer WHERE task_id = 5 AND step = 2",
		"task not made":          "DELETE FROM pm_task WHERE status = 'open'",
		"task not of its plan":   "UPDATE pm_plan SET due_on = due_on + 1 WHERE id = 1",
		"meter runs back":        "UPDATE reading SET value = 0 WHERE id > 1000",
	} {
		tx, err := s.Pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), damage); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := tx.QueryRow(t.Context(), brokenBooks[what], args(brokenBooks[what], now)...).Scan(&n); err != nil || n == 0 {
			t.Errorf("%s was not found after %s: %v", what, damage, err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTickFindsTheBooksInOrder lets the desk look for what is due: no task is made, nothing expires, and next to nobody is told.
func TestTickFindsTheBooksInOrder(t *testing.T) {
	t.Parallel()
	for name, now := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := seeded(t, now)
			tasks := number(t, s, "SELECT count(*) FROM pm_task")
			expired := number(t, s, "SELECT count(*) FROM quote WHERE status = 'expired'")
			if err := newDesk(t, s, now).Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := number(t, s, "SELECT count(*) FROM pm_task"); n != tasks {
				t.Errorf("%d tasks, had %d", n, tasks)
			}
			if n := number(t, s, "SELECT count(*) FROM quote WHERE status = 'expired'"); n != expired {
				t.Errorf("%d quotes have expired, had %d", n, expired)
			}
			if n := number(t, s, "SELECT count(*) FROM notice"); n > 6 {
				t.Errorf("%d messages are owed", n)
			}
		})
	}
}

func TestQuotesHaveCards(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	if err := seed.Apply(t.Context(), s, moments["afternoon"], seed.Options{QuotesChannel: seed.QuotesChannel}); err != nil {
		t.Fatal(err)
	}
	if n := number(t, s, "SELECT count(*) FROM card WHERE record = 'quote' AND channel = $1", seed.QuotesChannel); n != 8 {
		t.Errorf("%d quotes have cards, want 8", n)
	}
}
