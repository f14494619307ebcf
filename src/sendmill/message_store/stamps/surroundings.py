"""Where a process is, for telling whether the store may be older than what was sent from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Surroundings:
    """Where a process is: the folders with the files of marks (each holds a folder a store), the data folder (None
    with a server of one's own), and what names the machine where its machine-id does not."""

    folders: tuple[Path, ...]
    data_dir: Path | None
    machine: str = ""
