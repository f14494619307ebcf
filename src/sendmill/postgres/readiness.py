"""Waits for a database server that is still starting, but not for one that refuses the connection."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from sendmill.postgres.errors import ServerRefusesError, ServerUnreachableError

ANSWER = 2  # seconds that one try may take
PAUSE = 0.5
# None of several hosts can be written to yet: one of them is about to be promoted.
NOT_YET = ("session is read-only", "in hot standby mode")


def wait_until_ready(dsn: str, seconds: float, say: Callable[[str], object]) -> None:
    """Wait until the server accepts a connection; ``say`` gets one sentence when that takes a while.

    Raises `ServerUnreachableError` when it does not answer, or is still starting, after ``seconds``, and
    `ServerRefusesError` at once when it runs and refuses us (a wrong password, no such database).
    """
    deadline, said = monotonic() + seconds, False
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=ANSWER).close()
        except psycopg.OperationalError as error:
            reason = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        except psycopg.Error as error:
            # An error about an invalid address quotes it with its password.
            raise ServerRefusesError("DATABASE_URL cannot be used: the address is not valid.") from error
        else:
            return
        if not _may_come(dsn, reason):
            raise ServerRefusesError(
                f"The database server refuses the connection: {reason}. Check DATABASE_URL."
            )
        if monotonic() >= deadline:
            raise ServerUnreachableError(
                f"The database does not answer: {reason}. Check DATABASE_URL and that the server runs."
            )
        if not said:
            say(f"The database does not answer yet; waiting up to {seconds:.0f} s for it. ({reason})")
            said = True
        sleep(PAUSE)


def _may_come(dsn: str, reason: str) -> bool:
    """Return whether waiting may help: nobody answers, or a server that is starting.

    The ping tells that by codes; the server's texts may be in any language.
    """
    if any(word in reason for word in NOT_YET):
        return True
    found = PGconn.ping(make_conninfo(dsn, connect_timeout=ANSWER).encode())
    return Ping(found) in (Ping.REJECT, Ping.NO_RESPONSE)
