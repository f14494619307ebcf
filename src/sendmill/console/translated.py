"""Sentences of services in the member's language: they are translation keys, with `%(name)s` for each parameter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from sendmill.domain.phone_numbers import MEANINGS, NumberReason
from sendmill.domain.status_codes import REFUSED_AS, refusal
from sendmill.domain.status_codes import meaning as code_meaning


def say(message: str, parameters: Mapping[str, Any] | None = None) -> str:
    """The translated sentence with its parameters filled in."""
    sentence = gettext(message)
    return sentence % parameters if parameters else sentence


def say_pieces(pieces: str | Iterable[Sequence[Any]]) -> str:
    """A sentence about a connection from its pieces (key, parameters), also as JSON, translated."""
    found: Iterable[Sequence[Any]] = json.loads(pieces) if isinstance(pieces, str) else pieces
    return " ".join(say(piece[0], piece[1]) for piece in found)


def explain(fault: Any) -> str:
    """The translated sentence of a Violation, Reason, FieldError or refused spreadsheet.

    `fault` has `message` or `sentence` (the key) and, where the key needs them, `parameters` or `params`.
    """
    message = getattr(fault, "message", None) or fault.sentence
    parameters = getattr(fault, "parameters", None) or getattr(fault, "params", None)
    if parameters and "answer" in parameters:
        parameters = {**parameters, "answer": say_answer(*parameters["answer"])}
    return say(message, parameters)


def explain_all(faults: Iterable[Any]) -> list[str]:
    """The translated sentence of each."""
    return [explain(fault) for fault in faults]


def explain_code(code: str, own: Mapping[int, str] | None = None) -> str:
    """What a status code means, translated; `own` are the carrier's words for command statuses."""
    known = code_meaning(code, own)
    return say(known.meaning, known.parameters)


def say_answer(status: int, words: str) -> str:
    """What a carrier answers in a few words, translated, with its code; `words` are its own for it, or empty.

    The sentences about refusals share their frame, in each language: what stands in it is the answer.
    """
    known = refusal(status, {status: words} if words else None)
    whole = say(known.meaning, known.parameters)
    head, tail = gettext(REFUSED_AS).split("%(status)s")
    if whole.startswith(head) and whole.endswith(tail):
        return f"{whole[len(head) : len(whole) - len(tail)]} ({known.code})"
    return known.code


def advise_code(code: str) -> str:
    """What to do about a status code, translated."""
    return say(code_meaning(code).advice)


@dataclass(frozen=True)
class Said:
    """A sentence beside a field; `cleaned` is the file name to offer instead, when the sentence is about the name."""

    sentence: str
    cleaned: str = ""

    def __str__(self) -> str:
        return self.sentence


def explain_reason(reason: str) -> str:
    """Why a row of a number file was deleted, in a few words."""
    return gettext(MEANINGS[NumberReason(reason)]) if reason in MEANINGS else reason
