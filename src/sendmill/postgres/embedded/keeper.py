"""Keeps the embedded PostgreSQL alive: starts it again whenever it has ended, until told to stop.

The server is another process, which may be killed, or give up by itself (a full disk). The keeper is a thread
of the process that started it, beside the supervisor of the others. It reports an outage twice: when the server
has ended, and when it is back; in between, once for each kind of reason why it cannot be started.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from time import monotonic

import psycopg

from sendmill.postgres.embedded.server import Embedded, PostgresError, StartInterruptedError
from sendmill.runtime.stuck_exit import answers

BACK_OFF_FIRST = 0.5  # seconds until the second try; twice as long each time
BACK_OFF_MOST = 10.0
STEADY = 5.0  # seconds that a server must run until its outage counts as over
LOOK = 1.0  # seconds between looks where the kernel cannot tell us that a process has ended
ANSWER = 2  # seconds that a server may take to accept a connection


class Keeper:
    """Starts ``server`` again and again; it runs when `start` is called. ``say`` gets sentences about outages."""

    def __init__(
        self, server: Embedded, say: Callable[[str], None], *, back_off_first: float = BACK_OFF_FIRST
    ) -> None:
        self.starts = 1
        self._server = server
        self._say = say
        self._back_off_first = back_off_first
        self._reason: str | None = None
        self._left = False
        self._stopping = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    @property
    def running(self) -> bool:
        """True while the server's main process exists; it may still be recovering."""
        return self._server.status().running

    def start(self) -> None:
        """Begin to watch the server."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, and end the server: in order when it answers, else within a few seconds."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        os.close(self._wake_write)
        self._server.interrupt()
        self._thread.join(timeout=3)
        self._server.stop(force=self._left or self.left())

    def unwell(self) -> str | None:
        """Return why the database cannot be used now; None while it accepts connections.

        Blocks for some seconds at most.
        """
        if self._reason is not None:
            return self._reason
        try:
            psycopg.connect(self._server.dsn, connect_timeout=ANSWER).close()
        except psycopg.OperationalError as error:
            said = str(error).strip().splitlines() or ["no reason given"]
            return f"PostgreSQL runs but does not answer: {said[-1].strip()}"
        return None

    def left(self) -> bool:
        """Return whether processes that are told to stop now must do so without the database.

        `stop` then ends the server quickly too.
        """
        self._left = self._reason is not None or not answers(self._server.dsn)
        return self._left

    def stuck(self) -> str | None:
        """Return why only a restart of this process would help; None while the server is watched."""
        return None if self._thread.is_alive() else "Nobody watches PostgreSQL: start Sendmill again."

    def _keep(self) -> None:
        wait = self._back_off_first
        while not self._stopping.is_set():
            began = monotonic()
            self._wait_for_end()
            if self._stopping.is_set():
                return
            if monotonic() - began > BACK_OFF_MOST:
                wait = self._back_off_first
            wait = self._restore(wait)

    def _wait_for_end(self, seconds: float | None = None) -> bool:
        """Wait until the server has ended or `stop` was called; return False when ``seconds`` have passed before."""
        deadline = None if seconds is None else monotonic() + seconds
        while True:
            status = self._server.status()
            if self._stopping.is_set() or not status.running or status.pid is None:
                return True
            left = None if deadline is None else deadline - monotonic()
            if left is not None and left <= 0:
                return False
            self._wait_for(status.pid, left)

    def _wait_for(self, pid: int, seconds: float | None) -> None:
        """Sleep until the process has ended, `stop` was called, or the time is over."""
        try:
            process = os.pidfd_open(pid)
        except (AttributeError, OSError):
            # This system has no pidfd_open, or the process has ended.
            self._stopping.wait(LOOK if seconds is None else min(LOOK, seconds))
            return
        try:
            poll = select.poll()
            poll.register(process, select.POLLIN)
            poll.register(self._wake_read, select.POLLIN)
            poll.poll(None if seconds is None else seconds * 1000)
        finally:
            os.close(process)

    def _restore(self, wait: float) -> float:
        """Start the server until it keeps running, waiting longer each time; return the wait for the next time."""
        began, said = monotonic(), None
        self._reason = "PostgreSQL has ended and is being started again; after a crash it recovers first."
        self._say("PostgreSQL has ended; it is started again.")
        while not self._stopping.is_set():
            try:
                self._server.start()
            except StartInterruptedError:
                break
            # Any error may be mended while we wait, and nobody else would start the server.
            except Exception as error:
                reason = (
                    str(error) if isinstance(error, PostgresError) else f"{type(error).__name__}: {error}"
                )
                self._reason = f"PostgreSQL cannot be started; it is tried again by itself. {reason}"
                if type(error) is not said:
                    said = type(error)
                    self._say(self._reason)
            else:
                self.starts += 1
                self._reason = None
                back = monotonic()
                if not self._wait_for_end(STEADY):
                    self._say(f"PostgreSQL is back after {back - began:.1f} seconds.")
                    break
                self._reason = "PostgreSQL ends soon after each start; it is started again."
            self._stopping.wait(wait)
            wait = min(wait * 2, BACK_OFF_MOST)
        return wait
