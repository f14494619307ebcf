"""A small HTTP endpoint with health and metrics, for processes that run an event loop.

`/health/live` and `/health/ready` answer 200 or 503 with JSON, `/metrics` the Prometheus text format, and `/targets`
the endpoints of this machine as Prometheus finds them (HTTP service discovery). It listens on 127.0.0.1 unless told
otherwise, reads nothing but the request line, and serves one request a connection.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

# A check returns None when all is well, else a sentence that says what is wrong.
Check = Callable[[], str | None]
Targets = Callable[[], list[dict[str, object]]]

JSON, TEXT = "application/json", "text/plain; charset=utf-8"
REQUEST_SECONDS = 5.0
REQUEST_BYTES = 8192
CONNECTIONS = 32

REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    503: "Service Unavailable",
}


class HealthEndpoint:
    """The endpoint of one process; also an async context manager. ``port`` 0 takes a free one.

    A process that is not *live* should be started again. One that is not *ready* waits for something, mostly the
    database, and a restart would not help. Checks of ``ready`` may block: they run in a thread.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        ready: Mapping[str, Check],
        *,
        live: Mapping[str, Check] | None = None,
        targets: Targets | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.host = host
        self.port = port
        self._registry = registry
        self._ready = ready
        self._live = live or {}
        self._targets = targets
        self._server: asyncio.Server | None = None
        self._open = 0

    async def start(self) -> None:
        """Listen. Raises `OSError` when the port is taken."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port, limit=REQUEST_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening. Responses in progress go on until their own time limit."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= CONNECTIONS:
                async with asyncio.timeout(REQUEST_SECONDS):
                    writer.write(await self._answer(reader))
                    await writer.drain()
        except (OSError, TimeoutError):
            return
        finally:
            self._open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n", 1)[0]
            method, target, version = head.decode("ascii").split(" ")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            return response(400, TEXT, b"This is not an HTTP request.\n")
        if not version.startswith("HTTP/1."):
            return response(400, TEXT, b"This is not an HTTP request.\n")
        if method not in ("GET", "HEAD"):
            return response(405, TEXT, b"Only GET and HEAD are answered here.\n")
        status, kind, body = await self._page(target.split("?", 1)[0])
        return response(status, kind, body, body_wanted=method == "GET")

    async def _page(self, path: str) -> tuple[int, str, bytes]:
        """Return status, content type and body."""
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest(self._registry)
        if path == "/health/live":
            status, body = health(self._live)
            return status, JSON, body
        if path == "/health/ready":
            status, body = await asyncio.to_thread(health, self._ready)
            return status, JSON, body
        if path == "/targets" and self._targets is not None:
            return 200, JSON, json.dumps(await asyncio.to_thread(self._targets)).encode() + b"\n"
        return 404, TEXT, b"Here are /health/live, /health/ready, /metrics and /targets.\n"


def health(checks: Mapping[str, Check]) -> tuple[int, bytes]:
    """Return the HTTP status and JSON of all checks; one that raises counts as unwell, with the error's type."""
    found: dict[str, str] = {}
    for name, check in checks.items():
        try:
            found[name] = check() or "ok"
        except Exception as error:
            found[name] = f"The check failed: {type(error).__name__}."
    well = all(sentence == "ok" for sentence in found.values())
    body = json.dumps({"status": "ok" if well else "unwell", "checks": found}) + "\n"
    return (200 if well else 503), body.encode()


def response(status: int, content_type: str, body: bytes, *, body_wanted: bool = True) -> bytes:
    """Return an HTTP/1.1 response that closes its connection, as bytes."""
    head = (
        f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (body if body_wanted else b"")
