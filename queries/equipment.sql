-- Machines at customers' sites, and what their meters showed.

-- name: AddEquipment :one
INSERT INTO equipment (customer_id, site_id, model, serial, installed_on, warranty_until, contract_until, meter_unit, notes, skills, search, created_at)
VALUES (@customer_id, sqlc.narg(site_id), @model, @serial, sqlc.narg(installed_on), sqlc.narg(warranty_until), sqlc.narg(contract_until),
    @meter_unit, @notes, @skills, @search, @created_at) RETURNING *;

-- name: LockEquipment :one
SELECT * FROM equipment WHERE id = $1 FOR NO KEY UPDATE;

-- name: UpdateEquipment :exec
UPDATE equipment SET site_id = sqlc.narg(site_id), model = @model, serial = @serial, installed_on = sqlc.narg(installed_on),
    warranty_until = sqlc.narg(warranty_until), contract_until = sqlc.narg(contract_until), meter_unit = @meter_unit, notes = @notes,
    skills = @skills, search = @search, version = version + 1
WHERE id = @id;

-- name: SetEquipmentRetired :exec
UPDATE equipment SET retired_at = sqlc.narg(retired_at), version = version + 1 WHERE id = @id;

-- GetEquipmentView reads a machine with the names around it.
-- name: GetEquipmentView :one
SELECT sqlc.embed(equipment), sqlc.embed(customer), coalesce(site.name, '')::text AS site_name, coalesce(site.address, '')::text AS site_address
FROM equipment JOIN customer ON customer.id = equipment.customer_id LEFT JOIN site ON site.id = equipment.site_id
WHERE equipment.id = $1;

-- FindEquipmentTwin finds another machine with the same model and serial number.
-- name: FindEquipmentTwin :one
SELECT equipment.id, equipment.retired_at, customer.name AS customer
FROM equipment JOIN customer ON customer.id = equipment.customer_id
WHERE lower(equipment.serial) = lower(@serial) AND lower(equipment.model) = lower(@model) AND equipment.id <> @but LIMIT 1;

-- ListEquipmentWithSerial finds machines by their serial number, whatever the case.
-- name: ListEquipmentWithSerial :many
SELECT id FROM equipment WHERE lower(serial) = lower(@serial) ORDER BY id LIMIT 2;

-- ListOpenCallsOf lists the pending calls of a machine.
-- name: ListOpenCallsOf :many
SELECT id, summary, priority, progress, opened_at FROM call WHERE equipment_id = $1 AND status = 'pending' ORDER BY id DESC LIMIT 10;

-- LastReadings reads what the meter of a machine showed last, the newest first.
-- name: LastReadings :many
SELECT sqlc.embed(reading), coalesce(member.name, '')::text AS member_name
FROM reading LEFT JOIN member ON member.id = reading.member_id
WHERE reading.equipment_id = @equipment_id ORDER BY reading.at DESC, reading.id DESC LIMIT @max;

-- ReadingBefore is the last reading until a moment.
-- name: ReadingBefore :one
SELECT * FROM reading WHERE equipment_id = @equipment_id AND at <= @at ORDER BY at DESC, id DESC LIMIT 1;

-- ReadingAfter is the first reading after a moment.
-- name: ReadingAfter :one
SELECT * FROM reading WHERE equipment_id = @equipment_id AND at > @at ORDER BY at, id LIMIT 1;

-- name: InsertReading :one
INSERT INTO reading (equipment_id, value, at, member_id, via, note, replaced)
VALUES (@equipment_id, @value, @at, sqlc.narg(member_id), @via, @note, @replaced) RETURNING *;

-- ListEquipmentHistory lists what happened to a machine, the newest first: its calls, the visits and tasks for it, its readings, and
-- what people changed.
-- name: ListEquipmentHistory :many
(SELECT 'call'::text AS kind, call.id, call.opened_at AS at, call.summary::text AS what, call.status::text AS state, ''::text AS who
    FROM call WHERE call.equipment_id = @equipment_id::bigint ORDER BY call.id DESC LIMIT @max)
UNION ALL
(SELECT 'visit', visit.id, visit.at, visit.outcome, visit.purpose, ''
    FROM visit JOIN call ON call.id = visit.call_id WHERE call.equipment_id = @equipment_id::bigint AND visit.happened ORDER BY visit.at DESC LIMIT @max)
UNION ALL
(SELECT 'visit', visit.id, visit.at, visit.outcome, visit.purpose, ''
    FROM pm_plan JOIN pm_task ON pm_task.plan_id = pm_plan.id JOIN visit ON visit.task_id = pm_task.id
    WHERE pm_plan.equipment_id = @equipment_id::bigint AND visit.happened ORDER BY visit.at DESC LIMIT @max)
UNION ALL
(SELECT 'task', pm_task.id, coalesce(pm_task.done_at, pm_task.due_on::timestamptz), pm_template.name, pm_task.status, ''
    FROM pm_plan JOIN pm_task ON pm_task.plan_id = pm_plan.id JOIN pm_template ON pm_template.id = pm_plan.template_id
    WHERE pm_plan.equipment_id = @equipment_id::bigint AND pm_task.status IN ('done','skipped','missed')
    ORDER BY 3 DESC LIMIT @max)
UNION ALL
(SELECT 'reading', reading.id, reading.at, reading.value::text, CASE WHEN reading.replaced THEN reading.note ELSE '' END, coalesce(member.name, '')
    FROM reading LEFT JOIN member ON member.id = reading.member_id
    WHERE reading.equipment_id = @equipment_id::bigint ORDER BY reading.at DESC, reading.id DESC LIMIT @max)
UNION ALL
(SELECT 'event', event.id, event.at, event.note, event.kind, coalesce(member.name, '')
    FROM event LEFT JOIN member ON member.id = event.member_id
    WHERE event.record = 'equipment' AND event.record_id = @equipment_id::bigint ORDER BY event.id DESC LIMIT @max)
ORDER BY 3 DESC, 1, 2 DESC LIMIT @max;
