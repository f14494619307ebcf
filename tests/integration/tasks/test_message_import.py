"""From the checked file to message rows."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from tests.rig.desk import FIRST, Desk, fetch, numbers

from sendmill.domain.task_life import ImportState
from sendmill.message_store.queries import bulk_import
from sendmill.tasks import drafts, message_import, stored_files
from sendmill.tasks.models import Draft, Task


def test_rows_chunks_and_tallies_are_written_in_the_order_of_the_file(desk: Desk) -> None:
    count = 2_001
    task = desk.task(count)
    assert task.import_state == ImportState.IMPORTED
    assert fetch(
        "SELECT count(*), min(number - seq), max(number - seq), max(file_row - seq), min(parts), max(result) "
        "FROM message WHERE task_id = %s",
        task.pk,
    ) == [(count, FIRST, FIRST, 2, 1, 0)]
    assert fetch("SELECT n, lo, hi, next_seq, state FROM chunk WHERE task_id = %s ORDER BY n", task.pk) == [
        (0, 0, 1000, 0, 0),
        (1, 1000, 2000, 1000, 0),
        (2, 2000, 2001, 2000, 0),
    ]
    assert fetch("SELECT n, messages FROM tally WHERE task_id = %s ORDER BY n", task.pk) == [
        (0, 1000),
        (1, 1000),
        (2, 1),
    ]


def test_values_survive_whatever_they_hold(desk: Desk) -> None:
    hostile = ['a "quoted" one', "back\\slash", "comma, brace}", "NULL", "{x}", "élan 😀"]
    rows = "".join(
        f'+{FIRST + place},"{value.replace(chr(34), chr(34) * 2)}",10:30\n'
        for place, value in enumerate(hostile)
    )
    task = desk.task(text=f"number,text,time\n{rows}", template=desk.templates["values"])
    stored = fetch("SELECT variables FROM message WHERE task_id = %s ORDER BY seq", task.pk)
    assert [variables for (variables,) in stored] == [[value, "10:30"] for value in hostile]


def test_importing_again_changes_nothing(desk: Desk) -> None:
    task = desk.task(3)
    assert message_import.import_task(task.pk) == 0
    assert fetch("SELECT count(*) FROM message WHERE task_id = %s", task.pk) == [(3,)]


def test_an_import_that_breaks_off_leaves_nothing_and_can_be_repeated(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = drafts.confirm(desk.check(numbers(3)), desk.sender)

    def die(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(bulk_import, "_cut_chunks", die)
        with pytest.raises(ConnectionError):
            message_import.import_task(task.pk)
    assert fetch("SELECT count(*) FROM message WHERE task_id = %s", task.pk) == [(0,)]
    task.refresh_from_db()
    assert task.import_state == ImportState.WAITING
    assert message_import.import_task(task.pk) == 3
    assert message_import.progress(Task.objects.get(pk=task.pk)) == 1.0


def test_a_file_that_lost_rows_is_not_imported(desk: Desk) -> None:
    draft = desk.check(numbers(3))
    task = drafts.confirm(draft, desk.sender)
    stored_files.store_frame(draft.accepted_file, stored_files.load_frame(draft.accepted_file).head(2))
    with pytest.raises(ValueError, match="2 rows in the file, 3 confirmed"):
        message_import.import_task(task.pk)
    assert fetch("SELECT count(*) FROM message WHERE task_id = %s", task.pk) == [(0,)]


def test_a_lost_file_cancels_the_task_with_the_reason(desk: Desk) -> None:
    draft = desk.check(numbers(3))
    task = drafts.confirm(draft, desk.sender)
    stored_files.remove(draft.accepted_file)
    assert message_import.import_task(task.pk) == 0
    task.refresh_from_db()
    assert (task.status, task.import_state, task.reason) == (
        "canceled",
        "failed",
        str(message_import.FILE_LOST),
    )


def test_the_files_of_an_imported_task_go_and_the_deleted_rows_stay(desk: Desk) -> None:
    task = desk.task(text=f"number\n+{FIRST}\n12\n")
    draft = Draft.objects.get(task=task)
    for name in (draft.file, draft.accepted_file):
        with pytest.raises(FileNotFoundError):
            stored_files.load_frame(name)
    assert stored_files.load_frame(draft.deleted_file).get_column("text").to_list() == ["12"]


def test_deleting_rows_takes_them_from_every_table(desk: Desk) -> None:
    task, other = desk.task(5), desk.task(2)
    assert bulk_import.delete_task_rows(task.pk, batch=2) == 5
    for table in ("message", "chunk", "tally", "failure", "part"):
        assert fetch(f"SELECT count(*) FROM {table} WHERE task_id = %s", task.pk) == [(0,)]
    assert fetch("SELECT count(*) FROM message WHERE task_id = %s", other.pk) == [(2,)]


def test_the_progress_of_a_running_copy_is_seen_from_another_connection(committed_desk: Desk) -> None:
    seen, started = [], Event()

    def watch() -> None:
        started.wait()
        seen.append(bulk_import.import_progress(7))
        connection.close()

    watcher = Thread(target=watch)
    watcher.start()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', 'sendmill import 7', true)")
        with cursor.copy("COPY sender (host, pid) FROM STDIN") as copy:
            copy.write(b"a\t1\n" * 200_000)
            started.set()
            watcher.join()
        transaction.set_rollback(True)
    assert seen[0] is not None
    assert bulk_import.import_progress(7) is None
