"""Every page can be used by everybody, as far as a program can tell: axe-core finds nothing."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.browser.test_console import sign_in
from tests.browser.tour import WIDTHS, stops
from tests.rig.scenes import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[tuple[str, str]]:
    """What is wrong with the page: the rule, and where it is broken first."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate("async rules => (await axe.run(rules)).violations", RULES)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


@pytest.mark.parametrize(("width", "look"), list(zip(WIDTHS, ("light", "dark"), strict=True)))
def test_every_page_can_be_used_by_everybody(page: Page, scene: Scene, width: int, look: str) -> None:
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    broken: dict[tuple[str, str], list[str]] = defaultdict(list)
    page.goto("/")
    for one in violations(page):
        broken[one].append("sign-in")
    sign_in(page)
    for name, address in stops(scene).items():
        page.goto(address)
        for one in violations(page):
            broken[one].append(name)
    assert not broken, "\n" + "\n".join(
        f"{rule}: {html} on {', '.join(sorted(names))}" for (rule, html), names in sorted(broken.items())
    )
