"""Keeps the processes of one Sendmill running: starts, restarts and stops them, and forwards their output.

Used by the commands that run everything on one machine. Elsewhere an init system does the same.
"""

import asyncio
import ctypes
import logging
import logging.handlers
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BACK_OFF_FIRST = 0.5
BACK_OFF_MOST = 30.0
# Seconds after which a process counts as well: its next restart waits the shortest time again.
WELL_AFTER = 60.0
LINE_BYTES = 16 * 1024
LOG_FILE_BYTES = 10 * 1024 * 1024
LOG_FILES = 5
PR_SET_PDEATHSIG = 1

# Runs in the new process before the program: asks the kernel to signal it when this process ends, even by
# kill -9, and exits at once when that has happened already. A fork with Python code in it (preexec_fn)
# could deadlock on a lock of another thread; this cannot.
SHIM = """
import ctypes, os, sys
parent, number = int(sys.argv[1]), int(sys.argv[2])
if ctypes.CDLL(None, use_errno=True).prctl(1, number, 0, 0, 0):
    sys.exit("the kernel refused PR_SET_PDEATHSIG")
if os.getppid() != parent:
    sys.exit("the supervisor has ended")
try:
    os.execvp(sys.argv[3], sys.argv[3:])
except OSError as error:
    sys.exit(f"{sys.argv[3]} cannot be started: {error.strerror}")
"""


@dataclass(frozen=True)
class Program:
    """A program to run, and its name; ``env`` is added to this process's environment.

    ``stop_seconds`` is how long it may take to end after SIGTERM. ``death_signal`` is what the kernel sends it when
    this process ends; SIGTERM lets it finish its batches and end its own children, SIGKILL is certain.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    restart: bool = True
    stop_seconds: float = 10.0
    death_signal: signal.Signals = signal.SIGTERM


@dataclass
class State:
    """The state of a program: ``pid`` is None while it does not run, ``ended_with`` its last exit code."""

    pid: int | None = None
    starts: int = 0
    ended_with: int | None = None


class LogFile(logging.handlers.RotatingFileHandler):
    """A rotated log file that never fails: on a full disk lines are lost, silently."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Ignore the error; logging would print a traceback for every line."""


class Output:
    """The destination of lines: the console, with the program's name in front, and a rotated log file."""

    def __init__(self, log_path: Path | None = None, console: Callable[[str], None] | None = None) -> None:
        self._console = console if console is not None else _print_line
        self._file: LogFile | None = None
        if log_path is not None:
            self._file = LogFile(
                log_path, maxBytes=LOG_FILE_BYTES, backupCount=LOG_FILES, encoding="utf-8", errors="replace"
            )
            self._file.setFormatter(logging.Formatter("%(message)s"))

    def write(self, name: str, line: str) -> None:
        """Write one line of a program; never raises for a closed console."""
        text = f"{name:<10} | {line}"
        with suppress(OSError, ValueError):
            self._console(text)
        if self._file is not None:
            self._file.handle(logging.LogRecord(name, logging.INFO, "", 0, text, None, None))

    def close(self) -> None:
        """Close the log file."""
        if self._file is not None:
            self._file.close()


def _print_line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Supervisor:
    """Runs programs, started in the order given, until `stop` or a signal; then stops them in reverse order.

    ``stop_within`` bounds the whole stop in seconds: what is left then is killed with its children. ``together``
    returns, in a thread, whether nothing can be finished in order: then all are stopped at once.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        output: Output | None = None,
        stop_within: float = 30.0,
        back_off_first: float = BACK_OFF_FIRST,
        together: Callable[[], bool] = lambda: False,
    ) -> None:
        names = [program.name for program in programs]
        if len(set(names)) != len(names):
            raise ValueError("Every program needs a name of its own.")
        self.states = {name: State() for name in names}
        self._programs = list(programs)
        self._output = output if output is not None else Output()
        self._stop_within = stop_within
        self._back_off_first = back_off_first
        self._together = together
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._hurry = asyncio.Event()

    def run(self) -> None:
        """Run until SIGINT or SIGTERM; a second signal kills what is left at once."""
        asyncio.run(self.serve(handle_signals=True))

    async def serve(self, *, handle_signals: bool = False) -> None:
        """Run until `stop` is called or no program is left to run. Returns when every program has ended."""
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM) if handle_signals else ()
        for number in numbers:
            loop.add_signal_handler(number, self.stop)
        keepers = {program.name: asyncio.create_task(self._keep(program)) for program in self._programs}
        stopping = asyncio.create_task(self._stopping.wait())
        everyone = asyncio.gather(*keepers.values())
        try:
            waits: list[asyncio.Future[Any]] = [stopping, everyone]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._stopping.set()
            await self._stop_all(keepers)
            await asyncio.gather(stopping, everyone)
            for number in numbers:
                loop.remove_signal_handler(number)
            self._output.close()

    def stop(self) -> None:
        """Begin to stop; a second call kills what is left at once. Only from the event loop's thread."""
        if self._stopping.is_set():
            self._hurry.set()
        self._stopping.set()

    async def _keep(self, program: Program) -> None:
        """Run one program, and restart it as long as it should run."""
        state, wait = self.states[program.name], self._back_off_first
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self._run_once(program)
            state.pid, state.ended_with = None, code
            if self._stopping.is_set() or not program.restart:
                self._say(program, f"ended ({describe_exit(code)})")
                return
            if time.monotonic() - began >= WELL_AFTER:
                wait = self._back_off_first
            self._say(program, f"ended ({describe_exit(code)}); starting it again in {wait:.1f} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            wait = min(wait * 2, BACK_OFF_MOST)

    async def _run_once(self, program: Program) -> int:
        # A pipe of our own: asyncio's would make the wait for the program a wait for all who have it open.
        read_end, write_end = os.pipe()
        reading = asyncio.create_task(self._forward(program, read_end))
        process = None
        try:
            process = await self._spawn(program, write_end)
        except OSError as error:
            self._say(program, f"could not be started: {error.strerror}")
        finally:
            os.close(write_end)
        if process is None:
            await reading
            return 127
        self._processes[program.name] = process
        state = self.states[program.name]
        state.pid, state.starts = process.pid, state.starts + 1
        try:
            return await process.wait()
        finally:
            del self._processes[program.name]
            # Its remaining children would hold its port, and outlive this process.
            kill_group(process.pid)
            await asyncio.wait([reading], timeout=1.0)
            reading.cancel()
            await asyncio.wait([reading])

    async def _spawn(self, program: Program, output: int) -> asyncio.subprocess.Process:
        number = str(int(program.death_signal))
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", "-c", SHIM, str(os.getpid()), number, *program.argv),
            env={**os.environ, **program.env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Its own session: a Ctrl-C in the terminal reaches only us, so that we can stop in order.
            start_new_session=True,
        )

    async def _forward(self, program: Program, read_end: int) -> None:
        stream, rest = asyncio.StreamReader(), b""
        transport, _protocol = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(read_end, "rb", buffering=0)
        )
        try:
            while piece := await stream.read(LINE_BYTES):
                *lines, rest = (rest + piece).split(b"\n")
                if len(rest) >= LINE_BYTES:
                    lines, rest = [*lines, rest], b""
                for line in lines:
                    self._output.write(program.name, line.decode(errors="replace").rstrip("\r"))
        finally:
            if rest:
                self._output.write(program.name, rest.decode(errors="replace"))
            transport.close()

    async def _stop_all(self, keepers: Mapping[str, asyncio.Task[None]]) -> None:
        deadline = time.monotonic() + self._stop_within
        if await asyncio.to_thread(self._together):
            for running in self._processes.values():
                with suppress(ProcessLookupError):
                    running.terminate()
        for program in reversed(self._programs):
            keeper = keepers[program.name]
            while not keeper.done():
                process = self._processes.get(program.name)
                if process is None:
                    # It waits for its next start, which will not come, or is just being started.
                    await asyncio.wait([keeper], timeout=0.02)
                else:
                    seconds = min(program.stop_seconds, max(0.0, deadline - time.monotonic()))
                    await self._end(program, process, seconds)
                    await asyncio.wait([keeper])

    async def _end(self, program: Program, process: asyncio.subprocess.Process, seconds: float) -> None:
        """Ask the process to end, wait ``seconds`` for it, then kill it with its group."""
        with suppress(ProcessLookupError):
            process.terminate()
        ended = asyncio.create_task(process.wait())
        hurry = asyncio.create_task(self._hurry.wait())
        await asyncio.wait([ended, hurry], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        if not ended.done():
            self._say(program, "does not end in time and is killed")
            kill_group(process.pid)
        await ended

    def _say(self, program: Program, sentence: str) -> None:
        self._output.write("sendmill", f"{program.name} {sentence}.")


def end_with(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which started it, ends in whatever way. Linux only.

    Raises SystemExit when the parent has ended already.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit("the process that started this one has ended")


def kill_group(pid: int) -> None:
    """Kill every process of the group that ``pid`` leads or led. Does nothing when there is none."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def describe_exit(code: int) -> str:
    """Return an exit code in words: ``exit code 3``, or the name of the signal that ended the process."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
