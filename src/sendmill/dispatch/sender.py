"""The sender process: takes free binds of enabled carriers and runs them; recovers what the dead left."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
from collections.abc import Callable
from time import monotonic

import structlog
from asgiref.sync import sync_to_async
from django.db import OperationalError as DjangoOperationalError
from django.db import close_old_connections
from psycopg import Error

from sendmill.carriers.base import CarrierConfig
from sendmill.catalog.binds import configs_of
from sendmill.catalog.models import Carrier
from sendmill.dispatch.bind import Bind
from sendmill.dispatch.failover import Failover
from sendmill.dispatch.meters import SenderMetrics
from sendmill.dispatch.outgoing import Outgoing
from sendmill.dispatch.recovery import Recovery, settle_orphans
from sendmill.dispatch.store_guard import StoreGuard
from sendmill.settings import ENV
from sendmill.storage.binds import forget, say
from sendmill.storage.connections import DATABASE_LOST, Connection, connect
from sendmill.storage.departure import end_without_database
from sendmill.storage.leases import Lease
from sendmill.storage.outages import database
from sendmill.storage.partitions import ensure_partitions
from sendmill.storage.samples import keep
from sendmill.storage.senders import knows, leave_slot, live_again, living_senders, register, take_slot
from sendmill.storage.stamps.examination import Surroundings
from sendmill.storage.stamps.queries import ENDED
from sendmill.watchpoints import Watchpoint

log = structlog.get_logger(__name__)

LOOK = 0.5  # seconds between looks at binds
SAMPLE = 5.0  # seconds that a sample of a bind is about
SILENT = 10.0  # seconds without an answer of the database after which the sender is not ready
CARRIERS = 2.0  # seconds between looks at the carriers' settings, at dead senders and at orphans

Slot = tuple[int, int]
Wanted = dict[Slot, CarrierConfig]


def wanted_binds() -> Wanted:
    """Every bind that should exist: (carrier, slot) and how to open it.

    Makes sure of tomorrow's partitions too: a sender that ran out of them could not record what it sent.
    """
    close_old_connections()
    ensure_partitions()
    return {
        (carrier.pk, slot): config
        for carrier in Carrier.objects.filter(enabled=True).order_by("id")
        for slot, config in enumerate(configs_of(carrier))
    }


class Sender:
    """Runs until `stop` is called. One control connection holds the locks that say what is ours.

    `look_up` tells which binds should exist; senders that live at a time share them evenly. `around` is where the
    process is, by default what the settings say.
    """

    def __init__(
        self, dsn: str, look_up: Callable[[], Wanted] = wanted_binds, around: Surroundings | None = None
    ) -> None:
        self._dsn = dsn
        self.guard = StoreGuard(around or ENV.around)
        self._look_up = look_up
        self._stopping = asyncio.Event()
        self._control: Connection | None = None
        self._owner: int | None = None
        self._binds: dict[Slot, Bind] = {}
        self._leaving: dict[Slot, asyncio.Task[None]] = {}
        self._recovery = Recovery()
        self._failover = Failover()
        self._held: set[Lease] = set()
        self._outgoing: dict[int, Outgoing] = {}
        self._wanted: Wanted = {}
        self._looked_at = float("-inf")
        self._sampled_at = monotonic()
        self._saw_at = monotonic()

    @property
    def metrics(self) -> SenderMetrics:
        """What to tell of the binds that are held."""
        return SenderMetrics(self._binds, self._looked_ago)

    def unwell(self) -> str | None:
        """Why the sender waits as a whole: the database; None while it answers."""
        seconds = self._looked_ago()
        return f"The database has not answered for {seconds:.0f} seconds." if seconds > SILENT else None

    def _looked_ago(self) -> float:
        """Seconds since the last look at the database that worked."""
        return monotonic() - self._saw_at

    def stop(self) -> None:
        """Ask the sender to end: open windows are finished, binds are closed."""
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._stopping.is_set()

    @property
    def binds(self) -> list[Bind]:
        """The binds that this process holds."""
        return list(self._binds.values())

    async def run(self) -> None:
        """Hold binds until stopped; raises when a part of this process failed for good."""
        try:
            while not self._stopping.is_set():
                try:
                    await self._look()
                    database.back("control")
                except (*DATABASE_LOST, DjangoOperationalError) as error:
                    database.lost("control", error)
                    await self._drop_control()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), LOOK)
        finally:
            await asyncio.gather(*(bind.stop() for bind in self._binds.values()), *self._leaving.values())
            with contextlib.suppress(Error):
                await self._leave_all()
            await self._drop_control()
            self.guard.end()

    async def _leave_all(self) -> None:
        if self._control is not None and self._owner is not None:
            for carrier_id, slot in (*self._binds, *self._leaving):
                await forget(self._control, carrier_id, slot, self._owner)
            await self._control.execute(ENDED, ([self._owner],))

    async def _drop_control(self) -> None:
        self.guard.leave()
        if self._control is not None:
            await self._control.close()
            self._control = None

    async def _connected(self) -> tuple[Connection, int]:
        """The control connection with our locks on it, made anew when it was lost."""
        if self._control is not None and not self._control.closed and self._owner is not None:
            return self._control, self._owner
        conn = await connect(self._dsn, "sender")
        if self._owner is not None and not await knows(conn, self._owner, self.guard.notes.run):
            await self._leave_unknown()
        if self._owner is None:
            self._owner = await register(conn, socket.gethostname(), os.getpid(), self.guard.notes.run)
            log.info("sender started", sender=self._owner)
        else:
            await live_again(conn, self._owner)
            for slot in list(self._binds):
                if not await take_slot(conn, *slot):
                    await self._binds.pop(slot).stop()
        self._control = conn
        await self.guard.look(conn, self._owner, fresh=True)
        return conn, self._owner

    async def _leave_unknown(self) -> None:
        """This store is older than our registration in it, and may give our id to another sender: begin anew."""
        log.warning("the store does not know this sender", sender=self._owner)
        self._owner = None
        await self._leave_binds()

    async def _leave_binds(self) -> None:
        binds, self._binds = list(self._binds.values()), {}
        await asyncio.gather(*(bind.stop() for bind in binds), *self._leaving.values())
        self._leaving = {}

    async def _look(self) -> None:
        conn, owner = await self._connected()
        await self.guard.look(conn, owner, fresh=False)
        if not self.guard.at_home:
            await self._leave_home(conn, owner)
            return
        if monotonic() - self._looked_at >= CARRIERS:
            self._looked_at = monotonic()
            self._wanted = await sync_to_async(self._look_up)()
            await self._recovery.look(conn, owner, self._held)
            await self._failover.look(conn)
            forms = {key[0]: bind.config.id_form for key, bind in self._binds.items()}
            await settle_orphans(conn, forms, {key: one.clock for key, one in self._outgoing.items()})
            fair = -(-len(self._wanted) // max(1, await living_senders(conn)))
            self._leave_unwanted(fair)
            await self._take_free(conn, owner, fair)
        await self._free_left(conn, owner)
        for (carrier_id, slot), bind in self._binds.items():
            if bind.broken is not None:
                raise bind.broken
            if bind.changed.is_set():
                bind.changed.clear()
                await say(conn, carrier_id, slot, owner, bind.state, bind.sentence)
        if monotonic() - self._sampled_at >= SAMPLE:
            self._sampled_at = monotonic()
            for bind in self._binds.values():
                await keep(conn, bind.receipts.measures.take(bind))
        self._saw_at = monotonic()

    async def _leave_home(self, conn: Connection, owner: int) -> None:
        """Close every bind while this may be a copy: the original's reports would come here."""
        keys = [*self._binds, *self._leaving]
        await self._leave_binds()
        for key in keys:
            await leave_slot(conn, *key)
            await forget(conn, *key, owner)
        self._saw_at = monotonic()

    def _leave_unwanted(self, fair: int) -> None:
        """Stop binds that should not exist, or not like this, and those that others wait for. On a dead line that
        takes as long as the carrier may answer, and everything else goes on."""
        leaving = [key for key, bind in self._binds.items() if self._wanted.get(key) != bind.config]
        staying = [key for key in self._binds if key not in leaving]
        for key in leaving + staying[fair:]:
            self._leaving[key] = asyncio.create_task(self._binds.pop(key).stop())

    async def _free_left(self, conn: Connection, owner: int) -> None:
        """Let others, or a bind with other settings, have the slots of binds that have stopped."""
        for key in [key for key, stopping in self._leaving.items() if stopping.done()]:
            await self._leaving.pop(key)
            await leave_slot(conn, *key)
            await forget(conn, *key, owner)

    async def _take_free(self, conn: Connection, owner: int, fair: int) -> None:
        for key, config in self._wanted.items():
            if key in self._binds or key in self._leaving or len(self._binds) >= fair:
                continue
            if await take_slot(conn, *key):
                outgoing = self._outgoing.setdefault(key[0], Outgoing())
                bind = Bind(self._dsn, owner, *key, config, self._held, outgoing, self.guard)
                self._binds[key] = bind
                bind.start()


async def serve(dsn: str, watchpoint: Watchpoint | None = None) -> None:
    """Run a sender until SIGTERM or SIGINT; health and metrics at `watchpoint`."""
    # Windows are many small tuples without cycles: looking for cycles took a fifth of the sender's time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    sender = Sender(dsn)
    loop = asyncio.get_running_loop()

    def end() -> None:
        if not sender.stopping:
            end_without_database(dsn)
        sender.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if watchpoint is None:
        await sender.run()
        return
    async with watchpoint.serve(
        {"database": sender.unwell, "store": sender.guard.unwell}, collector=sender.metrics
    ):
        await sender.run()
