"""Which setting mends a bind that is lost again and again, and what is said of throttling that does not end."""

from __future__ import annotations

import pytest

from sendmill.domain.carrier_warnings import (
    LostBind,
    Minute,
    Timers,
    warning_of_losses,
    warning_of_throttling,
)

TIMERS = Timers(enquire=30, silence=0, response=30)
THROTTLED, FINE = Minute(1.3, 40), Minute(2.0, 0)


def code_of(losses: list[LostBind], timers: Timers = TIMERS) -> str | None:
    warning = warning_of_losses(losses, timers)
    return warning.code if warning else None


def closed(*quiet: float) -> list[LostBind]:
    return [LostBind("closed", seconds) for seconds in quiet]


def test_a_carrier_that_closes_when_it_is_silent_is_told_with_the_setting() -> None:
    assert str(warning_of_losses(closed(*[29.8, 30.1, 30.4] * 4), TIMERS)) == (
        "The carrier closed this bind 12 times in the last hour, each time after about 30 seconds without traffic: "
        "set the enquire interval to 15 seconds or less."
    )


def test_one_loss_for_another_reason_does_not_hide_the_silence() -> None:
    warning = warning_of_losses(
        [*closed(60.0, 60.5, 59.0, 61.0), LostBind("silent", 90.0)], Timers(60, 0, 30)
    )
    assert warning is not None
    assert (warning.code, warning.parameters["times"], warning.parameters["seconds"]) == (
        "closed_when_silent",
        4,
        30,
    )


def test_an_enquire_interval_that_is_short_already_is_not_blamed() -> None:
    assert code_of(closed(30.0, 30.0, 30.0), Timers(10, 0, 30)) == "lost_often"


@pytest.mark.parametrize("quiet", [(0.1, 0.2, 0.1), (5.0, 29.0, 90.0)])
def test_losses_without_a_common_silence_have_no_setting(quiet: tuple[float, ...]) -> None:
    assert code_of(closed(*quiet)) == "lost_often"


def test_two_losses_are_nothing() -> None:
    assert code_of(closed(30.0, 30.0)) is None


def test_unanswered_enquire_links_and_messages_point_to_the_timeouts() -> None:
    silent, unanswered = [LostBind("silent", 60.0)] * 3, [LostBind("unanswered", 1.0)] * 3
    assert code_of(silent) == "enquire_unanswered"
    assert code_of(silent, Timers(20, 25, 30)) == "silence_too_short"
    assert code_of(unanswered) == "messages_unanswered"
    assert code_of([*silent[:2], *unanswered[:2]]) == "lost_often"


def test_throttling_without_a_pause_is_told_with_what_passes() -> None:
    warning = warning_of_throttling([FINE] * 30 + [THROTTLED] * 25)
    assert str(warning) == (
        "The carrier has throttled for 25 minutes without a pause; 1.3 messages a second still pass. "
        "Ask it for a higher rate, or set parts per second to 2."
    )


def test_throttling_that_lets_nothing_pass() -> None:
    warning = warning_of_throttling([Minute(0.0, 9)] * 60)
    assert warning is not None
    assert (warning.code, warning.parameters) == ("throttles_all", {"minutes": 60})


@pytest.mark.parametrize("minutes", [[], [THROTTLED] * 9, [THROTTLED] * 59 + [FINE], [Minute(900.0, 2)] * 60])
def test_throttling_that_paused_or_just_began_is_not_told(minutes: list[Minute]) -> None:
    assert warning_of_throttling(minutes) is None
