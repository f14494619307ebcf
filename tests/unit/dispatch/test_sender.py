"""How a carrier's rate is shared among its binds."""

import pytest

from sendmill.dispatch.sender import share_of


@pytest.mark.parametrize(("rate", "binds"), [(0, 3), (10, 1), (10, 3), (10, 4), (1000, 7)])
def test_binds_have_the_carriers_rate_together(rate: int, binds: int) -> None:
    shares = [share_of(rate, binds, slot) for slot in range(binds)]
    assert sum(shares) == rate
    assert max(shares) - min(shares) <= 1


def test_more_binds_than_parts_a_second_does_not_mean_unlimited() -> None:
    assert [share_of(2, 4, slot) for slot in range(4)] == [1, 1, 1, 1]
