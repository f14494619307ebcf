"""Limits per number: counted over sliding windows, exact at their edges, the same for tasks side by side."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection
from tests.integration.billing.sendings import CN, Carrier, make_task, to_be_charged

from sendmill.accounts.models import Account
from sendmill.catalog.demo.account import create_demo
from sendmill.cli.sender_process import frequency_caps
from sendmill.dispatch.compiled_task import compile_task
from sendmill.dispatch.frequency_caps import Gate
from sendmill.domain.status_codes import meaning
from sendmill.domain.types import ApplicationType
from sendmill.message_store.engine import chunks
from sendmill.message_store.engine.frequency_caps import Limits, judge
from sendmill.message_store.queries.expired_rows import delete_recent_sends
from sendmill.runtime.settings import ENV
from sendmill.tasks import charging
from sendmill.tasks.models import Task

NOW = datetime(2030, 5, 15, 12, tzinfo=UTC)
FREE = Limits(0, 60, 0, 0, 0)
CAPS = frequency_caps(ENV)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)


@pytest.fixture
def account(transactional_db: None, tmp_path: Any) -> Account:
    return create_demo(data_dir=tmp_path).account


def sent(account: Account, at: datetime, times: int = 1, *, kind: int = 1, content: int = 7) -> None:
    """The first number got so many messages at this time from other tasks."""
    with connection.cursor() as cursor:
        for task_id in range(times):
            cursor.execute(
                "INSERT INTO recent_send (account_id, number, task_id, type, content, at) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
                [account.pk, CN, -task_id - 1, kind, content, at],
            )


def run(task: Task, step: Any) -> Any:
    """Run a step with a connection of the sender's kind and a leased chunk of the task."""

    async def with_chunk() -> Any:
        async with await Carrier(task, random.Random(0)).connect() as conn:
            chunk = await chunks.claim(conn, 1, task.pk)
            assert chunk is not None
            try:
                return await step(conn, chunk)
            finally:
                await chunks.release(conn, chunk, 1)

    return asyncio.run(with_chunk())


def verdict(
    task: Task, limits: Limits, *, kind: int = 1, content: int = 7, now: datetime = NOW
) -> str | None:
    """The code with which the first message of a task is refused, None when it passes."""

    def step(conn: AsyncConnection, chunk: chunks.Chunk) -> Coroutine[Any, Any, set[int]]:
        return judge(conn, chunk, 1, kind, limits, [(0, CN, content)], now)

    refused = run(task, step)
    with connection.cursor() as cursor:
        cursor.execute("SELECT result, code FROM message WHERE task_id = %s AND seq = 0", [task.pk])
        result, code = cursor.fetchone()
    assert (result == 2) == bool(refused) == bool(code)
    return code


def test_the_limits_are_those_of_the_settings() -> None:
    assert CAPS[1] == Limits(2, 60, 50, 2, 5)
    assert CAPS[2] == Limits(10, 60, 50, 2, 5)
    assert CAPS[3] == Limits(4, 3600, 10, 2, 5)
    assert not FREE


@pytest.mark.parametrize(
    ("limits", "times", "span", "code"),
    [
        (Limits(2, 60, 0, 0, 0), 2, timedelta(seconds=60), "TOOFAST"),
        (Limits(10, 60, 0, 0, 0), 10, timedelta(seconds=60), "TOOFAST"),
        (Limits(4, 3600, 0, 0, 0), 4, timedelta(hours=1), "TOOFAST"),
        (Limits(0, 60, 50, 0, 0), 50, timedelta(hours=24), "LIMIT"),
        (Limits(0, 60, 10, 0, 0), 10, timedelta(hours=24), "LIMIT"),
        (Limits(0, 60, 0, 2, 0), 2, timedelta(seconds=59), "REPEATED"),
        (Limits(0, 60, 0, 0, 5), 5, timedelta(minutes=59), "REPEATED"),
    ],
)
def test_each_limit_at_its_edges(
    account: Account, limits: Limits, times: int, span: timedelta, code: str
) -> None:
    sent(account, NOW, times - 1)
    assert verdict(make_task(account, "mainland", [1]), limits, now=NOW) is None
    assert verdict(make_task(account, "mainland", [1]), limits, now=NOW + span - TICK) == code
    assert verdict(make_task(account, "mainland", [1]), limits, now=NOW + span) is None


def test_other_types_texts_numbers_and_accounts_do_not_count(account: Account) -> None:
    limits = Limits(1, 60, 1, 1, 1)
    sent(account, NOW, kind=2, content=8)
    neighbour = Account.objects.create(name="Neighbour")
    sent(neighbour, NOW)
    assert verdict(make_task(account, "mainland", [1]), limits) is None
    assert verdict(make_task(account, "mainland", [1]), limits, content=9) == "LIMIT"
    assert verdict(make_task(account, "mainland", [1]), limits, kind=3, content=7) == "REPEATED"


def test_a_message_judged_before_passes_again_and_counts_once(account: Account) -> None:
    limits = Limits(2, 60, 0, 0, 0)
    task = make_task(account, "mainland", [1])
    assert verdict(task, limits) is None
    assert verdict(task, limits) is None
    assert verdict(make_task(account, "mainland", [1]), limits) is None
    assert verdict(task, limits) is None
    assert verdict(make_task(account, "mainland", [1]), limits) == "TOOFAST"


def test_a_lost_lease_judges_nothing(account: Account) -> None:
    sent(account, NOW)
    task = make_task(account, "mainland", [1])

    async def step(conn: AsyncConnection, chunk: chunks.Chunk) -> set[int]:
        stale = chunk._replace(attempt=chunk.attempt - 1)
        return await judge(conn, stale, 1, 1, Limits(1, 60, 0, 0, 0), [(0, CN, 7)], NOW)

    assert run(task, step) == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM recent_send WHERE task_id = %s", [task.pk])
        assert cursor.fetchone() == (0,)


def test_refused_messages_are_counted_kept_as_failed_and_not_charged(account: Account) -> None:
    task = make_task(account, "mainland", [1, 2])
    charging.reserve(task)
    sent(account, NOW)
    assert verdict(task, Limits(1, 60, 0, 0, 0)) == "TOOFAST"
    with connection.cursor() as cursor:
        cursor.execute("SELECT failed, uncertain FROM tally WHERE task_id = %s", [task.pk])
        assert cursor.fetchone() == (1, 0)
        cursor.execute("SELECT seq FROM failure WHERE task_id = %s", [task.pk])
        assert cursor.fetchall() == [(0,)]
    charging.settle(task.pk)
    assert to_be_charged(task) == {}
    for code in ("TOOFAST", "LIMIT", "REPEATED"):
        assert not any(meaning(code).is_charged(kind) for kind in ApplicationType)


def test_two_senders_at_once_do_not_both_send_the_last_message(account: Account) -> None:
    tasks = [make_task(account, "mainland", [1]) for _ in range(6)]

    async def one(task: Task) -> set[int]:
        async with await Carrier(task, random.Random(0)).connect() as conn:
            chunk = await chunks.claim(conn, 1, task.pk)
            assert chunk is not None
            return await judge(conn, chunk, 1, 1, Limits(2, 60, 0, 0, 0), [(0, CN, 7)])

    async def all_of_them() -> list[set[int]]:
        return await asyncio.gather(*(one(task) for task in tasks))

    assert sorted(map(len, asyncio.run(all_of_them()))) == [0, 0, 1, 1, 1, 1]


def test_old_sends_are_forgotten_and_no_others(account: Account) -> None:
    delete_recent_sends(NOW + timedelta(days=2))
    sent(account, NOW - timedelta(hours=24) - TICK)
    sent(account, NOW - timedelta(hours=24), 2)
    assert delete_recent_sends(NOW) == 1
    assert delete_recent_sends(NOW) == 0


def test_the_gate_lets_through_what_may_be_sent_window_by_window(account: Account) -> None:
    task = make_task(account, "mainland", [1] * 7)
    snapshot = task.snapshot | {"content": "您好。", "attributes": {}, "signature": "示例", "source": "1069"}
    text = compile_task(task.pk, 1, snapshot)
    assert text.mainland
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO recent_send SELECT %s, %s + n, -1, 1, 0, now() FROM unnest(%s::int[]) n, "
            "generate_series(1, 2)",
            [account.pk, CN, [0, 1, 2, 4]],
        )

    async def step(conn: AsyncConnection, chunk: chunks.Chunk) -> list[tuple[list[int], int]]:
        gate = Gate(chunk, 1, text, CAPS)
        waiting = await chunks.recipients(conn, chunk)
        seen = []
        for taken in (1, 1, 9):
            waiting, ready = await gate.admit(conn, waiting, 3)
            seen.append(([one.seq for one in waiting], ready))
            waiting = waiting[min(taken, ready) :]
        waiting, ready = await gate.admit(conn, waiting, 3)
        return [*seen, ([one.seq for one in waiting], ready)]

    assert run(task, step) == [([3, 5, 6], 2), ([5, 6], 2), ([6], 1), ([], 0)]


def test_international_tasks_are_let_through_without_a_statement(account: Account) -> None:
    task = make_task(account, "international", [1, 1])
    snapshot = task.snapshot | {"content": "Hello", "attributes": {}, "signature": None, "source": "Mill"}
    gate = Gate(chunks.Chunk(task.pk, 0, 1, 0, 2, 0, 0), 1, compile_task(task.pk, 1, snapshot), CAPS)
    waiting = [chunks.Recipient(0, 1, None), chunks.Recipient(1, 2, None)]
    assert asyncio.run(gate.admit(None, waiting, 1)) == (waiting, 2)  # type: ignore[arg-type]


sends = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 20, 58, 59, 60, 1800, 3540, 40_000]), st.integers(1, 2), st.integers(1, 2)
    ),
    min_size=1,
    max_size=12,
)


def test_an_oracle_agrees(account: Account) -> None:
    limits = Limits(2, 60, 4, 2, 3)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=sends)
    def example(steps: list[tuple[int, int, int]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM recent_send")
        now, passed = NOW, []
        for seconds, kind, content in steps:
            now += seconds * SECOND
            ages = [(now - at, one, text) for at, one, text in passed]
            of_type = [age for age, one, _ in ages if one == kind and age < timedelta(hours=24)]
            of_text = [age for age, _, text in ages if text == content]
            expected = None
            if sum(age < timedelta(minutes=59) for age in of_text) >= 3:
                expected = "REPEATED"
            if sum(age < timedelta(seconds=59) for age in of_text) >= 2:
                expected = "REPEATED"
            if sum(age < timedelta(seconds=60) for age in of_type) >= 2:
                expected = "TOOFAST"
            if len(of_type) >= 4:
                expected = "LIMIT"
            task = make_task(account, "mainland", [1])
            assert verdict(task, limits, kind=kind, content=content, now=now) == expected
            if expected is None:
                passed.append((now, kind, content))

    example()
