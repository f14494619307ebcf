"""Record a release: `python -m tests.upgrade.record release_0` writes what later schemas are tested against.

`dump.sql` is a database of that release with data in every state a person meets; `statements.sql` are the statements
that its processes sent meanwhile, one a line. The tests load the dump, migrate it, and ask PostgreSQL to plan each
statement on the migrated tables: that is what a process of the older release sends that still runs beside them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
import polars as pl
import psycopg
from psycopg.conninfo import make_conninfo
from tests.acceptance.cli.running import Demo, free_port

from sendmill.postgres.embedded.binaries import INSTALL, wheel_base
from sendmill.postgres.embedded.folders import SUPERUSER, Folders
from sendmill.postgres.embedded.server import Embedded
from sendmill.spreadsheets.writer import write_xlsx

HERE = Path(__file__).parent
# What names the machine on which it was recorded.
SCRUB = (
    "UPDATE place SET key = 'recorded', machine = 'recorded', folder = 'recorded', server = 'recorded', "
    "host = 'recorded', noted_by = 'recorded'",
    "UPDATE sender SET host = 'recorded', place = 'recorded'",
    "UPDATE member SET password = '!'",
    "DELETE FROM django_session",
    "TRUNCATE procrastinate_workers CASCADE",
)
FEW = 5  # messages
SPOKEN = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def main() -> None:
    """Record into the folder of the release that is named on the command line."""
    target = HERE / sys.argv[1]
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sendmill-release-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        demo = Demo(folder, free_port())
        demo.start()
        try:
            log_statements(folder)
            use(demo, folder)
        finally:
            demo.stop()
        # Django writes values into the text: one statement of each shape will do.
        shapes = {shape(text): text for text in sorted(spoken(folder), key=len, reverse=True)}
        statements = sorted(shapes.values())
        (target / "statements.sql").write_text("\n".join(statements) + "\n", encoding="utf-8")
        (target / "dump.sql").write_text(dump(folder), encoding="utf-8")
    sys.stdout.write(f"{len(statements)} statements, {(target / 'dump.sql').stat().st_size // 1000} kB\n")


def log_statements(folder: Path) -> None:
    """Let the server log every statement of Sendmill's role."""
    embedded = Embedded(folder)
    superuser = make_conninfo(embedded.status().dsn, user=SUPERUSER)
    with psycopg.connect(superuser, autocommit=True) as conn:
        conn.execute("ALTER SYSTEM SET log_statement = 'all'")
        conn.execute("SELECT pg_reload_conf()")


def use(demo: Demo, folder: Path) -> None:
    """Make tasks in every state that does not need days, and look at them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sendmill.django_settings")
    os.environ.setdefault("SENDMILL_SECRET_KEY", "recording")
    django.setup()
    from sendmill.catalog.demo.sample_files import samples

    later = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%dT12:00}"
    for sample in samples():
        path = folder / f"{sample.name}.xlsx"
        rows = pl.DataFrame(sample.rows, schema=[f"c{at}" for at in range(len(sample.header))], orient="row")
        with path.open("wb") as file:
            write_xlsx(file, sample.header, [rows])
        words = ["send", str(path), "--application", sample.application, "--template", sample.template]
        until_reported(demo, demo.json(*words)["task"])
        demo.json(*words, "--at", later)
        canceled = str(demo.json(*words, "--at", later)["task"])
        for command in (
            ["task", "cancel", canceled],
            ["task", "list"],
            ["balance", "show"],
            ["balance", "check"],
        ):
            done = demo.run(*command)
            assert done.returncode == 0, done.stderr


def until_reported(demo: Demo, task: int) -> None:
    """Wait until the task's messages have a result, but for those few that the simulator never reports."""
    while True:
        shown = demo.json("task", "show", str(task))
        if shown["accepted"] and shown["waiting"] == 0 and shown["sending"] < FEW:
            return
        time.sleep(1)


def spoken(folder: Path) -> Iterator[str]:
    """The statements of the log that read or write rows, as one line each."""
    entry = re.compile(r"LOG:  (?:statement|execute [^:]*): (.*)", re.DOTALL)
    for log in Folders.below(folder).logs.glob("postgres-*.log"):
        for line in re.split(r"\n(?=\d{4}-\d\d-\d\d )", log.read_text(encoding="utf-8")):
            if (found := entry.search(line)) is not None:
                text = " ".join(re.sub(r"--[^\n]*", " ", found.group(1)).split())
                if text.startswith(SPOKEN) and "pg_catalog" not in text:
                    yield text


def shape(statement: str) -> str:
    """The statement without its values."""
    return re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", statement)


def dump(folder: Path) -> str:
    """The whole database as SQL, without what names the machine."""
    with Embedded(folder) as embedded:
        with psycopg.connect(embedded.dsn, autocommit=True) as conn:
            for statement in SCRUB:
                conn.execute(statement)
        program = wheel_base() / INSTALL / "bin" / "pg_dump"
        arguments = [str(program), "--no-owner", "--no-privileges", "--restrict-key=release", embedded.dsn]
        return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
