"""Which tasks have something to send: one query for all binds of a process, repeated when a notification comes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from time import monotonic

from psycopg import Error

from sendmill.message_store.engine.sendable_tasks import Live, LiveTask, live_tasks
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.error_kinds import passes
from sendmill.postgres.outages import database

PART = "work"  # its name in the log
LOOK_AGAIN = 0.25  # seconds between looks while something is sent: an urgent task waits no longer
IDLE = 5.0  # … and while nothing is, for what nobody tells: hours that begin


class SendableTasks:
    """The tasks with something to send over the carriers of this process.

    Batch senders that find nothing wait for `news`.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._carriers: Counter[int] = Counter()
        self._live = Live({}, set())
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()
        self._resting: list[asyncio.Future[None]] = []
        self._told = asyncio.Event()
        self.seen = 0  # goes up with every look
        self.listening = False  # whether news are told; they are looked for more often where they are not

    def join(self, carrier_id: int) -> None:
        """Include a carrier: a bind of it sends from now on."""
        self._carriers[carrier_id] += 1
        self.tell()

    def leave(self, carrier_id: int) -> None:
        """Exclude a carrier: a bind of it sends no more."""
        self._carriers[carrier_id] -= 1
        if not self._carriers[carrier_id]:
            del self._carriers[carrier_id]

    def tasks(self, carrier_id: int) -> Sequence[LiveTask]:
        """Return the tasks with something to send over a carrier, as the last query found them."""
        return self._live.tasks.get(carrier_id, ())

    def rests(self, carrier_id: int) -> bool:
        """Return whether a carrier is being drained, so that no batch is opened over it."""
        return carrier_id in self._live.draining

    def tell(self) -> None:
        """Query at once: something may have changed."""
        self._looked_at = float("-inf")
        self._told.set()

    async def look(self) -> None:
        """Query what there is to send, at most every quarter of a second unless a notification came."""
        if monotonic() - self._looked_at < LOOK_AGAIN or self._looking.locked():
            return
        async with self._looking:
            self._looked_at = monotonic()
            async with self._pool.use() as conn:
                self._live = await live_tasks(conn, self._carriers)
            self.seen += 1
            if self._live.tasks:
                self.wake()

    async def news(self) -> None:
        """Wait until a query found something to send, or until `wake` is called."""
        waiting = asyncio.get_running_loop().create_future()
        self._resting.append(waiting)
        await waiting

    def wake(self) -> None:
        """Wake all that wait in `news`."""
        resting, self._resting = self._resting, []
        for waiting in resting:
            if not waiting.done():
                waiting.set_result(None)

    async def run(self) -> None:
        """Query again and again for those that wait in `news`: seldom, and at once after a notification.

        Never returns.
        """
        while True:
            pause = IDLE if self.listening and not self._live.tasks else LOOK_AGAIN
            try:
                async with asyncio.timeout(pause if self._carriers else None):
                    await self._told.wait()
            except TimeoutError:
                pass
            self._told.clear()
            if not self._resting or not self._carriers:
                database.forget(PART)
                continue
            try:
                await self.look()
                database.back(PART)
            except Error as error:
                if not passes(error):
                    raise
                database.lost(PART, error)
                await asyncio.sleep(LOOK_AGAIN)
