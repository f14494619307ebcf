-- A sender process. Its `run` is one life of it. `verified_at` and `postmaster` say when, and on which life of the
-- database server, it last found its notes in the store; `ended_at` is null while it runs and after it was killed.
-- It lives as long as it holds the advisory lock (message_store.sender_locks.SENDER_LOCK, id).
CREATE TABLE sender (
    id         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host       text        NOT NULL,
    pid        integer     NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    run         uuid,
    place       text,
    verified_at timestamptz,
    postmaster  timestamptz,
    ended_at    timestamptz
);
