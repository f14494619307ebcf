"""The settings of a carrier: each is described here once.

From this table follow the rules of `carriers`, the console's form, page and audit labels, the options of
`sendmill carrier create` and `edit`, `--json`, the entries of `sendmill apply` and the configuration of the binds. To
add a setting, add a row here, its column in `models.Carrier` and the Chinese texts; tests compare the table with the
columns and with `CarrierConfig`.

Needs no Django: commands read it before Django is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["text", "ascii", "secret", "sender", "statuses", "number", "choice", "flag", "table"]
Section = Literal["connection", "traffic", "special"]
Value = str | int | bool | None


def _(text: str) -> str:
    """Mark a text for the message catalogue; the console translates it where it is shown."""
    return text


@dataclass(frozen=True, kw_only=True)
class CarrierField:
    """One setting of a carrier.

    `kind`: an "ascii" is a text of printable ASCII, a "table" says what words mean
    (`carriers.report_words`), a "sender" must be a sender ID, a "secret" is never shown again,
    "statuses" are entries of a status map (`domain.status_map`).
    `label` names it in sentences and in the audit log; the form shows it with a capital, or `title` instead.
    `zero` says on the carrier's page what 0 means.
    `option` is the help of the command line's option and the line of docs/SMPP.md; `{default}` is replaced in it.
    `hint` is one sentence of advice under the field of the form, `example` stands in the empty field.
    `default` None means that the setting may be empty; then Sendmill chooses the value by the sender ID.
    `length` limits a text (characters), `limits` a number (lowest, highest); `choices` are values with their words.
    `config` is the name in CarrierConfig of what goes there: the binds are opened anew when it changes.
    `section` of the form; None for what buttons switch. `beside`: stands to the right of the field before it.
    """

    name: str
    kind: Kind
    label: str
    title: str = ""
    zero: str = ""
    option: str = ""
    hint: str = ""
    example: str = ""
    default: Value = ""
    required: bool = False
    length: int = 0
    limits: tuple[int, int] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    config: str = ""
    section: Section | None = None
    beside: bool = False

    @property
    def help(self) -> str:
        """What the command line says of its option."""
        words = {True: "on", False: "off"}
        default = words[self.default] if isinstance(self.default, bool) else self.default
        return self.option.format(default=default)


CARRIER_FIELDS: Final = (
    CarrierField(
        name="name",
        kind="text",
        label=_("name"),
        option="Name, at most 64 characters.",
        required=True,
        length=64,
        section="connection",
    ),
    CarrierField(
        name="enabled",
        kind="flag",
        label=_("enabled"),
        option="Whether it is bound; {default} unless told.",
        default=True,
    ),
    CarrierField(
        name="host",
        kind="text",
        label=_("host"),
        option="Host name or address.",
        example="smpp.example.com",
        required=True,
        length=255,
        config="host",
        section="connection",
    ),
    CarrierField(
        name="port",
        kind="number",
        label=_("port"),
        option="Port; {default} unless told.",
        default=2775,
        limits=(1, 65535),
        config="port",
        section="connection",
        beside=True,
    ),
    CarrierField(
        name="system_id",
        kind="text",
        label="system_id",
        title="system_id",
        option="system_id it knows you by.",
        required=True,
        length=15,
        config="system_id",
        section="connection",
    ),
    CarrierField(
        name="password",
        kind="secret",
        label=_("password"),
        option="Password; it is never shown again.",
        length=64,
        config="password",
        section="connection",
        beside=True,
    ),
    CarrierField(
        name="system_type",
        kind="text",
        label="system_type",
        title="system_type",
        option="system_type, where the carrier asks for one.",
        hint=_("Only where the carrier names one."),
        length=12,
        config="system_type",
        section="connection",
    ),
    CarrierField(
        name="tls",
        kind="flag",
        label="TLS",
        option="Speak TLS.",
        default=False,
        config="tls",
        section="connection",
    ),
    CarrierField(
        name="tls_verify",
        kind="flag",
        label=_("verify the certificate"),
        title=_("Verify the carrier's certificate"),
        option="Verify the certificate; {default} unless told.",
        hint=_("Without it, nobody can tell whether the other side is your carrier."),
        default=True,
        config="tls_verify",
        section="connection",
    ),
    CarrierField(
        name="bind",
        kind="choice",
        label=_("bind"),
        option="Kind of bind; {default} unless told. A pair is a transmitter and a receiver.",
        default="transceiver",
        choices={
            "transceiver": _("transceiver: sends and receives"),
            "pair": _("pair: a transmitter and a receiver"),
            "transmitter": _("transmitter: only sends, no reports"),
        },
        config="bind",
        section="traffic",
    ),
    CarrierField(
        name="binds",
        kind="number",
        label=_("binds"),
        title=_("Number of binds"),
        option="How many binds are held at a time; {default} unless told.",
        hint=_("As many as the carrier allows at once."),
        default=1,
        limits=(1, 32),
        section="traffic",
        beside=True,
    ),
    CarrierField(
        name="window",
        kind="number",
        label=_("window"),
        option="Parts under way at a time on each bind; {default} unless told.",
        hint=_(
            "For each bind: parts on their way without an answer. As the carrier's document says, often 10."
        ),
        default=500,
        limits=(1, 5000),
        config="window",
        section="traffic",
    ),
    CarrierField(
        name="rate",
        kind="number",
        label=_("parts per second"),
        zero=_("no limit"),
        option="Parts a second; {default} as fast as it takes them.",
        hint=_("All binds together; 0: as fast as it takes them."),
        default=0,
        limits=(0, 1_000_000),
        config="rate",
        section="traffic",
        beside=True,
    ),
    CarrierField(
        name="default_source",
        kind="sender",
        label=_("sender ID"),
        option="Sender of messages whose application names none.",
        hint=_("For applications without one of their own: 3–20 digits, or at most 11 letters and digits."),
        length=20,
        section="traffic",
    ),
    CarrierField(
        name="default_alphabet",
        kind="choice",
        label=_("default alphabet"),
        option="What data_coding 0 means to it; {default} unless told.",
        hint=_("What data_coding 0 means there."),
        default="gsm7",
        choices={"gsm7": "GSM-7", "latin1": "Latin-1"},
        config="default_alphabet",
        section="special",
    ),
    CarrierField(
        name="long_messages",
        kind="choice",
        label=_("long messages"),
        option="How parts of a long message are told apart; {default} unless told.",
        hint=_("Nearly every carrier expects parts with a header."),
        default="udh",
        choices={
            "udh": _("parts with a header (UDH)"),
            "sar": _("parts with sar_* parameters"),
            "payload": _("whole, as message_payload"),
        },
        config="long_messages",
        section="special",
        beside=True,
    ),
    CarrierField(
        name="id_form",
        kind="choice",
        label=_("report id form"),
        title=_("Ids of reports"),
        option="How ids in reports differ from those in responses; {default} unless told.",
        hint=_("How the id in a report differs from the one in the response. Unmatched reports hint at it."),
        default="as_is",
        choices={
            "as_is": _("as they are"),
            "fold_case": _("upper and lower case alike"),
            "strip_zeros": _("without leading zeros"),
            "hex_to_dec": _("response hexadecimal, report decimal"),
            "dec_to_hex": _("response decimal, report hexadecimal"),
            "undashed": _("without dashes"),
            "first_ten": _("the first ten characters"),
            "last_ten": _("the last ten characters"),
        },
        config="id_form",
        section="special",
    ),
    CarrierField(
        name="registered_delivery",
        kind="choice",
        label=_("reports asked for"),
        option="Which reports are asked for (registered_delivery); {default} unless told.",
        hint=_("registered_delivery: what is never reported counts as EXPIRED, delivered or not."),
        default="final",
        choices={
            "final": _("every final result"),
            "failures": _("failures only"),
            "none": _("none"),
        },
        config="registered_delivery",
        section="special",
        beside=True,
    ),
    CarrierField(
        name="reports",
        kind="choice",
        label=_("its reports"),
        option="Whether it reports, and what names the message in a report; {default} unless told.",
        hint=_("Without usable reports, what it accepted can count as Successful: every page says so then."),
        default="by_id",
        choices={
            "by_id": _("name the message by its id"),
            "by_number": _("name it by number and time only"),
            "accepted": _("do not come: what it accepted is final"),
        },
        config="reports",
        section="special",
    ),
    CarrierField(
        name="number_minutes",
        kind="number",
        label=_("minutes for a report by number"),
        option="Minutes within which a report by number and time must come; {default} unless told.",
        hint=_("It settles the one message to its number of these minutes; of two it settles none."),
        default=60,
        limits=(1, 4_320),
        section="special",
        beside=True,
    ),
    CarrierField(
        name="plain_reports",
        kind="flag",
        label=_("reports with esm_class 0"),
        title=_("Its reports come as plain messages (esm_class 0)"),
        option="Whether reports come as plain messages, with esm_class 0; {default} unless told.",
        hint=_(
            "Then a reply whose text has the form of a report counts as one: anybody can write such a text."
        ),
        default=False,
        config="plain_reports",
        section="special",
    ),
    CarrierField(
        name="long_reports",
        kind="choice",
        label=_("reports of long messages"),
        option="What it reports of a long message; {default} unless told.",
        hint=_("Where it reports once, one report settles the message and all its parts."),
        default="each",
        choices={
            "each": _("each part"),
            "one": _("one for the message"),
            "none": _("none: what it accepted is final"),
        },
        config="long_reports",
        section="special",
    ),
    CarrierField(
        name="last_part_only",
        kind="flag",
        label=_("report asked for of the last part only"),
        title=_("Ask for a report of the last part only"),
        option="Whether it is asked to report only the last part of a long message; {default} unless told.",
        hint=_(
            "For a carrier that reports each part and charges for reports: choose one for the message, too."
        ),
        default=False,
        config="last_part_only",
        section="special",
    ),
    CarrierField(
        name="report_words",
        kind="table",
        label=_("words in reports"),
        title=_("Words in its reports"),
        option="What words in its reports mean: PARKED=not final, OK=delivered, BARRED=failed: blocked there.",
        hint=_(
            "Each word=not final, =delivered, =failed or =failed: text. A word that nobody knows is not final."
        ),
        example="PARKED=not final, OK=delivered",
        length=1000,
        config="report_words",
        section="special",
    ),
    CarrierField(
        name="report_errors",
        kind="table",
        label=_("error codes in reports"),
        title=_("Error codes in its reports (err)"),
        option="What error codes (err) in its reports mean, such as: 034=failed: number not in service.",
        hint=_("They win over the words."),
        example="034=failed: number not in service",
        length=1000,
        config="report_errors",
        section="special",
    ),
    CarrierField(
        name="validity_minutes",
        kind="number",
        label=_("validity in minutes"),
        zero=_("decided by the carrier"),
        option="Minutes for which it tries to deliver (validity_period); {default} as long as it does by itself.",
        hint=_("validity_period: how long it tries to deliver; 0: as long as it does by itself."),
        default=0,
        limits=(0, 43_200),
        config="validity_minutes",
        section="special",
    ),
    CarrierField(
        name="service_type",
        kind="ascii",
        label="service_type",
        title="service_type",
        option="service_type of every message, where the carrier asks for one.",
        hint=_("Only where the carrier names one."),
        length=5,
        config="service_type",
        section="special",
        beside=True,
    ),
    CarrierField(
        name="source_ton",
        kind="number",
        label=_("source TON"),
        option="TON of the sender; -1 chooses it by the sender.",
        hint=_("Empty: automatic."),
        default=None,
        limits=(0, 6),
        config="source_ton",
        section="special",
    ),
    CarrierField(
        name="source_npi",
        kind="number",
        label=_("source NPI"),
        option="NPI of the sender; -1 chooses it by the sender.",
        hint=_("Empty: automatic."),
        default=None,
        limits=(0, 18),
        config="source_npi",
        section="special",
        beside=True,
    ),
    CarrierField(
        name="dest_ton",
        kind="number",
        label=_("destination TON"),
        option="TON of numbers; {default} unless told.",
        hint=_("1: an international number, which begins with its country code."),
        default=1,
        limits=(0, 6),
        config="dest_ton",
        section="special",
    ),
    CarrierField(
        name="dest_npi",
        kind="number",
        label=_("destination NPI"),
        option="NPI of numbers; {default} unless told.",
        hint=_("1: the telephone numbering plan (E.164)."),
        default=1,
        limits=(0, 18),
        config="dest_npi",
        section="special",
        beside=True,
    ),
    CarrierField(
        name="enquire_seconds",
        kind="number",
        label=_("enquire interval in seconds"),
        title=_("Enquire interval (s)"),
        option="Seconds without traffic after which enquire_link is sent; {default} unless told.",
        hint=_(
            "enquire_link after so many seconds without traffic. Where the carrier closes then, half of that."
        ),
        default=20,
        limits=(1, 3600),
        config="enquire_interval",
        section="special",
    ),
    CarrierField(
        name="silence_seconds",
        kind="number",
        label=_("longest silence in seconds"),
        title=_("Longest silence (s)"),
        zero=_("one response timeout after enquire_link"),
        option="Seconds without a PDU after which the bind is opened anew; {default} waits for one response timeout "
        "after enquire_link.",
        hint=_("The bind is opened anew after it; 0: one response timeout after enquire_link."),
        default=0,
        limits=(0, 7200),
        config="silence_timeout",
        section="special",
        beside=True,
    ),
    CarrierField(
        name="response_seconds",
        kind="number",
        label=_("response timeout in seconds"),
        title=_("Response timeout (s)"),
        option="Seconds it may take to respond, before the outcome is unknown; {default} unless told.",
        hint=_("What is not answered in this time is Uncertain until a late response or a report comes."),
        default=30,
        limits=(1, 600),
        config="response_timeout",
        section="special",
    ),
    CarrierField(
        name="connect_seconds",
        kind="number",
        label=_("connect timeout in seconds"),
        title=_("Connect timeout (s)"),
        option="Seconds that connecting may take; {default} unless told.",
        hint=_("How long connecting may take, with the TLS handshake."),
        default=10,
        limits=(1, 120),
        config="connect_timeout",
        section="special",
        beside=True,
    ),
    CarrierField(
        name="status_map",
        kind="statuses",
        label=_("status map"),
        title=_("What its statuses mean"),
        option="What its command statuses mean where it differs, such as “0x040B=pause no credit, 0x45=retry”: final, "
        "retry, slow down, pause or re-bind.",
        hint=_(
            "Where it differs from the standard: STATUS=TREATMENT and words for it, divided by commas. A treatment is "
            "final (this message failed), retry, slow down, pause (no credit, a fault) or re-bind."
        ),
        example="0x040B=pause no credit, 0x45=retry",
        length=2000,
        config="status_map",
        section="special",
    ),
    CarrierField(
        name="match_by_id_alone",
        kind="flag",
        label=_("reports matched by id alone"),
        title=_("Match its reports by id alone"),
        option="Match its reports by id alone, where they do not name the recipient; {default} unless told.",
        hint=_(
            "Only where they do not name the recipient: an id that comes again settles the wrong message."
        ),
        default=False,
        config="match_by_id_alone",
        section="special",
    ),
    CarrierField(
        name="queries",
        kind="flag",
        label=_("answers queries (query_sm)"),
        title=_("It answers queries (query_sm)"),
        option="Whether it answers queries (query_sm); {default} unless told.",
        hint=_("Uncertain messages whose id is known are asked for."),
        default=False,
        config="queries",
        section="special",
    ),
    CarrierField(
        name="draining",
        kind="flag",
        label=_("draining"),
        option="Whether nothing new goes over it, while reports still come; {default} unless told.",
        default=False,
    ),
)
"""In the order of the form, of the options and of `--json`."""

FIELD: Final = {one.name: one for one in CARRIER_FIELDS}
