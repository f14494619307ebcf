"""Which binds a carrier has, and how they share its rate."""

import pytest

from sendmill.catalog.bind_settings import configs_of, to_test
from sendmill.catalog.models import Carrier


def kinds(bind: str, binds: int) -> list[str]:
    return [config.bind for config in configs_of(Carrier(bind=bind, binds=binds))]


def test_a_pair_has_as_many_receivers_behind_its_transmitters() -> None:
    assert kinds("transceiver", 2) == ["transceiver"] * 2
    assert kinds("transmitter", 1) == ["transmitter"]
    assert kinds("pair", 2) == ["transmitter"] * 2 + ["receiver"] * 2


def test_one_bind_of_each_kind_is_tested() -> None:
    tested = to_test(Carrier(bind="pair", binds=3, rate=90))
    assert [config.bind for config in tested] == ["transmitter", "receiver"]
    assert [config.bind for config in to_test(Carrier(binds=3))] == ["transceiver"]


@pytest.mark.parametrize("bind", ["transceiver", "pair"])
@pytest.mark.parametrize(("rate", "binds"), [(0, 3), (10, 1), (10, 3), (10, 4), (1000, 7)])
def test_binds_have_the_carriers_rate_together(bind: str, rate: int, binds: int) -> None:
    shares = [config.rate for config in configs_of(Carrier(bind=bind, rate=rate, binds=binds))][:binds]
    assert sum(shares) == rate
    assert max(shares) - min(shares) <= 1


def test_more_binds_than_parts_a_second_does_not_mean_unlimited() -> None:
    assert [config.rate for config in configs_of(Carrier(rate=2, binds=4))] == [1, 1, 1, 1]
