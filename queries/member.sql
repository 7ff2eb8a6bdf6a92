-- name: GetMember :one
SELECT * FROM member WHERE id = $1;

-- GetMemberByChat finds who a chat user is, in whatever state.
-- name: GetMemberByChat :one
SELECT m.* FROM member m JOIN chat_identity c ON c.member_id = m.id
WHERE c.platform = $1 AND c.user_id = $2;

-- GetMemberByPhone finds whose proven phone this is.
-- name: GetMemberByPhone :one
SELECT m.* FROM member m JOIN contact_method c ON c.member_id = m.id
WHERE c.channel = 'sms' AND c.address = $1 AND c.verified_at IS NOT NULL AND m.state = 'active';

-- name: ListMembers :many
SELECT * FROM member WHERE state = ANY(@states::text[]) ORDER BY name, id LIMIT 500;

-- name: ListMembersWithRole :many
SELECT * FROM member WHERE state = 'active' AND @role::text = ANY(roles) ORDER BY name, id LIMIT 500;

-- name: InsertMember :one
INSERT INTO member (name, search, email, roles, state, timezone, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *;

-- UpdateMember changes what a form can change; zero rows mean that somebody else changed it first.
-- name: UpdateMember :one
UPDATE member SET name = @name, search = @search, email = @email, roles = @roles, state = @state, timezone = @timezone,
    skills = @skills, territory = @territory, capacity = @capacity, approved_by = coalesce(sqlc.narg(approved_by), approved_by),
    version = version + 1
WHERE id = @id AND version = @version RETURNING *;

-- InsertChatIdentity links a chat user; zero rows mean that the user is linked to somebody already.
-- name: InsertChatIdentity :execrows
INSERT INTO chat_identity (member_id, platform, user_id, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (platform, user_id) DO NOTHING;

-- PutContactMethod adds a way to reach a member at the end of their list, or returns the one that is there.
-- name: PutContactMethod :one
INSERT INTO contact_method (member_id, channel, address, position, verified_at)
VALUES (@member_id, @channel, @address,
    (SELECT coalesce(max(position), 0) + 1 FROM contact_method WHERE member_id = @member_id), @verified_at)
ON CONFLICT (member_id, channel, address) DO UPDATE SET verified_at = coalesce(contact_method.verified_at, excluded.verified_at)
RETURNING *;

-- name: ListContactMethods :many
SELECT * FROM contact_method WHERE member_id = $1 ORDER BY position, id;

-- ListUsableContactMethods lists the proven, working ways to reach a member, in their order.
-- name: ListUsableContactMethods :many
SELECT * FROM contact_method
WHERE member_id = $1 AND verified_at IS NOT NULL AND disabled_at IS NULL AND channel = ANY(@channels::text[])
ORDER BY position, id;

-- SetContactCode stores a new code; tries are forgotten only when the code before it is too old to be guessed.
-- name: SetContactCode :exec
UPDATE contact_method SET code_hash = @code_hash, code_expires_at = @code_expires_at,
    code_tries = CASE WHEN code_expires_at > @now THEN code_tries ELSE 0 END WHERE id = @id;

-- name: CountContactTry :one
UPDATE contact_method SET code_tries = code_tries + 1 WHERE id = $1 RETURNING code_tries;

-- name: VerifyContactMethod :exec
UPDATE contact_method SET verified_at = @verified_at, code_hash = '', code_expires_at = NULL, code_tries = 0,
    disabled_at = NULL, disabled_reason = '' WHERE id = @id;

-- name: VerifyMemberEmails :exec
UPDATE contact_method SET verified_at = @verified_at WHERE member_id = @member_id AND channel = 'email' AND verified_at IS NULL;

-- DisableContactMethod switches a way to reach a member off; no row means that it was off already.
-- name: DisableContactMethod :one
UPDATE contact_method SET disabled_at = @disabled_at, disabled_reason = @reason WHERE id = @id AND disabled_at IS NULL RETURNING *;

-- SetPhoneOptOut marks or clears an opt-out on the proven owner of the phone; no row means that it was so already.
-- name: SetPhoneOptOut :many
UPDATE contact_method SET disabled_at = sqlc.narg(disabled_at), disabled_reason = @reason
WHERE channel = 'sms' AND address = @address AND verified_at IS NOT NULL
    AND (disabled_at IS NULL) = (sqlc.narg(disabled_at)::timestamptz IS NOT NULL) RETURNING *;

-- DropOtherPhones forgets the unproven phones of a member but one, and what was to be sent to them.
-- name: DropOtherPhones :exec
WITH dropped AS (
    SELECT c.id FROM contact_method AS c WHERE c.member_id = @member_id AND c.channel = 'sms' AND c.address <> @address AND c.verified_at IS NULL
), loose AS (
    UPDATE notice SET contact_id = NULL, state = CASE WHEN state = 'owed' THEN 'cancelled' ELSE state END
    WHERE contact_id IN (SELECT id FROM dropped)
)
DELETE FROM contact_method WHERE id IN (SELECT id FROM dropped);

-- ReplacePhones forgets every phone of a member but the one just proven, which gets what was still to be sent to them.
-- name: ReplacePhones :exec
WITH dropped AS (
    SELECT c.id FROM contact_method AS c WHERE c.member_id = @member_id AND c.channel = 'sms' AND c.id <> @id
), moved AS (
    UPDATE notice SET contact_id = CASE WHEN state = 'owed' AND kind <> 'code' THEN @id::bigint END,
        address = CASE WHEN state = 'owed' AND kind <> 'code' THEN @address ELSE address END
    WHERE contact_id IN (SELECT id FROM dropped)
)
DELETE FROM contact_method WHERE id IN (SELECT id FROM dropped);

-- name: GetMemberByAnyChat :one
SELECT m.* FROM member m JOIN chat_identity c ON c.member_id = m.id WHERE c.user_id = $1 LIMIT 1;

-- ListMembersLike finds members by parts of their folded name.
-- name: ListMembersLike :many
SELECT * FROM member WHERE search LIKE ALL(@patterns::text[]) ORDER BY name, id LIMIT 20;

-- ListMembersToLink lists the active members with an e-mail address who are nobody on a platform yet.
-- name: ListMembersToLink :many
SELECT * FROM member WHERE lower(email) = lower(@email::text) AND email <> '' AND state = 'active'
    AND NOT EXISTS (SELECT 1 FROM chat_identity WHERE chat_identity.member_id = member.id AND chat_identity.platform = @platform)
ORDER BY id LIMIT 2;
