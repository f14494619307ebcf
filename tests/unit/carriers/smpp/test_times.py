"""Times as SMPP writes them."""

import pytest

from sendmill.carriers.smpp.pdu.times import LONGEST_RELATIVE, relative_time


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (0, ""),
        (1, "000000000100000R"),
        (90, "000000013000000R"),
        (1439, "000000235900000R"),
        (1440, "000001000000000R"),
        (LONGEST_RELATIVE, "000030000000000R"),
    ],
)
def test_a_validity_is_written_as_a_relative_time(minutes: int, written: str) -> None:
    assert relative_time(minutes) == written


@pytest.mark.parametrize("minutes", [-1, LONGEST_RELATIVE + 1])
def test_a_validity_that_cannot_be_written_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="a relative time has between"):
        relative_time(minutes)
