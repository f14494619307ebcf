"""Carriers that end sessions, allow one only, or send PDUs of 64 KiB, in front of a whole sender."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from tests.rig.stage import Stage

from sendmill.simulator.faults import Faults

Begin = Callable[..., Awaitable[Stage]]
NUMBERS = range(12020000000, 12020000020)


async def test_a_bind_that_is_closed_for_silence_is_noted_and_stays_up_when_enquired(begin: Begin) -> None:
    stage = await begin(Faults(close_after_silence=0.3))

    def losses() -> list[tuple[str, float, str]]:
        return stage.rows.execute(
            "SELECT cause, quiet, sentence FROM bind_loss WHERE carrier_id = %s", (stage.carrier,)
        ).fetchall()

    async with stage.sender():
        await stage.until(lambda: len(losses()) >= 2, "two losses noted")
        stage.config = replace(stage.config, enquire_interval=0.1)
        stage.add(NUMBERS)
        await stage.finish(successful=len(NUMBERS))
        told = losses()
    assert {cause for cause, _, _ in told} == {"closed"}
    assert all(quiet == pytest.approx(0.3, abs=0.25) for _, quiet, _ in told)
    assert told[0][2] == "The carrier closed the connection."


@pytest.mark.parametrize("status", [0x05, 0x0F])
async def test_a_second_bind_that_is_refused_beside_the_first_says_one_session_only(
    begin: Begin, status: int
) -> None:
    stage = await begin(Faults(session_limit=1, session_limit_status=status), binds=2)
    stage.add(NUMBERS)
    async with stage.sender():
        await stage.finish(successful=len(NUMBERS))
        await stage.until(lambda: "Another bind" in str(stage.state()), "the sentence")
        waiting = next(said for _, state, said in stage.state() if state == "waiting")
    assert waiting.endswith(
        "Another bind of this carrier is up: it may allow no more sessions than that. "
        "Set the number of binds to 1."
    )


async def test_a_pair_that_is_refused_is_told_to_be_a_transceiver(begin: Begin) -> None:
    stage = await begin(Faults(session_limit=1))
    stage.receiver = replace(stage.config, bind="receiver")
    stage.config = replace(stage.config, bind="transmitter")
    async with stage.sender():
        await stage.until(lambda: "instead of a pair" in str(stage.state()), "the sentence")


async def test_a_reply_of_64_kib_is_kept_acknowledged_and_blocks_nothing(begin: Begin) -> None:
    stage = await begin(Faults(huge_reply=65_535))
    stage.add(NUMBERS)
    async with stage.sender():
        await stage.finish(successful=len(NUMBERS))
        await stage.until(lambda: stage.smsc.pending == 0, "everything acknowledged")
    assert stage.orphans("reply") == [("x" * 65_535, False)]
    assert stage.smsc.statistics.binds == 1
