"""The sender: holds binds of enabled carriers, and recovers what dead senders left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Collection
from time import monotonic
from uuid import UUID

import structlog
from psycopg import Error

from sendmill.carriers.protocol import BindConfig, Connect
from sendmill.delivery_reports.open_batches import CarrierMemory
from sendmill.dispatch.bind import Bind
from sendmill.dispatch.breakers import CarrierBreakers
from sendmill.dispatch.configuration import SenderConfig
from sendmill.dispatch.failed_binds import Slot
from sendmill.dispatch.failover import Failover
from sendmill.dispatch.metrics import SenderMetrics
from sendmill.dispatch.notifications import CARRIER, PENDING, Listener
from sendmill.dispatch.own_binds import OwnBinds, Wanted
from sendmill.dispatch.recovery import Recovery, settle_orphans
from sendmill.dispatch.sendable_tasks import SendableTasks
from sendmill.dispatch.store_guard import StoreGuard
from sendmill.message_store.engine.bind_states import forget
from sendmill.message_store.engine.chunks import Lease
from sendmill.message_store.engine.sendable_tasks import pulse
from sendmill.message_store.fault_log import FaultLog
from sendmill.message_store.marks.queries import ENDED
from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.message_store.sender_locks import knows, leave_slot, live_again, register
from sendmill.postgres.connection_budget import budget
from sendmill.postgres.connection_pool import LEAST, Pool
from sendmill.postgres.connections import Connection, connect
from sendmill.postgres.error_kinds import Trouble, passes, trouble_of
from sendmill.postgres.outages import database

log = structlog.get_logger(__name__)

LOOK = 2.0  # seconds between looks at binds of which no news came
AGAIN = 0.5  # … and between tries to reach the database: without our locks others take us for dead
CONTROL, LOOK_UP = "control", "carriers"  # what these parts are called where a lost database is said
SAMPLE = 5.0  # seconds that a sample of a bind is about
SILENT = 10.0  # seconds without an answer of the database after which the sender is not ready
CARRIERS = 2.0  # seconds between looks at dead senders and at orphans
WANTED = 30.0  # seconds between looks at the carriers' settings while nothing is told of them


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
        self._pool = Pool(dsn, "sending", LEAST)
        self._faults = FaultLog(self._pool)
        self._binds = OwnBinds(self._make_bind, self._faults, self._look_soon)
        self._recovery = Recovery(self._faults, 0.9 * CARRIERS, folders=lambda: self.guard.folders)
        self._failover = Failover(config.failover_seconds, config.failover_messages)
        self._held: set[Lease] = set()
        self._memories: dict[int, CarrierMemory] = {}
        self._breakers: dict[int, CarrierBreakers] = {}
        self._wanted: Wanted = {}
        self._work = SendableTasks(self._pool)
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
        return SenderMetrics(self._binds.running, self._faults, self._pool, self._looked_ago)

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
        return list(self._binds.running.values())

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
            slots = await self._binds.stop_all()
            for helper in self._helpers.values():
                helper.cancel()
            await asyncio.gather(*self._helpers.values(), return_exceptions=True)
            with contextlib.suppress(Error):
                await self._leave_all(slots)
            await self._drop_control()
            database.forget(CONTROL)
            database.forget(LOOK_UP)
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

    async def _leave_all(self, slots: Collection[Slot]) -> None:
        if self._control is not None and self._owner is not None:
            for slot in slots:
                await forget(self._control, *slot, self._owner)
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
            await self._binds.lock_again(conn)
        self._locked = True
        await self.guard.look(conn, self._owner, fresh=True)
        return conn, self._owner

    async def _leave_unknown(self) -> None:
        """Begin anew: this store is older than our registration in it, and may give our id to another sender."""
        log.warning("the store does not know this sender", sender=self._owner)
        self._owner = None
        await self._binds.stop_all()

    async def _leave_home(self, conn: Connection, owner: int) -> None:
        """Close every bind while this store may be a copy: reports for the original would come here."""
        for key in await self._binds.stop_all():
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
            self._binds.leave_unwanted(self._wanted, fair)
            await self._binds.take_free(conn, self._wanted, fair)
        await self._binds.free_left(conn, owner)
        await self._binds.tell(conn, owner)
        if monotonic() - self._sampled_at >= SAMPLE:
            self._sampled_at = monotonic()
            await self._each(lambda: self._binds.sample(conn))
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
        """Look up which binds should exist.

        After an error, which came on another connection than ours, nothing changes.
        """
        self._wanted_at = monotonic()
        try:
            self._wanted = await self._look_up()
            database.back(LOOK_UP)
        except Exception as error:
            if passes(error):
                database.lost(LOOK_UP, error)
            else:
                self._faults.count("sender", error)
            self._wanted_at = float("-inf")

    async def _settle_orphans(self, conn: Connection, carriers: Collection[int]) -> None:
        clocks = {key: one.clock for key, one in self._memories.items()}
        await settle_orphans(conn, self._binds.id_forms(carriers), clocks, self._faults)

    def _look_soon(self) -> None:
        """Look at once: a slot is free, or a failed bind may be started."""
        self._looked_at = float("-inf")
        self._news.set()

    def _make_bind(self, slot: Slot, config: BindConfig) -> Bind:
        assert self._owner is not None  # noqa: S101 (binds are made in looks, which come after the registration)
        return Bind(
            self._connect,
            self._pool,
            self._faults,
            self._work,
            self._owner,
            *slot,
            config,
            self._held,
            self._memories.setdefault(slot[0], CarrierMemory()),
            self.guard,
            self._config.frequency_caps,
            self._breakers_of(slot[0]),
            self._news,
        )

    def _breakers_of(self, carrier_id: int) -> CarrierBreakers:
        found = self._breakers.get(carrier_id)
        if found is None:
            found = self._breakers[carrier_id] = CarrierBreakers(self._pool, carrier_id, self._config.breaker)
        return found
