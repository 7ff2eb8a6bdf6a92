WITH machine AS (
    SELECT e.id, e.customer_id, e.site_id, (SELECT min(c.id) FROM contact c WHERE c.customer_id = e.customer_id) AS contact_id,
        row_number() OVER (ORDER BY e.id) - 1 AS n
    FROM equipment e
), technician AS (
    SELECT m.id, m.name, row_number() OVER (ORDER BY m.id) - 1 AS n
    FROM member m WHERE m.state = 'active' AND 'technician' = ANY(m.roles)
), desk AS (
    SELECT min(m.id) AS id FROM member m WHERE 'dispatcher' = ANY(m.roles)
), text AS (
    SELECT split_part(t, E'\n', 1) AS summary, split_part(t, E'\n', 2) AS details, s AS search, f AS fix, n - 1 AS n
    FROM unnest(@texts::text[], @searches::text[], @fixes::text[]) WITH ORDINALITY AS list(t, s, f, n)
), planned AS (
    SELECT i, i::float8 * @days::int / @n::int AS day,
        hashint8(i)::bigint + 2147483648 AS a, hashint8(i + 1000000007)::bigint + 2147483648 AS b
    FROM generate_series(0, @n::bigint - 1) AS i
), timed AS (
    SELECT i, a, b, @first::timestamptz + make_interval(days => (floor(day)::int / 5) * 7 + floor(day)::int % 5)
        + make_interval(secs => 28800 + (day - floor(day)) * 36000) AS opened_at
    FROM planned
), made AS (
    INSERT INTO call (status, progress, priority, customer_id, site_id, contact_id, equipment_id, summary, details, search,
        technician_id, logged_by, opened_at, accepted_at, closed_at, resolution, version)
    SELECT 'closed', 'on_site', (ARRAY['normal','normal','normal','high','low','normal','urgent','high'])[1 + t.b % 8],
        machine.customer_id, machine.site_id, machine.contact_id, machine.id, text.summary, text.details, text.search,
        technician.id, desk.id, t.opened_at, t.opened_at + make_interval(secs => 30 + t.b % 1100),
        t.opened_at + make_interval(secs => 3600 + t.a % 100000), text.fix, 6
    FROM timed t CROSS JOIN desk
    JOIN machine ON machine.n = t.a % (SELECT count(*) FROM machine)
    JOIN technician ON technician.n = t.b % (SELECT count(*) FROM technician)
    JOIN text ON text.n = (t.a / 7) % (SELECT count(*) FROM text)
    ORDER BY t.i
    RETURNING *
), asked AS (
    INSERT INTO offer (call_id, member_id, state, why, offered_at, deadline_at, answered_at)
    SELECT id, technician_id, 'accepted', '[]', opened_at, opened_at + interval '20 minutes', accepted_at FROM made ORDER BY id
), told AS (
    INSERT INTO call_event (call_id, at, member_id, via, kind, before, after, note, posted)
    SELECT made.id, step.at, step.member_id, step.via, step.kind, step.before, step.after, step.note, true
    FROM made JOIN technician ON technician.id = made.technician_id CROSS JOIN LATERAL (VALUES
        (made.opened_at, made.logged_by, 'slack', 'logged', '', made.summary, ''),
        (made.opened_at, NULL, 'desk', 'offered', 'unassigned', technician.name, ''),
        (made.accepted_at, made.technician_id, 'sms', 'accepted', 'offered', 'accepted', ''),
        (made.accepted_at + (made.closed_at - made.accepted_at) / 3, made.technician_id, 'slack', 'en_route', 'accepted', 'en_route', ''),
        (made.accepted_at + (made.closed_at - made.accepted_at) / 2, made.technician_id, 'slack', 'on_site', 'en_route', 'on_site', ''),
        (made.closed_at, made.technician_id, 'slack', 'closed', 'pending', 'closed', made.resolution)
    ) AS step(at, member_id, via, kind, before, after, note)
    ORDER BY made.id, step.at
)
UPDATE customer SET active_at = greatest(customer.active_at, last.at)
FROM (SELECT customer_id, max(opened_at) AS at FROM made GROUP BY customer_id) AS last WHERE customer.id = last.customer_id
