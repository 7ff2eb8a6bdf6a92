-- The rows of one logged call, as plainly as SQL can write them: what Postgres alone can do.
\set customer random(1, 200)
BEGIN;
INSERT INTO call (customer_id, equipment_id, contact_id, summary, details, search, logged_by, opened_at)
    VALUES (:customer, :customer, :customer, 'The machine jams on tray 2', repeat('The machine jams on tray 2. ', 20),
        repeat('the machine jams on tray 2. ', 20), 1, now()) RETURNING id AS call \gset
INSERT INTO inbound (key, received_at, call_id) VALUES ('pgbench:' || :call::bigint, now(), :call);
INSERT INTO call_event (call_id, at, member_id, via, kind, after) VALUES (:call, now(), 1, 'slack', 'logged', 'The machine jams on tray 2');
INSERT INTO card (call_id, platform, channel) VALUES (:call, 'slack', 'C0CALLS');
INSERT INTO river.river_job (kind, args, max_attempts, priority)
    VALUES ('assign', jsonb_build_object('call_id', :call::bigint), 20, 1), ('card', jsonb_build_object('call_id', :call::bigint), 20, 2);
COMMIT;
