-- What every kind of record has: a timeline, versions, files and reminders.

-- name: InsertEvent :one
INSERT INTO event (record, record_id, at, member_id, via, kind, before, after, note)
VALUES (@record, @record_id, @at, sqlc.narg(member_id), @via, @kind, @before, @after, @note) RETURNING id;

-- ListEvents reads the newest part of a timeline, the newest first, with who did it.
-- name: ListEvents :many
SELECT sqlc.embed(event), coalesce(member.name, '')::text AS member_name
FROM event LEFT JOIN member ON member.id = event.member_id
WHERE event.record = @record AND event.record_id = @record_id ORDER BY event.id DESC LIMIT 500;

-- name: GetEvent :one
SELECT sqlc.embed(event), coalesce(member.name, '')::text AS member_name
FROM event LEFT JOIN member ON member.id = event.member_id WHERE event.id = $1;

-- ListUnpostedRecordEvents lists the entries of a timeline that are not in its thread on a platform.
-- name: ListUnpostedRecordEvents :many
SELECT id FROM event WHERE record = @record AND record_id = @record_id AND NOT posted AND NOT @platform::text = ANY (shown_in) ORDER BY id LIMIT 50;

-- MarkRecordEventPosted records that an entry is in the thread on a platform; the last one whose card is there makes it posted.
-- name: MarkRecordEventPosted :exec
UPDATE event SET shown_in = shown_in || @platform::text, posted = NOT EXISTS (
    SELECT 1 FROM card WHERE card.record = event.record AND card.record_id = event.record_id AND card.platform <> @platform
        AND NOT card.platform = ANY (event.shown_in))
WHERE event.id = @id;

-- InsertRevision keeps what the fields of a record held before they are saved over.
-- name: InsertRevision :exec
INSERT INTO revision (record, record_id, version, fields, saved_by, saved_at)
VALUES (@record, @record_id, @version, @fields, sqlc.narg(saved_by), @saved_at)
ON CONFLICT (record, record_id, version) DO NOTHING;

-- ListRevisions reads what was saved over since a version, oldest first.
-- name: ListRevisions :many
SELECT sqlc.embed(revision), coalesce(member.name, '')::text AS member_name
FROM revision LEFT JOIN member ON member.id = revision.saved_by
WHERE revision.record = @record AND revision.record_id = @record_id AND revision.version >= @version
ORDER BY revision.version LIMIT 200;

-- name: SetInboundRecord :exec
UPDATE inbound SET record_id = @record_id WHERE key = @key;

-- name: InsertFile :one
INSERT INTO file (record, record_id, label, platform, source_id, added_by, added_at)
VALUES (@record, @record_id, @label, @platform, @source_id, sqlc.narg(added_by), @added_at) RETURNING id;

-- name: GetFile :one
SELECT * FROM file WHERE id = $1;

-- ListFiles lists the files of a record without their content, oldest first.
-- name: ListFiles :many
SELECT id, label, name, media, state, error, added_at, coalesce(length(content), 0)::bigint AS size
FROM file WHERE record = @record AND record_id = @record_id ORDER BY id LIMIT 200;

-- KeepFile stores what was fetched; no row means that it is stored already.
-- name: KeepFile :one
UPDATE file SET state = 'kept', name = @name, media = @media, content = @content, error = '' WHERE id = @id AND state <> 'kept'
RETURNING record, record_id, posted;

-- FailFile gives a file up; no row means that it is kept, or given up already.
-- name: FailFile :one
UPDATE file SET state = 'failed', error = @error WHERE id = @id AND state = 'owed' RETURNING record, record_id, platform, added_by;

-- ListOwedFiles lists files that should have been fetched long ago.
-- name: ListOwedFiles :many
SELECT id FROM file WHERE state = 'owed' AND added_at < @before ORDER BY added_at LIMIT 100;

-- Remind marks something as reminded of; zero rows mean that it was before.
-- name: Remind :execrows
INSERT INTO reminder (kind, record_id, mark, at) VALUES (@kind, @record_id, @mark, @at) ON CONFLICT DO NOTHING;
