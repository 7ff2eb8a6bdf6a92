-- name: InsertCustomer :one
INSERT INTO customer (name, search, phone, email, territory, active_at, created_at)
VALUES (@name, @search, @phone, @email, @territory, @now, @now) RETURNING *;

-- name: GetCustomer :one
SELECT * FROM customer WHERE id = $1;

-- SearchCustomers finds customers whose folded name and phone digits, or whose e-mail, contain every pattern, those with recent
-- calls first.
-- name: SearchCustomers :many
SELECT * FROM customer WHERE search LIKE ALL(@patterns::text[]) OR email <> '' AND lower(email) LIKE ALL(@patterns::text[])
ORDER BY active_at DESC, id DESC LIMIT @max;

-- name: InsertSite :one
INSERT INTO site (customer_id, name, address, created_at) VALUES ($1, $2, $3, $4) RETURNING *;

-- name: ListSites :many
SELECT * FROM site WHERE customer_id = $1 ORDER BY id LIMIT 100;

-- name: InsertContact :one
INSERT INTO contact (customer_id, name, phone, email, role, created_at)
VALUES (@customer_id, @name, @phone, @email, @role, @created_at) RETURNING *;

-- name: ListContacts :many
SELECT * FROM contact WHERE customer_id = $1 ORDER BY name, id LIMIT 99;

-- name: InsertEquipment :one
INSERT INTO equipment (customer_id, site_id, model, serial, warranty_until, skills, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *;

-- ListEquipmentWithCalls lists the machines of a customer that are in use, each with its number of pending calls.
-- name: ListEquipmentWithCalls :many
SELECT sqlc.embed(equipment), (SELECT count(*) FROM call WHERE call.equipment_id = equipment.id AND call.status = 'pending')::bigint AS pending
FROM equipment WHERE equipment.customer_id = $1 AND equipment.retired_at IS NULL ORDER BY model, serial LIMIT 99;

-- name: GetEquipment :one
SELECT * FROM equipment WHERE id = $1;

-- name: LockCustomer :one
SELECT * FROM customer WHERE id = $1 FOR UPDATE;

-- name: UpdateCustomer :exec
UPDATE customer SET name = @name, search = @search, phone = @phone, email = @email, notes = @notes, territory = @territory,
    version = version + 1
WHERE id = @id;

-- name: GetContact :one
SELECT * FROM contact WHERE id = $1;

-- LockContact reads a contact, and keeps it as it is until the transaction ends. Rows that refer to it may be written meanwhile: two
-- calls of one contact do not wait for each other in a circle.
-- name: LockContact :one
SELECT * FROM contact WHERE id = $1 FOR NO KEY UPDATE;

-- name: UpdateContact :exec
UPDATE contact SET name = @name, phone = @phone, email = @email, role = @role, version = version + 1 WHERE id = @id;

-- ListCustomerHistory lists the calls, visits and quotes of a customer, the newest first.
-- name: ListCustomerHistory :many
(SELECT 'call'::text AS kind, call.id, call.opened_at AS at, call.summary::text AS what, call.status::text AS state
    FROM call WHERE call.customer_id = @customer_id ORDER BY call.id DESC LIMIT @max)
UNION ALL
(SELECT 'visit', visit.id, visit.at, coalesce(nullif(visit.outcome, ''), replace(visit.purpose, '_', ' ')),
        CASE WHEN visit.cancelled_at IS NOT NULL THEN 'cancelled' WHEN visit.happened THEN 'done' ELSE 'planned' END
    FROM visit WHERE visit.customer_id = @customer_id ORDER BY visit.at DESC, visit.id DESC LIMIT @max)
UNION ALL
(SELECT 'quote', quote.id, quote.requested_at, quote.wanted, quote.status
    FROM quote WHERE quote.customer_id = @customer_id ORDER BY quote.id DESC LIMIT @max)
ORDER BY 3 DESC, 1, 2 DESC LIMIT @max;

-- ListNextMaintenance lists when the machines of a customer are due next.
-- name: ListNextMaintenance :many
SELECT pm_plan.equipment_id, min(coalesce(pm_task.due_on, pm_plan.due_on))::date AS due_on
FROM equipment JOIN pm_plan ON pm_plan.equipment_id = equipment.id AND pm_plan.active
LEFT JOIN pm_task ON pm_task.plan_id = pm_plan.id AND pm_task.status IN ('open','started')
WHERE equipment.customer_id = @customer_id AND coalesce(pm_task.due_on, pm_plan.due_on) IS NOT NULL
GROUP BY pm_plan.equipment_id;
