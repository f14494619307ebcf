"""A session against an SMSC that behaves, and one that does not."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.carriers.smpp.conftest import Peer, Serve

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import (
    NOT_SENT,
    BindError,
    CarrierError,
    ConnectError,
    Late,
    Outcome,
    OutgoingPart,
    QueryResult,
    Report,
)
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.pdu import Message, QueryAnswer
from sendmill.carriers.smpp.session import Session

Parts = Callable[[int], list[OutgoingPart]]
UNKNOWN = Outcome(None, "")
UNSENT = Outcome(NOT_SENT, "")


def nothing(reports: list[Report]) -> None:
    """For tests without reports."""


def receipt(sequence: int, carrier_id: str = "1") -> bytes:
    text = (
        f"id:{carrier_id} sub:001 dlvrd:001 submit date:2405061230 done date:2405061231 stat:DELIVRD err:000"
    )
    return pdu.encode_deliver_sm(sequence, "8613100000000", "Sendmill", text.encode())


def accept(whole: pdu.Pdu, carrier_id: str | None = None) -> bytes:
    return pdu.encode_submit_sm_resp(whole.sequence, 0, carrier_id or f"id{whole.sequence}")


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


class TestSubmitting:
    async def test_outcomes_are_in_the_order_of_the_parts(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            submits = await peer.receive(5)
            peer.send(*[accept(whole) for whole in reversed(submits)])
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        outcomes = await session.submit("Sendmill", parts(5))
        assert outcomes == [Outcome(0, f"id{sequence}") for sequence in range(2, 7)]
        assert (session.statistics.submitted, session.statistics.accepted) == (5, 5)
        assert session.statistics.in_flight == 0
        await session.close()

    async def test_sender_and_text_arrive(self, serve: Serve) -> None:
        seen: list[Message] = []

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            (submit,) = await peer.receive()
            seen.append(pdu.decode_submit_sm(submit.body))
            peer.send(accept(submit))
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        await session.submit("+12025550123", [OutgoingPart(8613123456789, b"\0H", True, 7, 2, 1)])
        await session.close()
        assert seen == [
            Message(
                "12025550123",
                "8613123456789",
                b"\x05\x00\x03\x07\x02\x01\0H",
                esm_class=0x40,
                data_coding=8,
                registered_delivery=1,
                source_ton=1,
                source_npi=1,
            )
        ]

    async def test_never_more_in_flight_than_the_window(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            for _ in range(4):
                submits = await peer.receive(3)
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(peer.receive(), 0.02)
                peer.send(*[accept(whole) for whole in submits])
            await peer.accept_unbind()

        session = Session(await serve(script, window=3), on_reports=nothing)
        await session.open()
        assert len(await session.submit("Sendmill", parts(12))) == 12
        await session.close()

    async def test_several_callers_share_the_window(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            for _ in range(30):
                (submit,) = await peer.receive()
                message = pdu.decode_submit_sm(submit.body)
                peer.send(accept(submit, message.source))
            await peer.accept_unbind()

        session = Session(await serve(script, window=4), on_reports=nothing)
        await session.open()
        results = await asyncio.gather(*[session.submit(name, parts(10)) for name in ("A", "B", "C")])
        assert results == [[Outcome(0, name)] * 10 for name in ("A", "B", "C")]
        await session.close()

    async def test_statuses_are_returned_as_they_are(self, serve: Serve, parts: Parts) -> None:
        answers = [0, 0x58, 0x14, 0x0B, 0x400]

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            for submit, status in zip(await peer.receive(5), answers, strict=True):
                peer.send(pdu.encode_submit_sm_resp(submit.sequence, status, "x"))
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        outcomes = await session.submit("Sendmill", parts(5))
        assert outcomes == [Outcome(0, "x"), *[Outcome(status, "") for status in answers[1:]]]
        counts = session.statistics
        assert (counts.accepted, counts.throttled, counts.refused) == (1, 2, 2)
        await session.close()

    async def test_generic_nack_answers_the_part_it_names(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            first, second = await peer.receive(2)
            peer.send(pdu.encode_generic_nack(first.sequence, 2), accept(second, "b"))
            peer.send(pdu.encode_generic_nack(12345, 2))
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        assert await session.submit("Sendmill", parts(2)) == [Outcome(2, ""), Outcome(0, "b")]
        await session.close()

    async def test_part_that_no_pdu_can_hold_is_refused_alone(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            while True:
                (submit,) = await peer.receive()
                peer.send(accept(submit, "ok") if submit.command_id == pdu.SUBMIT_SM else b"")
                if submit.command_id == pdu.UNBIND:
                    peer.send(pdu.encode_unbind_resp(submit.sequence))

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        batch = parts(5)
        batch[1] = batch[1]._replace(payload=b"x" * 70_000)
        batch[4] = batch[4]._replace(destination=0)
        ok = Outcome(0, "ok")
        assert await session.submit("Sendmill", batch) == [
            ok,
            Outcome(command_statuses.ESME_RINVMSGLEN, ""),
            ok,
            ok,
            Outcome(command_statuses.ESME_RINVDSTADR, ""),
        ]
        await session.close()

    async def test_nothing_to_submit(self, serve: Serve) -> None:
        assert await Session(await serve(), on_reports=nothing).submit("Sendmill", []) == []

    async def test_impossible_sender_is_refused_before_anything_is_written(
        self, serve: Serve, parts: Parts
    ) -> None:
        session = Session(await serve(), on_reports=nothing)
        with pytest.raises(ValueError, match="longer than 11"):
            await session.submit("ABCDEFGHIJKL", parts(1))

    async def test_receiver_takes_no_messages(self, serve: Serve, parts: Parts) -> None:
        session = Session(await serve(bind="receiver"), on_reports=nothing)
        with pytest.raises(CarrierError, match="only receives"):
            await session.submit("Sendmill", parts(1))

    async def test_before_the_bind_nothing_is_sent(self, serve: Serve, parts: Parts) -> None:
        session = Session(await serve(), on_reports=nothing)
        assert await session.submit("Sendmill", parts(2)) == [UNSENT, UNSENT]

    async def test_sequence_numbers_start_again_and_skip_those_in_flight(
        self, serve: Serve, parts: Parts
    ) -> None:
        seen: list[int] = []

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            held = await peer.receive(3)
            others = await peer.receive(4)
            seen.extend(whole.sequence for whole in (*held, *others))
            peer.send(*[accept(whole) for whole in (*held, *others)])
            await peer.accept_unbind()

        last = pdu.MAX_SEQUENCE
        session = Session(await serve(script), on_reports=nothing, first_sequence=last - 1)
        await session.open()
        held = asyncio.create_task(session.submit("Sendmill", parts(3)))
        await asyncio.sleep(0.02)
        session._next_sequence = last
        outcomes = await session.submit("Sendmill", parts(4))
        assert seen == [last, 1, 2, 3, 4, 5, 6]
        assert [outcome.carrier_id for outcome in outcomes] == ["id3", "id4", "id5", "id6"]
        assert [outcome.carrier_id for outcome in await held] == [f"id{last}", "id1", "id2"]
        await session.close()


class TestUnknownOutcome:
    async def test_timeout_frees_the_window_and_late_responses_still_match(
        self, serve: Serve, parts: Parts
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            first = await peer.receive(2)
            enquiry = await peer.expect(pdu.ENQUIRE_LINK)
            peer.send(pdu.encode_enquire_link_resp(enquiry.sequence))
            second = await peer.receive(2)
            peer.send(*[accept(whole) for whole in second], *[accept(whole) for whole in first])
            peer.send(accept(first[0], "again"), pdu.encode_submit_sm_resp(4711, 0, "stranger"))
            await peer.accept_unbind()

        late: list[Late] = []
        config = await serve(script, window=2, response_timeout=0.1)
        session = Session(config, on_reports=nothing, on_late=late.extend)
        await session.open()
        batch = parts(2)
        assert await session.submit("Sendmill", batch, context="chunk 1") == [UNKNOWN, UNKNOWN]
        assert session.statistics.in_flight == 0
        assert await session.submit("Sendmill", parts(2)) == [Outcome(0, "id5"), Outcome(0, "id6")]
        await session.close()
        assert late == [
            Late("chunk 1", 0, batch[0], Outcome(0, "id2")),
            Late("chunk 1", 1, batch[1], Outcome(0, "id3")),
        ]
        assert (session.statistics.unknown, session.statistics.late) == (2, 2)

    async def test_into_silence_no_more_than_one_window_is_written(self, serve: Serve, parts: Parts) -> None:
        seen: list[pdu.Pdu] = []

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            while True:
                seen.extend(await peer.receive())

        config = await serve(script, window=2, response_timeout=0.1, enquire_interval=60.0)
        session = Session(config, on_reports=nothing)
        await session.open()
        async with asyncio.timeout(5):
            outcomes = await session.submit("Sendmill", parts(6))
        assert outcomes == [UNKNOWN] * 2 + [UNSENT] * 4
        assert [whole.command_id for whole in seen] == [pdu.SUBMIT_SM, pdu.SUBMIT_SM, pdu.ENQUIRE_LINK]
        assert "enquire_link" in session.reason
        await session.close()

    async def test_disconnect_in_the_middle_of_a_window(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            submits = await peer.receive(4)
            peer.send(accept(submits[2], "c"))
            peer.close()

        session = Session(await serve(script, window=4), on_reports=nothing)
        await session.open()
        outcomes = await session.submit("Sendmill", parts(4))
        assert outcomes == [UNKNOWN, UNKNOWN, Outcome(0, "c"), UNKNOWN]
        assert session.closed.is_set()
        assert await session.submit("Sendmill", parts(1)) == [UNSENT]
        await session.close()

    async def test_what_waited_for_room_was_never_sent(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            await peer.receive(4)
            peer.close()

        session = Session(await serve(script, window=4), on_reports=nothing)
        await session.open()
        assert await session.submit("Sendmill", parts(6)) == [UNKNOWN] * 4 + [UNSENT] * 2
        await session.close()

    async def test_unbind_by_the_carrier(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            await peer.receive()
            peer.send(pdu.encode_unbind(9))
            answer = await peer.expect(pdu.UNBIND_RESP)
            assert answer.sequence == 9

        session = Session(await serve(script, response_timeout=0.1), on_reports=nothing)
        await session.open()
        assert await session.submit("Sendmill", parts(1)) == [UNKNOWN]
        assert "unbind" in session.reason
        await session.close()

    async def test_cancelled_caller_frees_its_slots(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            first = await peer.receive(2)
            second = await peer.receive(2)
            peer.send(*[accept(whole) for whole in (*first, *second)])
            await peer.accept_unbind()

        late: list[Late] = []
        session = Session(await serve(script, window=2), on_reports=nothing, on_late=late.extend)
        await session.open()
        caller = asyncio.create_task(session.submit("Sendmill", parts(4), context=1))
        await asyncio.sleep(0.02)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        outcomes = await session.submit("Sendmill", parts(2))
        assert [outcome.status for outcome in outcomes] == [0, 0]
        assert [(item.context, item.position) for item in late] == [(1, 0), (1, 1)]
        await session.close()


class TestBrokenPeer:
    @pytest.mark.parametrize("length", [0, 15, 70_000])
    async def test_impossible_length_is_nacked_and_closed(
        self, serve: Serve, parts: Parts, length: int
    ) -> None:
        nacked: asyncio.Future[pdu.Pdu] = asyncio.get_running_loop().create_future()

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            (submit,) = await peer.receive()
            broken = length.to_bytes(4, "big") + pdu.encode_enquire_link(99)[4:]
            peer.send(accept(submit, "good"), broken)
            nacked.set_result(await peer.expect(pdu.GENERIC_NACK))
            await peer.wait_closed()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        assert await session.submit("Sendmill", parts(1)) == [Outcome(0, "good")]
        async with asyncio.timeout(2):
            await session.closed.wait()
            nack = await nacked
        await session.close()
        assert (nack.sequence, nack.status) == (99, command_statuses.ESME_RINVCMDLEN)
        assert "impossible length" in session.reason

    async def test_unknown_requests_are_nacked_and_survived(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            peer.send(
                pdu.encode_pdu(0x00010200, 0, 41, b"vendor"), pdu.encode_pdu(pdu.ALERT_NOTIFICATION, 0, 42)
            )
            nack = await peer.expect(pdu.GENERIC_NACK)
            assert (nack.sequence, nack.status) == (41, command_statuses.ESME_RINVCMDID)
            (submit,) = await peer.receive()
            peer.send(pdu.encode_pdu(0x80010200, 0, submit.sequence), accept(submit, "x"))
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        assert await session.submit("Sendmill", parts(1)) == [Outcome(0, "x")]
        await session.close()

    async def test_silent_carrier_is_asked_and_then_left(self, serve: Serve) -> None:
        asked: list[pdu.Pdu] = []

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            enquiry = await peer.expect(pdu.ENQUIRE_LINK)
            peer.send(pdu.encode_enquire_link_resp(enquiry.sequence))
            asked.append(await peer.expect(pdu.ENQUIRE_LINK))
            await peer.wait_closed()

        config = await serve(script, enquire_interval=0.05, response_timeout=0.1)
        session = Session(config, on_reports=nothing)
        await session.open()
        async with asyncio.timeout(5):
            await session.closed.wait()
        await session.close()
        assert len(asked) == 1
        assert "enquire_link" in session.reason

    async def test_carrier_that_reads_nothing_costs_no_memory(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            peer.stop_reading()
            await asyncio.sleep(10)

        session = Session(await serve(script, window=100_000), on_reports=nothing)
        await session.open()
        big = [OutgoingPart(1, b"x" * 60_000, False, 0, 1, 1)] * 2_000
        submitting = asyncio.create_task(session.submit("Sendmill", big))
        await asyncio.sleep(0.05)
        for _ in range(2_000):
            session.acknowledge(range(1_000))
        async with asyncio.timeout(5):
            outcomes = await submitting
        assert set(outcomes) == {UNKNOWN, UNSENT}
        assert "stopped reading" in session.reason
        await session.close()


class TestReports:
    async def test_nothing_is_acknowledged_before_we_say_so(self, serve: Serve) -> None:
        told = asyncio.Event()

        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            peer.send(receipt(1, "a"), receipt(2, "b"), receipt(3, "c"))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(peer.receive(), 0.05)
            told.set()
            acknowledgements = await peer.receive(2)
            assert [(whole.command_id, whole.sequence) for whole in acknowledgements] == [
                (pdu.DELIVER_SM_RESP, 1),
                (pdu.DELIVER_SM_RESP, 3),
            ]
            await peer.accept_unbind()

        reports: list[Report] = []
        session = Session(await serve(script), on_reports=reports.extend)
        await session.open()
        await told.wait()
        assert [report.carrier_id for report in reports] == ["a", "b", "c"]
        assert session.statistics.unacknowledged == 3
        session.acknowledge([reports[0].sequence, reports[2].sequence])
        session.acknowledge([])
        assert session.statistics.unacknowledged == 1
        await session.close()
        session.acknowledge([2])

    async def test_replies_and_unreadable_ones_arrive_too(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            reply = pdu.encode_deliver_sm(5, "8613123456789", "10690", b"STOP", esm_class=0)
            poison = pdu.encode_pdu(pdu.DELIVER_SM, 0, 6, b"\x00\x01garbage")
            data = pdu.encode_data_sm(7, Message("1", "2", b"", 4, tlvs={0x1E: b"a\0", 0x427: b"\2"}))
            peer.send(reply, poison, data, receipt(8))
            answers = await peer.receive(4)
            assert sorted((whole.command_id, whole.sequence) for whole in answers) == [
                (pdu.DELIVER_SM_RESP, 5),
                (pdu.DELIVER_SM_RESP, 6),
                (pdu.DELIVER_SM_RESP, 8),
                (pdu.DATA_SM_RESP, 7),
            ]
            await peer.accept_unbind()

        reports: list[Report] = []
        arrived = asyncio.Event()

        def take(batch: list[Report]) -> None:
            reports.extend(batch)
            session.acknowledge([report.sequence for report in batch])
            if len(reports) == 4:
                arrived.set()

        session = Session(await serve(script), on_reports=take)
        await session.open()
        await arrived.wait()
        await session.close()
        assert [report.kind for report in reports] == ["reply", "unreadable", "report", "report"]
        assert session.statistics.unacknowledged == 0

    async def test_report_before_its_response(self, serve: Serve, parts: Parts) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            (submit,) = await peer.receive()
            peer.send(receipt(1, "early"), accept(submit, "early"))
            await peer.accept_unbind()

        reports: list[Report] = []
        session = Session(await serve(script), on_reports=reports.extend)
        await session.open()
        assert await session.submit("Sendmill", parts(1)) == [Outcome(0, "early")]
        assert [report.carrier_id for report in reports] == ["early"]
        await session.close()

    async def test_reading_stops_while_too_much_is_unacknowledged(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            for sequence in range(1, 2001):
                peer.send(receipt(sequence))
                if sequence % 100 == 0:
                    await asyncio.sleep(0.001)
            await peer.receive(2000)
            await peer.accept_unbind()

        reports: list[Report] = []
        session = Session(await serve(script, unacknowledged=10), on_reports=reports.extend)
        await session.open()
        acknowledged = stalls = 0
        async with asyncio.timeout(20):
            while acknowledged < 2000:
                before = len(reports)
                await asyncio.sleep(0.005)
                if before == len(reports) > acknowledged + 10:
                    stalls += 1
                    session.acknowledge([report.sequence for report in reports[acknowledged:]])
                    acknowledged = len(reports)
                elif before == len(reports):
                    session.acknowledge([report.sequence for report in reports[acknowledged:]])
                    acknowledged = len(reports)
        assert stalls > 1, "all came at once: reading was never stopped"
        await session.close()


class TestQuery:
    async def test_carrier_knows(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            query = await peer.expect(pdu.QUERY_SM)
            assert pdu.decode_query_sm(query.body) == pdu.Query("a1", "Sendmill", 5, 0)
            answer = QueryAnswer("a1", "2405061231", 2, 0)
            peer.send(pdu.encode_query_sm_resp(query.sequence, 0, answer))
            await peer.accept_unbind()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        assert await session.query("a1", "Sendmill") == QueryResult("a1", "DELIVRD", True, 0, "2405061231")
        await session.close()

    async def test_carrier_does_not_know(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            refused, nonsense, reserved, closed = [await peer.expect(pdu.QUERY_SM)], [], [], []
            peer.send(pdu.encode_query_sm_resp(refused[0].sequence, command_statuses.ESME_RQUERYFAIL))
            nonsense.append(await peer.expect(pdu.QUERY_SM))
            peer.send(pdu.encode_pdu(pdu.QUERY_SM_RESP, 0, nonsense[0].sequence, b"\1"))
            reserved.append(await peer.expect(pdu.QUERY_SM))
            peer.send(pdu.encode_query_sm_resp(reserved[0].sequence, 0, QueryAnswer("a", "", 200, 0)))
            closed.append(await peer.expect(pdu.QUERY_SM))
            peer.close()

        session = Session(await serve(script), on_reports=nothing)
        await session.open()
        assert [await session.query("a", "Sendmill") for _ in range(5)] == [None] * 5
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
