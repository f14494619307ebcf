"""While an import copies its rows, nobody waits for it: other imports, OK, partitions, cancel, pause, delete.

Each import is held inside its COPY by an event. What must not wait runs with a lock timeout, so that waiting is
an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, local
from typing import Any

import polars as pl
import pytest
from django.db import connection, transaction
from django.utils import timezone
from psycopg import OperationalError
from tests.integration.message_store.test_partitions import PARENTS, attached, rows
from tests.rig.desk import Desk, fetch, numbers

from sendmill.domain.task_life import ImportState, TaskStatus
from sendmill.message_store import partitions
from sendmill.message_store.partition_names import RANGE, table_of
from sendmill.message_store.queries import bulk_import, task_ids
from sendmill.tasks import drafts, lifecycle, message_import
from sendmill.tasks.models import Task
from sendmill.worker import purge

LARGE = 5  # numbers from which on a file counts as large here
LONG = 60  # seconds after which something that was to happen did not

within_copy = local()  # where the import of this thread stops: set by `Stage.begin`


class Stage:
    """Imports in threads of their own, each of which can be held inside of its COPY."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._release = Event()

    def begin(self, run: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start something that copies rows and return when it is inside of its COPY."""
        inside = Event()
        future = self._pool.submit(self._run, inside, run, *arguments)
        future.add_done_callback(lambda _: inside.set())  # it failed: no need to wait for it
        assert inside.wait(LONG)
        assert not future.done(), future.exception()
        return future

    def submit(self, run: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start something that is not held."""
        return self._pool.submit(self._run, None, run, *arguments)

    def release(self) -> None:
        """Let every import go on."""
        self._release.set()

    def _run(self, inside: Event | None, run: Callable[..., Any], *arguments: Any) -> Any:
        within_copy.here = (inside, self._release) if inside else None
        try:
            return run(*arguments)
        finally:
            connection.close()


@pytest.fixture
def stage(committed_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    literal = bulk_import._array_literal

    def held(column: str) -> pl.Expr:
        here = getattr(within_copy, "here", None)
        if here is not None:
            inside, release = here
            inside.set()
            assert release.wait(LONG)
        return literal(column)

    monkeypatch.setattr(bulk_import, "_array_literal", held)
    monkeypatch.setattr(task_ids, "LARGE", LARGE)
    with ThreadPoolExecutor(8) as pool:
        stage = Stage(pool)
        try:
            yield stage
        finally:
            stage.release()


@contextmanager
def waiting_is_an_error() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '3s'")
        try:
            yield
        finally:
            cursor.execute("RESET lock_timeout")


def confirmed(desk: Desk, count: int, **changes: Any) -> Task:
    """A task after OK, not imported."""
    return drafts.confirm(desk.check(numbers(count), **changes), desk.sender)


def messages(task: Task | int) -> int:
    key = task if isinstance(task, int) else task.pk
    return int(fetch("SELECT count(*) FROM message WHERE task_id = %s", key)[0][0])


def wait_until(query: str) -> None:
    """Ask the database until a query finds something."""
    for _ in range(LONG * 100):
        if fetch(query):
            return
        fetch("SELECT pg_sleep(0.01)")
    raise AssertionError(query)


def assert_whole(task: Task, count: int) -> None:
    """A task is imported, and its range is there for everybody."""
    task.refresh_from_db()
    assert task.import_state == ImportState.IMPORTED
    assert messages(task) == count
    assert fetch("SELECT sum(messages)::int FROM tally WHERE task_id = %s", task.pk) == [(count,)]
    for parent in PARENTS:
        assert table_of(parent, task.pk) in attached(parent)


def test_ok_on_another_large_file_does_not_wait(committed_desk: Desk, stage: Stage) -> None:
    first = confirmed(committed_desk, LARGE)
    draft = committed_desk.check(numbers(LARGE))
    copying = stage.begin(message_import.import_task, first.pk)
    with waiting_is_an_error():
        second = drafts.confirm(draft, committed_desk.sender)
    assert second.pk // RANGE > first.pk // RANGE
    assert not copying.done()


def test_three_large_imports_are_under_way_at_a_time(committed_desk: Desk, stage: Stage) -> None:
    large = [confirmed(committed_desk, LARGE + more) for more in range(3)]
    copying = [stage.begin(message_import.import_task, task.pk) for task in large]
    stage.release()
    assert [future.result(LONG) for future in copying] == [LARGE, LARGE + 1, LARGE + 2]
    for more, task in enumerate(large):
        assert_whole(task, LARGE + more)


def test_partitions_and_ids_of_a_new_day_do_not_wait(committed_desk: Desk, stage: Stage) -> None:
    task = confirmed(committed_desk, LARGE)
    stage.begin(message_import.import_task, task.pk)
    with waiting_is_an_error():
        assert partitions.ensure_partitions(now=datetime(2031, 5, 1, tzinfo=UTC))
        assert task_ids.advance_task_ids(now=datetime.now(UTC) + timedelta(days=1))


def test_a_small_task_confirmed_during_a_large_import_does_not_wait(
    committed_desk: Desk, stage: Stage
) -> None:
    large = confirmed(committed_desk, LARGE)
    stage.begin(message_import.import_task, large.pk)
    small, other = confirmed(committed_desk, 2), confirmed(committed_desk, 3)
    with waiting_is_an_error():
        assert message_import.import_task(small.pk) == 2
        assert message_import.import_task(other.pk) == 3
    assert_whole(small, 2)
    assert small.pk // RANGE == other.pk // RANGE


def test_a_small_import_into_the_range_under_way_waits_for_it_and_is_whole(
    committed_desk: Desk, stage: Stage
) -> None:
    large = confirmed(committed_desk, LARGE)
    copying = stage.begin(message_import.import_task, large.pk)

    def add() -> int:
        with transaction.atomic():
            return bulk_import.insert_task_rows(large.pk + 7, rows(2))

    adding = stage.submit(add)
    wait_until("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    stage.release()
    assert (copying.result(LONG), adding.result(LONG)) == (LARGE, 2)
    assert_whole(large, LARGE)
    assert messages(large.pk + 7) == 2


def test_a_cancel_does_not_wait_and_leaves_nothing_of_the_import(committed_desk: Desk, stage: Stage) -> None:
    task = confirmed(committed_desk, LARGE, scheduled_at=timezone.now() + timedelta(hours=1))
    copying = stage.begin(message_import.import_task, task.pk)
    with waiting_is_an_error():
        lifecycle.cancel(task, committed_desk.sender)
    stage.release()
    assert copying.result(LONG) == 0
    task.refresh_from_db()
    assert (task.status, task.reason) == (TaskStatus.CANCELED, str(lifecycle.CANCELED_BY_PERSON))
    assert messages(task) == 0
    assert fetch("SELECT 1 FROM pg_class WHERE relname = %s", table_of("message", task.pk)) == []


def test_a_cancel_that_comes_when_the_rows_are_attached_cancels_an_imported_task(
    committed_desk: Desk, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = confirmed(committed_desk, LARGE, scheduled_at=timezone.now() + timedelta(hours=1))
    attach, locked, go_on = bulk_import.attach_range, Event(), Event()

    def held(task_id: int) -> None:
        locked.set()
        assert go_on.wait(LONG)
        attach(task_id)

    monkeypatch.setattr(bulk_import, "attach_range", held)
    importing = stage.submit(message_import.import_task, task.pk)
    assert locked.wait(LONG)
    canceling = stage.submit(lifecycle.cancel, task, committed_desk.sender)
    wait_until("SELECT 1 FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted")
    go_on.set()
    assert importing.result(LONG) == LARGE
    canceling.result(LONG)
    assert_whole(task, LARGE)
    assert task.status == TaskStatus.CANCELED


def test_an_import_that_is_killed_leaves_no_lock_behind(committed_desk: Desk, stage: Stage) -> None:
    task = confirmed(committed_desk, LARGE)
    copying = stage.begin(message_import.import_task, task.pk)
    assert fetch(
        "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE application_name = %s",
        LONG * 1000,
        f"sendmill import {task.pk}",
    ) == [(True,)]
    stage.release()
    with pytest.raises(OperationalError):
        copying.result(LONG)
    with waiting_is_an_error():
        assert message_import.import_task(task.pk) == LARGE
    assert_whole(task, LARGE)


def test_a_task_canceled_and_deleted_during_its_import_is_gone(committed_desk: Desk, stage: Stage) -> None:
    task = confirmed(committed_desk, LARGE, scheduled_at=timezone.now() + timedelta(hours=1))
    copying = stage.begin(message_import.import_task, task.pk)
    with waiting_is_an_error():
        lifecycle.cancel(task, committed_desk.sender)
        lifecycle.delete(task, committed_desk.sender)
    stage.release()
    assert copying.result(LONG) == 0
    assert messages(task) == 0


def test_a_pause_does_not_wait_and_stays(committed_desk: Desk, stage: Stage) -> None:
    task = confirmed(committed_desk, LARGE)
    copying = stage.begin(message_import.import_task, task.pk)
    with waiting_is_an_error():
        lifecycle.pause(task, committed_desk.sender)
    stage.release()
    assert copying.result(LONG) == LARGE
    assert_whole(task, LARGE)
    assert task.paused


def test_a_task_starts_at_its_time_although_it_is_imported_just_then(
    committed_desk: Desk, stage: Stage
) -> None:
    due = timezone.now() + timedelta(hours=1)
    task = confirmed(committed_desk, LARGE, scheduled_at=due)
    copying = stage.begin(message_import.import_task, task.pk)
    with waiting_is_an_error():
        assert lifecycle.tick(due).started == (task.pk,)
    stage.release()
    assert copying.result(LONG) == LARGE
    assert_whole(task, LARGE)
    assert task.status == TaskStatus.EXECUTING


def test_two_workers_import_a_task_once(committed_desk: Desk, stage: Stage) -> None:
    task = confirmed(committed_desk, LARGE)
    copying = stage.begin(message_import.import_task, task.pk)
    again = stage.submit(message_import.import_task, task.pk)
    wait_until("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    stage.release()
    assert (copying.result(LONG), again.result(LONG)) == (LARGE, 0)
    assert_whole(task, LARGE)


def test_retention_and_an_import_get_past_each_other(committed_desk: Desk, stage: Stage) -> None:
    old = committed_desk.task(1)
    task = confirmed(committed_desk, LARGE)
    long_ago = timezone.now() - timedelta(days=91)
    Task.objects.filter(pk=old.pk).update(status=TaskStatus.COMPLETED, ended_at=long_ago)
    copying = stage.begin(message_import.import_task, task.pk)
    dropping = stage.submit(purge.drop_messages)
    wait_until("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'virtualxid'")
    stage.release()
    assert copying.result(LONG) == LARGE
    assert dropping.result(LONG) >= len(PARENTS)
    assert table_of("message", old.pk) not in attached("message")
    assert_whole(task, LARGE)


def test_the_lock_of_ids_is_let_go_before_the_transaction_ends(committed_desk: Desk, stage: Stage) -> None:
    with transaction.atomic():
        assert task_ids.draw_task_id(LARGE) is not None
        held = fetch(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid = %s",
            task_ids.IDS_LOCK,
        )
        assert held == []
        other = stage.submit(task_ids.draw_task_id, LARGE)
        assert other.result(LONG)


def test_an_import_holds_nothing_that_others_wait_for_while_it_copies(
    committed_desk: Desk, stage: Stage
) -> None:
    task = confirmed(committed_desk, LARGE)
    stage.begin(message_import.import_task, task.pk)
    held = fetch(
        "SELECT coalesce(relation::regclass::text, classid::text), mode FROM pg_locks JOIN pg_stat_activity a "
        "USING (pid) WHERE a.application_name = %s AND locktype IN ('relation', 'advisory') AND granted "
        "AND (relation IS NULL OR relation::regclass::text = ANY(%s))",
        f"sendmill import {task.pk}",
        ["task", *PARENTS],
    )
    weak = {(table, "AccessShareLock") for table in ("task", *PARENTS)}
    own = {(str(lock), "ExclusiveLock") for lock in (partitions.PARTITIONS_LOCK, message_import.IMPORT_LOCK)}
    assert set(held) == weak | own


def test_ids_drawn_at_once_begin_ranges_of_their_own(committed_desk: Desk, stage: Stage) -> None:
    def draw() -> list[int | None]:
        return [task_ids.draw_task_id(LARGE) for _ in range(10)]

    def count() -> list[int]:
        return [int(fetch("SELECT nextval('task_id_seq')")[0][0]) for _ in range(200)]

    drawing = [stage.submit(draw) for _ in range(4)]
    counting = [stage.submit(count) for _ in range(3)]
    large = [drawn for future in drawing for drawn in future.result(LONG)]
    small = [drawn for future in counting for drawn in future.result(LONG)]
    assert all(drawn is not None and drawn % RANGE == 0 for drawn in large)
    assert len({*large, *small}) == len(large) + len(small)
