-- Customers with machines, one plan each, leads, quotes, visits and tasks, spread over the years before a day. Everything follows
-- from numbers, so the same counts give the same rows. Each part is one statement.

-- part: customer
INSERT INTO customer (name, search, territory, active_at, created_at)
SELECT 'Customer ' || i || ' ' || (@words::text[])[1 + i % 40], lower('customer ' || i || ' ' || (@words::text[])[1 + i % 40]),
    (ARRAY['North','South','East','West'])[1 + i % 4], @now::timestamptz - make_interval(mins => i::int % 500000), @first::timestamptz
FROM generate_series(1, @n::bigint) AS i

-- part: site
INSERT INTO site (customer_id, name, address, created_at)
SELECT c.id, 'Main site', c.id || ' Quay Street', @first::timestamptz FROM customer c WHERE NOT EXISTS (SELECT 1 FROM site s WHERE s.customer_id = c.id)

-- part: equipment
WITH owner AS (SELECT c.id, (SELECT min(s.id) FROM site s WHERE s.customer_id = c.id) AS site_id, row_number() OVER (ORDER BY c.id) - 1 AS n FROM customer c)
INSERT INTO equipment (customer_id, site_id, model, serial, search, skills, meter_unit, installed_on, warranty_until, created_at)
SELECT owner.id, owner.site_id, m.model, 'M' || i, lower(m.model || ' m' || i), '{copier}', 'pages', @first::date, @first::date + 1000 + i::int % 1000, @first::timestamptz
FROM generate_series(1, @n::bigint) AS i
JOIN owner ON owner.n = i % (SELECT count(*) FROM owner)
CROSS JOIN LATERAL (SELECT (ARRAY['Vela C301','Vela C550','Orrery 4020','Brimstone MX8'])[1 + i % 4] AS model) AS m
ORDER BY i

-- part: reading
INSERT INTO reading (equipment_id, value, at, member_id, via)
SELECT e.id, 1000 * k + e.id % 1000, @now::timestamptz - make_interval(days => 100 - 30 * k::int), (SELECT min(id) FROM member), 'slack'
FROM equipment e CROSS JOIN generate_series(1, 3) AS k WHERE e.meter_unit <> '' AND e.serial LIKE 'M%'
ORDER BY k, e.id

-- part: template
INSERT INTO pm_template (name, created_by, created_at)
SELECT 'Service', (SELECT min(id) FROM member), @first::timestamptz WHERE NOT EXISTS (SELECT 1 FROM pm_template)

-- part: checklist
INSERT INTO pm_template_version (template_id, number, steps, created_by, created_at)
SELECT id, 1, '[{"kind":"check","text":"Clean"},{"kind":"pass","text":"Rollers"}]', created_by, created_at FROM pm_template t
WHERE NOT EXISTS (SELECT 1 FROM pm_template_version v WHERE v.template_id = t.id)

-- part: plan
INSERT INTO pm_plan (equipment_id, template_id, every, unit, lead_days, anchor_on, due_on, created_by, created_at)
SELECT e.id, (SELECT min(id) FROM pm_template), 3, 'month', 14, @first::date + e.id::int % 90, @now::date + (e.id * 7 % 90)::int - 3,
    (SELECT min(id) FROM member), @first::timestamptz
FROM equipment e WHERE e.serial LIKE 'M%' AND NOT EXISTS (SELECT 1 FROM pm_plan p WHERE p.equipment_id = e.id)
ORDER BY e.id

-- part: task
WITH technician AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM member WHERE state = 'active' AND 'technician' = ANY(roles)
), planned AS (
    SELECT p.id AS plan_id, p.due_on, row_number() OVER (ORDER BY p.id) - 1 AS n
    FROM pm_plan p JOIN equipment e ON e.id = p.equipment_id WHERE e.serial LIKE 'M%'
), number AS (
    SELECT i, i / (SELECT count(*) FROM planned) AS back, i % (SELECT count(*) FROM planned) AS n FROM generate_series(0, @n::bigint - 1) AS i
), turn AS (
    SELECT number.i, number.back, planned.plan_id, planned.due_on - 90 * number.back::int AS due_on FROM number JOIN planned USING (n)
), wanted AS (
    SELECT * FROM turn WHERE back > 0 OR due_on <= @now::date + 14
)
INSERT INTO pm_task (plan_id, due_key, due_on, status, technician_id, checklist, position, remind_on, started_at, started_by, done_at, done_by, created_at)
SELECT w.plan_id, w.due_on::text, w.due_on, CASE WHEN w.back = 0 THEN 'open' WHEN w.i % 40 = 0 THEN 'skipped' ELSE 'done' END,
    CASE WHEN w.back = 0 AND w.i % 20 = 0 THEN NULL ELSE t.id END, 1, 0,
    CASE WHEN w.back = 0 THEN w.due_on + 30 END, done.at, CASE WHEN done.at IS NOT NULL THEN t.id END,
    done.at + interval '1 hour', CASE WHEN done.at IS NOT NULL THEN t.id END, w.due_on - 14
FROM wanted w JOIN technician t ON t.n = w.i % (SELECT count(*) FROM technician)
CROSS JOIN LATERAL (SELECT CASE WHEN w.back > 0 AND w.i % 40 <> 0 THEN w.due_on + make_interval(hours => 9 + (w.i % 60)::int) END AS at) AS done
ORDER BY w.due_on, w.i

-- part: answer
INSERT INTO pm_answer (task_id, step, result, member_id, via, at)
SELECT t.id, k, CASE WHEN (t.id + k) % 29 = 0 THEN 'flag' WHEN k = 0 THEN 'done' ELSE 'pass' END, t.done_by, 'slack', t.done_at
FROM pm_task t CROSS JOIN generate_series(0, 1) AS k WHERE t.status = 'done' AND t.id % @n::bigint = 0

-- part: lead
WITH owner AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM member WHERE state = 'active' AND roles && '{sales,dispatcher,admin}'
), made AS (
    SELECT i, hashint8(i)::bigint + 2147483648 AS a, @first::timestamptz + make_interval(secs => i::float8 * @seconds::float8 / @n::float8) AS at
    FROM generate_series(1, @n::bigint) AS i
), staged AS (
    SELECT *, CASE WHEN a % 100 < 30 THEN 'won' WHEN a % 100 < 85 THEN 'lost' ELSE (ARRAY['new','contacted','qualified','quoted'])[1 + a / 100 % 4] END AS stage FROM made
)
INSERT INTO lead (name, company, email, source, interest, owner_id, stage, next_action, next_on, lost_reason, customer_id, search, added_by, added_at, stage_at)
SELECT 'Lead ' || i, w.word || ' and ' || i, 'lead' || i || '@lead.example', source.name, 'Interested in ' || w.word, owner.id, stage,
    CASE WHEN stage IN ('won','lost') THEN '' ELSE 'Ring back' END, CASE WHEN stage NOT IN ('won','lost') THEN @now::date - 20 + (a % 80)::int END,
    CASE WHEN stage = 'lost' THEN 'Too dear' ELSE '' END, CASE WHEN stage = 'won' THEN (SELECT min(id) FROM customer) + a % (SELECT count(*) FROM customer) END,
    lower('lead ' || i || ' ' || w.word || ' and ' || i || ' lead' || i || '@lead.example ' || source.name || ' interested in ' || w.word),
    owner.id, at, at + interval '9 days'
FROM staged JOIN owner ON owner.n = a % (SELECT count(*) FROM owner)
CROSS JOIN LATERAL (SELECT (@words::text[])[1 + a / 7 % 40] AS word) AS w
CROSS JOIN LATERAL (SELECT (ARRAY['Website','Telephone','Trade fair','Recommended','Existing customer'])[1 + a / 3 % 5] AS name) AS source
ORDER BY i

-- part: quote
WITH asker AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM member WHERE state = 'active' AND roles && '{sales,dispatcher,technician}'
), made AS (
    SELECT i, hashint8(i + 77)::bigint + 2147483648 AS a, @first::timestamptz + make_interval(secs => i::float8 * @seconds::float8 / @n::float8) AS at
    FROM generate_series(1, @n::bigint) AS i
), moved AS (
    SELECT *, CASE WHEN i > @n::bigint * 99 / 100 THEN (ARRAY['requested','ready','sent','change_requested'])[1 + a % 4]
        ELSE (ARRAY['accepted','declined','expired','accepted'])[1 + a % 4] END AS status FROM made
)
INSERT INTO quote (customer_id, lead_id, wanted, status, search, requested_by, requested_at, prepared_by, ready_at, sent_at, decided_at, newest, total, currency, valid_until)
SELECT CASE WHEN a % 10 > 0 OR lead.first IS NULL THEN (SELECT min(id) FROM customer) + a / 10 % (SELECT count(*) FROM customer) END,
    CASE WHEN a % 10 = 0 THEN lead.first + a / 10 % lead.many END, 'Price for ' || w.word || ' ' || i, status, lower('price for ' || w.word || ' ' || i),
    asker.id, at, CASE WHEN status <> 'requested' THEN asker.id END, CASE WHEN status <> 'requested' THEN at + interval '1 day' END,
    CASE WHEN status NOT IN ('requested','ready') THEN at + interval '2 days' END, CASE WHEN status IN ('accepted','declined') THEN at + interval '9 days' END,
    CASE WHEN status = 'requested' THEN 0 ELSE 1 END, CASE WHEN status = 'requested' THEN 0 ELSE 12000 + a % 90000 / 5 * 6 END,
    CASE WHEN status = 'requested' THEN '' ELSE 'GBP' END, CASE WHEN status <> 'requested' THEN greatest((at + interval '31 days')::date, CASE WHEN status IN ('ready','sent') THEN @now::date + 20 END) END
FROM moved JOIN asker ON asker.n = a % (SELECT count(*) FROM asker)
CROSS JOIN (SELECT min(id) AS first, nullif(count(*), 0) AS many FROM lead) AS lead
CROSS JOIN LATERAL (SELECT (@words::text[])[1 + a / 7 % 40] AS word) AS w
ORDER BY i

-- part: version
INSERT INTO quote_version (quote_id, number, lines, currency, net, tax_rate, tax, total, valid_until, prepared_by, prepared_at)
SELECT q.id, 1, jsonb_build_array(jsonb_build_object('quantity', 1000, 'text', q.wanted, 'price', q.total / 6 * 5, 'amount', q.total / 6 * 5)),
    q.currency, q.total / 6 * 5, 2000, q.total / 6, q.total, q.valid_until, q.prepared_by, q.ready_at
FROM quote q WHERE q.newest = 1 AND NOT EXISTS (SELECT 1 FROM quote_version v WHERE v.quote_id = q.id)

-- part: visit
WITH goer AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM member WHERE state = 'active' AND roles && '{technician,sales}'
), made AS (
    SELECT i, hashint8(i + 991)::bigint + 2147483648 AS a,
        @first::timestamptz + make_interval(secs => i::float8 * (@seconds::float8 + 1728000) / @n::float8) AS at -- twenty days ahead
    FROM generate_series(1, @n::bigint) AS i
)
INSERT INTO visit (customer_id, lead_id, purpose, member_id, at, planned_at, happened, cancelled_at, outcome, next_step, next_on, call_id, task_id, search, logged_by, logged_at)
SELECT CASE WHEN a % 10 > 0 OR lead.first IS NULL THEN (SELECT min(id) FROM customer) + a / 10 % (SELECT count(*) FROM customer) END,
    CASE WHEN a % 10 = 0 THEN lead.first + a / 10 % lead.many END, (ARRAY['service','service','maintenance','sales','follow_up'])[1 + a % 5],
    goer.id, at, CASE WHEN at > @now::timestamptz THEN at END, at <= @now::timestamptz, CASE WHEN a % 97 = 0 THEN least(at, @now::timestamptz) END,
    CASE WHEN at <= @now::timestamptz THEN 'Looked at ' || w.word ELSE '' END, CASE WHEN a % 50 = 0 THEN 'Ring about ' || w.word ELSE '' END,
    CASE WHEN a % 50 = 0 THEN (at + interval '10 days')::date END, CASE WHEN a % 5 < 2 THEN work.call + a % work.calls END, CASE WHEN a % 5 = 2 THEN work.task + a % work.tasks END,
    lower('looked at ' || w.word || ' ' || i), goer.id, least(at, @now::timestamptz)
FROM made JOIN goer ON goer.n = a % (SELECT count(*) FROM goer)
CROSS JOIN (SELECT min(id) AS first, nullif(count(*), 0) AS many FROM lead) AS lead
CROSS JOIN (SELECT (SELECT min(id) FROM call) AS call, (SELECT nullif(count(*), 0) FROM call) AS calls,
    (SELECT min(id) FROM pm_task) AS task, (SELECT nullif(count(*), 0) FROM pm_task) AS tasks) AS work
CROSS JOIN LATERAL (SELECT (@words::text[])[1 + a / 7 % 40] AS word) AS w
ORDER BY i

-- part: event
INSERT INTO event (record, record_id, at, member_id, via, kind, posted)
SELECT 'lead', id, added_at, added_by, 'slack', 'added', true FROM lead
UNION ALL SELECT 'quote', id, requested_at, requested_by, 'slack', 'requested', true FROM quote
UNION ALL SELECT 'visit', id, logged_at, logged_by, 'slack', 'visited', true FROM visit
UNION ALL SELECT 'task', id, created_at, NULL, 'desk', 'made', true FROM pm_task
