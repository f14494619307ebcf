"""Numbering plans of all countries, as tables that a whole column of numbers is checked against.

Built at first use from the metadata of the `phonenumbers` package, so that an update of the package is an
update of the plans. Per calling code there are the possible lengths, one regular expression for the known
ranges, and the regions in the order in which they are to be tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc

UNKNOWN_CALLING_CODE = 0
IMPOSSIBLE_LENGTH = -1
SHORTEST, LONGEST = 7, 15

_KINDS = (
    "mobile",
    "fixed_line",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "toll_free",
    "shared_cost",
    "premium_rate",
)


@dataclass(frozen=True)
class Plan:
    """What is known about the numbers of the world.

    `verdicts[first three digits * 16 + digits]` is the calling code of a number whose length is possible
    there, `IMPOSSIBLE_LENGTH`, or `UNKNOWN_CALLING_CODE`. `known` maps a calling code to a pattern over the
    whole number (digits, calling code included) of every assigned range. `regions` maps a calling code that
    several regions share to (region, pattern), in the order to try. `main_region` maps a calling code to its
    first region.
    """

    verdicts: tuple[int, ...]
    known: dict[int, str]
    regions: dict[int, tuple[tuple[str, str], ...]]
    main_region: dict[int, str]
    mainland_landline: str


@cache
def plan() -> Plan:
    """Return the plans of all assigned calling codes; built once per process in about 0.2 s."""
    verdicts = [UNKNOWN_CALLING_CODE] * (1000 * 16)
    known: dict[int, str] = {}
    shared: dict[int, tuple[tuple[str, str], ...]] = {}
    main_region: dict[int, str] = {}
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        main_region[code] = regions[0]
        _enter_lengths(verdicts, code, _possible_lengths(code, regions[0]))
        patterns = {region: _known_ranges(code, region) for region in regions}
        known[code] = _anchored(code, [pattern for pattern in patterns.values() if pattern])
        if len(regions) > 1:
            shared[code] = tuple((region, _belonging(code, region, patterns[region])) for region in regions)
    landline = _metadata(86, "CN").fixed_line
    return Plan(
        verdicts=tuple(verdicts),
        known=known,
        regions=shared,
        main_region=main_region,
        mainland_landline=_anchored(86, [_national_pattern(landline)]),
    )


@cache
def known_range(code: int) -> re.Pattern[str]:
    """Return the compiled pattern of the known ranges of a calling code, for single numbers."""
    return re.compile(plan().known[code])


@cache
def mainland_landline() -> re.Pattern[str]:
    """Return the compiled pattern of fixed lines in mainland China, for single numbers."""
    return re.compile(plan().mainland_landline)


def _metadata(code: int, region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        raise LookupError(f"phonenumbers has no metadata for calling code {code}")
    return metadata


def _enter_lengths(verdicts: list[int], code: int, lengths: frozenset[int]) -> None:
    """Write the verdict of a calling code for every length and every three digits that begin with it."""
    width = 10 ** (3 - len(str(code)))
    for head in range(code * width, (code + 1) * width):
        for digits in range(16):
            national = digits - len(str(code))
            verdicts[head * 16 + digits] = code if national in lengths else IMPOSSIBLE_LENGTH


def _possible_lengths(code: int, region: str) -> frozenset[int]:
    """Return the lengths of a complete national number; those only dialled locally do not count."""
    general = _metadata(code, region).general_desc
    return frozenset(general.possible_length if general is not None else ())


def _national_pattern(description: PhoneNumberDesc | None) -> str:
    pattern = description.national_number_pattern if description is not None else None
    # A bare \d would also stand for the digits of other scripts, and make the columns' matcher ten times
    # slower.
    return pattern.replace("\\d", "[0-9]") if pattern and pattern != "NA" else ""


def _known_ranges(code: int, region: str) -> str:
    """Return one pattern over the national number for all ranges that a region has assigned."""
    metadata = _metadata(code, region)
    patterns = (_national_pattern(getattr(metadata, kind)) for kind in _KINDS)
    return "|".join(dict.fromkeys(pattern for pattern in patterns if pattern))


def _belonging(code: int, region: str, known: str) -> str:
    """Return the pattern by which a number of a shared calling code belongs to a region."""
    leading = _metadata(code, region).leading_digits
    return f"^{code}(?:{leading})" if leading else _anchored(code, [known])


def _anchored(code: int, patterns: list[str]) -> str:
    return f"^{code}(?:{'|'.join(patterns)})$"
