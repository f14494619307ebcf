"""Reports that came while batches were open and matched nothing: kept, acknowledged, and matched again soon.

The response of a message may come after its report. Such a report is an orphan as soon as it matched nothing, so that
a carrier that lets few be unacknowledged goes on; it is tried again as soon as the batches that were open when it
came are recorded. What is lost here with the process is tried again all the same, by the times in the store.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import structlog

from sendmill.carriers.message_ids import IdForm, normalise_ids
from sendmill.delivery_reports.inbox import Arrival
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.message_store.engine.orphans import AT_ONCE, retry_early
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.error_kinds import passes

APART = 0.3  # seconds between tries: batches of a fast carrier are recorded all the time

log = structlog.get_logger(__name__)


class _Early(NamedTuple):
    orphan_id: int
    arrival: Arrival


class EarlyReports:
    """The early reports of one bind. `on_tried` gets reports that were tried again, and the indexes of those found."""

    def __init__(
        self,
        pool: Pool,
        faults: FaultLog,
        carrier_id: int,
        form: IdForm,
        memory: CarrierMemory,
        on_tried: Callable[[Sequence[Arrival], set[int]], None],
    ) -> None:
        self._pool, self._faults, self._carrier_id = pool, faults, carrier_id
        self._keys_of = partial(normalise_ids, form=form, reported=True)
        self._clock = memory.clock
        self._open_batches = memory.open_batches
        self._on_tried = on_tried
        self._waiting: deque[_Early] = deque()
        self._recorded = asyncio.Event()
        self._open_batches.tell(self._closed)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, orphan_id: int, arrival: Arrival) -> None:
        """Have an orphan tried again as batches are recorded that were open when it came."""
        self._waiting.append(_Early(orphan_id, arrival))
        self._recorded.set()

    def _closed(self) -> None:
        # Also when none waits: those that are being tried at this moment did not see this batch recorded.
        self._recorded.set()

    async def run(self) -> None:
        """Try them again, until they match or no batch is open that was open when they came. Never returns."""
        while True:
            await self._recorded.wait()
            self._recorded.clear()
            # Read before they are tried: a batch that is recorded meanwhile is not among those that they saw.
            oldest = self._open_batches.oldest
            for _turn in range(-(-len(self._waiting) // AT_ONCE)):
                some = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
                self._waiting.extend(await self._try(some, oldest))
            await asyncio.sleep(APART)

    async def _try(self, some: Sequence[_Early], oldest: int) -> list[_Early]:
        """Try some; return those that may still be about a message of an open batch."""
        last = {one.orphan_id for one in some if one.arrival.ticket < oldest}
        ids = [one.orphan_id for one in some]
        try:
            async with self._pool.use() as conn:
                found = await retry_early(conn, self._carrier_id, ids, self._keys_of, self._clock, last=last)
        except Exception as error:
            # They are tried again by the times in the store.
            if not passes(error):
                self._faults.count("report", error, self._carrier_id)
            log.warning("early reports are tried again later", carrier=self._carrier_id, reports=len(ids))
            return []
        over = [one for one in some if one.orphan_id in found or one.orphan_id in last]
        matched = {index for index, one in enumerate(over) if one.orphan_id in found}
        self._on_tried([one.arrival for one in over], matched)
        return [one for one in some if one.orphan_id not in found and one.orphan_id not in last]
