"""Ending a process that was told to stop while its database is away, down or hanging.

A process that is told to stop finishes what is under way, and for that it needs the database. Without one it would
wait for ever. So it looks whether the database answers, and ends without it after a few seconds. What was under
way is then as after a kill, and is recovered as that: the promises do not rest on an orderly stop.
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
ANSWER = 2  # seconds that it may take to accept a connection, at which it counts as away
AT_ONCE = 1.0  # who answers, refuses within this
PAUSE = 0.5
LEFT = 1  # exit status

log = structlog.get_logger(__name__)


def answers(dsn: str) -> bool:
    """Whether the database is there within two seconds; one that refuses us, having too many connections, is."""
    began = monotonic()
    try:
        psycopg.connect(dsn, connect_timeout=ANSWER).close()
    except psycopg.OperationalError:
        # The ping holds up all threads, so nobody who hangs is asked again.
        return monotonic() - began < AT_ONCE and PGconn.ping(dsn.encode()) == Ping.OK
    return True


def end_without_database(dsn: str, leave: Callable[[int], object] = os._exit) -> None:
    """From now on end this process, with status 1, once the database has been away for two seconds.

    To be called when the process is told to stop; it returns at once.
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
