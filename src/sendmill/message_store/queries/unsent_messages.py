"""Ends a task: what no sender has handed over becomes Not sent, or Uncertain, chunk by chunk.

Safe beside senders. A chunk whose batch is open is left to the sender that opened it, or to the recovery when
that one died; what is left of it then is ended by calling again. Any other chunk is taken while its row is
locked, a leased one too: the intent that its sender has yet to commit is fenced by the state that is written here,
so it fails and nothing leaves. Each batch of chunks is one transaction, so that a kill between two of them leaves
nothing half-done, and a second call changes nothing more.

The caller must keep senders from claiming what is left: by `task.paused`, or because the store is held.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from sendmill.message_store.engine.chunks import CHUNK
from sendmill.message_store.partition_names import across
from sendmill.message_store.queries.uncertain import TOLD
from sendmill.message_store.result_changes import UNSENT

BATCH = 20  # chunks of one transaction

_FREE = "task_id = %(task)s AND (state = 0 OR state = 1 AND batch_hi IS NULL)"

# Locked in a statement of its own: the next one then sees what was committed before the locks were given, also
# messages that a person let be sent again in that moment. Chunks are locked by n, as everywhere.
_LOCK = f"""
SELECT n FROM chunk
WHERE {_FREE} AND n < (SELECT min(n) FROM chunk WHERE {_FREE}) + {BATCH}
ORDER BY n FOR UPDATE
"""

_SETTLE = f"""
WITH {UNSENT}, closed AS (
    UPDATE <chunk> SET state = 2, owner = NULL, batch_hi = NULL, next_seq = hi
    WHERE task_id = %(task)s AND n = ANY(%(ns)s::int[])
)"""
_END = across(f"{_SETTLE} SELECT count(*) FROM changed")
_DOUBT = across(f"{_SETTLE}, {TOLD} SELECT count(*) FROM changed")

# Chunks that are not done: those of an ended task are a sender's, or have been given back by it.
_LEFT = "SELECT count(*), count(*) FILTER (WHERE {free}) FROM chunk WHERE task_id = %(task)s AND state <> 2"


def end_unsent(task_id: int) -> int:
    """Make Not sent what no sender has handed over of a task; return how many messages.

    Uncharged and final. Messages of open batches are left: see `chunks_left`.
    """
    return _settle_free(_END, task_id, result=4, code=None)


def mark_unsent_uncertain(task_id: int, who: str) -> int:
    """Make Uncertain what no sender has handed over of a task, because it may have left all the same.

    Returns how many messages. `who` decided it, and stays in the history of each. A report gives them a result as it
    does to any Uncertain message, by the number too, and so does a person. Messages of open batches are left: see
    `chunks_left`.
    """
    return _settle_free(_DOUBT, task_id, result=3, code="UNCERTAIN", who=who, kind="doubted")


def chunks_left(task_id: int) -> tuple[int, int]:
    """How many chunks of a task are not done, and how many of those have no open batch.

    Calling again would end the latter. The others wait for their sender, or for the recovery.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEFT.format(free="state = 0 OR batch_hi IS NULL"), {"task": task_id})
        left, free = cursor.fetchone()
        return int(left), int(free)


def _settle_free(text: str, task_id: int, **parameters: Any) -> int:
    count = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_LOCK, {"task": task_id})
            ns = [n for (n,) in cursor.fetchall()]
            if not ns and not chunks_left(task_id)[1]:
                return count
            if not ns:
                continue  # taken by another while their locks were waited for: there are more behind them
            bounds = {"lo": ns[0] * CHUNK, "hi": (ns[-1] + 1) * CHUNK}
            cursor.execute(text, parameters | bounds | {"task": task_id, "ns": ns})
            count += int(cursor.fetchone()[0])
