-- name: InsertLead :one
INSERT INTO lead (name, company, phone, email, source, interest, owner_id, next_action, next_on, search, added_by, added_at, stage_at)
VALUES (@name, @company, @phone, @email, @source, @interest, @owner_id, @next_action, sqlc.narg(next_on), @search, @added_by, @now, @now)
RETURNING id;

-- name: GetLead :one
SELECT * FROM lead WHERE id = $1;

-- name: LockLead :one
SELECT * FROM lead WHERE id = $1 FOR UPDATE;

-- GetLeadView reads a lead with the names around it.
-- name: GetLeadView :one
SELECT sqlc.embed(lead), owner.name AS owner_name, adder.name AS added_by_name, coalesce(customer.name, '')::text AS customer_name
FROM lead JOIN member AS owner ON owner.id = lead.owner_id JOIN member AS adder ON adder.id = lead.added_by
LEFT JOIN customer ON customer.id = lead.customer_id
WHERE lead.id = $1;

-- name: UpdateLead :exec
UPDATE lead SET name = @name, company = @company, phone = @phone, email = @email, source = @source, interest = @interest,
    owner_id = @owner_id, next_action = @next_action, next_on = sqlc.narg(next_on), search = @search, stage = @stage,
    stage_at = @stage_at, lost_reason = @lost_reason, customer_id = sqlc.narg(customer_id), version = version + 1
WHERE id = @id;

-- ListLeadTwins lists the leads that have this phone or e-mail, the newest first. Each is found by its own index: with an OR, every
-- lead is read, the newest first, until ten match.
-- name: ListLeadTwins :many
SELECT lead.id, lead.name, lead.company, lead.stage, member.name AS owner_name
FROM lead JOIN member ON member.id = lead.owner_id
WHERE lead.id IN (
    SELECT p.id FROM lead AS p WHERE p.phone <> '' AND p.phone = @phone
    UNION ALL SELECT e.id FROM lead AS e WHERE e.email <> '' AND lower(e.email) = lower(@email))
ORDER BY lead.id DESC LIMIT 10;

-- ListSources lists the sources of leads, by jumping from one to the next in their index.
-- name: ListSources :many
WITH RECURSIVE one AS (
    (SELECT source FROM lead WHERE source <> '' ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT lead.source FROM lead WHERE lead.source > one.source ORDER BY lead.source LIMIT 1) FROM one WHERE one.source IS NOT NULL
)
SELECT source::text AS source FROM one WHERE source IS NOT NULL LIMIT 500;

-- PickLeadOwner chooses, of those with a role, who keeps the fewest open leads.
-- name: PickLeadOwner :one
SELECT member.* FROM member WHERE member.state = 'active' AND @role::text = ANY(member.roles)
ORDER BY (SELECT count(*) FROM lead WHERE lead.owner_id = member.id AND lead.stage NOT IN ('won','lost')), member.id LIMIT 1;

-- ListLeadsDue lists the open leads of an owner whose next action is due by a day, the longest overdue first.
-- name: ListLeadsDue :many
SELECT * FROM lead WHERE stage NOT IN ('won','lost') AND next_on <= @day AND owner_id = @owner_id ORDER BY next_on, id LIMIT @max;

-- GiveLeadQuotesCustomer lets the quotes of a lead belong to the customer it became.
-- name: GiveLeadQuotesCustomer :many
UPDATE quote SET customer_id = @customer_id, version = version + 1 WHERE lead_id = @lead_id AND customer_id IS NULL RETURNING id;

-- GiveLeadVisitsCustomer lets the visits of a lead belong to the customer it became. What was to be done after them was the lead's
-- next action, which is over.
-- name: GiveLeadVisitsCustomer :exec
UPDATE visit SET customer_id = @customer_id,
    next_done_at = CASE WHEN happened AND (next_step <> '' OR next_on IS NOT NULL) THEN coalesce(next_done_at, @now) ELSE next_done_at END
WHERE lead_id = @lead_id AND customer_id IS NULL;

-- ListCustomerTwins lists the customers that have this phone or e-mail, or whose contact has it.
-- name: ListCustomerTwins :many
SELECT customer.id, customer.name, ''::text AS contact FROM customer
WHERE (customer.phone <> '' AND customer.phone = @phone) OR (customer.email <> '' AND lower(customer.email) = lower(@email))
UNION ALL
SELECT customer.id, customer.name, contact.name FROM contact JOIN customer ON customer.id = contact.customer_id
WHERE (contact.phone <> '' AND contact.phone = @phone) OR (contact.email <> '' AND lower(contact.email) = lower(@email))
LIMIT 10;

-- ListMorning lists the active members for whom nobody looked since a moment what is due today.
-- name: ListMorning :many
SELECT * FROM member WHERE state = 'active' AND NOT EXISTS (
    SELECT FROM reminder WHERE reminder.kind = 'leads_due' AND reminder.record_id = member.id AND reminder.at > @since)
ORDER BY id;

-- ForgetMornings forgets the days of a member that were looked at long ago.
-- name: ForgetMornings :exec
DELETE FROM reminder WHERE kind = 'leads_due' AND record_id = @member_id AND at < @before;
