"""A batch: messages that are submitted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sendmill.carriers.protocol import OutgoingPart
from sendmill.dispatch.compiled_task import CompiledTask, take_batch
from sendmill.message_store.engine.chunks import Recipient


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
