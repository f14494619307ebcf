"""The default folders: of all data, and of the marks outside of it."""

import os
from pathlib import Path


def default_data_dir() -> Path:
    """SENDMILL_DATA_DIR, else /var/lib/sendmill for root, else ``sendmill`` in the user's data folder."""
    given = os.environ.get("SENDMILL_DATA_DIR")
    if given:
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/sendmill")
    home = os.environ.get("XDG_DATA_HOME", "")
    # The XDG rules say that a relative path there is to be ignored.
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "sendmill"


def default_state_dir() -> Path:
    """Outside of the data folder, so that putting that back is noticed: SENDMILL_STATE_DIR, else
    /var/lib/sendmill-state for root, else ``sendmill`` in the user's state folder."""
    given = os.environ.get("SENDMILL_STATE_DIR")
    if given:
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/lib/sendmill-state")
    home = os.environ.get("XDG_STATE_HOME", "")
    # The XDG rules say that a relative path there is to be ignored.
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "state") / "sendmill"
