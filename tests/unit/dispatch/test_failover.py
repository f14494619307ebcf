"""Why a carrier is passed over."""

from __future__ import annotations

import pytest

from sendmill.dispatch.failover import DOWN, FAILING, RESTING, why_out
from sendmill.domain.routing import Outcomes
from sendmill.message_store.engine.failover import Standing

WELL, BAD, NOTHING = Outcomes(0, 10, 990), Outcomes(400, 400, 200), Outcomes(0, 0, 0)


@pytest.mark.parametrize(
    ("standing", "watched", "reason"),
    [
        (Standing(1, True, True, WELL, WELL), True, None),
        (Standing(1, True, True, NOTHING, NOTHING), True, None),
        (Standing(1, False, True, WELL, WELL), True, RESTING),
        (Standing(1, False, False, BAD, WELL), False, RESTING),
        (Standing(1, True, False, WELL, WELL), True, DOWN),
        (Standing(1, True, False, WELL, WELL), False, None),  # nobody has watched for long enough to say so
        (Standing(1, True, True, BAD, WELL), True, FAILING),
        (Standing(1, True, True, BAD, BAD), True, None),  # as it always is
    ],
)
def test_the_reason_is_the_first_that_holds(standing: Standing, watched: bool, reason: str | None) -> None:
    assert why_out(standing, 200, watched=watched) == reason


def test_failures_can_be_left_out() -> None:
    assert why_out(Standing(1, True, True, BAD, WELL), 0, watched=True) is None
