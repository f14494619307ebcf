"""A store on a server of its own that can be copied, put back, moved and cloned, with a carrier that outlives it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from tests.rig.databases import migrate
from tests.rig.senders import make_sender
from tests.rig.store import Account, add_account, add_carrier, add_task, make_partitions

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.catalog.wanted_binds import Wanted
from sendmill.dispatch.sender import Sender
from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.postgres.embedded.server import Embedded
from sendmill.simulator.journal import read_journal
from sendmill.simulator.server import Smsc

PATIENCE = 40.0
FIRST = 12025550000
SOCKETS = shutil.ignore_patterns(".s.PGSQL*")


@dataclass
class Household:
    """One machine: a data folder, a folder of marks, and the carrier's journal."""

    home: Path
    smsc: Smsc
    journal: Path
    state: tuple[Path, ...] = ()
    machine: str = "machine"
    account: Account | None = None
    carrier: int = 0
    server: Embedded | None = None
    sequence: int = field(default=0)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def around(self) -> Surroundings:
        return Surroundings(self.state or (self.home / "state",), self.data, self.machine)

    @property
    def dsn(self) -> str:
        assert self.server is not None
        return self.server.dsn

    def start(self) -> None:
        """Start the server of this data folder."""
        self.data.mkdir(exist_ok=True, parents=True)
        for parent in (self.home, self.data):
            parent.chmod(0o755)
        self.server = Embedded(self.data, durable=False, dies_with_parent=True)
        self.server.start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def furnish(self) -> None:
        """Tables, an account and a carrier."""
        migrate(self.dsn)
        with self.rows() as rows:
            self.account = add_account(rows, "Older")
            self.carrier = add_carrier(rows, self.account, port=self.smsc.port)

    def rows(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.dsn, autocommit=True)

    def add(self, count: int, **settings: Any) -> int:
        """A task to numbers that no other task has."""
        assert self.account is not None
        numbers = [FIRST + self.sequence + i for i in range(count)]
        self.sequence += count
        with self.rows() as rows:
            return add_task(rows, self.account, self.carrier, numbers, **settings)

    def copy(self, to: Path) -> None:
        """A cold copy of the data folder: the server is stopped for it."""
        self.stop()
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.data, to, symlinks=True, ignore=SOCKETS)
        give_to_server(self.data, to)
        self.start()

    def put_back(self, copy: Path) -> None:
        """Put a copy where the data folder was."""
        self.stop()
        shutil.rmtree(self.data)
        shutil.copytree(copy, self.data, symlinks=True, ignore=SOCKETS)
        give_to_server(copy, self.data)
        self.start()

    def wanted(self) -> Wanted:
        config = CarrierConfig(
            host="127.0.0.1", port=self.smsc.port, system_id="demo", password="demo", enquire_interval=5.0
        )
        return {(self.carrier, 0): config}

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Sender]:
        process = make_sender(self.dsn, self.wanted, self.around)
        running = asyncio.create_task(process.run())
        try:
            yield process
            assert not running.done(), running.exception()
        finally:
            process.stop()
            await running

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while not condition():
            assert loop.time() < deadline, f"{what} did not happen: {self.tell()}"
            await asyncio.sleep(0.05)

    def tell(self) -> list[Any]:
        with self.rows() as rows:
            return [
                rows.execute("SELECT kind, message, parameters, released_at FROM hold").fetchall(),
                rows.execute("SELECT state, sentence FROM bind_state").fetchall(),
                rows.execute("SELECT status, paused FROM task").fetchall(),
            ]

    def held(self) -> str | None:
        """The kind of the open hold."""
        with self.rows() as rows:
            row = rows.execute("SELECT kind FROM hold WHERE released_at IS NULL").fetchone()
        return row[0] if row else None

    def bound(self) -> bool:
        with self.rows() as rows:
            return rows.execute("SELECT FROM bind_state WHERE state = 'bound'").fetchone() is not None

    def count(self, task: int, result: int) -> int:
        with self.rows() as rows:
            row = rows.execute(
                "SELECT count(*) FROM message WHERE task_id = %s AND result = %s", (task, result)
            ).fetchone()
        assert row is not None
        return int(row[0])

    def accepted(self) -> list[str]:
        """The destinations that the carrier took, each as often as it did."""
        return [entry.destination for entry in read_journal(self.journal)]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """One command on this machine, as its operator gives it."""
        return subprocess.run(
            [sys.executable, "-m", "sendmill", *command],
            env=os.environ
            | {
                "DATABASE_URL": self.dsn,
                "SENDMILL_DATA_DIR": str(self.data),
                "SENDMILL_STATE_DIR": str(self.around.folders[0]),
                "SENDMILL_PLACE": self.machine,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )

    def partitions(self, task: int) -> None:
        with self.rows() as rows:
            make_partitions(rows, task)


def give_to_server(like: Path, copy: Path) -> None:
    """Give each file of a copy the owner that its original has, as `cp -a` does."""
    for path in (like, *like.rglob("[!.]*")):
        status = path.lstat()
        os.chown(copy / path.relative_to(like), status.st_uid, status.st_gid, follow_symlinks=False)
