"""The sender: holds binds of enabled carriers, and recovers what dead senders left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping
from time import monotonic
from uuid import UUID

import structlog
from psycopg import Error

from sendmill.carriers.message_ids import IdForm
from sendmill.carriers.protocol import BindConfig, Connect
from sendmill.carriers.sentences import sentence
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.dispatch.bind import Bind
from sendmill.dispatch.bind_samples import BindSampler
from sendmill.dispatch.configuration import SenderConfig
from sendmill.dispatch.failed_binds import FailedBinds, Slot
from sendmill.dispatch.failover import Failover
from sendmill.dispatch.metrics import SenderMetrics
from sendmill.dispatch.notifications import CARRIER, PENDING, Listener
from sendmill.dispatch.pending_work import PendingWork
from sendmill.dispatch.recovery import Recovery, settle_orphans
from sendmill.dispatch.store_guard import StoreGuard
from sendmill.message_store.engine.bind_samples import keep
from sendmill.message_store.engine.bind_states import forget, say
from sendmill.message_store.engine.chunks import Lease
from sendmill.message_store.engine.pending_work import pulse
from sendmill.message_store.fault_log import FaultLog, describe
from sendmill.message_store.stamps.queries import ENDED
from sendmill.message_store.stamps.surroundings import Surroundings
from sendmill.postgres.connection_budget import budget
from sendmill.postgres.connection_pool import LEAST, Pool
from sendmill.postgres.connections import Connection, connect
from sendmill.postgres.error_kinds import Trouble, passes, trouble_of
from sendmill.postgres.locks import knows, leave_slot, live_again, register, take_slot
from sendmill.postgres.outages import database

log = structlog.get_logger(__name__)

LOOK = 2.0  # seconds between looks at binds of which no news came
AGAIN = 0.5  # … and between tries to reach the database: without our locks others take us for dead
CONTROL = "control"  # what this part is called where a lost database is said
SAMPLE = 5.0  # seconds that a sample of a bind is about
SILENT = 10.0  # seconds without an answer of the database after which the sender is not ready
CARRIERS = 2.0  # seconds between looks at dead senders and at orphans
WANTED = 30.0  # seconds between looks at the carriers' settings while nothing is told of them


Wanted = Mapping[Slot, BindConfig]


class Sender:
    """Runs until `stop` is called. One control connection holds the advisory locks that say which slots are ours.

    `look_up` returns which binds should exist, and may raise psycopg's errors; living senders share the binds
    evenly. `connect` opens one. `around` is where the process runs.
    """

    def __init__(
        self,
        dsn: str,
        look_up: Callable[[], Awaitable[Wanted]],
        connect: Connect,
        around: Surroundings,
        config: SenderConfig,
    ) -> None:
        self._dsn, self._config, self._connect = dsn, config, connect
        self.guard = StoreGuard(around)
        self._look_up = look_up
        self._stopping = asyncio.Event()
        self._control: Connection | None = None
        self._locked = False  # whether the control connection holds our locks
        self._owner: int | None = None
        self._binds: dict[Slot, Bind] = {}
        self._samplers: dict[Slot, BindSampler] = {}
        self._leaving: dict[Slot, asyncio.Task[None]] = {}
        self._failed = FailedBinds()
        self._pool = Pool(dsn, "sending", LEAST)
        self._faults = FaultLog(self._pool)
        self._recovery = Recovery(self._faults, 0.9 * CARRIERS)
        self._failover = Failover(config.failover_seconds, config.failover_messages)
        self._held: set[Lease] = set()
        self._memories: dict[int, CarrierMemory] = {}
        self._wanted: Wanted = {}
        self._work = PendingWork(self._pool)
        self._listener = Listener(dsn, self._hear, self._heard)
        self._helpers: dict[str, asyncio.Task[None]] = {}
        self._news = asyncio.Event()
        self._seen: tuple[bool, UUID | None] = (False, None)  # whether batches could be opened, and the hold
        self._looked_at = float("-inf")
        self._wanted_at = float("-inf")
        self._sampled_at = monotonic()
        self._saw_at = monotonic()

    @property
    def metrics(self) -> SenderMetrics:
        """What to tell of the binds that are held."""
        return SenderMetrics(self._binds, self._faults, self._pool, self._looked_ago)

    def unwell(self) -> str | None:
        """Return why the whole sender waits: the database does not answer. None while it does."""
        seconds = self._looked_ago()
        return f"The database has not answered for {seconds:.0f} seconds." if seconds > SILENT else None

    def _looked_ago(self) -> float:
        """Seconds since the last look at the database that worked."""
        return monotonic() - self._saw_at

    def stop(self) -> None:
        """Ask the sender to end: open batches are finished, binds are closed."""
        self._stopping.set()
        self._news.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._stopping.is_set()

    def _hear(self, topic: str) -> None:
        """Act on a notification: look up the binds, or query what there is to send."""
        if topic == CARRIER:
            self._looked_at = self._wanted_at = float("-inf")
            self._news.set()
        if topic != PENDING:
            self._work.tell()

    def _heard(self, listening: bool) -> None:
        self._work.listening = listening
        if not listening:
            self._news.set()  # the control connection may have ended with the same restart

    def _help(self) -> None:
        """Keep the query loop and the listener running; one that broke is started again with the next look."""
        for name, run in (("work", self._work.run), ("listening", self._listener.run)):
            helper = self._helpers.get(name)
            if helper is not None and not helper.done():
                continue
            if helper is not None and not helper.cancelled() and (error := helper.exception()) is not None:
                self._faults.count("sender", error)
            self._helpers[name] = asyncio.create_task(run())

    @property
    def binds(self) -> list[Bind]:
        """The binds that this process holds."""
        return list(self._binds.values())

    async def run(self) -> None:
        """Hold binds until stopped. No error in a look ends it."""
        try:
            while not self._stopping.is_set():
                self._news.clear()
                self._help()
                await self._try(self._look)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), LOOK if self._locked else min(LOOK, AGAIN))
        finally:
            ending = [self._failed.give_up(key) for key in list(self._failed)]
            await asyncio.gather(
                *(bind.stop() for bind in self._binds.values()),
                *self._leaving.values(),
                *ending,
                return_exceptions=True,
            )
            for helper in self._helpers.values():
                helper.cancel()
            await asyncio.gather(*self._helpers.values(), return_exceptions=True)
            with contextlib.suppress(Error):
                await self._leave_all()
            await self._drop_control()
            database.forget(CONTROL)
            await self._pool.close()
            self.guard.end()

    async def _try(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do something on the control connection.

        Only the end of that connection gives it up, and with it the locks by which we hold binds; any other error
        leaves them alone.
        """
        try:
            await step()
            database.back(CONTROL)
        except Exception as error:
            trouble = trouble_of(error)
            if trouble is Trouble.GONE or (self._control is not None and self._control.closed):
                database.lost(CONTROL, error)
                await self._drop_control()
            elif trouble is Trouble.REPEAT:
                database.lost(CONTROL, error)
            else:
                self._faults.count("sender", error)

    async def _leave_all(self) -> None:
        if self._control is not None and self._owner is not None:
            for carrier_id, slot in (*self._binds, *self._leaving, *self._failed):
                await forget(self._control, carrier_id, slot, self._owner)
            await self._control.execute(ENDED, ([self._owner],))

    async def _drop_control(self) -> None:
        self._locked = False
        self.guard.leave()
        if self._control is not None:
            await self._control.close()
            self._control = None

    async def _connected(self) -> tuple[Connection, int]:
        """Return the control connection with our locks on it, opened again if it was lost."""
        alive = self._locked and self._control is not None and not self._control.closed
        if alive and self._control is not None and self._owner is not None:
            return self._control, self._owner
        await self._drop_control()
        conn = self._control = await connect(self._dsn, "sender")
        if self._owner is not None and not await knows(conn, self._owner, self.guard.notes.run):
            await self._leave_unknown()
        if self._owner is None:
            self._owner = await register(conn, socket.gethostname(), os.getpid(), self.guard.notes.run)
            log.info("sender started", sender=self._owner)
        else:
            await live_again(conn, self._owner)
            for slot in list(self._binds):
                if not await take_slot(conn, *slot):
                    self._leave(slot, asyncio.create_task(self._binds.pop(slot).stop()))
            for slot in list(self._failed):
                if not await take_slot(conn, *slot):
                    self._leave(slot, self._failed.give_up(slot))
        self._locked = True
        await self.guard.look(conn, self._owner, fresh=True)
        return conn, self._owner

    async def _leave_unknown(self) -> None:
        """Begin anew: this store is older than our registration in it, and may give our id to another sender."""
        log.warning("the store does not know this sender", sender=self._owner)
        self._owner = None
        await self._leave_binds()

    async def _leave_binds(self) -> list[Slot]:
        """Stop every bind and forget the failed ones; return the slots that were held."""
        keys = [*self._binds, *self._leaving, *self._failed]
        binds, self._binds = list(self._binds.values()), {}
        given_up = [self._failed.give_up(key) for key in list(self._failed)]
        stopping = [bind.stop() for bind in binds]
        await asyncio.gather(*stopping, *self._leaving.values(), *given_up, return_exceptions=True)
        self._leaving = {}
        return keys

    async def _leave_home(self, conn: Connection, owner: int) -> None:
        """Close every bind while this store may be a copy: reports for the original would come here."""
        for key in await self._leave_binds():
            await leave_slot(conn, *key)
            await forget(conn, *key, owner)
        self._saw_at = monotonic()

    async def _look(self) -> None:
        conn, owner = await self._connected()
        await self.guard.look(conn, owner, fresh=False)
        if not self.guard.at_home:
            await self._leave_home(conn, owner)
            return
        state = self.guard.open, self.guard.hold.id if self.guard.hold else None
        if self.guard.open and state != self._seen:
            self._work.tell()  # what was held may go on
        self._seen = state
        if monotonic() - self._looked_at >= CARRIERS:
            self._looked_at = monotonic()
            if monotonic() - self._wanted_at >= (WANTED if self._work.listening else CARRIERS):
                await self._see_wanted()
            now = await pulse(conn)
            steps: list[Callable[[], Awaitable[None]]] = []
            if now.leased:
                steps.append(lambda: self._recovery.look(conn, owner, self._held))
            if now.failover:
                steps.append(lambda: self._failover.look(conn))
            if now.orphans:
                steps.append(lambda: self._settle_orphans(conn, now.orphans))
            await self._each(*steps)
            if now.leased:
                self._work.tell()  # chunks may have been freed, or moved to one of our carriers
            self._pool.limit = budget(now.connections, now.senders, self._config.connections)
            await self._pool.trim()
            fair = -(-len(self._wanted) // now.senders)
            self._leave_unwanted(fair)
            await self._take_free(conn, owner, fair)
        await self._free_left(conn, owner)
        for key, bind in list(self._binds.items()):
            if (error := bind.broken) is not None:
                await self._set_aside(conn, owner, key, error)
            elif bind.changed.is_set():
                bind.changed.clear()
                await say(conn, *key, owner, bind.state, bind.sentence)
        if monotonic() - self._sampled_at >= SAMPLE:
            self._sampled_at = monotonic()
            await self._each(lambda: self._sample(conn))
        self._saw_at = monotonic()

    async def _each(self, *steps: Callable[[], Awaitable[None]]) -> None:
        """Do these steps of a look; an error in one does not keep the others from being done.

        Raises errors that mean that the connection is gone.
        """
        for step in steps:
            try:
                await step()
            except Exception as error:
                trouble = trouble_of(error)
                if trouble is Trouble.GONE:
                    raise
                if trouble is Trouble.REPEAT:
                    database.lost(CONTROL, error)
                else:
                    self._faults.count("sender", error)

    async def _see_wanted(self) -> None:
        """Look up which binds should exist. After an error, which came on another connection than ours, nothing
        changes."""
        self._wanted_at = monotonic()
        try:
            self._wanted = await self._look_up()
        except Exception as error:
            if passes(error):
                log.warning("carriers are looked at again", reason=type(error).__name__)
            else:
                self._faults.count("sender", error)
            self._wanted_at = float("-inf")

    async def _settle_orphans(self, conn: Connection, carriers: Collection[int]) -> None:
        clocks = {key: one.clock for key, one in self._memories.items()}
        await settle_orphans(conn, self._id_forms(carriers), clocks, self._faults)

    def _id_forms(self, carriers: Collection[int]) -> dict[int, IdForm]:
        """Return the id form of each of these carriers of which we hold a bind."""
        return {key[0]: bind.config.id_form for key, bind in self._binds.items() if key[0] in carriers}

    async def _sample(self, conn: Connection) -> None:
        for key, bind in self._binds.items():
            await keep(conn, self._samplers[key].take(bind))

    async def _set_aside(self, conn: Connection, owner: int, key: Slot, error: BaseException) -> None:
        """Stop a bind that an error ended, and start it again after a while."""
        bind = self._binds.pop(key)
        wait = self._failed.put(key, asyncio.create_task(bind.stop()), bind.lasted)
        asyncio.get_running_loop().call_later(wait + 0.01, self._look_soon)
        await self._faults.of_bind(error, *key)
        said = sentence(
            "An unforeseen error ended it (%(error)s); the log of the sender says more. Trying again in %(seconds)s "
            "seconds.",
            error=describe(error),
            seconds=round(wait),
        )
        await say(conn, *key, owner, "waiting", said)

    def _leave_unwanted(self, fair: int) -> None:
        """Stop binds that should not exist, or with other settings, and those that are above our fair share.

        On a dead line that takes as long as the carrier may answer; everything else goes on.
        """
        for key in [key for key in self._failed if key not in self._wanted]:
            self._leave(key, self._failed.give_up(key))
        leaving = [key for key, bind in self._binds.items() if self._wanted.get(key) != bind.config]
        staying = [key for key in self._binds if key not in leaving]
        for key in leaving + staying[fair:]:
            self._leave(key, asyncio.create_task(self._binds.pop(key).stop()))

    def _leave(self, key: Slot, stopping: asyncio.Task[None]) -> None:
        """Give a slot away once its bind has stopped."""
        self._leaving[key] = stopping
        stopping.add_done_callback(lambda _task: self._look_soon())

    def _look_soon(self) -> None:
        """Look at once: a slot is free, or a failed bind may be started."""
        self._looked_at = float("-inf")
        self._news.set()

    async def _free_left(self, conn: Connection, owner: int) -> None:
        """Release the slots of binds that have stopped."""
        for key in [key for key, stopping in self._leaving.items() if stopping.done()]:
            await leave_slot(conn, *key)
            await forget(conn, *key, owner)
            del self._leaving[key]
            self._look_soon()

    async def _take_free(self, conn: Connection, owner: int, fair: int) -> None:
        for key in self._failed.due():
            self._start(key, owner)
        for key in self._wanted:
            if key in self._binds or key in self._leaving or key in self._failed:
                continue
            if len(self._binds) + len(self._failed) >= fair:
                break
            if await take_slot(conn, *key):
                self._start(key, owner)

    def _start(self, key: Slot, owner: int) -> None:
        memory = self._memories.setdefault(key[0], CarrierMemory())
        bind = Bind(
            self._connect,
            self._pool,
            self._faults,
            self._work,
            owner,
            *key,
            self._wanted[key],
            self._held,
            memory,
            self.guard,
            self._config.frequency_caps,
            self._news,
        )
        self._binds[key], self._samplers[key] = bind, BindSampler()
        bind.start()
