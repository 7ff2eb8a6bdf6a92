-- +goose Up

-- Texts both ways: photos by SMS, words in the thread below a card, invitations of people who have no chat, and a limit on what
-- is answered by itself.

-- Whether a file is in the thread below the card of its record. What was uploaded in chat is, or has no place there.
ALTER TABLE file ADD COLUMN posted boolean NOT NULL DEFAULT true;
CREATE INDEX file_unposted ON file (record, record_id, id) WHERE NOT posted;

-- The card below which somebody wrote.
CREATE INDEX card_message ON card (platform, channel, message_id) WHERE message_id <> '';

-- What a member texted last of which we asked which call it is about. Photos wait as files of the member.
CREATE TABLE loose_text (
    member_id bigint NOT NULL REFERENCES member,
    words     text NOT NULL,
    at        timestamptz NOT NULL,
    CONSTRAINT loose_text_pkey PRIMARY KEY (member_id)
);

-- What was texted to us lately and answered by itself, so that two machines do not text each other for ever. idle is a text
-- without a verb, or the same text again.
CREATE TABLE text_seen (
    phone  text NOT NULL,
    at     timestamptz NOT NULL,
    digest text NOT NULL,
    idle   boolean NOT NULL
);
CREATE INDEX text_seen_phone ON text_seen (phone, at);

-- Who asked the owner of a phone to prove it by text, and when.
ALTER TABLE contact_method ADD COLUMN invited_by bigint REFERENCES member, ADD COLUMN invited_at timestamptz;

-- What is still to be sent to an address whose owner wants no more.
CREATE INDEX notice_to_send ON notice (contact_id) WHERE state = 'owed';

-- +goose Down
DROP INDEX notice_to_send;
ALTER TABLE contact_method DROP COLUMN invited_by, DROP COLUMN invited_at;
DROP TABLE text_seen, loose_text;
DROP INDEX card_message;
DROP INDEX file_unposted;
ALTER TABLE file DROP COLUMN posted;
