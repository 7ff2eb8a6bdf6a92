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
INSERT INTO contact (customer_id, name, phone, email, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING *;

-- name: ListContacts :many
SELECT * FROM contact WHERE customer_id = $1 ORDER BY name, id LIMIT 99;

-- name: InsertEquipment :one
INSERT INTO equipment (customer_id, site_id, model, serial, warranty_until, skills, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *;

-- ListEquipmentWithCalls lists the machines of a customer, each with its number of pending calls.
-- name: ListEquipmentWithCalls :many
SELECT sqlc.embed(equipment), (SELECT count(*) FROM call WHERE call.equipment_id = equipment.id AND call.status = 'pending')::bigint AS pending
FROM equipment WHERE equipment.customer_id = $1 ORDER BY model, serial LIMIT 99;

-- name: GetEquipment :one
SELECT * FROM equipment WHERE id = $1;
