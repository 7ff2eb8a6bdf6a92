-- name: GetPolicy :one
SELECT * FROM policy WHERE priority = $1;

-- name: ListPolicies :many
SELECT * FROM policy ORDER BY array_position(ARRAY['urgent','high','normal','low'], priority);

-- name: InsertCallStep :exec
INSERT INTO call_step (call_id, offer_id, kind, turn, due_at) VALUES (@call_id, sqlc.narg(offer_id), @kind, @turn, @due_at);

-- LockCallStep reads a step that is about to be taken.
-- name: LockCallStep :one
SELECT * FROM call_step WHERE id = $1 FOR UPDATE;

-- name: CallStepDone :exec
UPDATE call_step SET done_at = @now WHERE id = @id;

-- EndCallSteps drops every step that is still to come for a call.
-- name: EndCallSteps :exec
UPDATE call_step SET done_at = @now WHERE call_id = @call_id AND done_at IS NULL;

-- EndOfferSteps drops the steps that are about one offer.
-- name: EndOfferSteps :exec
UPDATE call_step SET done_at = @now WHERE offer_id = @offer_id AND done_at IS NULL;

-- HasCallSteps reports whether the clock of a call that nobody has runs already.
-- name: HasCallSteps :one
SELECT EXISTS (SELECT 1 FROM call_step WHERE call_id = $1 AND done_at IS NULL AND kind IN ('dispatchers','admins','loud'))::boolean;

-- ListDueSteps lists the steps whose time has come, the most overdue first.
-- name: ListDueSteps :many
SELECT id, call_id FROM call_step WHERE done_at IS NULL AND due_at <= @now ORDER BY due_at LIMIT 200;

-- ListOfferNotices lists on which addresses an offer was made.
-- name: ListOfferNotices :many
SELECT channel, address FROM notice WHERE offer_id = $1 AND kind = 'offer' ORDER BY id;

-- name: LockPolicy :one
SELECT * FROM policy WHERE priority = $1 FOR UPDATE;

-- name: UpdatePolicy :exec
UPDATE policy SET clock = @clock, all_at_once = @all_at_once, next_channel = @next_channel, next_technician = @next_technician,
    dispatchers = @dispatchers, admins = @admins, admins_every = @admins_every, admins_times = @admins_times, loud_every = @loud_every,
    remind = @remind, remind_dispatchers = @remind_dispatchers, updated_by = @updated_by, updated_at = @updated_at, version = version + 1
WHERE priority = @priority;

-- ListWaits lists how long the newest calls of a priority waited for somebody: ended_at is NULL while they still wait.
-- name: ListWaits :many
SELECT id, opened_at, coalesce(accepted_at, closed_at) AS ended_at FROM call
WHERE priority = @priority AND opened_at >= @since ORDER BY id DESC LIMIT @max;

-- ListOfferWaits lists how long the offers of these calls waited for their answer. Who took a call unasked was not waited for.
-- name: ListOfferWaits :many
SELECT member_id, offered_at, answered_at FROM offer
WHERE call_id = ANY(@call_ids::bigint[]) AND (answered_at IS NULL OR answered_at > offered_at) ORDER BY id;
