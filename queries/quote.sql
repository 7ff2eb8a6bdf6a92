-- name: GetQuote :one
SELECT * FROM quote WHERE id = $1;
