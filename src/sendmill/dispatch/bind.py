"""One bind of a carrier: its connection, two batch senders and two report writers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic

import structlog

from sendmill.carriers.protocol import BindConfig, Connect, Loss
from sendmill.carriers.report_words import report_words
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.delivery_reports.report_writer import ReportWriters
from sendmill.delivery_reports.status_queries import StatusQueries
from sendmill.dispatch.batch_sender import BatchSender
from sendmill.dispatch.bind_context import BindContext
from sendmill.dispatch.breakers import CarrierBreakers
from sendmill.dispatch.compiled_task import CompiledTasks
from sendmill.dispatch.fair_queue import FairQueue
from sendmill.dispatch.rate_limiter import RateLimiter
from sendmill.dispatch.sendable_tasks import SendableTasks
from sendmill.dispatch.store_guard import StoreGuard
from sendmill.message_store.engine.chunks import Lease
from sendmill.message_store.engine.frequency_caps import Limits
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool

log = structlog.get_logger(__name__)

LANES = 2
WRITERS = 2
LAST_REPORTS = 5.0  # seconds that a stopping bind waits for reports it has read to be settled


class Bind:
    """Runs one bind until it is stopped. The rate in `config` is this bind's share of its carrier's rate.

    `held` has the leases that batch senders of this process work on. `memory` and `breakers` are shared with the other
    binds of the carrier. `guard` says whether anything may be submitted. `news` is set when the bind's state changes
    or a task of it ends.
    """

    def __init__(
        self,
        connect: Connect,
        pool: Pool,
        faults: FaultLog,
        work: SendableTasks,
        owner: int,
        carrier_id: int,
        slot: int,
        config: BindConfig,
        held: set[Lease],
        memory: CarrierMemory,
        guard: StoreGuard,
        caps: Mapping[int, Limits],
        breakers: CarrierBreakers,
        news: asyncio.Event,
    ) -> None:
        breakers.statuses = config.statuses
        self.carrier_id, self.slot, self.config = carrier_id, slot, config
        self.state, self.sentence = "connecting", ""
        self.changed = asyncio.Event()
        self.losses: list[Loss] = []
        self._news = news
        words = report_words(config.report_words, config.report_errors)
        self.report_writers = ReportWriters(
            pool,
            faults,
            carrier_id,
            config.id_form,
            memory,
            WRITERS,
            words,
            plain_reports=config.plain_reports,
        )
        self.report_writers.statuses = config.statuses
        self.link = connect(
            config,
            on_reports=self.report_writers.inbox.arrived,
            on_late=self.report_writers.came_late,
            on_state=self._on_state,
            on_lost=self._on_lost,
        )
        self.queries = StatusQueries(pool, faults, carrier_id, config.id_form, self.link)
        self.rate_limiter = RateLimiter(config.rate, LANES)
        fair_queue = FairQueue(carrier_id, owner, work)
        compiled_tasks = CompiledTasks(carrier_id, whole=config.whole_messages)
        self._context = BindContext(
            pool,
            faults,
            owner,
            carrier_id,
            self.link,
            self.rate_limiter,
            work,
            fair_queue,
            compiled_tasks,
            self.report_writers,
            held,
            guard,
            caps,
            config.id_form,
            breakers,
            config.accepted_is_final,
        )
        self._began = monotonic()
        self._lanes: list[asyncio.Task[None]] = []
        self._helpers: list[asyncio.Task[None]] = []

    def _on_state(self, state: str, sentence: str) -> None:
        self.state, self.sentence = state, sentence
        self.changed.set()
        self._news.set()
        if state == "bound":
            self._context.work.wake()

    def _on_lost(self, loss: Loss) -> None:
        self.losses.append(loss)
        self.changed.set()
        self._news.set()

    def start(self) -> None:
        """Begin to connect, send and take reports."""
        self._began = monotonic()
        name = f"{self.carrier_id}.{self.slot}"
        if self.config.sends:
            self._context.work.join(self.carrier_id)
            self._lanes = [
                asyncio.create_task(BatchSender(self._context, f"lane {name}.{number}").run())
                for number in range(LANES)
            ]
        self._helpers = [asyncio.create_task(self.report_writers.write(writer)) for writer in range(WRITERS)]
        self._helpers.append(asyncio.create_task(self.report_writers.mend()))
        self._helpers.append(asyncio.create_task(self.report_writers.early_reports.run()))
        if self.config.queries and self.slot == 0 and self.config.sends:
            self._helpers.append(asyncio.create_task(self.queries.run()))
        self.link.start()
        for task in (*self._lanes, *self._helpers, *self.link.running):
            task.add_done_callback(lambda _task: self._news.set())
        self.changed.set()
        self._news.set()

    @property
    def lasted(self) -> float:
        """Seconds since it was started."""
        return monotonic() - self._began

    @property
    def broken(self) -> BaseException | None:
        """Return the error that ended the connection, a batch sender or a report writer; None while all of them run."""
        if self._context.stopping.is_set():
            return None
        for task in (*self._lanes, *self._helpers, *self.link.running):
            if task.done():
                if task.cancelled():
                    return RuntimeError("a part of the bind was cancelled")
                return task.exception() or RuntimeError("a part of the bind ended")
        return None

    async def stop(self) -> None:
        """Finish open batches, settle the reports that were read, and unbind. Raises nothing."""
        self._context.stopping.set()
        self._context.work.wake()
        if self._lanes:
            self._context.work.leave(self.carrier_id)
            await asyncio.wait(self._lanes, timeout=self.config.response_timeout + 5)
        deadline = asyncio.get_running_loop().time() + LAST_REPORTS
        while self._settling and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.05)
        try:
            await self.link.stop()
        except Exception:
            log.exception("a link did not end well", carrier=self.carrier_id, bind=self.slot)
        for task in (*self._lanes, *self._helpers):
            task.cancel()
        await asyncio.gather(*self._lanes, *self._helpers, return_exceptions=True)

    @property
    def _settling(self) -> bool:
        """Whether reports are still to be settled and a writer is there to do it."""
        return bool(self.report_writers.waiting) and not any(task.done() for task in self._helpers)
