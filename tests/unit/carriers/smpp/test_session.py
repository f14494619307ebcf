"""A session against an SMSC that behaves, and one that does not."""

import asyncio

import pytest
from tests.unit.carriers.smpp.conftest import UNKNOWN, UNSENT, Parts, Peer, Serve, accept, nothing

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import (
    WINDOW_FULL,
    CarrierError,
    Late,
    Outcome,
    OutgoingPart,
)
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.pdu import Message
from sendmill.carriers.smpp.session import Session


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
        full = Outcome(WINDOW_FULL, str(0x14))  # one of several unanswered: perhaps too many were
        assert outcomes == [Outcome(0, "x"), Outcome(0x58, ""), full, Outcome(0x0B, ""), Outcome(0x400, "")]
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
