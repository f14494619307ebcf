"""Ids of tasks: which range of ids, and so which partitions, a new task falls into.

Ids jump to the next range once a day, so that retention drops tables instead of rows, and for each large task,
whose rows are copied into a table of its own. Every id comes from the sequence. Only jumps are made one at a
time, under a lock that is held for three short statements, also inside of a longer transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from sendmill.message_store.partition_names import RANGE
from sendmill.message_store.partitions import is_made, present_range

LARGE = 200_000  # messages from which on a task begins a range

IDS_LOCK = 0x5E4D0005  # class of the lock under which the ids jump; the only key is 0

# Reads the sequence in the same statement: ids may have been drawn since.
_JUMP = "SELECT setval('task_id_seq', (last_value / %s + 1) * %s, false) FROM task_id_seq"

_UNDER_WAY = """
SELECT EXISTS (SELECT FROM task WHERE id >= %s AND id < %s AND accepted >= %s
               AND import_state = 'waiting' AND status IN ('pending', 'executing'))
"""


def advance_task_ids(*, now: datetime | None = None) -> bool:
    """Let task ids go on in the next range when the present one already holds tasks of an earlier day (UTC).

    True when they jumped.
    """
    today = (now or datetime.now(UTC)).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with _alone() as cursor:
        number = present_range()
        cursor.execute(
            "SELECT EXISTS (SELECT FROM task WHERE id >= %s AND id < %s AND created_at < %s)",
            [number * RANGE, (number + 1) * RANGE, today],
        )
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_JUMP, [RANGE, RANGE])
    return True


def draw_task_id(messages: int) -> int | None:
    """The id for a new task of so many messages; None where the next one of the sequence will do.

    A large task is the first of a range. So is a small one while a large task's import fills the present range:
    that table is nobody else's before it is indexed, and whoever comes into the range waits.
    """
    large = messages >= LARGE
    if not large and not _is_under_way(present_range()):
        return None
    with _alone() as cursor:
        if not large and not _is_under_way(present_range()):
            return None
        while True:
            if _is_begun(cursor):
                cursor.execute(_JUMP, [RANGE, RANGE])
            cursor.execute("SELECT nextval('task_id_seq')")
            drawn = int(cursor.fetchone()[0])
            # Who draws without the lock may have been quicker.
            if drawn % RANGE == 0:
                return drawn


@contextmanager
def _alone() -> Iterator[CursorWrapper]:
    """Keep other jumps out for the block, and no longer.

    The block is a savepoint that is rolled back: that lets go of the lock, while PostgreSQL undoes nothing that was
    done to a sequence.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [IDS_LOCK])
        try:
            yield cursor
        finally:
            transaction.set_rollback(True)


def _is_begun(cursor: CursorWrapper) -> bool:
    """Whether the present range has given out an id, or has its table already."""
    cursor.execute("SELECT last_value, is_called FROM task_id_seq")
    last, called = cursor.fetchone()
    return bool(called or last % RANGE or is_made(last))


def _is_under_way(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_WAY, [number * RANGE, (number + 1) * RANGE, LARGE])
        return bool(cursor.fetchone()[0])
