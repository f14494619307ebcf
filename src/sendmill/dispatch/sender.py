"""The sender process: takes free binds of enabled carriers and runs them; recovers what the dead left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from dataclasses import replace
from time import monotonic

import structlog
from asgiref.sync import sync_to_async
from django.db import OperationalError as DjangoOperationalError
from django.db import close_old_connections
from psycopg import OperationalError

from sendmill.carriers.base import CarrierConfig
from sendmill.catalog.carriers import to_config
from sendmill.catalog.models import Carrier
from sendmill.dispatch.bind import Bind
from sendmill.dispatch.recovery import Recovery, settle_orphans
from sendmill.storage.binds import forget, say
from sendmill.storage.connections import connect
from sendmill.storage.leases import Connection, leave_slot, live_again, register, take_slot

log = structlog.get_logger(__name__)

LOOK = 0.5  # seconds between looks at binds
CARRIERS = 2.0  # seconds between looks at the carriers' settings, at dead senders and at orphans

Slot = tuple[int, int]


def wanted_binds() -> dict[Slot, CarrierConfig]:
    """Every bind that should exist: (carrier, slot) and how to open it, with its share of the rate."""
    close_old_connections()
    wanted: dict[Slot, CarrierConfig] = {}
    for carrier in Carrier.objects.filter(enabled=True).order_by("id"):
        config = to_config(carrier)
        share = -(-config.rate // carrier.binds) if config.rate else 0
        for slot in range(carrier.binds):
            wanted[(carrier.pk, slot)] = replace(config, rate=share)
    return wanted


class Sender:
    """Runs until `stop` is called. One control connection holds the locks that say what is ours."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._stopping = asyncio.Event()
        self._control: Connection | None = None
        self._owner: int | None = None
        self._binds: dict[Slot, Bind] = {}
        self._recovery = Recovery()
        self._wanted: dict[Slot, CarrierConfig] = {}
        self._looked_at = float("-inf")

    def stop(self) -> None:
        """Ask the sender to end: open windows are finished, binds are closed."""
        self._stopping.set()

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
                except (OperationalError, DjangoOperationalError) as error:
                    log.warning("database lost", reason=type(error).__name__)
                    await self._drop_control()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), LOOK)
        finally:
            await asyncio.gather(*(bind.stop() for bind in self._binds.values()))
            with contextlib.suppress(OperationalError):
                await self._leave_all()
            await self._drop_control()

    async def _leave_all(self) -> None:
        if self._control is not None and self._owner is not None:
            for carrier_id, slot in self._binds:
                await forget(self._control, carrier_id, slot, self._owner)

    async def _drop_control(self) -> None:
        if self._control is not None:
            await self._control.close()
            self._control = None

    async def _connected(self) -> tuple[Connection, int]:
        """The control connection with our locks on it, made anew when it was lost."""
        if self._control is not None and not self._control.closed and self._owner is not None:
            return self._control, self._owner
        conn = await connect(self._dsn, "sender")
        if self._owner is None:
            self._owner = await register(conn, socket.gethostname(), os.getpid())
            log.info("sender started", sender=self._owner)
        else:
            await live_again(conn, self._owner)
            for slot in list(self._binds):
                if not await take_slot(conn, *slot):
                    await self._binds.pop(slot).stop()
        self._control = conn
        return conn, self._owner

    async def _look(self) -> None:
        conn, owner = await self._connected()
        if monotonic() - self._looked_at >= CARRIERS:
            self._looked_at = monotonic()
            self._wanted = await sync_to_async(wanted_binds)()
            await self._recovery.look(conn)
            await settle_orphans(conn, sorted({carrier_id for carrier_id, _ in self._binds}))
            await self._leave_unwanted(conn, owner)
            await self._take_free(conn, owner)
        for (carrier_id, slot), bind in self._binds.items():
            if bind.broken is not None:
                raise bind.broken
            if bind.changed.is_set():
                bind.changed.clear()
                await say(conn, carrier_id, slot, owner, bind.state, bind.sentence)

    async def _leave_unwanted(self, conn: Connection, owner: int) -> None:
        for key, bind in list(self._binds.items()):
            if self._wanted.get(key) != bind.config:
                await bind.stop()
                del self._binds[key]
                await leave_slot(conn, *key)
                await forget(conn, *key, owner)

    async def _take_free(self, conn: Connection, owner: int) -> None:
        for key, config in self._wanted.items():
            if key not in self._binds and await take_slot(conn, *key):
                bind = Bind(self._dsn, owner, *key, config)
                self._binds[key] = bind
                bind.start()


async def serve(dsn: str) -> None:
    """Run a sender until SIGTERM or SIGINT."""
    sender = Sender(dsn)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, sender.stop)
    await sender.run()
