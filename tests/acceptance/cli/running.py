"""A whole Sendmill, started as a person starts it: `sendmill demo` in a temporary folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 180.0


@dataclass
class Demo:
    """A running demo and the commands one can give it."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SENDMILL_")}
        kept.pop("DATABASE_URL", None)
        return kept | {
            "SENDMILL_DATA_DIR": str(self.folder),
            "SENDMILL_STATE_DIR": str(self.folder / "state"),
        }

    def start(self) -> None:
        """Start, and wait until the console answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sendmill", "demo", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the demo ended: {self.process.communicate()[0]}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the demo's console does not answer")

    def stop(self) -> str:
        """Press Ctrl-C; everything that was printed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            output, _ = self.process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return output

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command beside it."""
        return subprocess.run(
            [sys.executable, "-m", "sendmill", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def json(self, *arguments: str) -> dict[str, Any]:
        """What a command answers with `--json`; it must succeed."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
