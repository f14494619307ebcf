"""The default folders: of all data, and of the marks that are kept outside of it."""

import os
from pathlib import Path


def default_data_dir() -> Path:
    """Return SENDMILL_DATA_DIR, else /var/lib/sendmill for root, else ``sendmill`` in the user's data folder."""
    given = os.environ.get("SENDMILL_DATA_DIR")
    if given:
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/sendmill")
    home = os.environ.get("XDG_DATA_HOME", "")
    # A relative path in this variable is to be ignored (XDG Base Directory Specification).
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "sendmill"


def default_state_dir() -> Path:
    """Return the folder of marks that tell whether the store is an older copy.

    SENDMILL_STATE_DIR, else /var/lib/sendmill-state for root, else ``sendmill`` in the user's state folder. Outside
    of the data folder, so that restoring an old copy of that is noticed.
    """
    given = os.environ.get("SENDMILL_STATE_DIR")
    if given:
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/sendmill-state")
    home = os.environ.get("XDG_STATE_HOME", "")
    # A relative path in this variable is to be ignored (XDG Base Directory Specification).
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "state") / "sendmill"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a new or renamed file is there after a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
