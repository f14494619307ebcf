-- The state of each bind in words, for the carriers page and for "why isn't it sending?". `said` is the sentence in pieces
-- that are translated: [[key, parameters], …].
CREATE TABLE bind_state (
    carrier_id bigint      NOT NULL,
    slot       smallint    NOT NULL,
    owner      integer     NOT NULL,
    state      text        NOT NULL,
    sentence   text        NOT NULL DEFAULT '',
    said       jsonb       NOT NULL DEFAULT '[]',
    since      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (carrier_id, slot)
);

-- Fail-over: a chunk that nobody held moved from one carrier to another. What was submitted of it before `at` went over
-- `from_carrier`; `begun` tells whether anything was.
CREATE TABLE moved_chunk (
    task_id      bigint      NOT NULL,
    n            integer     NOT NULL,
    at           timestamptz NOT NULL,
    from_carrier bigint      NOT NULL,
    to_carrier   bigint      NOT NULL,
    begun        boolean     NOT NULL,
    reason       text        NOT NULL,
    PRIMARY KEY (task_id, n, at)
);

-- Samples: what a bind did in `span` seconds, written by its sender every few seconds and deleted after two days.
-- submitted counts parts, refused and unknown count messages, delivered and failed count reports. seconds has a few
-- times from submit to report.
CREATE TABLE carrier_sample (
    carrier_id bigint      NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    slot       smallint    NOT NULL,
    bound      boolean     NOT NULL,
    span       real        NOT NULL,
    submitted  integer     NOT NULL,
    accepted   integer     NOT NULL,
    refused    integer     NOT NULL,
    unknown    integer     NOT NULL,
    throttled  integer     NOT NULL,
    delivered  integer     NOT NULL,
    failed     integer     NOT NULL,
    in_flight  integer     NOT NULL,
    pace       real,
    seconds    real[]      NOT NULL
);
CREATE INDEX carrier_sample_at ON carrier_sample (carrier_id, at);

-- Carriers that take nothing of routed tasks for now, though they are switched on. reason: down, failing.
CREATE TABLE carrier_out (
    carrier_id bigint      PRIMARY KEY,
    reason     text        NOT NULL,
    since      timestamptz NOT NULL DEFAULT now()
);
