-- InsertNotice writes down a message that is owed. It belongs to the change of the transaction, or to that of what it stands in for.
-- name: InsertNotice :one
INSERT INTO notice (kind, member_id, call_id, offer_id, contact_id, channel, address, body, created_at, record, record_id,
    customer_contact_id, instead_of, change_id)
VALUES (@kind, sqlc.narg(member_id), sqlc.narg(call_id), sqlc.narg(offer_id), sqlc.narg(contact_id), @channel, @address, @body, @created_at,
    @record, sqlc.narg(record_id), sqlc.narg(customer_contact_id), sqlc.narg(instead_of),
    coalesce(nullif(current_setting('callout.change', true), '')::bigint,
        (SELECT other.change_id FROM notice AS other WHERE other.id = sqlc.narg(instead_of)::bigint)))
RETURNING id;

-- TakeNotice leases a notice to one worker and returns it with when an earlier try began that had no answer, and whether it may not
-- wait: codes, troubles, what is said to customers, and what is about an urgent call. No row means that it is not owed
-- any more, that another text says it, or that another worker is sending it.
-- name: TakeNotice :one
UPDATE notice SET state = 'sending', attempts = notice.attempts + 1, asked_at = coalesce(notice.asked_at, @now),
    leased_until = CASE WHEN notice.kind = 'report' THEN @report_until::timestamptz ELSE @leased_until::timestamptz END
FROM (SELECT id, asked_at FROM notice WHERE notice.id = @id FOR UPDATE) AS before
WHERE notice.id = before.id AND notice.state IN ('owed','sending') AND notice.bundled_in IS NULL
    AND (notice.leased_until IS NULL OR notice.leased_until <= @now)
RETURNING sqlc.embed(notice), before.asked_at AS asked_before,
    (notice.kind IN ('code','problem') OR notice.customer_contact_id IS NOT NULL OR EXISTS (SELECT 1 FROM call WHERE call.id = notice.call_id AND call.priority = 'urgent'))::boolean AS urgent;

-- NoticeSent records that the provider has a notice, and with it what its text carries along. A letter of a drill that the mail
-- server took proves its address: nobody has to answer it.
-- name: NoticeSent :exec
WITH sent AS (
    UPDATE notice SET state = CASE WHEN state IN ('delivered','undelivered') THEN state ELSE 'sent' END, provider_id = @provider_id,
        sent_at = @sent_at, shown = @shown, segments = CASE WHEN notice.id = @id THEN @segments::integer ELSE 0 END, leased_until = NULL, error = ''
    WHERE notice.id = @id OR notice.bundled_in = @id AND notice.state = 'sending' RETURNING kind, channel, contact_id
)
UPDATE contact_method SET proven_at = @sent_at FROM sent
WHERE sent.kind = 'drill' AND sent.channel = 'email' AND contact_method.id = sent.contact_id;

-- NoticeRefused puts a notice back after a refusal that may pass: the provider did not take it.
-- name: NoticeRefused :exec
UPDATE notice SET state = 'owed', error = @error, asked_at = NULL, leased_until = NULL, tried_at = @now WHERE id = @id;

-- NoticeUnanswered puts a notice back of which nobody knows whether the provider took it.
-- name: NoticeUnanswered :exec
UPDATE notice SET error = @error, leased_until = NULL, tried_at = @now WHERE id = @id;

-- NoticeFailed gives a notice up, and with it what its text carries along.
-- name: NoticeFailed :many
UPDATE notice SET state = 'failed', error = @error, leased_until = NULL
WHERE id = @id OR bundled_in = @id AND state = 'sending' RETURNING *;

-- LockCallsOfNotice locks the calls that a notice, and what its text carries along, is about: as a step of a call locks them, so that
-- the two do not both send the same on the next channel.
-- name: LockCallsOfNotice :many
SELECT call.id FROM call WHERE call.id IN (SELECT notice.call_id FROM notice WHERE notice.id = @id OR notice.bundled_in = @id)
ORDER BY call.id FOR UPDATE;

-- LockCallsOfMessage is the same for the notices of one message of a provider.
-- name: LockCallsOfMessage :many
SELECT call.id FROM call WHERE call.id IN (SELECT notice.call_id FROM notice WHERE notice.channel = @channel AND notice.provider_id = @provider_id)
ORDER BY call.id FOR UPDATE;

-- ListStuckNotices lists notices whose worker died while it sent them, or before it began: those were never tried, so that the
-- pause a provider asked for is kept. Texts that were held are among them when their turn has come. Reports wait longer for theirs.
-- name: ListStuckNotices :many
SELECT id, kind FROM notice WHERE leased_until < @now::timestamptz AND state IN ('owed','sending')
UNION ALL (SELECT id, kind FROM notice WHERE state = 'owed' AND attempts = 0 AND leased_until IS NULL
    AND (held_until IS NULL OR held_until <= @now) AND created_at < CASE WHEN kind = 'report' THEN @reports_before::timestamptz ELSE @before::timestamptz END ORDER BY id LIMIT 100)
LIMIT 500;

-- NoticeEdited records which version of its call a message shows; a slower, older edit does not take that back.
-- name: NoticeEdited :exec
UPDATE notice SET shown = greatest(shown, @shown::bigint) WHERE id = @id;

-- ShareCallOfNotice reads the call that an offer in chat is about, and keeps it as it is until the transaction ends.
-- name: ShareCallOfNotice :one
SELECT call.id, call.version FROM notice JOIN call ON call.id = notice.call_id
WHERE notice.id = @id AND notice.kind = 'offer' AND notice.channel = ANY(@channels::text[]) FOR SHARE OF call;

-- NoticeReceipt records what the provider says later; receipts may come twice and out of order.
-- name: NoticeReceipt :many
UPDATE notice SET state = @state, error = @error, delivered_at = CASE WHEN @state = 'delivered' THEN @now::timestamptz END
WHERE channel = @channel AND provider_id = @provider_id AND state IN ('sending','sent') RETURNING *;

-- CancelNotices drops what is not sent yet of an offer that was answered, and what nobody is sending just now. What another text carries
-- along may be on its way with it; if that text is tried again, what is stale by then is left out.
-- name: CancelNotices :exec
UPDATE notice SET state = 'cancelled', leased_until = NULL
WHERE offer_id = @offer_id AND (state = 'owed' OR state = 'sending' AND bundled_in IS NULL AND (leased_until IS NULL OR leased_until <= @now));

-- CancelNotice drops one notice that its worker found to be stale.
-- name: CancelNotice :exec
UPDATE notice SET state = 'cancelled', leased_until = NULL WHERE id = $1;

-- ListSameNotices lists every try to tell a person the same thing as the given notice. Words about no call may come again
-- another day: of those, only what failed lately counts. It is asked while calls are locked: near finds the few that it can be by index.
-- name: ListSameNotices :many
SELECT other.* FROM notice AS this
JOIN LATERAL (
    SELECT n.id FROM notice AS n WHERE n.id = this.id
    UNION SELECT n.id FROM notice AS n WHERE n.call_id = this.call_id
    UNION SELECT n.id FROM notice AS n WHERE this.call_id IS NULL AND n.call_id IS NULL AND n.member_id = this.member_id
        AND n.state IN ('failed','undelivered') AND n.created_at > this.created_at - interval '7 days'
) AS near ON true
JOIN notice AS other ON other.id = near.id AND other.kind = this.kind AND other.record = this.record AND other.body = this.body
    AND other.member_id IS NOT DISTINCT FROM this.member_id AND other.offer_id IS NOT DISTINCT FROM this.offer_id
    AND other.record_id IS NOT DISTINCT FROM this.record_id
WHERE this.id = $1 ORDER BY other.id;

-- ListOldOfferMessages lists the sent chat messages that offer a call and show an older version of it.
-- name: ListOldOfferMessages :many
SELECT sqlc.embed(notice), call.version FROM notice JOIN call ON call.id = notice.call_id
WHERE notice.call_id = @call_id AND notice.kind = 'offer' AND notice.channel = ANY(@channels::text[])
    AND notice.provider_id <> '' AND notice.state IN ('sent','delivered') AND notice.shown < call.version ORDER BY notice.id;

-- HasReceipt reports whether what became of a message is recorded already. One that is merely sent does not count: its id may
-- have arrived between two statements.
-- name: HasReceipt :one
SELECT EXISTS (SELECT 1 FROM notice WHERE channel = @channel AND provider_id = @provider_id AND state NOT IN ('sending','sent'))::boolean;

-- LockWarning lets one transaction at a time decide whether people are told of a trouble.
-- name: LockWarning :exec
SELECT pg_advisory_xact_lock(hashtextextended(@ref::text, 0));

-- WarnedSince reports whether people were told of a trouble lately.
-- name: WarnedSince :one
SELECT EXISTS (SELECT 1 FROM notice WHERE kind = 'problem' AND body->>'ref' = @ref::text AND created_at > @since)::boolean;

-- CountCodes counts the codes that a member asked for, or that went to a phone.
-- name: CountCodes :one
SELECT count(*) AS today, count(*) FILTER (WHERE created_at > @pause_since) AS just_now FROM notice
WHERE kind = 'code' AND created_at > @day_since AND (member_id = @member_id OR address = @address);

-- BlankCodes forgets the codes that were sent to a phone.
-- name: BlankCodes :exec
UPDATE notice SET body = '{}', state = CASE WHEN state = 'owed' THEN 'cancelled' ELSE state END
WHERE contact_id = $1 AND kind = 'code';
