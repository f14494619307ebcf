"""Backups made and put back in this process, with a key that every test has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pyrage
from tests.rig.store import Account, add_carrier, add_task

from sendmill.backup.create import Made, make_backup
from sendmill.backup.database_snapshot import count_rows
from sendmill.backup.encryption import Opening, new_key, seal_for
from sendmill.backup.restore import Place, Restored, restore

Rows = psycopg.Connection[tuple[Any, ...]]
SECRET, PUBLIC = new_key()
OPENING = Opening(identities=(pyrage.x25519.Identity.from_str(SECRET),))


def add_messages(rows: Rows, account: Account, number: int) -> int:
    carrier = add_carrier(rows, account)
    return add_task(rows, account, carrier, range(4917_0000_0000, 4917_0000_0000 + number))


def back_up(url: str, data: Path, to: Path) -> Made:
    return make_backup(url, data, to, seal_for([PUBLIC]), settings=["SENDMILL_HOST"], embedded=False)


def known() -> list[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return list(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def put_back(
    path: Path, place: Place, migrate: Callable[[str, Path], None] = lambda dsn, folder: None
) -> Restored:
    return restore(path, OPENING, place, known=known(), migrate=migrate)


def in_django(dsn: str, *words: str) -> None:
    """A command of Django on this database; it must succeed."""
    in_python(dsn, "-m", "django", *words)


def in_python(dsn: str, *words: str) -> str:
    """What a process of ours prints that works on this database."""
    done = subprocess.run(
        [sys.executable, *words],
        env=os.environ | {"DATABASE_URL": dsn, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


@contextmanager
def unchanged(url: str, folder: Path) -> Iterator[None]:
    """The database and the folder are afterwards as they were."""
    before = state_of(url, folder)
    yield
    assert state_of(url, folder) == before


def state_of(url: str, folder: Path) -> tuple[dict[str, int], list[str], list[str]]:
    with psycopg.connect(url) as rows:
        schemas = rows.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1"
        ).fetchall()
        counts = count_rows(rows)
    return counts, [name for (name,) in schemas], sorted(map(str, folder.rglob("*")))
