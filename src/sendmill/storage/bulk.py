"""A million rows at once: COPY of a task's messages, with its chunks and tallies."""

from __future__ import annotations

import io

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from sendmill.storage.leases import CHUNK
from sendmill.storage.partitions import begin_range, finish_range, table_of

_SLICE = 20_000  # rows formatted at a time: the server parses one slice while the next one is made


def insert_task_rows(task_id: int, frame: pl.DataFrame) -> int:
    """Write a task's messages in the order of `frame`, and its chunks and tallies; return how many.

    `frame` has the columns row (Int32), number (Int64), parts (Int16) and variables (List[String]; an
    empty list or null where a row has none). To be called inside a transaction that holds the task; rows of
    an earlier try must not be there. Makes the partitions of the task's range when it is the first in it.
    """
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
            for part in _columns(task_id, frame).iter_slices(_SLICE):
                text = io.BytesIO()
                part.with_columns(_array_literal("variables")).write_csv(text, include_header=False)
                copy.write(text.getbuffer())
        if fresh:
            finish_range(task_id)
        _cut_chunks(cursor, task_id, frame.height)
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


def _columns(task_id: int, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.lit(task_id, dtype=pl.Int64).alias("task_id"),
        pl.int_range(pl.len(), dtype=pl.Int32).alias("seq"),
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


def _cut_chunks(cursor: CursorWrapper, task_id: int, height: int) -> None:
    bounds = {"task": task_id, "size": CHUNK, "height": height}
    numbers = "FROM generate_series(0, (%(height)s - 1) / %(size)s) AS n"
    cursor.execute(
        "INSERT INTO chunk (task_id, n, lo, hi, next_seq) SELECT %(task)s, n, n * %(size)s, "
        f"least((n + 1) * %(size)s, %(height)s), n * %(size)s {numbers}",
        bounds,
    )
    cursor.execute(
        "INSERT INTO tally (task_id, n, messages) SELECT %(task)s, n, "
        f"least(%(size)s, %(height)s - n * %(size)s) {numbers}",
        bounds,
    )
