-- The messages of tasks, their parts, chunks and counters, and the ids that carriers gave.
--
-- Rows are updated in place. No updated column is in an index and pages are filled to 45%, so every update stays on its
-- page (HOT): an index on one updated column halved the speed.

-- One row for each recipient of a task; its key is (task_id, seq). Written once by COPY, updated when it is submitted and
-- when its report comes.
-- result: 0 sending (waiting without submitted_at), 1 successful, 2 failed, 3 uncertain, 4 not sent. What may change it
-- stands in message_store/result_changes.py.
-- `delivered` counts parts reported delivered.
-- Partitioned by task id; task ids jump to the next partition as time passes, so that retention drops whole partitions
-- (message_store/partitions.py).
CREATE TABLE message (
    task_id      bigint      NOT NULL,
    seq          integer     NOT NULL,
    number       bigint      NOT NULL,
    file_row     integer     NOT NULL,
    parts        smallint    NOT NULL,
    result       smallint    NOT NULL DEFAULT 0,
    delivered    smallint    NOT NULL DEFAULT 0,
    submitted_at timestamptz,
    reported_at  timestamptz,
    code         text,
    variables    text[],
    PRIMARY KEY (task_id, seq)
) PARTITION BY RANGE (task_id);
CREATE INDEX message_number ON message (number, task_id);

-- One row for each part of a message that has more than one, written when the part was submitted.
CREATE TABLE part (
    task_id      bigint      NOT NULL,
    seq          integer     NOT NULL,
    part         smallint    NOT NULL,
    result       smallint    NOT NULL DEFAULT 0,
    submitted_at timestamptz,
    reported_at  timestamptz,
    code         text,
    PRIMARY KEY (task_id, seq, part)
) PARTITION BY RANGE (task_id);

-- A range [lo, hi) of a task's seqs, which one sender at a time leases and sends in batches.
-- Below next_seq all is known. [next_seq, batch_hi) is the open batch, if any: its intent was committed before its first
-- byte left. owner + attempt is the fence of a lease, and a lease lasts as long as its owner holds its advisory lock
-- (message_store/engine/chunks.py).
-- state: 0 ready, 1 leased, 2 done.
-- carrier_id: which carrier it goes over; carriers: which others it may go over, in the order of preference. Both are
-- null where the task is not routed: it goes over the task's carrier then, and over no other.
CREATE TABLE chunk (
    task_id   bigint   NOT NULL,
    n         integer  NOT NULL,
    lo        integer  NOT NULL,
    hi        integer  NOT NULL,
    next_seq  integer  NOT NULL,
    batch_hi integer,
    state     smallint NOT NULL DEFAULT 0,
    owner     integer,
    attempt   integer  NOT NULL DEFAULT 0,
    carrier_id bigint,
    carriers  bigint[],
    PRIMARY KEY (task_id, n)
) PARTITION BY RANGE (task_id);
-- The chunks that are not done: looking for one costs the same however many are. A chunk enters and leaves `state`
-- twice in its life, so this costs its thousand messages two updates that are not HOT.
CREATE INDEX chunk_unsent ON chunk (task_id, n) WHERE state < 2;

-- Counters of a chunk, which the pages sum up. Kept apart from `chunk` so that reports never wait for the lease's row.
-- sending + waiting = messages - successful - failed - uncertain - not_sent.
CREATE TABLE tally (
    task_id    bigint   NOT NULL,
    n          integer  NOT NULL,
    messages   integer  NOT NULL,
    successful integer  NOT NULL DEFAULT 0,
    failed     integer  NOT NULL DEFAULT 0,
    uncertain  integer  NOT NULL DEFAULT 0,
    not_sent   integer  NOT NULL DEFAULT 0,
    PRIMARY KEY (task_id, n)
) PARTITION BY RANGE (task_id);

-- One row for each Failed message, for the pages of failed numbers and their download.
CREATE TABLE failure (
    task_id bigint      NOT NULL,
    seq     integer     NOT NULL,
    PRIMARY KEY (task_id, seq)
) PARTITION BY RANGE (task_id);

-- Finds the message, or part, that a carrier gave an id. Only ever added to. part is 0 for a message of one part, else 1..n.
-- id_hash is taken over carrier and the id in the form that the carrier's reports are compared in.
CREATE TABLE submission (
    id_hash      bigint      NOT NULL,
    task_id      bigint      NOT NULL,
    seq          integer     NOT NULL,
    part         smallint    NOT NULL,
    carrier_id   bigint      NOT NULL,
    message_id   text        NOT NULL,
    submitted_at timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (submitted_at);
CREATE INDEX submission_id_hash ON submission USING hash (id_hash);
-- The submissions of one message are found by the time at which its batch was recorded.
CREATE INDEX submission_submitted_at ON submission
    USING brin (submitted_at) WITH (pages_per_range = 32, autosummarize = on);
