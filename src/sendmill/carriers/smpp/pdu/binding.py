"""The three bind requests and their responses (SMPP 3.4 §4.1)."""

from typing import Final, Literal, NamedTuple

from sendmill.carriers.smpp.pdu.commands import (
    BIND_RECEIVER,
    BIND_TRANSCEIVER,
    BIND_TRANSMITTER,
    RESPONSE,
    TAG_SC_INTERFACE_VERSION,
)
from sendmill.carriers.smpp.pdu.fields import c_octets, encode_tlv, read_c_octets, read_tlvs
from sendmill.carriers.smpp.pdu.frame import PduError, encode_pdu

INTERFACE_VERSION: Final = 0x34

BindKind = Literal["transceiver", "transmitter", "receiver"]

BIND_COMMANDS: Final[dict[BindKind, int]] = {
    "transceiver": BIND_TRANSCEIVER,
    "transmitter": BIND_TRANSMITTER,
    "receiver": BIND_RECEIVER,
}


class Bind(NamedTuple):
    """The fields of a bind request."""

    system_id: str
    password: str
    system_type: str = ""
    interface_version: int = INTERFACE_VERSION
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""


def encode_bind(kind: BindKind, sequence: int, bind: Bind) -> bytes:
    """Encode a bind request; raises PduError when a field does not fit.

    Names and passwords over the 15 and 8 characters of SMPP 3.4 are allowed: carriers hand out longer ones.
    """
    body = b"".join(
        (
            c_octets(bind.system_id, 64, "system_id"),
            c_octets(bind.password, 64, "password"),
            c_octets(bind.system_type, 12, "system_type"),
            bytes((bind.interface_version & 0xFF, bind.addr_ton & 0xFF, bind.addr_npi & 0xFF)),
            c_octets(bind.address_range, 40, "address_range"),
        )
    )
    return encode_pdu(BIND_COMMANDS[kind], 0, sequence, body)


def decode_bind(body: bytes) -> Bind:
    """Decode the body of any of the three bind requests; raises PduError when a field is missing."""
    system_id, at = read_c_octets(body, 0, "system_id")
    password, at = read_c_octets(body, at, "password")
    system_type, at = read_c_octets(body, at, "system_type")
    if len(body) < at + 3:
        raise PduError("the bind request ends before its interface_version")
    version, ton, npi = body[at : at + 3]
    address_range, _ = read_c_octets(body, at + 3, "address_range")
    return Bind(system_id, password, system_type, version, ton, npi, address_range)


def encode_bind_resp(command_id: int, sequence: int, status: int, system_id: str = "") -> bytes:
    """Encode the response to the bind request with `command_id`; a refusal has no body (SMPP 3.4 §4.1.2)."""
    if status:
        return encode_pdu(command_id | RESPONSE, status, sequence)
    version = encode_tlv(TAG_SC_INTERFACE_VERSION, bytes((INTERFACE_VERSION,)))
    return encode_pdu(command_id | RESPONSE, 0, sequence, c_octets(system_id, 64, "system_id") + version)


def decode_bind_resp(body: bytes) -> tuple[str, int | None]:
    """Return the SMSC's system_id and interface version. Either may be missing: a refusal has no body."""
    if b"\0" not in body:
        return body.decode("latin-1"), None
    system_id, at = read_c_octets(body, 0, "system_id")
    version = read_tlvs(body, at).get(TAG_SC_INTERFACE_VERSION)
    return system_id, version[0] if version else None
