"""Functions that use Django's connection, run against a database of the store's tests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sendmill.postgres.embedded.server import django_database

T = TypeVar("T")


@dataclass(frozen=True)
class InDjango:
    """Calls functions in a thread of their own, whose connection `default` leads to `address`.

    `blocker` is pytest-django's, which keeps tests from databases that they did not ask for.
    """

    address: str
    blocker: Any

    def __call__(self, step: Callable[..., T], *args: Any) -> T:
        with self.blocker.unblock(), ThreadPoolExecutor(1) as thread:
            return thread.submit(self._run, step, args).result()

    def _run(self, step: Callable[..., T], args: tuple[Any, ...]) -> T:
        from django.db import connections

        connection = connections.create_connection("default")
        connection.settings_dict = {**connection.settings_dict, **django_database(self.address)}
        connections["default"] = connection
        try:
            return step(*args)
        finally:
            connection.close()
