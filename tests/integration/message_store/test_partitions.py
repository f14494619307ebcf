"""Partitions are made when they are needed, by one process, and dropped whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import polars as pl
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from psycopg.errors import UniqueViolation
from tests.rig.desk import Desk, fetch

from sendmill.message_store import partitions
from sendmill.message_store.partition_names import RANGE, table_of
from sendmill.message_store.queries import bulk_import, task_ids
from sendmill.tasks.models import Task

PARENTS = ("message", "part", "chunk", "tally", "failure")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def rows(count: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"row": range(count), "number": range(count), "parts": [1] * count, "variables": [[]] * count},
        schema={"row": pl.Int32, "number": pl.Int64, "parts": pl.Int16, "variables": pl.List(pl.String)},
    )


def attached(parent: str) -> set[str]:
    return {
        name
        for (name,) in fetch(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", parent
        )
    }


def shape(table: str) -> list[tuple[str, ...]]:
    """Columns, indexes and options of a partition, without its name."""
    return fetch(
        "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull::text, "
        "coalesce(pg_get_expr(d.adbin, d.adrelid), '') FROM pg_attribute a "
        "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
        "WHERE a.attrelid = %(t)s::regclass AND a.attnum > 0 "
        "UNION ALL SELECT 'index', replace(pg_get_indexdef(indexrelid), %(t)s, ''), "
        "indisprimary::text, '' FROM pg_index WHERE indrelid = %(t)s::regclass "
        "UNION ALL SELECT 'option', unnest(reloptions), '', '' FROM pg_class WHERE oid = %(t)s::regclass "
        "ORDER BY 1, 2".replace("%(t)s", f"'{table}'")
    )


def test_a_range_made_ahead_and_one_made_by_a_copy_are_alike(db: None) -> None:
    partitions.ensure_partitions(7_000_000)
    bulk_import.insert_task_rows(7_001_005, rows(3))
    for parent in PARENTS:
        ahead, copied = table_of(parent, 7_000_000), table_of(parent, 7_001_005)
        assert {ahead, copied} <= attached(parent)
        assert shape(ahead) == shape(copied)
    options = fetch("SELECT reloptions FROM pg_class WHERE relname = %s", table_of("message", 7_001_005))
    assert "fillfactor=45" in options[0][0]
    assert fetch("SELECT count(*) FROM message WHERE task_id = 7001005") == [(3,)]


def test_a_later_task_of_the_range_goes_into_the_same_table(db: None) -> None:
    bulk_import.insert_task_rows(7_002_000, rows(2))
    bulk_import.insert_task_rows(7_002_001, rows(3))
    assert fetch(
        "SELECT tableoid::regclass::text, count(*) FROM message WHERE task_id >= 7002000 GROUP BY 1"
    ) == [(table_of("message", 7_002_000), 5)]
    with pytest.raises(UniqueViolation), transaction.atomic():
        bulk_import.insert_task_rows(7_002_001, rows(1))


def test_making_partitions_again_makes_nothing(db: None) -> None:
    now = datetime(2030, 1, 1, 12, tzinfo=UTC)
    assert partitions.ensure_partitions(7_003_000, now=now) == len(PARENTS) + 2 + partitions.DAYS_AHEAD
    assert partitions.ensure_partitions(7_003_999, now=now) == 0
    assert {f"submission_{day}" for day in ("20291231", "20300101", "20300104")} <= attached("submission")


def test_several_processes_may_make_them_at_once(transactional_db: None) -> None:
    made: list[int] = []

    def make() -> None:
        made.append(partitions.ensure_partitions(7_004_000))
        connection.close()

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made)[:3] == [0, 0, 0]
    assert made.count(0) == 3
    drop(7_004_000)


def test_submissions_have_a_partition_from_yesterday_on(db: None) -> None:
    now = datetime.now(UTC)
    for days in (-1, 0, partitions.DAYS_AHEAD):
        fetch(
            "INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at) "
            "VALUES (1, 999999999, 0, 0, 1, 'a', %s) RETURNING 1",
            now + timedelta(days=days),
        )
    assert fetch("SELECT count(*) FROM submission WHERE task_id = 999999999") == [(3,)]


def test_task_ids_jump_to_the_next_range_on_a_new_day_only(desk: Desk) -> None:
    first = desk.task(1)
    assert not task_ids.advance_task_ids()
    assert desk.task(1).pk == first.pk + 1
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert task_ids.advance_task_ids(now=tomorrow)
    assert not task_ids.advance_task_ids(now=tomorrow)
    assert desk.task(1).pk == (first.pk // RANGE + 1) * RANGE


def test_a_large_task_begins_a_range(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_ids, "LARGE", 3)
    small = desk.task(2)
    large = desk.task(3)
    assert large.pk % RANGE == 0
    assert large.pk > small.pk
    assert desk.task(2).pk == large.pk + 1
    assert desk.task(3).pk == large.pk + RANGE


def drop(task_id: int) -> None:
    for parent in PARENTS:
        run(f"DROP TABLE {table_of(parent, task_id)}")


def test_ranges_are_dropped_when_their_tasks_ended_long_ago(committed_desk: Desk) -> None:
    old = committed_desk.task(1)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    task_ids.advance_task_ids(now=tomorrow)
    alive = committed_desk.task(1)
    task_ids.advance_task_ids(now=tomorrow)
    Task.objects.update(created_at=tomorrow - timedelta(days=1))
    task_ids.advance_task_ids(now=tomorrow)
    now = datetime.now(UTC)
    Task.objects.filter(pk=old.pk).update(status="completed", ended_at=now - timedelta(days=91))
    dropped = partitions.drop_old(90, submission_days=8, now=now)
    assert {table_of(parent, old.pk) for parent in PARENTS} <= set(dropped)
    assert table_of("message", alive.pk) in attached("message")
    assert table_of("message", old.pk) not in attached("message")
    assert fetch("SELECT count(*) FROM message WHERE task_id = %s", old.pk) == [(0,)]
    assert Task.objects.filter(pk=old.pk).exists()
    Task.objects.filter(pk=alive.pk).update(status="canceled", ended_at=now - timedelta(days=91))
    assert table_of("message", alive.pk) in partitions.drop_old(90, submission_days=8, now=now)
    assert partitions.drop_old(90, submission_days=8, now=now) == []


def test_an_interrupted_drop_is_finished_by_the_next(transactional_db: None) -> None:
    partitions.ensure_partitions(0, now=datetime(2020, 1, 1, tzinfo=UTC))
    run("ALTER TABLE submission DETACH PARTITION submission_20200101")
    dropped = partitions.drop_old(90, submission_days=8)
    assert {"submission_20200101", "submission_20200102"} <= set(dropped)
    with pytest.raises(ProgrammingError):
        fetch("SELECT 1 FROM submission_20200101")
