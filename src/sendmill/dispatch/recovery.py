"""Recovery after a crash: leases of dead senders are ended, and orphans are matched again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from time import monotonic

import structlog

from sendmill.carriers.message_ids import IdForm, normalise_ids
from sendmill.carriers.submit_dates import SubmitClock
from sendmill.message_store.engine.chunks import Lease, abandoned, recover
from sendmill.message_store.engine.orphans import AT_ONCE, give_up_first, retry_orphans
from sendmill.message_store.fault_log import FaultLog
from sendmill.message_store.marks.written import remove_unneeded, written_messages
from sendmill.postgres.connections import Connection
from sendmill.postgres.error_kinds import Trouble, passes, trouble_of

log = structlog.get_logger(__name__)


class Recovery:
    """Ends leases that were abandoned.

    A lease must be seen abandoned in two looks, at least `apart` seconds from each other: after a restart of the
    database every sender is without its lock for a moment, and the answer to a claim may be on its way.
    """

    def __init__(
        self,
        faults: FaultLog,
        apart: float = 0.0,
        now: Callable[[], float] = monotonic,
        folders: Callable[[], Collection[Path]] = tuple,
    ) -> None:
        """`folders` are those with the files of what killed senders have written."""
        self._folders = folders
        self._faults = faults
        self._apart = apart
        self._now = now
        self._suspects: dict[Lease, float] = {}

    async def look(self, conn: Connection, owner: int, held: Collection[Lease]) -> None:
        """Release the chunks that nobody works on; what may have left of their open batches becomes Uncertain.

        `held` are the leases that this sender, `owner`, works on. A lease that cannot be ended does not keep the
        others from it.
        """
        found = await abandoned(conn, owner, held)
        now, before = self._now(), self._suspects
        self._suspects = {lease: before.get(lease, now) for lease in found}
        sure = {lease for lease, at in before.items() if lease in found and now - at >= self._apart} - set(
            held
        )
        if not sure:
            return
        try:
            await self._recover(conn, sure)
        except Exception as error:
            if passes(error) or len(sure) == 1:
                raise
            for lease in sorted(sure):
                try:
                    await self._recover(conn, {lease})
                except Exception as single:
                    if passes(single):
                        raise
                    self._faults.count("sender", single, task=lease.task_id)

    async def _recover(self, conn: Connection, leases: Collection[Lease]) -> None:
        folders = self._folders()
        written = await written_messages(conn, folders, leases)
        chunks, uncertain = await recover(conn, leases, {Lease(*one): seqs for one, seqs in written.items()})
        await remove_unneeded(conn, folders)
        log.warning("recovered abandoned chunks", chunks=chunks, uncertain=uncertain)


async def settle_orphans(
    conn: Connection, carriers: Mapping[int, IdForm], clocks: Mapping[int, SubmitClock], faults: FaultLog
) -> None:
    """Match the orphans of these carriers that are due; one that the database refuses is kept as unreadable.

    `clocks` are the clocks of their submit dates, by carrier.
    """
    for carrier_id, form in carriers.items():
        try:
            found = await _settle_orphans(conn, carrier_id, form, clocks.get(carrier_id), faults)
        except Exception as error:
            if trouble_of(error) is Trouble.GONE:
                raise
            if not passes(error):
                faults.count("report", error, carrier_id)
            log.warning("orphans are tried again", carrier=carrier_id)
            continue
        if found:
            log.info("orphans found their message", carrier=carrier_id, reports=found)


async def _settle_orphans(
    conn: Connection, carrier_id: int, form: IdForm, clock: SubmitClock | None, faults: FaultLog
) -> int:
    """Match what is due in one statement; when that raises, halve it until the orphan that raises is found."""
    keys_of = partial(normalise_ids, form=form, reported=True)
    most, found = AT_ONCE, 0
    while True:
        try:
            tried = await retry_orphans(conn, carrier_id, keys_of, clock, most)
        except Exception as error:
            if passes(error):
                raise
            if most > 1:
                most = max(1, most // 8)
                continue
            if not await give_up_first(conn, carrier_id):
                raise
            faults.count("report", error, carrier_id)
            most = AT_ONCE
            continue
        found += tried.found
        if most == AT_ONCE or not tried.tried:
            return found
