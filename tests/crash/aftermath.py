"""After the kills: the folder is copied, more is sent, and the copy is put where the folder was, or started elsewhere.

Nothing may go twice: the store that was put back is held, and the copy beside it opens no bind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from tests.rig.processes import SenderProcess, environment

from sendmill.postgres.embedded.server import Embedded
from sendmill.simulator.journal import read_journal

if TYPE_CHECKING:
    from tests.crash.rig import Rig

PATIENCE = 60.0
QUIET = 4.0  # seconds in which something would leave that should not
SOCKETS = shutil.ignore_patterns(".s.PGSQL*")


def put_back(rig: Rig) -> list[str]:
    """Put an older copy back, let a person decide, and look what the carriers took; what went wrong."""
    problems: list[str] = []
    data, copy = rig.folder / "data", rig.folder / "copy"
    rig.feed()
    _stop(rig)
    _copy(data, copy)
    _start(rig)
    rig.say("more is sent after the copy")
    rig.feed()
    rig.settle()
    sent = _accepted(rig)
    _stop(rig)
    problems += _beside(rig, copy)
    shutil.rmtree(data)
    _copy(copy, data)
    rig.say("the copy is put back")
    _start(rig)
    if not _until(lambda: _held(rig.dsn) == "older"):
        problems.append(f"a store that was put back is not held: {_held(rig.dsn)}")
    time.sleep(QUIET)
    if _accepted(rig) != sent:
        problems.append(f"{_accepted(rig) - sent} parts left from a held store")
    # Refused while a sender still recovers what the killed ones had open: a person tries again, as the sentence says.
    release = ("held", "release", "--as", "uncertain", "--yes")
    if not _until(lambda: _command(rig, rig.dsn, data, *release).returncode == 0):
        problems.append(f"the store cannot be released: {_command(rig, rig.dsn, data, *release).stderr}")
    if not _until(lambda: _held(rig.dsn) is None):
        problems.append("the store is held on after its release")
    time.sleep(QUIET)
    if _accepted(rig) != sent:
        problems.append(f"{_accepted(rig) - sent} parts left after the release as uncertain")
    return problems


def _beside(rig: Rig, copy: Path) -> list[str]:
    """Start a sender on the copy, at its own place, while the original is away but may come back."""
    rig.say("the copy is started elsewhere")
    elsewhere = rig.folder / "elsewhere"
    _copy(copy, elsewhere)
    server = Embedded(elsewhere, dies_with_parent=True)
    dsn = server.start()
    sender = SenderProcess(dsn, elsewhere, rig.folder / "elsewhere.log")
    before = _accepted(rig)
    try:
        sender.start()
        problems = [] if _until(lambda: _held(dsn) == "elsewhere") else ["a copy elsewhere is not held"]
        time.sleep(QUIET)
        with psycopg.connect(dsn, autocommit=True) as conn:
            # What the killed senders of the original had said of their binds came along with the copy.
            bound = "SELECT FROM bind_state WHERE state = 'bound' AND owner = (SELECT max(id) FROM sender)"
            if conn.execute(bound).fetchone() is not None:
                problems.append("a copy elsewhere has opened a bind")
        if _accepted(rig) != before:
            problems.append("a copy elsewhere has sent something")
    finally:
        sender.kill()
        server.stop()
    return problems


def _start(rig: Rig) -> None:
    rig.server.start()
    for program in rig.programs:
        program.start()


def _stop(rig: Rig) -> None:
    for program in rig.programs:
        program.kill()
    rig.server.stop()


def _copy(folder: Path, to: Path) -> None:
    """As `cp -a`: also the owners, for the server runs as another user."""
    shutil.copytree(folder, to, symlinks=True, ignore=SOCKETS, dirs_exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        twin = to / path.relative_to(folder)
        if twin.exists() or twin.is_symlink():
            status = path.lstat()
            os.chown(twin, status.st_uid, status.st_gid, follow_symlinks=False)


def _accepted(rig: Rig) -> int:
    return sum(1 for simulator in rig.simulators for _ in read_journal(simulator.journal))


def _held(dsn: str) -> str | None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        row = conn.execute("SELECT kind FROM hold WHERE released_at IS NULL").fetchone()
    return row[0] if row else None


def _until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _command(rig: Rig, dsn: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sendmill", *words], env=environment(dsn, data), capture_output=True, text=True
    )
