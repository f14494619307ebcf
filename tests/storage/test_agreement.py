"""Whether two numbers agree is the same question in SQL and in Python."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sendmill.storage.agreement import agree, agreeing

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


@pytest.mark.parametrize(
    ("number", "reported", "answer"),
    [
        (8613812345678, 8613812345678, True),
        (8613812345678, 13812345678, True),
        (8613812345678, 2345678, True),
        (8613812345678, 8613812345679, False),
        (8613812345678, 8613822345678, True),  # seven digits agree: the id decides
        (8613812345678, 8613813345678, False),
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
