-- +goose Up

-- What became of every message owed, and what it cost.
ALTER TABLE notice
    ADD COLUMN customer_contact_id bigint REFERENCES contact,    -- a person at a customer's whom it is for
    ADD COLUMN said         text NOT NULL DEFAULT '',            -- the whole text of a bundle, so that it can be looked up and sent again as it was
    ADD COLUMN segments     integer NOT NULL DEFAULT 0,          -- what a text was charged as; those it carries along cost nothing of their own
    ADD COLUMN delivered_at timestamptz,
    ADD COLUMN tried_at     timestamptz,                         -- when the last try ended that the provider did not take, for now
    ADD COLUMN turn_at      timestamptz,                         -- when it had its turn at its phone; another try needs no second one
    ADD COLUMN held_until   timestamptz,                         -- it waits for its turn
    ADD COLUMN hold         text NOT NULL DEFAULT '',            -- why
    ADD COLUMN bundled_in   bigint REFERENCES notice,            -- the text that says this too
    ADD COLUMN instead_of   bigint REFERENCES notice;            -- the failed one that this stands in for
CREATE INDEX notice_held ON notice (address, id) WHERE held_until IS NOT NULL AND state IN ('owed','sending');
CREATE INDEX notice_bundled ON notice (bundled_in) WHERE bundled_in IS NOT NULL AND state = 'sending';
CREATE INDEX notice_instead ON notice (instead_of) WHERE instead_of IS NOT NULL;
CREATE INDEX notice_unsettled ON notice (id DESC) WHERE state IN ('failed','undelivered','owed','sending');
CREATE INDEX notice_texts ON notice (sent_at) INCLUDE (segments) WHERE channel = 'sms';
CREATE INDEX notice_member ON notice (member_id, created_at) WHERE member_id IS NOT NULL;

-- When the last texts to a phone had their turn, the newest first, and which had the last one. One row a phone: two instances that
-- want to text it wait for each other here.
CREATE TABLE phone_turn (
    address   text PRIMARY KEY,
    times     timestamptz[] NOT NULL,
    notice_id bigint NOT NULL REFERENCES notice
);

-- proven_at is when somebody last showed that this way reaches them, drilled_at when they were last asked to.
ALTER TABLE contact_method ADD COLUMN proven_at timestamptz, ADD COLUMN drilled_at timestamptz;
UPDATE contact_method SET proven_at = verified_at;

-- +goose Down
ALTER TABLE contact_method DROP COLUMN proven_at, DROP COLUMN drilled_at;
DROP TABLE phone_turn;
DROP INDEX notice_held, notice_bundled, notice_instead, notice_unsettled, notice_texts, notice_member;
ALTER TABLE notice DROP COLUMN customer_contact_id, DROP COLUMN said, DROP COLUMN segments, DROP COLUMN delivered_at, DROP COLUMN tried_at,
    DROP COLUMN turn_at, DROP COLUMN held_until, DROP COLUMN hold, DROP COLUMN bundled_in, DROP COLUMN instead_of;
