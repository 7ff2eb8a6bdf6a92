-- PutAside keeps something, or keeps it anew.
-- name: PutAside :exec
INSERT INTO aside (id, body, kept_at) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, kept_at = excluded.kept_at;

-- name: GetAside :one
SELECT body FROM aside WHERE id = $1;

-- name: DeleteOldAsides :execrows
DELETE FROM aside WHERE kept_at < $1;

-- TakeAside returns what was kept since a moment, once.
-- name: TakeAside :one
DELETE FROM aside WHERE id = @id AND kept_at > @since RETURNING body;
