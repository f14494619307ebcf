"""A batch of messages that are submitted together, and what the batch senders of one bind share."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sendmill.carriers.message_ids import IdForm
from sendmill.carriers.protocol import Connection, OutgoingPart
from sendmill.delivery_reports.report_writer import ReportWriters
from sendmill.dispatch.compiled_task import CompiledTask, CompiledTasks, take_batch
from sendmill.dispatch.fair_queue import FairQueue
from sendmill.dispatch.pending_work import PendingWork
from sendmill.dispatch.rate_limiter import RateLimiter
from sendmill.dispatch.store_guard import StoreGuard
from sendmill.message_store.engine.chunks import Lease, Recipient
from sendmill.message_store.engine.frequency_caps import Limits
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool


@dataclass
class BindContext:
    """What the batch senders of one bind share."""

    pool: Pool
    faults: FaultLog
    owner: int
    carrier_id: int
    link: Connection
    rate_limiter: RateLimiter
    work: PendingWork
    fair_queue: FairQueue
    compiled_tasks: CompiledTasks
    report_writers: ReportWriters
    held: set[Lease]
    guard: StoreGuard
    caps: Mapping[int, Limits]
    id_form: IdForm
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


def part_keys(batch: Sequence[Recipient], parts: Sequence[Sequence[OutgoingPart]]) -> list[tuple[int, int]]:
    """Return the part key (seq, part) of each part of a flat batch; part is 0 for a message of one part."""
    return [
        (recipient.seq, part.number if part.total > 1 else 0)
        for recipient, own in zip(batch, parts, strict=True)
        for part in own
    ]


@dataclass(frozen=True)
class Batch:
    """Messages that are submitted together.

    `messages` end before the sequence number `hi`; `behind` are the messages of the chunk that come after them.
    `parts` are the parts of each message, `flat` the same in one list.
    """

    messages: list[Recipient]
    parts: list[list[OutgoingPart]]
    flat: list[OutgoingPart]
    behind: list[Recipient]
    hi: int


def make_batch(text: CompiledTask, waiting: list[Recipient], ready: int, most: int, chunk_hi: int) -> Batch:
    """Make the next batch from the first `ready` messages of `waiting`.

    As many as have at most `most` parts together.
    """
    ahead = waiting if ready == len(waiting) else waiting[:ready]
    count, parts = take_batch(text, ahead, most)
    behind = waiting[count:]
    flat = [part for own in parts for part in own]
    return Batch(waiting[:count], parts, flat, behind, behind[0].seq if behind else chunk_hi)
