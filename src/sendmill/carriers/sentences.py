"""Sentences about a connection: plain text, which also knows its key and its places, for translation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Piece(NamedTuple):
    """A translation key with `%(name)s` places, and what fills them."""

    message: str
    parameters: dict[str, str | int]


class Sentence(str):
    """Text in English, made of `pieces` with a space in between."""

    pieces: tuple[Piece, ...]


def sentence(message: str, **parameters: str | int) -> Sentence:
    """A sentence of one piece; `message` is its key."""
    made = Sentence(message % parameters if parameters else message)
    made.pieces = (Piece(message, parameters),)
    return made


def joined(*parts: str) -> Sentence:
    """Several sentences as one; a text that is no sentence of ours is kept as it is."""
    made = Sentence(" ".join(part for part in parts if part))
    made.pieces = tuple(piece for part in parts if part for piece in pieces_of(part))
    return made


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The pieces of a sentence; of any other text itself, as a key that no catalogue holds."""
    if isinstance(text, Sentence):
        return text.pieces
    return (Piece(text, {}),) if text else ()


def restored(pieces: Iterable[Sequence[Any]]) -> Sentence:
    """A sentence from its pieces as they were stored: (key, parameters) each."""
    return joined(*(sentence(piece[0], **piece[1]) for piece in pieces))


def of_error(error: BaseException) -> str:
    """What an error says, as the sentence that it was made with."""
    said = error.args[-1] if error.args else ""
    return said if isinstance(said, Sentence) else str(error)
