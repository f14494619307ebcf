"""Pictures of every page in both languages, on a desk and on a phone: `python -m tests.browser.screenshots`.

Starts its own database and server in a temporary folder and removes them again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from tests.rig.scenes import Member, Scene

ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]


def main() -> None:
    """Build the account, serve it, and take the pictures."""
    parser = argparse.ArgumentParser(description="Take pictures of every page of the console.")
    parser.add_argument("-o", "--out", type=Path, default=Path("screenshots"), help="folder of the pictures")
    parser.add_argument("--dark", action="store_true", help="the dark look")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sendmill-pictures-"))
    folder.chmod(0o755)
    os.environ["SENDMILL_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sendmill.django_settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from sendmill.postgres.embedded.server import Embedded

    try:
        with Embedded(folder, durable=False, dies_with_parent=True) as database:
            os.environ["DATABASE_URL"] = database.dsn
            scene = _prepare()
            with _serve() as address, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
                _take(browser, address, scene, options.out, "dark" if options.dark else "light")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> Scene:
    import django

    django.setup()
    from django.core.management import call_command
    from tests.rig import scenes

    from sendmill.console import translations

    translations.compile_all()
    call_command("migrate", verbosity=0)
    return scenes.build()


@contextmanager
def _serve() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    server = subprocess.Popen([*command, "--port", str(port), "sendmill.console.wsgi:application"])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _take(browser: Browser, address: str, scene: Scene, out: Path, look: str) -> None:
    from tests.browser.tour import LANGUAGES, WIDTHS, stops

    from sendmill.accounts.models import Member

    out.mkdir(parents=True, exist_ok=True)
    _switch_second_factor_on(scene.members["reviewer"])
    for language in LANGUAGES:
        Member.objects.update(language=language)
        for width, height in WIDTHS.items():
            context = browser.new_context(
                base_url=address,
                viewport={"width": width, "height": height},
                color_scheme="dark" if look == "dark" else "light",
                locale="zh-CN" if language == "zh-hans" else "en-US",
            )
            page = context.new_page()
            page.goto("/sign-in/")
            page.screenshot(path=out / f"sign-in-{language}-{width}-{look}.png")
            _give_password(page, "demo-reviewer")
            page.wait_for_url("**/sign-in/code/")
            page.screenshot(path=out / f"sign-in-code-{language}-{width}-{look}.png")
            page.goto("/sign-in/")
            _give_password(page, "demo")
            page.wait_for_url("**/tasks/")
            for name, target in stops(scene).items():
                page.goto(target)
                page.screenshot(path=out / f"{name}-{language}-{width}-{look}.png", full_page=True)
            context.close()
    _take_held(browser, address, scene, out, look)
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")  # noqa: T201


def _take_held(browser: Browser, address: str, scene: Scene, out: Path, look: str) -> None:
    """The pages of a store that is held, for who decides and for who looks on."""
    from tests.browser.tour import LANGUAGES, WIDTHS
    from tests.rig import stopped

    from sendmill.accounts.models import Member

    stopped.hold()
    for language, (width, height) in ((one, size) for one in LANGUAGES for size in WIDTHS.items()):
        Member.objects.update(language=language)
        for username in ("demo", "demo-viewer"):
            context = browser.new_context(
                base_url=address,
                viewport={"width": width, "height": height},
                color_scheme="dark" if look == "dark" else "light",
            )
            page = context.new_page()
            page.goto("/sign-in/")
            _give_password(page, username)
            page.wait_for_url("**/tasks/")
            for name, target in stopped.stops(scene).items():
                page.goto(target)
                page.screenshot(path=out / f"{name}-{username}-{language}-{width}-{look}.png", full_page=True)
            context.close()


def _give_password(page: Page, name: str) -> None:
    from tests.rig.scenes import PASSWORD

    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")


def _switch_second_factor_on(member: Member) -> None:
    """So that the sign-in asks this member for a code."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.create(user=member, name="app")


if __name__ == "__main__":
    main()
