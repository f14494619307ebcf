"""Addresses of database servers: as Django's settings, and the check of the server's version."""

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from sendmill.postgres.errors import PostgresError, ServerTooOldError, ServerUnreachableError
from sendmill.postgres.session_settings import options

# RETURNING old/new arrived in 18; the hot path uses it.
OLDEST_VERSION = 18


def django_database(dsn: str) -> dict[str, Any]:
    """Return a PostgreSQL DSN (URL or key=value) as an entry of Django's DATABASES.

    A socket folder becomes HOST; parameters that Django has no key for become OPTIONS, with the session settings that
    the promise needs. Raises `PostgresError` for an invalid DSN.
    """
    try:
        parts = dict(conninfo_to_dict(dsn))
    except psycopg.ProgrammingError as error:
        # The driver's sentence quotes the DSN, which may hold a password.
        raise PostgresError(
            "DATABASE_URL is not a PostgreSQL address; it looks like postgresql://user:password@host:5432/database"
        ) from error
    entry: dict[str, Any] = {"ENGINE": "sendmill.postgres.django_backend"}
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    for key, name in names.items():
        value = parts.pop(name, None)
        entry[key] = "" if value is None else str(value)
    entry["OPTIONS"] = {**primary_only(dsn), **parts, "options": options(str(parts.get("options") or ""))}
    return entry


def primary_only(dsn: str) -> dict[str, str]:
    """Return the parameters that restrict an address of several hosts to the primary.

    Empty for one host, and where the address itself says which server it wants.
    """
    parts = conninfo_to_dict(dsn)
    several = "," in str(parts.get("host") or "") or "," in str(parts.get("hostaddr") or "")
    return {"target_session_attrs": "read-write"} if several and "target_session_attrs" not in parts else {}


def server_version_check(dsn: str, *, connect_timeout: int = 10) -> int:
    """Return the server's version as a number (180006 is 18.6), once it is new enough for Sendmill.

    Raises `ServerUnreachableError` or `ServerTooOldError`; neither sentence holds a password.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=connect_timeout) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        # An error about an invalid address quotes it with its password; one of an attempt to connect does not.
        tried = isinstance(error, psycopg.OperationalError)
        reason = str(error).strip().splitlines()[0] if tried else "the address is not valid"
        raise ServerUnreachableError(
            f"The database server does not answer: {reason}. Check DATABASE_URL and that the server runs."
        ) from error
    if version < OLDEST_VERSION * 10_000:
        raise ServerTooOldError(
            f"The database server is PostgreSQL {version // 10_000}; Sendmill needs {OLDEST_VERSION} or "
            "newer: upgrade it, or unset DATABASE_URL to use the embedded one."
        )
    return version
