"""Every fault, seen from the client's side."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from tests.rig.smpp_client import Client, bound, eventually, message
from tests.unit.simulator.conftest import Start

from sendmill.carriers.smpp.pdu import (
    DELIVER_SM,
    ENQUIRE_LINK,
    SUBMIT_SM_RESP,
    FramingError,
    decode_submit_sm_resp,
    encode_bind,
    encode_enquire_link,
    encode_submit_sm,
)
from sendmill.carriers.smpp.pdu import Bind as BindFields
from sendmill.simulator.faults import DEMO_NOTES, DEMO_OUTCOMES, Faults, Outcome, State, read_faults
from sendmill.simulator.journal import read_journal
from sendmill.simulator.message_ids import IdForm

BASE = 8613100000000


async def submit_many(client: Client, count: int, first: int = BASE) -> list[int]:
    """Statuses of `count` submits to consecutive numbers."""
    sequences = [client.send(message(first + at)) for at in range(count)]
    return [(await client.answer(sequence)).status for sequence in sequences]


async def test_failure_rate_fails_the_same_numbers_whatever_the_bind(start: Start) -> None:
    async def failed(seed: int) -> set[str]:
        smsc = await start(Faults(failure_rate=0.3), seed=seed)
        async with bound(smsc.port) as client:
            await submit_many(client, 200)
            return {report.number for report in await client.reports(200) if report.stat != "DELIVRD"}

    first = await failed(1)
    assert 30 < len(first) < 90
    assert await failed(1) == first
    assert await failed(2) != first


async def test_failures_have_the_states_asked_for(start: Start) -> None:
    smsc = await start(Faults(failure_rate=1.0, failure_states=(State.DELETED, State.UNKNOWN)))
    async with bound(smsc.port) as client:
        await submit_many(client, 50)
        assert {report.stat for report in await client.reports(50)} == {"DELETED", "UNKNOWN"}


async def test_prefixes_decide_and_suffixes_decide_first(start: Start) -> None:
    faults = Faults(
        prefixes={"241": Outcome(state=State.REJECTED), "2412": Outcome(state=State.EXPIRED)},
        suffixes={"99": Outcome(state=State.UNDELIVERABLE)},
    )
    smsc = await start(faults)
    async with bound(smsc.port) as client:
        for number in (2412000000, 2411000000, 2412000099, 49170123456):
            await client.submit(message(number))
        assert [report.stat for report in await client.reports(4)] == [
            "EXPIRED",
            "REJECTD",
            "UNDELIV",
            "DELIVRD",
        ]


async def test_throttling_refuses_what_is_above_the_rate(start: Start) -> None:
    smsc = await start(Faults(throttle_rate=0.001))
    async with bound(smsc.port) as client:
        assert await submit_many(client, 20) == [0x58] * 20
        smsc.faults = Faults()
        assert await submit_many(client, 20) == [0] * 20
    assert smsc.statistics.refused == 20


async def test_throttling_lets_the_rate_through(start: Start) -> None:
    smsc = await start(Faults(throttle_rate=1000.0))
    async with bound(smsc.port) as client:
        statuses = Counter(await submit_many(client, 5))
        await asyncio.sleep(0.1)
        statuses.update(await submit_many(client, 5))
    assert statuses[0] >= 5


@pytest.mark.parametrize("status", [0x14, 0x45, 0x0400])
async def test_a_share_of_submits_is_refused(start: Start, status: int) -> None:
    smsc = await start(Faults(refuse_rate=0.5, refuse_status=status), seed=3)
    async with bound(smsc.port) as client:
        statuses = Counter(await submit_many(client, 100))
    assert set(statuses) == {0, status}
    assert 25 < statuses[status] < 75


async def test_the_same_seed_refuses_the_same_submits(start: Start) -> None:
    runs = []
    for _ in range(2):
        smsc = await start(Faults(refuse_rate=0.5), seed=11)
        async with bound(smsc.port) as client:
            runs.append(await submit_many(client, 60))
    assert runs[0] == runs[1]


async def test_binds_can_be_refused_and_welcomed_again(start: Start) -> None:
    smsc = await start(Faults(bind_status=0x0D))
    client = await Client.connect(smsc.port)
    assert await client.bind() == 0x0D
    client.close()
    smsc.faults = Faults()
    async with bound(smsc.port) as client:
        assert not client.closed


async def test_dropped_responses_are_accepted_all_the_same(start: Start, tmp_path: Path) -> None:
    smsc = await start(Faults(drop_responses=1.0), log_path=tmp_path / "journal")
    async with bound(smsc.port) as client:
        client.send(message())
        await client.reports(1)
        assert [pdu.command_id for pdu in client.pdus] == [0x80000009, DELIVER_SM]
    assert len(list(read_journal(tmp_path / "journal"))) == 1


async def test_late_responses_come_after_the_report(start: Start) -> None:
    smsc = await start(Faults(response_delay=(0.1, 0.1)))
    async with bound(smsc.port) as client:
        assert (await client.submit(message()))[0] == 0
        assert [pdu.command_id for pdu in client.pdus[1:]] == [DELIVER_SM, SUBMIT_SM_RESP]


async def test_a_report_may_come_before_its_response(start: Start) -> None:
    smsc = await start(Faults(report_before_response=True))
    async with bound(smsc.port) as client:
        _, message_id = await client.submit(message())
        assert [pdu.command_id for pdu in client.pdus[1:]] == [DELIVER_SM, SUBMIT_SM_RESP]
        assert (await client.reports(1))[0].text_id == message_id


async def test_reports_wait_for_their_time(start: Start) -> None:
    smsc = await start(Faults(report_delay=(0.15, 0.25)))
    async with bound(smsc.port) as client:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await submit_many(client, 20)
        assert smsc.pending == 20
        await client.reports(20)
        assert loop.time() - before >= 0.15


async def test_duplicate_reports_come_twice(start: Start) -> None:
    smsc = await start(Faults(duplicate_reports=1.0))
    async with bound(smsc.port) as client:
        await submit_many(client, 10)
        ids = Counter(report.text_id for report in await client.reports(20))
    assert set(ids.values()) == {2}
    assert len(ids) == 10


async def test_dropped_reports_leave_the_answer_to_a_query(start: Start) -> None:
    smsc = await start(Faults(drop_reports=1.0))
    async with bound(smsc.port) as client:
        _, message_id = await client.submit(message())
        async with asyncio.timeout(5):
            while (await client.query(message_id)).body[-2] == State.ENROUTE:
                await asyncio.sleep(0.01)
        assert (await client.query(message_id)).body[-2] == State.DELIVERED
        assert client.deliveries == []


async def test_stranger_reports_are_for_ids_never_given_out(start: Start) -> None:
    smsc = await start(Faults(stranger_reports=1.0))
    async with bound(smsc.port) as client:
        _, message_id = await client.submit(message())
        reports = await client.reports(2)
    assert [report.text_id == message_id for report in reports] == [True, False]
    assert reports[1].number.startswith("99999")


async def test_reordered_reports_come_in_another_order(start: Start) -> None:
    smsc = await start(Faults(reorder_reports=True, report_delay=(0.1, 0.1)))
    async with bound(smsc.port) as client:
        await submit_many(client, 100)
        numbers = [report.number for report in await client.reports(100)]
    assert numbers != sorted(numbers)
    assert sorted(numbers) == [str(BASE + at) for at in range(100)]


async def test_intermediate_reports_come_first(start: Start) -> None:
    smsc = await start(Faults(intermediate_reports=1.0, report_delay=(0.02, 0.02)))
    async with bound(smsc.port) as client:
        await submit_many(client, 20)
        by_number: dict[str, list[str | None]] = {}
        kinds = set()
        for report in await client.reports(40):
            by_number.setdefault(report.number, []).append(report.stat)
            kinds.add((report.stat, report.kind))
    assert {stats[0] for stats in by_number.values()} == {"ACCEPTD", "ENROUTE"}
    assert {stats[1] for stats in by_number.values()} == {"DELIVRD"}
    assert kinds == {("ACCEPTD", 0x04), ("ENROUTE", 0x20), ("DELIVRD", 0x04)}


async def test_mangled_receipts_cannot_be_read(start: Start) -> None:
    smsc = await start(Faults(mangled_receipts=1.0))
    async with bound(smsc.port) as client:
        await submit_many(client, 30)
        reports = await client.reports(30)
    assert {(report.stat, report.tlv_id, report.kind) for report in reports} == {(None, None, 4)}
    assert len({report.text for report in reports}) > 2


async def test_odd_receipts_still_say_what_happened(start: Start) -> None:
    smsc = await start(Faults(odd_receipts=1.0))
    async with bound(smsc.port) as client:
        await submit_many(client, 40)
        reports = await client.reports(40)
    assert {(report.stat or "").upper() for report in reports} == {"DELIVRD"}
    assert all(report.text_id == report.tlv_id for report in reports)
    assert {report.error for report in reports} == {"0", "000", "xyz", "E12"}


async def test_a_connection_is_cut_after_so_many_parts(start: Start, tmp_path: Path) -> None:
    smsc = await start(Faults(disconnect_after=7), log_path=tmp_path / "journal")
    async with bound(smsc.port) as client:
        client.write(b"".join(encode_submit_sm(at, message(BASE + at)) for at in range(10, 30)))
        await client.until(lambda: client.closed)
        assert all(pdu.command_id != SUBMIT_SM_RESP for pdu in client.pdus)
    assert len(list(read_journal(tmp_path / "journal"))) == 7


async def test_writes_can_be_split_into_octets(start: Start) -> None:
    smsc = await start(Faults(split_writes=1))
    async with bound(smsc.port) as client:
        status, message_id = await client.submit(message())
        (report,) = await client.reports(1)
        assert (status, report.text_id) == (0, message_id)
        assert len(client.chunks) > 20


async def test_a_silent_centre_takes_and_says_nothing(start: Start, tmp_path: Path) -> None:
    smsc = await start(log_path=tmp_path / "journal")
    async with bound(smsc.port) as client:
        smsc.faults = Faults(silent=True)
        client.send(message())
        client.write(encode_enquire_link(99))
        await eventually(lambda: smsc.statistics.accepted)
        await asyncio.sleep(0.05)
        assert len(client.pdus) == 1
        smsc.faults = Faults()
        assert len(await client.reports(1)) == 1
    assert len(list(read_journal(tmp_path / "journal"))) == 1


async def test_garbage_has_no_length(start: Start) -> None:
    smsc = await start(Faults(garbage_after=1))
    reader, writer = await asyncio.open_connection("127.0.0.1", smsc.port)
    writer.write(encode_bind("transmitter", 1, BindFields("demo", "demo")) + encode_submit_sm(2, message()))
    received = b""
    while not received.endswith(bytes(16)):
        received += await reader.read(4096)
    assert decode_submit_sm_resp(received[-16 - 10 : -16])
    writer.close()
    await writer.wait_closed()
    assert issubclass(FramingError, ValueError)


async def test_the_centre_can_enquire_by_itself(start: Start) -> None:
    smsc = await start(Faults(enquire_interval=0.02, enquire_before_bind=True))
    async with bound(smsc.port) as client:
        assert client.pdus[0].command_id == ENQUIRE_LINK
        await client.until(lambda: sum(pdu.command_id == ENQUIRE_LINK for pdu in client.pdus) >= 3)


@pytest.mark.parametrize("form", list(IdForm))
async def test_ids_have_a_form(start: Start, form: IdForm) -> None:
    smsc = await start(Faults(id_form=form), first_id=2**63 + 255)
    async with bound(smsc.port) as client:
        _, message_id = await client.submit(message())
        (report,) = await client.reports(1)
        assert report.text_id == report.tlv_id == message_id
        assert (await client.query(message_id)).status == 0
    expected = {
        IdForm.DECIMAL: "9223372036854776063",
        IdForm.HEX: "80000000000000ff",
        IdForm.UPPER_HEX: "80000000000000FF",
        IdForm.PADDED: "09223372036854776063",
    }
    assert message_id == expected.get(form, message_id)
    assert form is not IdForm.UNDASHED or len(message_id) == 32
    assert form is not IdForm.UUID or [len(piece) for piece in message_id.split("-")] == [8, 4, 4, 4, 12]


async def test_the_report_may_write_the_id_in_another_form(start: Start) -> None:
    smsc = await start(Faults(id_form=IdForm.HEX, report_id_form=IdForm.PADDED))
    async with bound(smsc.port) as client:
        _, message_id = await client.submit(message())
        (report,) = await client.reports(1)
    assert report.text_id == f"{int(message_id, 16):020d}"


async def demo(start: Start, ending: str) -> tuple[list[int], list[str | None], Client]:
    smsc = await start(Faults(suffixes=DEMO_OUTCOMES))
    async with bound(smsc.port) as client:
        number = int(f"861310000{ending}")
        statuses = [(await client.submit(message(number)))[0] for _ in range(2)]
        await client.submit(message(8613100009999))
        await client.until(lambda: any(each.source.endswith("9999") for each in client.deliveries))
        await asyncio.sleep(0.05)
        reports = await client.reports(len(client.deliveries))
    stats = [report.stat for report in reports if report.number.endswith(ending) and report.kind == 4]
    return statuses, stats, client


@pytest.mark.parametrize(
    ("ending", "statuses", "stats"),
    [
        ("0001", [0, 0], ["UNDELIV"] * 2),
        ("0002", [0, 0], ["EXPIRED"] * 2),
        ("0003", [0, 0], ["REJECTD"] * 2),
        ("0004", [0x0B, 0x0B], []),
        ("0005", [0, 0], []),
        ("0006", [0x58, 0], ["DELIVRD"]),
        ("0007", [0, 0], ["UNDELIV"] * 2),
        ("0008", [0, 0], ["DELIVRD"] * 4),
        ("0009", [0, 0], ["DELIVRD"] * 2),
        ("0010", [0, 0], ["ACCEPTD", "DELIVRD"] * 2),
    ],
)
async def test_numbers_of_the_demonstration(
    start: Start, ending: str, statuses: list[int], stats: list[str]
) -> None:
    seen_statuses, seen_stats, client = await demo(start, ending)
    assert (seen_statuses, seen_stats) == (statuses, stats)
    replies = [each.payload for each in client.deliveries if each.esm_class == 0]
    assert replies == ([b"STOP", b"STOP"] if ending == "0009" else [])


def test_every_ending_of_the_demonstration_is_documented() -> None:
    assert list(DEMO_NOTES) == list(DEMO_OUTCOMES)


def test_faults_are_read_from_plain_values() -> None:
    faults = read_faults(
        {
            "demo": True,
            "report_delay": [0, 1],
            "id_form": "hex",
            "report_id_form": None,
            "receipt": "tlv",
            "failure_rate": 1,
            "failure_states": ["EXPIRED"],
            "prefixes": {"44": {"state": "REJECTED", "first": "ACCEPTED"}},
            "silent": True,
            "report_window": 5,
        }
    )
    assert faults.suffixes == DEMO_OUTCOMES
    assert faults.report_delay == (0.0, 1.0)
    assert (faults.id_form, faults.report_id_form, faults.failure_rate) == (IdForm.HEX, None, 1.0)
    assert faults.failure_states == (State.EXPIRED,)
    assert faults.prefixes == {"44": Outcome(state=State.REJECTED, first=State.ACCEPTED)}
    assert faults.silent
    assert faults.report_window == 5


@pytest.mark.parametrize(
    "values",
    [
        {"unheard_of": 1},
        {"failure_rate": 1.5},
        {"failure_rate": True},
        {"report_window": "5"},
        {"report_delay": [2, 1]},
        {"report_delay": [1]},
        {"id_form": "roman"},
        {"failure_states": []},
        {"failure_states": ["LOST"]},
        {"prefixes": {"44": {"colour": 1}}},
    ],
)
def test_wrong_faults_are_named(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):
        read_faults(values)
