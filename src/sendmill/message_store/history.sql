-- Reports as they came from a carrier, of messages that failed, that were uncertain, or whose result a report
-- changed later: what somebody asks for who wants to know what became of one recipient. Those of messages
-- that were simply delivered are not kept. digest is that of `raw`: a report that comes twice is kept once.
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

-- The submissions of one message are found by the time at which its window was recorded.
CREATE INDEX submission_submitted_at ON submission
    USING brin (submitted_at) WITH (pages_per_range = 32, autosummarize = on);
