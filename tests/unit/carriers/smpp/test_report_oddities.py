"""What carriers do to reports beyond every layout: blanks, quotes, padding, bits and marks."""

from __future__ import annotations

import pytest
from tests.unit.carriers.smpp.test_report import body_of, read

from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.report import read_fields, read_report

PLAIN = "id:0123456789 sub:001 dlvrd:001 submit date:2405061230 done date:2405061231 stat:DELIVRD err:000"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("id:", "id:  "),
        PLAIN.replace("stat:", "stat:   ").replace("err:", "err:  "),
        "id:\t0123456789 stat:\t\tDELIVRD err:000",
        "id : 0123456789 stat :  DELIVRD err : 000",
        PLAIN.replace(" ", "  "),
        PLAIN.replace("stat:", "status:"),
        "ID:0123456789 STATUS:DELIVRD",
        PLAIN.replace("0123456789", '"0123456789"'),
        PLAIN.replace("0123456789", "'0123456789'").replace("DELIVRD", "'DELIVRD'"),
        f'"{PLAIN}"',
        f"'{PLAIN} text:'",
        '"id:0123456789 stat:DELIVRD"',
        PLAIN.replace("0123456789 sub", "0123456789      sub"),
    ],
)
def test_blanks_quotes_and_status(text: str) -> None:
    assert read(text)[:4] == ("report", "0123456789", "DELIVRD", True)


@pytest.mark.parametrize("carrier_id", ["AB 123", "2024 05 06 7"])
def test_id_with_blanks_inside(carrier_id: str) -> None:
    assert read(PLAIN.replace("0123456789", carrier_id)).carrier_id == carrier_id
    assert read(PLAIN.replace("0123456789", f'"{carrier_id}"')).carrier_id == carrier_id


@pytest.mark.parametrize(
    ("text", "carrier_id"),
    [
        ("id:0123 seq:5 stat:DELIVRD", "0123"),
        ("id:0123 sub 001 stat:DELIVRD", "0123"),
        ("id:0123\nnote\nstat:DELIVRD", "0123"),
        ("id:0123, note stat:DELIVRD", "0123"),
        ("id: stat:DELIVRD", None),
        ("id:  sub:001  stat:DELIVRD", None),
        ("stat:DELIVRD id:0123 note", "0123"),
        ("id:0123 stat:DELIVRD text:id:9 8 err:1", "0123"),
    ],
)
def test_what_is_no_part_of_the_id(text: str, carrier_id: str | None) -> None:
    report = read(text)
    assert (report.kind, report.carrier_id, report.stat) == ("report", carrier_id, "DELIVRD")


def test_of_stat_and_status_the_first_counts() -> None:
    assert read_fields("stat:DELIVRD status:0")["stat"] == "DELIVRD"
    assert read_fields("id:1 status:EXPIRED text:stat:DELIVRD")["stat"] == "EXPIRED"


@pytest.mark.parametrize("padded", [b"0123456789   \0", b"  0123456789", b"0123456789\0\0", b"   \0", b"\0"])
def test_id_parameter_that_is_padded_or_blank(padded: bytes) -> None:
    assert read(PLAIN, tlvs={0x1E: padded}).carrier_id == "0123456789"
    assert read("", tlvs={0x1E: padded, 0x427: b"\2"}).carrier_id in ("0123456789", None)


def test_id_of_a_response_that_is_padded() -> None:
    assert pdu.decode_submit_sm_resp(b"0123456789   \0") == "0123456789"
    assert pdu.decode_submit_sm_resp(b" AB 123 ") == "AB 123"


def test_both_bits_of_a_report() -> None:
    report = read(PLAIN, esm_class=pdu.ESM_RECEIPT | pdu.ESM_INTERMEDIATE)
    assert report[:4] == ("report", "0123456789", "DELIVRD", True)


def test_a_nul_as_short_message_beside_message_payload() -> None:
    body = body_of("")[:-1] + b"\1\0" + pdu.encode_tlv(pdu.TAG_MESSAGE_PAYLOAD, PLAIN.encode())
    assert read_report(1, body).carrier_id == "0123456789"
    assert pdu.decode_deliver_sm(body).payload == PLAIN.encode()


def test_a_nul_alone_is_the_text() -> None:
    assert read(b"\0", esm_class=0).raw == "@"
    assert pdu.decode_deliver_sm(body_of(b"\0", tlvs={0x424: b""})).payload == b""
    assert pdu.decode_deliver_sm(body_of(b"\0", tlvs={0x1401: b"x"})).payload == b"\0"


@pytest.mark.parametrize("order", ["be", "le"])
def test_byte_order_mark(order: str) -> None:
    text = "id:0123456789 stat:DELIVRD err:000"
    report = read(f"\ufeff{text}".encode(f"utf-16-{order}"), data_coding=8)
    assert (report.carrier_id, report.stat, report.raw) == ("0123456789", "DELIVRD", text)
    assert read("\ufeff你好".encode(f"utf-16-{order}"), esm_class=0, data_coding=8).raw == "你好"
