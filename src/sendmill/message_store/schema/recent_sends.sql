-- Messages to mainland numbers in the last 24 hours, which the frequency caps count. Only ever added to; older rows are
-- deleted. International tasks do not touch it.
-- type: the task's priority, which is that of its service type. content: a hash of the rendered text.
CREATE TABLE recent_send (
    account_id bigint      NOT NULL,
    number     bigint      NOT NULL,
    task_id    bigint      NOT NULL,
    type       smallint    NOT NULL,
    content    bigint      NOT NULL,
    at         timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_scale_factor = 0.1);
CREATE INDEX recent_send_number ON recent_send (number, account_id, at);
CREATE INDEX recent_send_at ON recent_send (at);
