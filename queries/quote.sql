-- name: InsertQuote :one
INSERT INTO quote (customer_id, lead_id, wanted, needed_by, notes, search, requested_by, requested_at)
VALUES (sqlc.narg(customer_id), sqlc.narg(lead_id), @wanted, sqlc.narg(needed_by), @notes, @search, @requested_by, @requested_at)
RETURNING id;

-- name: GetQuote :one
SELECT * FROM quote WHERE id = $1;

-- name: LockQuote :one
SELECT * FROM quote WHERE id = $1 FOR UPDATE;

-- GetQuoteView reads a quote with the names around it.
-- name: GetQuoteView :one
SELECT sqlc.embed(quote), coalesce(customer.name, '')::text AS customer_name, coalesce(lead.name, '')::text AS lead_name,
    coalesce(lead.company, '')::text AS lead_company, asker.name AS requested_by_name, coalesce(preparer.name, '')::text AS prepared_by_name
FROM quote JOIN member AS asker ON asker.id = quote.requested_by
LEFT JOIN customer ON customer.id = quote.customer_id
LEFT JOIN lead ON lead.id = quote.lead_id
LEFT JOIN member AS preparer ON preparer.id = quote.prepared_by
WHERE quote.id = $1;

-- UpdateQuote writes what became of a quote.
-- name: UpdateQuote :exec
UPDATE quote SET status = @status, prepared_by = sqlc.narg(prepared_by), ready_at = sqlc.narg(ready_at), sent_at = sqlc.narg(sent_at),
    decided_at = sqlc.narg(decided_at), reason = @reason, newest = @newest, total = @total, currency = @currency,
    valid_until = sqlc.narg(valid_until), version = version + 1
WHERE id = @id;

-- EditQuote writes what was asked for.
-- name: EditQuote :exec
UPDATE quote SET wanted = @wanted, needed_by = sqlc.narg(needed_by), notes = @notes, search = @search, version = version + 1 WHERE id = @id;

-- name: InsertQuoteVersion :exec
INSERT INTO quote_version (quote_id, number, lines, currency, net, tax_rate, tax, total, valid_until, note, terms, prepared_by, prepared_at)
VALUES (@quote_id, @number, @lines, @currency, @net, @tax_rate, @tax, @total, @valid_until, @note, @terms, @prepared_by, @prepared_at);

-- name: GetQuoteVersion :one
SELECT sqlc.embed(quote_version), member.name AS prepared_by_name
FROM quote_version JOIN member ON member.id = quote_version.prepared_by
WHERE quote_version.quote_id = @quote_id AND quote_version.number = @number;

-- ListQuoteVersions lists the versions of a quote without their lines, the newest first.
-- name: ListQuoteVersions :many
SELECT quote_version.number, quote_version.currency, quote_version.total, quote_version.valid_until, quote_version.prepared_at,
    member.name AS prepared_by_name
FROM quote_version JOIN member ON member.id = quote_version.prepared_by
WHERE quote_version.quote_id = $1 ORDER BY quote_version.number DESC LIMIT 50;

-- ListQuotesToExpire lists quotes that wait for an answer although their last day is over.
-- name: ListQuotesToExpire :many
SELECT id FROM quote WHERE status IN ('ready','sent') AND valid_until < @today ORDER BY id LIMIT 200;

-- ListQuotesToRemind lists, page by page, quotes that have been in a status since before a moment and of which nobody was reminded
-- yet with a mark, with the zone of who asked for them.
-- name: ListQuotesToRemind :many
SELECT quote.id, member.timezone FROM quote JOIN member ON member.id = quote.requested_by
WHERE quote.id > @after AND quote.status = @status
    AND CASE quote.status WHEN 'ready' THEN quote.ready_at ELSE quote.sent_at END <= @before::timestamptz
    AND NOT EXISTS (SELECT 1 FROM reminder
        WHERE reminder.kind = 'quote' AND reminder.record_id = quote.id AND reminder.mark = @mark::text || '-' || quote.newest::text)
ORDER BY quote.id LIMIT 200;
