"""`task.sent_at`: marks tasks that have nothing left to send, so that senders do not look at them.

The mark is never ahead of the chunks. A chunk that is done stays done but for `uncertain.send_again`, which
takes the mark away in its own statement; and a task is marked by a statement that begins while its row is locked, so
it sees what a `send_again` before it has opened, and one behind it waits and then takes the mark away.
"""

from __future__ import annotations

from django.db import connection, transaction

_CANDIDATES = """
SELECT t.id FROM task t
WHERE t.status = 'executing' AND t.sent_at IS NULL AND t.import_state = 'imported'
  AND NOT EXISTS (SELECT FROM chunk c WHERE c.task_id = t.id AND c.state < 2)
ORDER BY t.id LIMIT 200
"""
_LOCK = "SELECT id FROM task WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
_MARK = """
UPDATE task t SET sent_at = clock_timestamp()
WHERE t.id = ANY(%s) AND t.status = 'executing' AND t.sent_at IS NULL
  AND NOT EXISTS (SELECT FROM chunk c WHERE c.task_id = t.id AND c.state < 2)
"""


def mark_sent() -> int:
    """Mark the executing tasks whose chunks are all done; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES)
        candidates = [task_id for (task_id,) in cursor.fetchall()]
    if not candidates:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [candidates])
        locked = [task_id for (task_id,) in cursor.fetchall()]
        cursor.execute(_MARK, [locked])
        return int(cursor.rowcount)
