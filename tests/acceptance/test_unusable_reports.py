"""Carriers whose reports name no message, look like replies, or do not come at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.rig.store import LONG

from sendmill.simulator.faults import Faults, Outcome, State
from sendmill.simulator.message_ids import IdForm

if TYPE_CHECKING:
    from tests.rig.stage import Stage

Begin = Callable[..., Awaitable["Stage"]]
FIRST = 8613100000000
COUNT = 20
FAILS = {"0007": Outcome(state=State.UNDELIVERABLE)}


def by_number(stage: Stage) -> None:
    stage.rows.execute("UPDATE carrier SET reports = 'by_number' WHERE id = %s", (stage.carrier,))


@pytest.mark.parametrize("parts", [1, 3], ids=["short", "long"])
async def test_what_was_accepted_is_final_where_nothing_is_reported(begin: Begin, parts: int) -> None:
    stage = await begin(Faults(drop_reports=1.0), reports="accepted")
    long = {"content": LONG, "parts": 3} if parts > 1 else {}
    task = stage.add(range(FIRST, FIRST + COUNT), **long)
    async with stage.sender():
        await stage.finish(successful=COUNT)
    assert set(stage.results(task).values()) == {(1, "ACCEPTED")}


@pytest.mark.parametrize("names", [{"no_ids": True}, {"id_form": IdForm.UUID, "report_id_length": 7}])
async def test_reports_without_a_usable_id_settle_by_number_and_time(
    begin: Begin, names: dict[str, Any]
) -> None:
    stage = await begin(Faults(**names, suffixes=FAILS, report_delay=(0.0, 0.3)))
    by_number(stage)
    task = stage.add(range(FIRST, FIRST + COUNT))
    long = stage.add(range(FIRST + 100, FIRST + 110), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=COUNT - 1, failed=1)
        await stage.until(lambda: stage.books(long).successful == 10, "the long ones")
    assert stage.results(task)[FIRST + 7] == (2, "UNDELIV")


@pytest.mark.parametrize("id_form", ["undashed", "first_ten"])
async def test_ids_without_dashes_or_cut_match_by_their_form(begin: Begin, id_form: str) -> None:
    reports: dict[str, Any] = (
        {"report_id_form": IdForm.UNDASHED} if id_form == "undashed" else {"report_id_length": 10}
    )
    stage = await begin(Faults(id_form=IdForm.UUID, **reports), id_form=id_form)
    stage.add(range(FIRST, FIRST + COUNT))
    async with stage.sender():
        await stage.finish(successful=COUNT)


@pytest.mark.parametrize("accepted", [True, False])
async def test_reports_with_esm_class_0_are_replies_unless_the_carrier_is_set_so(
    begin: Begin, accepted: bool
) -> None:
    faults = Faults(plain_reports=True, suffixes=FAILS | {"0009": Outcome(reply="STOP")})
    stage = await begin(faults, plain_reports=accepted)
    task = stage.add(range(FIRST, FIRST + COUNT))
    async with stage.sender():
        if accepted:
            await stage.finish(successful=COUNT - 1, failed=1)
        await stage.until(lambda: stage.smsc.statistics.acknowledged == COUNT + 1, "everything acknowledged")
        await stage.until(lambda: stage.submitted(task) == COUNT, "everything recorded")
    assert len(stage.orphans("reply")) == (1 if accepted else COUNT + 1)
