"""A cache of message keys: which message a carrier's id means, for messages that were submitted lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import repeat

KEPT = 200_000  # ids held at a time, at about a quarter of a kilobyte each

MessageKey = tuple[int, int, float]  # task_id, seq, when it was recorded (Unix seconds)


class ReportCache:
    """The latest messages of one part that a carrier accepted from this process, by the id in its reports.

    A cache; the database is authoritative.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._messages: dict[str, MessageKey] = {}
        self._batches: deque[Sequence[str]] = deque()
        self._held = 0

    def __len__(self) -> int:
        return len(self._messages)

    def remember(self, task_id: int, seqs: Sequence[int], keys: Sequence[str], at: float = 0.0) -> None:
        """Messages of one part, recorded `at`, with the ids in the form that reports are compared in."""
        keyed = zip(repeat(task_id), seqs, repeat(at), strict=False)
        self._messages.update(zip(keys, keyed, strict=False))
        self._batches.append(keys)
        self._held += len(keys)
        while self._held > self._kept:
            oldest = self._batches.popleft()
            self._held -= len(oldest)
            for key in oldest:
                self._messages.pop(key, None)

    def take(self, key: str) -> MessageKey | None:
        """Return the message key behind an id and forget it: a second report about it is matched by the database."""
        return self._messages.pop(key, None)
