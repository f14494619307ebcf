"""Pages while the disk takes nothing: they say so, keep what was typed, and fill no log."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs
from tests.rig.scenes import Scene

from sendmill.console import error_pages, translations
from sendmill.console.pages import tasks
from sendmill.runtime import disk_full
from sendmill.tasks import disk_errors
from sendmill.tasks.models import Draft

pytestmark = pytest.mark.django_db
LARGE = b"number\n" + b"+4915100000000\n" * 100_000  # more than is kept in memory


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    translations.compile_all()
    fresh = disk_full.Disk()
    monkeypatch.setattr(disk_errors, "disk", fresh)
    monkeypatch.setattr(error_pages, "disk", fresh)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)  # type: ignore[attr-defined]
    error_pages.watch_database()


@pytest.fixture
def person(scene: Scene) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.members["sender"])
    return client


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk takes the beginning of an upload only."""

    def write(self: TemporaryUploadedFile, data: bytes) -> None:
        self.file.write(data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", write, raising=False)


def form(scene: Scene) -> dict[str, object]:
    task = scene.tasks["executing"]
    return {
        "file": SimpleUploadedFile("Guests48.csv", LARGE),
        "name": "Notification_09",
        "application": task.application_id,
        "template": task.template_id,
        "file_name": "Guests48.csv",
    }


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(("headers", "status"), [({}, 507), ({"HX-Request": "true"}, 200)])
def test_a_large_upload_blames_the_disk(
    person: Client,
    scene: Scene,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    status: int,
) -> None:
    drafts = Draft.objects.count()
    with capture_logs() as lines, caplog.at_level(logging.INFO):
        for _ in range(3):
            answer = person.post(reverse("console:task-new"), form(scene), headers=headers)
            text = answer.content.decode()
            assert answer.status_code == status
            assert "The disk of the server is full" in text
            assert "Choose the file with the recipient numbers" not in text
            assert 'value="Notification_09"' in text, "what stands behind the file is kept"
    assert Draft.objects.count() == drafts
    assert list(tmp_path.iterdir()) == []
    assert [line["event"] for line in lines] == ["disk takes nothing"]
    assert [record for record in caplog.records if record.name.startswith("django")] == []


@pytest.mark.usefixtures("full")
def test_it_is_said_in_chinese(person: Client, scene: Scene) -> None:
    answer = person.post(reverse("console:task-new"), form(scene), headers={"Accept-Language": "zh-hans"})
    assert "服务器磁盘已满" in answer.content.decode()


def test_any_page_that_needs_the_disk_says_so(
    person: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tasks, "window", fall)
    with capture_logs() as lines, caplog.at_level(logging.INFO):
        answers = [person.get("/tasks/") for _ in range(3)]
    for answer in answers:
        assert answer.status_code == 507
        assert "disk takes nothing more" in answer.content.decode()
        assert "服务器磁盘已满" in answer.content.decode()
    assert [line["why"] for line in lines] == ["disk_read_only"]
    assert [record for record in caplog.records if record.name.startswith("django")] == []
