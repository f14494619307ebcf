"""The endpoint of a process, and the notes by which others find it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from sendmill.runtime.process_endpoints import Watchpoint, noted_in


class One(Collector):
    """A metric of this test."""

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("sendmill_of_this_test", "A gauge", value=7.0)


async def read(address: str) -> tuple[int, str]:
    def ask() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return await asyncio.to_thread(ask)


async def test_a_process_is_found_while_it_serves(tmp_path: Path) -> None:
    point = Watchpoint("sender", "127.0.0.1", 0, tmp_path)
    async with point.serve({"database": lambda: "It is away."}, collector=One()):
        [noted] = noted_in(tmp_path)
        assert noted.process == "sender"
        status, text = await read(f"{noted.address}metrics")
        assert status == 200
        assert "sendmill_of_this_test 7.0" in text
        assert "process_cpu_seconds_total" in text
        assert (await read(f"{noted.address}health/live"))[0] == 200
        status, text = await read(f"{noted.address}health/ready")
        assert (status, json.loads(text)["checks"]) == (503, {"database": "It is away."})
        _, text = await read(f"{noted.address}targets")
        labels = {"job": "sendmill", "process": "sender"}
        assert json.loads(text) == [{"targets": [f"127.0.0.1:{noted.port}"], "labels": labels}]
    assert noted_in(tmp_path) == []
    async with point.serve({}, collector=One()):
        assert len(noted_in(tmp_path)) == 1


async def test_a_taken_port_keeps_no_process_from_its_work(tmp_path: Path) -> None:
    async with Watchpoint("web", "127.0.0.1", 0, tmp_path).serve({}):
        [noted] = noted_in(tmp_path)
        async with Watchpoint("sender", "127.0.0.1", noted.port, tmp_path).serve({}, collector=One()):
            assert [one.process for one in noted_in(tmp_path)] == ["web"]


async def test_a_folder_that_cannot_be_written_keeps_nothing_from_being_served(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("no folder")
    async with Watchpoint("sender", "127.0.0.1", 0, tmp_path).serve({}):
        assert noted_in(tmp_path) == []


def test_notes_of_the_dead_are_removed_and_broken_ones_are_passed_over(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    folder = tmp_path / "run"
    folder.mkdir()
    note = {"process": "sender", "pid": dead.pid, "host": "127.0.0.1", "port": 1}
    (folder / "sender-1.json").write_text(json.dumps(note))
    (folder / "web-2.json").write_text("{")
    (folder / "web-3.json").write_text("{}")
    assert noted_in(tmp_path) == []
    assert sorted(path.name for path in folder.iterdir()) == ["web-2.json", "web-3.json"]


def test_an_address_of_version_6_is_bracketed(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    note = {"process": "web", "pid": os.getpid(), "host": "::1", "port": 9}
    (tmp_path / "run" / "web-1.json").write_text(json.dumps(note))
    assert [one.address for one in noted_in(tmp_path)] == ["http://[::1]:9/"]
