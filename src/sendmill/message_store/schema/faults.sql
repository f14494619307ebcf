-- Tasks that an unforeseen error set aside: one row for each task and carrier, until it goes well again or the task ends.
-- `error` names the kind of the error and the line of code, never a number or a text. Before `retry_at` nothing of the
-- task is begun over this carrier; when all tries are used up the task is paused.
CREATE TABLE task_fault (
    task_id    bigint      NOT NULL,
    carrier_id bigint      NOT NULL,
    times      smallint    NOT NULL DEFAULT 1,
    error      text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    retry_at   timestamptz NOT NULL,
    PRIMARY KEY (task_id, carrier_id)
);

-- Binds that an unforeseen error ended: each is started again by its sender. The worker deletes rows that stay unchanged
-- for long.
CREATE TABLE bind_fault (
    carrier_id bigint      NOT NULL,
    slot       smallint    NOT NULL,
    times      integer     NOT NULL DEFAULT 1,
    error      text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (carrier_id, slot)
);
