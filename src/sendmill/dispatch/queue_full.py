"""Full queues: a carrier's own, for which the bind is slowed, or that of single recipients, for which it is not.

ESME_RMSGQFUL says either. Some carriers answer it for a subscriber who cannot be reached and has messages waiting: one
such number at the head of every batch would slow the bind down to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sendmill.message_store.engine.chunks import Recipient

FEW = 0.1  # share of a batch that may be refused without it being the carrier's own queue
TRIES = 8  # after so many refusals of one message …
OTHERS = 20  # … while the bind took so many others, it is given up: its carrier's last word counts
LAST_TRY = 240  # … and after this many refusals also when there is nobody to compare it with
REST = 0.25  # seconds before a batch of nothing but refused messages


class FullQueues:
    """The messages of one chunk that a carrier refused with "queue full", known not to be sent."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}  # accepted by the bind when it was refused first
        self._tries: dict[int, int] = {}

    def note(self, refused: Collection[int], messages: int, accepted: int) -> bool:
        """These of a batch of so many messages were refused, while the bind has accepted so many in all.

        True when it is the carrier's own queue that is full, as far as one can tell: slow down.
        """
        new = [seq for seq in refused if seq not in self._tries]
        for seq in refused:
            self._first.setdefault(seq, accepted)
            self._tries[seq] = self._tries.get(seq, 0) + 1
        return len(new) > FEW * messages

    def given_up(self, accepted: int) -> set[int]:
        """Messages whose next refusal is final."""
        return {
            seq
            for seq, tries in self._tries.items()
            if tries >= LAST_TRY or (tries >= TRIES and accepted - self._first[seq] >= OTHERS)
        }

    def rest_before(self, batch: Sequence[Recipient]) -> float:
        """Seconds to wait before a batch of these messages is sent."""
        return REST if self._tries and all(one.seq in self._tries for one in batch) else 0.0
