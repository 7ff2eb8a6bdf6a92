-- Texts both ways: what is said about a record below its card or by SMS, and who may say it.

-- GetCardByMessage finds the record whose card a message is.
-- name: GetCardByMessage :one
SELECT record, record_id FROM card WHERE platform = @platform AND channel = @channel AND message_id = @message_id LIMIT 1;

-- InsertSaidFile writes down a file that came with words and is in no thread yet.
-- name: InsertSaidFile :one
INSERT INTO file (record, record_id, label, platform, source_id, added_by, added_at, posted)
VALUES (@record, @record_id, @label, @platform, @source_id, sqlc.narg(added_by), @added_at, false) RETURNING id;

-- TakeLooseFiles gives photos of which nobody knew what they show to a call.
-- name: TakeLooseFiles :many
UPDATE file SET record = @record, record_id = @record_id, label = ''
WHERE record = 'member' AND record_id = @member_id AND label = 'texted' AND added_at > @since RETURNING id;

-- name: CountLooseFiles :one
SELECT count(*) FROM file WHERE record = 'member' AND record_id = @member_id AND label = 'texted' AND added_at > @since;

-- DropLooseFiles forgets photos that nobody ever gave to a call.
-- name: DropLooseFiles :exec
DELETE FROM file WHERE record = 'member' AND record_id = @member_id AND label = 'texted' AND added_at <= @before;

-- name: PutLooseText :exec
INSERT INTO loose_text (member_id, words, at) VALUES (@member_id, @words, @at)
ON CONFLICT (member_id) DO UPDATE SET words = excluded.words, at = excluded.at;

-- TakeLooseText takes the words that waited for the number of a call.
-- name: TakeLooseText :one
DELETE FROM loose_text WHERE member_id = $1 RETURNING words, at;

-- name: HasLooseText :one
SELECT EXISTS (SELECT 1 FROM loose_text WHERE member_id = @member_id AND at > @since)::boolean;

-- ListUnpostedFiles lists the photos that are kept and not yet in the thread below the card on a platform.
-- name: ListUnpostedFiles :many
SELECT id FROM file WHERE record = @record AND record_id = @record_id AND NOT posted AND NOT @platform::text = ANY (shown_in) AND state = 'kept'
ORDER BY id LIMIT 20;

-- MarkFilePosted records that a photo is in the thread on a platform; the last one whose card is there makes it posted.
-- name: MarkFilePosted :exec
UPDATE file SET shown_in = shown_in || @platform::text, posted = NOT EXISTS (
    SELECT 1 FROM card WHERE card.record = file.record AND card.record_id = file.record_id AND card.platform <> @platform
        AND NOT card.platform = ANY (file.shown_in))
WHERE file.id = @id;

-- LockTexts lets one transaction at a time decide whether a phone is answered.
-- name: LockTexts :exec
SELECT pg_advisory_xact_lock(hashtextextended('texts ' || @phone::text, 0));

-- ForgetTexts forgets what a phone texted long ago.
-- name: ForgetTexts :exec
DELETE FROM text_seen WHERE phone = @phone AND at <= @before;

-- CountTexts counts what a phone texted today and just now.
-- name: CountTexts :one
SELECT count(*) FILTER (WHERE idle) AS idle_today, count(*) FILTER (WHERE idle AND at > @just_now::timestamptz) AS idle_now,
    count(*) FILTER (WHERE at > @just_now::timestamptz) AS all_now,
    count(*) FILTER (WHERE digest = @digest AND at > @just_now::timestamptz) AS same_now
FROM text_seen WHERE phone = @phone AND at > @today;

-- name: InsertText :exec
INSERT INTO text_seen (phone, at, digest, idle) VALUES (@phone, @at, @digest, @idle);

-- SetInvitation stores the code that proves a phone when its owner texts it back; tries count anew.
-- name: SetInvitation :exec
UPDATE contact_method SET code_hash = @code_hash, code_expires_at = @code_expires_at, code_tries = 0,
    invited_by = @invited_by, invited_at = @invited_at WHERE id = @id;

-- ListWaitingPhones lists the phones with a number that wait for their code, by text or in chat.
-- name: ListWaitingPhones :many
SELECT contact_method.* FROM contact_method JOIN member ON member.id = contact_method.member_id
WHERE contact_method.channel = 'sms' AND contact_method.address = @phone AND contact_method.verified_at IS NULL
    AND contact_method.disabled_at IS NULL AND contact_method.code_hash <> '' AND contact_method.code_expires_at > @now
    AND member.state IN ('active','requested') ORDER BY contact_method.id LIMIT 10;

-- ListInvitable lists the active members whose phone is not proven and who have no other.
-- name: ListInvitable :many
SELECT member.id, member.name, contact_method.address, contact_method.invited_at
FROM contact_method JOIN member ON member.id = contact_method.member_id
WHERE contact_method.channel = 'sms' AND contact_method.verified_at IS NULL AND contact_method.disabled_at IS NULL AND member.state = 'active'
    AND NOT EXISTS (SELECT 1 FROM contact_method AS proven WHERE proven.member_id = member.id AND proven.channel = 'sms'
        AND proven.verified_at IS NOT NULL)
ORDER BY member.name, member.id LIMIT 100;

-- GetUnprovenPhone reads the phone of a member that is not proven yet.
-- name: GetUnprovenPhone :one
SELECT * FROM contact_method WHERE member_id = $1 AND channel = 'sms' AND verified_at IS NULL ORDER BY id DESC LIMIT 1;

-- GetMemberByEmail finds who has an e-mail address, or waits to be approved with it.
-- name: GetMemberByEmail :one
SELECT * FROM member WHERE lower(email) = lower(@email::text) AND email <> '' AND state IN ('active','requested') ORDER BY id LIMIT 1;

-- StopInvitations marks the unproven phones with a number whose owner answered STOP; with no time it lifts that again.
-- name: StopInvitations :execrows
UPDATE contact_method SET disabled_at = sqlc.narg(disabled_at), disabled_reason = @reason
WHERE channel = 'sms' AND address = @address AND verified_at IS NULL AND (disabled_at IS NULL) = (sqlc.narg(disabled_at)::timestamptz IS NOT NULL);

-- StopNotices gives up what was still to be sent to an address.
-- name: StopNotices :many
UPDATE notice SET state = 'failed', error = @error, leased_until = NULL WHERE contact_id = @contact_id AND state = 'owed' RETURNING *;

-- ListOffersSentTo lists the messages to an address that ask its owner for an answer which has not come.
-- name: ListOffersSentTo :many
SELECT notice.* FROM offer JOIN notice ON notice.call_id = offer.call_id AND notice.offer_id = offer.id
WHERE offer.member_id = @member_id AND offer.state = 'open' AND notice.contact_id = @contact_id AND notice.state IN ('sending','sent','delivered')
ORDER BY notice.id;
