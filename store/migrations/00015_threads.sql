-- +goose Up

-- A company may use two chats, with a card and a thread in each: shown_in are the platforms in whose thread a line or photo is.
-- posted says that it is in all of them.
ALTER TABLE call_event ADD COLUMN shown_in text[] NOT NULL DEFAULT '{}';
ALTER TABLE event ADD COLUMN shown_in text[] NOT NULL DEFAULT '{}';
ALTER TABLE file ADD COLUMN shown_in text[] NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE file DROP COLUMN shown_in;
ALTER TABLE event DROP COLUMN shown_in;
ALTER TABLE call_event DROP COLUMN shown_in;
