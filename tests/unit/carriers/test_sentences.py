"""Sentences keep what translates them, through errors and when they are put together."""

from __future__ import annotations

from sendmill.carriers.protocol import BindError, ConnectError
from sendmill.carriers.sentences import Piece, joined, of_error, pieces_of, sentence


def test_a_sentence_is_its_text_and_knows_its_key() -> None:
    said = sentence("Nothing listens at %(place)s.", place="host:1")
    assert said == "Nothing listens at host:1."
    assert pieces_of(said) == (Piece("Nothing listens at %(place)s.", {"place": "host:1"}),)


def test_sentences_are_put_together_with_texts_that_are_none() -> None:
    said = joined(sentence("Stopped."), "(100% sure)", "")
    assert said == "Stopped. (100% sure)"
    assert pieces_of(said) == (Piece("Stopped.", {}), Piece("(100% sure)", {}))
    assert pieces_of("") == ()


def test_an_error_gives_its_sentence_back() -> None:
    said = sentence("The carrier refused the bind.")
    for error in (ConnectError(said), BindError(5, said)):
        assert pieces_of(of_error(error)) == said.pieces
        assert str(error) == said
    assert of_error(OSError(2, "gone")) == "[Errno 2] gone"
    assert of_error(ValueError()) == ""
