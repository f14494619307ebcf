"""Settings of one bind over SMPP 3.4, and the addresses and flags of submit_sm that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from sendmill.carriers.message_ids import IdForm
from sendmill.carriers.protocol import Accepted
from sendmill.carriers.smpp.pdu import LONGEST_GSM7_PART, LONGEST_PART, BindKind, LongMessages, SubmitShape
from sendmill.carriers.smpp.pdu.times import relative_time
from sendmill.domain.status_map import StatusMap, status_map

DefaultAlphabet = Literal["gsm7", "latin1"]
RegisteredDelivery = Literal["final", "failures", "none"]
Reports = Literal["by_id", "by_number", "accepted"]
LongReports = Literal["each", "one", "none"]

# SMPP 3.4 §5.2.17, bits 1 and 0.
_REGISTERED_DELIVERY: Final[dict[RegisteredDelivery, int]] = {"final": 1, "failures": 2, "none": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierConfig:
    """How to connect to a carrier and which variant of SMPP it expects. Times in seconds, rate in parts a second."""

    host: str
    port: int = 2775
    system_id: str
    password: str = ""
    system_type: str = ""
    bind: BindKind = "transceiver"
    window: int = 500
    rate: int = 0
    tls: bool = False
    tls_ca_file: str | None = None
    tls_verify: bool = True
    default_alphabet: DefaultAlphabet = "gsm7"
    long_messages: LongMessages = "udh"
    source_ton: int | None = None
    source_npi: int | None = None
    dest_ton: int = 1
    dest_npi: int = 1
    service_type: str = ""
    validity_minutes: int = 0
    """How long the carrier tries to deliver; 0: as long as it does by itself."""
    registered_delivery: RegisteredDelivery = "final"
    """Which reports are asked for: of every final result, of failures only, or none."""
    reports: Reports = "by_id"
    """What names the message in a report, or that none comes."""
    plain_reports: bool = False
    """True when reports come with esm_class 0, as replies do."""
    long_reports: LongReports = "each"
    """What is reported of a long message: each part, one for the message, or none."""
    last_part_only: bool = False
    """Whether only the last part of a long message asks for a report."""
    report_words: str = ""
    """What words in its reports mean, as `carriers.report_words` reads it."""
    report_errors: str = ""
    id_form: IdForm = "as_is"
    match_by_id_alone: bool = False
    """Whether its reports name numbers that are not the recipient's: those are left out then."""
    queries: bool = False
    """True when the carrier answers query_sm."""
    status_map: str = ""
    """What its command statuses mean, as entries of `domain.status_map`; empty: the defaults."""
    connect_timeout: float = 10.0
    response_timeout: float = 30.0
    enquire_interval: float = 20.0
    """Without traffic for so long, enquire_link asks whether the carrier is there."""
    silence_timeout: float = 0.0
    """Without a PDU for so long, the session has ended; 0: one response timeout after an enquire_link."""
    unacknowledged: int = 20_000
    """The most reports that were read and not acknowledged; above it, reading stops until the caller catches up."""

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError("window must be at least 1")
        if min(self.connect_timeout, self.response_timeout, self.enquire_interval) <= 0:
            raise ValueError("timeouts and the enquire_link interval must be greater than 0")
        if 0 < self.silence_timeout <= self.enquire_interval or self.silence_timeout < 0:
            raise ValueError("silence_timeout must be 0, or greater than the enquire_link interval")

    @property
    def sends(self) -> bool:
        """True when messages are submitted over it; False when it only receives reports."""
        return self.bind != "receiver"

    @property
    def whole_messages(self) -> bool:
        """True when a long message is submitted in one piece (message_payload) and split by the carrier."""
        return self.long_messages == "payload"

    @property
    def statuses(self) -> StatusMap:
        """What each command status of a submitted part means."""
        return status_map(self.status_map)

    @property
    def accepted_is_final(self) -> Accepted:
        """Which messages are Successful as soon as the carrier accepted them, because it reports none of them."""
        every = self.reports == "accepted"
        return Accepted(short=every, long=every or self.long_reports == "none")

    def __repr__(self) -> str:
        return f"CarrierConfig({self.system_id!r} at {self.host}:{self.port}, {self.bind})"


class Address(NamedTuple):
    """A source address with its type of number and numbering plan (SMPP 3.4 §5.2.5, §5.2.6)."""

    text: str
    ton: int
    npi: int


_LONGEST_NAME: Final = 11
_LONGEST_SHORT_CODE: Final = 8
_LONGEST_INTERNATIONAL: Final = 15
_LONGEST_ADDRESS: Final = 20


def address_of(source: str, config: CarrierConfig) -> Address:
    """Return the source address in the form that the carrier expects; raise ValueError when no carrier could take it.

    A name of at most 11 characters is TON 5, NPI 0. Digits are a short code (TON 3, NPI 0) up to 8, and an
    international number (TON 1, NPI 1, without +) with a + or from 9 to 15; mainland China's 106… service numbers and
    anything longer are short codes too. An empty one leaves the choice to the carrier. The carrier's own settings win
    over this rule.
    """
    text, ton, npi = source.strip(), 5, 0
    digits = text.removeprefix("+")
    if not text:
        ton = 0
    elif digits.isascii() and digits.isdigit():
        text = digits
        if len(text) > _LONGEST_ADDRESS:
            raise ValueError(f"The sender {source!r} is longer than {_LONGEST_ADDRESS} digits.")
        short = len(text) <= _LONGEST_SHORT_CODE or len(text) > _LONGEST_INTERNATIONAL
        ton, npi = (3, 0) if (short or text.startswith("106")) and source[:1] != "+" else (1, 1)
    elif len(text) > _LONGEST_NAME:
        raise ValueError(f"The sender {source!r} is longer than {_LONGEST_NAME} characters.")
    elif not (text.isascii() and text.isprintable()):
        raise ValueError(f"The sender {source!r} has characters that a carrier cannot show.")
    return Address(
        text,
        ton if config.source_ton is None else config.source_ton,
        npi if config.source_npi is None else config.source_npi,
    )


def shape_of(source: str, config: CarrierConfig) -> SubmitShape:
    """Return what all parts from one sender ID over one carrier share; raises ValueError as address_of does."""
    address = address_of(source, config)
    return SubmitShape(
        address.text,
        source_ton=address.ton,
        source_npi=address.npi,
        dest_ton=config.dest_ton,
        dest_npi=config.dest_npi,
        service_type=config.service_type,
        validity=relative_time(config.validity_minutes),
        registered_delivery=_REGISTERED_DELIVERY[config.registered_delivery],
        last_part_only=config.last_part_only,
        long_messages=config.long_messages,
        # Latin-1 text was counted as GSM-7, of which some characters need two septets.
        default_longest=LONGEST_PART if config.default_alphabet == "latin1" else LONGEST_GSM7_PART,
    )
