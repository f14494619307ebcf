"""What there is to send: looked for by one statement for all binds of a process, and told to those that rest."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from time import monotonic

from psycopg import Error

from sendmill.message_store.engine.chunks import Live, LiveTask, live_tasks
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.error_kinds import passes
from sendmill.postgres.outages import database

PART = "work"  # its name in the log
LOOK_AGAIN = 0.25  # seconds between looks while something is sent: an urgent task waits no longer
IDLE = 5.0  # … and while nothing is, for what nobody tells: hours that begin


class PendingWork:
    """The tasks with something to send over the carriers of this process. Lanes that find nothing wait for `news`."""

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
        """A bind of this carrier sends from now on."""
        self._carriers[carrier_id] += 1
        self.tell()

    def leave(self, carrier_id: int) -> None:
        """A bind of this carrier sends no more."""
        self._carriers[carrier_id] -= 1
        if not self._carriers[carrier_id]:
            del self._carriers[carrier_id]

    def tasks(self, carrier_id: int) -> Sequence[LiveTask]:
        """The tasks with something to send over a carrier, as the last look found them."""
        return self._live.tasks.get(carrier_id, ())

    def rests(self, carrier_id: int) -> bool:
        """Whether nothing is begun over a carrier, not even another batch, because it is being drained."""
        return carrier_id in self._live.draining

    def tell(self) -> None:
        """Something may have changed: the next look is now."""
        self._looked_at = float("-inf")
        self._told.set()

    async def look(self) -> None:
        """See what there is to send, at most every quarter of a second unless something was told."""
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
        """Wait until a look found something to send, or `wake` was called."""
        waiting = asyncio.get_running_loop().create_future()
        self._resting.append(waiting)
        await waiting

    def wake(self) -> None:
        """Let those that rest look for themselves."""
        resting, self._resting = self._resting, []
        for waiting in resting:
            if not waiting.done():
                waiting.set_result(None)

    async def run(self) -> None:
        """Look for those that rest, for ever: seldom, and at once when told."""
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
