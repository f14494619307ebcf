"""Files that people download, read again as they are uploaded again."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation
from tests.rig.desk import FIRST, Desk, fetch, finish_chunks, numbers, report

from sendmill.accounts.models import AuditEntry
from sendmill.accounts.permissions import NotAllowed
from sendmill.domain.results import Result
from sendmill.domain.violations import Refused
from sendmill.message_store.queries import exports as store
from sendmill.spreadsheets.reader import read_rows, read_table
from sendmill.tasks import drafts, large_downloads, lifecycle, result_files
from sendmill.tasks.database_clock import database_now
from sendmill.tasks.models import Task

VALUES = ['a "quoted" one', "comma, and; more", "=1+1", "Zoë 李"]


def save(download: result_files.Download, folder: Path) -> Path:
    path = folder / download.name
    with download.file:
        path.write_bytes(download.file.read())
    return path


@pytest.fixture
def failed(desk: Desk) -> Task:
    rows = "".join(
        f'+{FIRST + place},"{value.replace(chr(34), chr(34) * 2)}",10:3{place}\n'
        for place, value in enumerate(VALUES)
    )
    task = desk.task(text=f"number,text,time\n{rows}", template=desk.templates["values"])
    report(task, Result.FAILED, [0, 1, 2], "UNDELIV")
    report(task, Result.FAILED, [3], "SMPP-0x0000000B")
    return task


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_failed_numbers_can_be_uploaded_again_as_they_are(
    desk: Desk, failed: Task, tmp_path: Path, kind: result_files.Kind
) -> None:
    path = save(result_files.download("failed", failed, desk.sender, kind), tmp_path)
    table = read_table(path, columns=5)
    assert table.header == ("Number", "TXT_20", "TIME", "Status code", "Meaning")
    assert table.frame.get_column("c3").to_list() == ["UNDELIV"] * 3 + ["SMPP-0x0000000B"]
    assert table.frame.get_column("c4").to_list()[0] == "The message cannot be delivered."
    assert "nvalid destination address" in table.frame.get_column("c4").to_list()[3]
    draft = desk.create_draft(
        template=desk.templates["values"], file_name=path.name, content=io.BytesIO(path.read_bytes())
    )
    again = desk.check_again(draft)
    assert again.outcome is not None
    assert (again.outcome["accepted"], again.outcome["rows"]) == (4, 4)
    task = desk.import_draft(again)
    columns = "SELECT number, variables FROM message WHERE task_id = %s ORDER BY seq"
    assert fetch(columns, task.pk) == fetch(columns, failed.pk)


def test_failed_numbers_come_in_stretches_of_the_task(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "STRETCH", 10)
    task = desk.task(45)
    report(task, Result.FAILED, [0, 9, 10, 44], "UNDELIV")
    path = save(result_files.download("failed", task, desk.sender, "csv"), tmp_path)
    expected = [f"+{FIRST + place}" for place in (0, 9, 10, 44)]
    assert read_rows(path, columns=1).get_column("c0").to_list() == expected


def test_failed_numbers_are_for_tasks_executed_in_the_latest_three_days(desk: Desk, failed: Task) -> None:
    finish_chunks(failed)
    assert lifecycle.tick().completed == (failed.pk,)
    failed.refresh_from_db()
    assert result_files.can_download(failed)
    failed.ended_at = database_now() - timedelta(days=3, seconds=1)
    assert not result_files.can_download(failed)
    with pytest.raises(Refused) as refused:
        result_files.download("failed", failed, desk.sender)
    assert "latest 3 days" in str(refused.value)
    failed.status = "canceled"
    failed.ended_at = database_now()
    assert not result_files.can_download(failed)


def test_all_results_tell_what_became_of_each(desk: Desk, tmp_path: Path) -> None:
    task = desk.task(3)
    report(task, Result.SUCCESSFUL, [0], "DELIVRD")
    report(task, Result.SENDING, [1])
    fetch(
        "UPDATE message SET submitted_at = '2026-07-01 10:00+00', reported_at = '2026-07-01 10:00:05+00' "
        "WHERE task_id = %s AND seq = 0 RETURNING 1",
        task.pk,
    )
    table = read_table(save(result_files.download("results", task, desk.sender, "csv"), tmp_path), columns=8)
    assert table.header == (
        "SMS ID",
        "Number",
        "Parts",
        "Submitted (Europe/Berlin)",
        "Reported (Europe/Berlin)",
        "Result",
        "Status code",
        "Meaning",
    )
    assert table.frame.drop("row").rows()[0] == (
        f"{task.pk}-0000001",
        f"+{FIRST}",
        "1",
        "2026-07-01 12:00:00",
        "2026-07-01 12:00:05",
        "Successful",
        "DELIVRD",
        "The message was delivered.",
    )
    assert table.frame.get_column("c5").to_list() == ["Successful", "Sending", "Waiting"]


def test_results_of_numbers_that_are_not_imported_yet_are_not_an_empty_file(desk: Desk) -> None:
    task = drafts.confirm(desk.check(numbers(3)), desk.sender)
    with pytest.raises(Refused, match="still being imported"):
        result_files.download("results", task, desk.sender)
    with pytest.raises(Refused, match="still being imported"):
        large_downloads.order("results", task, desk.sender, "csv")


def test_deleted_rows_come_with_row_original_and_reason(desk: Desk, tmp_path: Path) -> None:
    text = f"number,text,time\n+{FIRST},Ann,10:30\n+{FIRST},Ann,10:30\nabc,Ann,10:30\n+{FIRST + 1},Ann,late\n"
    draft = desk.check(text, template=desk.templates["values"])
    with translation.override("en"):
        table = read_table(
            save(result_files.download("deleted", draft, desk.sender, "csv"), tmp_path), columns=3
        )
    rows = table.frame.select("c0", "c1", "c2").rows()
    assert [row[:2] for row in rows] == [(f"+{FIRST}", "3"), ("abc", "4"), (f"+{FIRST + 1}", "5")]
    assert rows[0][2] == "The number is already in row 2."
    assert "TIME" in rows[2][2]
    assert all(reason for _, _, reason in rows)


def test_every_download_is_in_the_audit_log_and_not_for_viewers(desk: Desk) -> None:
    draft = desk.check(numbers(1) + "12\n")
    task = desk.import_draft(draft)
    whats: list[result_files.What] = ["failed", "results", "deleted"]
    for what in whats:
        with pytest.raises(NotAllowed):
            result_files.download(what, task, desk.viewer)
        result_files.download(what, task, desk.sender).file.close()
    found = AuditEntry.objects.filter(action="download", object_id=task.pk).order_by("pk")
    assert [entry.after["what"] for entry in found if entry.after] == ["failed", "results", "deleted"]
