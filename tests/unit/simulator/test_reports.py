"""Delivery reports: what they say, whom they reach, and that none is lost."""

import asyncio

import pytest
from tests.rig.smpp_client import Client, Report, bound, eventually, long_parts, message
from tests.unit.simulator.conftest import Start

from sendmill.carriers.smpp.pdu import (
    DELIVER_SM,
    decode_query_sm_resp,
    encode_deliver_sm_resps,
    encode_pdu,
)
from sendmill.simulator.faults import Faults, Outcome, ReceiptForm, State

NUMBER = 8613112345678


async def settle(client: Client) -> None:
    """Give reports that must not come the time to come."""
    await asyncio.sleep(0.1)


async def test_a_report_says_what_became_of_the_message(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        _, message_id = await client.submit(message(NUMBER, b"A text of more than twenty characters"))
        (report,) = await client.reports(1)
    assert (report.number, report.message.destination) == (str(NUMBER), "Sendmill")
    assert (report.message.destination_ton, report.message.destination_npi) == (5, 0)
    assert (report.kind, report.stat, report.error) == (4, "DELIVRD", "000")
    assert (report.text_id, report.tlv_id, report.tlv_state) == (message_id, message_id, 2)
    assert report.text.endswith("text:A text of more than ")
    assert " submit date:" in report.text


async def test_a_failure_carries_the_network_error(start: Start) -> None:
    smsc = await start(Faults(failure_rate=1.0, failure_states=(State.EXPIRED,)))
    async with bound(smsc.port) as client:
        await client.submit(message())
        (report,) = await client.reports(1)
    assert (report.stat, report.error, report.tlv_state) == ("EXPIRED", "027", 3)
    assert report.message.tlvs[0x0423] == b"\3\0\x1b"


@pytest.mark.parametrize("form", list(ReceiptForm))
async def test_a_report_speaks_in_text_in_tlvs_or_both(start: Start, form: ReceiptForm) -> None:
    smsc = await start(Faults(receipt=form))
    async with bound(smsc.port) as client:
        await client.submit(message())
        (report,) = await client.reports(1)
    assert (report.text_id is not None) == (form is not ReceiptForm.TLV)
    assert (report.tlv_id is not None) == (form is not ReceiptForm.TEXT)


async def test_only_reports_that_were_asked_for_come(start: Start) -> None:
    smsc = await start(Faults(suffixes={"1": Outcome(state=State.UNDELIVERABLE)}))
    async with bound(smsc.port) as client:
        for asked in (0, 1, 2, 0x11):
            for number in (NUMBER // 10 * 10, NUMBER // 10 * 10 + 1):
                await client.submit(message(number, registered_delivery=asked))
        await client.until(lambda: len(client.deliveries) >= 7)
        await settle(client)
        stats = [report.stat for report in await client.reports(len(client.deliveries))]
    # Asked: nothing, everything, failures alone, everything with an intermediate notification.
    assert sorted(map(str, stats)) == sorted(
        ["DELIVRD", "UNDELIV", "UNDELIV", "ENROUTE", "DELIVRD", "ENROUTE", "UNDELIV"]
    )


async def test_every_part_has_its_report(start: Start) -> None:
    smsc = await start(Faults(suffixes={"8": Outcome(state=State.REJECTED, last_part_only=True)}))
    async with bound(smsc.port) as client:
        ids = [(await client.submit(part))[1] for part in long_parts(NUMBER, [b"a", b"b", b"c"])]
        reports = await client.reports(3)
    assert {report.text_id: report.stat for report in reports} == dict(
        zip(ids, ["DELIVRD", "DELIVRD", "REJECTD"], strict=True)
    )


async def test_a_long_message_may_be_reported_once(start: Start) -> None:
    smsc = await start(Faults(per_part_reports=False))
    async with bound(smsc.port) as client:
        ids = [(await client.submit(part))[1] for part in long_parts(NUMBER, [b"a", b"b", b"c"])]
        await client.reports(1)
        await settle(client)
        assert [Report(each).text_id for each in client.deliveries] == [ids[2]]


async def test_the_report_window_bounds_what_is_unacknowledged(start: Start) -> None:
    smsc = await start(Faults(report_window=5))
    async with bound(smsc.port) as client:
        client.acknowledges = False
        for at in range(12):
            await client.submit(message(NUMBER + at))
        await client.until(lambda: len(client.deliveries) >= 5)
        await settle(client)
        assert len(client.deliveries) == 5
        seen = [pdu.sequence for pdu in client.pdus if pdu.command_id == DELIVER_SM]
        client.acknowledges = True
        client.write(encode_deliver_sm_resps(seen))
        await client.reports(12)
        await eventually(lambda: not smsc.pending)
    assert smsc.statistics.acknowledged == 12


async def test_unacknowledged_reports_come_again_at_the_next_bind(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.acknowledges = False
        for at in range(3):
            await client.submit(message(NUMBER + at))
        first = [report.text_id for report in await client.reports(3)]
    await eventually(lambda: not smsc.center.connections)
    assert smsc.pending == 3
    async with bound(smsc.port) as client:
        assert [report.text_id for report in await client.reports(3)] == first
        await eventually(lambda: not smsc.pending)
    async with bound(smsc.port) as client:
        await settle(client)
        assert client.deliveries == []


async def test_reports_due_while_nobody_is_bound_wait(start: Start) -> None:
    smsc = await start(Faults(report_delay=(0.05, 0.05)))
    async with bound(smsc.port) as client:
        await client.submit(message())
    await asyncio.sleep(0.1)
    assert smsc.pending == 1
    async with bound(smsc.port) as client:
        assert len(await client.reports(1)) == 1


async def test_reports_go_to_their_own_system_id_only(start: Start) -> None:
    smsc = await start(accounts={"one": "1", "two": "2"})
    async with (
        bound(smsc.port, system_id="one", password="1") as one,
        bound(smsc.port, system_id="two", password="2") as two,
    ):
        await one.submit(message())
        await one.reports(1)
        await settle(two)
        assert two.deliveries == []


async def test_a_report_may_come_on_another_bind(start: Start) -> None:
    smsc = await start(Faults(report_on_another_bind=True))
    async with bound(smsc.port) as one, bound(smsc.port) as two:
        _, message_id = await one.submit(message())
        assert (await two.reports(1))[0].text_id == message_id
        assert one.deliveries == []


async def test_a_temporary_refusal_brings_the_report_again(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.acknowledges = False
        _, message_id = await client.submit(message())
        await client.reports(1)
        client.write(encode_deliver_sm_resps([1], status=0x64))
        client.acknowledges = True
        assert [report.text_id for report in await client.reports(2)] == [message_id] * 2


async def test_a_generic_nack_gives_a_report_up(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.acknowledges = False
        await client.submit(message())
        await client.reports(1)
        client.write(encode_pdu(0x80000000, 3, 1))
        await eventually(lambda: not smsc.pending)


async def test_a_query_tells_the_state(start: Start) -> None:
    smsc = await start(Faults(suffixes={"5": Outcome(report=False), "1": Outcome(state=State.EXPIRED)}))
    async with bound(smsc.port) as client:
        _, lost = await client.submit(message(8613112345675))
        _, expired = await client.submit(message(8613112345671))
        await client.reports(1)
        enroute = decode_query_sm_resp((await client.query(lost)).body)
        final = decode_query_sm_resp((await client.query(expired)).body)
        assert (enroute.message_id, enroute.final_date, enroute.state) == (lost, "", 1)
        assert (final.state, final.error_code, len(final.final_date)) == (3, 27, 16)
        assert (await client.query("12")).status == 0x67
        assert (await client.query("no number")).status == 0x0C


@pytest.mark.parametrize("text", ["STOP", "退订", "{braces}"])
async def test_a_person_can_reply(start: Start, text: str) -> None:
    smsc = await start()
    smsc.reply("+2412000000", text, "Sendmill")
    async with bound(smsc.port) as client:
        await client.reports(1)
        (reply,) = client.deliveries
    assert (reply.source, reply.destination, reply.esm_class) == ("2412000000", "Sendmill", 0)
    assert reply.payload.decode("utf-16-be" if reply.data_coding == 8 else "ascii") == text


async def test_a_reply_is_one_part_of_a_known_account(start: Start) -> None:
    smsc = await start()
    with pytest.raises(ValueError, match="one part"):
        smsc.reply(2412000000, "x" * 161, "Sendmill")
    with pytest.raises(ValueError, match="no account"):
        smsc.reply(2412000000, "x", "Sendmill", system_id="nobody")


async def test_a_carrier_that_is_down_keeps_its_reports(start: Start) -> None:
    smsc = await start()
    async with bound(smsc.port) as client:
        client.acknowledges = False
        await client.submit(message())
        await client.reports(1)
        port = smsc.port
        await smsc.go_down()
        await client.until(lambda: client.closed)
    with pytest.raises(OSError, match=str(port)):
        await Client.connect(port)
    await smsc.come_up()
    assert smsc.port == port
    async with bound(port) as client:
        assert len(await client.reports(1)) == 1


async def test_a_reader_that_stops_reading_loses_nothing(start: Start) -> None:
    smsc = await start(Faults(report_window=0))
    async with bound(smsc.port) as client:
        client.writer.transport.pause_reading()
        for at in range(20_000):
            client.send(message(NUMBER + at, registered_delivery=1))
            if at % 500 == 0:
                await asyncio.sleep(0)
        client.writer.transport.resume_reading()
        await eventually(lambda: smsc.statistics.acknowledged == 20_000)
        assert len({each.source for each in client.deliveries}) == 20_000


async def test_ids_are_counted_anew_and_a_query_means_the_newest(start: Start) -> None:
    smsc = await start(Faults(ids_anew=3, suffixes={"7": Outcome(state=State.REJECTED)}), first_id=900)
    async with bound(smsc.port) as client:
        ids = [(await client.submit(message(NUMBER + at)))[1] for at in range(7)]
        reports = await client.reports(7)
        await eventually(lambda: not smsc.pending)
    assert ids == ["0", "1", "2", "0", "1", "2", "0"]
    assert sorted(report.text_id for report in reports) == sorted(ids)
    answer = smsc.center.query(ids[-1])
    newest = smsc.center.states.find(906)
    assert newest is not None
    assert not isinstance(answer, int)
    assert (answer.state, ids[-1]) == (newest.state, ids[0])


async def test_some_reports_come_again_later(start: Start) -> None:
    smsc = await start(Faults(repeat_reports=1.0, repeat_delay=(0.05, 0.1)))
    async with bound(smsc.port) as client:
        _, identifier = await client.submit(message())
        reports = await client.reports(2)
        await eventually(lambda: not smsc.pending)
    assert [(report.text_id, report.stat) for report in reports] == [(identifier, "DELIVRD")] * 2


async def test_the_last_reports_come_again_at_the_next_bind(start: Start) -> None:
    smsc = await start(Faults(repeat_at_bind=2))
    async with bound(smsc.port) as client:
        for at in range(3):
            await client.submit(message(NUMBER + at))
        told = [report.text_id for report in await client.reports(3)]
        await eventually(lambda: not smsc.pending)
    async with bound(smsc.port) as client:
        assert [report.text_id for report in await client.reports(2)] == told[1:]
        await eventually(lambda: not smsc.pending)
