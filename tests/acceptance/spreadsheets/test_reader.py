"""The process that reads a number file: what it answers, however it ends, and what it may use."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rig.workbooks import HEADER, ROW, make, refused

from sendmill.spreadsheets import reader
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows, read_table


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "list.xlsx"


def test_rows_come_through_the_process(book: Path, tmp_path: Path) -> None:
    make(book, HEADER + ROW)
    table = read_table(book, columns=2)
    assert table.frame.rows() == [(2, "8613112345678", "")]
    assert (table.header, table.sheet) == (("number", ""), "List")
    csv = tmp_path / "list.csv"
    csv.write_text("号码\n+8613800138000\n")
    assert read_rows(csv, columns=1).rows() == [(2, "+8613800138000")]


def test_a_refusal_comes_through_the_process(book: Path) -> None:
    make(book, HEADER)
    assert refused(book).code == "no_rows"


def test_the_child_is_stopped_by_its_limits(book: Path) -> None:
    make(book, HEADER + ROW)
    # polars itself does not start in so little memory: the process dies, whatever the file holds.
    assert refused(book, Limits(memory_bytes=1 << 20)).code in ("reader_stopped", "reader_failed")
    assert refused(book, Limits(timeout=0.01)).code == "too_slow"
    assert refused(book, replace(Limits(), output_bytes=16)).code == "reader_failed"


def test_memory_limit_while_reading(book: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(2, 300_000))
    make(book, HEADER + rows)
    assert refused(book, Limits(memory_bytes=360 << 20)).code in ("reader_stopped", "reader_failed")


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("import os; os.abort()", "reader_stopped"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "reader_stopped"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_slow"),
        ("raise KeyError('boom')", "reader_failed"),
        ("print('no answer')", "reader_failed"),
        ('print(\'{"error": "unheard of", "params": {}}\')', "reader_failed"),
    ],
)
def test_however_the_child_ends(book: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: str) -> None:
    make(book, HEADER + ROW)
    popen = subprocess.Popen

    def start(_command: list[str], **options: object) -> object:
        return popen([sys.executable, "-c", script], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(reader.subprocess, "Popen", start)
    assert refused(book).code == code


def test_the_child_loads_nothing_heavy_and_sees_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    environment = reader._environment()
    assert "DATABASE_URL" not in environment
    script = "import sys, sendmill.spreadsheets.child; print([m for m in sys.modules if m in sys.argv])"
    heavy = ["django", "phonenumbers", "openpyxl", "fastexcel", "asyncio", "psycopg", "pandas", "pyarrow"]
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", script, *heavy],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
