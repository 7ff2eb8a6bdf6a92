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

-- ListDutyOverridesFrom lists the overrides of a member that touch any moment from one on, the newest first.
-- name: ListDutyOverridesFrom :many
SELECT * FROM duty_override WHERE member_id = @member_id AND (ends_at IS NULL OR ends_at > @at) ORDER BY id DESC LIMIT 100;

-- name: ListTimeOffFrom :many
SELECT * FROM time_off WHERE member_id = @member_id AND ends_at > @at ORDER BY id LIMIT 100;
