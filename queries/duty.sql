-- Who is available when: weekly hours, what somebody said about a time, swaps and time off.

-- name: ListDutyRules :many
SELECT * FROM duty_rule WHERE member_id = ANY(@member_ids::bigint[]) ORDER BY member_id, weekday, starts;

-- ListDutyOverrides lists the overrides that touch a time, the newest first.
-- name: ListDutyOverrides :many
SELECT * FROM duty_override
WHERE member_id = ANY(@member_ids::bigint[]) AND starts_at < @until AND (ends_at IS NULL OR ends_at > @since)
ORDER BY member_id, id DESC;

-- ListTimeOff lists the approved time off that touches a time.
-- name: ListTimeOff :many
SELECT * FROM time_off
WHERE member_id = ANY(@member_ids::bigint[]) AND state = 'approved' AND starts_at < @until AND ends_at > @since ORDER BY member_id, id;

-- ListHolidaysBetween lists the days on which nobody works, both ends included.
-- name: ListHolidaysBetween :many
SELECT * FROM holiday WHERE day BETWEEN sqlc.arg(first)::date AND sqlc.arg(last)::date ORDER BY day;

-- name: InsertDutyRule :exec
INSERT INTO duty_rule (member_id, weekday, starts, ends, on_call) VALUES ($1, $2, $3, $4, $5);

-- name: DeleteDutyRules :exec
DELETE FROM duty_rule WHERE member_id = $1;

-- LockMember reads a member whose hours, skills or days are about to change.
-- name: LockMember :one
SELECT * FROM member WHERE id = $1 FOR NO KEY UPDATE;

-- EditMember writes what the forms about duty and skills change.
-- name: EditMember :exec
UPDATE member SET skills = @skills, territory = @territory, capacity = @capacity, version = version + 1 WHERE id = @id;

-- EndDutyOverrides ends the overrides of a member that are running; what is planned stays.
-- name: EndDutyOverrides :exec
UPDATE duty_override SET ends_at = @at WHERE member_id = @member_id AND starts_at <= @at AND (ends_at IS NULL OR ends_at > @at);

-- name: InsertDutyOverride :exec
INSERT INTO duty_override (member_id, on_duty, on_call, starts_at, ends_at, created_at, created_by, swap_id)
VALUES (@member_id, @on_duty, @on_call, @starts_at, sqlc.narg(ends_at), @created_at, sqlc.narg(created_by), sqlc.narg(swap_id));

-- GetNextOverride reads the next override that begins after a moment.
-- name: GetNextOverride :one
SELECT * FROM duty_override WHERE member_id = @member_id AND starts_at > @after ORDER BY starts_at, id LIMIT 1;

-- name: GetDutyOverride :one
SELECT * FROM duty_override WHERE id = $1;

-- DropDutyOverride takes back an override that has not begun.
-- name: DropDutyOverride :exec
DELETE FROM duty_override WHERE id = $1;

-- EndDutyOverride ends one that runs.
-- name: EndDutyOverride :exec
UPDATE duty_override SET ends_at = @at WHERE id = @id;

-- name: InsertSwap :one
INSERT INTO duty_swap (member_id, starts_at, ends_at, spans, words, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *;

-- name: LockSwap :one
SELECT * FROM duty_swap WHERE id = $1 FOR NO KEY UPDATE;

-- name: GetSwap :one
SELECT sqlc.embed(s), asker.name AS asker, asker.skills, asker.timezone, coalesce(taker.name, '')::text AS taker
FROM duty_swap s JOIN member asker ON asker.id = s.member_id LEFT JOIN member taker ON taker.id = s.taken_by WHERE s.id = $1;

-- name: EndSwap :exec
UPDATE duty_swap SET state = @state, taken_by = sqlc.narg(taken_by), ended_at = @now, version = version + 1 WHERE id = @id;

-- ListOpenSwapsOf lists when a member asks to be covered, the soonest first.
-- name: ListOpenSwapsOf :many
SELECT * FROM duty_swap WHERE member_id = $1 AND state = 'open' ORDER BY starts_at, id LIMIT 50;

-- TakeOverdueSwaps takes open swaps whose time has begun; another instance that ticks skips them.
-- name: TakeOverdueSwaps :many
SELECT * FROM duty_swap WHERE state = 'open' AND starts_at <= @now ORDER BY id LIMIT 50 FOR NO KEY UPDATE SKIP LOCKED;

-- HasOpenSwap finds an open swap of a member that overlaps a time.
-- name: HasOpenSwap :one
SELECT EXISTS (SELECT 1 FROM duty_swap WHERE member_id = @member_id AND state = 'open' AND starts_at < @until AND ends_at > @since)::boolean;

-- name: InsertTimeOff :one
INSERT INTO time_off (member_id, starts_at, ends_at, reason, created_at, state, decided_by, decided_at)
VALUES (@member_id, @starts_at, @ends_at, @reason, @created_at, @state, sqlc.narg(decided_by), sqlc.narg(decided_at)) RETURNING *;

-- name: LockTimeOff :one
SELECT * FROM time_off WHERE id = $1 FOR NO KEY UPDATE;

-- name: GetTimeOff :one
SELECT sqlc.embed(t), m.name, m.timezone, coalesce(decider.name, '')::text AS decided_by_name
FROM time_off t JOIN member m ON m.id = t.member_id LEFT JOIN member decider ON decider.id = t.decided_by WHERE t.id = $1;

-- DecideTimeOff writes what became of time off; ends_at moves when somebody comes back early.
-- name: DecideTimeOff :exec
UPDATE time_off SET state = @state, ends_at = @ends_at, decided_by = sqlc.narg(decided_by), decided_at = @now WHERE id = @id;

-- ListTimeOffAround lists the time off of everybody that is asked for or approved and touches a time.
-- name: ListTimeOffAround :many
SELECT t.*, m.name FROM time_off t JOIN member m ON m.id = t.member_id
WHERE t.state IN ('asked','approved') AND t.starts_at < @until AND t.ends_at > @since ORDER BY t.starts_at, t.id LIMIT 100;

-- ListTimeOffOf lists the time off of one member that is asked for or approved and touches a time.
-- name: ListTimeOffOf :many
SELECT * FROM time_off
WHERE member_id = @member_id AND state IN ('asked','approved') AND starts_at < @until AND ends_at > @since ORDER BY starts_at, id LIMIT 100;

-- ListTimeOffAsked lists what waits for approval, the soonest first.
-- name: ListTimeOffAsked :many
SELECT t.*, m.name FROM time_off t JOIN member m ON m.id = t.member_id WHERE t.state = 'asked' ORDER BY t.starts_at, t.id LIMIT 50;

-- ListTasksBetween lists the open maintenance of a technician that is due between two days.
-- name: ListTasksBetween :many
SELECT t.id, t.due_on, e.model, e.serial FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id JOIN equipment e ON e.id = p.equipment_id
WHERE t.technician_id = @technician_id AND t.status IN ('open','started') AND t.due_on BETWEEN sqlc.arg(first)::date AND sqlc.arg(last)::date
ORDER BY t.due_on, t.id LIMIT 20;

-- ListSkillsNeeded lists the skills that machines in use ask for.
-- name: ListSkillsNeeded :many
SELECT DISTINCT unnest(skills)::text AS skill FROM equipment WHERE retired_at IS NULL ORDER BY 1 LIMIT 200;

-- ListTerritories lists where the customers with machines in use are.
-- name: ListTerritories :many
SELECT DISTINCT c.territory FROM customer c WHERE c.territory <> '' AND EXISTS (SELECT 1 FROM equipment e WHERE e.customer_id = c.id AND e.retired_at IS NULL)
ORDER BY c.territory LIMIT 200;

-- GetHandOver reads the line with which a call was handed over, if nobody took it since.
-- name: GetHandOver :one
SELECT e.kind, e.note, coalesce(m.name, '')::text AS name FROM call_event e LEFT JOIN member m ON m.id = e.member_id
WHERE e.call_id = $1 AND (e.kind IN ('handed_over','accepted','closed') OR e.kind = 'undone' AND e.before = 'handed_over') ORDER BY e.id DESC LIMIT 1;
