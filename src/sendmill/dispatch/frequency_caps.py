"""Frequency caps: a mainland number gets no more messages in a time than the settings allow.

A message above a cap fails with the code of that cap before anything of it is sent, so it is never charged.
International tasks run no statement for this.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from sendmill.dispatch.compiled_task import CompiledTask
from sendmill.message_store.engine.chunks import Chunk, Recipient
from sendmill.message_store.engine.frequency_caps import Limits, judge
from sendmill.postgres.connections import Connection


class Gate:
    """Judges the messages of one leased chunk, batch by batch."""

    def __init__(self, chunk: Chunk, owner: int, text: CompiledTask, caps: Mapping[int, Limits]) -> None:
        self._chunk, self._owner, self._text = chunk, owner, text
        self._limits = caps.get(text.priority) if text.mainland else None
        self._judged = -1  # messages up to this seq passed, or are gone

    @property
    def judges(self) -> bool:
        """Whether the task has any cap."""
        return bool(self._limits)

    async def admit(
        self, conn: Connection, waiting: list[Recipient], most: int
    ) -> tuple[list[Recipient], int]:
        """Judge the first `most` messages of `waiting`.

        Returns the messages that still wait, and how many of them, from the first on, may be sent now; 0 when none
        is left.
        """
        if not self._limits:
            return waiting, len(waiting)
        while waiting:
            ahead = waiting[:most]
            fresh = [one for one in ahead if one.seq > self._judged]
            if fresh:
                asked = [(one.seq, one.number, self._content(one)) for one in fresh]
                refused = await judge(
                    conn, self._chunk, self._owner, self._text.priority, self._limits, asked
                )
                self._judged = fresh[-1].seq
                ahead = [one for one in ahead if one.seq not in refused]
                waiting = ahead + waiting[most:]
            if ahead:
                return waiting, len(ahead)
        return [], 0

    def _content(self, recipient: Recipient) -> int:
        """A 64-bit hash of the text."""
        digest = blake2b(digest_size=8)
        for part in self._text.parts_of(recipient):
            digest.update(part.payload)
        return int.from_bytes(digest.digest(), "big", signed=True)
