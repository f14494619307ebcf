"""Tells a carrier's full queue (ESME_RMSGQFUL), for which the bind is slowed down, from that of single recipients.

Some carriers answer it for a subscriber who cannot be reached and has messages waiting: one such number at the head
of every batch would slow the bind down to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sendmill.message_store.engine.chunks import Recipient

FEW = 0.1  # share of the messages that may be refused without it being the carrier's own queue …
SAMPLE, SEVERAL = 20, 3  # … of so many messages, or when so many were refused
TRIES = 8  # after so many refusals of one message …
OTHERS = 20  # … while the bind took so many others, it is given up: its carrier's last word counts
LAST_TRY = 240  # … and after this many refusals also when there is nobody to compare it with
REST = 0.25  # seconds before a batch of nothing but refused messages


class FullQueues:
    """The messages of one chunk that a carrier refused with "queue full", and which are known not to be sent."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}  # accepted by the bind when it was refused first
        self._tries: dict[int, int] = {}
        self._messages = self._new = 0  # since it was judged last

    def note(self, refused: Collection[int], messages: int, accepted: int) -> bool:
        """Note messages that were refused, of so many, while the bind has accepted `accepted` in all.

        Returns True when the carrier's own queue seems full: slow down.
        """
        self._new += sum(seq not in self._tries for seq in refused)
        self._messages += messages
        for seq in refused:
            self._first.setdefault(seq, accepted)
            self._tries[seq] = self._tries.get(seq, 0) + 1
        if self._messages < SAMPLE and self._new < SEVERAL:
            return False
        full = self._new > FEW * self._messages
        self._messages = self._new = 0
        return full

    def given_up(self, accepted: int) -> set[int]:
        """Return the messages whose next refusal is final."""
        return {
            seq
            for seq, tries in self._tries.items()
            if tries >= LAST_TRY or (tries >= TRIES and accepted - self._first[seq] >= OTHERS)
        }

    def rest_before(self, batch: Sequence[Recipient]) -> float:
        """Return how many seconds to wait before a batch of these messages is submitted."""
        return REST if self._tries and all(one.seq in self._tries for one in batch) else 0.0
