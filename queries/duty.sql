-- name: ListDutyRules :many
SELECT * FROM duty_rule WHERE member_id = ANY(@member_ids::bigint[]) ORDER BY member_id, weekday, starts;

-- ListDutyOverrides lists the overrides that touch a moment, the newest first.
-- name: ListDutyOverrides :many
SELECT * FROM duty_override WHERE member_id = ANY(@member_ids::bigint[]) AND starts_at <= @at AND (ends_at IS NULL OR ends_at > @at)
ORDER BY member_id, id DESC;

-- name: ListTimeOff :many
SELECT * FROM time_off WHERE member_id = ANY(@member_ids::bigint[]) AND starts_at <= @at AND ends_at > @at ORDER BY member_id, id;

-- name: InsertDutyRule :exec
INSERT INTO duty_rule (member_id, weekday, starts, ends) VALUES ($1, $2, $3, $4);

-- EndDutyOverrides ends the overrides of a member that are still running.
-- name: EndDutyOverrides :exec
UPDATE duty_override SET ends_at = @at WHERE member_id = @member_id AND (ends_at IS NULL OR ends_at > @at);

-- name: InsertDutyOverride :exec
INSERT INTO duty_override (member_id, on_duty, starts_at, ends_at, created_at) VALUES ($1, $2, $3, $4, $5);
