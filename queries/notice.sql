-- name: InsertNotice :one
INSERT INTO notice (kind, member_id, call_id, offer_id, contact_id, channel, address, body, created_at)
VALUES (@kind, sqlc.narg(member_id), sqlc.narg(call_id), sqlc.narg(offer_id), sqlc.narg(contact_id), @channel, @address, @body, @created_at)
RETURNING id;

-- TakeNotice marks a notice as being sent and returns it as it was before, so that the caller sees whether an earlier try
-- had no answer. No row means that it is not owed any more.
-- name: TakeNotice :one
UPDATE notice SET state = 'sending', attempts = notice.attempts + 1, asked_at = @now
FROM (SELECT id, asked_at FROM notice WHERE notice.id = @id FOR UPDATE) AS before
WHERE notice.id = before.id AND notice.state IN ('owed','sending')
RETURNING notice.*, before.asked_at AS asked_before;

-- name: NoticeSent :exec
UPDATE notice SET state = CASE WHEN state IN ('delivered','undelivered') THEN state ELSE 'sent' END,
    provider_id = @provider_id, sent_at = @sent_at, error = '' WHERE id = @id;

-- NoticeUnsent puts a notice back after a refusal that may pass; the provider did not take it.
-- name: NoticeUnsent :exec
UPDATE notice SET state = 'owed', error = @error, asked_at = NULL WHERE id = @id;

-- name: NoticeFailed :one
UPDATE notice SET state = 'failed', error = @error WHERE id = @id RETURNING *;

-- NoticeReceipt records what the provider says later; receipts may come twice and out of order.
-- name: NoticeReceipt :many
UPDATE notice SET state = @state, error = @error
WHERE channel = @channel AND provider_id = @provider_id AND state IN ('sending','sent') RETURNING *;

-- CancelNotices drops what is not sent yet of an offer that was answered.
-- name: CancelNotices :exec
UPDATE notice SET state = 'cancelled' WHERE offer_id = $1 AND state = 'owed';

-- ListOfferNotices lists where an offer was sent, to take it back there.
-- name: ListOfferNotices :many
SELECT * FROM notice WHERE offer_id = $1 ORDER BY id;

-- name: GetNotice :one
SELECT * FROM notice WHERE id = $1;

-- name: CountNotices :many
SELECT channel, state, count(*) FROM notice WHERE created_at >= $1 GROUP BY channel, state;

-- ListSameNotices lists every try to tell a person the same thing as the given notice.
-- name: ListSameNotices :many
SELECT other.* FROM notice AS this JOIN notice AS other ON other.kind = this.kind
    AND other.member_id IS NOT DISTINCT FROM this.member_id
    AND other.call_id IS NOT DISTINCT FROM this.call_id AND other.offer_id IS NOT DISTINCT FROM this.offer_id
    AND other.body = this.body
WHERE this.id = $1 AND (this.call_id IS NOT NULL OR other.id = this.id) ORDER BY other.id;

-- ListOfferMessages lists the sent chat messages that offer a call.
-- name: ListOfferMessages :many
SELECT * FROM notice WHERE call_id = @call_id AND kind = 'offer' AND channel = ANY(@channels::text[])
    AND provider_id <> '' AND state IN ('sent','delivered') ORDER BY id;
