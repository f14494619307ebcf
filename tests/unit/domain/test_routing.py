"""Routing: the longest prefix decides, the order is kept, and failing is measured against the usual."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.routing import Outcomes, carriers_for, clean_prefix, is_failing, rules_of

PREFIXES = st.text("0123456789", max_size=4).map(lambda digits: digits.lstrip("0"))


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+44", "44"),
        ("0044", "44"),
        ("44", "44"),
        (" +1 (202) ", "1202"),
        ("", ""),
        ("*", ""),
        ("+", ""),
        ("x", None),
        ("+12345678", None),
        ("+0", None),
    ],
)
def test_a_prefix_is_read_as_people_write_it(written: str, digits: str | None) -> None:
    assert clean_prefix(written) == digits


def test_the_longest_prefix_wins_and_a_shorter_one_is_no_second_choice() -> None:
    rules = rules_of([("", 1), ("44", 2), ("44", 3), ("447", 4)])
    assert carriers_for(12025550123, rules) == (1,)
    assert carriers_for(442012345678, rules) == (2, 3)
    assert carriers_for(447700900123, rules) == (4,)
    assert carriers_for(447700900123, rules_of([("1", 1)])) == ()


def test_a_carrier_counts_once_a_prefix() -> None:
    assert rules_of([("44", 2), ("44", 1), ("44", 2)]) == {"44": (2, 1)}


@given(st.lists(st.tuples(PREFIXES, st.integers(1, 9)), max_size=12), st.integers(10**6, 10**15 - 1))
def test_no_other_rule_fits_better(routes: list[tuple[str, int]], number: int) -> None:
    rules = rules_of(routes)
    fitting = [prefix for prefix in rules if str(number).startswith(prefix)]
    expected = rules[max(fitting, key=len)] if fitting else ()
    assert carriers_for(number, rules) == expected


def outcomes(known: int, bad: int) -> Outcomes:
    return Outcomes(refused=bad // 2, failed=bad - bad // 2, delivered=known - bad)


@pytest.mark.parametrize(
    ("lately", "usually", "least", "failing"),
    [
        (outcomes(199, 199), outcomes(0, 0), 200, False),  # too few to tell
        (outcomes(200, 100), outcomes(0, 0), 200, True),  # half of them, and nothing known of before
        (outcomes(200, 99), outcomes(0, 0), 200, False),
        (outcomes(1000, 290), outcomes(10_000, 100), 200, False),  # below 30% is never far above
        (outcomes(1000, 310), outcomes(10_000, 100), 200, True),
        (outcomes(1000, 500), outcomes(10_000, 2_000), 200, False),  # a carrier that fails a fifth anyway
        (outcomes(1000, 650), outcomes(10_000, 2_000), 200, True),
        (outcomes(1000, 960), outcomes(10_000, 8_000), 200, True),  # and one that fails nearly always
        (outcomes(1000, 1000), outcomes(10_000, 0), 0, False),  # switched off
    ],
)
def test_failing_is_far_above_the_usual(
    lately: Outcomes, usually: Outcomes, least: int, failing: bool
) -> None:
    assert is_failing(lately, usually, least) is failing
