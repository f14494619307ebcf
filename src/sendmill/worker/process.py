"""The worker process: jobs (checks, imports, clean-up) and the clock of the tasks."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from time import monotonic

import structlog
from django.db import close_old_connections, connection

from sendmill.message_store.partitions import ensure_partitions
from sendmill.message_store.queries.task_ids import advance_task_ids
from sendmill.postgres.outages import database, loss_of
from sendmill.runtime.process_endpoints import Watchpoint
from sendmill.runtime.stuck_exit import end_without_database
from sendmill.tasks import lifecycle, transitions, uncertain
from sendmill.worker import breaker_alarms, carrier_alarms, fault_alarms, job_runner, report_alarms
from sendmill.worker.metrics import Clock, WorkerMetrics
from sendmill.worker.server_alarms import watch_server
from sendmill.worker.tick_timer import Rest

HOUSE = 60.0  # seconds
FAULTS = 15.0
WATCH = 30.0

log = structlog.get_logger(__name__)


clock = Clock()
metrics = WorkerMetrics(clock)


def run(dsn: str, watchpoint: Watchpoint | None = None) -> None:
    """Work until the process is told to stop (SIGTERM, SIGINT); running jobs are finished first.

    It survives the loss of its database, at `dsn`; only when it is told to stop without one, it does not wait for it.
    Health and metrics are served at `watchpoint`.
    """
    advance_task_ids()
    ensure_partitions()
    stop = threading.Event()
    # A thread of its own for the clock, which does nothing slow: tasks start within a second of their time.
    threads = [
        threading.Thread(target=keep, args=(stop,), name=keep.__name__, daemon=True)
        for keep in (keep_time, keep_house, *((keep_watch,) if watchpoint else ()))
    ]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_work(dsn, watchpoint))
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)


def keep_time(stop: threading.Event) -> None:
    """Tick until told to stop. Nothing ends it: a failed tick is logged, and the next one tries again."""

    def looked() -> None:
        clock.tried(worked=True)
        database.back("clock")

    rest = Rest(looked)
    while rest.until_next(stop):
        worked = False
        with _kept_going("tick failed", part="clock"):
            ticked = lifecycle.tick()
            worked = True
            if ticked != lifecycle.Ticked():
                log.info("tick", started=ticked.started, canceled=ticked.canceled, completed=ticked.completed)
        clock.tried(worked=worked)
    connection.close()


def keep_house(stop: threading.Event) -> None:
    """Expire messages without a report and add late reports to the counters of completed tasks, until told to stop.

    Also raises and clears the alarms about what senders set aside, about the server and about
    binds that are lost often.
    """
    kept_at = monotonic()
    while not stop.wait(min(HOUSE, FAULTS)):
        with _kept_going("alarms of faults failed"):
            fault_alarms.watch()
        with _kept_going("alarms of breakers failed"):
            breaker_alarms.watch()
        if monotonic() - kept_at < HOUSE:
            continue
        kept_at = monotonic()
        with _kept_going("expiry failed"):
            uncertain.settle_accepted()
            count = uncertain.expire()
            if count:
                log.info("expired", messages=count)
        with _kept_going("recount failed"):
            transitions.recount_completed()
        with _kept_going("alarms of reports failed"):
            report_alarms.watch_reports()
        with _kept_going("looking at the server failed"):
            watch_server()
        with _kept_going("looking at lost binds failed"):
            carrier_alarms.watch()
    connection.close()


def keep_watch(stop: threading.Event) -> None:
    """Read the metrics of the store regularly, until told to stop."""
    while True:
        with _kept_going("metrics failed"):
            metrics.look()
        if stop.wait(WATCH):
            break
    connection.close()


@contextmanager
def _kept_going(failure: str, part: str | None = None) -> Iterator[None]:
    """Log an error of the block, so that its thread goes on.

    A lost database is logged by a `part`, which tries again soon; the others leave that to it. The connection of a
    part is renewed only after a failure: to check it would be half of the statements of a thread that looks often.
    """
    failed = False
    try:
        yield
    except Exception as error:
        failed = True
        if loss_of(error) is None:
            log.exception(failure)
        elif part is not None:
            database.lost(part, error)
    else:
        if part is not None:
            database.back(part)
    finally:
        if failed or part is None:
            with suppress(Exception):
                close_old_connections()


async def _work(dsn: str, watchpoint: Watchpoint | None) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def end() -> None:
        if not stop.is_set():
            end_without_database(dsn)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    job_runner.quiet_libraries()
    async with AsyncExitStack() as stack:
        if watchpoint is not None:
            checks = {"clock": clock.waiting}
            serving = watchpoint.serve(checks, live={"clock": clock.stuck}, collector=metrics)
            await stack.enter_async_context(serving)
        await job_runner.work(stop)
