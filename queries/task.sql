-- The tasks of maintenance plans, and what was found at the steps of their checklists.

-- TakeDuePlans takes plans whose task must be made: the day has come, less the lead. Another instance that ticks skips them. A carried
-- task is none of the plan's own.
-- name: TakeDuePlans :many
SELECT p.* FROM pm_plan p JOIN equipment e ON e.id = p.equipment_id
WHERE p.active AND e.retired_at IS NULL AND p.due_on - p.lead_days <= sqlc.arg(today)::date AND p.id > sqlc.arg(after)::bigint
    AND NOT EXISTS (SELECT 1 FROM pm_task t WHERE t.plan_id = p.id AND t.carried_from IS NULL AND t.status IN ('open','started'))
ORDER BY p.id LIMIT sqlc.arg(max)::int FOR NO KEY UPDATE OF p SKIP LOCKED;

-- PlanHasOpenTask looks again, once the plan is locked: a tick elsewhere may just have made it.
-- name: PlanHasOpenTask :one
SELECT EXISTS (SELECT 1 FROM pm_task WHERE plan_id = $1 AND carried_from IS NULL AND status IN ('open','started'));

-- InsertTask writes a task; no row means that the occurrence has its task already.
-- name: InsertTask :one
INSERT INTO pm_task (plan_id, due_key, due_on, status, technician_id, checklist, steps, remind_on, reason, carried_from, created_at)
VALUES (@plan_id, @due_key, @due_on, @status, sqlc.narg(technician_id), @checklist, @steps, sqlc.narg(remind_on), @reason,
    sqlc.narg(carried_from), @created_at)
ON CONFLICT DO NOTHING RETURNING *;

-- name: GetChecklist :one
SELECT steps FROM pm_template_version WHERE template_id = $1 AND number = $2;

-- GetNewestChecklist is the version of a template that a new task gets.
-- name: GetNewestChecklist :one
SELECT newest FROM pm_template WHERE id = $1;

-- LockTask reads a task that is about to change; the lock lasts until the transaction ends.
-- name: LockTask :one
SELECT * FROM pm_task WHERE id = $1 FOR NO KEY UPDATE;

-- name: GetTask :one
SELECT * FROM pm_task WHERE id = $1;

-- GetTaskView reads a task with the names around it.
-- name: GetTaskView :one
SELECT sqlc.embed(t), p.equipment_id, p.template_id, tpl.name AS template, e.model, e.serial, e.customer_id, e.site_id, customer.name AS customer,
    customer.phone AS customer_phone, customer.territory, coalesce(site.name, '')::text AS site_name, coalesce(site.address, '')::text AS site_address,
    coalesce(tech.name, '')::text AS technician, coalesce(doer.name, '')::text AS done_by_name, coalesce(asker.name, '')::text AS skip_asked_by_name,
    coalesce((SELECT max(c.id) FROM pm_task c WHERE c.carried_from = t.id), 0)::bigint AS carried_to
FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id JOIN pm_template tpl ON tpl.id = p.template_id
JOIN equipment e ON e.id = p.equipment_id JOIN customer ON customer.id = e.customer_id
LEFT JOIN site ON site.id = e.site_id
LEFT JOIN member tech ON tech.id = t.technician_id
LEFT JOIN member doer ON doer.id = t.done_by
LEFT JOIN member asker ON asker.id = t.skip_asked_by
WHERE t.id = $1;

-- name: UpdateTask :exec
UPDATE pm_task SET due_on = @due_on, status = @status, technician_id = sqlc.narg(technician_id), position = @position,
    remind_on = sqlc.narg(remind_on), started_at = sqlc.narg(started_at), started_by = sqlc.narg(started_by), done_at = sqlc.narg(done_at),
    done_by = sqlc.narg(done_by), skip_asked_by = sqlc.narg(skip_asked_by), reason = @reason, outcome = @outcome, version = version + 1
WHERE id = @id;

-- TakeTasksToRemind takes open tasks about which something is to be said by a day; another instance that ticks skips them.
-- name: TakeTasksToRemind :many
SELECT * FROM pm_task WHERE status IN ('open','started') AND remind_on <= @until AND id > @after
ORDER BY id LIMIT sqlc.arg(max)::int FOR NO KEY UPDATE SKIP LOCKED;

-- SetTaskReminder says when something is to be said about a task next.
-- name: SetTaskReminder :exec
UPDATE pm_task SET remind_on = sqlc.narg(remind_on) WHERE id = @id;

-- ListTaskCandidates reads every active technician with what PickTechnician weighs for a task on a day: who has
-- how many tasks around it, who handed this very task back, and who knows the machine or its customer.
-- name: ListTaskCandidates :many
SELECT m.id, m.name, m.timezone, m.skills, m.territory, m.capacity,
    EXISTS (SELECT 1 FROM contact_method c WHERE c.member_id = m.id AND c.verified_at IS NOT NULL AND c.disabled_at IS NULL
        AND c.channel = ANY(@channels::text[])) AS reachable,
    EXISTS (SELECT 1 FROM event v WHERE v.record = 'task' AND v.record_id = @task_id AND v.kind = 'handed_back' AND v.member_id = m.id) AS declined,
    (SELECT count(*) FROM pm_task t WHERE t.technician_id = m.id AND t.status IN ('open','started')
        AND t.due_on BETWEEN sqlc.arg(week_from)::date AND sqlc.arg(week_to)::date)::bigint AS load,
    (SELECT count(*) FROM pm_task t WHERE t.technician_id = m.id AND t.created_at >= @since)::bigint AS recent,
    coalesce((SELECT max(t.created_at) FROM pm_task t WHERE t.technician_id = m.id), 'epoch')::timestamptz AS last_at,
    (EXISTS (SELECT 1 FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id WHERE t.done_by = m.id AND p.equipment_id = @equipment_id)
        OR EXISTS (SELECT 1 FROM call c WHERE c.technician_id = m.id AND c.customer_id = @customer_id AND c.accepted_at IS NOT NULL))::boolean AS knows
FROM member m WHERE m.state = 'active' AND 'technician' = ANY(m.roles) ORDER BY m.id LIMIT 500;

-- PutAnswer keeps what was found at a step; a step that was gone back to has its latest answer, and the call it opened.
-- name: PutAnswer :exec
INSERT INTO pm_answer (task_id, step, result, value, note, call_id, member_id, via, at)
VALUES (@task_id, @step, @result, @value, @note, sqlc.narg(call_id), sqlc.narg(member_id), @via, @at)
ON CONFLICT (task_id, step) DO UPDATE SET result = excluded.result, value = excluded.value, note = excluded.note,
    call_id = coalesce(excluded.call_id, pm_answer.call_id), member_id = excluded.member_id, via = excluded.via, at = excluded.at;

-- name: ListAnswers :many
SELECT sqlc.embed(a), coalesce(member.name, '')::text AS member_name
FROM pm_answer a LEFT JOIN member ON member.id = a.member_id WHERE a.task_id = $1 ORDER BY a.step;

-- GetTaskBefore reads the latest done task of the same plan, for what was found last time.
-- name: GetTaskBefore :one
SELECT * FROM pm_task WHERE plan_id = $1 AND status = 'done' AND id <> $2 ORDER BY done_at DESC, id DESC LIMIT 1;

-- ListTasksAhead reads what a technician has to do soon, the most overdue first.
-- name: ListTasksAhead :many
SELECT t.id, t.due_on, t.status, e.model, e.serial, customer.name AS customer, coalesce(site.address, site.name, '')::text AS site
FROM pm_task t JOIN pm_plan p ON p.id = t.plan_id JOIN equipment e ON e.id = p.equipment_id JOIN customer ON customer.id = e.customer_id
LEFT JOIN site ON site.id = e.site_id
WHERE t.technician_id = @technician_id AND t.status IN ('open','started') AND t.due_on <= @until
ORDER BY t.due_on, t.id LIMIT 25;

-- ListPlanTasks reads the tasks that a plan had, the newest first.
-- name: ListPlanTasks :many
SELECT id, due_on, status, done_at FROM pm_task WHERE plan_id = $1 ORDER BY due_on DESC, id DESC LIMIT 10;
