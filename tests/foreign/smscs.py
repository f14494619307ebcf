"""SMSCs that are not ours, each with what it understood of the messages it took."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import smpp34
from smpplib import gsm
from tests.rig.processes import free_port

from sendmill.carriers.message_ids import IdForm

FOLDER = Path(__file__).parent
UCS2 = 8


@dataclass(frozen=True)
class Understood:
    """One part as the SMSC reads it: addresses with TON and NPI, the header as hex, the text decoded by it."""

    source: tuple[str, int, int]
    destination: tuple[str, int, int]
    coding: int
    header: str
    text: str


@dataclass
class ForeignSmsc:
    """A running SMSC. `id_form` is the rule by which its reports name the ids of its responses."""

    port: int
    id_form: IdForm
    taken: list[Understood] = field(default_factory=list)


def node_packages() -> Path:
    """The folder with the npm package, installed when it is not there; fails where node or npm is missing."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    assert not missing, f"{' and '.join(missing)} must be installed for the SMSC written in JavaScript"
    if not (FOLDER / "node_modules" / "smpp").is_dir():
        command = ["npm", "--prefix", str(FOLDER), "install", "--no-package-lock", "--no-audit", "--no-fund"]
        done = subprocess.run([*command, "--loglevel=error"], capture_output=True, text=True)
        assert done.returncode == 0, f"npm cannot install the package smpp: {done.stderr}"
    return FOLDER / "node_modules"


@asynccontextmanager
async def node_smsc() -> AsyncIterator[ForeignSmsc]:
    """The npm package `smpp`: ids are hexadecimal in its responses, decimal in its reports."""
    node_packages()
    process = await asyncio.create_subprocess_exec(
        "node", FOLDER / "smsc.cjs", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    smsc = ForeignSmsc(int(json.loads(await process.stdout.readline())["port"]), "hex_to_dec")

    async def listen(lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            said = json.loads(line)
            addresses = tuple(said["source"]), tuple(said["destination"])
            smsc.taken.append(Understood(*addresses, said["coding"], said["header"], said["text"]))

    listening = asyncio.create_task(listen(process.stdout))
    try:
        yield smsc
    finally:
        process.stdin.close()
        await process.wait()
        await listening


@asynccontextmanager
async def rust_smsc() -> AsyncIterator[ForeignSmsc]:
    """The server of the Python package `smpp34`, written in Rust: its reports may overtake its responses.

    What its reports say in their text is wrong; their TLVs are right.
    """
    smsc = ForeignSmsc(free_port(), "as_is")
    server = smpp34.Server("127.0.0.1", smsc.port)
    await server.start()
    serving = asyncio.create_task(_serve(server, smsc))
    try:
        yield smsc
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        await server.stop()


async def _serve(server: smpp34.Server, smsc: ForeignSmsc) -> None:
    esmes: dict[str, smpp34.Esme] = {}
    reports: set[asyncio.Task[smpp34.DeliverSmResp]] = set()
    try:
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                esmes[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                smsc.taken.append(_understand(event))
                name = f"{len(smsc.taken):08d}-rust"
                reports.add(asyncio.create_task(_report(esmes[event.session_id], event, name)))
                await asyncio.sleep(0.001)
                event.accept(name)
    finally:
        for report in reports:
            report.cancel()
        await asyncio.gather(*reports, return_exceptions=True)


async def _report(esme: smpp34.Esme, event: smpp34.SubmitSmEvent, name: str) -> smpp34.DeliverSmResp:
    return await esme.deliver_sm(
        event.source_addr,
        b"id:0 sub:001 dlvrd:000 submit date:2601011200 done date:2601011201 stat:UNDELIV err:001 text:",
        source_addr=event.destination_addr,
        source_addr_ton=event.dest_addr_ton,
        source_addr_npi=event.dest_addr_npi,
        dest_addr_ton=event.source_addr_ton,
        dest_addr_npi=event.source_addr_npi,
        esm_class=4,
        tlvs=[
            smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, name.encode() + b"\0"),
            smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, b"\x02"),
        ],
    )


def _understand(event: smpp34.SubmitSmEvent) -> Understood:
    payload, header = event.short_message, b""
    if event.esm_class & 0x40:
        header, payload = payload[1 : payload[0] + 1], payload[payload[0] + 1 :]
    return Understood(
        (event.source_addr, event.source_addr_ton, event.source_addr_npi),
        (event.destination_addr, event.dest_addr_ton, event.dest_addr_npi),
        event.data_coding,
        header.hex(),
        payload.decode("utf-16-be") if event.data_coding == UCS2 else _read_gsm(payload),
    )


def _read_gsm(payload: bytes) -> str:
    """Octets of the GSM 03.38 alphabet, by the tables of smpplib."""
    text, escaped = "", False
    for octet in payload:
        if octet == 0x1B:
            escaped = True
        else:
            text += gsm.GSM_CHARACTER_TABLE[octet + 0x80 * escaped]
            escaped = False
    return text
