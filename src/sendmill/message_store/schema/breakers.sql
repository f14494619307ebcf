-- Carriers that take nothing of a task: one row for each task and carrier since its breaker tripped, until the task has
-- ended. While `released_at` is null nothing of the task goes over the carrier but probes, one message each.
-- cause: pause, re-bind, retry, run, share (domain/breaker.py); `status` is the command status, `words` the carrier's own
-- for it; `refusals` is how many of them showed the cause.
-- The next probe is sent at `probe_at`, over the chunk and lease (`probe_n`, `probe_attempt`); `probes` counts those
-- that failed. released_by: 'probe', or 'person'; `told` says that the audit log has a release by a probe.
CREATE TABLE task_breaker (
    task_id       bigint      NOT NULL,
    carrier_id    bigint      NOT NULL,
    cause         text        NOT NULL,
    status        bigint      NOT NULL,
    words         text        NOT NULL DEFAULT '',
    refusals      integer     NOT NULL,
    tripped_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    probes        integer     NOT NULL DEFAULT 0,
    probe_at      timestamptz NOT NULL,
    probe_n       integer,
    probe_attempt integer,
    released_at   timestamptz,
    released_by   text        NOT NULL DEFAULT '',
    told          boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (task_id, carrier_id)
);
