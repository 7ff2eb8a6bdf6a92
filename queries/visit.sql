-- name: InsertVisit :one
INSERT INTO visit (customer_id, lead_id, purpose, member_id, at, planned_at, happened, outcome, next_step, next_on, call_id, task_id,
    search, logged_by, logged_at)
VALUES (sqlc.narg(customer_id), sqlc.narg(lead_id), @purpose, @member_id, @at, sqlc.narg(planned_at), @happened, @outcome, @next_step,
    sqlc.narg(next_on), sqlc.narg(call_id), sqlc.narg(task_id), @search, @logged_by, @now)
RETURNING id;

-- name: GetVisit :one
SELECT * FROM visit WHERE id = $1;

-- name: LockVisit :one
SELECT * FROM visit WHERE id = $1 FOR UPDATE;

-- GetVisitView reads a visit with the names around it.
-- name: GetVisitView :one
SELECT sqlc.embed(visit), member.name AS member_name, logger.name AS logged_by_name, coalesce(customer.name, '')::text AS customer_name,
    coalesce(lead.name, '')::text AS lead_name, coalesce(lead.company, '')::text AS lead_company
FROM visit JOIN member ON member.id = visit.member_id JOIN member AS logger ON logger.id = visit.logged_by
LEFT JOIN customer ON customer.id = visit.customer_id LEFT JOIN lead ON lead.id = visit.lead_id
WHERE visit.id = $1;

-- name: UpdateVisit :exec
UPDATE visit SET purpose = @purpose, member_id = @member_id, at = @at, planned_at = sqlc.narg(planned_at), happened = @happened,
    cancelled_at = sqlc.narg(cancelled_at), outcome = @outcome, next_step = @next_step, next_on = sqlc.narg(next_on),
    next_done_at = sqlc.narg(next_done_at), search = @search, version = version + 1
WHERE id = @id;

-- FindVisitOfCall finds the visit that was recorded for a call at a moment.
-- name: FindVisitOfCall :one
SELECT id FROM visit WHERE call_id = @call_id AND member_id = @member_id AND at = @at;

-- FindVisitOfTask finds the visit that was recorded for a task.
-- name: FindVisitOfTask :one
SELECT id FROM visit WHERE task_id = @task_id;

-- SetVisitOutcome changes what came of a visit that was recorded by itself.
-- name: SetVisitOutcome :exec
UPDATE visit SET outcome = @outcome, search = @search, version = version + 1 WHERE id = @id;

-- LastOnSite is when a member was last on site for a call; no row if they never said so, or took it back.
-- name: LastOnSite :one
SELECT said.at FROM call_event AS said WHERE said.call_id = @call_id AND said.member_id = @member_id AND said.kind = 'on_site'
    AND NOT EXISTS (SELECT 1 FROM call_event AS undone WHERE undone.call_id = said.call_id AND undone.id > said.id
        AND undone.kind = 'undone' AND undone.before = 'on_site' AND NOT EXISTS (SELECT 1 FROM call_event AS again
            WHERE again.call_id = said.call_id AND again.kind = 'on_site' AND again.id > said.id AND again.id < undone.id))
ORDER BY said.id DESC LIMIT 1;

-- TouchCustomer moves a customer up in what is found by typing.
-- name: TouchCustomer :exec
UPDATE customer SET active_at = @at WHERE id = @id AND active_at < @at;

-- ListPlannedVisits lists the planned visits of a member in a period, the first one first.
-- name: ListPlannedVisits :many
SELECT visit.id, visit.at, visit.purpose, coalesce(customer.name, lead.name, '')::text AS party
FROM visit LEFT JOIN customer ON customer.id = visit.customer_id LEFT JOIN lead ON lead.id = visit.lead_id
WHERE NOT visit.happened AND visit.cancelled_at IS NULL AND visit.at >= @since AND visit.at < @until AND visit.member_id = @member_id
ORDER BY visit.at, visit.id LIMIT @max;

-- ListNextSteps lists the next steps of a member with customers that are due by a day, the longest overdue first. Those with leads
-- are the lead's next action until it is won.
-- name: ListNextSteps :many
SELECT visit.id, visit.next_step, visit.next_on, customer.name AS party
FROM visit JOIN customer ON customer.id = visit.customer_id LEFT JOIN lead ON lead.id = visit.lead_id
WHERE visit.next_on <= @day AND visit.next_done_at IS NULL AND visit.cancelled_at IS NULL AND coalesce(lead.stage, 'won') = 'won'
    AND visit.member_id = @member_id
ORDER BY visit.next_on, visit.id LIMIT @max;
