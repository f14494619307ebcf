"""Where a process runs, as its settings say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Surroundings:
    """Where a process runs.

    The folders with the files of marks (each holds a folder for each store), the data folder (None with a server of
    one's own), and the name of the machine where its machine-id is none.
    """

    folders: tuple[Path, ...]
    data_dir: Path | None
    machine: str = ""
