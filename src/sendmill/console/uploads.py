"""The upload of a number file: its name and size are checked before, and no more than the limit is read."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from sendmill.console.translated import Said, explain
from sendmill.domain.violations import Violation
from sendmill.runtime.disk_full import shortage_of
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets.errors import refusal
from sendmill.spreadsheets.file_names import check_name, clean_name
from sendmill.tasks import disk_errors

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
        """The same data. Raises StopUpload behind the limit."""
        self.taken += len(raw_data)
        if self.taken > limit() + SLACK:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """None: the next handler keeps the file."""
        return


class OnDisk(TemporaryFileUploadHandler):
    """Keeps a large upload in a temporary file; when the disk takes nothing, the form is answered without a file.

    The rest of the request is read, so every other field is there; `lost` tells the form why the file is not.
    Nothing of the file is left.
    """

    error: OSError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file."""
        self.error = None
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._give_up(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """None: the data is in the temporary file, or dropped once the disk took nothing."""
        if self.error is None:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._give_up(error)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """The uploaded file; None when it could not be kept."""
        if self.error is not None:
            return None
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._give_up(error)
            return None

    def upload_interrupted(self) -> None:
        """Remove the temporary file."""
        if self.error is None:
            super().upload_interrupted()

    def _give_up(self, error: OSError) -> None:
        if "file" in vars(self):
            # Closing writes what is in the buffer, and removes the file whether or not that works.
            with suppress(OSError):
                self.file.close()
            del self.file
        if shortage_of(error) is None:
            raise error
        self.error = error
        if self.request is not None:
            self.request.META[_LOST] = error


_LOST = "sendmill.upload_lost"


def lost(request: HttpRequest) -> Violation | None:
    """Why the file of this request could not be kept, when it was our disk; logged once while it lasts."""
    request.FILES  # noqa: B018 - reads the request
    error = request.META.get(_LOST)
    return None if error is None else disk_errors.told("upload", error)
