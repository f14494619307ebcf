"""The simulator's journal against the database: what the carrier took, and what we say became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from tests.rig.store import check_books

from sendmill.simulator.journal import read_journal

# One row of the journal for every part that the carrier accepted, beside what the store knows of it.
# Numbers come again in other tasks: a message is known by its number and the sender address of its task.
_JOURNAL = "CREATE TABLE journal (carrier_id text, number bigint, part int, source text, state text)"
_SENT = """
CREATE TABLE sent AS
SELECT m.task_id, m.seq, m.number, m.parts, m.result, m.submitted_at, t.snapshot ->> 'source' AS source
FROM message m JOIN task t ON t.id = m.task_id
"""

_TWICE = (
    "SELECT min(carrier_id), part, count(*) FROM journal GROUP BY number, source, part HAVING count(*) > 1"
)
_VANISHED = """
SELECT j.carrier_id FROM journal j LEFT JOIN sent m ON m.number = j.number AND m.source = j.source
WHERE m.number IS NULL OR (m.submitted_at IS NULL AND m.result = 0)
"""
# The store says that the carrier took it (it has the carrier's id), and the carrier never did.
_INVENTED = """
SELECT s.message_id FROM submission s JOIN sent m USING (task_id, seq)
LEFT JOIN journal j ON j.carrier_id = s.message_id
    AND j.number = m.number AND j.source = m.source AND j.part = CASE s.part WHEN 0 THEN 1 ELSE s.part END
WHERE j.carrier_id IS NULL
"""
_NEVER_ACCEPTED = """
SELECT m.task_id, m.seq FROM sent m LEFT JOIN journal j ON j.number = m.number AND j.source = m.source
WHERE m.submitted_at IS NOT NULL AND j.number IS NULL AND m.result IN (0, 1)
"""
# Every part has a report, and the carrier got each one acknowledged: it settled its message or part, or it
# is kept as an orphan.
_REPORT_LOST = """
SELECT j.carrier_id, m.result, p.result FROM journal j JOIN sent m ON m.number = j.number AND m.source = j.source
LEFT JOIN part p ON p.task_id = m.task_id AND p.seq = m.seq AND p.part = j.part AND m.parts > 1
WHERE NOT EXISTS (SELECT FROM orphan o WHERE o.message_id = j.carrier_id AND o.number = j.number)
  AND NOT (EXISTS (SELECT FROM submission s
                   WHERE s.message_id = j.carrier_id AND s.task_id = m.task_id AND s.seq = m.seq)
           AND CASE WHEN m.parts > 1 THEN p.result ELSE m.result END IN (1, 2))
"""
# A message, or part, that has another result than the carrier gave it: a report of another one settled it. Where the
# carrier gave one number the same id twice, within a minute perhaps, nobody can tell.
_SETTLED_BY_ANOTHER = """
SELECT j.carrier_id, m.task_id, m.seq, j.part, CASE WHEN m.parts > 1 THEN p.result ELSE m.result END AS result, j.state
FROM journal j JOIN sent m ON m.number = j.number AND m.source = j.source
LEFT JOIN part p ON p.task_id = m.task_id AND p.seq = m.seq AND p.part = j.part AND m.parts > 1
WHERE CASE WHEN m.parts > 1 THEN p.result ELSE m.result END = CASE j.state WHEN 'DELIVERED' THEN 2 ELSE 1 END
  AND NOT EXISTS (SELECT FROM journal o
                  WHERE o.carrier_id = j.carrier_id AND o.number = j.number AND o.source <> j.source)
"""
_UNFINISHED = "SELECT task_id, n FROM chunk WHERE state <> 2"


@dataclass
class Verdict:
    """What a run ended with. Every list has to be empty."""

    accepted_parts: int
    messages: int
    successful: int
    failed: int
    uncertain: int
    sent_twice: list[Any] = field(default_factory=list)
    vanished: list[Any] = field(default_factory=list)
    invented: list[Any] = field(default_factory=list)
    reports_lost: list[Any] = field(default_factory=list)
    settled_by_another: list[Any] = field(default_factory=list)
    unfinished: list[Any] = field(default_factory=list)
    sending: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        found = (self.sent_twice, self.vanished, self.invented, self.reports_lost, self.settled_by_another)
        return not any(found) and not self.unfinished and not self.sending and not self.problems

    def describe(self) -> dict[str, Any]:
        """The verdict as plain values: how many of each, and a few of what should not be."""
        return {
            name: (f"{len(value)}: {value[:3]}" if value else 0) if isinstance(value, list) else value
            for name, value in asdict(self).items()
        }


def compare(dsn: str, journal: Path) -> Verdict:
    """Compare when everything has come to rest."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        parts = _load(conn, journal)
        problems = []
        try:
            check_books(conn)
        except AssertionError as error:
            problems.append(str(error))
        row = conn.execute(
            "SELECT count(*), count(*) FILTER (WHERE result = 1), count(*) FILTER (WHERE result = 2), "
            "count(*) FILTER (WHERE result = 3), count(*) FILTER (WHERE result = 0) FROM message"
        ).fetchone()
        assert row is not None
        return Verdict(
            accepted_parts=parts,
            messages=row[0],
            successful=row[1],
            failed=row[2],
            uncertain=row[3],
            sent_twice=conn.execute(_TWICE).fetchall(),
            vanished=conn.execute(_VANISHED).fetchall(),
            invented=conn.execute(_INVENTED).fetchall() + conn.execute(_NEVER_ACCEPTED).fetchall(),
            reports_lost=conn.execute(_REPORT_LOST).fetchall(),
            settled_by_another=conn.execute(_SETTLED_BY_ANOTHER).fetchall(),
            unfinished=conn.execute(_UNFINISHED).fetchall(),
            sending=row[4],
            problems=problems,
        )


def _load(conn: psycopg.Connection[tuple[Any, ...]], journal: Path) -> int:
    """Make the tables that are compared; returns how many parts were accepted."""
    conn.execute("DROP TABLE IF EXISTS journal, sent")
    conn.execute(_JOURNAL)
    conn.execute(_SENT)
    parts = 0
    with conn.cursor() as cursor, cursor.copy("COPY journal FROM STDIN") as copy:
        for entry in read_journal(journal):
            parts += 1
            copy.write_row((entry.carrier_id, entry.destination, entry.number, entry.source, entry.state))
    conn.execute("CREATE INDEX ON journal (number)")
    conn.execute("CREATE INDEX ON sent (number)")
    conn.execute("CREATE INDEX ON sent (task_id, seq)")
    conn.execute("CREATE INDEX ON journal (carrier_id)")
    # Looked up by the carrier's id for every part: without an index the longest runs never end.
    conn.execute("CREATE INDEX IF NOT EXISTS verdict_submission ON submission (message_id)")
    conn.execute("CREATE INDEX IF NOT EXISTS verdict_orphan ON orphan (message_id)")
    conn.execute("ANALYZE journal, sent, submission, message, part, orphan")
    return parts
