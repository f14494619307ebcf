"""What was handed to a carrier a moment ago: which message an id means, without asking the database."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import repeat

KEPT = 200_000  # ids held at a time, at about a quarter of a kilobyte each

Place = tuple[int, int, float]  # task_id, seq, when it was recorded (Unix seconds)


class ReportCache:
    """The latest messages of one part that a carrier accepted from this process, by the id that its reports
    name them with. A convenience, never the truth: what is not here is found in the database.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._places: dict[str, Place] = {}
        self._batches: deque[Sequence[str]] = deque()
        self._held = 0

    def __len__(self) -> int:
        return len(self._places)

    def remember(self, task_id: int, seqs: Sequence[int], keys: Sequence[str], at: float = 0.0) -> None:
        """Messages of one part, recorded `at`, with the ids in the form that reports are compared in."""
        places = zip(repeat(task_id), seqs, repeat(at), strict=False)
        self._places.update(zip(keys, places, strict=False))
        self._batches.append(keys)
        self._held += len(keys)
        while self._held > self._kept:
            oldest = self._batches.popleft()
            self._held -= len(oldest)
            for key in oldest:
                self._places.pop(key, None)

    def take(self, key: str) -> Place | None:
        """The message behind an id, told once: a second report about it is looked up as any other."""
        return self._places.pop(key, None)
