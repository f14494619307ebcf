"""The simulator as a process: ready line, commands, end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from tests.rig.smpp_client import Report, bound, message

from sendmill.simulator.faults import DEMO_NOTES
from sendmill.simulator.journal import read_journal

SOURCE = Path(__file__).parents[3] / "src"
Launch = Callable[..., tuple[subprocess.Popen[str], dict[str, Any]]]


@pytest.fixture
def launch() -> Iterator[Launch]:
    """Start the process with options; gives it and what its first line says."""
    started: list[subprocess.Popen[str]] = []

    def begin(*options: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "sendmill.simulator", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            text=True,
        )
        started.append(process)
        return process, read(process.stdout)

    yield begin
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def read(stream: IO[str] | None) -> dict[str, Any]:
    assert stream is not None
    answer: dict[str, Any] = json.loads(stream.readline())
    return answer


def command(process: subprocess.Popen[str], **values: Any) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(json.dumps(values) + "\n")
    process.stdin.flush()
    return read(process.stdout)


async def test_it_listens_and_ends_on_a_signal(launch: Launch, tmp_path: Path) -> None:
    log = tmp_path / "journal"
    process, ready = launch("--log", str(log), "--account", "mine:secret", "--first-id", "500")
    assert (ready["pid"], ready["log"]) == (process.pid, str(log))
    async with bound(ready["port"], system_id="mine", password="secret") as client:
        assert await client.submit(message()) == (0, "500")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert [entry.carrier_id for entry in read_journal(log)] == ["500"]


async def test_a_kill_loses_no_line_that_was_answered(launch: Launch, tmp_path: Path) -> None:
    log = tmp_path / "journal"
    process, ready = launch("--log", str(log))
    async with bound(ready["port"]) as client:
        sequences = [client.send(message(8613100000000 + at)) for at in range(500)]
        await client.answer(sequences[100])
        process.kill()
        process.wait(10)
        await client.until(lambda: client.closed)
        answered = sum(pdu.command_id == 0x80000004 for pdu in client.pdus)
    assert len(list(read_journal(log))) >= answered > 0


async def test_commands_change_it_while_it_runs(launch: Launch) -> None:
    process, ready = launch("--control", "--demo")
    async with bound(ready["port"]) as client:
        assert command(process, faults={"failure_rate": 1, "failure_states": ["DELETED"]}) == {"ok": True}
        await client.submit(message())
        assert [report.stat for report in await client.reports(1)] == ["DELETED"]
        assert command(process, reply={"number": "+2412000000", "text": "STOP", "to": "Sendmill"})["ok"]
        await client.until(lambda: len(client.deliveries) == 2)
        assert Report(client.deliveries[1]).text == "STOP"
        assert command(process, statistics=True)["statistics"]["accepted"] == 1
        assert command(process, habits=["system-error"]) == {"ok": True}
        assert (await client.submit(message()))[0] == 0x08
        assert command(process, down=True)["ok"]
        await client.until(lambda: client.closed)
    assert command(process, down=False)["ok"]
    async with bound(ready["port"]) as client:
        assert command(process, disconnect=True)["ok"]
        await client.until(lambda: client.closed)


def test_a_wrong_command_is_answered_with_a_sentence(launch: Launch) -> None:
    process, _ = launch("--control")
    for wrong in (
        {"dance": True},
        {"faults": {"nothing": 1}},
        {"reply": {"number": 1}},
        {"faults": 3},
        {"habits": ["lazy"]},
    ):
        answer = command(process, **wrong)
        assert answer["ok"] is False
        assert answer["error"]
    assert process.stdin is not None
    process.stdin.write("no json\n")
    process.stdin.flush()
    assert read(process.stdout)["ok"] is False
    assert command(process, statistics=True)["ok"]


def test_it_does_not_outlive_its_standard_input(launch: Launch) -> None:
    process, _ = launch("--control")
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--faults", "{"], "--faults is not JSON"),
        (["--faults", "[]"], "JSON object"),
        (["--habit", "lazy"], "no habit named"),
        (["--faults", '{"failure_rate": 2}'], "failure_rate is a rate"),
        (["--account", "nopassword"], "ID:PASSWORD"),
        (["--log", "/nowhere/at/all"], "cannot start: No such file"),
    ],
)
def test_wrong_options_end_with_one_sentence(options: list[str], words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sendmill.simulator", *options],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_help_lists_the_numbers_of_the_demonstration() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sendmill.simulator", "--help"],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.returncode == 0
    assert all(f"  {ending}  {note}" in done.stdout for ending, note in DEMO_NOTES.items())


def test_a_port_in_use_ends_with_one_sentence(launch: Launch) -> None:
    _, ready = launch()
    done = subprocess.run(
        [sys.executable, "-m", "sendmill.simulator", "--port", str(ready["port"])],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.returncode == 2
    assert "cannot start" in done.stderr
