"""A disk that takes nothing is what is blamed, and nothing half-written is left."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage
from structlog.testing import capture_logs
from tests.rig.desk import Desk, numbers

from sendmill.domain.violations import FormError, Refused
from sendmill.runtime import disk_full
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets import child, reader
from sendmill.tasks import disk_errors, drafts, large_downloads, result_files
from sendmill.tasks.models import Draft, DraftState, Export
from sendmill.worker import jobs

SHORTAGES = [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_quota"), (errno.EROFS, "disk_read_only")]


def left() -> list[str]:
    """What lies in the folder of files, folders too."""
    root = Path(django_settings.MEDIA_ROOT)
    return sorted(
        str(path.relative_to(root)) for path in (*root.glob("drafts/*/**"), *root.glob("exports/*"))
    )


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_errors, "disk", disk_full.Disk())


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the disk take so many more files, and a part of the next."""
    save = FileSystemStorage._save

    def full(number: int, after: int = 0) -> None:
        taken = 0

        def _save(self: FileSystemStorage, name: str, content: Any) -> str:
            nonlocal taken
            taken += 1
            if taken <= after:
                return str(save(self, name, content))
            path = Path(self.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"a part of it")
            raise OSError(number, "the disk takes nothing")

        monkeypatch.setattr(FileSystemStorage, "_save", _save)

    return full


@pytest.mark.parametrize(("number", "code"), SHORTAGES)
def test_an_upload_blames_the_disk_and_leaves_nothing(
    desk: Desk, fill: Callable[..., None], number: int, code: str
) -> None:
    before = left()
    fill(number)
    with capture_logs() as lines:
        for _ in range(3):
            with pytest.raises(FormError) as refused:
                desk.create_draft(numbers(3))
            assert [(one.field, one.code) for one in refused.value.errors] == [("file", code)]
            assert "disk" in str(refused.value)
    assert not Draft.objects.exists()
    assert left() == before
    assert [line["why"] for line in lines] == [code]


def test_a_copy_that_has_no_room_blames_the_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> IO[bytes]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(drafts.tempfile, "NamedTemporaryFile", none)
    with pytest.raises(FormError, match="disk of the server is full"):
        desk.create_draft(numbers(3))


def test_a_file_that_cannot_be_read_does_not_blame_the_disk(desk: Desk) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        desk.create_draft(content=Broken())


@pytest.mark.parametrize(("number", "code"), SHORTAGES)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_check_without_room_refuses_the_draft_and_leaves_its_upload_alone(
    desk: Desk, fill: Callable[..., None], after: int, number: int, code: str
) -> None:
    draft = desk.create_draft(numbers(3))
    before = left()
    fill(number, after)
    desk.check_again(draft)
    assert (draft.state, draft.refusal["code"]) == (DraftState.REFUSED, code)  # type: ignore[index]
    assert (draft.accepted_file, draft.written_file, draft.deleted_file) == ("", "", "")
    assert left() == before


def test_rows_that_cannot_be_handed_over_blame_the_disk_and_not_the_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"unwritten": "No space left on device (os error 28)"}
    monkeypatch.setattr(reader, "_answer", lambda *_: said)
    draft = desk.check(numbers(3))
    assert (draft.state, draft.refusal["code"]) == (DraftState.REFUSED, "disk_full")  # type: ignore[index]


@pytest.mark.reading_process
def test_the_reading_process_says_that_it_could_not_write(tmp_path: Path) -> None:
    path = tmp_path / "Numbers.csv"
    path.write_text(numbers(3))
    limits = reader.Limits()
    order = {
        "path": str(path),
        "kind": "csv",
        "columns": 1,
        "output": "/dev/full",
        "limits": reader.asdict(limits),
    }
    with reader._child(order) as reading:
        answer = reader._answer(reading, limits)
    assert "No space left" in answer["unwritten"]
    assert child.__name__ == reader._CHILD


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_download_without_room_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: result_files.Kind
) -> None:
    task = desk.task(3)

    def full(**_: object) -> IO[bytes]:
        return Path("/dev/full").open("w+b")

    monkeypatch.setattr(result_files.tempfile, "TemporaryFile", full)
    with pytest.raises(Refused, match="disk of the server is full"):
        result_files.download("results", task, desk.sender, kind)


@pytest.mark.parametrize(("number", "code"), SHORTAGES)
def test_a_large_file_without_room_says_so_and_can_be_asked_for_again(
    desk: Desk, fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    monkeypatch.setattr(ENV, "direct_download_rows", 2)
    task = desk.task(3)
    before = left()
    with monkeypatch.context() as full:
        fill(number)
        export = large_downloads.order("results", task, desk.sender, "csv")
        jobs.make_export(export_id=export.pk)
        export.refresh_from_db()
        assert (export.state, export.refusal["code"]) == ("failed", code)
        assert left() == before
        full.undo()
    monkeypatch.undo()
    again = large_downloads.order("results", task, desk.sender, "csv")
    assert again.pk != export.pk
    jobs.make_export(export_id=again.pk)
    assert Export.objects.get(pk=again.pk).state == "ready"
