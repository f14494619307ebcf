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
    """Counts of one bind. One message of a batch is followed to its report: enough for a median, and free."""

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
            followed.by_key, followed.by_place, followed.count = {}, {}, 0
        followed.count += 1
        if batch.parts[-1]:
            followed.by_key[normalise_id(batch.ids[-1], self._form)] = at
        else:
            followed.by_place.setdefault(task_id, {})[batch.seqs[-1]] = at

    def placed(self, groups: Sequence[KeyedReports], count: int, *, failed: bool = False) -> None:
        """Reports at known places were settled, `count` of them: all of delivery, or all of failure."""
        if failed:
            self._failed += count
        else:
            self._delivered += count
        for group in groups:
            places = self._followed.by_place.get(group.task_id)
            if places:
                for seq in places.keys() & group.seqs:
                    self._measure(group.at - places.pop(seq))

    def settled(self, reports: Sequence[Arrival], places: Collection[int]) -> None:
        """The reports at these places of a batch were settled by their ids."""
        failed = temporary = 0
        for place in places:
            arrival = reports[place]
            if arrival.key in self._followed.by_key:
                self._measure(arrival.at - self._followed.by_key.pop(arrival.key))
            if arrival.report.stat != "DELIVRD":
                if arrival.report.final:
                    failed += 1
                else:
                    temporary += 1
        self._failed += failed
        self._delivered += len(places) - failed - temporary

    def _measure(self, seconds: float) -> None:
        self._followed.count -= 1
        if len(self._seconds) < LATENCIES:
            self._seconds.append(max(seconds, 0.0))

    def take(self) -> tuple[int, int, list[float]]:
        """Reports of delivery, reports of failure, and times from submit to report in seconds, since the last call."""
        taken = self._delivered, self._failed, self._seconds
        self._delivered = self._failed = 0
        self._seconds = []
        return taken
