"""A batch: messages that are opened and submitted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sendmill.carriers.protocol import OutgoingPart
from sendmill.dispatch.compiled_task import CompiledTask, take_batch
from sendmill.message_store.engine.chunks import Recipient


@dataclass(frozen=True)
class Batch:
    """Messages that are opened and submitted together, with the parts of each."""

    messages: list[Recipient]
    parts: list[list[OutgoingPart]]

    @property
    def size(self) -> int:
        """How many parts it has."""
        return sum(map(len, self.parts))

    @property
    def hi(self) -> int:
        """The end of its messages: all of them have a smaller seq."""
        return self.messages[-1].seq + 1


def make_batch(text: CompiledTask, waiting: Sequence[Recipient], most: int) -> Batch:
    """Make a batch of the first messages of `waiting`: as many as have at most `most` parts together, one at least.

    Raises UnsendableError.
    """
    count, parts = take_batch(text, waiting, most)
    return Batch(list(waiting[:count]), parts)


def part_keys(batch: Batch) -> list[tuple[int, int]]:
    """Return the part key (seq, part) of each part of a batch; part is 0 for a message of one part."""
    return [
        (recipient.seq, part.number if part.total > 1 else 0)
        for recipient, own in zip(batch.messages, batch.parts, strict=True)
        for part in own
    ]
