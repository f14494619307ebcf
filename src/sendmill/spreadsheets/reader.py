"""Reads uploaded spreadsheets, in a process of its own, so that no file can end or exhaust this one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from sendmill.spreadsheets.errors import SENTENCES, refusal
from sendmill.spreadsheets.guard import check_file
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.table import Table

_CHILD = "sendmill.spreadsheets.child"
_SOURCE = str(Path(__file__).resolve().parents[3])


def read_rows(path: Path, *, columns: int, limits: Limits | None = None) -> pl.DataFrame:
    """Return the rows of an XLSX or CSV file below its header: row Int32, c0 … c{columns-1} String.

    `row` is the row number that a spreadsheet program shows (from 1). Blank rows are left out; a missing cell is "".
    Whatever the file holds, this raises SpreadsheetError and nothing else; OSError when the rows cannot be written to
    disk.
    """
    return read_table(path, columns=columns, limits=limits).frame


def read_table(path: Path, *, columns: int, limits: Limits | None = None) -> Table:
    """Like `read_rows`, with the header's texts and the name of the sheet.

    The file's kind, size and zip directory are checked here; everything that inflates or parses runs in a
    child process with limits on memory, processor time, output and time. The child is a fresh interpreter,
    never a fork: polars hangs in a forked process.
    """
    limits = limits or Limits()
    if not 1 <= columns <= limits.max_columns:
        raise ValueError(f"columns must be 1 to {limits.max_columns}, not {columns}")
    kind = check_file(path, limits)
    with tempfile.TemporaryDirectory(prefix="sendmill-sheet-") as folder:
        output = Path(folder) / "rows.arrow"
        order = {
            "path": str(path.resolve()),
            "kind": kind,
            "columns": columns,
            "output": str(output),
            "limits": asdict(limits),
        }
        answer = _run_child(order, limits)
        if "unwritten" in answer:
            raise OSError(answer["unwritten"])
        if "error" in answer:
            raise refusal(answer["error"], **answer["params"])
        frame = pl.read_ipc(output)
    return Table(frame, tuple(answer["header"]), answer["sheet"])


def _environment() -> dict[str, str]:
    """Return the environment variables that the child needs to start; no setting and no secret is among them."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    paths = [_SOURCE, *(path for path in sys.path if path)]
    return kept | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "POLARS_MAX_THREADS": "2"}


def _run_child(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", _CHILD],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=limits.timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("too_slow") from error
    if done.returncode == -signal.SIGXCPU:
        raise refusal("too_slow")
    if done.returncode < 0 or done.returncode == 9:
        raise refusal("reader_stopped")
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        answer = {}
    known = {"header", "sheet"} <= answer.keys() or "unwritten" in answer or answer.get("error") in SENTENCES
    if done.returncode != 0 or not known:
        raise refusal("reader_failed")
    return answer
