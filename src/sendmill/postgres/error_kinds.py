"""The three kinds of database errors: connection lost, worth another try, neither.

The kind says nothing about other connections: only the one that raised the error is lost.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from psycopg import Error, OperationalError


class Trouble(Enum):
    """The kind of a database error: what the caller has to do.

    `GONE`: the connection cannot be used any more; make a new one and repeat the step. `REPEAT`: the connection is
    fine, and the same statement will work a moment later. `OTHER`: neither; repeating it would raise it again.
    """

    GONE = "gone"
    REPEAT = "repeat"
    OTHER = "other"


# SQLSTATEs by which a session has ended, or serves no writes any more: a standby refuses them (25006), and a new
# connection finds the primary. 25P03 ended a session that was silent in a transaction; after 40003 nobody knows
# whether the transaction was committed, which is what a lost connection leaves as well.
_GONE: Final = frozenset({"25006", "25P03", "40003", "53300", "57P01", "57P02", "57P03", "57P04", "57P05"})
_GONE_CLASSES: Final = frozenset({"08", "28"})

# Serialization failures, deadlocks, a lock or a statement that took longer than its limit.
_REPEAT: Final = frozenset({"40000", "40001", "40P01", "55P03", "57014"})
# A disk or a memory that is full, a file that cannot be read: a matter of the server, which may pass.
_REPEAT_CLASSES: Final = frozenset({"53", "58"})


def trouble_of(error: BaseException) -> Trouble:
    """Return the kind of an error; OTHER for everything that no database raised."""
    if not isinstance(error, Error):
        return Trouble.OTHER
    state = error.sqlstate
    if state is None:
        # An error of the client library itself: it could not connect, or the connection broke.
        return Trouble.GONE if isinstance(error, OperationalError) else Trouble.OTHER
    if state in _GONE or state[:2] in _GONE_CLASSES:
        return Trouble.GONE
    if state in _REPEAT or state[:2] in _REPEAT_CLASSES:
        return Trouble.REPEAT
    return Trouble.OTHER


def passes(error: BaseException) -> bool:
    """Return whether the same step is worth another try, on a new connection or on this one."""
    return trouble_of(error) is not Trouble.OTHER
