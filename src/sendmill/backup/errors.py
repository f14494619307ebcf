"""What can go wrong with a backup; each error is one sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


class BackupError(Exception):
    """A backup or a restore failed; ``str()`` is a sentence for a person."""


class DamagedError(BackupError):
    """The file is cut off, changed, or no backup at all."""


class BackupRefused(BackupError):  # noqa: N818
    """What was asked cannot be done as things are; nothing was changed."""


class WrongKeyError(BackupRefused):
    """The passphrase or the key file does not open this backup."""


class NotEmptyError(BackupRefused):
    """The data folder or the database of a restore holds something already."""


class NewerSchemaError(BackupRefused):
    """The backup was made by a newer Sendmill than this one."""


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn what the database refuses into a `BackupError`; its details, which quote rows, are left out."""
    try:
        yield
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise BackupError(f"The database refused: {reason}.") from error
