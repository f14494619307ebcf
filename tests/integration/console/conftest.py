"""Compiled catalogues, and an account in the middle of its work, made once for each module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.rig.scenes import Member, Scene


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    from sendmill.console import translations

    translations.compile_all()


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    """Each test client would look at every static file first, and passwords are costly on purpose."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The account with everything in it; what a test changes is undone after it."""
    from django.test import override_settings
    from tests.rig import scenes

    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=quick):
        made = scenes.build()
    yield made
    with django_db_blocker.unblock():
        scenes.clear()


@pytest.fixture(scope="module")
def stranger(scene: Scene, django_db_blocker: DjangoDbBlocker) -> Member:
    """An administrator of another account."""
    from tests.rig.scenes import Account, Member

    with django_db_blocker.unblock():
        account = Account.objects.create(name="Elsewhere")
        return Member.objects.create_user("stranger", password=None, account=account, role="admin")
