"""A task whose messages are sent and reported by the product's own statements, and an oracle of its price."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl
from django.db import connection, transaction
from psycopg import AsyncConnection

from sendmill.accounts.models import Account
from sendmill.carriers.protocol import Outcome, OutgoingPart
from sendmill.catalog.models import Application, Template
from sendmill.dispatch.outcomes import weigh
from sendmill.domain.results import Result
from sendmill.domain.status_codes import meaning
from sendmill.domain.task_life import ImportState, TaskStatus
from sendmill.domain.types import ApplicationType
from sendmill.message_store.engine import batches, chunks, report_matching
from sendmill.message_store.queries import bulk_import
from sendmill.tasks.models import Task

US, DE, CN = 12025550000, 4915100000000, 8613100000000
STATS = [("DELIVRD", 1), ("DELIVRD", 1), ("UNDELIV", 2), ("REJECTD", 2), ("ACCEPTD", None), ("LIMIT", 2)]
STATUSES: list[int | None] = [0, 0, 0, 0, 0x0B, 0x58, 0x45, None, -1]


def make_task(
    account: Account, kind: str, parts: Sequence[int], *, status: str = TaskStatus.EXECUTING
) -> Task:
    """An imported task of so many parts a message; international numbers alternate between two countries."""
    application = Application.objects.get(account=account, type=kind)
    template = Template.objects.filter(application=application, type="notification").earliest("id")
    mainland = kind == ApplicationType.MAINLAND
    numbers = [CN + n if mainland else (US if n % 2 else DE) + n for n in range(len(parts))]
    prices = {"CN": "0.03"} if mainland else {"US": "0.01", "DE": "0.07"}
    snapshot = {"application_type": kind, "service_type": "notification", "prices": prices, "currency": "USD"}
    with transaction.atomic():
        task = Task.objects.create(
            account=account, name="Task", application=application, template=template, status=status,
            snapshot=snapshot, priority=2, accepted=len(parts), invalid=0, duplicate=0, unfit=0,
            parts=sum(parts), import_state=ImportState.IMPORTED, carrier=application.carrier,
        )  # fmt: skip
        frame = pl.DataFrame(
            {
                "row": range(2, len(parts) + 2),
                "number": numbers,
                "parts": parts,
                "variables": [[]] * len(parts),
            },
            schema={"row": pl.Int32, "number": pl.Int64, "parts": pl.Int16, "variables": pl.List(pl.String)},
        )
        bulk_import.insert_task_rows(task.pk, frame)
    return task


def to_be_charged(task: Task) -> Counter[str]:
    """The rules, read from the rows one by one: international what was accepted, mainland what was delivered."""
    return _by_rules(task)[0]


def may_be_charged(task: Task) -> Counter[str]:
    """What is charged, and what can be without a report against a final result."""
    charged, open_ = _by_rules(task)
    return charged + open_


def _by_rules(task: Task) -> tuple[Counter[str], Counter[str]]:
    """What is charged by region, and what can still be: what waits, is Uncertain or has no final result."""
    kind = ApplicationType(task.snapshot["application_type"])
    charged: Counter[str] = Counter()
    still: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, number, parts, result, code, submitted_at, reported_at FROM message WHERE task_id = %s",
            [task.pk],
        )
        messages = cursor.fetchall()
        cursor.execute("SELECT seq, result, code, reported_at FROM part WHERE task_id = %s", [task.pk])
        parts = cursor.fetchall()
    for seq, number, count, result, code, submitted_at, reported_at in messages:
        own = [(result, code, reported_at)] if count == 1 else [row[1:] for row in parts if row[0] == seq]
        region = "CN" if kind is ApplicationType.MAINLAND else "US" if str(number)[0] == "1" else "DE"
        due = [submitted_at is not None and _is_charged(kind, *one) for one in own]
        charged[region] += sum(due)
        if result in (Result.SENDING, Result.UNCERTAIN):
            still[region] += count - sum(due)
        elif result == Result.FAILED and count > 1 and own:
            known = sum(done or one[0] == Result.FAILED for one, done in zip(own, due, strict=True))
            still[region] += count - known
    return +charged, +still


def _is_charged(kind: ApplicationType, result: int, code: str | None, reported: object) -> bool:
    if kind is ApplicationType.MAINLAND:
        return result == Result.SUCCESSFUL
    if result == Result.FAILED:
        return bool(reported or (code and meaning(code).is_charged(kind)))
    return result in (Result.SENDING, Result.SUCCESSFUL)


@dataclass
class Carrier:
    """Sends a task window by window with random outcomes, and reports what was accepted."""

    task: Task
    dice: random.Random
    ids: list[str] = field(default_factory=list)
    owner: int = 1

    async def connect(self) -> AsyncConnection:
        settings = connection.get_connection_params()
        names = ("host", "port", "user", "password", "dbname")
        return await AsyncConnection.connect(
            **{name: settings[name] for name in names if settings.get(name)}, autocommit=True
        )

    async def send(self, conn: AsyncConnection, parts: dict[int, int]) -> None:
        """One claim: windows until the chunk is done, or given back, or left behind by a crash."""
        chunk = await chunks.claim(conn, self.owner, self.task.pk)
        if chunk is None:
            return
        waiting = await chunks.recipients(conn, chunk)
        while waiting and self.dice.random() < 0.9:
            window = waiting[: self.dice.randint(1, 4)]
            behind = waiting[len(window) :]
            hi = behind[0].seq if behind else chunk.hi
            assert await batches.intend(conn, chunk, self.owner, hi)
            if self.dice.random() < 0.15:
                await self.crash(conn)
                return
            flat = [
                [
                    OutgoingPart(one.number, b"x", False, 1, parts[one.seq], n + 1)
                    for n in range(parts[one.seq])
                ]
                for one in window
            ]
            outcomes = [
                Outcome(self.dice.choice(STATUSES), f"{self.task.pk}-{len(self.ids)}-{place}")
                for place in range(sum(map(len, flat)))
            ]
            weighed = weigh(window, flat, outcomes)
            record = weighed.record._replace(next_seq=weighed.unsent[0].seq if weighed.unsent else hi)
            assert await batches.record(conn, chunk, self.owner, 1, record)
            self.ids += weighed.record.ids
            waiting = weighed.unsent + behind
        await chunks.release(conn, chunk, self.owner)

    async def crash(self, conn: AsyncConnection) -> None:
        """The open window becomes uncertain, as a recovery leaves it."""
        await conn.execute(
            "UPDATE message m SET result = 3, submitted_at = now() FROM chunk c WHERE c.task_id = %s "
            "AND c.batch_hi IS NOT NULL AND m.task_id = c.task_id AND m.seq >= c.next_seq "
            "AND m.seq < c.batch_hi AND m.submitted_at IS NULL AND m.result = 0",
            [self.task.pk],
        )
        await conn.execute(
            "UPDATE tally t SET uncertain = (SELECT count(*) FROM message m WHERE m.task_id = t.task_id "
            "AND m.result = 3) WHERE task_id = %s",
            [self.task.pk],
        )
        await conn.execute(
            "UPDATE chunk SET next_seq = batch_hi, batch_hi = NULL, owner = NULL, "
            "state = CASE WHEN batch_hi >= hi THEN 2 ELSE 0 END WHERE task_id = %s AND batch_hi IS NOT NULL",
            [self.task.pk],
        )

    async def report(self, conn: AsyncConnection) -> None:
        """Reports about some of what was accepted, doubles among them."""
        if self.ids:
            chosen = self.dice.choices(self.ids, k=self.dice.randint(1, 8))
            batch = []
            for one in chosen:
                stat, result = self.dice.choice(STATS)
                batch.append(report_matching.ReportToMatch(one, result, stat))
            await report_matching.match(conn, 1, batch)
