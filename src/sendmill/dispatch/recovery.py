"""After a crash: abandoned chunks go on, reports without a message are tried again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

import structlog
from psycopg.errors import DeadlockDetected

from sendmill.carriers.clock import SubmitClock
from sendmill.carriers.ids import IdForm, normalise_ids
from sendmill.storage.connections import Connection
from sendmill.storage.leases import Lease, abandoned, recover
from sendmill.storage.retries import retry_orphans

log = structlog.get_logger(__name__)


class Recovery:
    """One look a call. A lease must be seen abandoned in two looks: after a restart of the database every
    sender is without its lock for a moment, and a lane that claims has its answer on the way."""

    def __init__(self) -> None:
        self._suspects: set[Lease] = set()

    async def look(self, conn: Connection, owner: int, held: Collection[Lease]) -> None:
        """Free the chunks that nobody works on; their open windows become Uncertain.

        `held` are the leases that the lanes of this sender, `owner`, are working on.
        """
        found = await abandoned(conn, owner, held)
        sure = found & self._suspects - set(held)
        self._suspects = found
        if not sure:
            return
        chunks, uncertain = await recover(conn, sure)
        log.warning("recovered abandoned chunks", chunks=chunks, uncertain=uncertain)


async def settle_orphans(
    conn: Connection, carriers: Mapping[int, IdForm], clocks: Mapping[int, SubmitClock]
) -> None:
    """Try the orphans of these carriers whose time has come; `clocks` is what is known of their submit dates."""
    for carrier_id, form in carriers.items():
        keys_of = partial(normalise_ids, form=form, reported=True)
        try:
            found = await retry_orphans(conn, carrier_id, keys_of, clocks.get(carrier_id))
        except DeadlockDetected:
            log.warning("orphans are tried again", carrier=carrier_id)
            continue
        if found:
            log.info("orphans found their message", carrier=carrier_id, reports=found)
