"""What keeps `sendmill demo --once` from ending."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import asyncio, threading
from sendmill.cli.commands.demo import in_daemon_thread

async def main():
    working = in_daemon_thread(threading.Event().wait)
    done = in_daemon_thread(lambda: 7)
    print(await done, working.done())

asyncio.run(main())
"""


def test_an_interrupted_sample_does_not_keep_the_process_alive() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.stdout == "7 False\n", done.stderr
