"""Runs procrastinate's worker, and starts a new one whenever it ended because the database was lost.

Its worker ends when it loses the database, as if it had been told to stop. Then a new one begins as soon as the
database is back. Jobs that were under way are finished first, and their worker shows that it lives until they are:
nobody else may take them over. What could not be noted as finished is taken over, as after a kill.
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
from sendmill.worker.metrics import measure_job

CONCURRENCY = 2
POLL = 5.0  # seconds between looks for jobs whose time has come: new ones are told
HEARTBEAT = 3.0
STALLED = 12.0  # seconds without a heartbeat after which a worker counts as dead
TRY_AGAIN = 0.5  # seconds between tries to reach the database
CONNECT = 5  # seconds that one try, or the wait for a connection, may take
GRACE = 30  # seconds that jobs under way have when the process is told to stop
AGAIN = 3  # how often a job of the clock that lost the database is done again
PART = "jobs"

log = structlog.get_logger(__name__)


class WhileAway(logging.Filter):
    """Drops what the libraries say of each try to reach a lost database: we say it once.

    Alike for each job that meets a disk which takes nothing. A job that failed for good is still said, whatever the
    reason.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        action = getattr(record, "action", "")
        if action in ("start_worker", "stopping_worker", "stop_worker"):
            return False
        given = record.args if isinstance(record.args, tuple) else ()
        errors = [one for one in ((record.exc_info or (None, None))[1], *given) if isinstance(one, Exception)]
        if action == "job_error":
            return True
        return not any(loss_of(error) or disk.note(PART, error) for error in errors)


def quiet_libraries() -> None:
    """Let `WhileAway` decide what the libraries below this worker log."""
    silent = WhileAway()
    for name in ("worker.worker", "worker", "utils", "periodic", "manager"):
        logging.getLogger(f"procrastinate.{name}").addFilter(silent)
    # A job that could not be noted as finished is an error that nobody fetches.
    logging.getLogger("asyncio").addFilter(silent)
    logging.getLogger("psycopg").setLevel(logging.ERROR)


class Patient(DurableAsyncConnection):
    """A connection that waits for the server without waking up ten times a second.

    The driver does that for the sake of systems where nothing else would notice a Ctrl-C.
    """

    async def wait(self, gen: PQGen[RV], interval: float = 60.0, timeout: float | None = None) -> RV:
        """What the driver's own promises."""
        return await super().wait(gen, interval=interval, timeout=timeout)


async def again_after_loss(run: Callable[[], Awaitable[Any]], context: Any, _worker: Any) -> Any:
    """Do a job of the clock again that lost the database, once it is back; others have a strategy of their own.

    They are the ones with a queueing lock: put back into the queue it could stand in the way of its successor.
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
    """Take jobs until `stop` is set; then jobs under way are finished."""
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
    """Wait until the database answers; false when `stop` was set before. A pool would try ever more rarely."""
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
    """One life of procrastinate's worker: until `stop` is set, or the database is lost."""
    connector = PsycopgConnector(kwargs=connector_params(), timeout=CONNECT, connection_class=Patient)
    with app.replace_connector(connector) as working:
        async with working.open_async():
            worker = Worker(
                app=working,
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                fetch_job_polling_interval=POLL,
                # Ours goes on when that of the library has failed.
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
    """Note that the worker lives, from its registration until its last job has ended."""
    while True:
        if worker.worker_id is not None:
            try:
                await working.job_manager.update_heartbeat(worker.worker_id)
                database.back(PART)
            except ConnectorException as error:
                database.lost(PART, error)
        await asyncio.sleep(HEARTBEAT if worker.worker_id is not None else 0.05)


async def _take_over(working: App) -> None:
    """Give the jobs of killed workers to living ones: without this they would stay under way for ever."""
    while True:
        try:
            for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                # Another worker may have been quicker.
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
