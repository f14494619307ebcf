"""A bind that is lost tells how, and a carrier that refuses or answers wrongly is told in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.unit.carriers.smpp.conftest import Peer, Serve, nothing

from sendmill.carriers import command_statuses
from sendmill.carriers.back_off import BackOff
from sendmill.carriers.protocol import BindError, Loss
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.reconnecting_bind import ReconnectingBind
from sendmill.carriers.smpp.session import Session

QUICK = BackOff(first=0.01, longest=0.02, steady=60.0)


async def closes(peer: Peer) -> None:
    await peer.accept_bind()
    await asyncio.sleep(0.2)
    peer.close()


async def unbinds(peer: Peer) -> None:
    await peer.accept_bind()
    peer.send(pdu.encode_unbind(9))
    await peer.expect(pdu.UNBIND_RESP)


async def goes_silent(peer: Peer) -> None:
    await peer.accept_bind()
    await peer.wait_closed()


async def stays(peer: Peer) -> None:
    await peer.accept_bind()
    await peer.accept_unbind()


async def losses_of(config: CarrierConfig) -> list[Loss]:
    """The losses until the second session is bound, which is ended by us."""
    losses: list[Loss] = []
    link = ReconnectingBind(
        config, on_reports=lambda _session, _reports: None, on_lost=losses.append, back_off=QUICK
    )
    link.start()
    async with asyncio.timeout(5):
        while not losses or link.session is None:
            await asyncio.sleep(0.005)
    await link.stop()
    return losses


@pytest.mark.parametrize(
    ("script", "cause", "least"),
    [(closes, "closed", 0.15), (unbinds, "unbound", 0.0)],
    ids=["close", "unbind"],
)
async def test_a_carrier_that_ends_a_session_is_a_loss_and_our_own_end_is_none(
    serve: Serve, script: Callable[[Peer], Awaitable[None]], cause: str, least: float
) -> None:
    (loss,) = await losses_of(await serve(script, stays))
    assert loss.cause == cause
    assert loss.quiet >= least
    assert loss.sentence.startswith("The carrier")


async def test_an_unanswered_enquire_link_is_a_loss(serve: Serve) -> None:
    (loss,) = await losses_of(await serve(goes_silent, stays, enquire_interval=0.1, response_timeout=0.2))
    assert loss.cause == "silent"
    assert loss.quiet >= 0.3


async def test_the_longest_silence_ends_a_session_before_the_response_timeout(serve: Serve) -> None:
    (loss,) = await losses_of(await serve(goes_silent, stays, enquire_interval=0.1, silence_timeout=0.3))
    assert loss.cause == "silent"
    assert loss.quiet >= 0.3


def test_a_silence_leaves_time_for_enquire_link() -> None:
    with pytest.raises(ValueError, match="silence_timeout"):
        CarrierConfig(host="h", system_id="s", enquire_interval=20, silence_timeout=20)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (pdu.encode_bind_resp(pdu.BIND_TRANSMITTER, 1, 0), "bind_transmitter_resp"),
        (pdu.encode_pdu(pdu.UNBIND_RESP, 0, 1), "0x80000006"),
    ],
    ids=["another bind", "no bind"],
)
async def test_a_wrong_response_to_a_bind_is_named(serve: Serve, answer: bytes, name: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.expect(pdu.BIND_TRANSCEIVER)
        peer.send(answer)
        await peer.wait_closed()

    session = Session(await serve(script), on_reports=nothing)
    async with asyncio.timeout(2):
        with pytest.raises(BindError) as refused:
            await session.open()
    assert str(refused.value.args[-1]).startswith(f"The carrier answered bind_transceiver with {name}.")
    assert session.loss is None


@pytest.mark.parametrize("status", [command_statuses.ESME_RALYBND, command_statuses.ESME_RINVSYSID])
async def test_a_refusal_may_mean_that_it_was_one_bind_too_many(serve: Serve, status: int) -> None:
    async def refuses(peer: Peer) -> None:
        bind = await peer.expect(pdu.BIND_TRANSCEIVER)
        peer.send(pdu.encode_bind_resp(bind.command_id, bind.sequence, status))
        await peer.wait_closed()

    link = ReconnectingBind(await serve(refuses), on_reports=lambda _session, _reports: None)
    link.start()
    async with asyncio.timeout(5):
        while "Trying again" not in link.sentence:
            await asyncio.sleep(0.005)
    assert link.one_too_many
    await link.stop()
