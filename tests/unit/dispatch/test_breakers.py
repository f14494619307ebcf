"""The breakers of a carrier in one process: what is forgotten when, and how long a task rests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from sendmill.dispatch.breakers import SOON, CarrierBreakers, Probe, rest_after
from sendmill.dispatch.outcomes import Weighed
from sendmill.domain.breaker import Answers, BreakerLimits
from sendmill.message_store.engine.batches import BatchRecord
from sendmill.postgres.connection_pool import Pool

SYSERR, SUBMIT_FAIL = 0x08, 0x45
TASK = 7


class Store:
    """A pool whose connection answers nothing, and what was executed."""

    def __init__(self) -> None:
        self.executed: list[str] = []

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Store]:
        yield self

    async def execute(self, statement: str, _parameters: object = None) -> Store:
        self.executed.append(statement.split()[0])
        return self

    async def fetchone(self) -> None:
        return None


def breakers_of(store: Store, run: int = 3) -> CarrierBreakers:
    return CarrierBreakers(cast(Pool, store), 1, BreakerLimits(run=run))


def weighed(kept_back: int, results: tuple[Any, ...] = (), accepted: int = 0) -> Weighed:
    record = BatchRecord(0, (), (), (), None, (), results)
    return Weighed(record, [], False, [], [], kept_back, accepted, 0, 0)


async def test_a_run_goes_on_until_the_store_says_that_it_was_released() -> None:
    breakers = breakers_of(Store())
    answers = breakers.answers(TASK)
    assert [answers.refuse(seq, SUBMIT_FAIL) for seq in range(4)] == [False, False, False, True]
    # The intent of another batch began before this one was committed: it says nothing of a release.
    assert not breakers.stopped(TASK)
    assert await breakers.tell(TASK, answers)
    assert breakers.stopped(TASK)
    assert breakers.answers(TASK).refuse(4, SUBMIT_FAIL)
    breakers.released(TASK)
    assert not breakers.stopped(TASK)
    assert not breakers.answers(TASK).refuse(5, SUBMIT_FAIL)
    assert not await breakers.tell(TASK, breakers.answers(TASK))


def test_what_is_to_be_tried_again_rests_longer_each_time_and_not_when_it_is_little() -> None:
    answers = Answers()
    assert rest_after([weighed(0, accepted=5)], answers) == 0.0
    answers.refuse(1, SYSERR)
    assert rest_after([weighed(0, accepted=80), weighed(1, accepted=19)], answers) == 0.0
    first = rest_after([weighed(100)], answers)
    answers.refuse(1, SYSERR)
    assert SOON < first < rest_after([weighed(100)], answers)


def test_a_probe_is_refused_by_the_same_answer_or_another_fault_of_the_carrier() -> None:
    for outcome, accepted, refused in (
        (weighed(0, accepted=1), True, False),
        (weighed(1), False, True),
        (weighed(0, ((0, 2, "SMPP-0x00000045"),)), False, True),
        (weighed(0, ((0, 2, "SMPP-0x0000000B"),)), False, False),
    ):
        probe = Probe(Answers(probing=True), SUBMIT_FAIL, 0)
        probe.weigh(outcome)
        assert (probe.accepted, probe.refused) == (accepted, refused)


def test_answers_of_many_tasks_take_no_room_for_ever() -> None:
    breakers = breakers_of(Store())
    for task in range(2_000):
        breakers.answers(task)
    assert len(breakers._answers) <= 256
