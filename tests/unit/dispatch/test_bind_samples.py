"""What a bind counts of itself between two looks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sendmill.delivery_reports.inbox import Arrival, KeyedReports
from sendmill.delivery_reports.report_measurements import FOLLOWED, LATENCIES, ReportMeasurements
from sendmill.dispatch.bind_samples import BindSampler
from sendmill.message_store.engine.chunks import WindowRecord


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def window(*ids: str, part: int = 0) -> WindowRecord:
    seqs = list(range(len(ids)))
    return WindowRecord(len(ids), seqs, [part] * len(ids), ids, None, (), ())


def arrival(key: str, at: float, stat: str = "DELIVRD", final: bool = True) -> Arrival:
    report: Any = SimpleNamespace(stat=stat, final=final)
    return Arrival(None, report, key, at)  # type: ignore[arg-type]


def bind(session: object = None) -> Any:
    return SimpleNamespace(
        carrier_id=7,
        slot=1,
        report_writers=SimpleNamespace(
            accepted=90, refused=5, unknown=2, measures=SimpleNamespace(take=lambda: (0, 0, []))
        ),
        rate_limiter=SimpleNamespace(throttled=3, taken=100, limit=50.0),
        link=SimpleNamespace(session=session),
    )


def test_a_sample_has_what_happened_since_the_last_one() -> None:
    clock = Clock()
    sampler = BindSampler(clock)
    clock.now += 5
    sample = sampler.take(bind())
    assert (sample.submitted, sample.accepted, sample.refused, sample.unknown) == (100, 90, 5, 2)
    assert (sample.span, sample.bound, sample.in_flight, sample.pace) == (5.0, False, 0, 50.0)
    clock.now += 5
    again = sampler.take(bind(SimpleNamespace(statistics=SimpleNamespace(in_flight=12))))
    assert (again.submitted, again.accepted, again.throttled) == (0, 0, 0)
    assert (again.bound, again.in_flight) == (True, 12)


def test_one_message_of_a_window_is_followed_to_its_report() -> None:
    measures = ReportMeasurements("fold_case")
    measures.sent(1, window("a", "b", "c"), 10.0)
    measures.sent(1, window("X1", "X2", part=2), 10.0)
    group = KeyedReports(1, None, [0, 1, 2], [], 10.5)  # type: ignore[arg-type]
    measures.placed([group], 3)
    measures.placed([group], 3)  # once more: it is not followed any longer
    measures.settled([arrival("x2", 12.0)], {0})
    assert measures.take() == (7, 0, [0.5, 2.0])


def test_failed_and_temporary_reports_are_told_apart() -> None:
    measures = ReportMeasurements("as_is")
    reports = [
        arrival("1", 1.0),
        arrival("2", 1.0, "UNDELIV"),
        arrival("3", 1.0, "ACCEPTD", final=False),
        arrival("4", 1.0, "EXPIRED"),
    ]
    measures.settled(reports, {0, 1, 2})
    assert measures.take()[:2] == (1, 1)


def test_what_is_followed_is_bounded() -> None:
    measures = ReportMeasurements("as_is")
    for number in range(3 * FOLLOWED):
        measures.sent(number, window(str(number)), 0.0)
    groups: list[Any] = [KeyedReports(number, None, [0], [], 1.0) for number in range(3 * FOLLOWED)]  # type: ignore[arg-type]
    measures.placed(groups, len(groups))
    assert len(measures.take()[2]) == LATENCIES
    measures.sent(1, window(""), 0.0)
    measures.sent(1, WindowRecord(0, (), (), (), None, (), ()), 0.0)
    assert measures.take()[2] == []
