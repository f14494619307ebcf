"""A carrier that counts its ids anew and repeats its reports: each message ends as the carrier says it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from tests.rig.stage import Stage
from tests.rig.store import LONG

from sendmill.simulator.faults import Faults, Outcome, ReceiptForm, State

Begin = Callable[..., Awaitable[Stage]]
FIRST, OTHER = 12020000000, 12030000000
RESULTS = {"DELIVERED": 1, "UNDELIVERABLE": 2, "EXPIRED": 2, "REJECTED": 2}


def differing(stage: Stage) -> list[tuple[int, int, str]]:
    """Messages whose result is not what the carrier says in its journal: number, result, state."""
    fates: dict[int, str] = {}
    for entry in stage.accepted():
        if fates.get(entry.destination, "DELIVERED") == "DELIVERED":  # a message fails when a part does
            fates[entry.destination] = entry.state
    found = [(number, result) for task in stage.tasks for number, (result, _) in stage.results(task).items()]
    return [
        (number, result, fates[number])
        for number, result in found
        if result and RESULTS[fates[number]] != result
    ]


async def test_reports_repeated_at_a_bind_settle_nothing_of_the_next_task(begin: Begin) -> None:
    count = 50
    faults = Faults(
        ids_anew=count,
        repeat_at_bind=count,
        prefixes={"1203": Outcome(state=State.UNDELIVERABLE)},
    )
    stage = await begin(faults)
    stage.add(range(FIRST, FIRST + count))
    async with stage.sender() as sender:
        await stage.finish(successful=count)
        await stage.until(lambda: not stage.smsc.pending, "acknowledgements")
        # The next task gets the ids of the first one, and its reports take their time.
        stage.smsc.faults = Faults(
            ids_anew=count, repeat_at_bind=count, prefixes=faults.prefixes, report_delay=(1.0, 1.5)
        )
        second = stage.add(range(OTHER, OTHER + count))
        await stage.until(lambda: stage.submitted(second) == count, "the second task")
        matched = sender.binds[0].report_writers.matched
        stage.smsc.disconnect()
        await stage.until(
            lambda: sender.binds[0].report_writers.matched >= matched + 2 * count, "every report"
        )
        await stage.until(lambda: not stage.smsc.pending, "acknowledgements")
    assert differing(stage) == []
    assert (stage.books(stage.tasks[0]).successful, stage.books(second).failed) == (count, count)
    ids = stage.rows.execute(
        "SELECT count(DISTINCT message_id) FROM submission WHERE task_id = ANY(%s)", (stage.tasks,)
    )
    assert ids.fetchone() == (count,)


@pytest.mark.parametrize("binds", [1, 2])
@pytest.mark.parametrize("receipt", [ReceiptForm.BOTH, ReceiptForm.TLV], ids=str)
@pytest.mark.parametrize(("content", "parts"), [("Hello.", 1), (LONG, 3)], ids=["short", "long"])
async def test_every_message_ends_as_the_carrier_says(
    begin: Begin, binds: int, receipt: ReceiptForm, content: str, parts: int
) -> None:
    faults = Faults(
        ids_anew=400,
        failure_rate=0.4,
        repeat_reports=0.5,
        repeat_delay=(0.0, 1.0),
        report_delay=(0.0, 0.4),
        report_before_response=True,
        receipt=receipt,
        report_on_another_bind=binds > 1,
    )
    stage = await begin(faults, binds=binds)
    for at in range(4):
        stage.add(range(FIRST + 1_000 * at, FIRST + 1_000 * at + 300), content=content, parts=parts)
    async with stage.sender():
        for task in stage.tasks:
            await stage.until(lambda task=task: stage.books(task).sending == 0, "all reports")  # type: ignore[misc]
        await stage.until(lambda: not stage.smsc.pending, "acknowledgements")
    assert differing(stage) == []
    assert all(stage.books(task).uncertain == 0 for task in stage.tasks)
