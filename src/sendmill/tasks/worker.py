"""The worker process: jobs (checks, imports, clean-up) and the clock of the tasks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from time import monotonic
from typing import Any

import structlog
from django.db import close_old_connections, connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import AsyncConnection
from psycopg.abc import RV, PQGen

from sendmill.storage.partitions import advance_task_ids, ensure_partitions
from sendmill.tasks import faults, lifecycle, retention, settling
from sendmill.tasks.meters import Clock, WorkerMetrics, measure_job
from sendmill.tasks.ticking import Rest
from sendmill.watchpoints import Watchpoint

HOUSE = 60.0  # seconds
FAULTS = 15.0
WATCH = 30.0
POLL = 5.0  # … between looks for jobs whose time has come: new ones are told
CONCURRENCY = 2
HEARTBEAT = 3.0
STALLED = 12.0  # seconds without a heartbeat after which a worker counts as dead

log = structlog.get_logger(__name__)


class Patient(AsyncConnection[tuple[Any, ...]]):
    """A connection that waits for the server without looking up ten times a second, as the driver's does for the
    sake of systems where nothing else would notice a Ctrl-C."""

    async def wait(self, gen: PQGen[RV], interval: float = 60.0, timeout: float | None = None) -> RV:
        """What the driver's own promises."""
        return await super().wait(gen, interval=interval, timeout=timeout)


clock = Clock()
metrics = WorkerMetrics(clock)


def run(watchpoint: Watchpoint | None = None) -> None:
    """Work until the process is told to stop (SIGTERM, SIGINT); a job under way is finished first.

    Health and metrics are served at `watchpoint`.
    """
    advance_task_ids()
    ensure_partitions()
    stop = threading.Event()
    # The clock does nothing that takes long, so that tasks start within a second of their time.
    threads = [
        threading.Thread(target=keep, args=(stop,), name=keep.__name__, daemon=True)
        for keep in (keep_time, keep_house, *((keep_watch,) if watchpoint else ()))
    ]
    for thread in threads:
        thread.start()
    try:
        asyncio.run(_work(watchpoint))
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)


def keep_time(stop: threading.Event) -> None:
    """Tick until told to stop. Nothing ends it: a failed tick is logged, and the next one tries again."""
    rest = Rest()
    while rest.until_next(stop):
        worked = False
        with _kept_going("tick failed", renew=False):
            ticked = lifecycle.tick()
            worked = True
            if ticked != lifecycle.Ticked():
                log.info("tick", started=ticked.started, canceled=ticked.canceled, completed=ticked.completed)
        clock.tried(worked=worked)
    connection.close()


def keep_house(stop: threading.Event) -> None:
    """Let messages without a report expire, and late reports reach frozen counters, until told to stop.

    What senders set aside becomes an alarm, and one of a thing that is well again is cleared.
    """
    kept_at = monotonic()
    while not stop.wait(min(HOUSE, FAULTS)):
        with _kept_going("alarms of faults failed"):
            faults.watch()
        if monotonic() - kept_at < HOUSE:
            continue
        kept_at = monotonic()
        with _kept_going("expiry failed"):
            count = settling.expire()
            if count:
                log.info("expired", messages=count)
        with _kept_going("recount failed"):
            retention.recount_completed()
    connection.close()


def keep_watch(stop: threading.Event) -> None:
    """Look how the database and everything in it fares, for the metrics, until told to stop."""
    while True:
        with _kept_going("metrics failed"):
            metrics.look()
        if stop.wait(WATCH):
            break
    connection.close()


@contextmanager
def _kept_going(failure: str, *, renew: bool = True) -> Iterator[None]:
    """Log what goes wrong, so that the thread goes on. The connection is renewed now and then, or (not `renew`) when
    it failed only: asking whether it is well would be half of what a thread asks that looks often."""
    failed = False
    try:
        yield
    except Exception:
        failed = True
        log.exception(failure)
    finally:
        if renew or failed:
            with suppress(Exception):
                close_old_connections()


async def _work(watchpoint: Watchpoint | None) -> None:
    connector = PsycopgConnector(kwargs=connector_params(), connection_class=Patient)
    with app.replace_connector(connector) as working:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(working.open_async())
            if watchpoint is not None:
                checks = {"clock": clock.waiting}
                serving = watchpoint.serve(checks, live={"clock": clock.stuck}, collector=metrics)
                await stack.enter_async_context(serving)
            sweep = asyncio.create_task(_take_over(working))
            try:
                await working.run_worker_async(
                    concurrency=CONCURRENCY,
                    install_signal_handlers=True,
                    fetch_job_polling_interval=POLL,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=STALLED,
                    shutdown_graceful_timeout=30,
                    delete_jobs="successful",
                    worker_middleware=[measure_job],
                )
            finally:
                sweep.cancel()


async def _take_over(working: App) -> None:
    """Give the jobs of killed workers to living ones: without this they would stay under way for ever."""
    while True:
        try:
            for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                # Another worker may have been quicker.
                with suppress(ConnectorException):
                    await working.job_manager.retry_job(job)
                    log.warning("job taken over", job_id=job.id, name=job.task_name)
        except ConnectorException:
            log.exception("looking for stalled jobs failed")
        await asyncio.sleep(HEARTBEAT)
