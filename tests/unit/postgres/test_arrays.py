"""Arrays written as one text."""

import pytest

from sendmill.postgres.arrays import int_array, lines


@pytest.mark.parametrize(
    ("values", "text"), [([], "{}"), ([7], "{7}"), ((1, 2, 30), "{1, 2, 30}"), (range(-1, 2), "{-1, 0, 1}")]
)
def test_integers(values: list[int], text: str) -> None:
    assert int_array(values) == text


@pytest.mark.parametrize(
    ("values", "text"),
    [([], ""), (["a"], "a"), (["a", "", "b"], "a\n\nb"), (["a\nb"], "a b"), (["a\n", "b", "c"], "a \nb\nc")],
)
def test_a_line_feed_inside_of_a_text_does_not_shift_the_others(values: list[str], text: str) -> None:
    assert lines(values) == text
