"""Compiled catalogues, and an account in the middle of its work, made once for all pages, in a database of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from psycopg.conninfo import conninfo_to_dict
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.rig.scenes import Member, Scene


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    from console_build import compile_catalogues

    compile_catalogues()


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    """Each test client would look at every static file first, and passwords are costly on purpose."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def scene_database(
    database_url: str, store_template: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[str, Scene, Member]]:
    """A database with the account with everything in it, and an administrator of another account."""
    from django.test import override_settings
    from tests.rig import scenes
    from tests.rig.databases import own_database

    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with own_database(database_url, store_template) as address:
        name = conninfo_to_dict(address)["dbname"]
        with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=quick), connected_to(str(name)):
            scene = scenes.build()
            account = scenes.Account.objects.create(name="Elsewhere")
            stranger = scenes.Member.objects.create_user(
                "stranger", password=None, account=account, role="admin"
            )
        yield str(name), scene, stranger


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection lead to another database of the same server."""
    from django.db import connection

    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="module", autouse=True)
def _in_the_scene(scene_database: tuple[str, Scene, Member]) -> Iterator[None]:
    """What the tests of a module do, they do there; each of them is undone."""
    with connected_to(scene_database[0]):
        yield


@pytest.fixture
def scene(scene_database: tuple[str, Scene, Member]) -> Scene:
    """The account with everything in it, as it was made."""
    return copy.deepcopy(scene_database[1])


@pytest.fixture
def stranger(scene_database: tuple[str, Scene, Member]) -> Member:
    """An administrator of another account."""
    return copy.deepcopy(scene_database[2])
