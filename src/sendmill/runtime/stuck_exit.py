"""Ends a process that was told to stop while its database is down or hanging.

A process that is told to stop finishes its work in progress, and needs the database for that. Without one it would
wait for ever. So it checks whether the database answers, and ends without it after a few seconds. Its work in
progress is then as after a kill, and is recovered in the same way: no promise rests on an orderly stop.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from time import monotonic, sleep

import psycopg
import structlog
from psycopg.pq import PGconn, Ping

SILENT = 2.0  # seconds that the database may be away before we end without it
ANSWER = 2  # seconds that it may take to accept a connection, after which it counts as away
AT_ONCE = 1.0  # seconds within which a server that runs refuses
PAUSE = 0.5
LEFT = 1  # exit status

log = structlog.get_logger(__name__)


def answers(dsn: str) -> bool:
    """Return whether the database answers within two seconds.

    One that refuses the connection, because it has too many, does answer.
    """
    began = monotonic()
    try:
        psycopg.connect(dsn, connect_timeout=ANSWER).close()
    except psycopg.OperationalError:
        # The ping blocks all threads, so a server that hangs is not pinged.
        return monotonic() - began < AT_ONCE and PGconn.ping(dsn.encode()) == Ping.OK
    return True


def end_without_database(dsn: str, leave: Callable[[int], object] = os._exit) -> None:
    """End this process with status 1 once the database has been away for two seconds, from now on.

    Call it when the process is told to stop; it returns at once.
    """
    threading.Thread(target=_watch, args=(dsn, leave), name="departure", daemon=True).start()


def _watch(dsn: str, leave: Callable[[int], object]) -> None:
    since: float | None = None
    while True:
        began = monotonic()
        if answers(dsn):
            since = None
        else:
            since = began if since is None else since
            if monotonic() - since >= SILENT:
                log.warning("stopped without the database: what was under way is recovered at the next start")
                leave(LEFT)
                return
        sleep(PAUSE)
