"""Carriers that are not ours take our messages, read them as they were meant, and their reports are matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

import psycopg
import pytest
from tests.foreign.smscs import UCS2, ForeignSmsc, Understood, node_smsc, rust_smsc
from tests.rig.stage import Stage
from tests.rig.store import CHINESE, LONG, add_account, add_carrier

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.simulator.server import Smsc

FIRST = 4915510000000
EVERY_CHARACTER = "Zoé pays 5 € for [à] {Ñ} ~ Δ@£ ^ \\ | Ω"
LONG_CHINESE = "尊敬的客户，您的订单已发货，请注意查收。😀" * 5
# Content, parts, signature. The sender is a name, so TON 5 and NPI 0.
TEXTS = (
    (EVERY_CHARACTER, 1, None),
    (CHINESE, 1, "云帆"),
    (LONG, 3, None),
    (LONG_CHINESE, 2, "云帆"),
)
EACH = 20


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("serve", [node_smsc, rust_smsc], ids=["npm smpp", "smpp34"])
async def test_a_foreign_carrier_reads_what_was_meant_and_its_reports_arrive(
    serve: Callable[[], AbstractAsyncContextManager[ForeignSmsc]],
    store_url: str,
    tmp_path: Path,
) -> None:
    with psycopg.connect(store_url, autocommit=True) as rows:
        async with serve() as smsc:
            account = add_account(rows, f"Foreign {serve.__name__}")
            carrier = add_carrier(rows, account, port=smsc.port, id_form=smsc.id_form)
            config = CarrierConfig(
                host="127.0.0.1", port=smsc.port, system_id="demo", password="demo", id_form=smsc.id_form
            )
            stage = Stage(store_url, rows, account, cast(Smsc, smsc), tmp_path / "journal", carrier, config)
            meant: dict[str, str] = {}
            for place, (content, parts, signature) in enumerate(TEXTS):
                numbers = range(FIRST + place * EACH, FIRST + (place + 1) * EACH)
                kind = "mainland" if signature else "international"
                stage.add(numbers, content=content, parts=parts, signature=signature, application_type=kind)
                text = f"【{signature}】{content}" if signature else content
                meant |= {str(number): text for number in numbers}
            async with stage.sender():
                await stage.until(
                    lambda: sum(books.successful for books in stage.all_books()) == len(meant), "reports"
                )
            assert stage.orphans("report") == []
            assert stage.orphans("unreadable") == []
    understood = by_number(smsc.taken)
    assert {number: read(parts) for number, parts in understood.items()} == meant
    for parts in understood.values():
        assert {part.coding for part in parts} == {UCS2 if any("【" in part.text for part in parts) else 0}


def by_number(taken: list[Understood]) -> dict[str, list[Understood]]:
    """The parts for each number, which is an international one without a plus; the sender is a name."""
    parts: defaultdict[str, list[Understood]] = defaultdict(list)
    for part in taken:
        number, ton, npi = part.destination
        assert (ton, npi) == (1, 1)
        assert part.source == ("Sendmill", 5, 0)
        parts[number].append(part)
    return parts


def read(parts: list[Understood]) -> str:
    """The text that a phone would show: one part as it is, several in the order of their headers."""
    assert {part.coding for part in parts} <= {0, UCS2}
    if len(parts) == 1:
        assert parts[0].header == ""
        return parts[0].text
    headers = [bytes.fromhex(part.header) for part in parts]
    assert {header[:2] for header in headers} == {b"\x00\x03"}
    assert len({header[2] for header in headers}) == 1
    assert {header[3] for header in headers} == {len(parts)}
    assert sorted(header[4] for header in headers) == list(range(1, len(parts) + 1))
    ordered = sorted(zip(headers, parts, strict=True), key=lambda pair: pair[0][4])
    return "".join(part.text for _, part in ordered)
