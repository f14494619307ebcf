"""A session is opened and closed: bind, unbind, and what goes wrong with either."""

import asyncio
import socket
from typing import Any

import pytest
from tests.unit.carriers.smpp.conftest import UNKNOWN, UNSENT, Parts, Peer, Serve, accept, nothing, receipt

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import (
    BindError,
    ConnectError,
    Outcome,
    Report,
)
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.session import Session


class TestOpening:
    async def test_bind_says_who_we_are(self, serve: Serve) -> None:
        seen: list[pdu.Pdu] = []

        async def script(peer: Peer) -> None:
            seen.append(await peer.accept_bind())
            await peer.accept_unbind()

        states: list[tuple[str, str]] = []
        config = await serve(script, system_type="VMA", bind="transmitter")
        session = Session(config, on_reports=nothing, on_state=lambda *state: states.append(state))
        await session.open()
        assert session.bound
        await session.close()
        assert seen[0].command_id == pdu.BIND_TRANSMITTER
        assert pdu.decode_bind(seen[0].body) == pdu.Bind("demo", "demo", "VMA", 0x34)
        assert [state for state, _ in states] == ["connecting", "bound", "closing", "closed"]
        assert not session.bound

    async def test_bind_response_in_single_octets_after_an_enquire_link(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            bind = await peer.expect(pdu.BIND_TRANSCEIVER)
            await peer.send_apart(pdu.encode_enquire_link(77))
            answer = await peer.expect(pdu.ENQUIRE_LINK_RESP)
            assert answer.sequence == 77
            await peer.send_apart(pdu.encode_bind_resp(bind.command_id, bind.sequence, 0, "smsc"))
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        await session.close()

    async def test_report_in_the_same_octets_as_the_bind_response(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            bind = await peer.expect(pdu.BIND_TRANSCEIVER)
            accepted = pdu.encode_bind_resp(bind.command_id, bind.sequence, 0, "smsc")
            peer.send(accepted, receipt(1), pdu.encode_enquire_link(2))
            await peer.expect(pdu.ENQUIRE_LINK_RESP)
            await peer.accept_unbind()

        reports: list[Report] = []
        session = Session(await serve(script), on_reports=reports.extend)
        await session.open()
        await session.close()
        assert [report.carrier_id for report in reports] == ["1"]

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (command_statuses.ESME_RINVPASWD, "password"),
            (command_statuses.ESME_RINVSYSID, "system_id"),
            (command_statuses.ESME_RALYBND, "another connection"),
            (0x401, "0x00000401"),
        ],
    )
    async def test_refused_bind_says_why(self, serve: Serve, status: int, words: str) -> None:
        async def script(peer: Peer) -> None:
            bind = await peer.expect(pdu.BIND_TRANSCEIVER)
            peer.send(pdu.encode_bind_resp(bind.command_id, bind.sequence, status))
            await peer.wait_closed()

        session = Session(await serve(script), on_reports=nothing)
        with pytest.raises(BindError, match=words) as refused:
            await session.open()
        assert refused.value.status == status
        assert session.closed.is_set()

    async def test_bind_answered_with_generic_nack(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            bind = await peer.expect(pdu.BIND_TRANSCEIVER)
            peer.send(pdu.encode_generic_nack(bind.sequence, command_statuses.ESME_RINVCMDID))
            await peer.wait_closed()

        with pytest.raises(BindError, match="ESME_RINVCMDID"):
            await Session(await serve(script), on_reports=nothing).open()

    async def test_bind_without_an_answer_ends(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.wait_closed()

        session = Session(await serve(script, response_timeout=0.05), on_reports=nothing)
        with pytest.raises(BindError, match="did not answer"):
            await session.open()

    async def test_connection_closed_instead_of_a_bind_response(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.expect(pdu.BIND_TRANSCEIVER)
            peer.close()

        with pytest.raises(BindError, match="closed the connection"):
            await Session(await serve(script), on_reports=nothing).open()

    async def test_nothing_listening(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            config = CarrierConfig(host="127.0.0.1", port=free.getsockname()[1], system_id="demo")
            with pytest.raises(ConnectError, match="Nothing listens"):
                await Session(config, on_reports=nothing).open()

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"host": "carrier.invalid"}, r"carrier\.invalid is not known"),
            ({"host": "a" * 70 + ".invalid"}, "is not known"),
            ({"host": "127.0.0.1", "port": 70_000}, "127.0.0.1:70000"),
            ({"host": "127.0.0.1", "tls": True, "tls_ca_file": "/nowhere/ca.pem"}, "trusted certificates"),
        ],
    )
    async def test_impossible_places(self, settings: dict[str, Any], words: str) -> None:
        config = CarrierConfig(system_id="demo", **settings)
        with pytest.raises(ConnectError, match=words):
            await Session(config, on_reports=nothing).open()

    @pytest.mark.parametrize("settings", [{"system_id": "d" * 65}, {"password": "短信"}])
    async def test_bind_that_cannot_be_written(self, serve: Serve, settings: dict[str, Any]) -> None:
        async def script(peer: Peer) -> None:
            await peer.wait_closed()

        with pytest.raises(BindError, match="cannot be written"):
            await Session(await serve(script, **settings), on_reports=nothing).open()

    async def test_cancelled_opening_leaves_nothing_behind(self, serve: Serve) -> None:
        closed = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.wait_closed()
            closed.set()

        session = Session(await serve(script), on_reports=nothing)
        opening = asyncio.create_task(session.open())
        await asyncio.sleep(0.02)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        async with asyncio.timeout(2):
            await closed.wait()
        assert session.closed.is_set()

    async def test_a_session_is_opened_once(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        with pytest.raises(RuntimeError):
            await session.open()
        await session.close()


class TestClosing:
    async def test_window_is_drained_before_unbind(self, serve: Serve, parts: Parts) -> None:
        order: list[str] = []

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            submits = await peer.receive(2)
            await asyncio.sleep(0.05)
            order.append("responses")
            peer.send(*[accept(whole) for whole in submits])
            await peer.accept_unbind()
            order.append("unbind")

        session = Session(await serve(script, window=2), on_reports=nothing)
        await session.open()
        submitting = asyncio.create_task(session.submit("Sendmill", parts(4)))
        await asyncio.sleep(0.02)
        await session.close()
        assert await submitting == [Outcome(0, "id2"), Outcome(0, "id3"), UNSENT, UNSENT]
        assert order == ["responses", "unbind"]

    async def test_drain_has_an_end(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            await peer.receive(1)
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        submitting = asyncio.create_task(session.submit("Sendmill", parts(1)))
        await asyncio.sleep(0.02)
        await session.close(drain=0.05)
        assert await submitting == [UNKNOWN]

    async def test_unbind_without_an_answer(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            await peer.wait_closed()

        session = Session(await serve(script, response_timeout=0.05), on_reports=nothing)
        await session.open()
        await session.close()
        assert session.closed.is_set()

    async def test_closing_twice_and_without_opening(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            await peer.accept_unbind()

        config = await serve(script)
        session = Session(config, on_reports=nothing)
        await session.open()
        await asyncio.gather(session.close(), session.close())
        await session.close()
        never = Session(config, on_reports=nothing)
        await never.close()
        assert never.closed.is_set()

    async def test_everyone_who_waits_is_answered(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            await peer.receive(2)
            peer.close()

        session = Session(await serve(script, window=1), on_reports=nothing)
        await session.open()
        waiting = [session.submit("Sendmill", parts(3)) for _ in range(3)]
        async with asyncio.timeout(5):
            *submitted, queried = await asyncio.gather(*waiting, session.query("a", "Sendmill"))
        assert queried is None
        assert submitted == [[UNKNOWN, UNSENT, UNSENT], [UNSENT] * 3, [UNSENT] * 3]
        await session.close()
