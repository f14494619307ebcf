"""Where a process is, for telling whether the store may be older than what was sent from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sendmill.postgres.embedded.server import Embedded

if TYPE_CHECKING:
    from sendmill.runtime.settings import Environment


@dataclass(frozen=True)
class Surroundings:
    """Where a process is: the folders with the files of marks (each holds a folder a store), the data folder (None
    with a server of one's own), and what names the machine where its machine-id does not."""

    folders: tuple[Path, ...]
    data_dir: Path | None
    machine: str = ""

    @classmethod
    def of(cls, environment: Environment) -> Surroundings:
        """The surroundings that the settings name."""
        second = environment.second_state_dir
        folders = (environment.state_dir,) if second is None else (environment.state_dir, second)
        embedded = environment.database_url in ("", Embedded(environment.data_dir).status().dsn)
        return cls(folders, environment.data_dir if embedded else None, environment.place)
