"""The folders of the embedded server, and making a new database cluster in them."""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sendmill.postgres.embedded.binaries import Binaries
from sendmill.postgres.embedded.configuration import (
    HOST_BASED_ACCESS,
    LOCAL_SETTINGS,
    MIB,
    PORT,
    settings_text,
)
from sendmill.postgres.embedded.postmaster import Lock, read_text
from sendmill.postgres.embedded.server_user import ServerUser, own
from sendmill.postgres.errors import (
    ClusterVersionError,
    DataFolderError,
    PostgresError,
    StartError,
    disk_full,
    is_disk_full,
)
from sendmill.runtime.folders import sync_folder

SUPERUSER = "postgres"
# sun_path holds 108 bytes with its final zero.
SOCKET_PATH_BYTES = 107
# A new cluster with its first log segments takes 55 MiB.
NEW_CLUSTER_BYTES = 160 * MIB


@dataclass(frozen=True)
class Folders:
    """The folders of one embedded server, all below ``home``.

    ``home`` and the files in it belong to us; only ``cluster``, ``logs`` and the socket folder belong to the server's
    user: a server that was broken into can change no file that root writes.
    """

    home: Path

    @classmethod
    def below(cls, data_dir: Path) -> "Folders":
        """Return the folders below Sendmill's data folder. Raises `DataFolderError` for an unusable path."""
        if any(ord(character) < 32 for character in str(data_dir)):
            raise DataFolderError("The data folder's name has control characters in it; choose another.")
        return cls(Path(os.path.realpath(data_dir)) / "postgres")

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "cluster"

    @property
    def logs(self) -> Path:
        """The folder of the server's log files."""
        return self.home / "log"

    @property
    def start_log(self) -> Path:
        """The file of the server's output before its log files are open."""
        return self.logs / "start.log"

    @property
    def settings_file(self) -> Path:
        """The file of the server's settings, written at every start."""
        return self.home / "postgresql.conf"

    def lock(self, name: str) -> Path:
        """Return the path of a lock file: "start", "life" or "owner"."""
        return self.home / f"{name}.lock"

    def sockets(self) -> Path:
        """Return the folder of the socket: below ``home``, or a short one elsewhere when that path cannot be used.

        It may be too long, or contain a comma, which separates hosts in the address of a connection.
        """
        folder = self.home / "socket"
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES and "," not in str(folder):
            return folder
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        base = "/run" if os.geteuid() == 0 and os.access("/run", os.W_OK) else tempfile.gettempdir()
        if len(base) > 60:
            base = "/tmp"  # noqa: S108 - the folder itself is made with mode 700 and its owner is checked
        return Path(base) / f"sendmill-{os.geteuid()}-{name}"


def prepare(folders: Folders, user: ServerUser) -> None:
    """Create the missing folders, and check that the server's user can enter them.

    Raises `DataFolderError` or `DiskFullError`; never changes a folder that existed before.
    """
    try:
        folders.home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not folders.home.exists():
            folders.home.mkdir(mode=0o711 if user.switch else 0o700)
            folders.home.chmod(0o711 if user.switch else 0o700)
        _make_private(folders.logs, user)
    except OSError as error:
        if is_disk_full(str(error)):
            raise disk_full(folders.home) from error
        raise DataFolderError(
            f"The data folder {folders.home} cannot be written ({error.strerror}); start Sendmill as the "
            "user that owns it, or choose another folder with SENDMILL_DATA_DIR."
        ) from error
    if user.switch and not user.can_enter(folders.logs):
        raise DataFolderError(
            f"The database server runs as the user {user.name}, who cannot enter {folders.home}; choose a "
            "data folder outside private folders with SENDMILL_DATA_DIR, such as /var/lib/sendmill."
        )


def prepare_sockets(folders: Folders, user: ServerUser, before: Path | None = None) -> Path:
    """Create the folder of the socket with mode 700 for the server's user, and return it.

    A short folder that belongs to somebody else is left alone, and a new one with a random name is used. ``before``
    is the folder of an earlier start, which others know as the server's address. Raises `DataFolderError`.
    """
    folder = folders.sockets()
    try:
        if before is not None and before != folder and _is_private(before, user):
            return before
        _make_private(folder, user)
        if _is_private(folder, user):
            return folder
        if folder.parent == folders.home:
            raise DataFolderError(
                f"{folder} must belong to the user {user.name} with mode 700; remove it and start again."
            )
        folder = Path(tempfile.mkdtemp(prefix="sendmill-", dir=folder.parent))
        own(folder, user)
    except OSError as error:
        raise DataFolderError(f"The socket folder {folder} cannot be made ({error.strerror}).") from error
    return folder


def create_cluster(
    folders: Folders, binaries: Binaries, user: ServerUser, life: Lock, *, durable: bool
) -> None:
    """Create the database cluster unless it exists, under a temporary name until it is whole.

    The rest of an interrupted attempt is removed first; its initdb, should it outlive us, keeps the ``life`` lock, so
    that nobody starts over while it still writes. Raises `ClusterVersionError` when the data is of another major
    version, `DataFolderError`, `DiskFullError` or `StartError`.
    """
    if _check_cluster(folders.cluster, binaries):
        return
    partial = folders.home / "cluster.partial"
    try:
        if partial.exists():
            shutil.rmtree(partial)
        if folders.cluster.exists():
            folders.cluster.rmdir()
        if shutil.disk_usage(folders.home).free < NEW_CLUSTER_BYTES:
            raise disk_full(folders.home)
        _make_private(partial, user)
        _run_initdb(partial, binaries, user, life, durable=durable)
        partial.rename(folders.cluster)
        if durable:
            sync_folder(folders.home)
    except OSError as error:
        if is_disk_full(str(error)):
            raise disk_full(folders.home) from error
        raise DataFolderError(f"The database cannot be created in {folders.home} ({error}).") from error


def write_settings(folders: Folders, sockets: Path, *, durable: bool) -> None:
    """Write the settings and access files that the server reads; they belong to us, not to its user."""
    text = settings_text(sockets=sockets, logs=folders.logs, folder=folders.home, durable=durable)
    files = {folders.settings_file: text, folders.home / "pg_hba.conf": HOST_BASED_ACCESS}
    files[folders.home / "pg_ident.conf"] = ""
    local = folders.home / LOCAL_SETTINGS
    if not local.exists():
        files[local] = "# Settings of your own; they win over those of postgresql.conf.\n"
    try:
        for path, content in files.items():
            path.write_text(content)
            path.chmod(0o644)
    except OSError as error:
        if is_disk_full(str(error)):
            raise disk_full(folders.home) from error
        raise DataFolderError(f"{folders.home} cannot be written ({error.strerror}).") from error


def explain_failure(folders: Folders, pid: int, since: float) -> PostgresError:
    """Return the error for the server ``pid`` that ended while starting, from its output since then (Unix seconds)."""
    output = log_text(folders, since)
    # On a full disk the server may not even have been able to write the reason.
    if is_disk_full(output) or shutil.disk_usage(folders.home).free < MIB:
        return disk_full(folders.home)
    ours = [line for line in output.splitlines() if f"[{pid}]" in line or "] startup " in line]
    fatal = [line for line in ours if "FATAL:" in line or "PANIC:" in line]
    reason = fatal[-1].split(":  ", 1)[-1].strip() if fatal else "it gave no reason"
    return StartError(f"PostgreSQL ended while it started: {reason}. Its log is in {folders.logs}.")


def log_text(folders: Folders, since: float = 0) -> str:
    """Return the end of the log files changed after ``since`` (Unix seconds), oldest first."""
    try:
        files = [(path.lstat().st_mtime, path) for path in folders.logs.iterdir()]
    except OSError:
        return ""
    return "".join(read_text(path, 64 * 1024) for changed, path in sorted(files) if changed >= since)


def _check_cluster(cluster: Path, binaries: Binaries) -> bool:
    """Return whether a usable cluster exists; False for no folder or an empty one.

    Raises `DataFolderError` or `ClusterVersionError` for one that cannot be used.
    """
    try:
        if not cluster.exists() or not any(cluster.iterdir()):
            return False
    except OSError as error:
        raise DataFolderError(
            f"{cluster} cannot be read ({error.strerror}); start Sendmill as the user that owns it."
        ) from error
    version = read_text(cluster / "PG_VERSION").strip()
    if not version:
        raise DataFolderError(f"{cluster} holds files but no database; move them away and start again.")
    if version != str(binaries.major):
        raise ClusterVersionError(
            f"The database in {cluster} is of PostgreSQL {version}, the installed programs are "
            f"{binaries.version}; install the Sendmill release that came with {version}, dump the database "
            "with pg_dump, move the folder away, then restore the dump with this release."
        )
    return True


def _run_initdb(partial: Path, binaries: Binaries, user: ServerUser, life: Lock, *, durable: bool) -> None:
    # The built-in C.UTF-8 sorts by code point and knows Unicode's letters on every machine; unlike the C
    # library's locales it does not change, which would break indexes.
    command: list[str | Path] = [binaries.program("initdb"), "-D", partial, "--username", SUPERUSER]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth=trust", "--no-instructions", "--data-checksums"]
    if not durable:
        command.append("--no-sync")
    try:
        answer = user.run(command, timeout=300, keep=[life.descriptor])
    except subprocess.TimeoutExpired as error:
        raise StartError(f"Creating {partial} took over five minutes; is the disk working?") from error
    if answer.returncode:
        output = answer.stderr + answer.stdout
        if is_disk_full(output):
            raise disk_full(partial.parent)
        words = [line for line in output.splitlines() if "error:" in line or "FATAL:" in line]
        reason = (words or output.splitlines() or ["initdb gave no reason"])[-1].strip()
        raise StartError(f"The database could not be created: {reason}")


def _make_private(folder: Path, user: ServerUser) -> None:
    """Create a folder of mode 700 for the server's user; one that exists and is not ours stays as it is."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        status = folder.lstat()
        # Still root's own: an earlier attempt was interrupted before it changed the owner.
        if not (user.switch and stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()):
            return
    folder.chmod(0o700)
    own(folder, user)


def _is_private(folder: Path, user: ServerUser) -> bool:
    """Return whether it is a folder that only the server's user can enter."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == user.uid and not status.st_mode & 0o077
