"""What retention removed cannot be downloaded, and the person is told so: no empty file, no error without words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from tests.rig.desk import Desk, numbers, report

from sendmill.domain.results import Result
from sendmill.domain.violations import Refused
from sendmill.message_store.queries import bulk_import
from sendmill.message_store.queries import exports as store
from sendmill.runtime.settings import ENV
from sendmill.tasks import large_downloads, result_files
from sendmill.tasks.models import Draft, Export, Task
from sendmill.worker import jobs, purge


@pytest.fixture
def dropped(desk: Desk) -> Callable[..., Task]:
    """Make a completed task whose messages and files retention removed."""

    def drop(text: str = "", ended: timedelta | None = None) -> Task:
        task = desk.task(text=text or numbers(3))
        report(task, Result.FAILED, [0], "UNDELIV")
        ended_at = timezone.now() - (ended or timedelta(days=ENV.retention_days, hours=1))
        Task.objects.filter(pk=task.pk).update(status="completed", ended_at=ended_at, failed=1, successful=2)
        purge.remove_drafts()
        bulk_import.delete_task_rows(task.pk)
        task.refresh_from_db()
        return task

    return drop


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("what", ["failed", "results", "deleted"])
def test_a_download_says_what_is_no_longer_kept(
    desk: Desk, dropped: Callable[..., Task], what: result_files.What, kind: result_files.Kind
) -> None:
    task = dropped(numbers(3) + "wrong\n")
    for have in (result_files.download, large_downloads.order):
        with pytest.raises(
            Refused, match=f"no longer kept: they are removed {ENV.retention_days} days"
        ) as refused:
            have(what, task, desk.sender, kind)
        assert refused.value.violation.code == "dropped"
    assert not Export.objects.exists()


def test_failed_numbers_that_are_young_enough_are_refused_when_they_are_gone(
    desk: Desk, dropped: Callable[..., Task]
) -> None:
    task = dropped(ended=timedelta(hours=1))
    with pytest.raises(Refused, match="no longer kept"):
        result_files.download("failed", task, desk.sender)


def test_deleted_rows_whose_file_vanished_are_refused_otherwise(desk: Desk) -> None:
    task = desk.task(text=numbers(3) + "wrong\n")
    default_storage.delete(Draft.objects.get(task=task).deleted_file)
    with pytest.raises(Refused, match="no longer there"):
        result_files.download("deleted", task, desk.sender)


def test_messages_that_go_while_the_file_is_written_are_no_short_file(
    desk: Desk, dropped: Callable[..., Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = desk.task(3)
    frames = store.all_frames

    def dropping(*arguments: Any) -> Iterator[pl.DataFrame]:
        yield from frames(*arguments)
        bulk_import.delete_task_rows(task.pk)

    monkeypatch.setattr(store, "all_frames", dropping)
    with pytest.raises(Refused, match="no longer kept"):
        result_files.download("results", task, desk.sender)


def test_a_file_that_was_ordered_before_says_it_as_well(desk: Desk) -> None:
    task = desk.task(3)
    export = large_downloads.order("results", task, desk.sender, "csv")
    bulk_import.delete_task_rows(task.pk)
    jobs.make_export(export_id=export.pk)
    export.refresh_from_db()
    assert (export.state, export.refusal["code"]) == ("failed", "dropped")


def test_a_finished_file_that_vanished_is_made_again(desk: Desk) -> None:
    task = desk.task(3)
    Task.objects.filter(pk=task.pk).update(status="completed", ended_at=timezone.now())
    task.refresh_from_db()
    export = large_downloads.order("results", task, desk.sender, "csv")
    jobs.make_export(export_id=export.pk)
    assert large_downloads.order("results", task, desk.sender, "csv") == export
    export.refresh_from_db()
    default_storage.delete(export.file)
    with pytest.raises(Refused, match=r"no longer kept\. Ask for it again"):
        large_downloads.fetch(export, desk.sender)
    assert large_downloads.order("results", task, desk.sender, "csv") != export
