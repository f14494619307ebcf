"""How long from the carrier's taking a message until its report is seen: percentiles from two curves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path


def taken_at(journal: Path) -> list[int]:
    """When the simulator took each part, in monotonic nanoseconds, earliest first."""
    with journal.open("rb") as lines:
        return sorted(int(line.split(b"\t", 1)[0]) for line in lines)


def percentiles(taken: Sequence[int], seen: Sequence[tuple[int, int]]) -> dict[str, int]:
    """Milliseconds from taken to seen, p50 and p95.

    `seen` are looks at the counters: (nanoseconds, messages with a result). The n-th message taken is held
    against the first look that saw n results, so each figure is too long by up to the time between two looks.
    """
    counts = [count for _, count in seen]
    waits = []
    for place, began in enumerate(taken):
        look = bisect_left(counts, place + 1)
        if look < len(seen):
            waits.append(seen[look][0] - began)
    waits.sort()
    return {
        name: round(waits[int(len(waits) * share)] / 1e6) if waits else -1
        for name, share in (("report_p50_ms", 0.5), ("report_p95_ms", 0.95))
    }
