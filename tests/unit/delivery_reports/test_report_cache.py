"""What a sender remembers of what it sent: bounded, told once, the latest of equal ids."""

from __future__ import annotations

from sendmill.delivery_reports.report_cache import ReportCache


def test_an_id_means_its_message_once() -> None:
    recent = ReportCache()
    recent.remember(7, [0, 1], ["a", "b"], 5.0)
    assert recent.take("b") == (7, 1, 5.0)
    assert recent.take("b") is None
    assert recent.take("c") is None


def test_of_equal_ids_the_latest_is_meant() -> None:
    recent = ReportCache()
    recent.remember(7, [0], ["a"])
    recent.remember(8, [5], ["a"])
    assert recent.take("a") == (8, 5, 0.0)


def test_old_windows_are_forgotten() -> None:
    recent = ReportCache(kept=4)
    for window in range(10):
        recent.remember(1, [2 * window, 2 * window + 1], [f"{window}.0", f"{window}.1"])
    assert len(recent) == 4
    assert recent.take("7.1") is None
    assert recent.take("8.0") == (1, 16, 0.0)
    assert recent.take("9.1") == (1, 19, 0.0)
