"""One running demo for all tests that only use it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.cli.running import PATIENCE, Demo, free_port


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """One running demo for all tests that only use it."""
    folder = Path(tempfile.mkdtemp(prefix="sendmill-commands-"))
    folder.chmod(0o711)
    running = Demo(folder, free_port())
    try:
        running.start()
        # A worker shows itself a moment after it started.
        deadline = time.monotonic() + PATIENCE
        while running.run("doctor").returncode and time.monotonic() < deadline:
            time.sleep(0.5)
        yield running
    finally:
        if running.process is not None and running.process.poll() is None:
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)
