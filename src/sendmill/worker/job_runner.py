"""Runs the jobs of a worker process, with one procrastinate worker after another.

A procrastinate worker ends when it loses the database, as if it had been told to stop. A new one begins as soon as
the database is back. Running jobs are finished first, and their worker sends heartbeats until they are: nobody else
may take them over. A job that could not be recorded as finished is taken over, as after a kill.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.db_cleanup import close_db_connections
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker
from psycopg.abc import RV, PQGen

from sendmill.postgres.durable_connections import DurableAsyncConnection
from sendmill.postgres.outages import database, loss_of
from sendmill.runtime.disk_full import disk
from sendmill.worker import jobs as jobs  # registers them with `app`
from sendmill.worker.metrics import measure_job

CONCURRENCY = 2
POLL = 5.0  # seconds between looks for jobs whose time has come; new ones are notified
HEARTBEAT = 3.0
STALLED = 12.0  # seconds without a heartbeat after which a worker counts as dead
TRY_AGAIN = 0.5  # seconds between tries to reach the database
CONNECT = 5  # seconds that one try, or the wait for a connection, may take
GRACE = 30  # seconds that running jobs have when the process is told to stop
AGAIN = 3  # how often a periodic job that lost the database is repeated
PART = "jobs"

log = structlog.get_logger(__name__)


class WhileAway(logging.Filter):
    """Drops what the libraries log at each try to reach a lost database, which is logged once elsewhere.

    The same for each job that meets a full disk. A job that failed for good is still logged, whatever the reason.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be logged."""
        action = getattr(record, "action", "")
        if action in ("start_worker", "stopping_worker", "stop_worker"):
            return False
        given = record.args if isinstance(record.args, tuple) else ()
        errors = [one for one in ((record.exc_info or (None, None))[1], *given) if isinstance(one, Exception)]
        if action == "job_error":
            return True
        return not any(loss_of(error) or disk.note(PART, error) for error in errors)


def quiet_libraries() -> None:
    """Add `WhileAway` to the loggers of the libraries that the worker uses."""
    silent = WhileAway()
    for name in ("worker.worker", "worker", "utils", "periodic", "manager"):
        logging.getLogger(f"procrastinate.{name}").addFilter(silent)
    # A job that could not be recorded as finished is an error that nobody retrieves.
    logging.getLogger("asyncio").addFilter(silent)
    logging.getLogger("psycopg").setLevel(logging.ERROR)


class Patient(DurableAsyncConnection):
    """A connection that waits for the server without waking up ten times a second.

    The driver's own wakes up for systems where nothing else would notice a Ctrl-C.
    """

    async def wait(self, gen: PQGen[RV], interval: float = 60.0, timeout: float | None = None) -> RV:
        """Wait as the driver does, with a longer interval."""
        return await super().wait(gen, interval=interval, timeout=timeout)


async def again_after_loss(run: Callable[[], Awaitable[Any]], context: Any, _worker: Any) -> Any:
    """Repeat a periodic job that lost the database, once it is back; other jobs have a retry strategy.

    Periodic jobs are those with a queueing lock: put back into the queue, one could block its successor.
    """
    left = AGAIN if context.job.queueing_lock else 0
    while True:
        try:
            return await run()
        except Exception as error:
            if not left or loss_of(error) is None:
                raise
            left -= 1
            await _reach(asyncio.Event())


async def work(stop: asyncio.Event) -> None:
    """Run jobs until `stop` is set; running jobs are finished then."""
    while not stop.is_set():
        try:
            if await _reach(stop):
                await _live(stop)
        except (ConnectorException, psycopg.Error) as error:
            if not database.note(PART, error):
                log.exception("the worker of jobs has ended; a new one begins")
        if not stop.is_set():
            await _rest(stop, TRY_AGAIN)
    database.forget(PART)


async def _reach(stop: asyncio.Event) -> bool:
    """Wait until the database answers; return False when `stop` was set before.

    A connection pool would try ever more rarely.
    """
    while not stop.is_set():
        try:
            connection = await psycopg.AsyncConnection.connect(
                **connector_params() | {"connect_timeout": CONNECT}, autocommit=True
            )
            await connection.close()
        except psycopg.OperationalError as error:
            database.lost(PART, error)
            await _rest(stop, TRY_AGAIN)
        else:
            return True
    return False


async def _live(stop: asyncio.Event) -> None:
    """Run one procrastinate worker until `stop` is set or the database is lost."""
    connector = PsycopgConnector(kwargs=connector_params(), timeout=CONNECT, connection_class=Patient)
    with app.replace_connector(connector) as working:
        async with working.open_async():
            worker = Worker(
                app=working,
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                fetch_job_polling_interval=POLL,
                # `_show_life` sends heartbeats, also after the library's own have failed.
                update_heartbeat_interval=3600,
                stalled_worker_timeout=STALLED,
                shutdown_graceful_timeout=GRACE,
                delete_jobs="successful",
                task_middleware=[close_db_connections],
                worker_middleware=[measure_job, again_after_loss],
            )
            beside = [
                asyncio.create_task(_take_over(working)),
                asyncio.create_task(_show_life(working, worker)),
            ]
            life = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
            told = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait([life, told], return_when=asyncio.FIRST_COMPLETED)
                if not life.done():
                    worker.stop()  # type: ignore[no-untyped-call]
                await life
            finally:
                for one in (*beside, told):
                    one.cancel()


async def _show_life(working: App, worker: Worker) -> None:
    """Send the worker's heartbeats, from its registration until its last job has ended."""
    while True:
        if worker.worker_id is not None:
            try:
                await working.job_manager.update_heartbeat(worker.worker_id)
                database.back(PART)
            except ConnectorException as error:
                database.lost(PART, error)
        await asyncio.sleep(HEARTBEAT if worker.worker_id is not None else 0.05)


async def _take_over(working: App) -> None:
    """Retry the jobs of killed workers, which would otherwise count as running for ever."""
    while True:
        try:
            for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                # Another worker may have taken it over first.
                with suppress(ConnectorException):
                    await working.job_manager.retry_job(job)
                    log.warning("job taken over", job_id=job.id, name=job.task_name)
        except ConnectorException as error:
            if loss_of(error) is None:
                log.exception("looking for stalled jobs failed")
        await asyncio.sleep(HEARTBEAT)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
