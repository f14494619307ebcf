"""What the lanes of one bind share, and the window that one of them has open."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sendmill.carriers.message_ids import IdForm
from sendmill.carriers.protocol import Connection, OutgoingPart
from sendmill.delivery_reports.report_writer import Receipts
from sendmill.dispatch.compiled_task import TaskText, Texts, take_window
from sendmill.dispatch.fair_queue import Turns
from sendmill.dispatch.pending_work import Work
from sendmill.dispatch.rate_limiter import Pace
from sendmill.dispatch.store_guard import StoreGuard
from sendmill.message_store.engine.chunks import Lease, Recipient
from sendmill.message_store.engine.frequency_caps import Limits
from sendmill.message_store.fault_log import Faults
from sendmill.postgres.connection_pool import Pool


@dataclass
class BindContext:
    """What the lanes of one bind share."""

    pool: Pool
    faults: Faults
    owner: int
    carrier_id: int
    link: Connection
    pace: Pace
    work: Work
    turns: Turns
    texts: Texts
    receipts: Receipts
    held: set[Lease]
    guard: StoreGuard
    caps: Mapping[int, Limits]
    id_form: IdForm
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


def places_of(window: Sequence[Recipient], parts: Sequence[Sequence[OutgoingPart]]) -> list[tuple[int, int]]:
    """Which message and part each part of a flat window is: (seq, part), part 0 where there is only one."""
    return [
        (recipient.seq, part.number if part.total > 1 else 0)
        for recipient, own in zip(window, parts, strict=True)
        for part in own
    ]


@dataclass(frozen=True)
class Window:
    """Messages that leave together, up to `hi`, and those that wait behind them."""

    messages: list[Recipient]
    parts: list[list[OutgoingPart]]
    flat: list[OutgoingPart]
    behind: list[Recipient]
    hi: int


def make_window(text: TaskText, waiting: list[Recipient], ready: int, most: int, chunk_hi: int) -> Window:
    """The next window: of the first `ready` of `waiting` as many as have at most `most` parts together."""
    ahead = waiting if ready == len(waiting) else waiting[:ready]
    count, parts = take_window(text, ahead, most)
    behind = waiting[count:]
    flat = [part for own in parts for part in own]
    return Window(waiting[:count], parts, flat, behind, behind[0].seq if behind else chunk_hi)
