"""The health endpoint, spoken to over real sockets."""

import asyncio
import json
import threading

import pytest
from prometheus_client import CollectorRegistry, Counter

from sendmill.runtime import health_endpoint
from sendmill.runtime.health_endpoint import HealthEndpoint


async def ask(endpoint: HealthEndpoint, request: bytes) -> tuple[int, bytes, bytes]:
    reader, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split(b" ")[1]) if head else 0), head, body


async def test_readiness_says_what_is_not_well() -> None:
    found: dict[str, str | None] = {"database": None}

    def broken() -> str | None:
        raise RuntimeError("8613112345678")

    async with HealthEndpoint(CollectorRegistry(), {"database": lambda: found["database"]}) as endpoint:
        status, head, body = await ask(endpoint, b"GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (status, json.loads(body)) == (200, {"status": "ok", "checks": {"database": "ok"}})
        assert f"Content-Length: {len(body)}".encode() in head
        found["database"] = "The database does not answer."
        status, _, body = await ask(endpoint, b"GET /health/ready?x=1 HTTP/1.0\r\n\r\n")
        assert (status, json.loads(body)["checks"]["database"]) == (503, "The database does not answer.")
        # A database that is away is no reason to start this process again.
        assert (await ask(endpoint, b"GET /health/live HTTP/1.1\r\n\r\n"))[0] == 200
    status, body = health_endpoint.health({"carrier": broken})
    assert (status, json.loads(body)["checks"]) == (503, {"carrier": "The check failed: RuntimeError."})


async def test_a_check_that_blocks_keeps_nothing_else_from_being_answered() -> None:
    go_on = threading.Event()
    async with HealthEndpoint(CollectorRegistry(), {"database": lambda: str(go_on.wait(30))}) as endpoint:
        waiting = asyncio.create_task(ask(endpoint, b"GET /health/ready HTTP/1.1\r\n\r\n"))
        assert (await ask(endpoint, b"GET /health/live HTTP/1.1\r\n\r\n"))[0] == 200
        assert not waiting.done()
        go_on.set()
        assert (await waiting)[0] == 503


async def test_liveness_has_checks_of_its_own() -> None:
    live = {"clock": lambda: "The clock stands still."}
    async with HealthEndpoint(CollectorRegistry(), {}, live=live) as endpoint:
        assert (await ask(endpoint, b"GET /health/live HTTP/1.1\r\n\r\n"))[0] == 503
        assert (await ask(endpoint, b"GET /health/ready HTTP/1.1\r\n\r\n"))[0] == 200


async def test_metrics_are_served() -> None:
    registry = CollectorRegistry()
    Counter("sendmill_tested", "A counter", ["carrier"], registry=registry).labels("main").inc(3)
    async with HealthEndpoint(registry, {}) as endpoint:
        status, head, body = await ask(endpoint, b"GET /metrics HTTP/1.1\r\n\r\n")
        assert status == 200
        assert b"text/plain" in head
        assert b'sendmill_tested_total{carrier="main"} 3.0' in body
        status, head, body = await ask(endpoint, b"HEAD /metrics HTTP/1.1\r\n\r\n")
        assert (status, body) == (200, b"")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /targets HTTP/1.1\r\n\r\n", 404),
        (b"POST /metrics HTTP/1.1\r\n\r\n", 405),
        (b"hello\r\n\r\n", 400),
        (b"GET /metrics SIP/2.0\r\n\r\n", 400),
        (b"\xff\xfe\x00 / HTTP/1.1\r\n\r\n", 400),
        (b"x" * (3 * health_endpoint.REQUEST_BYTES), 400),
    ],
)
async def test_other_requests_are_refused(request_: bytes, status: int) -> None:
    async with HealthEndpoint(CollectorRegistry(), {}) as endpoint:
        assert (await ask(endpoint, request_))[0] == status
        assert (await ask(endpoint, b"GET /health/ready HTTP/1.1\r\n\r\n"))[0] == 200


async def test_silent_connections_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_endpoint, "REQUEST_SECONDS", 0.05)
    async with HealthEndpoint(CollectorRegistry(), {}) as endpoint:
        assert await ask(endpoint, b"GET /health/ready") == (0, b"", b"")


async def test_too_many_connections_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_endpoint, "CONNECTIONS", 0)
    async with HealthEndpoint(CollectorRegistry(), {}) as endpoint:
        assert (await ask(endpoint, b""))[0] == 0


async def test_taken_port_is_an_os_error() -> None:
    async with HealthEndpoint(CollectorRegistry(), {}) as endpoint:
        with pytest.raises(OSError, match="address already in use"):
            await HealthEndpoint(CollectorRegistry(), {}, port=endpoint.port).start()
