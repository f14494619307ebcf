"""What a session does with reports, with answers to query_sm, and with PDUs that nobody can read."""

import asyncio

import pytest
from tests.unit.carriers.smpp.conftest import UNKNOWN, UNSENT, Parts, Peer, Serve, accept, nothing, receipt

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import (
    Outcome,
    OutgoingPart,
    QueryResult,
    Report,
)
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.pdu import Message, QueryAnswer
from sendmill.carriers.smpp.session import Session


class TestBrokenPeer:
    @pytest.mark.parametrize("length", [0, 15, pdu.MAX_LENGTH + 1])
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

    async def test_numbers_that_say_nothing_are_left_out_of_reports_alone(self, serve: Serve) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept_bind()
            peer.send(receipt(1), pdu.encode_deliver_sm(2, "8613100000001", "10690", b"STOP", esm_class=0))
            await peer.accept_unbind()

        reports: list[Report] = []
        session = Session(await serve(script, match_by_id_alone=True), on_reports=reports.extend)
        await session.open()
        while len(reports) < 2:
            await asyncio.sleep(0.01)
        await session.close()
        assert [(one.kind, one.carrier_id, one.number, one.destination) for one in reports] == [
            ("report", "1", None, ""),
            ("reply", None, 8613100000001, "10690"),
        ]

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
