-- PutConsent records that a contact agreed to be kept informed on one way; agreeing again to what holds already changes nothing.
-- name: PutConsent :execrows
INSERT INTO consent (contact_id, channel, address, given_at, given_by) VALUES (@contact_id, @channel, @address, @given_at, sqlc.narg(given_by))
ON CONFLICT (contact_id, channel) DO UPDATE SET address = EXCLUDED.address, given_at = EXCLUDED.given_at, given_by = EXCLUDED.given_by,
    ended_at = NULL, ended = '', reason = ''
WHERE consent.ended_at IS NOT NULL OR consent.address <> EXCLUDED.address;

-- WithdrawConsent ends what a contact agreed to, on one way.
-- name: WithdrawConsent :execrows
UPDATE consent SET ended_at = @ended_at, ended = 'withdrawn', reason = '' WHERE contact_id = @contact_id AND channel = @channel AND ended_at IS NULL;

-- EndConsentsTo ends what was agreed to at an address, and lists whose it was.
-- name: EndConsentsTo :many
UPDATE consent SET ended_at = @ended_at, ended = @ended, reason = @reason FROM contact
WHERE contact.id = consent.contact_id AND consent.channel = @channel AND consent.address = @address AND consent.ended_at IS NULL
RETURNING contact.id, contact.customer_id, contact.name, consent.given_by;

-- ResumeConsents takes a STOP back: only what had been agreed to before comes back.
-- name: ResumeConsents :many
UPDATE consent SET ended_at = NULL, ended = '' FROM contact
WHERE contact.id = consent.contact_id AND consent.channel = 'sms' AND consent.address = @phone AND consent.ended = 'stop'
RETURNING contact.id, contact.customer_id, contact.name;

-- StoppedTexts reports whether the owner of a phone answered STOP and has not taken it back.
-- name: StoppedTexts :one
SELECT EXISTS (SELECT 1 FROM consent WHERE channel = 'sms' AND address = @phone AND ended = 'stop')::boolean;

-- ListConsents lists what the contacts of a customer agreed to, with who recorded it.
-- name: ListConsents :many
SELECT sqlc.embed(consent), coalesce(member.name, '')::text AS given_by_name FROM consent
JOIN contact ON contact.id = consent.contact_id LEFT JOIN member ON member.id = consent.given_by
WHERE contact.customer_id = @customer_id ORDER BY consent.contact_id, consent.channel DESC;

-- ListConsentsOf lists what one contact agreed to, texts first.
-- name: ListConsentsOf :many
SELECT * FROM consent WHERE contact_id = @contact_id ORDER BY channel DESC;

-- ListWaysTo lists the ways on which a contact may be told something now, texts first.
-- name: ListWaysTo :many
SELECT consent.* FROM consent JOIN contact ON contact.id = consent.contact_id
WHERE consent.contact_id = @contact_id AND consent.ended_at IS NULL AND consent.channel = ANY(@channels::text[])
    AND consent.address = CASE consent.channel WHEN 'sms' THEN contact.phone ELSE contact.email END
ORDER BY consent.channel DESC;

-- Greeted reports whether somebody was told at an address how to end this. What failed or was dropped told nobody.
-- name: Greeted :one
SELECT EXISTS (SELECT 1 FROM notice WHERE customer_contact_id = @contact_id::bigint AND channel = @channel AND address = @address
    AND kind = 'inform' AND state IN ('owed','sending','sent','delivered') AND body->'told'->>'first' = 'true')::boolean;

-- InsertInform writes down what a customer is to be told. No row means that they were told, or are about to be.
-- name: InsertInform :one
INSERT INTO inform (call_id, contact_id, state, channel, body, written_by, created_at, due_at)
VALUES (@call_id, @contact_id, @state, @channel, @body, sqlc.narg(written_by), @created_at, @due_at)
ON CONFLICT (call_id, state) WHERE state <> 'words' AND dropped_at IS NULL DO NOTHING RETURNING *;

-- GetWaitingInform reads what has not become a message yet.
-- name: GetWaitingInform :one
SELECT * FROM inform WHERE id = @id AND owed_at IS NULL AND dropped_at IS NULL;

-- GetWaitingState is GetWaitingInform for one state of a call.
-- name: GetWaitingState :one
SELECT * FROM inform WHERE call_id = @call_id AND state = @state AND owed_at IS NULL AND dropped_at IS NULL;

-- ListDueInforms lists what is to become a message now.
-- name: ListDueInforms :many
SELECT id, call_id FROM inform WHERE due_at <= @now AND owed_at IS NULL AND dropped_at IS NULL ORDER BY due_at, id LIMIT @max;

-- name: InformOwed :exec
UPDATE inform SET owed_at = @owed_at, body = @body WHERE id = @id;

-- DropInforms drops what a customer was to be told about a call in some states and has not left yet.
-- name: DropInforms :exec
WITH unsent AS (
    UPDATE notice SET state = 'cancelled', leased_until = NULL
    WHERE notice.call_id = @call_id::bigint AND notice.kind = 'inform' AND notice.record = 'inform' AND notice.state = 'owed'
        AND notice.record_id IN (SELECT inform.id FROM inform WHERE inform.call_id = @call_id::bigint AND inform.state = ANY(@states::text[]))
    RETURNING record_id
)
UPDATE inform SET dropped_at = @dropped_at WHERE inform.call_id = @call_id::bigint AND inform.state = ANY(@states::text[]) AND inform.dropped_at IS NULL
    AND (inform.owed_at IS NULL OR inform.id IN (SELECT unsent.record_id FROM unsent));

-- name: DropInform :exec
UPDATE inform SET dropped_at = @dropped_at WHERE id = @id;

-- ListInforms lists what a customer was told about a call, each with what became of its latest message.
-- name: ListInforms :many
SELECT sqlc.embed(inform), contact.name AS contact_name, coalesce(member.name, '')::text AS written_by_name,
    coalesce(latest.channel, '')::text AS sent_by, coalesce(latest.state, '')::text AS sent_state, coalesce(latest.error, '')::text AS sent_error
FROM inform JOIN contact ON contact.id = inform.contact_id LEFT JOIN member ON member.id = inform.written_by
LEFT JOIN LATERAL (
    SELECT notice.channel, notice.state, notice.error FROM notice
    WHERE notice.call_id = inform.call_id AND notice.kind = 'inform' AND notice.record = 'inform' AND notice.record_id = inform.id
    ORDER BY notice.id DESC LIMIT 1
) AS latest ON true
WHERE inform.call_id = @call_id ORDER BY inform.id DESC LIMIT 30;

-- ListCustomersByPhone lists the contacts, and the customers themselves, who have a phone.
-- name: ListCustomersByPhone :many
SELECT contact.id AS contact_id, contact.name, customer.id AS customer_id, customer.name AS customer_name
FROM contact JOIN customer ON customer.id = contact.customer_id WHERE contact.phone = @phone AND contact.phone <> ''
UNION ALL
SELECT 0, customer.name, customer.id, customer.name FROM customer WHERE customer.phone = @phone AND customer.phone <> ''
ORDER BY 1 DESC, 3 LIMIT 20;

-- ListPendingCallsOf lists the open calls of customers, and whose they are.
-- name: ListPendingCallsOf :many
SELECT id, customer_id, contact_id, technician_id FROM call
WHERE status = 'pending' AND customer_id = ANY(@customers::bigint[]) ORDER BY id DESC LIMIT 20;

-- CancelNoticesTo drops what has not left yet for a contact on one way.
-- name: CancelNoticesTo :exec
UPDATE notice SET state = 'cancelled', leased_until = NULL
WHERE customer_contact_id = @contact_id::bigint AND channel = @channel AND state = 'owed';

-- ListInformTries lists the channels on which somebody was to be told something.
-- name: ListInformTries :many
SELECT DISTINCT channel FROM notice WHERE call_id = @call_id::bigint AND kind = 'inform' AND record = 'inform' AND record_id = @id::bigint
    AND state <> 'cancelled';

-- InformWaits puts back what could not be sent at an hour at which nobody is disturbed. Its message is dropped with it, so that the
-- morning's is the only one.
-- name: InformWaits :exec
WITH unsent AS (
    UPDATE notice SET state = 'cancelled', leased_until = NULL
    WHERE notice.call_id = (SELECT inform.call_id FROM inform WHERE inform.id = @id::bigint) AND notice.kind = 'inform' AND notice.record = 'inform'
        AND notice.record_id = @id::bigint AND notice.state IN ('owed','sending')
)
UPDATE inform SET owed_at = NULL, due_at = @due_at WHERE inform.id = @id::bigint AND inform.dropped_at IS NULL;

-- name: GetInform :one
SELECT * FROM inform WHERE id = $1;

-- FreeInforms lets a customer be told of a state again that was taken back: what they were told of it did not leave, or was corrected.
-- name: FreeInforms :exec
UPDATE inform SET dropped_at = @dropped_at
WHERE inform.call_id = @call_id::bigint AND inform.state = @state AND inform.owed_at IS NOT NULL AND inform.dropped_at IS NULL
    AND (NOT EXISTS (SELECT 1 FROM notice WHERE notice.call_id = @call_id::bigint AND notice.kind = 'inform' AND notice.record = 'inform'
            AND notice.record_id = inform.id AND notice.state <> 'cancelled')
        OR EXISTS (SELECT 1 FROM notice WHERE notice.call_id = @call_id::bigint AND notice.kind = 'correction' AND notice.record = 'inform'
            AND notice.record_id = inform.id));
