-- TakeTurn gives a notice its turn at a phone, unless so many texts went there lately that it must wait, or an earlier one has not
-- left yet. What is urgent does not wait, but counts. No row means that it must wait; else whether others wait for that phone.
-- name: TakeTurn :one
WITH turn AS (
    INSERT INTO phone_turn (address, times, notice_id) VALUES (@address, ARRAY[@now::timestamptz], @notice_id)
    ON CONFLICT (address) DO UPDATE SET times = (ARRAY[@now::timestamptz] || phone_turn.times)[1:@kept::integer], notice_id = excluded.notice_id
    WHERE @urgent::boolean OR NOT EXISTS (
        SELECT 1 FROM generate_subscripts(@most::integer[], 1) AS i
        WHERE phone_turn.times[(@most::integer[])[i]] > (@since::timestamptz[])[i] AND phone_turn.times[(@most::integer[])[i]] <= @soon::timestamptz)
        AND NOT EXISTS (
            SELECT 1 FROM notice AS earlier WHERE earlier.id = phone_turn.notice_id AND earlier.state IN ('owed','sending')
                AND earlier.turn_at > @in_order_since::timestamptz)
    RETURNING address
)
UPDATE notice SET turn_at = @now::timestamptz, held_until = NULL, hold = '' FROM turn WHERE notice.id = @notice_id
RETURNING EXISTS (
    SELECT 1 FROM notice AS other WHERE other.address = turn.address AND other.held_until IS NOT NULL AND other.state IN ('owed','sending')
        AND other.turn_at IS NULL AND other.id <> @notice_id)::boolean AS others;

-- name: GetPhoneTurn :one
SELECT * FROM phone_turn WHERE address = $1;

-- HoldNotice puts a text back until its turn comes. It was not tried. Zero rows mean that the text that has the turn says it too.
-- name: HoldNotice :execrows
UPDATE notice SET state = 'owed', attempts = attempts - 1, asked_at = sqlc.narg(asked_at), leased_until = NULL, held_until = @until, hold = @why
WHERE id = @id AND bundled_in IS NULL;

-- BundleHeld takes texts that are held for a phone along with one that has its turn: also those of which another worker just finds
-- out that they have none.
-- name: BundleHeld :many
UPDATE notice SET state = 'sending', bundled_in = @lead::bigint, attempts = 1, leased_until = NULL, asked_at = NULL WHERE id IN (
    SELECT held.id FROM notice AS held WHERE held.address = @address AND held.held_until IS NOT NULL AND held.state IN ('owed','sending')
        AND held.channel = 'sms' AND held.turn_at IS NULL AND held.bundled_in IS NULL AND held.id <> @lead::bigint
    ORDER BY held.id LIMIT 20 FOR UPDATE
) RETURNING *;

-- ListBundled lists what the text of a notice carries along.
-- name: ListBundled :many
SELECT * FROM notice WHERE bundled_in = $1 AND state = 'sending' ORDER BY id;

-- SayBundle keeps the text that says a notice and what it carries along.
-- name: SayBundle :exec
UPDATE notice SET said = @said WHERE id = @id;

-- Unbundle lets go what did not fit into a text, until the next turn.
-- name: Unbundle :exec
UPDATE notice SET state = 'owed', bundled_in = NULL, attempts = 0, held_until = @until
WHERE bundled_in = @lead::bigint AND state = 'sending' AND NOT id = ANY(@but::bigint[]);

-- FreeBundled lets go what texts carried along that will never be sent.
-- name: FreeBundled :exec
UPDATE notice SET state = 'owed', bundled_in = NULL, attempts = 0, held_until = @now::timestamptz
FROM notice AS lead WHERE notice.bundled_in = lead.id AND notice.state = 'sending' AND lead.state IN ('cancelled','failed');

-- DivertNotice drops a text whose words go another way.
-- name: DivertNotice :exec
UPDATE notice SET state = 'cancelled', leased_until = NULL, hold = @why WHERE id = @id;

-- SumSegments counts what the texts of a time cost.
-- name: SumSegments :one
SELECT coalesce(sum(segments), 0)::bigint FROM notice WHERE channel = 'sms' AND sent_at >= @since::timestamptz AND sent_at < @until::timestamptz;

-- ListContactsToDrill lists the proven, working ways to active members that nobody showed for long to reach them.
-- name: ListContactsToDrill :many
SELECT sqlc.embed(contact_method), sqlc.embed(member) FROM contact_method JOIN member ON member.id = contact_method.member_id
WHERE contact_method.verified_at IS NOT NULL AND contact_method.disabled_at IS NULL AND contact_method.channel = ANY(@channels::text[])
    AND member.state = 'active' AND coalesce(contact_method.drilled_at, contact_method.verified_at) < @before::timestamptz
    AND coalesce(contact_method.proven_at, contact_method.verified_at) < @before::timestamptz
ORDER BY contact_method.member_id, contact_method.position, contact_method.id LIMIT 500;

-- ContactDrilled marks a way as being tried; zero rows mean that it was marked before.
-- name: ContactDrilled :execrows
UPDATE contact_method SET drilled_at = @now::timestamptz
WHERE id = @id AND coalesce(drilled_at, verified_at) < @before::timestamptz;

-- ProveContact records that a member showed that a way reaches them.
-- name: ProveContact :execrows
UPDATE contact_method SET proven_at = @now WHERE member_id = @member_id AND channel = @channel AND (id = @id OR @id::bigint = 0)
    AND verified_at IS NOT NULL AND disabled_at IS NULL;

-- ListUnproven lists the ways that were tried and from which no answer came, with their owners.
-- name: ListUnproven :many
SELECT sqlc.embed(contact_method), member.name FROM contact_method JOIN member ON member.id = contact_method.member_id
WHERE contact_method.drilled_at < @before::timestamptz AND coalesce(contact_method.proven_at < contact_method.drilled_at, true)
    AND contact_method.verified_at IS NOT NULL AND contact_method.disabled_at IS NULL AND member.state = 'active'
ORDER BY member.name, member.id, contact_method.position LIMIT 200;

-- ListDisabled lists the ways that were switched off, with their owners.
-- name: ListDisabled :many
SELECT sqlc.embed(contact_method), member.name FROM contact_method JOIN member ON member.id = contact_method.member_id
WHERE contact_method.disabled_at IS NOT NULL AND member.state = 'active'
ORDER BY contact_method.disabled_at DESC, contact_method.id LIMIT 50;

-- GetContactMethod reads one way to reach a member, and keeps it as it is until the transaction ends.
-- name: GetContactMethod :one
SELECT * FROM contact_method WHERE id = $1 FOR UPDATE;

-- EnableContactMethod switches a way to reach a member on again; zero rows mean that it was on.
-- name: EnableContactMethod :execrows
UPDATE contact_method SET disabled_at = NULL, disabled_reason = '' WHERE id = $1 AND disabled_at IS NOT NULL;

-- LockNotice reads a notice, and keeps it as it is until the transaction ends.
-- name: LockNotice :one
SELECT * FROM notice WHERE id = $1 FOR UPDATE;

-- HasStandIn reports whether another notice stands in for a failed one.
-- name: HasStandIn :one
SELECT EXISTS (SELECT 1 FROM notice WHERE instead_of = $1)::boolean;

-- PhoneAnswered proves a phone from which a text came after it was tried.
-- name: PhoneAnswered :exec
UPDATE contact_method SET proven_at = @now WHERE channel = 'sms' AND address = @address AND verified_at IS NOT NULL
    AND drilled_at IS NOT NULL AND coalesce(proven_at < drilled_at, true);
