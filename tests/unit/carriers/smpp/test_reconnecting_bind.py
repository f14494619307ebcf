"""A link opens one session after another and says what it is doing."""

import asyncio
from collections.abc import Callable

import pytest
from tests.unit.carriers.smpp.conftest import Peer, Serve, accept, receipt

from sendmill.carriers import command_statuses
from sendmill.carriers.back_off import BackOff
from sendmill.carriers.protocol import BindError, ConnectError, Late, Outcome, OutgoingPart, Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp import reconnecting_bind as links
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.reconnecting_bind import ReconnectingBind
from sendmill.carriers.smpp.session import Session

Parts = Callable[[int], list[OutgoingPart]]
QUICK = BackOff(first=0.01, longest=0.02, steady=60.0)


def nothing(session: Session, reports: list[Report]) -> None:
    """For tests without reports."""


async def until_closed(peer: Peer) -> None:
    await peer.accept_bind()
    await peer.accept_unbind()


async def dropped(peer: Peer) -> None:
    await peer.accept_bind()
    peer.close()


async def refused(peer: Peer) -> None:
    bind = await peer.expect(pdu.BIND_TRANSCEIVER)
    peer.send(pdu.encode_bind_resp(bind.command_id, bind.sequence, command_statuses.ESME_RINVPASWD))
    await peer.wait_closed()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_link_comes_back_after_a_lost_connection(serve: Serve) -> None:
    states: list[tuple[str, str]] = []
    link = ReconnectingBind(
        await serve(dropped, dropped, until_closed),
        on_reports=nothing,
        on_state=lambda *state: states.append(state),
        back_off=QUICK,
    )
    link.start()
    link.start()
    await until(lambda: link.session is not None and link.failures == 2)
    assert (link.state, link.sentence) == ("bound", "Bound as transceiver.")
    await link.stop()
    assert link.session is None
    names = [state for state, _ in states]
    assert names == ["connecting", "bound", "waiting"] * 2 + ["connecting", "bound", "closing", "idle"]
    assert states[2][1].startswith("The carrier closed the connection. Trying again in")


async def test_waiting_for_the_bind(serve: Serve) -> None:
    link = ReconnectingBind(await serve(dropped, until_closed), on_reports=nothing, back_off=QUICK)
    waiting = asyncio.create_task(link.wait_bound())
    link.start()
    async with asyncio.timeout(5):
        session = await waiting
    assert isinstance(session, Session)
    await until(lambda: link.session is not None and link.failures == 1)
    assert await link.wait_bound() is link.session
    await link.stop()


async def test_wrong_password_is_not_tried_again_and_again(serve: Serve) -> None:
    link = ReconnectingBind(
        await serve(refused), on_reports=nothing, back_off=BackOff(first=0.01, longest=60.0)
    )
    link.start()
    await until(lambda: link.state == "waiting")
    assert "refused the password" in link.sentence
    assert "Trying again in 60 seconds." in link.sentence
    async with asyncio.timeout(2):
        await link.stop()
    assert link.state == "idle"


async def test_nothing_listening_is_waited_for(serve: Serve) -> None:
    config = CarrierConfig(host="carrier.invalid", system_id="demo")
    link = ReconnectingBind(config, on_reports=nothing, back_off=QUICK)
    link.start()
    await until(lambda: link.failures >= 2)
    assert "carrier.invalid" in link.sentence
    await link.stop()


async def test_stopping_while_connecting(serve: Serve) -> None:
    async def silent(peer: Peer) -> None:
        await peer.wait_closed()

    link = ReconnectingBind(await serve(silent), on_reports=nothing)
    link.start()
    await until(lambda: link.state == "connecting")
    async with asyncio.timeout(2):
        await link.stop()
    assert link.session is None


async def test_stopping_one_that_never_started() -> None:
    link = ReconnectingBind(CarrierConfig(host="h", system_id="s"), on_reports=nothing)
    await link.stop()
    assert link.state == "idle"


async def test_reports_and_late_responses_come_with_their_session(serve: Serve, parts: Parts) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        (submit,) = await peer.receive()
        enquiry = await peer.expect(pdu.ENQUIRE_LINK)
        peer.send(pdu.encode_enquire_link_resp(enquiry.sequence), accept(submit, "x"), receipt(4, "x"))
        await peer.expect(pdu.DELIVER_SM_RESP)
        await peer.accept_unbind()

    lates: list[Late] = []
    taken: list[Report] = []

    def take(session: Session, reports: list[Report]) -> None:
        taken.extend(reports)
        session.acknowledge([report.sequence for report in reports])

    def take_late(session: Session, late: list[Late]) -> None:
        assert session is link.session
        lates.extend(late)

    config = await serve(script, response_timeout=0.05)
    link = ReconnectingBind(config, on_reports=take, on_late=take_late)
    link.start()
    session = await link.wait_bound()
    assert await session.submit("Sendmill", parts(1)) == [Outcome(None, "")]
    await until(lambda: bool(taken))
    assert [item.outcome for item in lates] == [Outcome(0, "x")]
    await link.stop()


@pytest.mark.parametrize(
    ("failures", "chance", "seconds"),
    [(1, 0.0, 1.0), (2, 0.0, 2.0), (3, 0.5, 3.0), (7, 0.0, 60.0), (5000, 0.0, 60.0), (5000, 1.0, 30.0)],
)
def test_waits_double_up_to_the_longest(failures: int, chance: float, seconds: float) -> None:
    assert BackOff().wait(failures, chance) == seconds


async def test_trying_a_bind(serve: Serve) -> None:
    config = await serve(until_closed)
    said = f"Bound to 127.0.0.1:{config.port} as transceiver with demo."
    assert await links.test_binds([config]) == said


async def test_trying_a_bind_that_fails(serve: Serve) -> None:
    with pytest.raises(BindError, match="password"):
        await links.test_binds([await serve(refused)])
    with pytest.raises(ConnectError, match="not known"):
        await links.test_binds([CarrierConfig(host="carrier.invalid", system_id="demo")])
