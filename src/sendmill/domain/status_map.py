"""The status map of a carrier: what each command status of submit_sm_resp means for the message and for its task.

A status may be about the carrier and not about the message (no credit, a fault, a suspended account): nobody may become
Failed for it. The defaults follow SMPP 3.4 §5.1.3 and what carriers document; a carrier's own entries go before them.
Entries are a text: `0x040B=pause no credit, RSUBMITFAIL=retry`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from sendmill.domain.command_status_names import STATUS_NAMES, status_number
from sendmill.domain.violations import Violation

LONGEST_WORDS: Final = 80


class Treatment(StrEnum):
    """What a command status asks for. Only `final` makes the message Failed; any other says that it was not sent."""

    FINAL = "final"
    """The carrier refused this message."""
    RETRY = "retry"
    """Try again later, three times at most; then the task pauses on this carrier."""
    SLOW_DOWN = "slow down"
    """Submit more slowly, and this message again (throttling)."""
    PAUSE = "pause"
    """The carrier has a fault or no credit: the task pauses on this carrier at once."""
    REBIND = "re-bind"
    """The carrier takes the bind for closed: open it anew; the task pauses on this carrier as well."""


KEPT_BACK: Final = frozenset({Treatment.RETRY, Treatment.PAUSE, Treatment.REBIND})
"""The message is known not sent, and the cause is the carrier's."""


class Entry(NamedTuple):
    """What a status means: `words` of the carrier for it, empty for those of `status_codes`."""

    treatment: Treatment
    words: str = ""


def _named(name: str, treatment: Treatment) -> tuple[int, Entry]:
    number = status_number(name)
    assert number is not None  # noqa: S101 (the names below are those of the table)
    return number, Entry(treatment)


# Named ones: RSYSERR and RX_T_APPN are temporary by their names (SMPP 3.4 §5.1.3; OpenMarket and Kannel say so of
# RSYSERR); RINVBNDSTS, RALYBND, RBINDFAIL, RINVPASWD, RINVSYSID and RINVSYSTYP are about the bind and about nobody's
# message. Numbers: what vendors publish for want of credit, a suspended account or a channel that is off
# (0x0401–0x0403: HollaTags; 0x04A1: Infobip). Other numbers from 0x0400 on are final: they mean something else with
# each vendor.
DEFAULTS: Final[Mapping[int, Entry]] = dict(
    [
        _named("ESME_RINVBNDSTS", Treatment.REBIND),
        _named("ESME_RALYBND", Treatment.REBIND),
        _named("ESME_RSYSERR", Treatment.RETRY),
        _named("ESME_RBINDFAIL", Treatment.PAUSE),
        _named("ESME_RINVPASWD", Treatment.PAUSE),
        _named("ESME_RINVSYSID", Treatment.PAUSE),
        _named("ESME_RINVSYSTYP", Treatment.PAUSE),
        _named("ESME_RMSGQFUL", Treatment.SLOW_DOWN),
        _named("ESME_RTHROTTLED", Treatment.SLOW_DOWN),
        _named("ESME_RX_T_APPN", Treatment.RETRY),
        (0x0401, Entry(Treatment.PAUSE)),
        (0x0402, Entry(Treatment.PAUSE)),
        (0x0403, Entry(Treatment.PAUSE)),
        (0x040B, Entry(Treatment.PAUSE)),
        (0x04A1, Entry(Treatment.PAUSE)),
    ]
)

_FINAL: Final = Entry(Treatment.FINAL)


@dataclass(frozen=True)
class StatusMap:
    """The status map of one carrier: its own entries before the defaults; any other status is final."""

    own: Mapping[int, Entry] = field(default_factory=dict)

    def treatment(self, status: int) -> Treatment:
        """Return what a command status other than 0 asks for."""
        return (self.own.get(status) or DEFAULTS.get(status, _FINAL)).treatment

    def not_sent(self, status: int) -> bool:
        """Return whether a message that got this status is still to be sent: for any but a final one, and 0."""
        return status != 0 and self.treatment(status) is not Treatment.FINAL

    @property
    def words(self) -> dict[int, str]:
        """The carrier's own words, by status."""
        return {status: entry.words for status, entry in self.own.items() if entry.words}


STANDARD: Final = StatusMap()
"""The map of a carrier without entries of its own."""

_TREATMENTS: Final = {
    "final": Treatment.FINAL,
    "retry": Treatment.RETRY,
    "slow down": Treatment.SLOW_DOWN,
    "pause": Treatment.PAUSE,
    "re bind": Treatment.REBIND,
    "rebind": Treatment.REBIND,
}
_RIGHT: Final = re.compile(
    r"(final|retry|slow[ _-]?down|pause|re[ _-]?bind)(?:\s+(.*))?", re.IGNORECASE | re.DOTALL
)
_ENTRY_ENDS: Final = re.compile(r"[,;\n]")


@lru_cache(maxsize=256)
def status_map(text: str) -> StatusMap:
    """Return the map that a text of entries stands for; what cannot be read in it counts for nothing."""
    return read_status_map(text)[0]


def read_status_map(text: str) -> tuple[StatusMap, list[Violation]]:
    """Read entries `STATUS=TREATMENT words`, divided by commas, semicolons or lines; return the map, and what is wrong.

    STATUS is a number with 0x, or a name of SMPP 3.4 with or without ESME_; TREATMENT a value of Treatment. The words
    behind it are optional: how people read the status.
    """
    own: dict[int, Entry] = {}
    wrong: list[Violation] = []
    for piece in _ENTRY_ENDS.split(text):
        shown = " ".join(piece.split())
        if not shown:
            continue
        left, equals, right = shown.partition("=")
        status, entry = status_number(left), _read_entry(right)
        if not equals or entry is None:
            wrong.append(Violation("status_entry", RULES["status_entry"], {"entry": shown}))
        elif status is None:
            wrong.append(_unknown(left.strip()))
        elif status == 0 or status in own:
            code = "status_accepted" if status == 0 else "status_twice"
            wrong.append(Violation(code, RULES[code], {"status": left.strip()}))
        elif len(entry.words) > LONGEST_WORDS:
            parameters = {"status": left.strip(), "limit": LONGEST_WORDS}
            wrong.append(Violation("status_words", RULES["status_words"], parameters))
        else:
            own[status] = entry
    return StatusMap(own), wrong


def _read_entry(text: str) -> Entry | None:
    found = _RIGHT.fullmatch(text.strip())
    if found is None:
        return None
    name = re.sub(r"[ _-]", " ", found[1].lower())
    name = "slow down" if name.startswith("slow") else name
    return Entry(_TREATMENTS[name], (found[2] or "").strip().strip("\"'“”"))


def _unknown(status: str) -> Violation:
    if status.isascii() and status.isdigit():
        decimal = int(status)
        as_decimal = f"0x{decimal:X}" if decimal < 1 << 32 else "0x…"
        parameters = {"status": status, "decimal": as_decimal, "hexadecimal": f"0x{status}"}
        return Violation("status_base", RULES["status_base"], parameters)
    return Violation("status_unknown", RULES["status_unknown"], {"status": status})


def as_text(own: Mapping[int, Entry]) -> str:
    """Return entries as `read_status_map` reads them."""
    return ", ".join(
        f"{STATUS_NAMES.get(status, f'0x{status:04X}')}={entry.treatment} {entry.words}".strip()
        for status, entry in own.items()
    )


RULES: dict[str, str] = {
    "status_entry": "“%(entry)s” is no entry of a status map: write STATUS=TREATMENT, such as 0x040B=pause. A "
    "treatment is final, retry, slow down, pause or re-bind.",
    "status_unknown": "“%(status)s” is no command status: write its number with 0x, such as 0x040B, or its name in "
    "SMPP 3.4, such as ESME_RSUBMITFAIL.",
    "status_base": "“%(status)s” may be decimal or hexadecimal: write %(decimal)s or %(hexadecimal)s.",
    "status_accepted": "“%(status)s” is the status of what was accepted; it cannot be treated otherwise.",
    "status_twice": "“%(status)s” stands in the status map twice.",
    "status_words": "The words of “%(status)s” have at most %(limit)s characters.",
}
