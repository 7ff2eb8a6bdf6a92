-- name: InsertReportRun :one
INSERT INTO report_run (schedule_id, due_at, kind, filters, platform, channel, requested_by, created_at)
VALUES (sqlc.narg(schedule_id), @due_at, @kind, @filters, @platform, @channel, @requested_by, @created_at)
ON CONFLICT (schedule_id, due_at) DO NOTHING RETURNING *;

-- name: GetReportRun :one
SELECT * FROM report_run WHERE id = $1;

-- name: FinishReportRun :exec
UPDATE report_run SET state = @state, error = @error, sent_at = @sent_at WHERE id = @id;

-- name: InsertReportSchedule :one
INSERT INTO report_schedule (kind, filters, cron, timezone, platform, channel, created_by, created_at, next_run_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *;

-- name: ListReportSchedules :many
SELECT sqlc.embed(report_schedule), member.name AS created_by_name
FROM report_schedule JOIN member ON member.id = report_schedule.created_by
WHERE report_schedule.active ORDER BY report_schedule.next_run_at, report_schedule.id LIMIT 100;

-- ListDueSchedules takes the schedules whose time has come; another instance that ticks skips them.
-- name: ListDueSchedules :many
SELECT * FROM report_schedule WHERE active AND next_run_at <= $1 ORDER BY next_run_at LIMIT 100 FOR UPDATE SKIP LOCKED;

-- name: SetScheduleNext :exec
UPDATE report_schedule SET next_run_at = $2 WHERE id = $1;

-- name: StopSchedule :execrows
UPDATE report_schedule SET active = false WHERE id = $1 AND active;
