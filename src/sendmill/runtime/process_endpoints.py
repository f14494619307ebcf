"""The health endpoints of this machine's processes: each serves one, and notes its address in a file.

A note is a small file in the folder `run` of the data folder. `sendmill doctor` shows them, and every endpoint
answers with them at `/targets`, so that Prometheus needs to know one address only.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from prometheus_client import REGISTRY
from prometheus_client.registry import Collector

from sendmill.runtime.health_endpoint import Check, HealthEndpoint

FOLDER = "run"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Noted:
    """The endpoint of a process that runs on this machine."""

    process: str
    pid: int
    host: str
    port: int

    @property
    def address(self) -> str:
        """Its URL, with a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


@dataclass(frozen=True)
class Watchpoint:
    """The address at which a process is to serve its endpoint.

    `port` 0 takes a free one; `folder` is the data folder.
    """

    process: str
    host: str
    port: int
    folder: Path

    @asynccontextmanager
    async def serve(
        self,
        ready: Mapping[str, Check],
        *,
        live: Mapping[str, Check] | None = None,
        collector: Collector | None = None,
    ) -> AsyncIterator[None]:
        """Serve the metrics of this process and its checks while the block runs.

        A port that is taken is only logged: a process works without being watched.
        """
        endpoint = HealthEndpoint(
            REGISTRY, ready, live=live, targets=self._targets, host=self.host, port=self.port
        )
        try:
            await endpoint.start()
        except OSError as error:
            log.error("health and metrics are not served", port=self.port, reason=error.strerror)
            yield
            return
        if collector is not None:
            REGISTRY.register(collector)
        self._note(endpoint.port)
        try:
            yield
        finally:
            with suppress(OSError):
                self._note_path.unlink()
            if collector is not None:
                REGISTRY.unregister(collector)
            await endpoint.stop()

    def serve_in_thread(self, ready: Mapping[str, Check]) -> None:
        """Serve the same in a thread until the process ends, for one without an event loop."""

        async def stay() -> None:
            async with self.serve(ready):
                await asyncio.Event().wait()

        threading.Thread(target=asyncio.run, args=(stay(),), name="watchpoint", daemon=True).start()

    @property
    def _note_path(self) -> Path:
        return self.folder / FOLDER / f"{self.process}-{os.getpid()}.json"

    def _note(self, port: int) -> None:
        noted = {"process": self.process, "pid": os.getpid(), "host": self.host, "port": port}
        try:
            self._note_path.parent.mkdir(parents=True, exist_ok=True)
            self._note_path.write_text(json.dumps(noted))
        except OSError as error:
            log.warning("the address of the metrics is not noted", reason=error.strerror)
        log.info("health and metrics are served", host=self.host, port=port)

    def _targets(self) -> list[dict[str, object]]:
        """Return the endpoints of this machine, in the form of Prometheus' HTTP service discovery."""
        return [
            {
                "targets": [one.address.removeprefix("http://").rstrip("/")],
                "labels": {"job": "sendmill", "process": one.process},
            }
            for one in noted_in(self.folder)
        ]


def noted_in(folder: Path) -> list[Noted]:
    """Return the endpoints noted in a data folder whose processes run; the notes of others are removed."""
    found = []
    for path in sorted((folder / FOLDER).glob("*.json")):
        try:
            noted = Noted(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            continue  # just being written, or removed
        if _runs(noted.pid):
            found.append(noted)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return found


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
