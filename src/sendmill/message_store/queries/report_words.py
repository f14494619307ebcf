"""Words in a carrier's reports of which nobody knew what they mean, and the reports that were kept for that."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

DAYS = 14  # reports of messages that ended before are not read again


class Word(NamedTuple):
    """A word, in how many reports it stood, and when last."""

    word: str
    reports: int
    last_at: datetime


class KeptReport(NamedTuple):
    """A report as it came that settled nothing: the carrier's id, as its response wrote it, the word, the text."""

    message_id: str
    code: str
    raw: str


def words_of(carrier_id: int) -> list[Word]:
    """The words of a carrier that were not known when they came, the commonest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, reports, last_at FROM report_word WHERE carrier_id = %s ORDER BY reports DESC, word",
            [carrier_id],
        )
        return [Word(*row) for row in cursor.fetchall()]


def not_final(carrier_id: int) -> list[KeptReport]:
    """Reports of the last days that were kept and were not final, in the order in which they came."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT message_id, code, raw FROM report WHERE carrier_id = %s AND kind = 'report' AND result IS NULL "
            "AND received_at > now() - make_interval(days => %s) ORDER BY received_at",
            [carrier_id, DAYS],
        )
        return [KeptReport(*row) for row in cursor.fetchall()]
