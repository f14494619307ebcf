"""Reports that match nothing hold nobody up: they are kept, acknowledged, and matched again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sendmill.simulator.faults import Faults

if TYPE_CHECKING:
    from tests.rig.stage import Stage

Begin = Callable[..., Awaitable["Stage"]]
FIRST = 8613100000000
COUNT = 60


async def test_strangers_do_not_hold_up_a_carrier_that_lets_one_report_be_unacknowledged(
    begin: Begin,
) -> None:
    stage = await begin(Faults(report_window=1, stranger_reports=1.0))
    stage.add(range(FIRST, FIRST + COUNT))
    async with stage.sender():
        await stage.finish(successful=COUNT)
        await stage.until(lambda: stage.smsc.pending == 0, "every report acknowledged")
    assert len(stage.orphans("report")) == COUNT
    assert not any(found for _raw, found in stage.orphans("report"))


async def test_nor_while_a_batch_is_open(begin: Begin) -> None:
    stage = await begin(Faults(report_window=1, stranger_reports=1.0, response_delay=(0.2, 0.6)), window=10)
    task = stage.add(range(FIRST, FIRST + COUNT))
    async with stage.sender():
        await stage.wait(lambda: stage.books(task).successful == COUNT, "every report")
        await stage.wait(lambda: stage.smsc.pending == 0, "every report acknowledged")


async def test_a_report_that_overtook_its_response_is_settled_as_soon_as_its_batch_is_recorded(
    begin: Begin,
) -> None:
    stage = await begin(Faults(report_before_response=True, response_delay=(2.5, 2.5)))
    task = stage.add([FIRST])
    async with stage.sender() as sender:
        acknowledged = stage.smsc.statistics
        await stage.until(lambda: acknowledged.acknowledged == 1, "acknowledged before its response")
        assert stage.books(task).successful == 0
        kept = stage.rows.execute("SELECT early FROM orphan WHERE carrier_id = %s", (stage.carrier,))
        assert kept.fetchall() == [(True,)]
        # Its time by the clock does not come.
        later = "UPDATE orphan SET retry_at = now() + interval '1 h' WHERE carrier_id = %s"
        stage.rows.execute(later, (stage.carrier,))
        await stage.wait(lambda: stage.books(task).successful == 1, "its report, once its batch is recorded")
        assert stage.orphans("report") == []
        counts = [(bind.report_writers.matched, bind.report_writers.orphaned) for bind in sender.binds]
        assert counts == [(1, 0)]
