"""Decides when the clock of the tasks ticks: twice a second while a task is active, else when it is notified."""

from __future__ import annotations

import select
from collections.abc import Callable
from threading import Event
from typing import Any

from django.db import Error, connection
from psycopg import Error as DriverError

TICK = 0.5  # seconds between ticks while a task is executed or due
REST = 3.0  # … and at most while none is: a notification can be lost with its connection
CHANNEL = "sendmill"

# Whether a tick would find a task: one that is executed, or that is due before the next look.
_BUSY = """
SELECT EXISTS (SELECT FROM task WHERE status = 'executing')
    OR EXISTS (SELECT FROM task
               WHERE status = 'pending' AND scheduled_at <= clock_timestamp() + make_interval(secs => %s))
"""


class Rest:
    """Waits between two ticks. It listens, on its thread's connection, for tasks that were made or changed.

    `looked` is called at each look that found nothing to do: the database answered, as at a tick.
    """

    def __init__(self, looked: Callable[[], None] = lambda: None) -> None:
        self._looked = looked
        self._listening: Any = None
        self._told = False

    def until_next(self, stop: Event) -> bool:
        """Wait until the next tick is due; return False when the worker is to stop."""
        if stop.wait(TICK):
            return False
        while not stop.is_set() and self._quiet():
            self._looked()
            self._wait(stop)
        return not stop.is_set()

    def _quiet(self) -> bool:
        """Return whether a tick would find nothing. False also when the database cannot be asked: the tick says why."""
        try:
            self._listen()
            self._told = False
            with connection.cursor() as cursor:
                cursor.execute(_BUSY, [REST])
                return not cursor.fetchone()[0]
        except Error:
            return False

    def _listen(self) -> None:
        connection.ensure_connection()
        driver = connection.connection
        if driver is not self._listening:
            driver.add_notify_handler(self._hear)
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._listening = driver

    def _hear(self, _told: object) -> None:
        self._told = True

    def _wait(self, stop: Event) -> None:
        """Wait for a notification, at most for the longest rest."""
        if self._told:
            return
        try:
            # A notification may have been read already, during another statement.
            if self._listening.pgconn.notifies() is None:
                select.select([self._listening], [], [], REST)
                self._listening.pgconn.consume_input()
            while self._listening.pgconn.notifies() is not None:
                pass
        except (DriverError, OSError, ValueError):
            # The connection has ended: the next look notices that, or the tick does.
            stop.wait(TICK)
