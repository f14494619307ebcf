"""query_sm and its response, which ask for the state of one message (SMPP 3.4 §4.8)."""

from typing import NamedTuple

from sendmill.carriers.smpp.pdu.commands import QUERY_SM, QUERY_SM_RESP
from sendmill.carriers.smpp.pdu.fields import c_octets, read_c_octets
from sendmill.carriers.smpp.pdu.frame import PduError, encode_pdu


class Query(NamedTuple):
    """The message asked about: its id, and the source address it was submitted with."""

    message_id: str
    source: str
    source_ton: int = 0
    source_npi: int = 0


class QueryAnswer(NamedTuple):
    """The fields of a query_sm_resp.

    `state` is a message state of SMPP 3.4 §5.2.28; `final_date` is empty while the state is not final.
    """

    message_id: str
    final_date: str
    state: int
    error_code: int


def encode_query_sm(sequence: int, query: Query) -> bytes:
    """Encode a query_sm; raises PduError when the id is over 64 characters or the source address over 20."""
    body = c_octets(query.message_id, 64, "message_id")
    body += bytes((query.source_ton, query.source_npi)) + c_octets(query.source, 20, "source_addr")
    return encode_pdu(QUERY_SM, 0, sequence, body)


def decode_query_sm(body: bytes) -> Query:
    """Decode the body of a query_sm; raises PduError when a field is missing."""
    message_id, at = read_c_octets(body, 0, "message_id")
    if len(body) < at + 2:
        raise PduError("query_sm ends before its source_addr_ton")
    source, _ = read_c_octets(body, at + 2, "source_addr")
    return Query(message_id, source, body[at], body[at + 1])


def encode_query_sm_resp(sequence: int, status: int, answer: QueryAnswer | None = None) -> bytes:
    """Encode a query_sm_resp; a refusal has no body. Raises PduError when a field does not fit."""
    if answer is None:
        return encode_pdu(QUERY_SM_RESP, status, sequence)
    body = c_octets(answer.message_id, 64, "message_id") + c_octets(answer.final_date, 16, "final_date")
    return encode_pdu(QUERY_SM_RESP, status, sequence, body + bytes((answer.state, answer.error_code)))


def decode_query_sm_resp(body: bytes) -> QueryAnswer:
    """Decode the body of a query_sm_resp; raises PduError when a field is missing."""
    message_id, at = read_c_octets(body, 0, "message_id")
    final_date, at = read_c_octets(body, at, "final_date")
    if len(body) < at + 2:
        raise PduError("query_sm_resp ends before its message_state")
    return QueryAnswer(message_id, final_date, body[at], body[at + 1])
