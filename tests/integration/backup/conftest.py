"""A store to back up, a database to restore into, and a data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.rig.backups import add_messages
from tests.rig.databases import drop_database, own_database
from tests.rig.store import add_account

_names = count(1)


@pytest.fixture
def source(database_url: str, store_template: str) -> Iterator[str]:
    """A store with a task of 3,000 messages."""
    with own_database(database_url, store_template) as url:
        with psycopg.connect(url, autocommit=True) as rows:
            account = add_account(rows, "Backups")
            add_messages(rows, account, 3_000)
        yield url


@pytest.fixture
def empty(database_url: str) -> Iterator[str]:
    """An empty database of the same server."""
    name = f"restored_{os.getpid()}_{next(_names)}"
    with psycopg.connect(make_conninfo(database_url, dbname="postgres"), autocommit=True) as rows:
        rows.execute(f'CREATE DATABASE "{name}"')
        yield make_conninfo(database_url, dbname=name)
        drop_database(rows, name)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with what Sendmill keeps in one, and with what belongs to this machine only."""
    folder = tmp_path / "data"
    for name, text in {
        "secret_key": "signs",
        "files/drafts/7/数字.csv": "Number\n",
        "files/downloads/all.xlsx": "x" * 100_000,
        "postgres/local.conf": "work_mem = '8MB'\n",
        "postgres/cluster/PG_VERSION": "18",
        "logs/sendmill.log": "line",
        "run/web-1.json": "{}",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
