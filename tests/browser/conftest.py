"""A headless Chromium whose console must stay silent, and the account that it looks at.

The browser ends with each module's tests: a Playwright that lives on would keep its event loop running in the
thread that the asyncio tests of other folders need.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.rig.scenes import Scene

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
PATIENCE = 30_000
"""How long to wait for something to appear, in milliseconds: a busy machine is no failure."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is not installed, so no page was looked at (Debian: apt install chromium).")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What these tests commit is gone when others begin, which count on empty tables."""
    yield
    from tests.rig import scenes

    with django_db_blocker.unblock():
        scenes.clear()


@pytest.fixture
def _django_db_helper() -> None:
    """In place of pytest-django's: what a test does is committed, as the server's thread must see it."""


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The account in the middle of its work, seen by the server and by the tests alike."""
    from console_build import compile_catalogues
    from django.test import override_settings
    from tests.rig import scenes

    compile_catalogues()
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=quick):
        yield scenes.build()
        scenes.clear()


@pytest.fixture(scope="module")
def server(scene: Scene) -> Iterator[str]:
    """The address of the console, served from a thread of this process."""
    from django.db import connection
    from django.test.testcases import LiveServerThread

    # A thread waits for the browser's next request; its database connection must not wait with it.
    connection.settings_dict["CONN_MAX_AGE"] = 0
    thread = LiveServerThread("localhost", lambda handler: handler)
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://{thread.host}:{thread.port}"
    thread.terminate()


@pytest.fixture
def page(server: str, chromium: Browser) -> Iterator[Page]:
    """A fresh page of the console; whatever the browser's console says fails the test."""
    from django.db import connections

    context = chromium.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404" not in message.text:
            said.append(f"{message.text} ({message.location['url']})")

    context.on("console", listen)
    context.on("weberror", lambda error: said.append(str(error.error)))
    shown = context.new_page()
    shown.set_default_timeout(PATIENCE)
    yield shown
    context.close()
    # While Playwright's event loop runs, Django gives this thread a connection that only this point sees.
    connections.close_all()
    assert said == []
