"""The table of status codes: what each means, what to do, and whether it is charged.

Three kinds: what a carrier's report says of a message (DELIVRD), what a carrier says when it refuses one
(`SMPP-0x…`, the command status of SMPP 3.4 §5.1.3), and what Sendmill itself says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from sendmill.domain.results import Result
from sendmill.domain.types import ApplicationType


class MessageState(IntEnum):
    """The message_state of a report, SMPP 3.4 §5.2.28; 0 and 9 are from SMPP 5.0 and are met in the field."""

    SCHEDULED = 0
    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8
    SKIPPED = 9

    @property
    def code(self) -> str:
        """The state as the text of a report writes it, SMPP 3.4 appendix B."""
        return _STATE_CODES[self]

    @property
    def final(self) -> bool:
        """Whether nothing comes after it."""
        return self not in (MessageState.SCHEDULED, MessageState.ENROUTE, MessageState.ACCEPTED)

    @property
    def result(self) -> Result | None:
        """The result that it means; null for a state that is not final."""
        if not self.final:
            return None
        return Result.SUCCESSFUL if self is MessageState.DELIVERED else Result.FAILED


_STATE_CODES = {
    MessageState.SCHEDULED: "SCHEDULED",
    MessageState.ENROUTE: "ENROUTE",
    MessageState.DELIVERED: "DELIVRD",
    MessageState.EXPIRED: "EXPIRED",
    MessageState.DELETED: "DELETED",
    MessageState.UNDELIVERABLE: "UNDELIV",
    MessageState.ACCEPTED: "ACCEPTD",
    MessageState.UNKNOWN: "UNKNOWN",
    MessageState.REJECTED: "REJECTD",
    MessageState.SKIPPED: "SKIPPED",
}


class Source(StrEnum):
    """Who says a code."""

    REPORT = "report"
    REFUSAL = "refusal"
    PLATFORM = "platform"


@dataclass(frozen=True)
class CodeMeaning:
    """One row of the table. `result` is null for a temporary code; texts are English translation keys.

    `meaning` can have the places `%(status)s`, `%(reported)s` and `%(parts)s`, which `parameters` fills.
    """

    code: str
    source: Source
    meaning: str
    advice: str
    result: Result | None
    status: str = ""
    reported: str = ""
    parts: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What fills the places of `meaning`."""
        return {"status": self.status, "reported": self.reported, "parts": self.parts}

    def is_charged(self, application_type: ApplicationType) -> bool:
        """Tell whether a message that ends with this code is charged.

        International: what the carrier accepted. Mainland: what was delivered. Never what was refused.
        """
        if self.source is not Source.REPORT:
            return False
        return application_type is ApplicationType.INTERNATIONAL or self.result is Result.SUCCESSFUL


_NOTHING = "Nothing needs to be done."
_WAIT = "Wait: the carrier will report the final result."
_CHECK_NUMBER = "Check that the number is right and in use; take it out of your list when it fails again."
_ASK_CARRIER = "Ask the carrier for the reason; name the number and the time."
_CHECK_COUNTRY = "Check that the number is right and that the carrier serves its country."
_CHECK_SENDER = "The carrier does not accept the sender ID: ask the administrator to check it."
_LOWER_RATE = "Send to the failed numbers again later, or ask the administrator to lower the rate."
_TOP_UP_THERE = (
    "Ask the administrator to top up the account at the carrier, and send to the failed numbers again."
)
_SAY_WHAT = "Ask the carrier what it means, and have the administrator say so in the carrier's settings."
_REFUSED_OWN = "The carrier refused the message with a code of its own: %(status)s."
REFUSED_AS = "The carrier refused the message: %(status)s."
_REFUSED_UNKNOWN = "The carrier refused the message with an unknown code: %(status)s."
_PARTLY = (
    "%(reported)s of %(parts)s parts reported: these were delivered, of the others no report came in time."
)
_REPORTED_OWN = "The carrier's own code: %(status)s."
_ADMIN = "Ask the administrator to check the configuration of the carrier."


def _row(code: str, source: Source, result: Result | None, meaning: str, advice: str) -> CodeMeaning:
    return CodeMeaning(code, source, meaning, advice, result)


_REPORTS = [
    _row("DELIVRD", Source.REPORT, Result.SUCCESSFUL, "The message was delivered.", _NOTHING),
    _row(
        "EXPIRED",
        Source.REPORT,
        Result.FAILED,
        "The message could not be delivered in time, or no report came in time.",
        "The phone was off or out of reach for long. Send again later.",
    ),
    _row("DELETED", Source.REPORT, Result.FAILED, "The message was deleted at the carrier.", _ASK_CARRIER),
    _row("UNDELIV", Source.REPORT, Result.FAILED, "The message cannot be delivered.", _CHECK_NUMBER),
    _row("UNKNOWN", Source.REPORT, Result.FAILED, "The carrier does not know the result.", _ASK_CARRIER),
    _row("REJECTD", Source.REPORT, Result.FAILED, "The message was rejected on its way.", _ASK_CARRIER),
    _row("SKIPPED", Source.REPORT, Result.FAILED, "The carrier did not send the message.", _ASK_CARRIER),
    _row("ACCEPTD", Source.REPORT, None, "The message was accepted and is being delivered.", _WAIT),
    _row("ENROUTE", Source.REPORT, None, "The message is on its way.", _WAIT),
    _row("SCHEDULED", Source.REPORT, None, "The carrier will deliver the message later.", _WAIT),
    # Words of the field, beside those of SMPP 3.4.
    *(
        _row(word, Source.REPORT, None, "The carrier has the message and has not delivered it yet.", _WAIT)
        for word in ("BUFFERED", "ACKED", "SENT", "QUEUED", "PENDING", "SUBMITTED")
    ),
    _row("NOCRED", Source.REPORT, Result.FAILED, "The account at the carrier has no credit.", _TOP_UP_THERE),
    _row("SYSERR", Source.REPORT, Result.FAILED, "The carrier had an error of its own.", _ASK_CARRIER),
    _row("FAILED", Source.REPORT, Result.FAILED, "The carrier could not deliver the message.", _ASK_CARRIER),
]

_PLATFORM = [
    _row(
        "BLOCKED",
        Source.PLATFORM,
        Result.FAILED,
        "The number is on the block list.",
        "Take the number out of your list, or off the block list.",
    ),
    _row(
        "OPTEDOUT",
        Source.PLATFORM,
        Result.FAILED,
        "The recipient has opted out.",
        "Take the number out of your list; do not send to it again.",
    ),
    _row(
        "LIMIT",
        Source.PLATFORM,
        Result.FAILED,
        "The number has already got as many messages today as the daily limit allows.",
        "Send again tomorrow, or ask the administrator to raise the limit.",
    ),
    _row(
        "TOOFAST",
        Source.PLATFORM,
        Result.FAILED,
        "The number has already got as many messages in a short time as the limit allows.",
        "Send to the failed numbers again later, or ask the administrator to raise the limit.",
    ),
    _row(
        "REPEATED",
        Source.PLATFORM,
        Result.FAILED,
        "The number has already got the same text as often as the limit allows.",
        "Do not send the same text again so soon, or ask the administrator to raise the limit.",
    ),
    _row(
        "NOROUTE",
        Source.PLATFORM,
        Result.FAILED,
        "No carrier takes messages of this application to this country.",
        "Ask the administrator to configure a carrier for it.",
    ),
    _row(
        "NOBALANCE",
        Source.PLATFORM,
        Result.FAILED,
        "The balance was too low.",
        "Top the balance up and send to the failed numbers again.",
    ),
    _row(
        "TMPLGONE",
        Source.PLATFORM,
        Result.FAILED,
        "The template or signature was withdrawn before the message was sent.",
        "Choose another template and send to the failed numbers again.",
    ),
    _row(
        "REFUSED",
        Source.PLATFORM,
        Result.FAILED,
        "The carrier refused the message without saying why.",
        _ASK_CARRIER,
    ),
    _row(
        "UNCERTAIN",
        Source.PLATFORM,
        Result.UNCERTAIN,
        "The connection broke while the message was handed to the carrier: nobody knows whether it was sent.",
        "Wait for a report, or settle it yourself. It is never sent again by itself.",
    ),
    _row(
        "SETTLED",
        Source.PLATFORM,
        Result.FAILED,
        "A person settled an uncertain message as failed.",
        "It may have been delivered all the same; send again only if a second copy does no harm.",
    ),
]

# Not a word of a report: what the carrier accepted is final where it reports nothing.
_ACCEPTED = _row(
    "ACCEPTED",
    Source.REPORT,
    Result.SUCCESSFUL,
    "The carrier accepted the message. It does not report whether it was delivered.",
    _NOTHING,
)

PLATFORM: tuple[str, ...] = tuple(row.code for row in _PLATFORM)
FINAL_WORDS = frozenset(row.code for row in _REPORTS if row.result is not None)
"""What a report can say after which no other report comes."""
KNOWN_WORDS = frozenset(row.code for row in _REPORTS)
"""What a report can say that is known everywhere; a carrier may have further ones."""
TABLE: dict[str, CodeMeaning] = {row.code: row for row in (*_REPORTS, _ACCEPTED, *_PLATFORM)}

# SMPP 3.4 §5.1.3: command status -> its meaning, without those that only answer other commands.
REFUSALS: dict[int, str] = {
    0x01: "Message length is invalid",
    0x02: "Command length is invalid",
    0x03: "Invalid command ID",
    0x04: "Incorrect bind status for the command",
    0x05: "Already in bound state",
    0x06: "Invalid priority flag",
    0x07: "Invalid registered delivery flag",
    0x08: "System error",
    0x0A: "Invalid source address",
    0x0B: "Invalid destination address",
    0x0C: "Invalid message ID",
    0x0D: "Bind failed",
    0x0E: "Invalid password",
    0x0F: "Invalid system ID",
    0x11: "Cancelling the message failed",
    0x13: "Replacing the message failed",
    0x14: "Message queue is full",
    0x15: "Invalid service type",
    0x33: "Invalid number of destinations",
    0x34: "Invalid distribution list name",
    0x40: "Invalid destination flag",
    0x42: "Submitting with replacement is not supported",
    0x43: "Invalid esm_class",
    0x44: "Cannot submit to the distribution list",
    0x45: "Submitting the message failed",
    0x48: "Invalid source address type of number",
    0x49: "Invalid source address numbering plan",
    0x50: "Invalid destination address type of number",
    0x51: "Invalid destination address numbering plan",
    0x53: "Invalid system type",
    0x54: "Invalid replace_if_present flag",
    0x55: "Invalid number of messages",
    0x58: "Throttled: more messages than the carrier allows",
    0x61: "Invalid scheduled delivery time",
    0x62: "Invalid validity period",
    0x63: "Predefined message is invalid or not found",
    0x64: "Receiver: temporary application error",
    0x65: "Receiver: permanent application error",
    0x66: "Receiver: message rejected",
    0x67: "Querying the message failed",
    0xC0: "Error in the optional part of the message",
    0xC1: "Optional parameter is not allowed",
    0xC2: "Invalid parameter length",
    0xC3: "An expected optional parameter is missing",
    0xC4: "Invalid optional parameter value",
    0xFE: "Delivery failed",
    0xFF: "Unknown error",
}

# Vendors' own codes for a fault of the carrier, where their documents are public (HollaTags; 0x04A1: Infobip). Others
# of that range mean something else with each vendor: a carrier's status map names them.
VENDORS: dict[int, str] = {
    0x401: "Out of credit",
    0x402: "More than the credit allows",
    0x403: "The account is suspended",
    0x40B: "Not enough credit",
    0x4A1: "System error, or the connection is switched off",
}
_WORDS = REFUSALS | VENDORS

_SENDER = {0x0A, 0x48, 0x49}
_DESTINATION = {0x0B, 0x33, 0x50, 0x51}
_PACE = {0x14, 0x58}
_REFUSAL = re.compile(r"SMPP-0x([0-9A-F]{8})")
_EXPLAINED = re.compile(r"\S+: .+")
_PARTS = re.compile(r"PARTLY-(\d{1,3})/(\d{1,3})")
_VENDOR = range(0x400, 0x500)


def refusal(status: int, own: Mapping[int, str] | None = None) -> CodeMeaning:
    """Return the code of a command status with which a carrier refused a message, in words.

    `own` are the words of the carrier's status map, which go before ours.
    """
    status &= 0xFFFFFFFF
    code = f"SMPP-0x{status:08X}"
    if own and status in own:
        return CodeMeaning(code, Source.REFUSAL, REFUSED_AS, _advice(status), Result.FAILED, own[status])
    if status in _WORDS:
        words = f"The carrier refused the message: {_WORDS[status]}."
    else:
        words = _REFUSED_OWN if status in _VENDOR else _REFUSED_UNKNOWN
    return CodeMeaning(code, Source.REFUSAL, words, _advice(status), Result.FAILED, f"0x{status:08X}")


def _advice(status: int) -> str:
    if status in _DESTINATION:
        return _CHECK_COUNTRY
    if status in _SENDER:
        return _CHECK_SENDER
    if status in _PACE:
        return _LOWER_RATE
    return _ASK_CARRIER if status in _VENDOR or status not in REFUSALS else _ADMIN


def meaning(code: str, own: Mapping[int, str] | None = None) -> CodeMeaning:
    """Return what a code means; a code that is not in the table is shown as it came, and is not final.

    "034: number not in service" is a failure that a carrier's own table explains. `own` are a carrier's words
    for command statuses.
    """
    known = TABLE.get(code)
    if known is not None:
        return known
    refused = _REFUSAL.fullmatch(code)
    if refused:
        return refusal(int(refused[1], 16), own)
    partly = _PARTS.fullmatch(code)
    if partly:
        return _partly(code, *partly.groups())
    if _EXPLAINED.fullmatch(code):
        return CodeMeaning(code, Source.REPORT, _REPORTED_OWN, _ASK_CARRIER, Result.FAILED, code)
    return CodeMeaning(code, Source.REPORT, _REPORTED_OWN, _SAY_WHAT, None, code)


def _partly(code: str, reported: str, parts: str) -> CodeMeaning:
    """Return the code of a long message some of whose parts were reported delivered, and the others not at all."""
    success = Result.SUCCESSFUL
    return CodeMeaning(code, Source.REPORT, _PARTLY, _NOTHING, success, reported=reported, parts=parts)


def texts() -> list[str]:
    """Return every meaning and advice, for translation."""
    rows = [*TABLE.values(), *(refusal(status) for status in _WORDS)]
    found = [text for row in rows for text in (row.meaning, row.advice)]
    said = [_PARTLY, _SAY_WHAT, _REFUSED_OWN, REFUSED_AS, _REFUSED_UNKNOWN, _REPORTED_OWN]
    return list(dict.fromkeys([*found, *said]))
