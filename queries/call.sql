-- LogCall stores a new call with its timeline entry, its delivery key, its cards, its customer's last activity and its jobs in
-- one round trip. Without a site it takes that of the machine, or the customer's only one. No row means that the same delivery
-- is already stored: GetInbound tells which call it made. Jobs are written, and workers woken, as
-- https://riverqueue.com/docs/sql says.
-- name: LogCall :one
WITH number AS (
    SELECT nextval(pg_get_serial_sequence('call', 'id')) AS id
), delivery AS (
    INSERT INTO inbound (key, received_at, call_id) SELECT @key, @now, number.id FROM number
    ON CONFLICT (key) DO NOTHING RETURNING call_id
), logged AS (
    INSERT INTO call (id, priority, customer_id, site_id, contact_id, equipment_id, summary, details, search, wanted_id, logged_by,
        opened_at)
    SELECT delivery.call_id, @priority, @customer_id, coalesce(sqlc.narg(site_id)::bigint, machine.site_id, known.id) AS place,
        sqlc.narg(contact_id), sqlc.narg(equipment_id), @summary, @details, @search, sqlc.narg(wanted_id), @logged_by,
        @now
    FROM delivery
    LEFT JOIN (SELECT site.customer_id, max(site.id)::bigint AS id FROM site GROUP BY site.customer_id HAVING count(*) = 1) AS known
        ON known.customer_id = @customer_id
    LEFT JOIN equipment AS machine ON machine.id = sqlc.narg(equipment_id)
    RETURNING id
), entry AS (
    INSERT INTO call_event (call_id, at, member_id, via, kind, after)
    SELECT logged.id, @now, @logged_by, @via, 'logged', @summary FROM logged
), shown AS (
    INSERT INTO card (record, record_id, platform, channel)
    SELECT 'call', logged.id, unnest(@platforms::text[]), unnest(@channels::text[]) FROM logged
), seen AS (
    UPDATE customer SET active_at = @now FROM logged WHERE customer.id = @customer_id
), job AS (
    INSERT INTO river.river_job (kind, args, priority, max_attempts)
    SELECT unnest(@job_kinds::text[]), unnest(@job_args::jsonb[]) || jsonb_build_object('call_id', logged.id, 'record_id', logged.id),
        unnest(@job_priorities::smallint[]), @job_tries::smallint FROM logged
)
SELECT logged.id FROM logged
LEFT JOIN LATERAL (SELECT pg_notify('river.river_insert', '{"queue": "default"}') WHERE @wake::boolean) AS woken ON true;

-- GetOwners reads whose machine, contact and site these are; 0 where there is none.
-- name: GetOwners :one
SELECT coalesce((SELECT customer_id FROM equipment WHERE equipment.id = @equipment_id), 0)::bigint AS equipment,
    coalesce((SELECT customer_id FROM contact WHERE contact.id = @contact_id), 0)::bigint AS contact,
    coalesce((SELECT customer_id FROM site WHERE site.id = @site_id), 0)::bigint AS site;

-- name: GetInbound :one
SELECT * FROM inbound WHERE key = $1;

-- InsertInbound claims a delivery; zero rows mean that it was handled before.
-- name: InsertInbound :execrows
INSERT INTO inbound (key, received_at, answer) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING;

-- name: DeleteOldInbound :execrows
DELETE FROM inbound WHERE received_at < $1;

-- name: GetCall :one
SELECT * FROM call WHERE id = $1;

-- LockCall reads a call that is about to change; the lock lasts until the transaction ends.
-- name: LockCall :one
SELECT * FROM call WHERE id = $1 FOR NO KEY UPDATE;

-- UpdateCall writes what a step of the call's life changes.
-- name: UpdateCall :one
UPDATE call SET status = @status, progress = @progress, priority = @priority, technician_id = sqlc.narg(technician_id),
    wanted_id = sqlc.narg(wanted_id), accepted_at = sqlc.narg(accepted_at), closed_at = sqlc.narg(closed_at), resolution = @resolution,
    resume_on = sqlc.narg(resume_on), version = version + 1
WHERE id = @id RETURNING *;

-- EditCall writes what the form of a call changes; what a step changes is UpdateCall's.
-- name: EditCall :exec
UPDATE call SET summary = @summary, details = @details, search = @search WHERE id = @id;

-- GetCallView reads a call with the names around it.
-- name: GetCallView :one
SELECT sqlc.embed(call), sqlc.embed(customer),
    coalesce(site.name, '')::text AS site_name, coalesce(site.address, '')::text AS site_address,
    coalesce(contact.name, '')::text AS contact_name, coalesce(contact.phone, '')::text AS contact_phone,
    coalesce(equipment.model, '')::text AS equipment_model, coalesce(equipment.serial, '')::text AS equipment_serial,
    equipment.warranty_until,
    coalesce(technician.name, '')::text AS technician_name, logger.name AS logged_by_name
FROM call
JOIN customer ON customer.id = call.customer_id
JOIN member logger ON logger.id = call.logged_by
LEFT JOIN site ON site.id = call.site_id
LEFT JOIN contact ON contact.id = call.contact_id
LEFT JOIN equipment ON equipment.id = call.equipment_id
LEFT JOIN member technician ON technician.id = call.technician_id
WHERE call.id = $1;

-- name: InsertCallEvent :one
INSERT INTO call_event (call_id, at, member_id, via, kind, before, after, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id;

-- ListCallEvents reads the newest part of a timeline, the newest first, with who did it.
-- name: ListCallEvents :many
SELECT sqlc.embed(call_event), coalesce(member.name, '')::text AS member_name
FROM call_event LEFT JOIN member ON member.id = call_event.member_id
WHERE call_event.call_id = $1 ORDER BY call_event.id DESC LIMIT 500;

-- name: GetCallEvent :one
SELECT sqlc.embed(call_event), coalesce(member.name, '')::text AS member_name
FROM call_event LEFT JOIN member ON member.id = call_event.member_id
WHERE call_event.id = $1;

-- ListUnpostedEvents lists the entries of a timeline that are not in its thread on a platform.
-- name: ListUnpostedEvents :many
SELECT id FROM call_event WHERE call_id = @call_id AND NOT posted AND NOT @platform::text = ANY (shown_in) ORDER BY id LIMIT 50;

-- MarkEventPosted records that an entry is in the thread on a platform; the last one whose card is there makes it posted.
-- name: MarkEventPosted :exec
UPDATE call_event SET shown_in = shown_in || @platform::text, posted = NOT EXISTS (
    SELECT 1 FROM card WHERE card.record = 'call' AND card.record_id = call_event.call_id AND card.platform <> @platform
        AND NOT card.platform = ANY (call_event.shown_in))
WHERE call_event.id = @id;

-- ListCallsOfTechnician lists what a technician has on their hands, the most pressing first.
-- name: ListCallsOfTechnician :many
SELECT sqlc.embed(call), customer.name AS customer_name FROM call JOIN customer ON customer.id = call.customer_id
WHERE call.status = 'pending' AND call.technician_id = @member_id
ORDER BY array_position(ARRAY['urgent','high','normal','low'], call.priority), call.id LIMIT @max;

-- ListOffersToMember lists the calls a member has been asked to take and has not answered.
-- name: ListOffersToMember :many
SELECT sqlc.embed(call), customer.name AS customer_name
FROM offer JOIN call ON call.id = offer.call_id JOIN customer ON customer.id = call.customer_id
WHERE offer.member_id = @member_id AND offer.state = 'open' ORDER BY offer.id LIMIT @max;


-- GetLastTurn reads what last became of finding somebody for a call; notes and the like do not count.
-- name: GetLastTurn :one
SELECT kind FROM call_event
WHERE call_id = $1 AND kind IN ('logged','offered','nobody','accepted','declined','handed_back','withdrawn','reopened','undone')
ORDER BY id DESC LIMIT 1;

-- TakeUnassigned marks calls as tried that nobody has and nobody is asked to take, and lists them, the most pressing first.
-- Those tried longest ago come in, so that calls nobody can take do not keep the others waiting. Calls to which something just
-- happened are left out: a job for them is under way.
-- name: TakeUnassigned :many
WITH due AS (
    SELECT id FROM call WHERE status = 'pending' AND progress = 'unassigned'
        AND NOT EXISTS (SELECT 1 FROM call_event WHERE call_event.call_id = call.id AND call_event.at > @quiet_since)
    ORDER BY tried_at NULLS FIRST, array_position(ARRAY['urgent','high','normal','low'], priority), id LIMIT @max
    FOR NO KEY UPDATE SKIP LOCKED
), tried AS (
    UPDATE call SET tried_at = @now FROM due WHERE call.id = due.id RETURNING call.id, call.priority
)
SELECT id FROM tried ORDER BY array_position(ARRAY['urgent','high','normal','low'], priority), id;
