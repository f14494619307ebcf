"""Sentences about a connection: English text that also keeps its translation key and its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Piece(NamedTuple):
    """A translation key with `%(name)s` placeholders, and the values that fill them."""

    message: str
    parameters: dict[str, str | int]


class Sentence(str):
    """English text, made of `pieces` with a blank in between."""

    pieces: tuple[Piece, ...]


def sentence(message: str, **parameters: str | int) -> Sentence:
    """Return a sentence of one piece; `message` is its translation key."""
    made = Sentence(message % parameters if parameters else message)
    made.pieces = (Piece(message, parameters),)
    return made


def joined(*parts: str) -> Sentence:
    """Join several sentences into one; plain text without a translation key is kept as it is."""
    made = Sentence(" ".join(part for part in parts if part))
    made.pieces = tuple(piece for part in parts if part for piece in pieces_of(part))
    return made


def pieces_of(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a sentence; of plain text the text itself, as a key that no catalogue holds."""
    if isinstance(text, Sentence):
        return text.pieces
    return (Piece(text, {}),) if text else ()


def restored(pieces: Iterable[Sequence[Any]]) -> Sentence:
    """Build a sentence from its stored pieces, each (key, parameters)."""
    return joined(*(sentence(piece[0], **piece[1]) for piece in pieces))


def of_error(error: BaseException) -> str:
    """Return the message of an error, as the sentence it was raised with."""
    said = error.args[-1] if error.args else ""
    return said if isinstance(said, Sentence) else str(error)
