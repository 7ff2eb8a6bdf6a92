-- Checklist templates, maintenance plans, and the days on which nobody works. Tasks have a file of their own.

-- name: InsertTemplate :one
INSERT INTO pm_template (name, model, created_by, created_at) VALUES (@name, @model, @created_by, @created_at) RETURNING *;

-- name: InsertTemplateVersion :exec
INSERT INTO pm_template_version (template_id, number, steps, created_by, created_at) VALUES (@template_id, @number, @steps, @created_by, @created_at);

-- name: LockTemplate :one
SELECT * FROM pm_template WHERE id = $1 FOR UPDATE;

-- name: UpdateTemplate :exec
UPDATE pm_template SET name = @name, model = @model, newest = @newest, active = @active, version = version + 1 WHERE id = @id;

-- GetTemplateView reads a template with its newest checklist, who wrote that, and how many plans use it.
-- name: GetTemplateView :one
SELECT sqlc.embed(t), v.steps, v.created_at AS changed_at, member.name AS changed_by,
    (SELECT count(*) FROM pm_plan p WHERE p.template_id = t.id AND p.active)::bigint AS plans
FROM pm_template t JOIN pm_template_version v ON v.template_id = t.id AND v.number = t.newest
JOIN member ON member.id = v.created_by WHERE t.id = $1;

-- ListTemplates lists the templates after an id, those in use or the others, with how many plans use each.
-- name: ListTemplates :many
SELECT sqlc.embed(t), jsonb_array_length(v.steps)::bigint AS steps,
    (SELECT count(*) FROM pm_plan p WHERE p.template_id = t.id AND p.active)::bigint AS plans
FROM pm_template t JOIN pm_template_version v ON v.template_id = t.id AND v.number = t.newest
WHERE t.active = @active AND t.id > @after ORDER BY t.id LIMIT @max;

-- ListTemplatesFor lists the templates in use that suit a model, those made for it first.
-- name: ListTemplatesFor :many
SELECT * FROM pm_template WHERE active AND (model = '' OR lower(model) = lower(@model)) ORDER BY model = '', name, id LIMIT 99;

-- FindTemplateNamed finds a template in use by its name.
-- name: FindTemplateNamed :one
SELECT * FROM pm_template WHERE active AND lower(name) = lower(@name) AND lower(model) = lower(@model) AND id <> @but LIMIT 1;

-- name: InsertPlan :one
INSERT INTO pm_plan (equipment_id, template_id, every, unit, meter_every, from_completion, months, shift, lead_days, technician_id,
    anchor_on, anchor_meter, created_by, created_at)
VALUES (@equipment_id, @template_id, @every, @unit, @meter_every, @from_completion, @months, @shift, @lead_days, sqlc.narg(technician_id),
    @anchor_on, @anchor_meter, @created_by, @created_at) RETURNING *;

-- name: GetPlan :one
SELECT * FROM pm_plan WHERE id = $1;

-- LockPlan reads a plan that is about to change. Tasks of it may go on meanwhile.
-- name: LockPlan :one
SELECT * FROM pm_plan WHERE id = $1 FOR NO KEY UPDATE;

-- name: UpdatePlan :one
UPDATE pm_plan SET template_id = @template_id, every = @every, unit = @unit, meter_every = @meter_every, from_completion = @from_completion,
    months = @months, shift = @shift, lead_days = @lead_days, technician_id = sqlc.narg(technician_id), anchor_on = @anchor_on,
    anchor_meter = @anchor_meter, since_on = sqlc.narg(since_on), active = @active, version = version + 1
WHERE id = @id RETURNING *;

-- PutPlanDue writes what planDue decided. What people edit of the plan stays as it is.
-- name: PutPlanDue :exec
UPDATE pm_plan SET due_on = sqlc.narg(due_on), due_meter = sqlc.narg(due_meter) WHERE id = @id;

-- GetPlanView reads a plan with the names around it, and its open task.
-- name: GetPlanView :one
SELECT sqlc.embed(p), sqlc.embed(e), t.name AS template, customer.name AS customer, coalesce(tech.name, '')::text AS technician,
    coalesce(task.id, 0)::bigint AS task_id, task.due_on AS task_due_on
FROM pm_plan p JOIN pm_template t ON t.id = p.template_id JOIN equipment e ON e.id = p.equipment_id
JOIN customer ON customer.id = e.customer_id LEFT JOIN member tech ON tech.id = p.technician_id
LEFT JOIN pm_task task ON task.plan_id = p.id AND task.status IN ('open','started') AND task.carried_from IS NULL
WHERE p.id = $1;

-- ListPlansOf lists the plans of a machine, each with its open task.
-- name: ListPlansOf :many
SELECT sqlc.embed(p), t.name AS template, coalesce(tech.name, '')::text AS technician,
    coalesce(task.id, 0)::bigint AS task_id, task.due_on AS task_due_on
FROM pm_plan p JOIN pm_template t ON t.id = p.template_id LEFT JOIN member tech ON tech.id = p.technician_id
LEFT JOIN pm_task task ON task.plan_id = p.id AND task.status IN ('open','started') AND task.carried_from IS NULL
WHERE p.equipment_id = $1 ORDER BY p.active DESC, p.id LIMIT 50;

-- LockPlansOf reads the plans of a machine whose meter is about to say something else.
-- name: LockPlansOf :many
SELECT * FROM pm_plan WHERE equipment_id = $1 AND active ORDER BY id FOR NO KEY UPDATE;

-- LockMeterPlansOf reads the plans of a machine that count over its meter, those that rest too.
-- name: LockMeterPlansOf :many
SELECT * FROM pm_plan WHERE equipment_id = $1 AND meter_every > 0 ORDER BY id FOR NO KEY UPDATE;

-- LockPlansAround reads the plans that a holiday may move: those that are due around it.
-- name: LockPlansAround :many
SELECT * FROM pm_plan WHERE active AND shift <> 'none' AND due_on BETWEEN sqlc.arg(first)::date AND sqlc.arg(last)::date ORDER BY id FOR NO KEY UPDATE;

-- GetPlanSettled reads the newest occurrences of a plan that are over, of the calendar and of the meter that matches.
-- name: GetPlanSettled :one
SELECT coalesce(max(due_key) FILTER (WHERE due_key ~ '^[0-9]'), '')::text AS day_key,
    coalesce(max(substring(due_key FROM '^m(-?[0-9]+)')::bigint) FILTER (WHERE due_key ~ sqlc.arg(meter)::text), 0)::bigint AS meter,
    (count(*) FILTER (WHERE due_key ~ sqlc.arg(meter)::text))::bigint AS meters
FROM pm_task WHERE plan_id = @plan_id AND carried_from IS NULL AND status = ANY(@statuses::text[]);

-- GetPlanDone reads when the work of a plan was done last.
-- name: GetPlanDone :one
SELECT due_key, done_at FROM pm_task
WHERE plan_id = $1 AND carried_from IS NULL AND status = 'done' AND done_at IS NOT NULL ORDER BY done_at DESC, id DESC LIMIT 1;

-- ListMeter reads what the meter of a machine showed since it was put in, the newest first.
-- name: ListMeter :many
SELECT r.value, r.at, (SELECT count(*) FROM reading c WHERE c.equipment_id = @equipment_id AND c.replaced)::bigint AS meters
FROM reading r WHERE r.equipment_id = @equipment_id AND r.at >= coalesce(
    (SELECT max(b.at) FROM reading b WHERE b.equipment_id = @equipment_id AND b.replaced), '-infinity')
    AND r.id >= coalesce((SELECT b.id FROM reading b WHERE b.equipment_id = @equipment_id AND b.replaced ORDER BY b.at DESC, b.id DESC LIMIT 1), 0)
ORDER BY r.at DESC, r.id DESC LIMIT 200;

-- name: ListHolidayDays :many
SELECT day FROM holiday ORDER BY day;

-- ListHolidays lists the days on which nobody works, from a day on.
-- name: ListHolidays :many
SELECT * FROM holiday WHERE day >= sqlc.arg(first)::date ORDER BY day LIMIT @max;

-- name: PutHoliday :exec
INSERT INTO holiday (day, name) VALUES (@day, @name) ON CONFLICT (day) DO UPDATE SET name = excluded.name;

-- name: DeleteHoliday :execrows
DELETE FROM holiday WHERE day = $1;
