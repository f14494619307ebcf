"""Where a sender runs: the same store at another place is a copy, or the original may still run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


@dataclass(frozen=True)
class Place:
    """A machine, the data folder on it, the database server and the database.

    The real path of the data folder is empty with a server of one's own; the server's identity (PostgreSQL's system
    identifier) is empty where machine and folder say enough.
    """

    machine: str
    folder: str
    server: str
    database: str

    @classmethod
    def of_key(cls, key: str) -> Place:
        """The place of that key."""
        machine, _, rest = key.partition("|")
        folder, server, database = rest.rsplit("|", 2)
        return cls(machine, folder, server, database)

    @property
    def key(self) -> str:
        """What is compared."""
        return "|".join((self.machine, self.folder, self.server, self.database))

    def differs(self, others: list[Place]) -> str:
        """In a word for a person, what is not as in any of the known places: machine, folder, server or database."""
        for name in ("machine", "server", "database", "folder"):
            if all(getattr(self, name) != getattr(other, name) for other in others):
                return name
        return "folder"


@cache
def machine_name(setting: str = "") -> str:
    """What names this machine: the setting (containers have no name of their own), else its machine-id."""
    if setting:
        return setting
    for path in MACHINE_IDS:
        try:
            text = path.read_text().strip()
        except OSError:
            continue
        if text and text != "uninitialized":
            return text
    return ""
