-- What our queries use of River's tables, for sqlc, which does not see River's own migrations. `make verify` prepares every
-- query against the real ones. https://riverqueue.com/docs/sql
CREATE SCHEMA river;
CREATE TABLE river.river_job (
    kind         text NOT NULL,
    args         jsonb NOT NULL,
    priority     smallint NOT NULL DEFAULT 1,
    max_attempts smallint NOT NULL
);
