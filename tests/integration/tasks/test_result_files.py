"""Files that the worker makes: progress, kept for a while, made once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from console_build import compile_catalogues
from django.core.files.storage import default_storage
from django.utils import translation
from tests.rig.desk import FIRST, Desk, fetch, report

from sendmill.accounts.models import Account, AuditEntry, Member
from sendmill.accounts.permissions import NotAllowed, NotYours
from sendmill.domain.results import Result
from sendmill.domain.violations import Refused
from sendmill.message_store.queries import exports as store
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets.reader import read_rows
from sendmill.tasks import large_downloads, lifecycle, result_files
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Export, Task
from sendmill.worker import jobs


@pytest.fixture(autouse=True, scope="module")
def _catalogues() -> None:
    compile_catalogues()


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ENV, "direct_download_rows", 2)
    monkeypatch.setattr(store, "STRETCH", 10)


def save(download: result_files.Download, folder: Path) -> Path:
    path = folder / download.name
    with download.file:
        path.write_bytes(download.file.read())
    return path


def test_more_rows_than_the_setting_are_made_in_the_background(desk: Desk) -> None:
    task = desk.task(3)
    assert large_downloads.is_large("results", task)
    assert not large_downloads.is_large("failed", task)
    report(task, Result.FAILED, [0, 1, 2], "UNDELIV")
    assert large_downloads.is_large("failed", task)
    draft = desk.check("number\n1\n2\n3\n")
    assert large_downloads.is_large("deleted", draft)


def test_a_file_is_made_with_progress_and_fetched(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = desk.task(45)
    report(task, Result.FAILED, list(range(40)), "UNDELIV")
    export = large_downloads.order("failed", task, desk.sender, "xlsx")
    assert (export.state, export.rows, export.done) == ("waiting", 40, 0)
    assert fetch("SELECT args ->> 'export_id' FROM procrastinate_jobs WHERE task_name = 'make_export'") == [
        (str(export.pk),)
    ]
    with pytest.raises(Refused):
        large_downloads.fetch(export, desk.sender)
    seen: list[int] = []
    counted = large_downloads._counted

    def watched(row: Export, frames: Any) -> Iterator[Any]:
        for frame in counted(row, frames):
            seen.append(Export.objects.get(pk=row.pk).done)
            yield frame

    monkeypatch.setattr(large_downloads, "_counted", watched)
    jobs.make_export(export_id=export.pk)
    assert seen == [0, 10, 20, 30]
    export.refresh_from_db()
    assert (export.state, export.done) == ("ready", 40)
    path = save(large_downloads.fetch(export, desk.sender), tmp_path)
    assert path.name == f"failed{task.pk}.xlsx"
    assert export.file_size == path.stat().st_size
    assert read_rows(path, columns=1).get_column("c0").to_list() == [f"+{FIRST + n}" for n in range(40)]
    actions = AuditEntry.objects.filter(object_id=task.pk, action__contains="download")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == ["order_download", "download"]


def test_the_same_file_is_made_once(desk: Desk) -> None:
    task = desk.task(3)
    first = large_downloads.order("results", task, desk.sender, "csv")
    assert large_downloads.order("results", task, desk.sender, "csv").pk == first.pk
    assert large_downloads.order("results", task, desk.sender, "xlsx").pk != first.pk
    with translation.override("zh-hans"):
        chinese = large_downloads.order("results", task, desk.sender, "csv")
    assert chinese.pk != first.pk
    hour_ago = database_now() - timedelta(hours=1)
    Export.objects.update(created_at=hour_ago)
    assert large_downloads.order("results", task, desk.sender, "csv").pk != first.pk
    Export.objects.update(created_at=hour_ago)
    Task.objects.update(status="completed")
    task.refresh_from_db()
    latest = large_downloads.of_task(task)[0]
    assert large_downloads.order("results", task, desk.sender, "csv").pk == latest.pk
    assert len(large_downloads.of_task(task)) == 4


def test_a_file_speaks_the_language_of_who_asked(desk: Desk, tmp_path: Path) -> None:
    task = desk.task(3)
    with translation.override("zh-hans"):
        export = large_downloads.order("results", task, desk.sender, "csv")
    large_downloads.make(export.pk)
    export.refresh_from_db()
    text = save(large_downloads.fetch(export, desk.sender), tmp_path).read_text("utf-8-sig")
    assert "号码" in text.splitlines()[0]


def test_a_killed_run_is_done_again_and_a_done_one_is_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = large_downloads.order("results", desk.task(3), desk.sender, "csv")

    def fail(*_: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(result_files, "write", fail)
        with pytest.raises(OSError, match="full"):
            large_downloads.make(export.pk)
    export.refresh_from_db()
    assert export.state == "failed"
    large_downloads.make(export.pk)
    export.refresh_from_db()
    name = export.file
    large_downloads.make(export.pk)
    export.refresh_from_db()
    assert (export.state, export.file) == ("ready", name)


def test_files_are_kept_for_the_hours_of_the_setting(desk: Desk) -> None:
    export = large_downloads.order("results", desk.task(3), desk.sender, "csv")
    large_downloads.make(export.pk)
    export.refresh_from_db()
    limit = timedelta(hours=ENV.download_hours)
    Export.objects.update(created_at=database_now() - limit + timedelta(minutes=1))
    assert large_downloads.remove_old() == 0
    Export.objects.update(created_at=database_now() - limit)
    jobs.remove_exports(timestamp=0)
    assert not Export.objects.exists()
    assert not default_storage.exists(export.file)
    with pytest.raises(Refused) as refused:
        large_downloads.fetch(export, desk.sender)
    assert refused.value.violation.code == "no_longer_there"


def test_a_file_that_a_killed_worker_left_is_removed_with_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = desk.task(3)
    export = large_downloads.order("results", task, desk.sender, "csv")
    with monkeypatch.context() as patch:
        patch.setattr(large_downloads, "database_now", _killed)
        with pytest.raises(KeyboardInterrupt):
            large_downloads.make(export.pk)
    left = f"exports/{export.key}.csv"
    assert default_storage.exists(left)
    large_downloads.make(export.pk)
    export.refresh_from_db()
    assert export.file not in ("", left)
    Export.objects.update(created_at=database_now() - timedelta(hours=ENV.download_hours))
    assert large_downloads.remove_old() == 1
    assert not default_storage.exists(left)
    assert not default_storage.exists(export.file)


def _killed() -> None:
    raise KeyboardInterrupt


def test_failed_numbers_are_refused_after_three_days_even_when_the_file_is_there(desk: Desk) -> None:
    task = desk.task(3)
    report(task, Result.FAILED, [0, 1, 2], "UNDELIV")
    export = large_downloads.order("failed", task, desk.sender, "csv")
    large_downloads.make(export.pk)
    export.refresh_from_db()
    now = database_now()
    Task.objects.update(status="completed", ended_at=now - timedelta(days=3, seconds=1))
    fresh = Export.objects.select_related("task").get(pk=export.pk)
    with pytest.raises(Refused) as refused:
        large_downloads.fetch(fresh, desk.sender)
    assert refused.value.violation.code == "too_old"
    task.refresh_from_db()
    with pytest.raises(Refused):
        large_downloads.order("failed", task, desk.sender, "csv")


def test_a_source_that_is_gone_fails_the_file(desk: Desk) -> None:
    draft = desk.check("number\n1\n2\n3\n")
    export = large_downloads.order("deleted", draft, desk.sender, "csv")
    default_storage.delete(draft.deleted_file)
    large_downloads.make(export.pk)
    export.refresh_from_db()
    assert export.state == "failed"


def test_who_may_have_files(desk: Desk) -> None:
    task = desk.task(3)
    with pytest.raises(NotAllowed):
        large_downloads.order("results", task, desk.viewer, "csv")
    export = large_downloads.order("results", task, desk.sender, "csv")
    large_downloads.make(export.pk)
    export.refresh_from_db()
    with pytest.raises(NotAllowed):
        large_downloads.fetch(export, desk.viewer)
    account = Account.objects.create(name="Elsewhere")
    stranger = Member.objects.create(account=account, username="stranger", role="admin")
    with pytest.raises(NotYours):
        large_downloads.fetch(export, stranger)


def test_deleting_a_task_takes_its_files(desk: Desk, django_capture_on_commit_callbacks: Any) -> None:
    task = desk.scheduled_task(database_now() + timedelta(hours=1))
    export = large_downloads.order("results", task, desk.sender, "csv")
    large_downloads.make(export.pk)
    export.refresh_from_db()
    lifecycle.cancel(task, desk.sender)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.delete(task, desk.sender)
    assert not default_storage.exists(export.file)
