"""Settings of a carrier in the submit_sm that the carrier takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.rig.stage import Stage

from sendmill.carriers.protocol import Report
from sendmill.carriers.smpp import session
from sendmill.carriers.smpp.pdu import Message, decode_submit_sm
from sendmill.carriers.smpp.report import read_report
from sendmill.simulator import intake
from sendmill.simulator.faults import Faults
from sendmill.simulator.intake import Outcome
from sendmill.simulator.part_states import State

Begin = Callable[..., Awaitable[Stage]]
NUMBERS = range(12020000000, 12020000100)
FAILING = len([number for number in NUMBERS if number % 10 == 7])


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What the carrier decodes: the first of neighbours that differ in their number only."""
    messages: list[Message] = []

    def decode(body: bytes) -> Message:
        messages.append(decode_submit_sm(body))
        return messages[-1]

    monkeypatch.setattr(intake, "decode_submit_sm", decode)
    return messages


async def stage_with(begin: Begin, **settings: Any) -> Stage:
    """A stage whose carrier was set up as an administrator does it."""
    from sendmill.catalog.bind_settings import configs_of
    from sendmill.catalog.models import Carrier

    stage = await begin(Faults(suffixes={"7": Outcome(state=State.UNDELIVERABLE)}))
    carrier = Carrier(host="127.0.0.1", port=stage.smsc.port, system_id="demo", password="demo", **settings)
    (stage.config,) = configs_of(carrier)
    stage.add(NUMBERS)
    return stage


async def test_by_default_the_carrier_decides_and_every_result_is_reported(
    begin: Begin, taken: list[Message]
) -> None:
    stage = await stage_with(begin)
    async with stage.sender():
        await stage.finish(successful=len(NUMBERS) - FAILING, failed=FAILING)
    assert {(one.service_type, one.validity, one.registered_delivery) for one in taken} == {("", "", 1)}


async def test_settings_are_in_every_submit_and_failures_alone_are_reported(
    begin: Begin, taken: list[Message]
) -> None:
    stage = await stage_with(begin, service_type="CMT", validity_minutes=90, registered_delivery="failures")
    async with stage.sender():
        await stage.finish(sending=len(NUMBERS) - FAILING, failed=FAILING)
    assert {(one.service_type, one.validity, one.registered_delivery) for one in taken} == {
        ("CMT", "000000013000000R", 2)
    }
    assert len(stage.accepted()) == len(NUMBERS)


async def test_a_carrier_that_is_asked_for_no_report_sends_none(begin: Begin, taken: list[Message]) -> None:
    stage = await stage_with(begin, registered_delivery="none")
    async with stage.sender():
        await stage.finish(sending=len(NUMBERS))
        await stage.until(lambda: len(stage.accepted()) == len(NUMBERS), "all were taken")
    assert {one.registered_delivery for one in taken} == {0}
    assert stage.results(stage.tasks[0]).keys() == set(NUMBERS)


@pytest.mark.parametrize("alone", [True, False])
async def test_reports_that_name_somebody_else_match_by_id_where_the_carrier_is_set_so(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    def read(*given: Any) -> Report:
        return read_report(*given)._replace(number=49_170_000_0000, destination="49170000001")

    monkeypatch.setattr(session, "read_report", read)
    stage = await stage_with(begin, match_by_id_alone=alone)
    async with stage.sender():
        if not alone:
            await stage.until(lambda: len(stage.orphans("report")) == len(NUMBERS), "all match nothing")
            assert stage.books(stage.tasks[0]).sending == len(NUMBERS)
        else:
            await stage.finish(successful=len(NUMBERS) - FAILING, failed=FAILING)
