-- name: InsertImport :one
INSERT INTO import (kind, writes, skips_bad, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5) RETURNING id;

-- name: GetImport :one
SELECT id, kind, name, writes, skips_bad, state, result, asked_by, asked_at, decided_by, done_at, coalesce(length(rejects), 0)::bigint AS rejected
FROM import WHERE id = $1;

-- name: GetImportRejects :one
SELECT rejects FROM import WHERE id = $1;

-- LockImport keeps a second worker out while one works.
-- name: LockImport :one
SELECT id, kind, state, writes, skips_bad, asked_by, decided_by FROM import WHERE id = $1 FOR UPDATE;

-- DecideImport asks to write what was only checked; zero rows mean that it is not (any more) to be decided.
-- name: DecideImport :execrows
UPDATE import SET state = 'owed', writes = true, skips_bad = @skips_bad, decided_by = @decided_by WHERE id = @id AND state = 'checked';

-- name: FinishImport :exec
UPDATE import SET state = @state, name = @name, result = @result, rejects = @rejects, done_at = @done_at WHERE id = @id;

-- LockImports lets one import write at a time: what one finds missing, no other adds meanwhile.
-- name: LockImports :exec
SELECT pg_advisory_xact_lock(hashtext('callout import'));

-- ReserveIDs takes so many numbers for new rows of a table.
-- name: ReserveIDs :many
SELECT nextval(pg_get_serial_sequence(@relation::text, 'id'))::bigint AS id FROM generate_series(1, @many::integer);

-- UseIndexes keeps the planner, for the rest of the transaction, from reading whole tables: one that was empty a moment ago is
-- still thought to be, and an import looks up rows by the thousand.
-- name: UseIndexes :exec
SELECT set_config('enable_seqscan', 'off', true);

-- ListCustomersNamed finds customers by their folded names: alone, or before the digits of the phone. See desk.CustomerSearch.
-- name: ListCustomersNamed :many
SELECT customer.* FROM customer WHERE customer.search = ANY(@names::text[])
UNION ALL
SELECT customer.* FROM unnest(@names::text[]) AS wanted(name)
JOIN customer ON customer.search ~>=~ (wanted.name || ' 0') AND customer.search ~<~ (wanted.name || ' :');

-- name: ListCustomersByReference :many
SELECT customer_reference.reference, sqlc.embed(customer)
FROM customer_reference JOIN customer ON customer.id = customer_reference.customer_id
WHERE customer_reference.reference = ANY(@wanted::text[]);

-- name: ListCustomersByID :many
SELECT * FROM customer WHERE id = ANY(@ids::bigint[]);

-- name: ListSitesOf :many
SELECT * FROM site WHERE customer_id = ANY(@ids::bigint[]) ORDER BY id;

-- name: ListContactsOf :many
SELECT * FROM contact WHERE customer_id = ANY(@ids::bigint[]) ORDER BY id;

-- name: ListEquipmentBySerial :many
SELECT * FROM equipment WHERE lower(serial) = ANY(ARRAY(SELECT lower(wanted.serial) FROM unnest(@serials::text[]) AS wanted(serial))) ORDER BY id;

-- ListNewestReadings reads what the meters of machines showed last.
-- name: ListNewestReadings :many
SELECT DISTINCT ON (equipment_id) equipment_id, value FROM reading WHERE equipment_id = ANY(@ids::bigint[]) ORDER BY equipment_id, at DESC, id DESC;

-- ListLeadsLike finds leads by any of the things that files know them by.
-- name: ListLeadsLike :many
SELECT lead.* FROM lead WHERE lead.phone = ANY(@phones::text[]) AND lead.phone <> ''
UNION
SELECT lead.* FROM lead WHERE lower(lead.email) = ANY(@emails::text[]) AND lead.email <> ''
UNION
SELECT lead.* FROM lead WHERE lower(lead.name) = ANY(ARRAY(SELECT lower(wanted.name) FROM unnest(@names::text[]) AS wanted(name)));

-- ListMembersReached finds members by e-mail or by a phone of theirs, proven or not.
-- name: ListMembersReached :many
SELECT sqlc.embed(member), coalesce(contact_method.address, '')::text AS phone
FROM member LEFT JOIN contact_method ON contact_method.member_id = member.id AND contact_method.channel = 'sms'
WHERE lower(member.email) = ANY(@emails::text[]) OR EXISTS (
    SELECT 1 FROM contact_method AS c WHERE c.member_id = member.id AND c.channel = 'sms' AND c.address = ANY(@phones::text[])
)
ORDER BY member.id;

-- ListEveryActiveMember is for names in a file, which may be those of anybody.
-- name: ListEveryActiveMember :many
SELECT * FROM member WHERE state = 'active' ORDER BY id;

-- name: CopyCustomers :copyfrom
INSERT INTO customer (id, name, search, phone, email, territory, notes, active_at, created_at)
VALUES (@id, @name, @search, @phone, @email, @territory, @notes, @active_at, @created_at);

-- name: CopyReferences :copyfrom
INSERT INTO customer_reference (reference, customer_id) VALUES (@reference, @customer_id);

-- name: CopySites :copyfrom
INSERT INTO site (id, customer_id, name, address, created_at) VALUES (@id, @customer_id, @name, @address, @created_at);

-- name: CopyContacts :copyfrom
INSERT INTO contact (id, customer_id, name, phone, email, role, created_at)
VALUES (@id, @customer_id, @name, @phone, @email, @role, @created_at);

-- name: CopyEquipment :copyfrom
INSERT INTO equipment (id, customer_id, site_id, model, serial, warranty_until, contract_until, installed_on, meter_unit, skills, notes, search, created_at)
VALUES (@id, @customer_id, @site_id, @model, @serial, @warranty_until, @contract_until, @installed_on, @meter_unit, @skills, @notes, @search, @created_at);

-- name: CopyReadings :copyfrom
INSERT INTO reading (equipment_id, value, at, member_id, via, note) VALUES (@equipment_id, @value, @at, @member_id, @via, @note);

-- name: CopyLeads :copyfrom
INSERT INTO lead (id, name, company, phone, email, source, interest, owner_id, stage, next_action, next_on, search, added_by, added_at, stage_at)
VALUES (@id, @name, @company, @phone, @email, @source, @interest, @owner_id, @stage, @next_action, @next_on, @search, @added_by, @added_at, @stage_at);

-- name: CopyEvents :copyfrom
INSERT INTO event (record, record_id, at, member_id, via, kind, note) VALUES (@record, @record_id, @at, @member_id, @via, @kind, @note);

-- name: CopyRevisions :copyfrom
INSERT INTO revision (record, record_id, version, fields, saved_by, saved_at) VALUES (@record, @record_id, @version, @fields, @saved_by, @saved_at);

-- ImportCustomer saves over a version of a customer; no row means that somebody else did.
-- name: ImportCustomer :batchone
UPDATE customer SET name = @name, search = @search, phone = @phone, email = @email, territory = @territory, notes = @notes, version = version + 1
WHERE id = @id AND version = @version RETURNING id;

-- ImportContact saves over a version of a contact; no row means that somebody else did.
-- name: ImportContact :batchone
UPDATE contact SET name = @name, phone = @phone, email = @email, role = @role, version = version + 1 WHERE id = @id AND version = @version RETURNING id;

-- ImportEquipment saves over a version of a machine; no row means that somebody else did.
-- name: ImportEquipment :batchone
UPDATE equipment SET customer_id = @customer_id, site_id = sqlc.narg(site_id), model = @model, serial = @serial, warranty_until = sqlc.narg(warranty_until),
    contract_until = sqlc.narg(contract_until), installed_on = sqlc.narg(installed_on), meter_unit = @meter_unit, skills = @skills, notes = @notes,
    search = @search, version = version + 1
WHERE id = @id AND version = @version RETURNING id;

-- ImportLead saves over a version of a lead; no row means that somebody else did.
-- name: ImportLead :batchone
UPDATE lead SET name = @name, company = @company, phone = @phone, email = @email, source = @source, interest = @interest,
    owner_id = @owner_id, next_action = @next_action, next_on = sqlc.narg(next_on), stage = @stage, search = @search,
    stage_at = CASE WHEN stage = @stage THEN stage_at ELSE @now END, version = version + 1
WHERE id = @id AND version = @version RETURNING id;
