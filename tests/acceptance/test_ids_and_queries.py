"""Ids that reports write in another way, mended in the middle of a task, and Uncertain messages asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from tests.rig.stage import Stage
from tests.rig.store import LONG

from sendmill.carriers.message_ids import matching
from sendmill.simulator.faults import Faults, Outcome, State
from sendmill.simulator.message_ids import IdForm

Begin = Callable[..., Awaitable[Stage]]
FIRST = 12020000000


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    from sendmill.delivery_reports import status_queries

    monkeypatch.setattr(status_queries, "PAUSE", 0.2)


def unmatched(stage: Stage) -> list[str]:
    found = stage.rows.execute(
        "SELECT message_id FROM orphan WHERE carrier_id = %s AND matched_at IS NULL", (stage.carrier,)
    )
    return [identifier for (identifier,) in found.fetchall()]


async def test_reports_in_another_form_propose_it(begin: Begin) -> None:
    stage = await begin(Faults(id_form=IdForm.UPPER_HEX, report_id_form=IdForm.DECIMAL))
    task = stage.add(range(FIRST, FIRST + 200))
    async with stage.sender():
        await stage.until(lambda: len(unmatched(stage)) >= 190, "orphans")
    given = stage.rows.execute("SELECT message_id FROM submission WHERE task_id = %s", (task,)).fetchall()
    found = matching([identifier for (identifier,) in given], unmatched(stage))
    assert max(found, key=lambda form: found[form]) == "hex_to_dec"
    assert found["hex_to_dec"] == len(unmatched(stage))


@pytest.mark.parametrize("state", [State.DELIVERED, State.UNDELIVERABLE])
async def test_an_uncertain_message_whose_id_is_known_is_asked_for(begin: Begin, state: State) -> None:
    """Long messages of which one answer was lost; their reports never come, and a query tells."""
    faults = Faults(
        drop_reports=1.0, suffixes={"3": Outcome(state=state)}, report_delay=(0.1, 0.2), id_form=IdForm.HEX
    )
    stage = await begin(faults, queries=True)
    task = stage.add([FIRST + 3], content=LONG, parts=3)
    rows = stage.rows
    async with stage.sender():
        await stage.until(lambda: stage.submitted(task) == 1, "the message")
        # As if the answer to the last part had been lost: it was sent, and its id is not known.
        rows.execute("UPDATE message SET result = 3, code = 'UNCERTAIN' WHERE task_id = %s", (task,))
        rows.execute("UPDATE tally SET uncertain = 1 WHERE task_id = %s", (task,))
        await stage.until(lambda: stage.books(task).uncertain == 0, "an answer to the query")
    result, code = stage.results(task)[FIRST + 3]
    expected = (1, "DELIVRD") if state is State.DELIVERED else (2, "UNDELIV")
    assert (result, code) == expected
    kept = rows.execute("SELECT raw FROM report WHERE task_id = %s", (task,)).fetchall()
    assert kept
    assert all(raw.startswith("query_sm: ") for (raw,) in kept)


async def test_what_is_on_its_way_stays_uncertain_until_it_is_final(begin: Begin) -> None:
    stage = await begin(Faults(suffixes={"3": Outcome(report=False)}), queries=True)
    task = stage.add([FIRST + 3])
    async with stage.sender() as sender:
        await stage.until(lambda: stage.submitted(task) == 1, "the message")
        stage.rows.execute("UPDATE message SET result = 3, code = 'UNCERTAIN' WHERE task_id = %s", (task,))
        stage.rows.execute("UPDATE tally SET uncertain = 1 WHERE task_id = %s", (task,))
        await stage.until(lambda: sender.binds[0].queries.asked >= 2, "two questions")
    assert stage.books(task).uncertain == 1


async def test_a_carrier_that_does_not_say_so_is_never_asked(begin: Begin) -> None:
    stage = await begin(Faults(drop_reports=1.0))
    task = stage.add([FIRST + 3])
    async with stage.sender() as sender:
        await stage.until(lambda: stage.submitted(task) == 1, "the message")
        stage.rows.execute("UPDATE message SET result = 3, code = 'UNCERTAIN' WHERE task_id = %s", (task,))
        stage.rows.execute("UPDATE tally SET uncertain = 1 WHERE task_id = %s", (task,))
        await asyncio.sleep(0.6)
        assert sender.binds[0].queries.asked == 0
        # The setting is one of the bind's: changed, it opens the bind anew and asks.
        stage.config = replace(stage.config, queries=True)
        await stage.until(lambda: stage.books(task).successful == 1, "an answer")
