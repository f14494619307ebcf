"""`sendmill doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import CommandError
from sendmill.cli.output import show_json
from sendmill.cli.startup import prepare, read_environment
from sendmill.schemas.finding import FindingSchema

LEAST_DISK = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: fine or not, in a sentence that says what to do."""

    name: str
    fine: bool
    sentence: str


def look_at_python() -> Finding:
    """The interpreter and the packages that carry native code."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", sys.version_info >= (3, 11), f"Python {version} (3.11 or newer is needed).")


def look_at_data_folder() -> Finding:
    """Whether the data folder can be written and has room."""
    folder = read_environment().data_dir
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(existing, os.W_OK):
        return Finding(
            "data folder", False, f"{folder} cannot be written; set SENDMILL_DATA_DIR to a folder of yours."
        )
    free = shutil.disk_usage(existing).free
    if free < LEAST_DISK:
        return Finding(
            "data folder",
            False,
            f"Only {free // 1024**2} MB are free at {folder}; a million messages need 2 GB.",
        )
    return Finding("data folder", True, f"{folder}, {free // 1024**3} GB free.")


def look_at_database() -> Finding:
    """Whether PostgreSQL answers and is new enough."""
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        connection.ensure_connection()
    except OperationalError:
        from sendmill.cli.database_diagnosis import why_away

        return Finding("database", False, why_away(read_environment()))
    version = connection.pg_version  # type: ignore[attr-defined]
    if version < 180000:
        return Finding(
            "database", False, f"It is PostgreSQL {version // 10000}; Sendmill needs 18 or newer. Upgrade it."
        )
    return Finding("database", True, f"PostgreSQL {version // 10000}.{version % 10000} answers.")


def look_at_server() -> Finding:
    """Whether the server's settings and standbys keep what it commits."""
    from django.db import connection

    from sendmill.postgres.server_settings import find_shortcomings, read_server

    with connection.cursor() as cursor:
        server = read_server(cursor)
    found = find_shortcomings(server)
    if found:
        return Finding("durability", False, " ".join(map(str, found)))
    if server.standbys:
        return Finding(
            "durability",
            True,
            "Commits are on disk and on a synchronous standby before anything is sent.",
        )
    return Finding(
        "durability",
        True,
        "Commits are on disk before anything is sent; there is no standby: losing this disk loses the store.",
    )


def look_at_tables() -> Finding:
    """Whether the tables are those of this version, neither newer nor older."""
    from sendmill.postgres.schema_versions import schema_version

    found = schema_version()
    wrong = found.newer or found.older
    return Finding("tables", not wrong, wrong or "Up to date.")


def look_at_store() -> Finding:
    """Whether the store may be older than what was sent from it."""
    from sendmill.tasks.hold_release import is_examined, open_hold

    hold = open_hold()
    if hold is not None:
        return Finding("store", False, f"Held, nothing is sent. {hold} See `sendmill held show`.")
    if not is_examined():
        return Finding(
            "store",
            False,
            "No sender has looked yet, since the database was started, whether it is as new as what was sent from it.",
        )
    from sendmill.catalog.demo.account import FILE_NAME
    from sendmill.cli.surroundings import surroundings_of

    environment = read_environment()
    data = environment.data_dir.resolve()
    inside = [one for one in surroundings_of(environment).folders if one.resolve().is_relative_to(data)]
    if inside and not (data / FILE_NAME).exists():
        return Finding(
            "store",
            False,
            f"Its marks lie in the data folder ({inside[0]}): a backup of that takes them along, and is not noticed "
            "when it is put back. Set SENDMILL_STATE_DIR to a folder outside of it.",
        )
    return Finding("store", True, "Not held: it is as new as what was sent from it.")


def look_at_senders() -> Finding:
    """Whether a sender holds its lock."""
    from django.db import connection

    from sendmill.message_store.sender_locks import LIVING_SENDERS, SENDER_LOCK

    with connection.cursor() as cursor:
        cursor.execute(LIVING_SENDERS, {"lock": SENDER_LOCK})
        row = cursor.fetchone()
    if not row or not row[0]:
        return Finding(
            "sender", False, "None runs, so nothing is sent. Run `sendmill up` or `sendmill sender`."
        )
    return Finding("sender", True, f"{row[0]} running.")


def look_at_binds() -> Finding:
    """What each bind says of itself, as a living sender holds it, and what was wrong with carriers for long."""
    from django.db import connection

    from sendmill.catalog.carrier_warnings import warnings_of
    from sendmill.catalog.models import Carrier
    from sendmill.message_store.engine.bind_states import HELD_STATES

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT carrier_id, slot, state, sentence FROM ({HELD_STATES}) b ORDER BY 1, 2")
        binds = cursor.fetchall()
    carriers = list(Carrier.objects.filter(enabled=True))
    names = {carrier.pk: carrier.name for carrier in carriers}
    if not names:
        return Finding("carriers", False, "None is enabled. Add one on the Carriers page.")
    down = [
        f"{names[carrier]}: {sentence or state}"
        for carrier, _, state, sentence in binds
        if carrier in names and state != "bound"
    ]
    missing = [name for key, name in names.items() if key not in {bind[0] for bind in binds}]
    said = [f"{carrier.name}: {warning}" for carrier in carriers for warning in warnings_of(carrier)]
    if down or missing or said:
        lines = [*down, *(f"{name}: not bound." for name in missing), *said]
        return Finding("carriers", False, " ".join(lines))
    return Finding("carriers", True, f"{len(binds)} bound.")


def look_at_reports() -> Finding:
    """Whether the reports of each carrier come, match, and are understood."""
    from sendmill.catalog.models import Carrier
    from sendmill.catalog.report_health import find_report_trouble

    enabled = Carrier.objects.filter(enabled=True).order_by("pk")
    found = [str(one) for carrier in enabled for one in find_report_trouble(carrier)]
    return Finding("reports", not found, " ".join(found) or "They come and are understood.")


def look_at_assets() -> Finding:
    """Whether the front-end assets were built."""
    from importlib.resources import files

    if not files("sendmill.console").joinpath("static", "vendor").is_dir():
        return Finding("pages", False, "The front-end assets are missing. Run `make install`.")
    return Finding("pages", True, "The front-end assets are there.")


def look_at_watchpoints() -> Finding:
    """Where the processes of this machine serve health and metrics, and whether they answer."""
    from sendmill.runtime.process_endpoints import noted_in

    environment = read_environment()
    noted = noted_in(environment.data_dir)
    if not environment.metrics_host:
        return Finding("metrics", True, "Not served: SENDMILL_METRICS_HOST is empty.")
    if not noted:
        return Finding("metrics", True, "No process of this machine serves them now.")
    silent = [one.process for one in noted if not _answers(one.host, one.port)]
    if silent:
        return Finding(
            "metrics", False, f"Not answering: {', '.join(silent)}. Look into the log, and start it again."
        )
    return Finding("metrics", True, ", ".join(f"{one.process} {one.address}metrics" for one in noted))


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=3):
            return True
    except OSError:
        return False


def look_around() -> list[Finding]:
    """Every finding; what needs the database is left out when it does not answer."""
    findings = [look_at_python(), look_at_data_folder(), look_at_assets(), look_at_database()]
    if not findings[-1].fine:
        return findings
    findings += [look_at_server(), look_at_tables()]
    if not findings[-1].fine:
        return findings
    later: list[Callable[[], Finding]] = [
        look_at_store,
        look_at_senders,
        look_at_binds,
        look_at_reports,
        look_at_watchpoints,
    ]
    return findings + [look() for look in later]


@tells(FindingSchema, named=True, acting=False)
def doctor(caller: Caller) -> None:
    """Check that everything needed is there and runs; each problem comes with what to do."""
    prepare("cli", quiet=True)
    findings = look_around()
    if caller.as_json:
        show_json({one.name: FindingSchema.model_validate(one, from_attributes=True) for one in findings})
    else:
        for finding in findings:
            mark = typer.style("ok ", fg="green") if finding.fine else typer.style("!! ", fg="red", bold=True)
            typer.echo(f"{mark} {finding.name:12} {finding.sentence}")
    wrong = [finding.name for finding in findings if not finding.fine]
    if wrong:
        raise CommandError(f"To mend: {', '.join(wrong)}.")
