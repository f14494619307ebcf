"""The real processes of a test: ours, and a simulated carrier. Ended by their pid, never by name."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE = 30.0


def environment(dsn: str, data_dir: Path) -> dict[str, str]:
    """The environment of a process of ours."""
    return os.environ | {
        "DATABASE_URL": dsn,
        "SENDMILL_DATA_DIR": str(data_dir),
        "SENDMILL_STATE_DIR": os.environ.get("SENDMILL_STATE_DIR", str(data_dir.parent / "state")),
        "SENDMILL_LOG_FORMAT": "json",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def signal_each(pids: Iterable[int], number: signal.Signals) -> None:
    """Signal processes, but for those that have ended meanwhile, as a server's for a connection do at any time."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class SimulatorProcess:
    """A carrier with a journal, told what to do over its standard input. It outlives every kill here."""

    def __init__(
        self,
        journal: Path,
        *,
        seed: int = 0,
        faults: Mapping[str, Any] | None = None,
        first_id: int | None = None,
    ) -> None:
        self.journal = journal
        journal.touch(mode=0o600)
        arguments = ["--log", str(journal), "--seed", str(seed), "--faults", json.dumps(faults or {})]
        arguments += [] if first_id is None else ["--first-id", str(first_id)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sendmill.simulator", "--port", "0", "--control", *arguments],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._answer()["port"])

    def tell(self, **command: Any) -> dict[str, Any]:
        """Send one command and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert answer["ok"], answer
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the simulator ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End it; its standard input ends, and so does it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Program:
    """One of our processes, logging into a file that several lives share."""

    def __init__(self, dsn: str, data_dir: Path, log: Path, *command: str, **settings: str) -> None:
        self._environment = environment(dsn, data_dir) | settings
        self._log, self._command = log, command
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    @property
    def name(self) -> str:
        """The command that it runs."""
        return self._command[0]

    @property
    def pid(self) -> int:
        """Its process id; 0 when it was killed."""
        return 0 if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_status(self) -> int | None:
        """How the last life ended by itself; None while it runs or when it was killed."""
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.running:
            return
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sendmill", *self._command],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """kill -9."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self.kills += 1
            self._process.kill()
        self._process.wait(PATIENCE)
        self._process = None

    def freeze(self, frozen: bool) -> None:
        """Stop it where it is, or let it go on, as a machine does that is short of everything."""
        if self._process is not None and self.running:
            self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def stop(self) -> int:
        """Ask it to end, as an operator does, and return its exit status."""
        assert self._process is not None
        self._process.terminate()
        status = self._process.wait(60)
        self._process = None
        return status

    def events(self) -> list[dict[str, Any]]:
        """What all its lives logged."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]


class SenderProcess(Program):
    """`sendmill sender`."""

    def __init__(self, dsn: str, data_dir: Path, log: Path, **settings: str) -> None:
        super().__init__(dsn, data_dir, log, "sender", **settings)


class WorkerProcess(Program):
    """`sendmill worker`."""

    def __init__(self, dsn: str, data_dir: Path, log: Path, **settings: str) -> None:
        super().__init__(dsn, data_dir, log, "worker", **settings)


class WebProcess(Program):
    """`sendmill web`, on the same port in every life."""

    def __init__(self, dsn: str, data_dir: Path, log: Path, **settings: str) -> None:
        self.port = free_port()
        super().__init__(dsn, data_dir, log, "web", "--port", str(self.port), "--threads", "2", **settings)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
