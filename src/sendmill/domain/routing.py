"""Which carriers take a number: by the longest prefix that it begins with, in an order of preference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LONGEST_PREFIX = 7
_PREFIX = re.compile(rf"[1-9][0-9]{{0,{LONGEST_PREFIX - 1}}}")

LEAST_USUAL = 0.3  # a failure rate below this is never far above anything
FAR_ABOVE = 3.0
WITHOUT_HISTORY = 0.5


def clean_prefix(text: str) -> str | None:
    """The digits of a prefix written `+44`, `0044` or `44`; "" for any number, None for what is none."""
    digits = re.sub(r"[\s()-]", "", text).removeprefix("+").removeprefix("00")
    if digits in ("", "*"):
        return ""
    return digits if _PREFIX.fullmatch(digits) else None


def rules_of(routes: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    """Carriers by prefix from (prefix, carrier) in the order of preference; a carrier counts once a prefix."""
    rules: dict[str, tuple[int, ...]] = {}
    for prefix, carrier in routes:
        have = rules.get(prefix, ())
        rules[prefix] = have if carrier in have else (*have, carrier)
    return rules


def carriers_for(number: int, rules: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """The carriers of the longest prefix that the number (E.164 digits) begins with; none when none does.

    Only those: a shorter prefix is no second choice, for a country may be kept from a carrier on purpose.
    """
    digits = str(number)
    for length in range(min(LONGEST_PREFIX, len(digits)), -1, -1):
        if digits[:length] in rules:
            return rules[digits[:length]]
    return ()


@dataclass(frozen=True)
class Outcomes:
    """What became of messages in some time: refused by the carrier, reported failed, reported delivered."""

    refused: int
    failed: int
    delivered: int

    @property
    def known(self) -> int:
        """How many of them have a result."""
        return self.refused + self.failed + self.delivered

    @property
    def failure_rate(self) -> float:
        """The share that failed; 0 when nothing is known."""
        return (self.refused + self.failed) / self.known if self.known else 0.0


def is_failing(lately: Outcomes, usually: Outcomes, least: int) -> bool:
    """Whether a carrier fails far more than it usually does, by at least `least` messages (0: never say so).

    Far above is three times its usual rate and no less than 30%; 50% where nothing is known of before.
    """
    if not least or lately.known < least:
        return False
    limit = WITHOUT_HISTORY
    if usually.known >= least:
        limit = min(max(LEAST_USUAL, FAR_ABOVE * usually.failure_rate), 0.95)
    return lately.failure_rate >= limit
