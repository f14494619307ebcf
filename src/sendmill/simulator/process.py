"""The simulator as a process of its own: its command line, and commands over standard input.

Once it listens, it prints one JSON line with its port: {"port": 2775, "pid": 4711, "log": null}. It stops on SIGINT
or SIGTERM. With `control`, it also reads commands, one JSON object a line, from standard input and answers each with
one line ({"ok": true, …} or {"ok": false, "error": "…"}); it stops when its standard input ends, so that it never
outlives whoever started it:

    {"faults": {"failure_rate": 0.1}}                          replace the faults; {}: there are none
    {"habits": ["no-credit", "slow-answers"]}                  replace the faults by those of habits
    {"reply": {"number": "+2412000000", "text": "STOP", "to": "Sendmill"}}   a person answers
    {"down": true}, {"down": false}                            stop listening and cut all; listen again
    {"disconnect": true}                                       cut all connections
    {"statistics": true}                                       counts, and how many reports wait
"""

import asyncio
import gc
import json
import os
import signal
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from textwrap import indent
from typing import Any

import uvloop

from sendmill.runtime.process_endpoints import Watchpoint
from sendmill.simulator.faults import DEMO_NOTES, Faults, read_faults
from sendmill.simulator.habits import described, faults_of, read_behaviour
from sendmill.simulator.metrics import SimulatorMetrics
from sendmill.simulator.server import Smsc

DEMO_FAULTS: Mapping[str, Any] = {"demo": True, "report_delay": [0.5, 3.0]}
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    log: Path | None = None,
    faults: Faults | None = None,
    accounts: Mapping[str, str] | None = None,
    seed: int = 0,
    first_id: int | None = None,
    control: bool = False,
    watchpoint: Watchpoint | None = None,
) -> None:
    """Run a service centre until it is told to stop; the module says what is printed and read.

    Health and metrics are served at `watchpoint`.

    Without `first_id`, ids start at the clock's microseconds, so that a restarted simulator repeats none. Raises
    OSError when the port cannot be opened or the journal cannot be written.
    """
    smsc = Smsc(
        host,
        port,
        faults=faults,
        log_path=log,
        accounts=accounts,
        seed=seed,
        first_id=time.time_ns() // 1000 if first_id is None else first_id,
    )
    # Waiting reports are many small tuples: garbage collections over all of them would stall the loop.
    gc.set_threshold(50_000, 50, 100)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(smsc, log, watchpoint, control=control))


async def _serve(smsc: Smsc, log: Path | None, watchpoint: Watchpoint | None, *, control: bool) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stopped.set)
    await smsc.start()
    _say({"port": smsc.port, "pid": os.getpid(), "log": str(log) if log else None})
    reader = asyncio.create_task(_obey(smsc, stopped)) if control else None
    try:
        async with AsyncExitStack() as stack:
            if watchpoint is not None:
                await stack.enter_async_context(watchpoint.serve({}, collector=SimulatorMetrics(smsc)))
            await stopped.wait()
    finally:
        if reader is not None:
            reader.cancel()
        await smsc.stop()


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def _obey(smsc: Smsc, stopped: asyncio.Event) -> None:
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        try:
            answer = await _execute(smsc, json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            answer = {"ok": False, "error": str(error) or type(error).__name__}
        _say(answer)
    stopped.set()


async def _execute(smsc: Smsc, command: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"ok": True}
    for name, value in command.items():
        if name == "faults":
            smsc.faults = read_faults(value)
        elif name == "habits":
            smsc.faults = read_faults(faults_of(value))
        elif name == "reply":
            smsc.reply(value["number"], value["text"], value["to"], system_id=value.get("system_id"))
        elif name == "down":
            await (smsc.go_down() if value else smsc.come_up())
        elif name == "disconnect":
            smsc.disconnect()
        elif name == "statistics":
            answer |= {"statistics": asdict(smsc.statistics), "pending": smsc.pending}
        else:
            raise ValueError(f"There is no command {name!r}.")
    return answer


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and run; a wrong value ends the process with one sentence and status 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        faults = read_behaviour(DEMO_FAULTS if options.demo else {}, options.habit, options.faults)
        accounts = dict(_read_account(text) for text in options.account) or None
    except ValueError as error:
        parser.error(str(error))
    try:
        run(
            host=options.host,
            port=options.port,
            log=options.log,
            faults=faults,
            accounts=accounts,
            seed=options.seed,
            first_id=options.first_id,
            control=options.control,
        )
    except OSError as error:
        parser.error(f"The simulator cannot start: {error.strerror or error}.")


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m sendmill.simulator",
        description="A short message service centre with faults and delivery reports, over SMPP 3.4.",
        epilog="With --demo, numbers that end in:\n"
        + "\n".join(f"  {ending}  {note}" for ending, note in DEMO_NOTES.items())
        + f"\n\nHabits:\n{indent(described(), '  ')}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port; 0 takes a free one")
    parser.add_argument("--log", type=Path, help="journal of accepted parts, appended to")
    parser.add_argument("--seed", type=int, default=0, help="seed of every random decision")
    parser.add_argument("--first-id", type=int, help="first message id; the clock decides otherwise")
    parser.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="ID:PASSWORD",
        help="who may bind; demo:demo otherwise",
    )
    parser.add_argument("--faults", default="{}", metavar="JSON", help="faults as a JSON object")
    parser.add_argument(
        "--habit",
        action="append",
        default=[],
        metavar="NAME",
        help="behave like a real carrier (see below); may be given more than once",
    )
    parser.add_argument(
        "--demo", action="store_true", help="numbers of the demonstration, reports in 0.5–3 s"
    )
    parser.add_argument("--control", action="store_true", help="read commands from standard input")
    return parser


def _read_account(text: str) -> tuple[str, str]:
    system_id, colon, password = text.partition(":")
    if not colon or not system_id:
        raise ValueError("--account is written ID:PASSWORD.")
    return system_id, password
