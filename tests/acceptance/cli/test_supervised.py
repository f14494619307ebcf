"""What `sendmill demo` keeps alive, PostgreSQL too, and that only one of it runs on a data folder."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from tests.acceptance.cli.running import Demo, free_port
from tests.rig.processes import signal_each

from sendmill.postgres.embedded.folders import Folders
from sendmill.postgres.embedded.postmaster import Lock, processes_of, read_pid_file
from sendmill.runtime.process_endpoints import noted_in


@pytest.fixture
def own() -> Iterator[Demo]:
    """A running demo of the test's own, which it may harm."""
    folder = Path(tempfile.mkdtemp(prefix="sendmill-kept-"))
    folder.chmod(0o711)
    running = Demo(folder, free_port())
    try:
        running.start()
        until(lambda: status(running, "up", "health/ready") == 200, "every process runs")
        yield running
    finally:
        if running.process is not None and running.process.poll() is None:
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"{what}: it never came true"
        time.sleep(0.1)


def get(address: str, headers: dict[str, str] | None = None) -> int:
    """The status of an answer; 0 when nobody answers."""
    request = urllib.request.Request(address, headers=headers or {})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def page(demo: Demo) -> int:
    """What a page answers to a browser that has a session, which is in the database."""
    return get(f"http://127.0.0.1:{demo.port}/", {"Cookie": f"sessionid={'s' * 32}"})


@contextmanager
def kept_from_starting(demo: Demo) -> Iterator[None]:
    """The database stays down once it has ended: its start waits for a lock that we hold."""
    lock = Lock(Folders.below(demo.folder).lock("start"))
    assert lock.acquire(10)
    try:
        yield
    finally:
        lock.release()


def status(demo: Demo, process: str, path: str) -> int:
    """What the endpoint of a process answers."""
    found = {one.process: one for one in noted_in(demo.folder)}
    return get(found[process].address + path) if process in found else 0


def postmaster(demo: Demo) -> int:
    found = read_pid_file(Folders.below(demo.folder).cluster)
    return 0 if found is None else found.pid


def log_of(demo: Demo) -> str:
    return (demo.folder / "logs" / "sendmill.log").read_text()


def said_by(demo: Demo, event: str) -> Counter[str]:
    """How often each process logged an event."""
    return Counter(line.split()[0] for line in log_of(demo).splitlines() if event in line)


def test_a_killed_database_comes_back_and_everything_goes_on(own: Demo, tmp_path: Path) -> None:
    numbers = tmp_path / "Numbers.csv"
    numbers.write_text("Number\n" + "".join(f"+65{80_010_100 + at}\n" for at in range(3000)))
    send = ("send", str(numbers), "--application", "International Demo", "--template", "Maintenance")
    task = str(own.json(*send)["task"])
    killed = postmaster(own)
    os.kill(killed, signal.SIGKILL)
    until(lambda: postmaster(own) not in (0, killed) and page(own) == 200, "pages come back")
    until(lambda: status(own, "up", "health/ready") == 200, "the supervisor is ready again")
    assert status(own, "up", "health/live") == 200
    until(lambda: own.json("task", "show", task)["status"] == "completed", "the task across it completes")
    assert own.json(*send, "--wait")["status"] == "completed"
    until(lambda: {"sender", "worker"} <= said_by(own, "database back").keys(), "both say that it is back")
    lost = said_by(own, "database lost")
    assert {"sender", "worker"} <= lost.keys()
    assert set(lost.values()) == {1}
    until(lambda: "PostgreSQL is back" in log_of(own), "the keeper says that it is back")
    assert log_of(own).count("PostgreSQL has ended") == 1
    assert "Traceback" not in log_of(own)


def test_while_it_is_away_everything_says_so_and_waits(own: Demo) -> None:
    with kept_from_starting(own):
        os.kill(postmaster(own), signal.SIGKILL)
        until(lambda: status(own, "up", "health/ready") == 503, "the supervisor is not ready")
        until(lambda: page(own) == 503, "pages say so")
        for process in ("worker", "sender", "web"):
            until(lambda name=process: status(own, name, "health/ready") == 503, f"{process} is not ready")
            assert status(own, process, "health/live") == 200, "a new start would not help"
        assert status(own, "up", "health/live") == 200
        advice = own.run("doctor").stdout
        assert "starts it again by itself" in advice
        assert "Run `sendmill up`" not in advice
    until(lambda: page(own) == 200, "pages come back by themselves")
    for process in ("up", "worker", "sender", "web"):
        until(lambda name=process: status(own, name, "health/ready") == 200, f"{process} is ready again")
    assert said_by(own, "database lost") == {"worker": 1, "sender": 1, "web": 1}
    assert "Traceback" not in log_of(own)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("state", ["down", "hanging"])
def test_it_ends_while_its_database_is_away(own: Demo, state: str, number: signal.Signals) -> None:
    assert own.process is not None
    with kept_from_starting(own) if state == "down" else nullcontext():
        if state == "down":
            os.kill(postmaster(own), signal.SIGKILL)
            until(lambda: status(own, "up", "health/ready") == 503, "the supervisor is not ready")
        else:
            signal_each(processes_of(Folders.below(own.folder).cluster), signal.SIGSTOP)
        own.process.send_signal(number)
        own.process.communicate(timeout=30)
    assert own.process.returncode == 0
    assert processes_of(Folders.below(own.folder).cluster) == []


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_second_one_on_the_data_folder_is_refused(demo: Demo, command: str) -> None:
    before = postmaster(demo)
    done = demo.run(command, "--port", str(free_port()))
    assert (done.returncode, done.stdout) == (5, "")
    assert f"runs on the data folder {demo.folder} already" in done.stderr
    assert demo.process is not None
    assert f"sendmill demo (process {demo.process.pid})" in done.stderr
    assert (postmaster(demo), page(demo)) == (before, 200)


def test_a_killed_one_makes_room(own: Demo) -> None:
    assert own.process is not None
    own.process.kill()
    own.process.communicate()
    until(lambda: page(own) == 0, "the console ends with its supervisor")
    own.start()
    assert page(own) == 200
