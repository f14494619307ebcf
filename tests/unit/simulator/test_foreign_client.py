"""A client that is not ours: smpplib binds, submits in both alphabets and long, and gets its receipts."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from smpplib import client as smpplib_client
from smpplib import consts, gsm
from tests.unit.simulator.conftest import Start

from sendmill.simulator.faults import Faults
from sendmill.simulator.journal import digest, read_journal
from sendmill.simulator.server import Smsc

PLAIN = "Hello from {another} client: 5 €"
CHINESE = "您的验证码是 123456"
LONG = "All work and no play. " * 12
LONG_CHINESE = "尊敬的客户，您的订单已发货。" * 8
TEXTS = (PLAIN, CHINESE, LONG, LONG_CHINESE)


class Foreign:
    """Runs smpplib, which blocks, in a thread of its own; collects ids and receipts."""

    def __init__(self, port: int) -> None:
        self.ids: list[str] = []
        self.receipts: list[Any] = []
        self.client = smpplib_client.Client("127.0.0.1", port, allow_unknown_opt_params=True)
        self.client.set_message_sent_handler(lambda pdu: self.ids.append(pdu.message_id.decode()))
        self.client.set_message_received_handler(self._receive)

    def _receive(self, pdu: Any) -> None:
        self.receipts.append(pdu)

    def session(self, texts: tuple[str, ...]) -> None:
        """Bind, send every text, read until each part has its answer and its receipt, unbind."""
        self.client.connect()
        try:
            self.client.bind_transceiver(system_id="demo", password="demo")
            parts = 0
            for at, text in enumerate(texts):
                parts += self._send(f"861311234567{at}", text)
            while len(self.ids) < parts or len(self.receipts) < parts:
                self.client.read_once()
            self.client.unbind()
        finally:
            self.client.disconnect()

    def _send(self, number: str, text: str) -> int:
        pieces, coding, esm_class = gsm.make_parts(text)
        for piece in pieces:
            self.client.send_message(
                source_addr_ton=consts.SMPP_TON_ALNUM,
                source_addr_npi=consts.SMPP_NPI_UNK,
                source_addr="Sendmill",
                dest_addr_ton=consts.SMPP_TON_INTL,
                dest_addr_npi=consts.SMPP_NPI_ISDN,
                destination_addr=number,
                short_message=piece,
                data_coding=coding,
                esm_class=esm_class,
                registered_delivery=True,
            )
        return len(pieces)


async def run_apart(work: Callable[[], None]) -> None:
    """Run blocking work in a thread while the centre serves it; its error is raised here."""
    async with asyncio.timeout(20):
        await asyncio.to_thread(work)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal"


async def test_another_client_sends_and_gets_receipts(start: Start, journal: Path) -> None:
    smsc: Smsc = await start(log_path=journal)
    foreign = Foreign(smsc.port)
    await run_apart(lambda: foreign.session(TEXTS))
    reported = [pdu.receipted_message_id.rstrip(b"\0").decode() for pdu in foreign.receipts]
    assert sorted(reported) == sorted(foreign.ids)
    assert {pdu.message_state for pdu in foreign.receipts} == {2}
    assert all(b"stat:DELIVRD" in pdu.short_message for pdu in foreign.receipts)
    entries = list(read_journal(journal))
    assert [entry.carrier_id for entry in entries] == foreign.ids
    assert [(entry.total, entry.number) for entry in entries] == [
        (1, 1),
        (1, 1),
        (2, 1),
        (2, 2),
        (2, 1),
        (2, 2),
    ]
    assert entries[0].digest == digest(b"Hello from \x1b(another\x1b) client: 5 \x1be")
    assert entries[1].digest == digest(CHINESE.encode("utf-16-be"))


async def test_another_client_reads_what_comes_in_pieces(start: Start) -> None:
    smsc = await start(Faults(split_writes=3, intermediate_reports=1.0))
    foreign = Foreign(smsc.port)
    await run_apart(lambda: foreign.session((PLAIN,)))
    assert len(foreign.receipts) >= 1


async def test_another_client_is_told_of_a_wrong_password(start: Start) -> None:
    smsc = await start(accounts={"demo": "other"})
    foreign = Foreign(smsc.port)
    with pytest.raises(Exception, match=r"\(14\)|[Pp]assword"):
        await run_apart(lambda: foreign.session(()))
