"""Chooses the system user that the embedded server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sendmill.postgres.errors import ServerUserError

SYSTEM_USER = "sendmill"
FALLBACK_USER = "nobody"
SHELL = "/bin/sh"

# Nothing of the caller's environment reaches the server: PG* variables would redirect it, and a
# locale that this machine lacks would stop it.
CLEAN_ENVIRONMENT: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class ServerUser:
    """The user of the server's processes and files.

    ``switch`` is True when we are root and must start the server as this user.
    """

    name: str
    uid: int
    gid: int
    switch: bool

    def process_options(self) -> dict[str, Any]:
        """Return keyword arguments for `subprocess` that start a process as this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(
        self, argv: Sequence[str | Path], *, timeout: float = 120, keep: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a short program as this user, from ``/`` with a clean environment, output captured as text.

        The program inherits the descriptors of ``keep``. `OSError` (not found, not permitted to execute)
        passes through.
        """
        return subprocess.run(
            [str(word) for word in argv],
            cwd="/",
            env=dict(CLEAN_ENVIRONMENT),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            umask=0o077,
            pass_fds=tuple(keep),
            check=False,
            **self.process_options(),
        )

    def can_enter(self, folder: Path) -> bool:
        """Return whether this user may change into the folder."""
        return self.run([SHELL, "-c", 'cd "$1"', "sh", folder]).returncode == 0


def choose_user(cluster: Path) -> ServerUser:
    """Return the user to run as: the current one, or for root the owner of existing data, else a system user.

    A missing system user is created with ``useradd``; where that is impossible, ``nobody`` serves. Raises
    `ServerUserError` when none of them exists or root may not change its user.
    """
    if os.geteuid() != 0:
        return _current_user()
    try:
        owner = cluster.lstat().st_uid
    except OSError:
        # There is nothing, or nothing that can be used; `prepare` finds out and says which.
        owner = 0
    user = _of_uid(owner) if owner else _system_user()
    try:
        user.run([SHELL, "-c", ":"])
    except OSError as error:
        raise ServerUserError(
            f"Sendmill runs as root but may not become the user {user.name} ({error.strerror}), and "
            "PostgreSQL refuses to run as root; start Sendmill as an ordinary user, or set DATABASE_URL to a "
            "server of your own."
        ) from error
    return user


def own(path: Path, user: ServerUser) -> None:
    """Give a new folder to the server's user; does nothing when that is us. Raises `ServerUserError`."""
    if not user.switch:
        return
    try:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)
    except OSError as error:
        raise ServerUserError(
            f"{path} cannot be given to the user {user.name} ({error.strerror}); choose a data folder on a "
            "disk that keeps owners with SENDMILL_DATA_DIR, or start Sendmill as an ordinary user."
        ) from error


def _current_user() -> ServerUser:
    uid, gid = os.geteuid(), os.getegid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        # initdb looks up the name of its user and fails without one; this sentence says more.
        raise ServerUserError(
            f"The user id {uid} has no name on this machine, which PostgreSQL needs; add it to /etc/passwd, "
            "or set DATABASE_URL to a server of your own."
        ) from None
    return ServerUser(name, uid, gid, switch=False)


def _of_uid(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise ServerUserError(
            f"The database files belong to the user id {uid}, which does not exist on this machine; "
            "create that user, or give the files to another one with chown -R."
        ) from None
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def _system_user() -> ServerUser:
    entry = _find(SYSTEM_USER) or _create() or _find(FALLBACK_USER)
    if entry is None or entry.pw_uid == 0:
        raise ServerUserError(
            "PostgreSQL refuses to run as root and no system user could be created; "
            f"create one with: useradd --system {SYSTEM_USER}"
        )
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create() -> pwd.struct_passwd | None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # Looked up whatever the exit code: another process may have created it in the same moment.
    return _find(SYSTEM_USER)
