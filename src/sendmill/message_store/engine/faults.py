"""Notes of unforeseen errors: a task is set aside over a carrier for a while, a bind is started again."""

from __future__ import annotations

from sendmill.postgres.connections import Connection

TRIES = 4  # times that a task set aside is taken up again by itself; after the next fault a person has to

# One fault however many lanes met it: those that had begun when it was set aside count no more. The task is paused
# when its tries are used up, which is what a person's "resume" ends.
NOTE_TASK = """
WITH noted AS (
    INSERT INTO task_fault AS f (task_id, carrier_id, error, retry_at)
    VALUES (%(task)s, %(carrier)s, %(error)s, now() + make_interval(secs => %(wait)s))
    ON CONFLICT (task_id, carrier_id) DO UPDATE SET
        times = f.times + 1, error = EXCLUDED.error, at = now(),
        retry_at = now() + make_interval(secs => %(wait)s * 2 ^ f.times)
    WHERE f.retry_at <= now()
    RETURNING times
)
UPDATE task SET paused = true FROM noted
WHERE id = %(task)s AND status = 'executing' AND noted.times > %(tries)s
"""

NOTE_BIND = """
INSERT INTO bind_fault AS f (carrier_id, slot, error) VALUES (%s, %s, %s)
ON CONFLICT (carrier_id, slot) DO UPDATE SET times = f.times + 1, error = EXCLUDED.error, at = now()
"""


async def note_task(conn: Connection, task_id: int, carrier_id: int, error: str, wait: float) -> None:
    """Set a task aside over a carrier for `wait` seconds, doubled with each fault; committed when it returns.

    Its fifth fault pauses it. `error` must hold nothing of a message.
    """
    parameters = {"task": task_id, "carrier": carrier_id, "error": error, "wait": wait, "tries": TRIES}
    await conn.execute(NOTE_TASK, parameters)


async def note_bind(conn: Connection, carrier_id: int, slot: int, error: str) -> None:
    """Note that an unforeseen error ended a bind; committed when it returns."""
    await conn.execute(NOTE_BIND, (carrier_id, slot, error))
