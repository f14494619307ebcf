-- Sessions that ended after they were bound, and not by us. cause: closed, unbound, silent, unanswered, other
-- (carriers/protocol.py); quiet: seconds since the last PDU; sentence: what the bind said then, in English. Deleted after
-- two days.
CREATE TABLE bind_loss (
    carrier_id bigint      NOT NULL,
    slot       smallint    NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    cause      text        NOT NULL,
    quiet      real        NOT NULL,
    sentence   text        NOT NULL
);
CREATE INDEX bind_loss_at ON bind_loss (carrier_id, at);
