"""A response that came after its message was given up as unknown, and proves that it was not sent (smpp.md 4, 5).

The message waits again, as one that a person lets be sent again does. Only where its chunk is not leased: a sender that
holds it goes on from where it is, and would miss the message.
"""

from __future__ import annotations

from sendmill.message_store.engine.chunks import CHUNK
from sendmill.message_store.partition_names import within
from sendmill.message_store.result_changes import SENT_AGAIN
from sendmill.postgres.connections import Connection

# An ended task sends nothing more: its message stays Uncertain.
WAIT_AGAIN = f"""
WITH going AS (
    SELECT id FROM task WHERE id = %(task)s AND status = 'executing' AND NOT ending
), free AS (
    SELECT c.n FROM <chunk> c JOIN going ON going.id = c.task_id
    WHERE c.task_id = %(task)s AND c.n = %(lo)s / {CHUNK} AND c.state <> 1
    FOR UPDATE OF c
), {SENT_AGAIN}, opened AS (
    UPDATE <chunk> c SET state = 0, owner = NULL, batch_hi = NULL, next_seq = least(c.next_seq, %(lo)s)
    FROM changed WHERE c.task_id = %(task)s AND c.n = changed.seq / {CHUNK}
    RETURNING c.task_id
), unsent AS (
    UPDATE task SET sent_at = NULL WHERE id IN (SELECT task_id FROM opened)
)
SELECT NOT EXISTS (SELECT FROM going) OR EXISTS (SELECT FROM free)
"""


async def wait_again(conn: Connection, task_id: int, seq: int) -> bool:
    """Let an Uncertain message of one part be sent when its chunk is; committed when it returns.

    Returns False, with nothing changed, while its chunk is leased: try again later.
    """
    chosen = {"task": task_id, "lo": seq, "hi": seq + 1, "seqs": None, "digits": None}
    row = await (await conn.execute(within(WAIT_AGAIN, task_id), chosen)).fetchone()
    return bool(row and row[0])
