"""Fields of a PDU's body: C-octet strings and optional parameters (SMPP 3.4 §3.1 and §3.2.4)."""

from collections.abc import Mapping
from struct import Struct, error
from typing import Final

from sendmill.carriers.smpp.pdu.frame import PduError

_TAG_LENGTH: Final = Struct(">HH")


def c_octets(value: str, longest: int, field: str) -> bytes:
    """Encode `value` with its closing NUL; raises PduError when it is too long or has characters beyond Latin-1.

    `longest` is the number of characters, without the NUL that the sizes of SMPP 3.4 include.
    """
    if len(value) > longest:
        raise PduError(f"{field} is longer than {longest} characters")
    try:
        encoded = value.encode("latin-1")
    except UnicodeEncodeError:
        raise PduError(f"{field} has a character that an SMPP address or name cannot carry") from None
    if b"\0" in encoded:
        raise PduError(f"{field} contains a NUL")
    return encoded + b"\0"


def read_c_octets(body: bytes, at: int, field: str) -> tuple[str, int]:
    """Return the string that starts at `at`, and the index after its NUL; raises PduError without a NUL."""
    end = body.find(b"\0", at)
    if end < 0:
        raise PduError(f"{field} has no end")
    return body[at:end].decode("latin-1"), end + 1


def read_tlvs(body: bytes, at: int) -> dict[int, bytes]:
    """Return the optional parameters from `at` on; of a repeated tag the first counts.

    A truncated parameter at the end is left out, because carriers send such reports and the rest of them is good.
    """
    tlvs: dict[int, bytes] = {}
    size = len(body)
    unpack = _TAG_LENGTH.unpack_from
    while size - at >= 4:
        tag, length = unpack(body, at)
        start = at + 4
        at = start + length
        if at > size:
            break
        if tag not in tlvs:
            tlvs[tag] = body[start:at]
    return tlvs


def encode_tlv(tag: int, value: bytes) -> bytes:
    """Encode one optional parameter; raises PduError when the value is longer than 65,535 octets."""
    try:
        return _TAG_LENGTH.pack(tag, len(value)) + value
    except error:
        raise PduError(f"optional parameter 0x{tag:04X} does not fit into its length") from None


def encode_tlvs(tlvs: Mapping[int, bytes]) -> bytes:
    """Encode optional parameters in the order given; raises PduError as encode_tlv does."""
    return b"".join([encode_tlv(tag, value) for tag, value in tlvs.items()])
