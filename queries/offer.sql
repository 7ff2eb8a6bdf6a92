-- ListCandidates reads every active technician with what PickTechnician weighs. Duty is decided in Go.
-- name: ListCandidates :many
SELECT m.id, m.name, m.timezone, m.skills, m.territory, m.capacity,
    EXISTS (SELECT 1 FROM contact_method c WHERE c.member_id = m.id AND c.verified_at IS NOT NULL AND c.disabled_at IS NULL
        AND c.channel = ANY(@channels::text[])) AS reachable,
    EXISTS (SELECT 1 FROM offer o WHERE o.member_id = m.id AND o.call_id = @call_id AND o.state = 'declined') AS declined,
    EXISTS (SELECT 1 FROM offer o WHERE o.member_id = m.id AND o.call_id = @call_id AND o.state IN ('withdrawn','expired')) AS withdrawn,
    (SELECT count(*) FROM call c WHERE c.technician_id = m.id AND c.status = 'pending' AND c.progress <> 'waiting')::bigint AS load,
    (SELECT count(*) FROM offer o WHERE o.member_id = m.id AND o.offered_at >= @since)::bigint AS recent_offers,
    coalesce((SELECT max(o.offered_at) FROM offer o WHERE o.member_id = m.id), 'epoch')::timestamptz AS last_offer_at,
    EXISTS (SELECT 1 FROM call c WHERE c.technician_id = m.id AND c.customer_id = @customer_id AND c.accepted_at IS NOT NULL) AS knows
FROM member m WHERE m.state = 'active' AND 'technician' = ANY(m.roles) ORDER BY m.id LIMIT 500;

-- name: InsertOffer :one
INSERT INTO offer (call_id, member_id, why, offered_at, deadline_at) VALUES ($1, $2, $3, $4, $5) RETURNING *;

-- GetOpenOffer reads the offer of a call that waits for an answer.
-- name: GetOpenOffer :one
SELECT sqlc.embed(offer), member.name AS member_name FROM offer JOIN member ON member.id = offer.member_id
WHERE offer.call_id = $1 AND offer.state = 'open';

-- HadOffer reports whether a member was offered a call with this outcome.
-- name: HadOffer :one
SELECT EXISTS (SELECT 1 FROM offer WHERE call_id = @call_id AND member_id = @member_id AND state = @state)::boolean;

-- name: GetOffer :one
SELECT * FROM offer WHERE id = $1;

-- name: GetLastOffer :one
SELECT sqlc.embed(offer), member.name AS member_name FROM offer JOIN member ON member.id = offer.member_id
WHERE offer.call_id = $1 ORDER BY offer.id DESC LIMIT 1;

-- name: AnswerOffer :exec
UPDATE offer SET state = @state, answered_at = @answered_at, reason = @reason WHERE id = @id AND state = 'open';

-- name: ListOpenOffersOfMember :many
SELECT * FROM offer WHERE member_id = $1 AND state = 'open' ORDER BY id LIMIT 50;

-- GiveUpOffer turns an accepted offer into a declined one.
-- name: GiveUpOffer :exec
UPDATE offer SET state = 'declined', answered_at = @answered_at, reason = @reason
WHERE call_id = @call_id AND member_id = @member_id AND state = 'accepted';

-- name: WithdrawOffers :many
UPDATE offer SET state = 'withdrawn', answered_at = @answered_at
WHERE call_id = @call_id AND state IN ('open','accepted') RETURNING *;
