"""A worker process knows every job that others ask it for."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import django

django.setup()
from sendmill.jobs import deferral
from sendmill.worker import job_runner

asked = {one.name for one in vars(deferral).values() if isinstance(one, deferral.Job)}
print(sorted(asked - set(job_runner.app.tasks)), len(asked) > 0)
"""


def test_every_job_that_is_deferred_is_known_to_the_process_that_runs_jobs() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.stdout.strip() == "[] True", done.stderr
