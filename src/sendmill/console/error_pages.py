"""The pages of errors: 503 while the database does not answer, 507 while the disk is full, 500 for everything else."""

from __future__ import annotations

import logging
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.template import loader

from sendmill.postgres.outages import database, loss_of
from sendmill.runtime.disk_full import disk, shortage_of
from sendmill.tasks import disk_errors

SECONDS = 10  # until a browser asks again by itself
PART = "pages"


def show(request: HttpRequest) -> HttpResponse:
    """The page of the error being handled. Its templates need neither the database nor a language.

    503 while the database does not answer: a page that was only looked at is asked for again by itself. 507 while
    the disk takes nothing.
    """
    error = sys.exc_info()[1]
    if error is not None and disk.note(PART, error):
        return HttpResponse(loader.render_to_string("507.html"), status=507)
    if not isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    database.lost(PART, error)
    context = {"seconds": SECONDS if request.method == "GET" else None}
    away = HttpResponse(loader.render_to_string("503.html", context), status=503)
    away.headers["Retry-After"] = str(SECONDS)
    return away


class SaidElsewhere(logging.Filter):
    """Drops log lines of requests that failed by a lost database or a full disk: the process logs each outage once."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is logged."""
        error = (record.exc_info or (None, None))[1]
        if error is None:
            return getattr(record, "status_code", None) != disk_errors.STATUS
        return loss_of(error) is None and shortage_of(error) is None


def watch_database() -> None:
    """Log once when pages lose the database, and once when the first connection works again."""
    logging.getLogger("django.request").addFilter(SaidElsewhere())
    connection_created.connect(_connected, dispatch_uid="outages")


def _connected(**_: Any) -> None:
    database.back(PART)
