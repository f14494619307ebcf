"""The pages of a held store in a real browser. A module of its own: the hold stays for what comes after it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_console import sign_in
from tests.browser.tour import LANGUAGES, WIDTHS
from tests.rig import stopped
from tests.rig.scenes import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_held_store_fit(page: Page, scene: Scene, language: str, width: int) -> None:
    stopped.hold()
    sign_in(page, language=language)
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    for name, address in stopped.stops(scene).items():
        page.goto(address)
        expect(page.locator("#notices .notice-error").first).to_be_visible()
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, name


def test_a_decision_is_asked_for_and_taken(page: Page, scene: Scene) -> None:
    stopped.hold()
    sign_in(page, language="en")
    page.goto(stopped.stops(scene)["held"])
    row = page.locator(".held-list li").filter(has_text=scene.tasks["paused"].name)
    row.get_by_role("button", name="Treat as uncertain").click()
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("3,944 messages were decided about")
    expect(row).to_have_count(0)
