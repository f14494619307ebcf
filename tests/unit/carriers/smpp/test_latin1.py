"""What is sent to a carrier whose default alphabet is Latin-1."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.carriers.smpp.conftest import Peer, Serve

from sendmill.carriers.command_statuses import ESME_RINVMSGLEN
from sendmill.carriers.protocol import NOT_SENT, Outcome, OutgoingPart
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.latin1 import write_latin1
from sendmill.carriers.smpp.session import Session
from sendmill.domain.segments import decode_gsm7, encode_gsm7

NUMBER = 4915510000000


def part(text: str, *, total: int = 1, number: int = 1, to: int = NUMBER) -> OutgoingPart:
    return OutgoingPart(to, encode_gsm7(text), False, 7, total, number)


def test_text_is_written_in_the_alphabet_of_the_carrier() -> None:
    (written,) = write_latin1([part("Zoé @ {home}_")])
    assert (written.payload, written.ucs2) == ("Zoé @ {home}_".encode("latin-1"), False)


def test_ucs2_stays_as_it_is() -> None:
    chinese = OutgoingPart(NUMBER, "您".encode("utf-16-be"), True, 0, 1, 1)
    assert write_latin1([chinese]) == [chinese]


def test_a_character_that_latin1_has_not_makes_a_short_message_ucs2() -> None:
    (written,) = write_latin1([part("5 €")])
    assert (written.payload, written.ucs2) == ("5 €".encode("utf-16-be"), True)


def test_a_message_that_cannot_be_written_is_not_sent_in_parts() -> None:
    other = part("fine", total=2, number=2, to=NUMBER + 1)
    written = write_latin1(
        [part("5 €", total=2), part("more", total=2, number=2), other, part("€" + "x" * 70)]
    )
    assert [pdu.flaw_of(one) is None for one in written] == [False, False, True, False]
    assert written[2].payload == b"fine"


@given(st.binary(max_size=160).map(lambda octets: bytes(octet & 0x7F for octet in octets)))
def test_whatever_is_written_says_the_same_and_is_no_longer(octets: bytes) -> None:
    text = decode_gsm7(octets)
    (written,) = write_latin1([OutgoingPart(NUMBER, octets, False, 0, 1, 1)])
    if pdu.flaw_of(written) is None:
        assert written.payload.decode("utf-16-be" if written.ucs2 else "latin-1") == text
        assert written.ucs2 or len(written.payload) <= len(octets)


async def test_a_session_writes_it_and_refuses_what_cannot_be_written(serve: Serve) -> None:
    seen: list[pdu.Message] = []

    async def script(peer: Peer) -> None:
        await peer.accept_bind()
        for place in range(2):
            (submit,) = await peer.receive()
            seen.append(pdu.decode_submit_sm(submit.body))
            peer.send(pdu.encode_submit_sm_resp(submit.sequence, 0, f"id{place}"))
        await peer.accept_unbind()

    session = Session(await serve(script, default_alphabet="latin1"), on_reports=lambda reports: None)
    await session.open()
    outcomes = await session.submit("Sendmill", [part("Zoé"), part("Ω" * 100), part("Ω")])
    assert outcomes == [Outcome(0, "id0"), Outcome(ESME_RINVMSGLEN, ""), Outcome(0, "id1")]
    assert NOT_SENT not in [outcome.status for outcome in outcomes]
    assert [(message.payload, message.data_coding) for message in seen] == [(b"Zo\xe9", 0), (b"\x03\xa9", 8)]
    await session.close()
