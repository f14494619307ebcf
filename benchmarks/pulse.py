"""What a second of processor time is worth while something runs: a small fixed piece of work, done now and then.

A virtual core of a shared machine does half as much work in one minute as in the next, and says nothing of it: both
are a second of processor time. A piece of our own work, timed in the same minutes, tells them apart.
"""

from __future__ import annotations

import statistics
import threading
import time
from types import TracebackType

PIECES, TEXTS, PAUSE = 3, 400, 1.0


class Pulse(threading.Thread):
    """As a context manager: the cost of the piece of work while its block ran, as `microseconds`."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self._over = threading.Event()
        self._took: list[float] = []

    def run(self) -> None:
        """Work a little, wait a second, and so on."""
        while not self._over.wait(PAUSE):
            self._took.append(min(_piece() for _ in range(PIECES)))

    def __enter__(self) -> Pulse:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self.join()

    @property
    def microseconds(self) -> float:
        """Median processor time of a piece; the machine is the slower the more this is."""
        return 1e6 * statistics.median(self._took or [_piece()])


def _piece() -> float:
    """Seconds of processor time for texts that are joined, encoded and taken apart: what our processes do most."""
    began = time.thread_time()
    table: dict[bytes, int] = {}
    for number in range(TEXTS):
        text = f"+65{80_000_000 + number}\tHello from the benchmark\t{number}\n"
        table[text.encode()] = len(text.split("\t"))
    b"".join(table)
    return time.thread_time() - began
