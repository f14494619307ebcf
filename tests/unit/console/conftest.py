"""Compiled catalogues, and an account in the middle of its work, made once for all tests of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.browser.scenes import Member, Scene


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    from sendmill.console import translations

    translations.compile_all()


@pytest.fixture(autouse=True)
def _lazy_files(settings: Settings) -> None:
    """Each test client would look at every static file first."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="package")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Scene:
    """The account with everything in it; what a test changes is undone after it."""
    from tests.browser import scenes

    with django_db_blocker.unblock():
        return scenes.build()


@pytest.fixture(scope="package")
def stranger(scene: Scene, django_db_blocker: DjangoDbBlocker) -> Member:
    """An administrator of another account."""
    from tests.browser.scenes import Account, Member

    with django_db_blocker.unblock():
        account = Account.objects.create(name="Elsewhere")
        return Member.objects.create_user("stranger", password=None, account=account, role="admin")
