"""What the words and error codes of one carrier's reports mean, as its tables say.

A table is a text such as `PARKED=not final, OK=delivered` or `034=failed: number not in service`. A word that neither
it nor `domain.status_codes` knows is not final: the report is kept, and another one is awaited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple, cast, get_args

from sendmill.carriers.protocol import Report
from sendmill.domain.status_codes import KNOWN_WORDS, MessageState

Outcome = Literal["not final", "delivered", "failed"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

_IN_CHINESE: Final[Mapping[str, Outcome]] = {"未完成": "not final", "已送达": "delivered", "失败": "failed"}
_FULL_WIDTH: Final = str.maketrans("，；＝：", ",;=:")
_SPELLINGS: Final[Mapping[str, str]] = {
    "DELIVERED": "DELIVRD",
    "DELIVERD": "DELIVRD",
    "SUCCESS": "DELIVRD",
    "BUFFRED": "BUFFERED",
    "UNDELIVERABLE": "UNDELIV",
    "UNDELIVERED": "UNDELIV",
    "UNDELVD": "UNDELIV",
    "ACCEPTED": "ACCEPTD",
    "REJECTED": "REJECTD",
    "SCHEDLD": "SCHEDULED",
    "SCHEDULD": "SCHEDULED",
    "EN_ROUTE": "ENROUTE",
}

_DELIVERED, _UNDELIVERABLE = MessageState.DELIVERED.code, MessageState.UNDELIVERABLE.code
_LONGEST: Final = 32  # characters of a word
_LONGEST_TEXT: Final = 100


def word_of(text: str) -> str:
    """Return a state as a report's text writes it in the form in which it is known: upper case, the usual spelling."""
    upper = text.upper()
    return _SPELLINGS.get(upper, upper)


class Meaning(NamedTuple):
    """What a word or an error code means; `text` says it in the words of the carrier, or is empty."""

    outcome: Outcome
    text: str = ""


class TableError(ValueError):
    """An entry of a table that cannot be read; its text is the entry."""


def read_table(text: str) -> dict[str, Meaning]:
    """Return the meanings of a table by word, in upper case; raise TableError for an entry that is none."""
    table: dict[str, Meaning] = {}
    for entry in re.split(r"[,;\n]", text.translate(_FULL_WIDTH)):
        if not entry.strip():
            continue
        word, equals, said = (piece.strip() for piece in entry.partition("="))
        told, _colon, explained = (piece.strip() for piece in said.partition(":"))
        outcome = _IN_CHINESE.get(told, told.lower())
        usable = word and len(word) <= _LONGEST and not re.search(r"\s", word)
        if not (equals and usable) or outcome not in OUTCOMES or len(explained) > _LONGEST_TEXT:
            raise TableError(entry.strip())
        table[word.upper()] = Meaning(cast(Outcome, outcome), explained)
    return table


class ReportWords:
    """The tables of one carrier: of words, and of error codes, which win over words."""

    def __init__(self, words: Mapping[str, Meaning], errors: Mapping[str, Meaning]) -> None:
        self._words, self._errors = words, errors

    def __bool__(self) -> bool:
        return bool(self._words or self._errors)

    def is_known(self, word: str) -> bool:
        """Return whether it is known what a word means."""
        return word in KNOWN_WORDS or word in self._words

    def translate(self, reports: Sequence[Report]) -> list[Report]:
        """Return the reports with the states that they mean."""
        return [self._translated(report) for report in reports]

    def unknown(self, reports: Iterable[Report]) -> list[str]:
        """Return the words of these reports that nobody knows, one for each such report."""
        found = [one.stat for one in reports if one.kind == "report" and one.stat and not one.final]
        return [word for word in found if not self.is_known(word)]

    def _translated(self, report: Report) -> Report:
        word = report.stat
        if report.kind != "report" or word is None:
            return report
        told = self._errors.get((report.error or "").upper())
        told = told if told is not None else self._words.get(word)
        if told is None:
            return report
        if told.outcome == "delivered":
            return report._replace(stat=_DELIVERED, final=True)
        if told.outcome == "not final":
            return report._replace(final=False)
        if told.text:
            code = report.error if (report.error or "").upper() in self._errors else word
            return report._replace(stat=f"{code}: {told.text}", final=True)
        return report._replace(stat=_UNDELIVERABLE if word == _DELIVERED else word, final=True)


@lru_cache(maxsize=256)
def report_words(words: str, errors: str) -> ReportWords:
    """Return the tables of a carrier from their texts; words are spelt as its reports are read.

    Raises TableError.
    """
    spelt = {word_of(word): meaning for word, meaning in read_table(words).items()}
    return ReportWords(spelt, read_table(errors))


NO_WORDS: Final = ReportWords({}, {})
