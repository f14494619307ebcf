"""The binds of one sender: those that run, those that are stopping, and those that failed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping

from sendmill.carriers.message_ids import IdForm
from sendmill.carriers.protocol import BindConfig
from sendmill.carriers.sentences import joined, sentence
from sendmill.dispatch.bind import Bind
from sendmill.dispatch.bind_samples import BindSampler
from sendmill.dispatch.failed_binds import FailedBinds, Slot
from sendmill.message_store.engine.bind_losses import note
from sendmill.message_store.engine.bind_samples import keep
from sendmill.message_store.engine.bind_states import bound_beside, forget, say
from sendmill.message_store.fault_log import FaultLog, describe
from sendmill.message_store.sender_locks import leave_slot, take_slot
from sendmill.postgres.connections import Connection

Wanted = Mapping[Slot, BindConfig]


class OwnBinds:
    """Binds by slot (carrier, number). A slot is held by an advisory lock of the control connection.

    `make` makes a bind, not started. `look_soon` is called when a slot has become free or a failed bind is due.
    """

    def __init__(
        self, make: Callable[[Slot, BindConfig], Bind], faults: FaultLog, look_soon: Callable[[], None]
    ) -> None:
        self._make, self._faults, self._look_soon = make, faults, look_soon
        self.running: dict[Slot, Bind] = {}
        self._samplers: dict[Slot, BindSampler] = {}
        self._leaving: dict[Slot, asyncio.Task[None]] = {}
        self._failed = FailedBinds()

    @property
    def slots(self) -> list[Slot]:
        """Every slot that this sender holds."""
        return [*self.running, *self._leaving, *self._failed]

    def id_forms(self, carriers: Collection[int]) -> dict[int, IdForm]:
        """Return the id form of each of these carriers of which a bind runs."""
        return {key[0]: bind.config.id_form for key, bind in self.running.items() if key[0] in carriers}

    async def stop_all(self) -> list[Slot]:
        """Stop every bind and forget the failed ones; return the slots that were held. Raises nothing."""
        slots = self.slots
        binds = list(self.running.values())
        self.running.clear()
        given_up = [self._failed.give_up(key) for key in list(self._failed)]
        stopping = [bind.stop() for bind in binds]
        await asyncio.gather(*stopping, *self._leaving.values(), *given_up, return_exceptions=True)
        self._leaving = {}
        return slots

    async def lock_again(self, conn: Connection) -> None:
        """Take the slots on a new control connection; binds whose slot another sender took meanwhile are stopped."""
        for slot in list(self.running):
            if not await take_slot(conn, *slot):
                self._leave(slot, asyncio.create_task(self.running.pop(slot).stop()))
        for slot in list(self._failed):
            if not await take_slot(conn, *slot):
                self._leave(slot, self._failed.give_up(slot))

    async def tell(self, conn: Connection, owner: int) -> None:
        """Write the states that changed, and stop the binds that an error ended: they are started again later."""
        for key, bind in list(self.running.items()):
            if (error := bind.broken) is not None:
                await self._set_aside(conn, owner, key, error)
            elif bind.changed.is_set():
                bind.changed.clear()
                said = bind.sentence
                if bind.link.one_too_many and bind.state == "waiting":
                    said = joined(said, await self._one_too_many(conn, key))
                await say(conn, *key, owner, bind.state, said)
                while bind.losses:
                    await note(conn, *key, bind.losses[0])
                    del bind.losses[0]

    async def _one_too_many(self, conn: Connection, key: Slot) -> str:
        """Return what a refused bind is told beside living ones of its carrier, here or at other senders."""
        others = await bound_beside(conn, *key)
        if not others:
            return ""
        if any(slot[0] == key[0] and not bind.config.sends for slot, bind in self.running.items()):
            return sentence(
                "Another bind of this carrier is up: it may allow one session only. Choose the transceiver instead "
                "of a pair."
            )
        return sentence(
            "Another bind of this carrier is up: it may allow no more sessions than that. Set the number of binds to "
            "%(binds)s.",
            binds=others,
        )

    async def sample(self, conn: Connection) -> None:
        """Store a sample of each running bind."""
        for key, bind in self.running.items():
            await keep(conn, self._samplers[key].take(bind))

    async def _set_aside(self, conn: Connection, owner: int, key: Slot, error: BaseException) -> None:
        bind = self.running.pop(key)
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

    def leave_unwanted(self, wanted: Wanted, fair: int) -> None:
        """Stop binds that should not exist, or with other settings, and those that are above our fair share.

        On a dead line that takes as long as the carrier may answer; everything else goes on.
        """
        for key in [key for key in self._failed if key not in wanted]:
            self._leave(key, self._failed.give_up(key))
        leaving = [key for key, bind in self.running.items() if wanted.get(key) != bind.config]
        staying = [key for key in self.running if key not in leaving]
        for key in leaving + staying[fair:]:
            self._leave(key, asyncio.create_task(self.running.pop(key).stop()))

    def _leave(self, key: Slot, stopping: asyncio.Task[None]) -> None:
        """Give a slot away once its bind has stopped."""
        self._leaving[key] = stopping
        stopping.add_done_callback(lambda _task: self._look_soon())

    async def free_left(self, conn: Connection, owner: int) -> None:
        """Release the slots of binds that have stopped."""
        for key in [key for key, stopping in self._leaving.items() if stopping.done()]:
            await leave_slot(conn, *key)
            await forget(conn, *key, owner)
            del self._leaving[key]
            self._look_soon()

    async def take_free(self, conn: Connection, wanted: Wanted, fair: int) -> None:
        """Start the failed binds that are due, and wanted ones whose slot is free, up to our fair share."""
        for key in self._failed.due():
            self._start(key, wanted[key])
        for key in wanted:
            if key in self.running or key in self._leaving or key in self._failed:
                continue
            if len(self.running) + len(self._failed) >= fair:
                break
            if await take_slot(conn, *key):
                self._start(key, wanted[key])

    def _start(self, key: Slot, config: BindConfig) -> None:
        bind = self._make(key, config)
        self.running[key], self._samplers[key] = bind, BindSampler()
        bind.start()
