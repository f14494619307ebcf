"""A whole Sendmill in a temporary folder, and what it costs: processor time and memory of its processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Running:
    """Our processes by name, and the folder they live in."""

    folder: Path
    dsn: str
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> None:
        """Start one of our commands; its output goes to a log file in the folder."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "sendmill", name, *arguments], stdout=log, stderr=subprocess.STDOUT
            )

    def wait_for_port(self, port: int, patience: float = 60.0) -> None:
        """Until something listens there."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"nothing listens on port {port}; look into {self.folder}")

    def stop(self) -> None:
        """End everything that was started."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time used so far, by process, children included."""
        return {name: cpu_of(process.pid) for name, process in self.processes.items()}

    def memory_mb(self, *names: str) -> float:
        """Resident memory of these processes and their children together, shared pages counted once each."""
        return sum(memory_of(self.processes[name].pid) for name in names if name in self.processes)


def tree_of(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue
        found.extend(map(int, children))
    return found


def cpu_of(pid: int) -> float:
    """Processor seconds of a process, its living children and those it has waited for."""
    total = 0.0
    for one in tree_of(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / TICKS
    return total


def memory_of(pid: int) -> float:
    """Proportional set size of a process and its children, in MB."""
    total = 0
    for one in tree_of(pid):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return total / 1024


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def machine() -> Iterator[Running]:
    """A database with tables and the demo account, in a temporary folder; nothing is left behind."""
    from sendmill.postgres.embedded.server import Embedded

    folder = Path(tempfile.mkdtemp(prefix="sendmill-bench-"))
    folder.chmod(0o711)  # as root the database runs as a system user, who must be able to pass
    os.environ["SENDMILL_DATA_DIR"] = str(folder)
    os.environ["SENDMILL_STATE_DIR"] = str(folder / "state")
    os.environ["SENDMILL_MAX_FILE_MB"] = "1000"
    os.environ["SENDMILL_MAX_NUMBERS"] = "20000000"
    os.environ["SENDMILL_LOG_LEVEL"] = "warning"
    embedded = Embedded(folder)
    os.environ["DATABASE_URL"] = embedded.start()
    running = Running(folder, os.environ["DATABASE_URL"])
    try:
        from sendmill.cli.startup import apply_migrations, prepare

        prepare("bench")
        apply_migrations()
        yield running
    finally:
        running.stop()
        embedded.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Watch:
    """Wall and processor time of a block, by process; peak memory is sampled by `look`."""

    running: Running
    began: float = field(default_factory=time.monotonic)
    cpu_began: dict[str, float] = field(default_factory=dict)
    own_began: float = field(default_factory=time.process_time)
    peak_mb: float = 0.0

    def __post_init__(self) -> None:
        self.cpu_began = self.running.cpu_seconds()

    def look(self, *names: str) -> None:
        """Note the memory of these processes."""
        self.peak_mb = max(self.peak_mb, self.running.memory_mb(*names))

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self.began

    def cpu(self) -> dict[str, float]:
        """Processor seconds since the beginning, by process."""
        now = self.running.cpu_seconds()
        used = {name: round(now[name] - self.cpu_began.get(name, 0.0), 2) for name in now}
        return used | {"benchmark": round(time.process_time() - self.own_began, 2)}
