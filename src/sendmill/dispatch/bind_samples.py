"""Samples of one bind every few seconds: outcomes, reports, and a few times from submit to report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

from sendmill.dispatch.bind import Bind
from sendmill.message_store.engine.bind_samples import Sample


class BindSampler:
    """Takes the samples of one bind."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._before: Mapping[str, int] = {}
        self._since = now()

    def take(self, bind: Bind) -> Sample:
        """Return what happened since the last call, and the bind's state now."""
        now = self._now()
        counts = {
            "accepted": bind.report_writers.accepted,
            "refused": bind.report_writers.refused,
            "unknown": bind.report_writers.unknown,
            "throttled": bind.rate_limiter.throttled,
            "submitted": bind.rate_limiter.taken,
        }
        since = {name: count - self._before.get(name, 0) for name, count in counts.items()}
        session = bind.link.session
        delivered, failed, seconds = bind.report_writers.measures.take()
        sample = Sample(
            carrier_id=bind.carrier_id,
            slot=bind.slot,
            bound=session is not None,
            span=max(now - self._since, 0.001),
            delivered=delivered,
            failed=failed,
            in_flight=session.statistics.in_flight if session is not None else 0,
            pace=bind.rate_limiter.limit,
            seconds=[round(one, 4) for one in seconds],
            **since,
        )
        self._before, self._since = counts, now
        return sample
