"""`sendmill demo`: once in a temporary place, or staying up and keeping its data."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.acceptance.cli.running import Demo, free_port


def test_once_sends_the_sample_and_leaves_nothing_behind(demo: Demo) -> None:
    before = set(Path(tempfile.gettempdir()).glob("sendmill-demo-*"))
    done = subprocess.run(
        [sys.executable, "-m", "sendmill", "demo", "--once"],
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout.splitlines()[-1])
    keys = (
        "accepted invalid duplicate unfit parts successful failed sending uncertain waiting not_sent seconds"
    )
    assert list(outcome) == keys.split()
    assert outcome["accepted"] > 0
    assert outcome["successful"] + outcome["failed"] == outcome["accepted"]
    assert outcome["sending"] == outcome["uncertain"] == 0
    assert set(Path(tempfile.gettempdir()).glob("sendmill-demo-*")) <= before


def test_stops_cleanly_and_keeps_its_data() -> None:
    folder = Path(tempfile.mkdtemp(prefix="sendmill-commands-"))
    folder.chmod(0o711)
    try:
        running = Demo(folder, free_port())
        running.start()
        password = json.loads((folder / "demo.json").read_text())
        first = running.stop()
        assert f"http://127.0.0.1:{running.port}/" in first
        assert running.process is not None
        assert running.process.returncode == 0, first
        running.start()
        assert json.loads((folder / "demo.json").read_text()) == password
        running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
