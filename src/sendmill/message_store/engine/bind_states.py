"""The state of each bind in words, for the carriers page and for "why isn't it sending?"."""

from __future__ import annotations

import json

from sendmill.carriers.sentences import pieces_of
from sendmill.message_store.sender_locks import SENDER_LOCK
from sendmill.postgres.connections import Connection

# A bind that tries again and again is down since the first of its tries.
SAY = """
INSERT INTO bind_state (carrier_id, slot, owner, state, sentence, said) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (carrier_id, slot) DO UPDATE SET owner = EXCLUDED.owner, state = EXCLUDED.state,
    sentence = EXCLUDED.sentence, said = EXCLUDED.said,
    since = CASE WHEN (bind_state.state = 'bound') = (EXCLUDED.state = 'bound') THEN bind_state.since
                 ELSE now() END
"""

# What living senders say. A row outlives a sender that was killed, and comes along in a backup or a copy: it says
# "bound" there although nobody is.
HELD_STATES = f"""
SELECT * FROM bind_state WHERE owner IN (
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {SENDER_LOCK}::bigint::oid AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""

BOUND_BESIDE = (
    f"SELECT count(*) FROM ({HELD_STATES}) b WHERE carrier_id = %s AND slot <> %s AND state = 'bound'"
)

FORGET = "DELETE FROM bind_state WHERE carrier_id = %s AND slot = %s AND owner = %s"


async def say(conn: Connection, carrier_id: int, slot: int, owner: int, state: str, sentence: str) -> None:
    """Write the state of a bind in one word and one sentence, which is kept with what translates it."""
    said = json.dumps([[piece.message, piece.parameters] for piece in pieces_of(sentence)])
    await conn.execute(SAY, (carrier_id, slot, owner, state, sentence, said))


async def bound_beside(conn: Connection, carrier_id: int, slot: int) -> int:
    """Return how many other binds of this carrier are bound, at any living sender."""
    cursor = await conn.execute(BOUND_BESIDE, (carrier_id, slot))
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def forget(conn: Connection, carrier_id: int, slot: int, owner: int) -> None:
    """A bind was left; nothing happens when another owner has it."""
    await conn.execute(FORGET, (carrier_id, slot, owner))
