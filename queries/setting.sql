-- name: ListSettings :many
SELECT * FROM setting ORDER BY key;

-- name: PutSetting :exec
INSERT INTO setting (key, value, updated_by, updated_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at;

-- name: DeleteSetting :exec
DELETE FROM setting WHERE key = $1;
