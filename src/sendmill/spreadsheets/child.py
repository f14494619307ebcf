"""The process that reads one spreadsheet into one Arrow file, within limits that the kernel enforces.

Started by `reader` as `python -m sendmill.spreadsheets.child`. Standard input is one JSON object: path, kind,
columns, output, limits. Standard output is one JSON object: `{"header", "sheet"}`, `{"error", "params"}` of a
refusal, or `{"unwritten"}` with the reason why the output could not be written. Any other end means that the limits
stopped it.
"""

from __future__ import annotations

import errno
import gc
import json
import resource
import sys
from pathlib import Path
from typing import Any

from sendmill.spreadsheets.csv import read_csv
from sendmill.spreadsheets.errors import SpreadsheetError
from sendmill.spreadsheets.guard import Package
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.table import Table, read_package

OVER_LIMIT = f"os error {errno.EFBIG})"  # in polars' error when the output would be larger than allowed


def confine(limits: Limits) -> None:
    """Limit the memory, processor time and file size of this process, and forbid core dumps."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def read(order: dict[str, Any], limits: Limits) -> Table:
    """Read the file of an order. Raises SpreadsheetError."""
    path, columns = Path(order["path"]), int(order["columns"])
    if order["kind"] == "csv":
        return read_csv(path, columns, limits)
    with Package(path, limits) as package:
        return read_package(package, columns, limits)


def answer(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Read the file of the order and write its rows; return what is answered, also of a refusal."""
    try:
        table = read(order, limits)
        try:
            table.frame.write_ipc(order["output"], compression="uncompressed")
        except OSError as error:
            if OVER_LIMIT in str(error):
                raise
            return {"unwritten": str(error)}
    except SpreadsheetError as error:
        return {"error": error.code, "params": error.params}
    return {"header": table.header, "sheet": table.sheet}


def main() -> int:
    """Read one order from standard input and answer on standard output; return 0, also for a refusal."""
    order = json.loads(sys.stdin.buffer.read())
    limits = Limits(**order["limits"])
    confine(limits)
    gc.disable()  # millions of small tuples and no cycles: collecting doubles the time
    try:
        answered = answer(order, limits)
    except MemoryError:
        return 9
    sys.stdout.write(json.dumps(answered))
    return 0


if __name__ == "__main__":
    sys.exit(main())
