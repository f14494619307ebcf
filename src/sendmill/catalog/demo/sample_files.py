"""Recipient files to try the demo with, as rows of text: good ones, and some that the check deletes.

The numbers come from ranges that are kept free for fiction where a country has one (North America 555-01xx,
Ofcom's and ACMA's mobile ranges for drama use, ARCEP's 06 39 98); mainland ones are made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sendmill.catalog.demo.resources import INTERNATIONAL, MAINLAND

GUESTS = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Tony", "Zoë", "Ken")


@dataclass(frozen=True)
class Sample:
    """One file: its name without suffix, what to send it with, its header and its rows."""

    name: str
    application: str
    template: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


def samples() -> list[Sample]:
    """The files of the demo, the same each time."""
    return [
        Sample(
            "InternationalSample",
            INTERNATIONAL,
            "Appointment",
            ("Number", "TXT_20", "DATE", "TIME"),
            [*_international(), *_international_faults()],
        ),
        Sample("MainlandSample", MAINLAND, "维护通知", ("Number",), [*_mainland(), *_mainland_faults()]),
    ]


def _international() -> Iterator[tuple[str, ...]]:
    numbers = [
        *(f"+1202555{last:04}" for last in range(100, 200)),
        *(f"+44 7700 900{last:03}" for last in range(100, 150)),
        *(f"+6149157{last:04}" for last in range(156, 160)),
        *(f"+3363998{last:04}" for last in range(100, 126)),
    ]
    for index, number in enumerate(numbers):
        day, hour = 1 + index % 28, 9 + index % 8
        yield number, GUESTS[index % len(GUESTS)], f"2026/03/{day:02}", f"{hour:02}:{index % 4 * 15:02}"


def _international_faults() -> Iterator[tuple[str, ...]]:
    good = ("Ada", "2026/03/01", "10:00")
    yield "+1 (202) 555-0100", *good  # the first number again, after its punctuation is repaired
    yield "+447700900100", *good
    yield "12025550101", *good  # no + and country code
    yield "+4479", *good
    yield "1.20256E+10", *good
    yield "no number", *good
    yield "+12025550200", "", "2026/03/01", "10:00"
    yield "+12025550201", "Ada", "1 March 2026", "10:00"
    yield "+12025550202", "Ada", "2026/03/01", "25:00"
    yield "+12025550203", "A name of more than twenty characters", "2026/03/01", "10:00"


def _mainland() -> Iterator[tuple[str, ...]]:
    for last in range(1, 101):
        yield (f"1380000{last:04}",)
    for last in range(101, 121):
        yield (f"861380000{last:04}",)
    for last in range(121, 141):
        yield (f"+86 138 0000 {last:04}",)


def _mainland_faults() -> Iterator[tuple[str, ...]]:
    yield ("+8613800000001",)
    yield ("8613800000002",)
    yield ("23800000001",)
    yield ("138000001",)
    yield ("+2412000000",)
    yield ("8.6138E+12",)
