"""A database of each release, with data, becomes one of today; and processes of that release live beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.rig.databases import drop_database, migrate

from sendmill.postgres.embedded.binaries import INSTALL, wheel_base

RELEASES = sorted((Path(__file__).parents[2] / "upgrade").glob("release_*"))
PROGRAMS = wheel_base() / INSTALL / "bin"


@pytest.fixture(scope="module", params=RELEASES, ids=lambda folder: folder.name)
def release(request: pytest.FixtureRequest) -> Path:
    """The folder of a recorded release."""
    folder: Path = request.param
    return folder


@pytest.fixture(scope="module")
def upgraded(database_url: str, release: Path) -> Iterator[str]:
    """The address of the release's database after today's migrations."""
    name = f"upgrade_{release.name}_{os.getpid()}"
    with psycopg.connect(make_conninfo(database_url, dbname="postgres"), autocommit=True) as conn:
        drop_database(conn, name)
        conn.execute(f'CREATE DATABASE "{name}"')
        url = make_conninfo(database_url, dbname=name)
        try:
            load = [PROGRAMS / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file"]
            subprocess.run([*load, release / "dump.sql", url], check=True, stdout=subprocess.DEVNULL)
            migrate(url)
            yield url
        finally:
            drop_database(conn, name)


def schema_of(url: str) -> set[str]:
    """The statements of the schema, but for the partitions, which depend on the day.

    Without casts and parentheses: a dump that was loaded is written with others.
    """
    dump = subprocess.run(
        [PROGRAMS / "pg_dump", "--schema-only", "--no-owner", "--no-privileges", url],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    statements = re.split(r";\n", dump)
    return {
        re.sub(r"::[a-z ]+(\[\])?|[()\s]", "", one)
        for statement in statements
        if not re.search(r"_[pd]\d|ATTACH PARTITION|restrict", statement)
        for one in [re.sub(r"--[^\n]*", "", statement)]
        if one.strip()
    }


def test_it_has_the_tables_of_a_new_database(upgraded: str, database_url: str, store_template: str) -> None:
    new = schema_of(make_conninfo(database_url, dbname=store_template))
    old = schema_of(upgraded)
    assert len(new) > 100
    assert old == new


def test_its_tasks_counters_and_money_are_what_they_were(upgraded: str) -> None:
    with psycopg.connect(upgraded) as conn:
        statuses = dict(conn.execute("SELECT status, count(*) FROM task GROUP BY 1").fetchall())
        assert statuses == {"completed": 1, "executing": 1, "pending": 2, "canceled": 2}
        differing = conn.execute(
            "SELECT t.task_id, t.n FROM tally t LEFT JOIN message m ON m.task_id = t.task_id AND m.seq / 1000 = t.n "
            "GROUP BY t.task_id, t.n HAVING (t.messages, t.successful, t.failed) IS DISTINCT FROM "
            "(count(m.seq), count(*) FILTER (WHERE m.result = 1), count(*) FILTER (WHERE m.result = 2))"
        ).fetchall()
        assert differing == []
        (amount, entries) = conn.execute(
            "SELECT sum(b.amount), (SELECT sum(amount) FROM ledger_entry) FROM balance b"
        ).fetchone() or (None, None)
        assert amount == entries
        assert amount is not None


def test_its_commands_answer(upgraded: str, tmp_path: Path) -> None:
    from tests.acceptance.cli.running import Demo

    environment = Demo(tmp_path, 0).environment | {
        "DATABASE_URL": upgraded,
        "SENDMILL_ALLOW_UNSAFE_SERVER": "true",
    }
    for words in (["task", "list"], ["balance", "check"], ["carrier", "list"], ["signature", "list"]):
        done = subprocess.run(
            [sys.executable, "-m", "sendmill", *words],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (words, done.stderr)


def test_the_statements_of_its_processes_still_work(upgraded: str, release: Path) -> None:
    """A sender, a worker and a console of that release may run until they are stopped: what they send is planned."""
    statements = (release / "statements.sql").read_text(encoding="utf-8").splitlines()
    assert len(statements) > 100
    refused = []
    with psycopg.connect(upgraded, autocommit=True) as conn:
        for statement in statements:
            try:
                conn.execute(f"EXPLAIN (GENERIC_PLAN) {statement}".encode(), prepare=False)
            except psycopg.Error as error:
                refused.append((str(error).splitlines()[0], statement[:200]))
    assert refused == []
