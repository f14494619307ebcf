"""Making a command ready: settings, Django, the database."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sendmill.cli.errors import CommandError, NotRunningError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sendmill.postgres.embedded.server import Embedded
    from sendmill.runtime.settings import Environment

MIGRATION_LOCK = 0x5E4D4D49  # advisory lock: one process migrates at a time


def read_environment() -> Environment:
    """The settings of this process. Raises CommandError naming the variable that is wrong."""
    try:
        from sendmill.runtime.settings import Environment

        environment = Environment()
        _ = environment.secret  # made in the data folder when there is none
        return environment
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = str(first["loc"][0]).upper()
        name = field if field == "DATABASE_URL" else f"SENDMILL_{field.removeprefix('SENDMILL_')}"
        raise CommandError(f"The setting {name} is wrong: {first['msg']}.") from None
    except OSError as error:
        raise CommandError(
            f"The data folder cannot be used: {error.filename}: {error.strerror}. "
            "Set SENDMILL_DATA_DIR to a folder of yours."
        ) from error


def prepare(process: str, *, quiet: bool = False) -> None:
    """Set up logging and Django for this process; the database is not touched.

    A quiet one, a command at which a person looks, logs warnings only unless told otherwise.
    """
    from sendmill.runtime.logs import configure_logging

    read_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sendmill.django_settings")
    try:
        level = {"SENDMILL_LOG_LEVEL": "warning"} if quiet else {}
        configure_logging(process, environment=level | dict(os.environ))
    except ValueError as error:
        raise CommandError(str(error)) from error
    import django

    # One line for each job that exists says nothing to anybody who starts a command.
    registering = [logging.getLogger(f"procrastinate.{name}") for name in ("periodic", "blueprints")]
    for one in registering:
        one.setLevel(logging.WARNING)
    django.setup()
    for one in registering:
        one.setLevel(logging.NOTSET)


def invitation_address(link: str) -> str:
    """Where a person opens the link of an invitation, by the settings of the console."""
    from django.urls import reverse

    environment = read_environment()
    scheme = "https" if environment.https else "http"
    return f"{scheme}://{console_host(environment)}{reverse('console:invitation', kwargs={'link': link})}"


def console_host(environment: Environment) -> str:
    """Host and port under which the console is reached: the first name it is allowed to serve."""
    names = [name.strip() for name in environment.allowed_hosts.split(",")]
    public = [name for name in names if name and not name.startswith((".", "*"))]
    if environment.https and public:
        return public[0]
    host = public[0] if public else environment.host
    return f"{host}:{environment.port}"


def need_database() -> None:
    """Raise NotRunningError unless the database answers and has our tables."""
    from django.db import connection
    from django.db.utils import OperationalError, ProgrammingError

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM task LIMIT 1")
    except OperationalError as error:
        raise NotRunningError(
            "The database does not answer. Start Sendmill with `sendmill up` or `sendmill demo`, "
            "or check DATABASE_URL."
        ) from error
    except ProgrammingError as error:
        raise NotRunningError("The database has no tables yet. Run `sendmill migrate`.") from error


@contextmanager
def database(environment: Environment, report: bool = True) -> Iterator[str]:
    """The database for as long as the block runs: one of one's own, or the embedded one, started if needed.

    Yields its connection string, and sets DATABASE_URL for this process and its children.
    """
    if environment.database_url:
        yield environment.database_url
        return
    embedded = embedded_server(environment, report)
    dsn = embedded.start()
    os.environ["DATABASE_URL"] = dsn
    try:
        yield dsn
    finally:
        embedded.stop()


def embedded_server(environment: Environment, report: bool) -> Embedded:
    """The embedded server of these settings, not started."""
    import typer

    from sendmill.postgres.embedded.server import Embedded

    def say(sentence: str) -> None:
        typer.secho(sentence, err=True, dim=True)

    return Embedded(environment.data_dir, adopt=True, report=say if report else None)


def apply_migrations() -> None:
    """Bring the tables up to this version; safe to run again, and from several processes at once.

    Raises CommandError, and changes nothing, when they are of a newer version.
    """
    from django.core.management import call_command
    from django.db import connection

    from sendmill.message_store.partitions import ensure_partitions
    from sendmill.postgres.schema_versions import schema_version

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            if newer := schema_version().newer:
                raise CommandError(newer)
            call_command("migrate", verbosity=0, interactive=False)
            ensure_partitions()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
