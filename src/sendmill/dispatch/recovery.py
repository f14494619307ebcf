"""After a crash: chunks of dead senders are freed, reports without a message are tried again."""

from __future__ import annotations

import structlog

from sendmill.storage.leases import Connection, dead_owners, recover
from sendmill.storage.receipts import retry_orphans

log = structlog.get_logger(__name__)


class Recovery:
    """One look a call. An owner must be seen dead in two looks: after a restart of the database every
    sender is without its lock for a moment."""

    def __init__(self) -> None:
        self._suspects: set[int] = set()

    async def look(self, conn: Connection) -> None:
        """Free what the dead hold; their open windows become Uncertain."""
        dead = await dead_owners(conn)
        sure = dead & self._suspects
        self._suspects = dead
        if not sure:
            return
        chunks, uncertain = await recover(conn, sure)
        log.warning("recovered after a crash", senders=sorted(sure), chunks=chunks, uncertain=uncertain)


async def settle_orphans(conn: Connection, carrier_ids: list[int]) -> None:
    """Try the orphans of these carriers whose time has come."""
    for carrier_id in carrier_ids:
        found = await retry_orphans(conn, carrier_id)
        if found:
            log.info("orphans found their message", carrier=carrier_id, reports=found)
