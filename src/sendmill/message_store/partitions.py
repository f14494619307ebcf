"""Partitions of the message store: made when they are needed, dropped whole when their tasks are old.

The tables of the hot path are partitioned by ranges of task ids (`task_ids`), `submission` by day. The first
task of a range copies its rows into a table of its own and indexes it afterwards, at a third of the cost of
inserting into indexes. Partitions are attached and detached in the ways that never stop the senders, and locks on
their parents are taken last, for milliseconds: docs/LOCKS.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from sendmill.message_store.batched_deletion import delete
from sendmill.message_store.partition_names import BY_TASK, RANGE, table_of

DAYS_AHEAD = 3

PARTITIONS_LOCK = (
    0x5E4D0004  # class of the lock on the making of partitions; the key is the range of task ids …
)
DAYS = -1  # … or this, for the days of `submission`

# Rows updated in place need room on their page; the pruning of pages does most of vacuum's work there, so
# vacuum need not come as often as the rows change. `analyze` has to: plans depend on fresh numbers.
_UPDATED = (
    "fillfactor = 45, autovacuum_vacuum_scale_factor = 0.5, autovacuum_vacuum_insert_scale_factor = 1.0, "
    "autovacuum_analyze_scale_factor = 0.5"
)
_COUNTED = "fillfactor = 45, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_threshold = 200"
_APPENDED = "autovacuum_vacuum_insert_scale_factor = 1.0, autovacuum_analyze_scale_factor = 0.2"

_BY_TASK = dict(zip(BY_TASK, (_UPDATED, _UPDATED, _COUNTED, _COUNTED, _APPENDED), strict=True))
_BOUNDS = "bounds"  # constraint of a message table that is not attached yet
_INDEX_ON = re.compile(r"^(CREATE (?:UNIQUE )?INDEX )\S+ (ON )(?:ONLY )?\S+ ")


@dataclass(frozen=True)
class Partition:
    """One partition: `table` holds the rows of `parent` from `lower` up to but not including `upper`."""

    parent: str
    table: str
    lower: str
    upper: str
    options: str


def ensure_partitions(task_id: int | None = None, *, now: datetime | None = None) -> int:
    """Make the partitions of the coming days, and of the range of `task_id` if given.

    Other ranges are made by the import of their first task. Safe from several processes at once and cheap
    when nothing is missing. Returns how many were made.
    """
    made = _make(DAYS, list(_of_days(now or datetime.now(UTC))))
    if task_id is not None:
        made += _make(task_id // RANGE, list(_of_range(task_id // RANGE)))
    return made


def is_made(task_id: int) -> bool:
    """Whether the partitions of a task's range are there."""
    return not _missing([next(_of_range(task_id // RANGE))])


def begin_range(task_id: int) -> bool:
    """Make the tables of a task's range, seen by nobody else; False when they are there.

    That of `message` has no indexes yet. Inside a transaction; `index_range` and `attach_range` have to follow in
    it. Other tasks of the range wait for its end, nobody else does.
    """
    if is_made(task_id):
        return False
    number = task_id // RANGE
    with connection.cursor() as cursor:
        _lock(cursor, number)
        if is_made(task_id):
            return False
        message, *others = _of_range(number)
        _create(cursor, message, indexes=False)
        # Lets ATTACH believe the bounds: else it would read all rows while it holds its lock on `message`.
        cursor.execute(
            f"ALTER TABLE {message.table} ADD CONSTRAINT {_BOUNDS} "
            f"CHECK (task_id >= '{message.lower}'::bigint AND task_id < '{message.upper}'::bigint)"
        )
        for partition in others:
            _create(cursor, partition)
    return True


def index_range(task_id: int) -> None:
    """Build the indexes of the message table that `begin_range` made: before it is attached, so that ATTACH finds
    them and is done at once."""
    table = table_of("message", task_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid "
            "WHERE i.indrelid = 'message'::regclass ORDER BY i.indexrelid"
        )
        for constraint, index in cursor.fetchall():
            if constraint:
                cursor.execute(f"ALTER TABLE {table} ADD {constraint}")
            else:
                cursor.execute(_INDEX_ON.sub(rf"\1\2{table} ", index, count=1))


def attach_range(task_id: int) -> None:
    """Attach the tables that `begin_range` made. Last before the commit: attachments wait for one another."""
    message, *others = _of_range(task_id // RANGE)
    with connection.cursor() as cursor:
        for partition in (message, *others):
            _attach(cursor, partition)
        cursor.execute(f"ALTER TABLE {message.table} DROP CONSTRAINT {_BOUNDS}")


def drop_old(days: int, *, submission_days: int, now: datetime | None = None) -> list[str]:
    """Drop the partitions whose every task ended more than `days` days ago; return the tables' names.

    The tasks themselves stay, with their frozen counters. Partitions of `submission` go after
    `submission_days`, by which no report may be awaited any more. Outside a transaction only.
    """
    now = now or datetime.now(UTC)
    dropped = _drop_detached()
    for parent, table in _finished(now - timedelta(days=days)):
        if parent == "message":
            _forget_reports(int(table.rpartition("_p")[2]))
        _drop(parent, table)
        dropped.append(table)
    last_day = (now - timedelta(days=submission_days)).strftime("submission_%Y%m%d")
    for table in _attached("submission"):
        if table < last_day:
            _drop("submission", table)
            dropped.append(table)
    return dropped


def _of_range(number: int) -> Iterator[Partition]:
    """The partitions of a range of task ids, that of `message` first."""
    for parent, options in _BY_TASK.items():
        name = table_of(parent, number * RANGE)
        yield Partition(parent, name, str(number * RANGE), str((number + 1) * RANGE), options)


def _of_days(now: datetime) -> Iterator[Partition]:
    day = now.astimezone(UTC).date()
    for offset in range(-1, DAYS_AHEAD + 1):
        lower, upper = day + timedelta(offset), day + timedelta(offset + 1)
        yield Partition(
            "submission",
            f"submission_{lower:%Y%m%d}",
            f"'{lower} 00:00:00+00'",
            f"'{upper} 00:00:00+00'",
            _APPENDED,
        )


def _make(key: int, wanted: list[Partition]) -> int:
    """Make those of a range or of the days that are missing, in a transaction; return how many were."""
    if not _missing(wanted):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(cursor, key)
        missing = _missing(wanted)
        for partition in missing:
            _create(cursor, partition)
        for partition in missing:
            _attach(cursor, partition)
    return len(missing)


def _lock(cursor: CursorWrapper, key: int) -> None:
    """Be the only one that makes these partitions, until the transaction ends."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PARTITIONS_LOCK, key])


def present_range() -> int:
    """The number of the range that task ids are in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value / %s FROM task_id_seq", [RANGE])
        return int(cursor.fetchone()[0])


def _create(cursor: CursorWrapper, partition: Partition, *, indexes: bool = True) -> None:
    # CREATE TABLE … PARTITION OF would take a lock on the parent that stops every query of it.
    cursor.execute(
        f"CREATE TABLE {partition.table} (LIKE {partition.parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS "
        f"{'INCLUDING INDEXES' if indexes else ''}) WITH ({partition.options})"
    )


def _attach(cursor: CursorWrapper, partition: Partition) -> None:
    cursor.execute(
        f"ALTER TABLE {partition.parent} ATTACH PARTITION {partition.table} "
        f"FOR VALUES FROM ({partition.lower}) TO ({partition.upper})"
    )


def _missing(wanted: list[Partition]) -> list[Partition]:
    """Those that are not there. Read from the catalog: to_regclass may answer from before the lock was had."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) "
            "AND relnamespace = current_schema()::regnamespace",
            [[partition.table for partition in wanted]],
        )
        names = {name for (name,) in cursor.fetchall()}
    return [partition for partition in wanted if partition.table not in names]


def _finished(before: datetime) -> Iterator[tuple[str, str]]:
    """Partitions below the present range in which no task is alive or ended at or after `before`."""
    current = present_range()
    tables = {parent: set(_attached(parent)) for parent in _BY_TASK}
    for number in sorted({int(name.rpartition("_p")[2]) for name in tables["message"]}):
        if number >= current:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM task WHERE id >= %s AND id < %s "
                "AND (ended_at IS NULL OR ended_at >= %s))",
                [number * RANGE, (number + 1) * RANGE, before],
            )
            alive = cursor.fetchone()[0]
        if alive:
            continue
        # `message` goes last: while it is there, the next run finds what an interrupted one left.
        for parent in reversed(_BY_TASK):
            name = table_of(parent, number * RANGE)
            if name in tables[parent]:
                yield parent, name


def _forget_reports(number: int) -> None:
    """Delete the raw reports of a range of task ids: few, so they are in one table."""
    for table in ("report", "moved_chunk"):
        delete(table, "task_id >= %(lo)s AND task_id < %(hi)s", lo=number * RANGE, hi=(number + 1) * RANGE)


def _attached(parent: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1",
            [parent],
        )
        return [name for (name,) in cursor.fetchall()]


def _drop_detached() -> list[str]:
    """Partitions that an interrupted run detached and did not drop any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relispartition "
            "AND relnamespace = current_schema()::regnamespace "
            "AND relname ~ '^((message|part|chunk|tally|failure)_p[0-9]+|submission_[0-9]{8})$'"
        )
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"DROP TABLE {name}")
    return names


def _drop(parent: str, table: str) -> None:
    """Detach without stopping the parent's queries, then drop; goes on where an interrupted one stopped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = %s::regclass",
            [table],
        )
        mode = "FINALIZE" if cursor.fetchone()[0] else "CONCURRENTLY"
        cursor.execute(f"ALTER TABLE {parent} DETACH PARTITION {table} {mode}")
        cursor.execute(f"DROP TABLE {table}")
