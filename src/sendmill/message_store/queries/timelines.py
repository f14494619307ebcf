"""One message: its row, its parts, the sender that had it, the carrier's ids, and the reports that were kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction

from sendmill.message_store.engine.failover import CARRIER_OF

PATIENCE_MS = 2_000  # for the search of ids that were not recorded with their batch


class MessageFacts(NamedTuple):
    """One message as it is stored."""

    number: int
    file_row: int
    parts: int
    result: int
    submitted_at: datetime | None
    reported_at: datetime | None
    code: str | None
    variables: list[str] | None


class PartFacts(NamedTuple):
    """One part of a long message."""

    part: int
    result: int
    submitted_at: datetime | None
    reported_at: datetime | None
    code: str | None


class ClaimFacts(NamedTuple):
    """The sender that held the message's chunk last, and how often the chunk was claimed."""

    chunk: int
    sender: int | None
    attempt: int
    host: str | None
    pid: int | None


class SubmissionFacts(NamedTuple):
    """One part that a carrier took, with the id it gave; part 0 is a message of one part."""

    part: int
    carrier_id: int
    message_id: str
    submitted_at: datetime


class ReportFacts(NamedTuple):
    """A report as it came, or (kind settled, resent, doubted) what a person decided; `raw` says who."""

    part: int
    kind: str
    message_id: str | None
    code: str | None
    result: int | None
    raw: str
    received_at: datetime


def message(task_id: int, seq: int) -> MessageFacts | None:
    """A message; None when there is none (any more)."""
    found = _rows(
        "SELECT number, file_row, parts, result, submitted_at, reported_at, code, variables "
        "FROM message WHERE task_id = %s AND seq = %s",
        task_id,
        seq,
    )
    return MessageFacts._make(found[0]) if found else None


def parts(task_id: int, seq: int) -> list[PartFacts]:
    """The parts of a long message that were handed over."""
    found = _rows(
        "SELECT part, result, submitted_at, reported_at, code FROM part "
        "WHERE task_id = %s AND seq = %s ORDER BY part",
        task_id,
        seq,
    )
    return [PartFacts._make(row) for row in found]


def claim(task_id: int, seq: int) -> ClaimFacts | None:
    """Who sends the chunk of a message, or sent it."""
    found = _rows(
        "SELECT c.n, c.owner, c.attempt, s.host, s.pid FROM chunk c LEFT JOIN sender s ON s.id = c.owner "
        "WHERE c.task_id = %s AND c.n = %s / 1000",
        task_id,
        seq,
    )
    return ClaimFacts._make(found[0]) if found else None


def carrier_of(task_id: int, seq: int) -> int | None:
    """The carrier that a message was handed to, or is going to be."""
    found = _rows(
        f"SELECT {CARRIER_OF} FROM message m JOIN task t ON t.id = m.task_id "
        "JOIN chunk c ON c.task_id = m.task_id AND c.n = m.seq / 1000 WHERE m.task_id = %s AND m.seq = %s",
        task_id,
        seq,
    )
    return found[0][0] if found else None


def submissions(task_id: int, seq: int, submitted_at: datetime) -> list[SubmissionFacts]:
    """The ids that the carrier gave a message, as far as they are still kept.

    They are recorded at the very time that the message has. Ids of late responses come up to some minutes
    later; that search ends after a while, because the day of a busy carrier is long.
    """
    select = (
        "SELECT part, carrier_id, message_id, submitted_at FROM submission WHERE task_id = %s AND seq = %s"
    )
    found = _rows(f"{select} AND submitted_at = %s ORDER BY part", task_id, seq, submitted_at)
    if not found:
        try:
            with transaction.atomic():
                _rows("SELECT set_config('statement_timeout', %s, true)", str(PATIENCE_MS))
                found = _rows(
                    f"{select} AND submitted_at >= %s AND submitted_at < %s + interval '10 min' ORDER BY part",
                    task_id,
                    seq,
                    submitted_at,
                    submitted_at,
                )
                _rows("SELECT set_config('statement_timeout', '0', true)")
        except OperationalError:
            found = []
    return [SubmissionFacts._make(row) for row in found]


def reports(task_id: int, seq: int) -> list[ReportFacts]:
    """What is kept of the reports of a message, in the order in which it came."""
    found = _rows(
        "SELECT part, kind, message_id, code, result, raw, received_at FROM report "
        "WHERE task_id = %s AND seq = %s ORDER BY received_at, part",
        task_id,
        seq,
    )
    return [ReportFacts._make(row) for row in found]


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
