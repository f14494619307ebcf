"""A transmitter and a receiver instead of a transceiver: what is sent on one bind is reported on another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from tests.rig.stage import Stage

from sendmill.dispatch.sender import Sender
from sendmill.simulator.faults import Faults

Begin = Callable[..., Awaitable[Stage]]
NUMBERS = range(12020000000, 12020002000)


async def pair(begin: Begin, faults: Faults) -> Stage:
    stage = await begin(faults)
    stage.receiver = replace(stage.config, bind="receiver")
    stage.config = replace(stage.config, bind="transmitter")
    stage.add(NUMBERS)
    return stage


@pytest.mark.parametrize("faults", [Faults(), Faults(report_before_response=True)], ids=["after", "before"])
async def test_reports_come_on_the_receiver(begin: Begin, faults: Faults) -> None:
    stage = await pair(begin, faults)
    async with stage.sender() as sender:
        books = await stage.finish(successful=len(NUMBERS))
        assert [bind.config.bind for bind in sender.binds] == ["transmitter", "receiver"]
        assert stage.state() == [(0, "bound", "Bound as transmitter."), (1, "bound", "Bound as receiver.")]
    assert books.submitted == len(stage.accepted()) == len(NUMBERS)


async def test_one_sender_transmits_and_another_receives(begin: Begin) -> None:
    stage = await pair(begin, Faults())

    def held(sender: Sender) -> list[str]:
        return [bind.config.bind for bind in sender.binds]

    async with stage.sender() as one, stage.sender() as two:
        await stage.until(lambda: len(held(one)) == len(held(two)) == 1, "each sender has a bind")
        assert held(one) != held(two)
        await stage.finish(successful=len(NUMBERS))
    assert len(stage.accepted()) == len(NUMBERS)
