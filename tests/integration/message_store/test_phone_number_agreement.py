"""Whether two numbers agree is the same question in SQL and in Python."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from sendmill.message_store.phone_number_agreement import ONE_DIGIT, TWO_DIGITS, agree, agreeing

NUMBERS = st.integers(1, 10**15 - 1) | st.integers(1, 99_999_999)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, int]:
    number = draw(NUMBERS)
    reported = draw(st.just(number) | NUMBERS | st.integers(0, 10**18 - 1))
    cut, prefix = draw(st.integers(0, 12)), draw(st.sampled_from(["", "0", "8", "06", "1"]))
    return number, int(prefix + str(reported)[-cut:])


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(pairs(), min_size=1, max_size=50))
def test_sql_and_python_agree(rows: psycopg.Connection[tuple[Any, ...]], told: list[tuple[int, int]]) -> None:
    query = (
        f"SELECT {agreeing('u.number', 'u.reported')} FROM "
        "unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS u (number, reported, ord) ORDER BY ord"
    )
    found = rows.execute(query, [list(column) for column in zip(*told, strict=True)]).fetchall()  # type: ignore[arg-type]
    assert [answer for (answer,) in found] == [agree(*pair) for pair in told]


def test_calling_codes_have_as_many_digits_as_they_have() -> None:
    codes = {str(code) for code in COUNTRY_CODE_TO_REGION_CODE}
    assert {code for code in codes if len(code) == 1} == ONE_DIGIT
    assert {code for code in codes if len(code) == 2} == TWO_DIGITS


@pytest.mark.parametrize(
    ("number", "reported", "answer"),
    [
        (8613812345678, 8613812345678, True),
        (8613812345678, 13812345678, True),
        (8613812345678, 2345678, True),
        (8613812345678, 8613812345679, False),
        (8613812345678, 8613912345678, False),
        (8613812345678, 13912345678, False),
        (12020000000, 12030000000, False),
        (12020000000, 2020000000, True),
        (12020000000, 2030000000, False),
        (79123456789, 89123456789, True),  # the trunk prefix 8
        (375291234567, 80291234567, True),
        (37061234567, 861234567, True),
        (36301234567, 6301234567, True),  # the trunk prefix 06
        (5491112345678, 541112345678, True),  # without the 9 of mobile numbers
        (4915112345678, 15112345678, True),
        (298212345, 212345, True),
        (298212345, 212346, False),
        (29012345, 12345, True),
        (29012345, 12346, False),
        (8613812345678, 10690, True),  # a short code is nobody's number
        (8613812345678, 0, True),  # none
    ],
)
def test_last_digits(number: int, reported: int, answer: bool) -> None:
    assert agree(number, reported) is answer
