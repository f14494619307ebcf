"""The table of docs/SMPP.md names faults and tests that exist, and leaves no line without one."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from sendmill.simulator.faults import Faults
from sendmill.simulator.habits import HABITS

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "SMPP.md").read_text()
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.split("## Figures")[0].splitlines()
    if line.startswith("|") and not line.startswith("|---")
][1:]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_test_named_exists(path: str, name: str) -> None:
    assert re.search(rf"def {name}\(", (ROOT / path).read_text())


def test_each_fault_named_exists_and_each_line_is_held() -> None:
    known = {field.name for field in fields(Faults)}
    assert [cells[0] for cells in TABLE if cells[0]] == [
        f"**{number}**" for number in (*range(1, 24), 25, 27, 29)
    ]
    for _, promise, faults, tests in TABLE:
        assert {name for name in re.findall(r"`([\w-]+)`", faults) if "-" not in name} <= known, promise
        assert "::" in tests, promise


def test_every_habit_is_in_the_table_and_each_one_named_exists() -> None:
    named = {name for cells in TABLE for name in re.findall(r"`(\w+(?:-\w+)+)`", cells[2])}
    assert named == set(HABITS)


def test_every_fault_is_in_the_table_or_is_no_line_of_it() -> None:
    named = {name for cells in TABLE for name in re.findall(r"`(\w+)`", cells[2])}
    # How numbers fare, and whether a bind is let in, is no trouble of the protocol.
    assert {field.name for field in fields(Faults)} - named == {"failure_rate", "bind_status"}
