"""Tasks are charged for what was sent, as their rows say, exactly once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.billing.sendings import Carrier, make_task, may_be_charged, to_be_charged

from sendmill.accounts.models import Account, Member
from sendmill.billing import ledger
from sendmill.billing.models import Charge, LedgerEntry
from sendmill.catalog.demo.account import create_demo
from sendmill.domain.results import Result
from sendmill.domain.task_life import TaskStatus
from sendmill.domain.violations import Refused
from sendmill.message_store.queries import uncertain, unsent_messages
from sendmill.tasks import charging
from sendmill.tasks.models import Task
from sendmill.worker import reconciliation

KINDS = ["international", "mainland"]
STEPS = [
    "send",
    "send",
    "send",
    "report",
    "report",
    "failed",
    "resend",
    "expire",
    "settle",
    "settle",
    "end",
    "doubt",
]


@pytest.fixture
def account(transactional_db: None, tmp_path: object) -> Account:
    return create_demo(data_dir=tmp_path).account  # type: ignore[arg-type]


def charged(task: Task) -> dict[str, int]:
    return {k: v for k, v in Charge.objects.get(pk=task.pk).charged_parts.items() if v}


def kept(task: Task) -> Counter[str]:
    """The parts for which something is charged or held."""
    charge = Charge.objects.get(pk=task.pk)
    return Counter(charge.parts) - Counter(charge.released_parts)


def adds_up(account: Account, opening: Decimal) -> None:
    assert ledger.discrepancies() == []
    spent = sum((one.charged for one in Charge.objects.filter(account=account)), Decimal(0))
    assert ledger.standing(account).amount == opening - spent


def settle_by_hand(task: Task, choice: str) -> None:
    """A person, or the hours, decide about what has no report."""
    result, code = int(Result.FAILED), "SETTLED"
    if choice == "failed":
        uncertain.settle_uncertain(
            task.pk, 0, 1000, chosen=uncertain.Chosen(), result=result, code=code, who="desk"
        )
    elif choice == "end":
        unsent_messages.end_unsent(task.pk)
    elif choice == "doubt":
        unsent_messages.mark_unsent_uncertain(task.pk, "desk")
    elif choice == "resend":
        uncertain.send_again(task.pk, 0, 1000, chosen=uncertain.Chosen(), who="desk")
    else:
        before = timezone.now() + timedelta(hours=1)
        uncertain.expire(task.pk, 0, 1000, before=before, result=result, code="EXPIRED")


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_the_rows_are_charged(account: Account, kind: str) -> None:
    opening = ledger.standing(account).amount

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def example(seed: int) -> None:
        dice = random.Random(seed)
        parts = [dice.choice([1, 1, 2, 3]) for _ in range(dice.randint(1, 14))]
        task = make_task(account, kind, parts)
        charging.reserve(task)
        carrier = Carrier(task, dice)

        async def drive(step: str) -> None:
            async with await carrier.connect() as conn:
                if step == "send":
                    await carrier.send(conn, dict(enumerate(parts)))
                else:
                    await carrier.report(conn)

        for _ in range(dice.randint(3, 14)):
            step = dice.choice(STEPS)
            if step in ("send", "report"):
                asyncio.run(drive(step))
            elif step == "settle":
                charging.settle(task.pk)
                assert charged(task) == to_be_charged(task)
                assert kept(task) == may_be_charged(task)
                assert not charging.settle(task.pk)
                adds_up(account, opening)
            else:
                settle_by_hand(task, step)
        Task.objects.filter(pk=task.pk).update(status=TaskStatus.COMPLETED)
        charging.settle(task.pk)
        at_end = charged(task)
        assert at_end == to_be_charged(task)
        assert Charge.objects.get(pk=task.pk).held == 0
        assert not charging.settle(task.pk)
        asyncio.run(drive("report"))
        charging.settle_late()
        charging.settle_late_parts()
        assert all(charged(task)[region] >= count for region, count in at_end.items())
        adds_up(account, opening)
        assert reconciliation.check(task) == []

    example()


@pytest.mark.parametrize(
    ("kind", "due"), [("international", {"DE": 3 + 3, "US": 2}), ("mainland", {"CN": 3})], ids=KINDS
)
def test_a_message_that_the_carrier_cuts_is_charged_by_its_parts(
    account: Account, kind: str, due: dict[str, int]
) -> None:
    """Delivered, taken and reported as failed, taken and not reported; refused and never sent."""
    task = make_task(account, kind, [3, 2, 3, 2, 3])
    charging.reserve(task)
    with connection.cursor() as cursor:
        for seq, result, code, reported in (
            (0, Result.SUCCESSFUL, "DELIVRD", True),
            (1, Result.FAILED, "UNDELIV", True),
            (2, Result.SENDING, None, False),
            (3, Result.FAILED, "SMPP-0x0000000B", False),
        ):
            cursor.execute(
                "UPDATE message SET result = %s, code = %s, submitted_at = now(), "
                "reported_at = CASE WHEN %s THEN now() END WHERE task_id = %s AND seq = %s",
                [int(result), code, reported, task.pk, seq],
            )
    charging.settle(task.pk)
    assert charged(task) == due


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sent_is_nothing_charged(account: Account, kind: str) -> None:
    task = make_task(account, kind, [1, 2, 3])
    charging.reserve(task)
    charging.settle(task.pk)
    assert charged(task) == {}
    assert ledger.standing(account).held == Charge.objects.get().held > 0


@pytest.mark.parametrize(
    ("kind", "left"), [("international", {"DE": 1 + 3, "US": 1 + 2}), ("mainland", {"CN": 3 + 2})], ids=KINDS
)
def test_what_failed_is_released_while_reports_are_awaited(
    account: Account, kind: str, left: dict[str, int]
) -> None:
    """Refused; failed by a report; waiting; not sent; awaiting its report; Uncertain."""
    opening = ledger.standing(account).amount
    task = make_task(account, kind, [2, 1, 3, 2, 1, 2] if kind == "international" else [2, 1, 1, 2, 2, 2])
    charging.reserve(task)
    with connection.cursor() as cursor:
        for seq, result, code, reported in (
            (0, Result.FAILED, "SMPP-0x0000000B", False),
            (1, Result.FAILED, "UNDELIV", True),
            (3, Result.NOT_SENT, None, False),
            (4, Result.SENDING, None, False),
            (5, Result.UNCERTAIN, "UNCERTAIN", False),
        ):
            cursor.execute(
                "UPDATE message SET result = %s, code = %s, submitted_at = now(), "
                "reported_at = CASE WHEN %s THEN now() END WHERE task_id = %s AND seq = %s",
                [int(result), code, reported, task.pk, seq],
            )
        cursor.execute(
            "UPDATE tally SET failed = 2, not_sent = 1, uncertain = 1 WHERE task_id = %s", [task.pk]
        )
    start = timezone.now()
    assert charging.settle_due(start + timedelta(seconds=61)) == 1
    assert charging.settle_due(start + timedelta(seconds=300)) == 0
    prices = {"DE": Decimal("0.07"), "US": Decimal("0.01"), "CN": Decimal("0.03")}
    taken = {"DE": 1, "US": 1} if kind == "international" else {}
    assert charged(task) == taken
    assert kept(task) == Counter(left) | Counter(taken)
    owed = sum((prices[region] * count for region, count in kept(task).items()), Decimal(0))
    paid = sum((prices[region] * count for region, count in taken.items()), Decimal(0))
    assert ledger.standing(account).held == owed - paid
    assert LedgerEntry.objects.filter(kind="release").count() == 1
    adds_up(account, opening)


def test_what_failed_and_is_delivered_after_all_is_charged(account: Account) -> None:
    task = make_task(account, "mainland", [1, 1])
    charging.reserve(task)
    sql = "UPDATE message SET result = %s, reported_at = now(), submitted_at = now() WHERE task_id = %s AND seq = 0"
    with connection.cursor() as cursor:
        cursor.execute(sql, [int(Result.FAILED), task.pk])
        assert charging.settle(task.pk)
        assert ledger.standing(account).held == Decimal("0.03")
        cursor.execute(sql, [int(Result.SUCCESSFUL), task.pk])
        assert charging.settle(task.pk)
    assert charged(task) == {"CN": 1}
    assert ledger.standing(account).held == Decimal("0.03")
    assert LedgerEntry.objects.filter(kind="correction", amount=Decimal("-0.03")).count() == 1
    assert ledger.discrepancies() == []


def test_a_canceled_or_vanished_task_gives_everything_back(account: Account) -> None:
    canceled, gone = make_task(account, "mainland", [1]), make_task(account, "mainland", [2])
    for task in (canceled, gone):
        charging.reserve(task)
    Task.objects.filter(pk=canceled.pk).update(status=TaskStatus.CANCELED)
    Task.objects.filter(pk=gone.pk).delete()
    assert charging.settle_due() == 2
    assert ledger.standing(account).held == 0
    assert charging.settle_due() == 0


def test_rows_that_are_dropped_change_nothing(account: Account) -> None:
    task = make_task(account, "international", [1, 1])
    charging.reserve(task)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE message SET result = 1, submitted_at = now() WHERE task_id = %s", [task.pk])
        cursor.execute("UPDATE tally SET successful = messages WHERE task_id = %s", [task.pk])
        Task.objects.filter(pk=task.pk).update(status=TaskStatus.COMPLETED)
        charging.settle(task.pk)
        assert charged(task) == {"DE": 1, "US": 1}
        for table in ("message", "tally", "chunk"):
            cursor.execute(f"DELETE FROM {table} WHERE task_id = %s", [task.pk])
    assert not charging.settle(task.pk)
    assert charging.settle_late() == 0
    assert charged(task) == {"DE": 1, "US": 1}


def test_tasks_under_way_are_settled_when_all_is_sent_and_now_and_then(account: Account) -> None:
    task = make_task(account, "international", [1, 1, 1, 1])
    charging.reserve(task)
    start = timezone.now()
    sql = "UPDATE message SET submitted_at = now() WHERE task_id = %s AND seq < %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [task.pk, 1])
        cursor.execute("UPDATE chunk SET next_seq = 1 WHERE task_id = %s", [task.pk])
        assert charging.settle_due(start) == 0
        assert charging.settle_due(start + timedelta(seconds=61)) == 1
        assert charging.settle_due(start + timedelta(seconds=300)) == 0
        cursor.execute(sql, [task.pk, 4])
        cursor.execute("UPDATE chunk SET next_seq = 4 WHERE task_id = %s", [task.pk])
        assert charging.settle_due(start) == 1
    assert charged(task) == {"US": 2, "DE": 2}
    assert LedgerEntry.objects.filter(kind="charge").count() == 2


def test_a_task_that_cannot_be_paid_is_refused(account: Account) -> None:
    ledger.withdraw(account, ledger.standing(account).amount - Decimal("0.08"))
    charging.reserve(make_task(account, "international", [1, 1]))
    with pytest.raises(Refused, match="balance is too low"):
        charging.reserve(make_task(account, "mainland", [1]))
    with pytest.raises(Refused):
        charging.require_affordable(make_task(account, "mainland", [1]))
    assert Member.objects.filter(account=account).exists()
