"""Sessions that ended after they were bound, and not by us: `queries.bind_losses` reads them."""

from __future__ import annotations

from sendmill.carriers.protocol import Loss
from sendmill.postgres.connections import Connection

NOTE = "INSERT INTO bind_loss (carrier_id, slot, cause, quiet, sentence) VALUES (%s, %s, %s, %s, %s)"


async def note(conn: Connection, carrier_id: int, slot: int, loss: Loss) -> None:
    """Write that a bind was lost now; committed when it returns."""
    await conn.execute(NOTE, (carrier_id, slot, loss.cause, round(loss.quiet, 2), str(loss.sentence)))
