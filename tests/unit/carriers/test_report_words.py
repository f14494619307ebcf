"""Tables of words and error codes."""

from __future__ import annotations

import pytest

from sendmill.carriers.protocol import Report
from sendmill.carriers.report_words import Meaning, TableError, read_table, report_words


def test_a_table_is_read_as_people_write_it() -> None:
    assert read_table(" PARKED = not final,ok=Delivered;\n034=failed: number not in service,") == {
        "PARKED": Meaning("not final"),
        "OK": Meaning("delivered"),
        "034": Meaning("failed", "number not in service"),
    }
    assert read_table("停机＝失败：停机，OK=已送达") == {
        "停机": Meaning("failed", "停机"),
        "OK": Meaning("delivered"),
    }
    assert read_table("") == {}


@pytest.mark.parametrize(
    "text", ["PARKED", "PARKED=", "=failed", "PARKED=perhaps", "two words=failed", "A=failed:" + "x" * 101]
)
def test_what_says_nothing_is_named(text: str) -> None:
    with pytest.raises(TableError) as raised:
        read_table(f"OK=delivered, {text}")
    assert str(raised.value) == text


@pytest.mark.parametrize(
    ("word", "error", "final", "told"),
    [
        ("OK", "000", False, ("DELIVRD", True)),
        ("PARKED", None, False, ("PARKED", False)),
        ("UNDELIV", "034", True, ("034: not in service", True)),
        ("UNDELIV", "035", True, ("UNDELIV", False)),
        ("DELIVRD", "036", True, ("UNDELIV", True)),
        ("ACCEPTD", None, False, ("DELIVRD", True)),
        ("DELIVRD", "000", True, ("DELIVRD", True)),
        ("NEW", "000", False, ("NEW", False)),
    ],
)
def test_states_are_given_as_they_mean(
    word: str, error: str | None, final: bool, told: tuple[str, bool]
) -> None:
    # Spelt as reports are read: accepted is ACCEPTD.
    words = report_words(
        "OK=delivered, parked=not final, accepted=delivered",
        "034=failed: not in service, 035=not final, 036=failed",
    )
    (report,) = words.translate([Report("report", "1", word, final, error, None, 1, "raw", 1)])
    assert (report.stat, report.final) == told
    assert words.unknown([report]) == (["NEW"] if word == "NEW" else [])
