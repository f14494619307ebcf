"""One `sendmill up` or `sendmill demo` at a time on a data folder.

Two would share one embedded server, and the first that is stopped would take the other's database away. A lock on
a file says who runs; the kernel releases it however the holder ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sendmill.cli.errors import AlreadyRunningError

LOCK = Path("run", "up.lock")
# Who only looks whether it is held keeps it for a moment.
PATIENCE = 1.0


@contextmanager
def hold_data_folder(folder: Path, command: str) -> Iterator[None]:
    """Be the only one that runs everything on this data folder; AlreadyRunningError when another does."""
    from sendmill.postgres.embedded.postmaster import Lock

    path = folder / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = Lock(path)
    try:
        if not lock.acquire(PATIENCE):
            raise AlreadyRunningError(
                f"{holder(folder) or 'Sendmill'} runs on the data folder {folder} already. Stop it first, or set "
                "SENDMILL_DATA_DIR to another folder for this one."
            )
        # Only for the sentence above: on a full disk it stays as it was.
        with suppress(OSError):
            os.truncate(lock.descriptor, 0)
            os.pwrite(lock.descriptor, f"sendmill {command} (process {os.getpid()})".encode(), 0)
        yield
    finally:
        lock.release()


def holder(folder: Path) -> str | None:
    """Who runs everything on this data folder, such as ``sendmill up (process 12)``; None when nobody does."""
    from sendmill.postgres.embedded.postmaster import Lock, read_text
    from sendmill.postgres.errors import PostgresError

    path = folder / LOCK
    if not path.exists():
        return None
    try:
        lock = Lock(path)
    except PostgresError:
        return None  # another user's: whether it is held cannot be told
    try:
        return None if lock.acquire() else read_text(path).strip() or "sendmill up"
    finally:
        lock.release()
