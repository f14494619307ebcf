-- Is this store older than what the carriers have seen? The tables below tell (docs/decisions/0013).

-- The store itself: one row. `id` names it for ever, in copies and backups too.
CREATE TABLE store (
    one        boolean     PRIMARY KEY DEFAULT true CHECK (one),
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO store DEFAULT VALUES;

-- The places of this store: machine, data folder, server and database together. At one where a sender `ran` it has left a
-- file of marks.
CREATE TABLE place (
    key      text        PRIMARY KEY,
    machine  text        NOT NULL,
    folder   text        NOT NULL,
    server   text        NOT NULL,
    database text        NOT NULL,
    host     text        NOT NULL,
    noted_by text        NOT NULL,
    ran      boolean     NOT NULL DEFAULT false,
    noted_at timestamptz NOT NULL DEFAULT now()
);

-- The high-water mark of each lane of each run of a sender: counted up in the statement that commits an intent, and
-- then noted in a file outside of the store, before the first byte of the batch leaves. Updated in place.
CREATE TABLE stamp (
    run   uuid    NOT NULL,
    lane  integer NOT NULL,
    count bigint  NOT NULL,
    PRIMARY KEY (run, lane)
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 2000);

-- While one is open nothing is submitted and no task starts, but for tasks whose `cleared_hold` names it.
-- kind: older, lost, elsewhere, restored, reports. `missing` are the marks that were noted and are not here:
-- [[run, lane, count], …]; a mark that stands in any hold raises no further one. Tasks above `last_task_id` came later:
-- of them nothing can have been sent.
CREATE TABLE hold (
    id           uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    kind         text        NOT NULL,
    message      text        NOT NULL,
    parameters   jsonb       NOT NULL DEFAULT '{}',
    missing      jsonb       NOT NULL DEFAULT '[]',
    last_task_id bigint      NOT NULL,
    began_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    released_at  timestamptz,
    released_as  text,
    released_by  text
);
CREATE UNIQUE INDEX hold_open ON hold ((released_at IS NULL)) WHERE released_at IS NULL;
