"""One report for a long message: under the id of its first part, of its last, or one that all its parts share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.rig.store import LONG

from sendmill.carriers.smpp.pdu import decode_submit_sm
from sendmill.simulator.faults import Faults, Outcome, State

if TYPE_CHECKING:
    from tests.rig.stage import Stage

Begin = Callable[..., Awaitable["Stage"]]
FIRST = 8613100000000
COUNT = 30
FAILS = {"0007": Outcome(state=State.UNDELIVERABLE)}
ONCE: dict[str, dict[str, Any]] = {
    "last": {"per_part_reports": False},
    "first": {"per_part_reports": False, "first_part_reports": True},
    "shared": {"shared_part_ids": True},
}


@pytest.mark.parametrize("how", ONCE)
async def test_one_report_settles_the_message_and_all_its_parts(begin: Begin, how: str) -> None:
    stage = await begin(Faults(**ONCE[how], suffixes=FAILS))
    stage.rows.execute("UPDATE carrier SET long_reports = 'one' WHERE id = %s", (stage.carrier,))
    task = stage.add(range(FIRST, FIRST + COUNT), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=COUNT - 1, failed=1)
    parts = stage.rows.execute(
        "SELECT m.number = %s, p.result, p.code, count(*) FROM part p JOIN message m USING (task_id, seq) "
        "WHERE p.task_id = %s GROUP BY 1, 2, 3 ORDER BY 1",
        (FIRST + 7, task),
    )
    assert parts.fetchall() == [(False, 1, "DELIVRD", 3 * (COUNT - 1)), (True, 2, "UNDELIV", 3)]


async def test_only_the_last_part_asks_for_a_report(begin: Begin) -> None:
    stage = await begin(last_part_only=True)
    stage.rows.execute("UPDATE carrier SET long_reports = 'one' WHERE id = %s", (stage.carrier,))
    stage.add([FIRST], content=LONG, parts=3)
    stage.add([FIRST + 1])
    async with stage.sender():
        await stage.finish(successful=1)
        await stage.until(lambda: stage.books(stage.tasks[1]).successful == 1, "the short one")
    assert stage.smsc.statistics.deliveries == 2


@pytest.mark.parametrize("long_messages", ["udh", "sar"])
def test_the_flag_of_each_part(long_messages: Any) -> None:
    from sendmill.carriers.protocol import OutgoingPart
    from sendmill.carriers.smpp.configuration import CarrierConfig, shape_of
    from sendmill.carriers.smpp.pdu import encode_submit_batch
    from sendmill.carriers.smpp.pdu.frame import Decoder

    config = CarrierConfig(host="h", system_id="s", last_part_only=True, long_messages=long_messages)
    parts = [OutgoingPart(FIRST, b"text", False, 7, 3, number) for number in (1, 2, 3)]
    parts.append(OutgoingPart(FIRST, b"text", False, 0, 1, 1))
    pdus = Decoder().feed(encode_submit_batch(shape_of("Sendmill", config), 1, parts))
    told = [decode_submit_sm(pdu[3]) for pdu in pdus]
    assert [one.registered_delivery for one in told] == [0, 0, 1, 1]
    assert [one.esm_class for one in told] == [0x40 if long_messages == "udh" else 0] * 3 + [0]


async def test_long_messages_that_nobody_reports_are_final_as_accepted(begin: Begin) -> None:
    stage = await begin(Faults(drop_reports=1.0), long_reports="none")
    task = stage.add(range(FIRST, FIRST + COUNT), content=LONG, parts=3)
    async with stage.sender():
        await stage.finish(successful=COUNT)
    assert set(stage.results(task).values()) == {(1, "ACCEPTED")}
