"""A carrier that ends the session, while some of what it has is not answered yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.unit.carriers.smpp.conftest import Peer, Serve

from sendmill.carriers.protocol import NOT_SENT, BindError, Outcome, OutgoingPart, Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.session import Session

Parts = Callable[[int], list[OutgoingPart]]


def nothing(reports: list[Report]) -> None:
    """For tests without reports."""


def accept(whole: pdu.Pdu) -> bytes:
    return pdu.encode_submit_sm_resp(whole.sequence, 0, f"id{whole.sequence}")


@pytest.mark.parametrize("pause", [0.0, 0.1], ids=["same octets", "soon after"])
async def test_responses_behind_the_unbind_count(serve: Serve, parts: Parts, pause: float) -> None:
    answered: asyncio.Future[pdu.Pdu] = asyncio.get_running_loop().create_future()

    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        submits = await peer.receive(3)
        peer.send(pdu.encode_unbind(900))
        await asyncio.sleep(pause)
        peer.send(*map(accept, submits))
        answered.set_result(await peer.expect(pdu.UNBIND_RESP))

    states: list[str] = []
    session = Session(
        await serve(script, window=3), on_reports=nothing, on_state=lambda state, said: states.append(state)
    )
    await session.open()
    outcomes = await session.submit("Sendmill", parts(5))
    assert [outcome.status for outcome in outcomes] == [0, 0, 0, NOT_SENT, NOT_SENT]
    async with asyncio.timeout(2):
        await session.closed.wait()
        assert (await answered).sequence == 900
    await session.close()
    assert "unbind" in session.reason
    assert states == ["connecting", "bound", "closing", "closed"]


async def test_nothing_is_sent_behind_the_unbind(serve: Serve, parts: Parts) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        (submit,) = await peer.receive()
        peer.send(pdu.encode_unbind(900))
        await asyncio.sleep(0.05)
        peer.send(accept(submit))
        await peer.expect(pdu.UNBIND_RESP)

    session = Session(await serve(script), on_reports=nothing)
    await session.open()
    first = asyncio.create_task(session.submit("Sendmill", parts(1)))
    await asyncio.sleep(0.03)
    assert await session.submit("Sendmill", parts(1)) == [Outcome(NOT_SENT, "")]
    assert await first == [Outcome(0, "id2")]
    await session.close()


async def test_reports_behind_the_unbind_are_acknowledged(serve: Serve, parts: Parts) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        (submit,) = await peer.receive()
        text = b"id:id2 stat:DELIVRD err:000"
        report = pdu.encode_deliver_sm(7, "4915510000000", "Sendmill", text, esm_class=pdu.ESM_RECEIPT)
        peer.send(pdu.encode_unbind(900), report)
        assert (await peer.expect(pdu.DELIVER_SM_RESP)).sequence == 7
        peer.send(accept(submit))
        await peer.expect(pdu.UNBIND_RESP)

    session: Session

    def take(reports: list[Report]) -> None:
        session.acknowledge([report.sequence for report in reports])

    session = Session(await serve(script), on_reports=take)
    await session.open()
    assert await session.submit("Sendmill", parts(1)) == [Outcome(0, "id2")]
    await session.close()


async def test_the_wait_for_responses_has_an_end(serve: Serve, parts: Parts) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        await peer.receive(2)
        peer.send(pdu.encode_unbind(900), pdu.encode_unbind(901))
        assert (await peer.expect(pdu.UNBIND_RESP)).sequence == 901

    session = Session(await serve(script, response_timeout=0.2), on_reports=nothing)
    await session.open()
    async with asyncio.timeout(2):
        assert await session.submit("Sendmill", parts(2)) == [Outcome(None, "")] * 2
        await session.closed.wait()
    await session.close()


async def test_closing_meanwhile_waits_for_the_responses_too(serve: Serve, parts: Parts) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        (submit,) = await peer.receive()
        peer.send(pdu.encode_unbind(900))
        await asyncio.sleep(0.1)
        peer.send(accept(submit))
        await peer.expect(pdu.UNBIND_RESP)

    session = Session(await serve(script), on_reports=nothing)
    await session.open()
    submitting = asyncio.create_task(session.submit("Sendmill", parts(1)))
    await asyncio.sleep(0.05)
    await session.close()
    assert await submitting == [Outcome(0, "id2")]


async def test_unbind_instead_of_an_answer_to_the_bind(serve: Serve) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect(pdu.BIND_TRANSCEIVER)
        peer.send(pdu.encode_unbind(900))
        await peer.expect(pdu.UNBIND_RESP)

    with pytest.raises(BindError, match="unbind"):
        await Session(await serve(script), on_reports=nothing).open()
