"""`console`: how long the pages take, of a task that was sent, while another one is being sent."""

from __future__ import annotations

import http.client
import time
from collections import defaultdict
from typing import Any

from benchmarks.machine import machine
from benchmarks.mill import checked_draft, share, start_mill, wait_until

LEAST, MOST = 5.0, 120.0  # seconds of looking around
ROUNDS = 5  # of looking around while nothing is sent
BUDGET_MS = 100


def measure_console(rows: int, variables: int) -> dict[str, Any]:
    """Ask for the important pages in turn, one after the other, for as long as the second task is sent."""
    with machine() as running:
        from sendmill.tasks.drafts import confirm

        ports = start_mill(running, "worker", "sender", "web")
        sent = checked_draft(running, rows, variables)
        first = confirm(sent, sent.created_by)
        wait_until(first, "completed")
        other = checked_draft(running, rows, variables)
        second = confirm(other, other.created_by)
        paths = pages(first.pk, second.pk, rows)
        cookie = sign_in()
        took: dict[str, list[float]] = defaultdict(list)
        for path in paths.values():
            ask(ports["web"], path, cookie)  # the first time compiles templates
        began, busy = time.monotonic(), running.cpu_seconds()["web"]
        while True:
            for name, path in paths.items():
                took[name].append(ask(ports["web"], path, cookie))
            second.refresh_from_db()
            seconds = time.monotonic() - began
            if seconds > MOST or (seconds > LEAST and second.status != "executing"):
                break
        busy = running.cpu_seconds()["web"] - busy
        alone = look_alone(ports["web"], paths, cookie) if second.status == "completed" else []
        everything = [value for values in took.values() for value in values]
        return {
            "what": "console",
            "rows": rows,
            "seconds": round(seconds, 1),
            "pages": len(everything),
            "sent_meanwhile": second.status == "completed",
            "p50_ms": share(everything, 0.5),
            "p95_ms": share(everything, 0.95),
            "worst_page_p95_ms": max(share(values, 0.95) for values in took.values()),
            "alone_p50_ms": share(alone, 0.5),
            "alone_p95_ms": share(alone, 0.95),
            "web_cpu_ms_per_page": round(1000 * busy / len(everything), 1),
            "budget_ms": BUDGET_MS,
            "by_page": {name: [share(values, 0.5), share(values, 0.95)] for name, values in took.items()},
        }


def look_alone(port: int, paths: dict[str, str], cookie: str) -> list[float]:
    """The same pages while nothing is sent: what the machine can do."""
    time.sleep(2)
    return [ask(port, path, cookie) for _ in range(ROUNDS) for path in paths.values()]


def pages(sent: int, sending: int, rows: int) -> dict[str, str]:
    """The pages that people look at, by what they are."""
    number = 6_580_000_000 + rows // 2  # as `material.make_file` numbers them
    task = f"/tasks/{sent}/"
    return {
        "list": "/tasks/",
        "list_by_name": "/tasks/?q=bench&status=completed",
        "list_live": f"/tasks/live/?shown={sent}:completed,{sending}:executing",
        "details": task,
        "details_sending": f"/tasks/{sending}/",
        "details_live": f"/tasks/{sending}/live/?state=executing",
        "failed": f"{task}?result=failed",
        "failed_later": f"{task}?result=failed&after=%3E{rows // 2}",
        "successful_later": f"{task}?result=successful&after=%3E{rows - rows // 4}",
        "whole_number": f"{task}?number=%2B{number}",
        "first_digits": f"{task}?number=%2B{str(number)[:8]}",
        "last_digits": f"{task}?number={str(number)[-4:]}",
        "no_such_digits": f"{task}?number=99999999",
        "timeline": f"{task}messages/{rows // 2}/",
    }


def sign_in() -> str:
    """The cookie of a session of the demo's administrator."""
    from django.test import Client

    from sendmill.accounts.models import Member

    client = Client()
    client.force_login(
        Member.objects.get(username="demo"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return f"sessionid={client.cookies['sessionid'].value}"


def ask(port: int, path: str, cookie: str) -> float:
    """Seconds until a page was there as a whole."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return seconds
