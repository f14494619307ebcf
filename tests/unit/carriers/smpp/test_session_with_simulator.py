"""A session against the simulator, with what goes wrong at carriers; and over TLS."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sendmill.carriers.back_off import BackOff
from sendmill.carriers.message_ids import ID_FORMS, matching, normalise_id
from sendmill.carriers.message_ids import IdForm as Rule
from sendmill.carriers.protocol import ConnectError, Outcome, OutgoingPart, Report
from sendmill.carriers.smpp import reconnecting_bind as links
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.reconnecting_bind import ReconnectingBind
from sendmill.carriers.smpp.session import Session
from sendmill.simulator.faults import Faults, ReceiptForm
from sendmill.simulator.message_ids import IdForm
from sendmill.simulator.server import Smsc

Parts = Callable[[int], list[OutgoingPart]]
Start = Callable[..., Awaitable[CarrierConfig]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start a simulator; the settings to reach it."""
    running: list[Smsc] = []

    async def begin(
        faults: Faults | None = None, tls: ssl.SSLContext | None = None, **settings: Any
    ) -> CarrierConfig:
        smsc = Smsc(faults=faults, tls=tls)
        await smsc.start()
        running.append(smsc)
        settings = {"system_id": "demo", "password": "demo", "response_timeout": 10.0} | settings
        return CarrierConfig(host="127.0.0.1", port=smsc.port, **settings)

    yield begin
    for smsc in running:
        await smsc.stop()


class Client:
    """A session that acknowledges every report at once and keeps it."""

    def __init__(self, config: CarrierConfig) -> None:
        self.reports: list[Report] = []
        self.session = Session(config, on_reports=self._take)
        self._arrived = asyncio.Event()

    def _take(self, reports: list[Report]) -> None:
        self.reports += reports
        self.session.acknowledge([report.sequence for report in reports])
        self._arrived.set()

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.reports) < count:
                self._arrived.clear()
                await self._arrived.wait()


async def exchange(config: CarrierConfig, parts: list[OutgoingPart]) -> tuple[list[Outcome], list[Report]]:
    """Submit, and wait until as many reports came as parts were accepted."""
    client = Client(config)
    await client.session.open()
    outcomes = await client.session.submit("Sendmill", parts)
    await client.wait_for(sum(outcome.status == 0 for outcome in outcomes))
    await client.session.close()
    return outcomes, client.reports


@pytest.mark.parametrize(
    "faults",
    [
        Faults(),
        Faults(split_writes=1),
        Faults(split_writes=7, report_before_response=True, enquire_before_bind=True),
        Faults(receipt=ReceiptForm.TLV, report_window=3),
        Faults(receipt=ReceiptForm.TEXT, reorder_reports=True, report_delay=(0.0, 0.05)),
        Faults(odd_receipts=1.0),
        Faults(enquire_interval=0.01, response_delay=(0.0, 0.02)),
    ],
    ids=["plain", "octets", "early", "tlv", "reordered", "odd", "delayed"],
)
async def test_every_part_is_answered_and_reported(start: Start, parts: Parts, faults: Faults) -> None:
    batch = parts(100)
    outcomes, reports = await exchange(await start(faults, window=30), batch)
    numbers = {outcome.carrier_id: part.destination for outcome, part in zip(outcomes, batch, strict=True)}
    assert all(outcome.status == 0 for outcome in outcomes)
    assert {report.carrier_id: report.number for report in reports} == numbers
    assert {report.stat for report in reports} == {"DELIVRD"}


async def test_unreadable_reports_are_delivered_all_the_same(start: Start, parts: Parts) -> None:
    outcomes, reports = await exchange(await start(Faults(mangled_receipts=0.5)), parts(60))
    assert len(reports) == len(outcomes) == 60
    assert {report.kind for report in reports} >= {"report", "unreadable"}


@pytest.mark.parametrize(
    ("response", "report", "rule"),
    [
        (IdForm.DECIMAL, IdForm.DECIMAL, "as_is"),
        (IdForm.HEX, IdForm.DECIMAL, "hex_to_dec"),
        (IdForm.DECIMAL, IdForm.HEX, "dec_to_hex"),
    ],
)
async def test_rule_of_ids_is_found_from_the_traffic(
    start: Start, parts: Parts, response: IdForm, report: IdForm, rule: Rule
) -> None:
    config = await start(Faults(id_form=response, report_id_form=report))
    outcomes, reports = await exchange(config, parts(40))
    told = [item.carrier_id or "" for item in reports]
    found = matching([outcome.carrier_id for outcome in outcomes], told)
    assert max(ID_FORMS, key=lambda form: found[form]) == rule
    ours = {normalise_id(outcome.carrier_id, rule) for outcome in outcomes}
    assert {normalise_id(text, rule, reported=True) for text in told} == ours


async def test_lost_responses_leave_their_parts_unknown(start: Start, parts: Parts) -> None:
    config = await start(Faults(drop_responses=0.3), response_timeout=0.2, window=20)
    outcomes, _ = await exchange(config, parts(60))
    assert {outcome.status for outcome in outcomes} == {0, None}


async def test_link_goes_on_after_the_carrier_cut_it(start: Start, parts: Parts) -> None:
    config = await start(Faults(disconnect_after=25), window=10)
    link = ReconnectingBind(
        config,
        on_reports=lambda session, reports: session.acknowledge([report.sequence for report in reports]),
        back_off=BackOff(first=0.01, longest=0.05),
    )
    link.start()
    waiting, unknown, sessions = parts(60), 0, set()
    async with asyncio.timeout(20):
        while waiting:
            session = await link.wait_bound()
            sessions.add(session)
            outcomes = await session.submit("Sendmill", waiting)
            unknown += sum(outcome.status is None for outcome in outcomes)
            waiting = [part for part, outcome in zip(waiting, outcomes, strict=True) if outcome.status == -1]
    await link.stop()
    assert len(sessions) >= 2
    assert 0 < unknown <= 10 * len(sessions), "no more than a window for each connection"


async def test_receiver_gets_the_reports_of_a_transmitter(start: Start, parts: Parts) -> None:
    config = await start()
    receiver = Client(replace(config, bind="receiver"))
    transmitter = Client(replace(config, bind="transmitter"))
    await receiver.session.open()
    await transmitter.session.open()
    outcomes = await transmitter.session.submit("Sendmill", parts(20))
    await receiver.wait_for(20)
    assert {report.carrier_id for report in receiver.reports} == {outcome.carrier_id for outcome in outcomes}
    assert transmitter.reports == []
    await transmitter.session.close()
    await receiver.session.close()


async def test_query_tells_the_state(start: Start, parts: Parts) -> None:
    client = Client(await start())
    await client.session.open()
    (outcome,) = await client.session.submit("Sendmill", parts(1))
    await client.wait_for(1)
    answer = await client.session.query(outcome.carrier_id, "Sendmill")
    assert answer is not None
    assert (answer.carrier_id, answer.stat, answer.final) == (outcome.carrier_id, "DELIVRD", True)
    assert await client.session.query("no such id", "Sendmill") is None
    await client.session.close()


@pytest.mark.parametrize("long_messages", ["udh", "sar"])
async def test_parts_of_a_long_message(start: Start, long_messages: str) -> None:
    config = await start(long_messages=long_messages)
    batch = [OutgoingPart(8613123456789, b"x" * 153, False, 9, 3, number) for number in (1, 2, 3)]
    outcomes, reports = await exchange(config, batch)
    assert len({outcome.carrier_id for outcome in outcomes}) == 3
    assert len(reports) == 3


class TestTls:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        """A certificate for 127.0.0.1 that nobody but itself vouches for, with its key."""
        path = tmp_path / "smsc.pem"
        certificate = tmp_path / "certificate.pem"
        request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=smsc"
        names = ["-addext", "subjectAltName=IP:127.0.0.1"]
        files = ["-keyout", str(path), "-out", str(certificate)]
        subprocess.run(["openssl", *request.split(), *names, *files], check=True, capture_output=True)
        path.write_text(path.read_text() + certificate.read_text())
        return path

    @pytest.fixture
    def server_side(self, certificate: Path) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        return context

    async def test_trusted_certificate(
        self, start: Start, parts: Parts, certificate: Path, server_side: ssl.SSLContext
    ) -> None:
        config = await start(tls=server_side)
        secure = replace(config, tls=True, tls_ca_file=str(certificate))
        outcomes, reports = await exchange(secure, parts(30))
        assert len(outcomes) == len(reports) == 30

    async def test_stranger_is_refused(self, start: Start, server_side: ssl.SSLContext) -> None:
        config = replace(await start(tls=server_side), tls=True)
        with pytest.raises(ConnectError, match="certificate"):
            await Session(config, on_reports=lambda reports: None).open()

    async def test_check_can_be_switched_off(
        self, start: Start, parts: Parts, server_side: ssl.SSLContext
    ) -> None:
        config = replace(await start(tls=server_side), tls=True, tls_verify=False)
        outcomes, _ = await exchange(config, parts(3))
        assert [outcome.status for outcome in outcomes] == [0, 0, 0]

    async def test_port_without_tls(self, start: Start) -> None:
        config = replace(await start(), tls=True)
        with pytest.raises(ConnectError):
            await Session(config, on_reports=lambda reports: None).open()


async def test_trying_every_bind_of_a_pair(start: Start) -> None:
    config = await start()
    pair = [replace(config, bind="transmitter"), replace(config, bind="receiver")]
    place = f"127.0.0.1:{config.port}"
    assert await links.test_binds(pair) == (
        f"Bound to {place} as transmitter with demo. Bound to {place} as receiver with demo."
    )
