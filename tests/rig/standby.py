"""A primary and its streaming standby, made of the embedded programs: to lose a machine and go on with the other.

The embedded server listens on a socket and lets nobody replicate; the rig adds what an operator would: a line for
replication, and a copy by pg_basebackup.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from sendmill.postgres.embedded.binaries import find_binaries
from sendmill.postgres.embedded.configuration import PORT
from sendmill.postgres.embedded.folders import SUPERUSER, Folders, prepare, prepare_sockets, write_settings
from sendmill.postgres.embedded.postmaster import Lock, is_alive, launch, read_pid_file
from sendmill.postgres.embedded.server import Embedded
from sendmill.postgres.embedded.server_user import choose_user

PATIENCE = 60.0
ACCESS = "local all all trust\nlocal replication all trust\n"


class Pair:
    """Two servers below `folder`; the first is the primary until `promote`."""

    def __init__(self, folder: Path) -> None:
        self.primary = Embedded(folder / "one", durable=False, dies_with_parent=True)
        self._folder = folder
        self._folders = Folders.below(folder / "two")
        self._standby_pid = 0

    def start(self, *, synchronous: bool) -> None:
        """Start the primary, copy it, and start the copy as its standby."""
        self.primary.start()
        first = Folders.below(self._folder / "one")
        access = first.home / "replication_hba.conf"
        access.write_text(ACCESS)
        access.chmod(0o644)
        self.administer(f"ALTER SYSTEM SET hba_file = '{access}'")
        self.primary.stop()
        self.primary.start()
        self._copy(first)
        self._launch()
        if synchronous:
            self.administer("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        self.until("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", 1, self._superuser())

    @property
    def dsn(self) -> str:
        """The address of both, as an operator writes it."""
        hosts = ",".join(quote(str(host), safe="") for host in (self._sockets_of_primary, self._sockets))
        return f"postgresql://sendmill@/sendmill?host={hosts}&port={PORT},{PORT}"

    def administer(self, *statements: str) -> None:
        """Statements of a superuser on the primary."""
        with psycopg.connect(self._superuser(), autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement)

    def freeze_receiver(self) -> None:
        """Let the standby fall behind: what receives the log stands still."""
        with psycopg.connect(self._superuser(standby=True), autocommit=True) as conn:
            row = conn.execute("SELECT pid FROM pg_stat_wal_receiver").fetchone()
        assert row is not None
        self._receiver = int(row[0])
        os.kill(self._receiver, signal.SIGSTOP)

    def kill_primary(self) -> None:
        """kill -9 of the primary's main process, for good: its machine is gone."""
        pid = self.primary.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        while self.primary.status().running:
            assert time.monotonic() < deadline, "the primary lives"
            time.sleep(0.02)
        (self._sockets_of_primary / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
        if hasattr(self, "_receiver"):
            os.kill(self._receiver, signal.SIGCONT)

    def promote(self) -> None:
        """Make the standby the primary; nobody stands behind it, so its commits must wait for nobody."""
        with psycopg.connect(self._superuser(standby=True), autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
            conn.execute("SELECT pg_reload_conf()")
            conn.execute("SELECT pg_promote(true, 60)")

    def until(self, query: str, wanted: Any, dsn: str) -> None:
        """Wait until a query answers so."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with psycopg.connect(dsn, autocommit=True) as conn:
                row = conn.execute(query).fetchone()
            if row is not None and row[0] == wanted:
                return
            assert time.monotonic() < deadline, f"{query}: {row}"
            time.sleep(0.05)

    def stop(self) -> None:
        """End both."""
        if self._standby_pid and is_alive(self._standby_pid, self._folders.cluster):
            os.kill(self._standby_pid, signal.SIGQUIT)
            deadline = time.monotonic() + PATIENCE
            while is_alive(self._standby_pid, self._folders.cluster) and time.monotonic() < deadline:
                time.sleep(0.02)
        self.primary.stop()

    @property
    def _sockets_of_primary(self) -> Path:
        found = read_pid_file(Folders.below(self._folder / "one").cluster)
        return (
            found.sockets
            if found is not None and found.sockets
            else Folders.below(self._folder / "one").sockets()
        )

    def _superuser(self, *, standby: bool = False) -> str:
        host = self._sockets if standby else self._sockets_of_primary
        return make_conninfo(host=str(host), port=PORT, dbname="postgres", user=SUPERUSER)

    def _copy(self, first: Folders) -> None:
        user = choose_user(first.cluster)
        prepare(self._folders, user)
        binaries = find_binaries(user, first.home / "programs")
        # pg_basebackup makes the folder, in one that the server's user may write.
        landing = self._folders.logs / "copy"
        subprocess.run(
            [
                binaries.program("pg_basebackup"), "-D", landing, "-R", "-X", "stream", "-c", "fast",
                "-h", self._sockets_of_primary, "-p", str(PORT), "-U", SUPERUSER,
            ],
            check=True, cwd="/", capture_output=True, **user.process_options(),
        )  # fmt: skip
        shutil.move(landing, self._folders.cluster)
        (self._folders.home / "replication_hba.conf").write_text(ACCESS)
        for name in ("pg_hba.conf", "pg_ident.conf"):
            shutil.copy(first.home / name, self._folders.home / name)
        self._user, self._binaries = user, binaries

    def _launch(self) -> None:
        self._sockets = prepare_sockets(self._folders, self._user)
        write_settings(self._folders, self._sockets, durable=False)
        life = Lock(self._folders.lock("life"))
        assert life.acquire()
        self._standby_pid = launch(
            self._binaries, self._folders.cluster, self._folders.settings_file, self._folders.start_log, life,
            self._user,
        )  # fmt: skip
        life.release()
        deadline = time.monotonic() + PATIENCE
        while True:
            found = read_pid_file(self._folders.cluster)
            if found is not None and found.pid == self._standby_pid and found.status == "ready":
                return
            assert time.monotonic() < deadline, self._folders.start_log.read_text()
            time.sleep(0.05)
