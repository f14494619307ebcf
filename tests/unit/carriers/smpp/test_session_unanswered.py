"""A carrier whose front end lives while nothing behind it does: it answers, but no message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from tests.unit.carriers.smpp.conftest import Peer, Script, Serve

from sendmill.carriers.protocol import NOT_SENT, Late, OutgoingPart, Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.session import Session

Parts = Callable[[int], list[OutgoingPart]]
TIMEOUT = 0.2


def nothing(reports: list[Report]) -> None:
    """For tests without reports."""


def only_enquire_link(
    submits: list[int], answers: Callable[[list[int]], Iterable[bytes]] = lambda submits: ()
) -> Script:
    """Enquires and is enquired, and notes what is submitted; `answers` says what to answer to it."""

    async def script(peer: Peer) -> None:
        await peer.accept_bind()

        async def chatter() -> None:
            for sequence in range(900, 1000):
                peer.send(pdu.encode_enquire_link(sequence))
                await asyncio.sleep(TIMEOUT / 4)

        talking = asyncio.create_task(chatter())
        try:
            while True:
                (whole,) = await peer.receive()
                if whole.command_id == pdu.SUBMIT_SM:
                    submits.append(whole.sequence)
                    peer.send(*answers(submits))
                elif whole.command_id == pdu.ENQUIRE_LINK:
                    peer.send(pdu.encode_enquire_link_resp(whole.sequence))
                elif whole.command_id == pdu.UNBIND:
                    peer.send(pdu.encode_unbind_resp(whole.sequence))
        finally:
            talking.cancel()

    return script


async def test_a_carrier_that_answers_only_enquire_link_is_given_up(serve: Serve, parts: Parts) -> None:
    submits: list[int] = []
    config = await serve(only_enquire_link(submits), window=5, response_timeout=TIMEOUT)
    session = Session(config, on_reports=nothing)
    await session.open()
    async with asyncio.timeout(20 * TIMEOUT):
        outcomes = await session.submit("Sendmill", parts(50))
    await session.close()
    assert session.reason == "The carrier answers enquire_link, but no message any more."
    assert len(submits) <= 15
    assert {outcome.status for outcome in outcomes[15:]} == {NOT_SENT}


async def test_one_response_in_each_while_is_enough(serve: Serve, parts: Parts) -> None:
    """Also a late one."""

    def answers(submits: list[int]) -> Iterable[bytes]:
        if len(submits) % 5 == 0 and len(submits) > 5:
            yield pdu.encode_submit_sm_resp(submits[-6], 0, "late")

    submits: list[int] = []
    late: list[Late] = []
    config = await serve(only_enquire_link(submits, answers), window=5, response_timeout=TIMEOUT)
    session = Session(config, on_reports=nothing, on_late=late.extend)
    await session.open()
    async with asyncio.timeout(20 * TIMEOUT):
        outcomes = await session.submit("Sendmill", parts(25))
    assert session.bound
    assert {outcome.status for outcome in outcomes} == {None}
    assert len(late) == 4
    await session.close()


async def test_one_lost_response_on_an_idle_line_ends_nothing(serve: Serve, parts: Parts) -> None:
    session = Session(await serve(only_enquire_link([]), response_timeout=TIMEOUT), on_reports=nothing)
    await session.open()
    await session.submit("Sendmill", parts(1))
    await asyncio.sleep(3 * TIMEOUT)
    assert session.bound
    await session.close()
