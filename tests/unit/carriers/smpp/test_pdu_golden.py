"""PDUs against bytes derived by hand from the field tables of SMPP 3.4."""

import pytest

from sendmill.carriers.protocol import OutgoingPart
from sendmill.carriers.smpp import pdu
from sendmill.carriers.smpp.configuration import CarrierConfig, DefaultAlphabet, shape_of
from sendmill.carriers.smpp.pdu import Bind, Message, PduError, Query, QueryAnswer, SubmitShape


def octets(text: str) -> bytes:
    return bytes.fromhex(text.replace("|", ""))


BIND_TRANSCEIVER = octets(
    "00000026 00000009 00000000 00000001"  # header
    "|64656d6f00"  # system_id "demo"
    "|73656372657400"  # password "secret"
    "|564d4100"  # system_type "VMA"
    "|34 01 02"  # interface_version, addr_ton, addr_npi
    "|363700"  # address_range "67"
)
SUBMIT_SM = octets(
    "0000003b 00000004 00000000 00000007"
    "|00"  # service_type
    "|05 00 53656e646d696c6c00"  # source TON, NPI, "Sendmill"
    "|01 01 3836313331323334353637383900"  # destination TON, NPI, "8613123456789"
    "|00 00 00"  # esm_class, protocol_id, priority_flag
    "|00 00"  # schedule_delivery_time, validity_period
    "|01 00 00 00"  # registered_delivery, replace_if_present, data_coding, sm_default_msg_id
    "|05 48656c6c6f"  # sm_length, "Hello"
)


class TestBind:
    def test_transceiver_bind_is_written_to_the_letter(self) -> None:
        bind = Bind("demo", "secret", "VMA", addr_ton=1, addr_npi=2, address_range="67")
        assert pdu.encode_bind("transceiver", 1, bind) == BIND_TRANSCEIVER

    @pytest.mark.parametrize(
        ("kind", "command_id"), [("receiver", 1), ("transmitter", 2), ("transceiver", 9)]
    )
    def test_each_kind_has_its_command_id(self, kind: pdu.BindKind, command_id: int) -> None:
        assert pdu.encode_bind(kind, 1, Bind("a", "b"))[4:8] == command_id.to_bytes(4, "big")

    def test_bind_is_read_back(self) -> None:
        (whole,) = pdu.Decoder().feed(BIND_TRANSCEIVER)
        assert whole[:3] == (pdu.BIND_TRANSCEIVER, 0, 1)
        assert pdu.decode_bind(whole.body) == Bind("demo", "secret", "VMA", 0x34, 1, 2, "67")

    def test_acceptance_carries_name_and_version(self) -> None:
        expected = octets("0000001a 80000009 00000000 00000001|736d736300|0210 0001 34")
        assert pdu.encode_bind_resp(pdu.BIND_TRANSCEIVER, 1, 0, "smsc") == expected
        assert pdu.decode_bind_resp(expected[16:]) == ("smsc", 0x34)

    def test_refusal_has_no_body(self) -> None:
        refusal = pdu.encode_bind_resp(pdu.BIND_TRANSCEIVER, 1, 0x0E)
        assert refusal == octets("00000010 80000009 0000000e 00000001")
        assert pdu.decode_bind_resp(b"") == ("", None)

    def test_overlong_name_is_refused(self) -> None:
        with pytest.raises(PduError, match="system_id"):
            pdu.encode_bind("transceiver", 1, Bind("x" * 65, ""))


class TestSubmit:
    shape = SubmitShape("Sendmill", source_ton=5, source_npi=0)

    def test_window_of_one_is_written_to_the_letter(self) -> None:
        part = OutgoingPart(8613123456789, b"Hello", False, 0, 1, 1)
        assert pdu.encode_submit_batch(self.shape, 7, [part]) == SUBMIT_SM

    def test_general_encoder_agrees(self) -> None:
        message = Message("Sendmill", "8613123456789", b"Hello", registered_delivery=1, source_ton=5)
        assert pdu.encode_submit_sm(7, message) == SUBMIT_SM

    def test_window_is_its_parts_in_a_row(self) -> None:
        parts = [OutgoingPart(8613123456789 + n, b"Hello", False, 0, 1, 1) for n in range(3)]
        whole = pdu.encode_submit_batch(self.shape, 7, parts)
        single = [pdu.encode_submit_batch(self.shape, 7 + n, [part]) for n, part in enumerate(parts)]
        assert whole == b"".join(single)

    def test_part_of_a_long_message_carries_a_header(self) -> None:
        part = OutgoingPart(8613123456789, "短信".encode("utf-16-be"), True, 0x2A, 2, 1)
        expected = octets(
            "00000040 00000004 00000000 00000008"
            "|00|05 00 53656e646d696c6c00|01 01 3836313331323334353637383900"
            "|40 00 00|00 00|01 00 08 00"  # UDHI, UCS-2
            "|0a|05 00 03 2a 02 01|77ed 4fe1"  # UDH: concatenation, reference, total, number; text
        )
        assert pdu.encode_submit_batch(self.shape, 8, [part]) == expected

    def test_sar_parameters_instead_of_a_header(self) -> None:
        shape = SubmitShape("Sendmill", source_ton=5, source_npi=0, long_messages="sar")
        part = OutgoingPart(8613123456789, b"Hi", False, 0x1234, 3, 2)
        expected = octets(
            "00000048 00000004 00000000 00000008"
            "|00|05 00 53656e646d696c6c00|01 01 3836313331323334353637383900"
            "|00 00 00|00 00|01 00 00 00|02 4869"
            "|020c 0002 1234|020e 0001 03|020f 0001 02"
        )
        assert pdu.encode_submit_batch(shape, 8, [part]) == expected

    def test_whole_long_message_as_message_payload(self) -> None:
        shape = SubmitShape("Sendmill", source_ton=5, source_npi=0, long_messages="payload")
        part = OutgoingPart(8613123456789, b"x" * 300, False, 0, 1, 1)
        encoded = pdu.encode_submit_batch(shape, 8, [part])
        assert encoded.endswith(octets("01 00 00 00|00|0424 012c") + b"x" * 300)
        assert len(encoded) == int.from_bytes(encoded[:4], "big")

    @pytest.mark.parametrize(
        ("alphabet", "ucs2", "longest"), [("gsm7", False, 160), ("latin1", False, 140), ("gsm7", True, 140)]
    )
    def test_a_message_of_one_part_needs_no_message_payload(
        self, alphabet: DefaultAlphabet, ucs2: bool, longest: int
    ) -> None:
        config = CarrierConfig(host="h", system_id="s", long_messages="payload", default_alphabet=alphabet)
        shape = shape_of("Sendmill", config)
        whole = [OutgoingPart(1, b"x" * size, ucs2, 0, 1, 1) for size in (longest, longest + 1)]
        fits, cut = pdu.Decoder().feed(pdu.encode_submit_batch(shape, 8, whole))
        assert fits.body.endswith(bytes((longest,)) + whole[0].payload)
        assert pdu.decode_submit_sm(fits.body).tlvs == {}
        assert pdu.decode_submit_sm(cut.body).tlvs == {pdu.TAG_MESSAGE_PAYLOAD: whole[1].payload}

    def test_settings_of_the_carrier_reach_the_fields(self) -> None:
        shape = SubmitShape(
            "10690",
            source_ton=3,
            source_npi=8,
            dest_ton=2,
            dest_npi=6,
            service_type="CMT",
            validity="000001000000000R",
            protocol_id=0x11,
            priority=2,
            registered_delivery=3,
            default_coding=3,
        )
        (whole,) = pdu.Decoder().feed(
            pdu.encode_submit_batch(shape, 1, [OutgoingPart(85212345678, b"a", False, 0, 1, 1)])
        )
        assert pdu.decode_submit_sm(whole.body) == Message(
            "10690",
            "85212345678",
            b"a",
            data_coding=3,
            registered_delivery=3,
            source_ton=3,
            source_npi=8,
            destination_ton=2,
            destination_npi=6,
            service_type="CMT",
            protocol_id=0x11,
            priority=2,
            validity="000001000000000R",
        )

    @pytest.mark.parametrize(
        "part",
        [
            OutgoingPart(0, b"a", False, 0, 1, 1),
            OutgoingPart(-5, b"a", False, 0, 1, 1),
            OutgoingPart(10**20, b"a", False, 0, 1, 1),
            OutgoingPart(1, b"a" * 65_001, False, 0, 1, 1),
            OutgoingPart(1, b"a", False, 0, 256, 1),
            OutgoingPart(1, b"a", False, 0, 2, 3),
            OutgoingPart(1, b"a", False, 0, 2, 0),
            OutgoingPart(1, b"a", False, 65_536, 2, 1),
            OutgoingPart(1, b"a", False, 0, 0, 1),
        ],
    )
    def test_impossible_part_is_refused_and_explained(self, part: OutgoingPart) -> None:
        with pytest.raises(PduError) as refused:
            pdu.encode_submit_batch(self.shape, 1, [part])
        assert str(refused.value) == pdu.flaw_of(part)

    def test_percent_signs_are_plain_characters(self) -> None:
        shape = SubmitShape("50%d%b", source_ton=5, source_npi=0)
        part = OutgoingPart(1, b"100%s", False, 0, 1, 1)
        (whole,) = pdu.Decoder().feed(pdu.encode_submit_batch(shape, 1, [part]))
        message = pdu.decode_submit_sm(whole.body)
        assert (message.source, message.payload) == ("50%d%b", b"100%s")


class TestResponses:
    def test_submit_acceptances(self) -> None:
        expected = octets(
            "00000014 80000004 00000000 00000005|316132 00|00000012 80000004 00000000 00000006|37 00"
        )
        assert pdu.encode_submit_sm_resps([(5, "1a2"), (6, "7")]) == expected

    def test_submit_refusal_has_no_body(self) -> None:
        assert pdu.encode_submit_sm_resp(5, 0x58) == octets("00000010 80000004 00000058 00000005")

    @pytest.mark.parametrize(
        ("body", "message_id"),
        [(b"1a2\0", "1a2"), (b"", ""), (b"\0", ""), (b"1a2", "1a2"), (b"1a2\0\x04\x23\x00\x00", "1a2")],
    )
    def test_message_id_with_and_without_its_end(self, body: bytes, message_id: str) -> None:
        assert pdu.decode_submit_sm_resp(body) == message_id

    def test_acknowledgements(self) -> None:
        expected = octets("00000011 80000005 00000000 00000009 00|00000011 80000005 00000000 0000000b 00")
        assert pdu.encode_deliver_sm_resps([9, 11]) == expected
        assert pdu.encode_data_sm_resps([9]) == octets("00000011 80000103 00000000 00000009 00")

    @pytest.mark.parametrize(
        ("encoded", "expected"),
        [
            (pdu.encode_enquire_link(3), "00000010 00000015 00000000 00000003"),
            (pdu.encode_enquire_link_resp(3), "00000010 80000015 00000000 00000003"),
            (pdu.encode_unbind(3), "00000010 00000006 00000000 00000003"),
            (pdu.encode_unbind_resp(3), "00000010 80000006 00000000 00000003"),
            (pdu.encode_generic_nack(3, 2), "00000010 80000000 00000002 00000003"),
        ],
    )
    def test_pdus_of_a_header_alone(self, encoded: bytes, expected: str) -> None:
        assert encoded == octets(expected)


class TestDeliver:
    def test_deliver_sm_is_written_to_the_letter(self) -> None:
        expected = octets(
            "0000003b 00000005 00000000 0000000c"
            "|00|01 01 3836313331323334353637383900|00 00 53656e646d696c6c00"
            "|04 00 00|00 00|00 00 00 00|05 69643a3120"
        )
        assert pdu.encode_deliver_sm(12, "8613123456789", "Sendmill", b"id:1 ") == expected

    def test_parameters_follow_the_text(self) -> None:
        tlvs = pdu.encode_tlvs({pdu.TAG_RECEIPTED_MESSAGE_ID: b"1\0", pdu.TAG_MESSAGE_STATE: b"\x02"})
        encoded = pdu.encode_deliver_sm(12, "1", "2", b"", tlvs=tlvs)
        assert encoded.endswith(octets("00|001e 0002 3100|0427 0001 02"))
        assert pdu.decode_deliver_sm(encoded[16:]).tlvs == {0x1E: b"1\0", 0x427: b"\x02"}

    def test_payload_parameter_stands_in_for_an_empty_text(self) -> None:
        encoded = pdu.encode_deliver_sm(12, "1", "2", b"", tlvs=pdu.encode_tlv(0x424, b"long"))
        assert pdu.decode_deliver_sm(encoded[16:]).payload == b"long"
        assert pdu.decode_delivery(encoded[16:]).payload == b"long"

    def test_truncated_last_parameter_is_left_out(self) -> None:
        body = pdu.encode_deliver_sm(1, "1", "2", b"x")[16:] + octets("001e 0002 3100|0427 0005 02")
        assert pdu.decode_deliver_sm(body).tlvs == {0x1E: b"1\0"}

    def test_text_over_255_octets_is_refused(self) -> None:
        with pytest.raises(PduError, match="message_payload"):
            pdu.encode_deliver_sm(1, "1", "2", b"x" * 256)

    def test_data_sm_carries_its_text_as_payload(self) -> None:
        encoded = pdu.encode_data_sm(4, Message("1", "2", b"Hi", esm_class=4, tlvs={0x427: b"\x02"}))
        assert encoded == octets(
            "00000027 00000103 00000000 00000004"
            "|00|00 00 3100|01 01 3200|04 00 00|0424 0002 4869|0427 0001 02"
        )
        read = pdu.decode_data_sm(encoded[16:])
        assert (read.source, read.destination, read.payload, read.esm_class) == ("1", "2", b"Hi", 4)


class TestQuery:
    def test_request(self) -> None:
        expected = octets("0000001a 00000003 00000000 00000002|316132 00|05 00|416263 00")
        assert pdu.encode_query_sm(2, Query("1a2", "Abc", 5, 0)) == expected
        assert pdu.decode_query_sm(expected[16:]) == Query("1a2", "Abc", 5, 0)

    def test_answer(self) -> None:
        answer = QueryAnswer("1a2", "240102030405000+", 2, 7)
        expected = octets("00000027 80000003 00000000 00000002|316132 00|") + b"240102030405000+\0\x02\x07"
        assert pdu.encode_query_sm_resp(2, 0, answer) == expected
        assert pdu.decode_query_sm_resp(expected[16:]) == answer

    def test_refusal_has_no_body(self) -> None:
        assert pdu.encode_query_sm_resp(2, 0x67) == octets("00000010 80000003 00000067 00000002")
