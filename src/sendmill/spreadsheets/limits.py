"""Limits of one spreadsheet: how large it may be, and how much of the machine reading it may use."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
SHEET_ROWS = 1_048_576  # rows of a sheet in the XLSX format (ECMA-376; Excel's own limit)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one upload. `max_bytes` and `max_rows` are settings of the product; the others are for safety.

    Sizes are in bytes, times in seconds. `max_rows` counts rows below the header that are not blank.
    """

    max_bytes: int = 12 * MIB
    max_rows: int = 1_000_000
    max_columns: int = 26
    max_members: int = 200
    member_bytes: int = 512 * MIB
    total_bytes: int = 1024 * MIB
    ratio: int = 100
    ratio_from: int = MIB
    part_bytes: int = 4 * MIB
    text_bytes: int = 2_000
    memory_bytes: int = 1536 * MIB
    output_bytes: int = 1024 * MIB
    cpu_seconds: int = 40
    timeout: float = 120.0
