"""The keeper of the embedded server: real servers, killed, stopped and kept from starting."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.rig.processes import signal_each

from sendmill.postgres.embedded import server
from sendmill.postgres.embedded.folders import Folders
from sendmill.postgres.embedded.keeper import Keeper
from sendmill.postgres.embedded.postmaster import processes_of
from sendmill.postgres.embedded.server import DiskFullError, Embedded, StartInterruptedError


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty data folder that the server's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="sm-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class Kept:
    """A server that is kept, and what its keeper said."""

    def __init__(self, place: Path) -> None:
        self.server = Embedded(place, durable=False, dies_with_parent=True)
        self.server.start()
        self.said: list[str] = []
        self.keeper = Keeper(self.server, self.said.append, back_off_first=0.05)
        self.keeper.start()

    @property
    def pid(self) -> int:
        return self.server.status().pid or 0

    def kill(self) -> int:
        """kill -9 of the main process; its pid."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        return pid


@pytest.fixture
def kept(place: Path) -> Iterator[Kept]:
    """A kept server with one row in it; nothing of it runs at the end."""
    kept = Kept(place)
    with psycopg.connect(kept.server.dsn, autocommit=True) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 7 AS n")
    yield kept
    kept.keeper.stop()
    assert processes_of(Folders.below(place).cluster) == []


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def answers(dsn: str) -> bool:
    try:
        with psycopg.connect(dsn, connect_timeout=2) as conn:
            return conn.execute("SELECT n FROM kept").fetchone() == (7,)
    except psycopg.OperationalError:
        return False


def test_a_killed_server_comes_back_at_the_same_address_with_its_data(kept: Kept) -> None:
    dsn = kept.server.dsn
    for _ in range(2):
        before = kept.kill()
        until(lambda before=before: kept.pid not in (0, before) and answers(dsn))
        until(lambda: kept.keeper.unwell() is None)
    assert kept.server.dsn == dsn
    assert kept.server.status().owned
    assert kept.keeper.starts == 3
    assert kept.keeper.stuck() is None


def test_an_outage_is_said_once_and_its_end_once(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    start, tries = kept.server.start, []

    def fail_at_first() -> str:
        tries.append(1)
        if len(tries) < 5:
            raise DiskFullError("The disk is full; free some space.")
        return start()

    monkeypatch.setattr(kept.server, "start", fail_at_first)
    kept.kill()
    until(lambda: len(tries) == 4)
    assert "The disk is full; free some space." in (kept.keeper.unwell() or "")
    assert kept.keeper.stuck() is None
    until(lambda: any("is back" in sentence for sentence in kept.said))
    assert [sentence.split(";")[0].split(" after ")[0] for sentence in kept.said] == [
        "PostgreSQL has ended",
        "PostgreSQL cannot be started",
        "PostgreSQL is back",
    ]


def test_an_error_that_nobody_foresaw_does_not_end_the_keeper(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("odd")

    with monkeypatch.context() as patch:
        patch.setattr(kept.server, "start", fail)
        kept.kill()
        until(lambda: "RuntimeError: odd" in (kept.keeper.unwell() or ""))
    until(lambda: answers(kept.server.dsn))


def test_a_server_that_ends_after_each_start_is_one_outage(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, starts = kept.server.start, []

    def start_and_fall() -> str:
        dsn = start()
        starts.append(1)
        if len(starts) < 3:
            kept.kill()
        return dsn

    monkeypatch.setattr(kept.server, "start", start_and_fall)
    kept.kill()
    until(lambda: any("is back" in sentence for sentence in kept.said))
    assert len(kept.said) == 2
    assert len(starts) == 3


def test_a_server_that_hangs_is_unwell_and_ends_all_the_same(kept: Kept) -> None:
    signal_each(processes_of(Folders.below(kept.server.data_dir).cluster), signal.SIGSTOP)
    assert "does not answer" in (kept.keeper.unwell() or "")
    kept.keeper.stop()
    assert not kept.server.status().running
    kept.said.clear()


def test_a_start_under_way_is_interrupted(place: Path, kept: Kept) -> None:
    other = Embedded(place, durable=False)
    other.interrupt()
    with pytest.raises(StartInterruptedError):
        other.start()
    assert answers(kept.server.dsn), "the server of another is left alone"


def test_after_stop_nothing_is_started_again(place: Path) -> None:
    kept = Kept(place)
    kept.keeper.stop()
    assert not kept.server.status().running
    assert kept.said == []


def test_who_presses_ctrl_c_while_it_starts_leaves_no_server(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press(_pid: int) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(server, "has_ended", press)
    with pytest.raises(KeyboardInterrupt):
        Embedded(place, durable=False).start()
    until(lambda: processes_of(Folders.below(place).cluster) == [])


def test_what_is_interrupted_before_the_server_wrote_anything_leaves_none_either(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launched process is still the shell then, which is no server to be signalled."""
    launch = server.launch

    def slowly(binaries: Any, cluster: Path, *rest: Any) -> int:
        wrapped = SlowPrograms(binaries)
        pid: int = launch(wrapped, cluster, *rest)  # type: ignore[arg-type]
        raise_now.append(pid)
        return pid

    class SlowPrograms:
        """The server's program behind a shell that waits before it becomes the server."""

        def __init__(self, binaries: Any) -> None:
            self._path = place / "slowly"
            self._path.write_text(f'#!/bin/sh\nsleep 1\nexec "{binaries.program("postgres")}" "$@"\n')
            self._path.chmod(0o755)

        def program(self, _name: str) -> Path:
            return self._path

    raise_now: list[int] = []

    def press(_cluster: Path) -> Any:
        if raise_now:
            raise_now.clear()
            raise KeyboardInterrupt
        return None

    with Embedded(place, durable=False):
        pass  # the cluster is made
    monkeypatch.setattr(server, "launch", slowly)
    monkeypatch.setattr(server, "read_pid_file", press)
    with pytest.raises(KeyboardInterrupt):
        Embedded(place, durable=False).start()
    time.sleep(1.5)  # by then a server that was left alone has begun
    assert processes_of(Folders.below(place).cluster) == []
