"""Counts of the reports of one bind, and a few times from submit to report."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sendmill.carriers.message_ids import IdForm, normalise_id
from sendmill.delivery_reports.inbox import Arrival, KeyedReports
from sendmill.delivery_reports.open_batches import Followed
from sendmill.message_store.engine.chunks import WindowRecord

FOLLOWED = 500  # messages whose report is waited for at a time
LATENCIES = 40  # times kept between two calls of `take`


class ReportMeasurements:
    """Counts reports of one bind, and follows one message of each batch to its report.

    Enough for a median, at no cost.
    """

    def __init__(self, form: IdForm, followed: Followed | None = None) -> None:
        self._form = form
        self._followed = followed or Followed()
        self._seconds: list[float] = []
        self._delivered = self._failed = 0

    def sent(self, task_id: int, batch: WindowRecord, at: float) -> None:
        """A batch of a task was submitted at `at`; what the carrier took of it is in its record."""
        if not batch.ids or not batch.ids[-1]:
            return
        followed = self._followed
        if followed.count >= FOLLOWED:
            # Their reports never came: begin anew rather than grow.
            followed.by_key, followed.by_message, followed.count = {}, {}, 0
        followed.count += 1
        if batch.parts[-1]:
            followed.by_key[normalise_id(batch.ids[-1], self._form)] = at
        else:
            followed.by_message.setdefault(task_id, {})[batch.seqs[-1]] = at

    def placed(self, groups: Sequence[KeyedReports], count: int, *, failed: bool = False) -> None:
        """Count reports with known message keys that were settled: `count` deliveries, or failures."""
        if failed:
            self._failed += count
        else:
            self._delivered += count
        for group in groups:
            followed = self._followed.by_message.get(group.task_id)
            if followed:
                for seq in followed.keys() & group.seqs:
                    self._measure(group.at - followed.pop(seq))

    def settled(self, reports: Sequence[Arrival], indexes: Collection[int]) -> None:
        """Count the reports at these indexes, which were matched by id."""
        failed = temporary = 0
        for index in indexes:
            arrival = reports[index]
            if arrival.key in self._followed.by_key:
                self._measure(arrival.at - self._followed.by_key.pop(arrival.key))
            if arrival.report.stat != "DELIVRD":
                if arrival.report.final:
                    failed += 1
                else:
                    temporary += 1
        self._failed += failed
        self._delivered += len(indexes) - failed - temporary

    def _measure(self, seconds: float) -> None:
        self._followed.count -= 1
        if len(self._seconds) < LATENCIES:
            self._seconds.append(max(seconds, 0.0))

    def take(self) -> tuple[int, int, list[float]]:
        """Return deliveries, failures, and times from submit to report in seconds, since the last call."""
        taken = self._delivered, self._failed, self._seconds
        self._delivered = self._failed = 0
        self._seconds = []
        return taken
