-- LeaseCard takes a card to draw it, and tells whether an earlier try did not end well. No row means that somebody else is
-- drawing it.
-- name: LeaseCard :one
UPDATE card SET leased_until = @leased_until, tried_at = @now
FROM (SELECT record, record_id, platform, leased_until, tried_at FROM card
    WHERE card.record = @record AND card.record_id = @record_id AND card.platform = @platform FOR UPDATE) AS before
WHERE card.record = before.record AND card.record_id = before.record_id AND card.platform = before.platform
    AND (card.leased_until IS NULL OR card.leased_until <= @now)
RETURNING card.*, (before.tried_at IS NOT NULL OR before.leased_until IS NOT NULL)::boolean AS interrupted;

-- name: ListCards :many
SELECT * FROM card WHERE record = @record AND record_id = @record_id ORDER BY platform;

-- PlaceCard gives a record a card in the channel of today; a card that is posted already stays where it is.
-- name: PlaceCard :exec
INSERT INTO card (record, record_id, platform, channel) VALUES (@record, @record_id, @platform, @channel)
ON CONFLICT (record_id, record, platform) DO UPDATE SET channel = excluded.channel, posting_since = NULL WHERE card.message_id = '';

-- ListCallsWithoutCard lists pending calls that were logged before an admin chose the channel for calls.
-- name: ListCallsWithoutCard :many
SELECT call.id FROM setting JOIN call ON call.status = 'pending'
WHERE setting.key = 'calls_channel' AND setting.updated_at > @since
    AND NOT EXISTS (SELECT 1 FROM card WHERE card.record_id = call.id AND card.record = 'call') ORDER BY call.id LIMIT @max;

-- ListQuotesWithoutCard lists open quotes that were asked for before an admin chose the channel for quotes.
-- name: ListQuotesWithoutCard :many
SELECT quote.id FROM setting JOIN quote ON quote.status IN ('requested','ready','sent','change_requested')
WHERE setting.key = 'quotes_channel' AND setting.updated_at > @since
    AND NOT EXISTS (SELECT 1 FROM card WHERE card.record_id = quote.id AND card.record = 'quote') ORDER BY quote.id LIMIT @max;

-- name: CardPosting :exec
UPDATE card SET posting_since = @now
WHERE record = @record AND record_id = @record_id AND platform = @platform AND posting_since IS NULL;

-- name: CardPosted :exec
UPDATE card SET message_id = @message_id WHERE record = @record AND record_id = @record_id AND platform = @platform;

-- ReleaseCard stores what was drawn and lets the next one draw.
-- name: ReleaseCard :exec
UPDATE card SET leased_until = NULL, tried_at = NULL, shown = @shown
WHERE record = @record AND record_id = @record_id AND platform = @platform;

-- name: ReleaseCardUndrawn :exec
UPDATE card SET leased_until = NULL WHERE record = @record AND record_id = @record_id AND platform = @platform;

-- ReleaseCardRefused gives a card back that the platform did not take for now: what was drawn before that counts, and only
-- an earlier try may have left something behind that nobody knows of.
-- name: ReleaseCardRefused :exec
UPDATE card SET leased_until = NULL, shown = @shown, posting_since = sqlc.narg(posting_since),
    tried_at = CASE WHEN @interrupted::boolean THEN tried_at END
WHERE record = @record AND record_id = @record_id AND platform = @platform;

-- LeaseMessage takes a message that was sent, to edit it; no row means that somebody else does.
-- name: LeaseMessage :execrows
UPDATE notice SET leased_until = @leased_until
WHERE id = @id AND state IN ('sent','delivered') AND (leased_until IS NULL OR leased_until <= @now);

-- ReleaseMessage records which version of its record a message shows, and lets the next one edit it.
-- name: ReleaseMessage :exec
UPDATE notice SET shown = greatest(shown, @shown::bigint), leased_until = NULL WHERE id = @id AND state IN ('sent','delivered');

-- ListStuckCards lists records whose card was being drawn by a worker that died, and some whose card nobody could draw, those
-- first that wait longest.
-- name: ListStuckCards :many
(SELECT record, record_id FROM card WHERE card.leased_until < @now LIMIT 500)
UNION
(SELECT card.record, card.record_id FROM card WHERE card.leased_until IS NULL AND card.tried_at < @tried_before ORDER BY card.tried_at LIMIT @max);
