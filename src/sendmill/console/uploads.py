"""The upload of a number file: what can be said before, and no more of it taken than is allowed."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from sendmill.console.words import Said, explain
from sendmill.settings import ENV
from sendmill.tasks.spreadsheet import check_name, clean_name
from sendmill.tasks.spreadsheet.errors import refusal

SLACK = 1024 * 1024
"""What the other fields of a form may take beside its file, in bytes."""


def limit() -> int:
    """The largest number file, in bytes."""
    return ENV.max_file_mb * 1024 * 1024


def faults(name: str, size: int) -> list[Said]:
    """What is wrong with a file of that name and size, and the name to go on with where that helps."""
    refused = check_name(name, ENV.allow_chinese_file_names)
    if refused is not None:
        return [Said(explain(refused), clean_name(name, ENV.allow_chinese_file_names) or "")]
    if size > limit():
        return [Said(explain(refusal("too_large", limit=ENV.max_file_mb)))]
    return []


class Bounded(FileUploadHandler):
    """Stops keeping an upload once it is larger than any number file may be.

    The rest is read and thrown away, and the form is answered without a file.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > limit() + SLACK:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
