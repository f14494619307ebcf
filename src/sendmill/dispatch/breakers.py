"""The breakers of the tasks of one carrier, as this process sees them: counts answers, trips, probes.

The binds of a carrier share it. The store has the truth: what has tripped there stops the senders of all processes, at
their next intent. What is counted here is lost with the process; then up to another run of refusals counts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from time import monotonic

import structlog
from psycopg import Error

from sendmill.dispatch.outcomes import Weighed
from sendmill.domain.breaker import Answers, BreakerLimits
from sendmill.domain.routing import Outcomes
from sendmill.domain.status_map import StatusMap
from sendmill.message_store.engine.breakers import end_probe, probe_accepted, take_probe, trip, usually
from sendmill.message_store.engine.chunks import Chunk
from sendmill.postgres.connection_pool import Pool
from sendmill.postgres.error_kinds import passes

log = structlog.get_logger(__name__)

TASKS = 256  # whose answers are counted at a time
USUAL = 300.0  # seconds for which the usual outcomes are taken to stay
FEW = 0.1  # share of a batch that may be refused for a fault of the carrier before the whole task rests
RESTS = (1.0, 4.0)  # seconds before the second and the third try of what the carrier asks to try again
SOON = 0.3  # seconds after which the tasks that can be sent are known anew


class CarrierBreakers:
    """Counts what one carrier answers to each task, and tells the store when a breaker trips."""

    def __init__(self, pool: Pool, carrier_id: int, limits: BreakerLimits) -> None:
        self._pool = pool
        self._carrier_id = carrier_id
        self._limits = limits
        self._answers: OrderedDict[int, Answers] = OrderedDict()
        self._committed: set[int] = set()
        self._usually = Outcomes(0, 0, 0)
        self._usual_at = float("-inf")
        self.statuses = StatusMap()

    def answers(self, task_id: int) -> Answers:
        """Return what the carrier answered to a task lately."""
        found = self._answers.pop(task_id, None) or Answers(limits=self._limits)
        found.statuses, found.usually = self.statuses, self._usually
        self._answers[task_id] = found
        if len(self._answers) > TASKS:
            self._committed.discard(self._answers.popitem(last=False)[0])
        return found

    def stopped(self, task_id: int) -> bool:
        """Return whether a breaker of a task was committed by this process and is not known to be released."""
        return task_id in self._committed

    def released(self, task_id: int) -> None:
        """Count anew: the store let a batch be opened whose intent began while the task was `stopped`."""
        self._committed.discard(task_id)
        if (found := self._answers.get(task_id)) is not None:
            found.begin_again()

    async def learn(self) -> None:
        """Read what the carrier usually refuses, for comparison, every few minutes."""
        if monotonic() - self._usual_at < USUAL:
            return
        self._usual_at = monotonic()
        try:
            async with self._pool.use() as conn:
                self._usually = await usually(conn, self._carrier_id)
        except Error as error:
            if not passes(error):
                raise

    async def tell(self, task_id: int, answers: Answers) -> bool:
        """Commit that a breaker has tripped; return whether one has. The caller then leaves the task alone.

        When the database is lost, the next batch trips it.
        """
        found = answers.trip
        if found is None or answers.probing:
            return False
        words = answers.statuses.words.get(found.status, "")
        try:
            async with self._pool.use() as conn:
                since = await trip(conn, task_id, self._carrier_id, found, words, self._limits.probe_after(0))
        except Error as error:
            if not passes(error):
                raise
            return True
        self._committed.add(task_id)
        if since is not None:
            log.warning(
                "a carrier takes nothing more of a task",
                task=task_id,
                carrier=self._carrier_id,
                cause=found.cause.value,
                status=f"0x{found.status:08X}",
                refusals=found.refusals,
            )
        return True

    async def take_probe(self, chunk: Chunk) -> Probe | None:
        """Return the probe that this lease may send; None when none is due, or another one has it."""
        async with self._pool.use() as conn:
            taken = await take_probe(conn, chunk, self._carrier_id)
        if taken is None:
            return None
        return Probe(Answers(statuses=self.statuses, limits=self._limits, probing=True), *taken)

    async def end_probe(self, chunk: Chunk, probe: Probe) -> None:
        """Commit what became of a probe: accepted releases the breaker, refused doubles the wait for the next.

        One that came to nothing (throttled, unanswered, refused for itself) is followed by another one.
        """
        failed = probe.refused
        wait = self._limits.probe_after(probe.failed_before + failed)
        try:
            async with self._pool.use() as conn:
                if probe.accepted:
                    await probe_accepted(conn, chunk, self._carrier_id)
                else:
                    await end_probe(conn, chunk, self._carrier_id, failed=failed, wait=wait)
        except Error as error:
            if not passes(error):
                raise
            return  # its lease ends by itself
        log.info(
            "a probe was sent",
            task=chunk.task_id,
            carrier=self._carrier_id,
            accepted=probe.accepted,
            next_in=None if probe.accepted else wait,
        )


class Probe:
    """One message sent to a carrier that takes nothing of a task: `status` is what it tripped by."""

    def __init__(self, answers: Answers, status: int, failed_before: int) -> None:
        self.answers = answers
        self.status, self.failed_before = status, failed_before
        self.accepted = self.refused = False

    def weigh(self, weighed: Weighed) -> None:
        """Take the outcome of the probe."""
        codes = {code for _, _, code in weighed.record.result_rows}
        self.accepted = weighed.accepted > 0
        self.refused = weighed.kept_back > 0 or f"SMPP-0x{self.status:08X}" in codes


def rest_after(weighed: Sequence[Weighed], answers: Answers) -> float:
    """Return how many seconds a task rests before it is tried again what a carrier refused for a fault of its own.

    0 where it refused only a few of these messages: they alone are tried again.
    """
    kept_back = sum(one.kept_back for one in weighed)
    messages = kept_back + sum(one.accepted + one.refused + one.unknown for one in weighed)
    if kept_back <= FEW * messages:
        return 0.0
    return RESTS[min(max(answers.most_tries(), 1), len(RESTS)) - 1]
