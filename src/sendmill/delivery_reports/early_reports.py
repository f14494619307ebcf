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
        """Have an orphan tried again once no batch is open that was open when it came."""
        self._waiting.append(_Early(orphan_id, arrival))
        self._closed()

    def _closed(self) -> None:
        # They wait in nearly the order of their tickets.
        if self._waiting and self._waiting[0].arrival.ticket < self._open_batches.oldest:
            self._recorded.set()

    async def run(self) -> None:
        """Try them again, each when its time has come. Never returns."""
        while True:
            await self._recorded.wait()
            self._recorded.clear()
            while ready := self._take():
                await self._try(ready)

    def _take(self) -> list[_Early]:
        ready: list[_Early] = []
        oldest = self._open_batches.oldest
        while self._waiting and len(ready) < AT_ONCE and self._waiting[0].arrival.ticket < oldest:
            ready.append(self._waiting.popleft())
        return ready

    async def _try(self, ready: Sequence[_Early]) -> None:
        ids = [one.orphan_id for one in ready]
        try:
            async with self._pool.use() as conn:
                found = await retry_early(conn, self._carrier_id, ids, self._keys_of, self._clock)
        except Exception as error:
            # They are tried again by the times in the store.
            if not passes(error):
                self._faults.count("report", error, self._carrier_id)
            log.warning("early reports are tried again later", carrier=self._carrier_id, reports=len(ids))
            return
        arrivals = [one.arrival for one in ready]
        self._on_tried(arrivals, {index for index, one in enumerate(ids) if one in found})
