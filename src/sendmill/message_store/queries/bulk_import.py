"""A million rows at once: COPY of a task's messages, with its chunks and tallies."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from sendmill.message_store.engine.chunks import CHUNK
from sendmill.message_store.partition_names import table_of, within
from sendmill.message_store.partitions import attach_range, begin_range, index_range

_SLICE = 20_000  # rows formatted at a time: the server parses one slice while the next one is made


class Cut(NamedTuple):
    """So many rows that go over one of these carriers, in the order of preference.

    None: over the task's own, and over no other. Empty: no carrier takes them, so they fail as NOROUTE.
    """

    rows: int
    carriers: tuple[int, ...] | None


def insert_task_rows(
    task_id: int,
    frame: pl.DataFrame,
    cuts: Sequence[Cut] | None = None,
    *,
    at_last: Callable[[], None] = lambda: None,
) -> int:
    """Write a task's messages in the order of `frame`, and its chunks and tallies; return how many.

    `cuts` tell which carriers take the rows, one cut behind the other; each begins a chunk, so that a chunk
    goes over one carrier, and seqs have a gap in between.

    `frame` has the columns row (Int32), number (Int64), parts (Int16) and variables (List[String]; an
    empty list or null where a row has none). To be called inside a transaction, of which there is one at a time
    for a task; rows of an earlier try must not be there. Makes the partitions of the task's range when it is the
    first in it. `at_last` is called when everything that takes long is done: what takes locks that others wait
    for belongs there.
    """
    cuts = cuts or [Cut(frame.height, None)]
    fresh = begin_range(task_id)
    with connection.cursor() as cursor:
        # Lets `import_progress` find this COPY among those that the server runs.
        cursor.execute("SELECT set_config('application_name', %s, true)", [_application(task_id)])
        # Straight into the partition: routing a million rows through the parent took a fifth longer.
        copy_sql = (
            f"COPY {table_of('message', task_id)} (task_id, seq, number, file_row, parts, variables) "
            "FROM STDIN (FORMAT csv)"
        )
        with cursor.copy(copy_sql) as copy:
            for part in _columns(task_id, frame, cuts).iter_slices(_SLICE):
                text = io.BytesIO()
                part.with_columns(_array_literal("variables")).write_csv(text, include_header=False)
                copy.write(text.getbuffer())
        if fresh:
            index_range(task_id)
        for lo, cut in zip(_beginnings(cuts), cuts, strict=True):
            _cut_chunks(cursor, task_id, lo, cut)
    at_last()
    if fresh:
        attach_range(task_id)
    return frame.height


def import_progress(task_id: int) -> int | None:
    """How many rows the running COPY of a task has written; None when none is running."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.tuples_processed FROM pg_stat_activity a JOIN pg_stat_progress_copy p USING (pid) "
            "WHERE a.application_name = %s AND a.datname = current_database()",
            [_application(task_id)],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def delete_task_rows(task_id: int, *, batch: int = 50_000) -> int:
    """Delete every row of a deleted task from the message store, in short transactions; return how many."""
    deleted = 0
    with connection.cursor() as cursor:
        for table in ("chunk", "tally", "failure"):
            cursor.execute(f"DELETE FROM {table} WHERE task_id = %s", [task_id])
        while True:
            cursor.execute(
                "WITH gone AS (SELECT seq FROM message WHERE task_id = %s ORDER BY seq LIMIT %s) "
                "SELECT min(seq), max(seq) FROM gone",
                [task_id, batch],
            )
            lo, hi = cursor.fetchone()
            if lo is None:
                return deleted
            for table in ("part", "message"):
                cursor.execute(
                    f"DELETE FROM {table} WHERE task_id = %s AND seq BETWEEN %s AND %s", [task_id, lo, hi]
                )
            deleted += cursor.rowcount


def _application(task_id: int) -> str:
    return f"sendmill import {task_id}"


def _beginnings(cuts: Sequence[Cut]) -> list[int]:
    """The first seq of each cut: that of the next chunk behind the one before."""
    found, lo = [], 0
    for cut in cuts:
        found.append(lo)
        lo += -(-cut.rows // CHUNK) * CHUNK
    return found


def _columns(task_id: int, frame: pl.DataFrame, cuts: Sequence[Cut]) -> pl.DataFrame:
    seqs = [
        pl.int_range(lo, lo + cut.rows, dtype=pl.Int32, eager=True)
        for lo, cut in zip(_beginnings(cuts), cuts, strict=True)
    ]
    return frame.select(
        pl.lit(task_id, dtype=pl.Int64).alias("task_id"),
        pl.concat(seqs).alias("seq"),
        "number",
        "row",
        "parts",
        "variables",
    )


def _array_literal(column: str) -> pl.Expr:
    """A list of texts as PostgreSQL writes arrays: every element quoted, null for an empty list."""
    escaped = pl.col(column).list.eval(
        pl.element().str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    )
    literal = pl.lit('{"') + escaped.list.join('","') + pl.lit('"}')
    return pl.when(pl.col(column).list.len() > 0).then(literal).otherwise(None).alias(column)


def _cut_chunks(cursor: CursorWrapper, task_id: int, lo: int, cut: Cut) -> None:
    if not cut.rows:
        return
    values: dict[str, Any] = {
        "task": task_id,
        "size": CHUNK,
        "height": lo + cut.rows,
        "first": lo // CHUNK,
        "carriers": list(cut.carriers) if cut.carriers else None,
        "carrier": cut.carriers[0] if cut.carriers else None,
        "lo": lo,
    }
    numbers = "FROM generate_series(%(first)s, (%(height)s - 1) / %(size)s) AS n"
    cursor.execute(
        within("INSERT INTO <chunk>", task_id) + " (task_id, n, lo, hi, next_seq, carrier_id, carriers) "
        "SELECT %(task)s, n, n * %(size)s, least((n + 1) * %(size)s, %(height)s), n * %(size)s, "
        f"%(carrier)s, %(carriers)s::bigint[] {numbers}",
        values,
    )
    cursor.execute(
        within("INSERT INTO <tally>", task_id) + " (task_id, n, messages) SELECT %(task)s, n, "
        f"least(%(size)s, %(height)s - n * %(size)s) {numbers}",
        values,
    )
    if cut.carriers == ():
        _fail_without_route(cursor, task_id, values)


def _fail_without_route(cursor: CursorWrapper, task_id: int, values: dict[str, Any]) -> None:
    """What no carrier takes has failed before anything of it is sent, so it is never charged."""
    messages = "task_id = %(task)s AND seq >= %(lo)s AND seq < %(height)s"
    chunks = "task_id = %(task)s AND n >= %(first)s AND n <= (%(height)s - 1) / %(size)s"
    for statement in (
        f"UPDATE <message> SET result = 2, code = 'NOROUTE' WHERE {messages}",
        f"INSERT INTO <failure> (task_id, seq) SELECT task_id, seq FROM <message> WHERE {messages}",
        f"UPDATE <chunk> SET state = 2, next_seq = hi WHERE {chunks}",
        f"UPDATE <tally> SET failed = messages WHERE {chunks}",
    ):
        cursor.execute(within(statement, task_id), values)
