-- +goose Up

-- What somebody is in the middle of, for a platform that has no room for it in its own messages: a form that is filled in several
-- steps, a button with more to say than its id may hold. Forgotten after some days.
CREATE TABLE aside (
    id      text PRIMARY KEY,
    body    bytea NOT NULL,
    kept_at timestamptz NOT NULL
);
CREATE INDEX aside_kept ON aside (kept_at);

-- +goose Down
DROP TABLE aside;
