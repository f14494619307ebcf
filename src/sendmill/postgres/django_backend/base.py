"""The database backend that settings.DATABASES names; Django asks for a module called `base`."""

from __future__ import annotations

from django.db.backends.postgresql import base

from sendmill.postgres.durable_connections import DRIVER


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, except for the class of its connections."""

    Database = DRIVER
