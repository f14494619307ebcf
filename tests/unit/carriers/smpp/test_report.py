"""Reports as carriers really write them: every one is read, or kept as it came."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.carriers.protocol import Report
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp import report as report_module
from sendmill.carriers.smpp.pdu import Message
from sendmill.carriers.smpp.report import read_data_report, read_fields, read_report
from sendmill.carriers.submit_dates import read_date

RECEIPT = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2405061230 done date:2405061231 "
    "stat:DELIVRD err:000 text:Hello your code is 1"
)


def body_of(
    text: str | bytes,
    *,
    esm_class: int = pdu.ESM_RECEIPT,
    data_coding: int = 0,
    source: str = "8613123456789",
    tlvs: dict[int, bytes] | None = None,
) -> bytes:
    payload = text if isinstance(text, bytes) else text.encode("latin-1")
    message = Message(
        source, "Sendmill", payload, esm_class=esm_class, data_coding=data_coding, tlvs=tlvs or {}
    )
    return pdu.encode_submit_sm(1, message)[16:]


def read(text: str | bytes, **fields: object) -> Report:
    return read_report(7, body_of(text, **fields))  # type: ignore[arg-type]


def test_plain_report_is_read_whole() -> None:
    assert read(RECEIPT) == Report(
        kind="report",
        carrier_id="0123456789",
        stat="DELIVRD",
        final=True,
        error="000",
        network_error=None,
        number=8613123456789,
        raw=RECEIPT,
        sequence=7,
        done="2405061231",
        destination="Sendmill",
        submitted="2405061230",
    )


@pytest.mark.parametrize(
    "text",
    [
        RECEIPT,
        RECEIPT.lower(),
        RECEIPT.upper(),
        "stat:DELIVRD err:000 id:0123456789 done date:2405061231",
        "id:0123456789 stat:DELIVRD done date:2405061231 err:000",
        "id: 0123456789 sub: 001 done date: 2405061231 stat: DELIVRD err: 000 text: hi",
        "id=0123456789 done_date=2405061231 stat=DELIVRD err=000",
        "id:0123456789,stat:DELIVRD,err:000,done date:2405061231",
        "id:0123456789\nstat:DELIVRD\nerr:000\ndone date:2405061231",
        "text:Hello id:0123456789 stat:DELIVRD err:000 done date:2405061231",
        "id:0123456789 stat:Delivered err:000 donedate:2405061231",
    ],
)
def test_layouts_that_say_the_same(text: str) -> None:
    report = read(text)
    assert report[:5] == ("report", "0123456789", "DELIVRD", True, "000")
    assert report.done == "2405061231"
    assert report.raw == text


@pytest.mark.parametrize(
    ("stat", "read_as", "final"),
    [
        ("DELIVRD", "DELIVRD", True),
        ("EXPIRED", "EXPIRED", True),
        ("DELETED", "DELETED", True),
        ("UNDELIV", "UNDELIV", True),
        ("UNKNOWN", "UNKNOWN", True),
        ("REJECTD", "REJECTD", True),
        ("SKIPPED", "SKIPPED", True),
        ("ACCEPTD", "ACCEPTD", False),
        ("ENROUTE", "ENROUTE", False),
        ("SCHEDULED", "SCHEDULED", False),
        ("accepted", "ACCEPTD", False),
        ("Undeliverable", "UNDELIV", True),
        ("UNDELVD", "UNDELIV", True),
        *((word, word, False) for word in ("ACKED", "SENT", "QUEUED", "PENDING", "SUBMITTED")),
        ("BUFFRED", "BUFFERED", False),
        ("Buffered", "BUFFERED", False),
        ("DELIVERD", "DELIVRD", True),
        ("delivered", "DELIVRD", True),
        ("SUCCESS", "DELIVRD", True),
        *((word, word, True) for word in ("NOCRED", "SYSERR", "FAILED")),
        # What nobody knows is not final.
        ("MA:0001", "MA:0001", False),
        ("BLACKED", "BLACKED", False),
    ],
)
def test_states_in_words(stat: str, read_as: str, final: bool) -> None:
    report = read(RECEIPT.replace("DELIVRD", stat))
    assert (report.kind, report.stat, report.final) == ("report", read_as, final)


@pytest.mark.parametrize(
    ("state", "stat", "final"),
    [
        (0, "SCHEDULED", False),
        (1, "ENROUTE", False),
        (2, "DELIVRD", True),
        (3, "EXPIRED", True),
        (4, "DELETED", True),
        (5, "UNDELIV", True),
        (6, "ACCEPTD", False),
        (7, "UNKNOWN", True),
        (8, "REJECTD", True),
        (9, "SKIPPED", True),
    ],
)
def test_parameters_win_over_the_text(state: int, stat: str, final: bool) -> None:
    report = read(RECEIPT, tlvs={0x1E: b"beef-01\0", 0x427: bytes((state,)), 0x423: b"\x03\x00\x0b"})
    assert (report.carrier_id, report.stat, report.final) == ("beef-01", stat, final)
    assert report.network_error == b"\x03\x00\x0b"
    assert report.error == "000"


def test_parameters_are_enough() -> None:
    report = read("", tlvs={0x1E: b"a1\0", 0x427: b"\x05"})
    assert report[:4] == ("report", "a1", "UNDELIV", True)
    assert report.raw == "0x001E=613100 0x0427=05"


def test_parameters_make_a_report_of_a_message_without_the_type() -> None:
    assert read("", esm_class=0, tlvs={0x1E: b"a1", 0x427: b"\x02"}).kind == "report"


def test_reserved_state_falls_back_to_the_text() -> None:
    assert read(RECEIPT, tlvs={0x427: b"\x63"}).stat == "DELIVRD"
    assert read("nothing", tlvs={0x1E: b"a1\0", 0x427: b"\x63"})[:3] == ("unreadable", "a1", None)


def test_report_in_message_payload() -> None:
    assert read("", tlvs={pdu.TAG_MESSAGE_PAYLOAD: RECEIPT.encode()}).carrier_id == "0123456789"


def test_report_without_an_id_is_still_a_report() -> None:
    assert read("stat:DELIVRD err:000")[:4] == ("report", None, "DELIVRD", True)


def test_report_without_a_state_is_unreadable_but_keeps_its_id() -> None:
    assert read("id:77 err:1")[:3] == ("unreadable", "77", None)


@pytest.mark.parametrize("data_coding", [8, 0, 3])
def test_report_in_ucs2_declared_or_not(data_coding: int) -> None:
    report = read(RECEIPT.encode("utf-16-be")[:240], data_coding=data_coding)
    assert (report.carrier_id, report.stat) == ("0123456789", "DELIVRD")
    assert report.raw == RECEIPT[:120]


def test_report_in_ascii_declared_as_ucs2() -> None:
    assert read(RECEIPT, data_coding=8)[:3] == ("report", "0123456789", "DELIVRD")


@pytest.mark.parametrize(
    "carrier_id",
    [
        "0",
        "00012",
        "1A2B3C",
        "deadbeef",
        "18446744073709551617",
        "0b7e1f3e-8c1c-4d0a-9d6f-2f0d8f3f1c55",
        "a_b.c:d@e",
    ],
)
def test_id_is_kept_as_written(carrier_id: str) -> None:
    assert read(RECEIPT.replace("0123456789", carrier_id)).carrier_id == carrier_id
    assert read(RECEIPT, tlvs={0x1E: carrier_id.encode() + b"\0"}).carrier_id == carrier_id


@pytest.mark.parametrize("error", ["000", "1", "0x0B", "ABC", "-1"])
def test_error_is_kept_as_written(error: str) -> None:
    assert read(RECEIPT.replace("err:000", f"err:{error}")).error == error


@pytest.mark.parametrize(
    ("source", "number"),
    [("+8613123456789", 8613123456789), ("0", 0), ("Alice", None), ("", None), ("1" * 19, None), ("٣", None)],
)
def test_number_is_digits_or_none(source: str, number: int | None) -> None:
    if not source.isascii():
        source = source.encode().decode("latin-1")
    assert read(RECEIPT, source=source).number == number
    assert read("Hi", esm_class=0, source=source).number == number


class TestIntermediate:
    def test_failure_is_not_final(self) -> None:
        report = read(RECEIPT.replace("DELIVRD", "UNDELIV"), esm_class=pdu.ESM_INTERMEDIATE)
        assert (report.stat, report.final) == ("UNDELIV", False)

    def test_delivery_is_final(self) -> None:
        assert read(RECEIPT, esm_class=pdu.ESM_INTERMEDIATE).final


class TestReply:
    def test_text_of_a_person(self) -> None:
        report = read("Stop @ 5\x02", esm_class=0)
        assert (report.kind, report.number, report.destination) == ("reply", 8613123456789, "Sendmill")

    def test_text_that_looks_like_a_report_is_a_reply(self) -> None:
        assert read(RECEIPT, esm_class=0)[:3] == ("reply", None, None)

    def test_default_alphabet_of_the_carrier(self) -> None:
        body = body_of(b"\x00 \x1b\x65 \x11", esm_class=0)
        assert read_report(1, body, "gsm7").raw == "@ € _"
        assert read_report(1, body_of(b"caf\xe9", esm_class=0), "latin1").raw == "café"

    def test_default_alphabet_that_gsm7_cannot_be(self) -> None:
        assert read_report(1, body_of(b"caf\xe9", esm_class=0), "gsm7").raw == "café"

    def test_ucs2(self) -> None:
        assert read("拒收请回复R 😀".encode("utf-16-be"), esm_class=0, data_coding=8).raw == "拒收请回复R 😀"

    @pytest.mark.parametrize(
        ("header", "part"),
        [
            (b"\x05\x00\x03\x2a\x02\x01", (0x2A, 2, 1)),
            (b"\x06\x08\x04\x12\x34\x02\x01", (0x1234, 2, 1)),
            (b"\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x2a\x03\x02", (0x2A, 3, 2)),
            (b"\x06\x05\x04\x0b\x84\x23\xf0", None),
            (b"\x01\x00", None),
        ],
    )
    def test_piece_of_a_long_text(self, header: bytes, part: tuple[int, int, int] | None) -> None:
        report = read(header + b"Hello", esm_class=pdu.ESM_UDHI)
        assert (report.raw, report.part) == ("Hello", part)

    def test_piece_by_parameters(self) -> None:
        report = read("Hello", esm_class=0, tlvs={0x20C: b"\x12\x34", 0x20E: b"\x02", 0x20F: b"\x01"})
        assert report.part == (0x1234, 2, 1)

    def test_header_longer_than_the_text_is_left_alone(self) -> None:
        assert read(b"\x50abc", esm_class=pdu.ESM_UDHI, data_coding=3).raw == "Pabc"


class TestUnreadable:
    def test_report_that_says_nothing(self) -> None:
        report = read("\x01\x02 what is this")
        assert (report.kind, report.carrier_id, report.sequence) == ("unreadable", None, 7)
        assert "what is this" in report.raw

    def test_body_that_is_no_message(self) -> None:
        report = read_report(7, b"\x00\x01")
        assert report == Report("unreadable", None, None, False, None, None, None, "0001", 7)
        assert read_data_report(7, b"") == Report("unreadable", None, None, False, None, None, None, "", 7)

    def test_text_cut_short_of_its_length(self) -> None:
        assert read_report(7, body_of(RECEIPT)[:-5]).kind == "unreadable"


def test_report_in_a_data_sm() -> None:
    message = Message("8613123456789", "Sendmill", b"", 4, tlvs={0x1E: b"a1\0", 0x427: b"\x02"})
    report = read_data_report(3, pdu.encode_data_sm(3, message)[16:])
    assert report[:4] == ("report", "a1", "DELIVRD", True)
    assert (report.number, report.sequence) == (8613123456789, 3)


def test_words_of_the_sender_do_not_pass_for_fields() -> None:
    report = read(RECEIPT.replace("Hello", "stat:UNDELIV id:1 err:9"))
    assert report[:5] == ("report", "0123456789", "DELIVRD", True, "000")


WORDS = st.text(st.sampled_from("0aZ:,;|=\t \x00\xe9-\"'"), max_size=6)


@given(
    st.permutations(RECEIPT.split(" ", 8)),
    st.lists(st.tuples(st.integers(0, len(RECEIPT)), WORDS), max_size=2),
    st.booleans(),
    st.integers(0, 4),
    st.dictionaries(st.sampled_from([0x1E, 0x427, 0x423, 0x424, 0x1401]), st.binary(max_size=9)),
)
def test_tolerant_and_fast_ways_agree(
    words: list[str], changes: list[tuple[int, str]], shuffled: bool, cut: int, tlvs: dict[int, bytes]
) -> None:
    text = " ".join(words) if shuffled else RECEIPT
    for place, change in changes:
        text = text[:place] + change + text[place:]
    body = body_of(text, tlvs=tlvs)
    body = body[: len(body) - cut]
    fast = read_report(7, body)
    try:
        delivery = pdu.decode_delivery(body)
    except pdu.PduError:
        assert fast.kind == "unreadable"
    else:
        assert fast == report_module._read(7, delivery, "gsm7")


def test_fields_of_an_empty_value() -> None:
    assert read_fields("id:1 err: text:") == {"id": "1", "err": ""}


@given(st.binary(max_size=300))
def test_any_bytes_become_a_report_without_nul(body: bytes) -> None:
    for report in (read_report(1, body), read_data_report(1, body)):
        assert report.kind in ("report", "reply", "unreadable")
        assert "\0" not in report.raw
        assert "\0" not in (report.carrier_id or "")
        assert report.raw.encode("utf-8") is not None


@given(
    st.binary(max_size=254),
    st.integers(0, 255),
    st.integers(0, 255),
    st.dictionaries(st.sampled_from([0x1E, 0x427, 0x423, 0x424]), st.binary(max_size=30)),
)
def test_any_text_in_a_message_is_read(payload: bytes, esm: int, coding: int, tlvs: dict[int, bytes]) -> None:
    report = read(payload, esm_class=esm, data_coding=coding, tlvs=tlvs)
    assert "\0" not in report.raw + (report.carrier_id or "") + (report.stat or "")
    assert report.raw.encode("utf-8") is not None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2405061231", datetime(2024, 5, 6, 12, 31, tzinfo=UTC)),
        ("240506123159", datetime(2024, 5, 6, 12, 31, 59, tzinfo=UTC)),
        ("20240506123159", datetime(2024, 5, 6, 12, 31, 59, tzinfo=UTC)),
        ("0000000000", None),
        ("000000000000", None),
        ("2413061231", None),
        ("2402301231", None),
        ("24050612", None),
        ("2024-05-06", None),
        ("٢٤٠٥٠٦١٢٣١", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: str | None, date: datetime | None) -> None:
    assert read_date(text, UTC) == date


def test_report_with_odd_dates_is_still_read() -> None:
    for date in ("0000000000", "240506123159", "never"):
        report = read(RECEIPT.replace("2405061231", date))
        assert (report.kind, report.done) == ("report", date)
