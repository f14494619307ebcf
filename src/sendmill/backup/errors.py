"""Errors of backups and restores; each text is one sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


class BackupError(Exception):
    """A failed backup or restore; ``str()`` is a sentence for a person."""


class DamagedError(BackupError):
    """The file is cut off, changed, or not a backup."""


class BackupRefused(BackupError):  # noqa: N818
    """The request cannot be fulfilled as things are; nothing was changed."""


class WrongKeyError(BackupRefused):
    """The passphrase or the key file does not open this backup."""


class NotEmptyError(BackupRefused):
    """The data folder or the database to restore into is not empty."""


class NewerSchemaError(BackupRefused):
    """The backup was made by a newer Sendmill than this one."""


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn errors of the database into `BackupError`, without their details, which quote rows."""
    try:
        yield
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        raise BackupError(f"The database refused: {reason}.") from error
