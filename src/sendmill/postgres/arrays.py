"""Arrays as one text, for the hot path.

The driver adapts every element of a list, which costs more than the rest of the statement in this process.
"""

from __future__ import annotations

from collections.abc import Sequence


def int_array(values: Sequence[int]) -> str:
    """Return integers as the text of a PostgreSQL array; the statement has to cast it."""
    return "{" + str(list(values))[1:-1] + "}"


def lines(values: Sequence[str]) -> str:
    """Join texts by line feeds, for string_to_array; a line feed inside of one becomes a blank.

    A single empty text is read back as no text at all, which unnest beside other arrays makes NULL.
    """
    text = "\n".join(values)
    if text.count("\n") >= len(values) > 0:
        text = "\n".join([value.replace("\n", " ") for value in values])
    return text
