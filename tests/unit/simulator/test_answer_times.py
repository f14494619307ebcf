"""Responses that take their time, and a window at the carrier's end."""

from __future__ import annotations

import asyncio
from random import Random
from statistics import fmean

import pytest
from tests.rig.smpp_client import Report, bound, message
from tests.unit.simulator.conftest import Start

from sendmill.carriers.smpp.pdu import DELIVER_SM, SUBMIT_SM_RESP, decode_deliver_sm, decode_submit_sm_resp
from sendmill.simulator.answer_times import drawing
from sendmill.simulator.faults import AnswerForm, Faults, read_faults

LOGNORMAL = Faults(answer_time=1.2, answer_form=AnswerForm.LOGNORMAL)
HUMPS = Faults(answer_form=AnswerForm.TWO_HUMPS)


def drawn(faults: Faults, count: int = 20_000, seed: int = 1) -> list[float]:
    draw = drawing(faults, Random(seed))
    return [draw() for _ in range(count)]


def test_fixed_times_are_all_the_same() -> None:
    assert set(drawn(Faults(answer_time=0.7))) == {0.7}


def test_lognormal_times_vary_around_their_mean() -> None:
    times = drawn(LOGNORMAL)
    assert fmean(times) == pytest.approx(1.2, rel=0.05)
    assert min(times) < 0.3 < 4.0 < max(times)


def test_two_humps_are_taken_half_and_half() -> None:
    times = drawn(HUMPS)
    assert set(times) == {0.3, 3.0}
    assert times.count(0.3) == pytest.approx(10_000, rel=0.05)


def test_the_same_seed_draws_the_same_times() -> None:
    assert drawn(LOGNORMAL, 20) == drawn(LOGNORMAL, 20)
    assert drawn(LOGNORMAL, 20) != drawn(LOGNORMAL, 20, seed=2)


def test_forms_are_read_by_name() -> None:
    assert read_faults({"answer_time": 1.2, "answer_form": "lognormal"}) == LOGNORMAL
    with pytest.raises(ValueError, match="answer_form"):
        read_faults({"answer_form": "three_humps"})
    with pytest.raises(ValueError, match="answer_time cannot be below 0"):
        Faults(answer_time=-1.0)


async def test_responses_overtake_each_other_as_their_times_say(start: Start) -> None:
    smsc = await start(Faults(answer_form=AnswerForm.TWO_HUMPS, answer_humps=(0.01, 0.3)))
    async with bound(smsc.port) as client:
        sequences = [client.send(message()) for _ in range(40)]
        answers = [await client.answer(sequence) for sequence in sequences]
        assert {pdu.status for pdu in answers} == {0}
        came = [pdu.sequence for pdu in client.pdus if pdu.command_id == SUBMIT_SM_RESP]
        assert sorted(came) == sequences != came


async def test_reports_come_after_their_responses(start: Start) -> None:
    smsc = await start(
        Faults(answer_form=AnswerForm.TWO_HUMPS, answer_humps=(0.0, 0.2), stranger_reports=0.2)
    )
    async with bound(smsc.port) as client:
        sequences = [client.send(message()) for _ in range(100)]
        for sequence in sequences:
            await client.answer(sequence)
        await client.until(lambda: len(client.deliveries) > 110)
        known: set[str] = set()
        seen = 0
        for whole in client.pdus:
            if whole.command_id == SUBMIT_SM_RESP:
                known.add(decode_submit_sm_resp(whole.body))
            elif whole.command_id == DELIVER_SM:
                report = Report(decode_deliver_sm(whole.body))
                seen += report.text_id in known
        assert seen == 100


async def test_what_exceeds_the_window_of_the_carrier_is_refused_at_once(start: Start) -> None:
    smsc = await start(Faults(answer_time=0.2, server_window=10))
    async with bound(smsc.port) as client:
        sequences = [client.send(message()) for _ in range(15)]
        statuses = [(await client.answer(sequence)).status for sequence in sequences]
        assert statuses == [0] * 10 + [0x14] * 5
        came = [pdu.sequence for pdu in client.pdus if pdu.command_id == SUBMIT_SM_RESP]
        assert came[:5] == sequences[10:]
        # Answered places are free again.
        assert (await client.submit(message()))[0] == 0
    assert (smsc.statistics.accepted, smsc.statistics.refused) == (11, 5)


async def test_a_full_window_may_be_said_as_a_failed_submit(start: Start) -> None:
    smsc = await start(Faults(answer_time=0.1, server_window=1, server_window_status=0x45))
    async with bound(smsc.port) as client:
        first, second = client.send(message()), client.send(message())
        assert (await client.answer(second)).status == 0x45
        assert (await client.answer(first)).status == 0


async def test_a_place_in_the_window_is_free_again_when_its_response_was_lost(start: Start) -> None:
    smsc = await start(Faults(answer_time=0.05, server_window=1, drop_responses=1.0))
    async with bound(smsc.port) as client:
        client.send(message())
        smsc.faults = Faults(answer_time=0.05, server_window=1)
        status = 0x14
        async with asyncio.timeout(5):
            while status:
                status, _ = await client.submit(message())


async def test_refusals_end_after_a_while(start: Start) -> None:
    smsc = await start(Faults(refuse_rate=1.0, refuse_status=0x040B, refuse_for=0.1))
    async with bound(smsc.port) as client:
        assert (await client.submit(message()))[0] == 0x040B
        status = 0x040B
        async with asyncio.timeout(5):
            while status:
                status, _ = await client.submit(message())
        smsc.faults = Faults(refuse_rate=1.0, refuse_status=0x040B, refuse_for=0.1)
        assert (await client.submit(message()))[0] == 0x040B
