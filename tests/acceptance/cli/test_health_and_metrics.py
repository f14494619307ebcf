"""Health and metrics of the real processes, as `sendmill demo` starts them."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.acceptance.cli.running import Demo

from sendmill.runtime.process_endpoints import Noted, noted_in

PATIENCE = 60.0
PROCESSES = {"simulator", "worker", "sender", "web", "up"}
NUMBER = re.compile(r"(?<![\d.e+-])\+?\d{11,15}(?![\d.])")


def endpoints(folder: Path) -> dict[str, Noted]:
    """Every endpoint, as soon as all have noted theirs."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = {one.process: one for one in noted_in(folder)}
        if set(found) == PROCESSES:
            return found
        time.sleep(0.2)
    raise AssertionError(f"only {sorted(found)}")


def read(one: Noted, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(one.address + path, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def samples(text: str) -> dict[str, float]:
    """Values by name and labels, as the text has them."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def until_metric(one: Noted, name: str, least: float = 1.0) -> dict[str, float]:
    """The metrics of a process, once the sum over the series of one of them is large enough."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = samples(read(one, "metrics")[1])
        if sum(value for key, value in found.items() if key.partition("{")[0] == name) >= least:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{name} stays below {least}: {[key for key in found if key.startswith(name)]}")


def total(found: dict[str, float], name: str) -> float:
    return sum(value for key, value in found.items() if key.partition("{")[0] == name)


@pytest.fixture(scope="module")
def sent(demo: Demo) -> int:
    """A task of 40 numbers, two of which fail; its id."""
    path = demo.folder / "Watched40.csv"
    numbers = [f"+65{80_010_100 + at}" for at in range(38)] + ["+6580020001", "+6580020003"]
    path.write_text("Number\n" + "\n".join(numbers) + "\n")
    answer = demo.json(
        "send",
        str(path),
        "--account",
        "Demo",
        "--application",
        "International Demo",
        "--template",
        "Maintenance",
        "--wait",
    )
    return int(answer["task"])


def test_every_process_is_alive_and_ready(demo: Demo, sent: int) -> None:
    for name, one in endpoints(demo.folder).items():
        for kind in ("live", "ready"):
            status, text = read(one, f"health/{kind}")
            assert (name, status, json.loads(text)["status"]) == (name, 200, "ok")


def test_the_sender_tells_what_it_did(demo: Demo, sent: int) -> None:
    found = until_metric(endpoints(demo.folder)["sender"], "sendmill_reports_matched_total", 40)
    assert total(found, "sendmill_bind_up") == total(found, "sendmill_sender_looked_seconds") ** 0 == 1
    assert total(found, "sendmill_messages_accepted_total") >= 40
    assert total(found, "sendmill_batch_answered_seconds_count") >= 1
    assert total(found, "sendmill_batch_recorded_seconds_count") >= 1
    assert total(found, "sendmill_reports_waiting") == total(found, "sendmill_report_lag_seconds") == 0


def test_the_worker_tells_of_jobs_and_of_the_database(demo: Demo, sent: int) -> None:
    worker = endpoints(demo.folder)["worker"]
    # Looked at every 15 seconds: a partition of messages comes with the first import, after five of submissions.
    found = until_metric(worker, "sendmill_database_partitions", 6)
    assert found['sendmill_jobs_ended_total{job="import_task",outcome="succeeded"}'] >= 1
    assert found['sendmill_job_seconds_count{job="check_draft"}'] >= 1
    assert found['sendmill_database_partitions{table="message"}'] >= 1
    assert total(found, "sendmill_database_connections") >= 3
    assert total(found, "sendmill_database_connections") < total(found, "sendmill_database_connections_most")
    assert total(found, "sendmill_submission_days_ahead") >= 2
    assert total(found, "sendmill_senders") == 1
    assert total(found, "sendmill_clock_ticked_seconds") < 30


def test_the_console_counts_by_route(demo: Demo, sent: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/sign-in/", timeout=10) as answer:
        assert answer.status == 200
    found = until_metric(endpoints(demo.folder)["web"], "sendmill_requests_total")
    assert found['sendmill_requests_total{method="GET",route="console:sign-in",status="200"}'] >= 1
    assert found['sendmill_request_seconds_count{route="console:sign-in"}'] >= 1


def test_one_address_leads_to_all_the_others(demo: Demo, sent: int) -> None:
    found = endpoints(demo.folder)
    status, text = read(found["up"], "targets")
    assert status == 200
    listed = {one["labels"]["process"]: one["targets"] for one in json.loads(text)}
    assert listed == {name: [f"{one.host}:{one.port}"] for name, one in found.items()}
    running = samples(read(found["up"], "metrics")[1])
    assert {running[f'sendmill_process_up{{process="{name}"}}'] for name in PROCESSES - {"up"}} == {1.0}
    finding = demo.json("doctor")["metrics"]
    assert finding["fine"]
    assert all(f"{name} {one.address}metrics" in finding["sentence"] for name, one in found.items())


def test_no_metric_tells_a_phone_number(demo: Demo, sent: int) -> None:
    for one in endpoints(demo.folder).values():
        named = re.sub(r" [0-9.e+-]+$", "", read(one, "metrics")[1], flags=re.MULTILINE)
        assert NUMBER.findall(named) == []
