"""Sender addresses and settings of a carrier."""

import pytest

from sendmill.carriers.smpp.configuration import CarrierConfig, address_of, shape_of
from sendmill.domain.command_status_names import STATUS_NAMES, status_name

CONFIG = CarrierConfig(host="carrier.example", system_id="demo", password="hunter2")


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("Sendmill", ("Sendmill", 5, 0)),
        ("ABCDEFGHIJK", ("ABCDEFGHIJK", 5, 0)),
        ("My Shop", ("My Shop", 5, 0)),
        ("4U", ("4U", 5, 0)),
        ("+8613123456789", ("8613123456789", 1, 1)),
        ("8613123456789", ("8613123456789", 1, 1)),
        ("+12025550123", ("12025550123", 1, 1)),
        ("+290123", ("290123", 1, 1)),
        ("12345", ("12345", 3, 0)),
        ("12345678", ("12345678", 3, 0)),
        ("106901234567", ("106901234567", 3, 0)),
        ("10690123456789012345", ("10690123456789012345", 3, 0)),
        ("", ("", 0, 0)),
    ],
)
def test_type_follows_from_the_sender(source: str, address: tuple[str, int, int]) -> None:
    assert address_of(source, CONFIG) == address


def test_settings_of_the_carrier_win() -> None:
    config = CarrierConfig(host="h", system_id="s", source_ton=0, source_npi=8)
    assert address_of("Sendmill", config) == ("Sendmill", 0, 8)


@pytest.mark.parametrize("source", ["ABCDEFGHIJKL", "短信", "tab\there", "1" * 21, "café"])
def test_impossible_senders_are_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(ValueError, match=r"^The sender .*\.$"):
        shape_of(source, CONFIG)


@pytest.mark.parametrize(
    "settings", [{"window": 0}, {"response_timeout": 0}, {"enquire_interval": -1}, {"connect_timeout": 0}]
)
def test_impossible_settings_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        CarrierConfig(host="h", system_id="s", **settings)  # type: ignore[arg-type]


def test_password_is_not_shown() -> None:
    assert "hunter2" not in repr(CONFIG)


@pytest.mark.parametrize(
    ("status", "name"),
    [(0, "ESME_ROK"), (0x58, "ESME_RTHROTTLED"), (0x0B, "ESME_RINVDSTADR"), (0x400, "0x00000400")],
)
def test_statuses_have_names(status: int, name: str) -> None:
    assert status_name(status) == name


def test_no_name_is_used_twice() -> None:
    assert len(set(STATUS_NAMES.values())) == len(STATUS_NAMES)
