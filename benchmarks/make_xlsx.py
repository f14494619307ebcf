"""Makes number lists for benchmarks: `python benchmarks/make_xlsx.py list.xlsx 1000000 1 --seed 0`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from sendmill.spreadsheets.writer import write_xlsx

_BATCH = 100_000
_STEP = 48_271  # coprime to 10**8: numbers look random and never repeat within 100 million rows


def number_frames(rows: int, columns: int, seed: int) -> Iterator[pl.DataFrame]:
    """Yield frames of distinct valid mainland numbers `+861380…` with columns - 1 values beside each."""
    for start in range(0, rows, _BATCH):
        index = pl.int_range(start, min(start + _BATCH, rows), eager=True)
        tail = (index + seed) * _STEP % 100_000_000
        frame = {"number": "+86138" + tail.cast(pl.String).str.zfill(8)}
        for column in range(1, columns):
            frame[f"value{column}"] = "v" + (tail % (9_973 + column)).cast(pl.String)
        yield pl.DataFrame(frame)


def make_xlsx(path: Path, rows: int, columns: int = 1, seed: int = 0) -> None:
    """Write an XLSX list of `rows` distinct numbers and `columns` columns; the same arguments give the same
    file."""
    header = ["number", *(f"variable {column}" for column in range(1, columns))]
    write_xlsx(path, header, number_frames(rows, columns, seed))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("columns", type=int, nargs="?", default=1)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    make_xlsx(asked.path, asked.rows, asked.columns, asked.seed)
