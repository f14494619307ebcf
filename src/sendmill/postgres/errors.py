"""Errors of starting, reaching and checking a PostgreSQL server; the text of each says what to do."""


class PostgresError(Exception):
    """Base of all errors about a server; ``str()`` is a sentence for a person."""


class BinariesMissingError(PostgresError):
    """The PostgreSQL programs are not installed or cannot be executed."""


class ServerUserError(PostgresError):
    """No unprivileged system user is available to run the server as."""


class DataFolderError(PostgresError):
    """The data folder cannot be created, entered or written, or is not one of Sendmill."""


class ClusterVersionError(PostgresError):
    """The data was written by another major version of PostgreSQL."""


class DiskFullError(PostgresError):
    """There is no room left on the disk that holds the data."""


class OrphansAliveError(PostgresError):
    """The main process is gone, but processes that it left behind still use the data."""


class StartError(PostgresError):
    """The server ended while it started."""


class StartTimeoutError(PostgresError):
    """The server is not ready within the time allowed."""


class StartInterruptedError(PostgresError):
    """The start was interrupted on request."""


class StopError(PostgresError):
    """The server did not end, not even at an immediate shutdown."""


class ServerUnreachableError(PostgresError):
    """No connection to the given server could be made."""


class ServerRefusesError(PostgresError):
    """The given server runs and refuses the connection, or its address is invalid."""


class ServerTooOldError(PostgresError):
    """The given server is older than the oldest supported version."""


def is_disk_full(text: str) -> bool:
    """Return whether a program's output or an error's text says that the disk (or the quota) is full."""
    return "No space left on device" in text or "Disk quota exceeded" in text


def disk_full(folder: object) -> DiskFullError:
    """Return the error to raise when the disk of ``folder`` is full."""
    return DiskFullError(
        f"The disk of {folder} is full; free some space, or move the folder to a larger disk "
        "and set SENDMILL_DATA_DIR, then start again."
    )
