"""What a carrier's binds say of themselves, and whether fail-over holds it to be out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from sendmill.message_store.engine.bind_states import HELD_STATES
from sendmill.message_store.engine.failover import OUT


class BindState(NamedTuple):
    """The state of a bind in a word and a sentence; `said` is the sentence in pieces to be translated, as JSON."""

    state: str
    sentence: str
    said: str
    since: datetime


class Out(NamedTuple):
    """Why nothing of routed tasks goes over a carrier (down or failing), and since when."""

    reason: str
    since: datetime


def held_states(carriers: Sequence[int]) -> dict[int, list[BindState]]:
    """The binds of each of these carriers by slot, as living senders last told; no entry where nobody holds it."""
    found: defaultdict[int, list[BindState]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT carrier_id, state, sentence, said, since FROM ({HELD_STATES}) b "
            "WHERE carrier_id = ANY(%s) ORDER BY slot",
            [list(carriers)],
        )
        for carrier_id, *state in cursor.fetchall():
            found[carrier_id].append(BindState(*state))
    return found


def out(carrier_id: int) -> Out | None:
    """Why a carrier is out; None when it is not, or takes nothing new because it is switched off or drained."""
    with connection.cursor() as cursor:
        cursor.execute(OUT, [carrier_id])
        row = cursor.fetchone()
    return Out(*row) if row else None
