"""Arrays for the hot path, written as one text: the driver looks at every element, which costs more than the
statement's own work in this process."""

from __future__ import annotations

from collections.abc import Sequence


def int_array(values: Sequence[int]) -> str:
    """Integers as PostgreSQL writes an array; to be cast where it is used."""
    return "{" + str(list(values))[1:-1] + "}"


def lines(values: Sequence[str]) -> str:
    """Texts joined by line feeds, for string_to_array; a line feed inside of one becomes a blank.

    A single empty text is read back as no text at all, which unnest beside other arrays makes NULL.
    """
    text = "\n".join(values)
    if text.count("\n") >= len(values) > 0:
        text = "\n".join([value.replace("\n", " ") for value in values])
    return text
