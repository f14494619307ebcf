"""The supervisor, with real processes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sendmill.runtime import supervisor as supervise
from sendmill.runtime.supervisor import Output, Program, Supervisor, describe_exit

FOREVER = "import time\nprint('up', flush=True)\ntime.sleep(600)"
STUBBORN = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(600)"
# Ends at SIGTERM and leaves a process of its own behind, whose pid it prints.
PARENT = (
    "import subprocess, sys, time\n"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)\n"
    "time.sleep(600)"
)
# A supervisor of its own process, to be killed from outside.
OUTER = """
import sys
from sendmill.runtime.supervisor import Program, Supervisor
Supervisor([Program("child", [sys.executable, "-c", sys.argv[1]])]).run()
"""


def python(name: str, code: str, **options: object) -> Program:
    return Program(name, [sys.executable, "-c", code], **options)  # type: ignore[arg-type]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.02)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def outer(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OUTER, code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )


class Lines(list[str]):
    """Output to a list."""

    def has(self, text: str) -> bool:
        return any(text in line for line in self)


async def test_output_is_named_and_kept(tmp_path: Path) -> None:
    lines = Lines()
    code = "import os, sys\nprint(os.environ['COLOUR'])\nprint('short', end='', file=sys.stderr)"
    program = python("painter", code, env={"COLOUR": "blue"}, restart=False)
    await Supervisor([program], output=Output(tmp_path / "all.log", lines.append)).serve()
    assert lines[:2] == ["painter    | blue", "painter    | short"]
    assert lines.has("painter ended (exit code 0).")
    assert (tmp_path / "all.log").read_text().splitlines() == lines


async def test_endless_lines_and_odd_bytes_are_forwarded_in_pieces() -> None:
    lines = Lines()
    code = "import sys\nsys.stdout.buffer.write(b'x' * 100000 + b'\\n\\xff\\r\\nend')"
    await Supervisor([python("wide", code, restart=False)], output=Output(None, lines.append)).serve()
    assert sum(line.count("x") for line in lines if line.startswith("wide ")) == 100_000
    assert lines.has("| \N{REPLACEMENT CHARACTER}")
    assert lines.has("| end")
    assert max(map(len, lines)) <= 3 * supervise.LINE_BYTES


async def test_crashed_program_is_started_again_with_growing_waits() -> None:
    lines = Lines()
    supervisor = Supervisor(
        [python("weak", "raise SystemExit(3)")], output=Output(None, lines.append), back_off_first=0.1
    )
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: len(lines) >= 4)
    supervisor.stop()
    await serving
    waits = [line.removeprefix("sendmill   | weak ended (exit code 3); ") for line in lines[:4]]
    assert waits == [f"starting it again in {seconds} s." for seconds in ("0.1", "0.2", "0.4", "0.8")]
    assert supervisor.states["weak"].starts >= 4
    assert supervisor.states["weak"].pid is None


async def test_back_off_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "BACK_OFF_MOST", 0.02)
    lines = Lines()
    supervisor = Supervisor(
        [python("weak", "raise SystemExit(3)")], output=Output(None, lines.append), back_off_first=0.01
    )
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: len(lines) >= 5)
    supervisor.stop()
    await serving
    assert all(line.endswith("starting it again in 0.0 s.") for line in lines[:5])


async def test_program_that_is_killed_is_started_again() -> None:
    lines = Lines()
    supervisor = Supervisor([python("long", FOREVER)], output=Output(None, lines.append), back_off_first=0.01)
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: lines.has("up"))
    pid = supervisor.states["long"].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await eventually(lambda: supervisor.states["long"].starts == 2)
    supervisor.stop()
    await serving
    assert lines.has("long ended (killed by SIGKILL); starting it again")


async def test_programs_stop_in_reverse_order() -> None:
    lines = Lines()
    supervisor = Supervisor(
        [python(name, FOREVER) for name in ("first", "second", "third")], output=Output(None, lines.append)
    )
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: len(lines) == 3)
    pids = [state.pid for state in supervisor.states.values()]
    supervisor.stop()
    await serving
    ended = [line.split()[2] for line in lines if "ended (killed by SIGTERM)" in line]
    assert ended == ["third", "second", "first"]
    assert not any(is_running(pid) for pid in pids if pid)


async def test_stubborn_program_is_killed_within_the_bound() -> None:
    lines = Lines()
    supervisor = Supervisor(
        [python("deaf", STUBBORN), python("mute", STUBBORN)],
        output=Output(None, lines.append),
        stop_within=0.2,
    )
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: len(lines) == 2)
    supervisor.stop()
    await serving
    assert [state.ended_with for state in supervisor.states.values()] == [-signal.SIGKILL] * 2
    assert lines.has("deaf does not end in time and is killed.")


async def test_second_stop_kills_at_once() -> None:
    lines = Lines()
    supervisor = Supervisor(
        [python("deaf", STUBBORN, stop_seconds=600)], output=Output(None, lines.append), stop_within=600
    )
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: lines.has("up"))
    supervisor.stop()
    supervisor.stop()
    await serving
    assert supervisor.states["deaf"].ended_with == -signal.SIGKILL


async def test_what_a_program_leaves_behind_is_ended() -> None:
    lines = Lines()
    supervisor = Supervisor([python("family", PARENT)], output=Output(None, lines.append))
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: bool(lines))
    grandchild = int(lines[0].split("| ")[1])
    assert is_running(grandchild)
    supervisor.stop()
    await serving
    await eventually(lambda: not is_running(grandchild))


async def test_missing_program_is_said_in_one_line() -> None:
    lines = Lines()
    await Supervisor(
        [Program("ghost", ["/no/such/program"], restart=False)], output=Output(None, lines.append)
    ).serve()
    assert lines[0] == "ghost      | /no/such/program cannot be started: No such file or directory"
    assert lines.has("ghost ended (exit code 1).")


async def test_cancelled_supervisor_stops_its_programs() -> None:
    lines = Lines()
    supervisor = Supervisor([python("long", FOREVER)], output=Output(None, lines.append))
    serving = asyncio.create_task(supervisor.serve())
    await eventually(lambda: lines.has("up"))
    pid = supervisor.states["long"].pid
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert pid is not None
    assert not is_running(pid)


async def test_closed_console_stops_nothing(tmp_path: Path) -> None:
    def closed(line: str) -> None:
        raise BrokenPipeError

    output = Output(tmp_path / "all.log", closed)
    await Supervisor([python("talker", "print('said')", restart=False)], output=output).serve()
    assert "said" in (tmp_path / "all.log").read_text()


def test_children_die_with_a_killed_supervisor() -> None:
    process = outer("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)")
    assert process.stdout is not None
    child = int(process.stdout.readline().split("| ")[1])
    assert is_running(child)
    process.kill()
    process.communicate()
    wait_until(lambda: not is_running(child))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_everything(number: signal.Signals) -> None:
    process = outer("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)")
    assert process.stdout is not None
    child = int(process.stdout.readline().split("| ")[1])
    process.send_signal(number)
    rest, _ = process.communicate()
    assert process.returncode == 0
    assert "child ended (killed by SIGTERM)." in rest
    assert not is_running(child)


def test_names_are_unique() -> None:
    with pytest.raises(ValueError, match="name of its own"):
        Supervisor([Program("a", ["x"]), Program("a", ["y"])])


@pytest.mark.parametrize(
    ("code", "words"), [(0, "exit code 0"), (-9, "killed by SIGKILL"), (-250, "killed by signal 250")]
)
def test_exit_codes_in_words(code: int, words: str) -> None:
    assert describe_exit(code) == words
