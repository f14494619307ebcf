"""Faults: unforeseen errors, counted and told, so that each stays with the task or bind that it happened in."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from time import monotonic
from traceback import walk_tb

import structlog

from sendmill.message_store.engine.faults import note_bind, note_task
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.error_kinds import passes

log = structlog.get_logger(__name__)

TASK_WAIT = 60.0  # seconds that a task is set aside at its first fault
LOGGED_EVERY = 60.0  # seconds between two traces of one and the same fault


def describe(error: BaseException) -> str:
    """The kind of an error and the line of ours that raised it: nothing of a message is in it."""
    place = ""
    for frame, line in walk_tb(error.__traceback__):
        path = PurePath(frame.f_code.co_filename)
        if "sendmill" in path.parts:
            place = f" ({path.name}:{line})"
    return f"{type(error).__name__}{place}"


class FaultLog:
    """The faults of one sender: counts by carrier and part, for metrics, and what the store is told of them.

    The parts are "task", "bind", "report" and "sender"; the carrier is 0 where none is concerned.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.counts: Counter[tuple[int, str]] = Counter()
        self._logged: dict[tuple[int, str, str], float] = {}

    def count(self, part: str, error: BaseException, carrier_id: int = 0, **about: object) -> None:
        """Count a fault and log it with its trace; one that comes again and again once a minute."""
        self.counts[carrier_id, part] += 1
        key, now = (carrier_id, part, describe(error)), monotonic()
        if now - self._logged.get(key, float("-inf")) >= LOGGED_EVERY:
            self._logged = {one: at for one, at in self._logged.items() if now - at < LOGGED_EVERY} | {
                key: now
            }
            log.error("unforeseen error", part=part, carrier=carrier_id, exc_info=error, **about)

    async def of_task(self, error: BaseException, task_id: int, carrier_id: int) -> None:
        """Set a task aside over a carrier: for other senders and lanes too, and for people to see."""
        self.count("task", error, carrier_id, task=task_id)
        try:
            async with self._pool.use() as conn:
                await note_task(conn, task_id, carrier_id, describe(error), TASK_WAIT)
        except Exception as failure:
            self._not_told(failure)

    async def of_bind(self, error: BaseException, carrier_id: int, slot: int) -> None:
        """Tell that a bind was ended by an error; whoever holds it starts it again."""
        self.count("bind", error, carrier_id, bind=slot)
        try:
            async with self._pool.use() as conn:
                await note_bind(conn, carrier_id, slot, describe(error))
        except Exception as failure:
            self._not_told(failure)

    @staticmethod
    def _not_told(failure: Exception) -> None:
        """The store could not be told: what is set aside stays so in this process alone."""
        if not passes(failure):
            log.error("a fault could not be noted", exc_info=failure)
