"""The fair queue: decides which task sends next. The most urgent first, then fair between accounts and tasks."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from sendmill.dispatch.sendable_tasks import SendableTasks
from sendmill.message_store.engine.chunks import Chunk, claim
from sendmill.message_store.engine.sendable_tasks import LiveTask
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.error_kinds import passes

ASIDE = 60.0  # seconds that a task which cannot be sent is left alone


class ClaimError(Exception):
    """A chunk of this task cannot be claimed, for a reason that the next try would meet again."""

    def __init__(self, task_id: int) -> None:
        super().__init__(f"task {task_id}")
        self.task_id = task_id


class FairQueue:
    """Chooses the task from which the batch senders of one bind claim a chunk.

    The most urgent priority goes first; within it accounts alternate, and within an account its tasks.
    """

    def __init__(self, carrier_id: int, owner: int, work: SendableTasks) -> None:
        self._carrier_id = carrier_id
        self._work = work
        self._owner = owner
        self._live: list[LiveTask] = []
        self._seen = 0
        self._aside: dict[int, float] = {}
        self._served: dict[int, int] = {}
        self._account_served: dict[int, int] = {}
        self._count = 0
        self.resting = False  # the carrier is being drained: nothing is begun, not even another batch

    async def next_chunk(self, pool: Pool) -> Chunk | None:
        """Lease a chunk of the task that sends next; None when there is nothing to send.

        Raises ClaimError when that fails for a reason that the next try would meet again.
        """
        await self.look()
        for task in self.order(self._live):
            chunk = await self._claim(pool, task.id)
            if chunk is not None:
                self._count += 1
                self._served[task.id] = self._account_served[task.account_id] = self._count
                return chunk
            self._live = [other for other in self._live if other.id != task.id]
        return None

    async def _claim(self, pool: Pool, task_id: int) -> Chunk | None:
        try:
            async with pool.use() as conn:
                return await claim(conn, self._owner, task_id, self._carrier_id)
        except Exception as error:
            if passes(error):
                raise
            raise ClaimError(task_id) from error

    async def look(self) -> None:
        """Read which tasks have something to send, at most every quarter of a second."""
        await self._work.look()
        if self._seen == self._work.seen:
            return
        self._seen, now = self._work.seen, monotonic()
        self.resting = self._work.rests(self._carrier_id)
        self._aside = {key: until for key, until in self._aside.items() if until > now}
        self._live = [task for task in self._work.tasks(self._carrier_id) if task.id not in self._aside]
        ids = {task.id for task in self._live}
        self._served = {key: value for key, value in self._served.items() if key in ids}

    def set_aside(self, task_id: int, seconds: float | None = None) -> None:
        """Skip a task for some seconds, ASIDE unless told: it cannot be sent, and must not hold up others."""
        self._aside[task_id] = monotonic() + (ASIDE if seconds is None else seconds)
        self._live = [task for task in self._live if task.id != task_id]

    def more_urgent(self, priority: int) -> bool:
        """Return whether a task of a more urgent priority than this one waits."""
        return any(task.priority < priority for task in self._live)

    def order(self, tasks: Iterable[LiveTask]) -> list[LiveTask]:
        """Return the tasks in the order in which they send."""
        return sorted(
            tasks,
            key=lambda task: (
                task.priority,
                self._account_served.get(task.account_id, 0),
                self._served.get(task.id, 0),
                task.id,
            ),
        )
