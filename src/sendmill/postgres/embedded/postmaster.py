"""The server's main process: its pid file, whether it is alive, starting it detached, ending it."""

import fcntl
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from sendmill.postgres.embedded.binaries import Binaries
from sendmill.postgres.embedded.server_user import CLEAN_ENVIRONMENT, SHELL, ServerUser
from sendmill.postgres.errors import DataFolderError, StartError

PID_FILE = "postmaster.pid"

# Prints the pid of the server that it starts: detached, so that it outlives us and a Ctrl-C in our terminal
# does not reach it. Paths come as arguments and need no quoting.
DETACH = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'

# Ends when our end of the pipe closes, however we end, and then asks the server for a fast shutdown.
WATCH = 'read -r _; kill -INT "$1" 2>/dev/null'


@dataclass(frozen=True)
class PidFile:
    """The content of postmaster.pid; ``status`` is "starting", "ready", "stopping" or "standby"."""

    pid: int
    sockets: Path | None
    status: str


def read_text(path: Path, last_bytes: int | None = None) -> str:
    """Return the text of a file below a folder that the server's user may write, without following links.

    Empty for an absent file or a link; bytes that are no UTF-8 do not raise.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        try:
            if last_bytes is not None:
                file.seek(max(0, file.seek(0, os.SEEK_END) - last_bytes))
            return file.read(1 << 20).decode(errors="replace")
        except OSError:
            return ""


def read_pid_file(cluster: Path) -> PidFile | None:
    """Read the pid file of a data folder; None when there is none or it is not yet written."""
    lines = read_text(cluster / PID_FILE).splitlines()
    if not lines or not re.fullmatch(r"-?\d{1,10}", lines[0].strip()):
        return None
    sockets = Path(lines[4]) if len(lines) > 4 and lines[4] else None
    status = lines[7].strip() if len(lines) > 7 else "starting"
    return PidFile(abs(int(lines[0])), sockets, status)


def is_alive(pid: int, cluster: Path) -> bool:
    """Return whether the pid is a living server process of this data folder.

    After a restart of the machine the number may belong to any process, and a process that nobody reaped is not alive
    although signals still reach it.
    """
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    if name != "postgres" or words == [b""]:
        return False
    return os.fsencode(cluster) in words or _working_folder(pid) == str(cluster)


def has_ended(pid: int) -> bool:
    """Return whether a process that was just started has ended; it may not have become the server yet."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() == b""
    except OSError:
        return True


def became_server(pid: int, cluster: Path, timeout: float) -> bool:
    """Return whether a process that was just launched is the server, once it is or has ended.

    For a moment it still is the shell that starts the server, and no signal is sent to that.
    """
    deadline = time.monotonic() + timeout
    while not (alive := is_alive(pid, cluster)) and not has_ended(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return alive


def processes_of(cluster: Path) -> list[int]:
    """Return the pids of all living server processes of the data folder that we may see."""
    pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    return [pid for pid in pids if _working_folder(pid) == str(cluster) and is_alive(pid, cluster)]


def _working_folder(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


class Lock:
    """An exclusive lock on a file, held until released, or until every process that inherited it has ended."""

    def __init__(self, path: Path) -> None:
        try:
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DataFolderError(
                f"{path} cannot be opened ({error.strerror}); start Sendmill as the user that owns the "
                "folder, or choose another one with SENDMILL_DATA_DIR."
            ) from error

    def acquire(self, timeout: float = 0) -> bool:
        """Take the lock within ``timeout`` seconds; return False when another holder keeps it."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.02)

    def release(self) -> None:
        """Release the lock here; processes that inherited it keep it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def launch(
    binaries: Binaries, cluster: Path, settings_file: Path, log: Path, life: Lock, user: ServerUser
) -> int:
    """Start the server detached from this process and return its pid; it inherits the ``life`` lock.

    All its processes hold that lock, so it is free exactly when none of them is left, whatever the pid file says.
    Raises `StartError`.
    """
    server = [str(binaries.program("postgres")), "-D", str(cluster), "-c", f"config_file={settings_file}"]
    try:
        answer = subprocess.run(
            [SHELL, "-c", DETACH, "sh", str(log), *server],
            cwd="/",
            env=dict(CLEAN_ENVIRONMENT),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            umask=0o077,
            start_new_session=True,
            pass_fds=(life.descriptor,),
            check=True,
            **user.process_options(),
        )
        return int(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise StartError(f"PostgreSQL could not be started: {error}.") from error


def watch(pid: int, user: ServerUser) -> subprocess.Popen[bytes]:
    """Start a process that ends the server as soon as this process ends, even by kill -9.

    Close its stdin to make it do so.
    """
    return subprocess.Popen(
        [SHELL, "-c", WATCH, "sh", str(pid)],
        cwd="/",
        env=dict(CLEAN_ENVIRONMENT),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **user.process_options(),
    )


def send(pid: int, cluster: Path, number: signal.Signals) -> None:
    """Signal the server's main process, unless it has ended or the pid is another process's by now."""
    if is_alive(pid, cluster):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return


def end_all(cluster: Path) -> None:
    """Kill every process of the data folder's server, as a crash would; its next start recovers."""
    for pid in processes_of(cluster):
        send(pid, cluster, signal.SIGKILL)


def wait_until_gone(pid: int, cluster: Path, life_path: Path, timeout: float) -> bool:
    """Wait ``timeout`` seconds for the server and all its processes to end; return whether they have."""
    deadline = time.monotonic() + timeout
    while is_alive(pid, cluster):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    life = Lock(life_path)
    try:
        return life.acquire(max(0.0, deadline - time.monotonic()))
    finally:
        life.release()
