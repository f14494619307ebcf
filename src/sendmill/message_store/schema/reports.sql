-- Orphans: reports that match no message yet, unreadable ones, and replies. They are tried again, and shown.
-- kind: report, reply, unreadable.
CREATE TABLE orphan (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    carrier_id  bigint      NOT NULL,
    kind        text        NOT NULL,
    message_id  text,
    number      bigint,
    code        text,
    result      smallint,
    raw         text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    tries       smallint    NOT NULL DEFAULT 0,
    retry_at    timestamptz,
    matched_at  timestamptz
);
CREATE INDEX orphan_retry ON orphan (retry_at) WHERE retry_at IS NOT NULL;
-- For the page that shows them: the newest of a carrier and kind, by key.
CREATE INDEX orphan_shown ON orphan (carrier_id, kind, id) WHERE matched_at IS NULL;

-- Reports as they came from a carrier, for the history of one recipient: of messages that failed, that were Uncertain, or
-- whose result a report changed later. Those of messages that were simply delivered are not kept. digest is that of
-- `raw`: a report that comes twice is kept once.
-- kind: report; settled, resent and doubted are what a person decided about a message, `raw` says who.
CREATE TABLE report (
    task_id     bigint      NOT NULL,
    seq         integer     NOT NULL,
    part        smallint    NOT NULL,
    digest      bigint      NOT NULL,
    kind        text        NOT NULL DEFAULT 'report',
    carrier_id  bigint,
    message_id  text,
    code        text,
    result      smallint,
    raw         text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, seq, part, digest)
);
