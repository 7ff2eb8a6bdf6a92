-- What people changed, and taking it back.

-- BeginChange begins a change; until the transaction ends, rows that change and messages that are owed belong to it.
-- name: BeginChange :one
WITH begun AS (
    INSERT INTO change (record, record_id, member_id, via, delivery, at)
    VALUES (@record, @record_id, @member_id, @via, @delivery, @at) RETURNING id
)
SELECT id, set_config('callout.change', id::text, true)::text AS setting FROM begun;

-- name: NameChange :exec
UPDATE change SET what = @what WHERE id = @id;

-- GetChange reads a change with who made it.
-- name: GetChange :one
SELECT sqlc.embed(change), member.name AS member_name FROM change JOIN member ON member.id = change.member_id WHERE change.id = $1;

-- LockChange reads a change that is about to be taken back.
-- name: LockChange :one
SELECT * FROM change WHERE id = $1 FOR UPDATE;

-- LastChange finds the last change of a member that is not taken back.
-- name: LastChange :one
SELECT * FROM change WHERE member_id = @member_id AND what <> '' AND undone_at IS NULL ORDER BY id DESC LIMIT 1;

-- LastChangeOf finds the last change of a record, by whomever.
-- name: LastChangeOf :one
SELECT * FROM change WHERE record = @record AND record_id = @record_id AND what <> '' AND undone_at IS NULL ORDER BY id DESC LIMIT 1;

-- LaterChange finds what a person changed of the same rows after a change. Who edited a customer that it made is not in the way: that
-- customer stays.
-- name: LaterChange :one
SELECT sqlc.embed(change), member.name AS member_name
FROM change_row AS mine JOIN change_row AS later ON later.relation = mine.relation AND later.key = mine.key AND later.id > mine.id
JOIN change ON change.id = later.change_id JOIN member ON member.id = change.member_id
WHERE mine.change_id = @id AND change.id <> @id AND change.undone_at IS NULL
    AND (mine.before IS NOT NULL OR mine.relation NOT IN ('customer','contact'))
ORDER BY later.id DESC LIMIT 1;

-- ChangeUndone marks a change as taken back.
-- name: ChangeUndone :exec
UPDATE change SET undone_at = @now WHERE id = @id;

-- MovedRows locks the rows of a change, and lists the tables of those that are not any more what it made of them.
-- name: MovedRows :many
SELECT change_moved(@id)::text AS relation;

-- RemoveMade removes the rows that a change made; false if something refers to them by now.
-- name: RemoveMade :one
SELECT change_remove(@id)::boolean AS removed;

-- RestoreRows makes rows what they were before a change.
-- name: RestoreRows :exec
SELECT change_restore(@id);

-- ListChangedRows lists which rows a change changed, with what they were.
-- name: ListChangedRows :many
SELECT relation, coalesce((key ->> 'id')::bigint, 0)::bigint AS row_id, (before IS NULL)::boolean AS made,
    coalesce(change_patch(before, after), '{}')::jsonb AS patch
FROM change_row WHERE change_id = $1 ORDER BY id;

-- ListChangeNotices lists the messages that tell about a change.
-- name: ListChangeNotices :many
SELECT * FROM notice WHERE change_id = @change_id AND kind <> 'offer' ORDER BY id;

-- ListDeskNotices lists what the desk itself said about a call after a moment.
-- name: ListDeskNotices :many
SELECT * FROM notice WHERE call_id = @call_id AND change_id IS NULL AND kind IN ('unassigned','inform') AND created_at >= @since ORDER BY id;

-- CancelOwed drops a message that is not sent; zero rows mean that it is on its way, or there, or was given up.
-- name: CancelOwed :execrows
UPDATE notice SET state = 'cancelled', leased_until = NULL WHERE id = @id AND state = 'owed';

-- IsUndone reports whether a change was taken back.
-- name: IsUndone :one
SELECT EXISTS (SELECT 1 FROM change WHERE id = $1 AND undone_at IS NOT NULL)::boolean;

-- CountOfferNotices counts the messages that make an offer and are not given up, and those of them that went out.
-- name: CountOfferNotices :one
SELECT count(*) AS alive, count(*) FILTER (WHERE state <> 'owed') AS out FROM notice
WHERE offer_id = $1 AND kind = 'offer' AND state IN ('owed','sending','sent','delivered');

-- RestartOffer gives an offer that is open again a new deadline.
-- name: RestartOffer :exec
UPDATE offer SET deadline_at = @deadline_at WHERE id = @id AND state = 'open';

-- ForgetChanges forgets what nobody can take back any more.
-- name: ForgetChanges :exec
DELETE FROM change WHERE at < @before;
