"""A carrier watched, drained and passed over in a browser; routes made and tried."""

from __future__ import annotations

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from tests.browser.test_console import sign_in
from tests.rig.scenes import Scene

from sendmill.catalog.models import Application, Carrier, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def add_sample(carrier: Carrier, rate: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO carrier_sample (carrier_id, slot, bound, span, submitted, accepted, refused, unknown, "
            "throttled, delivered, failed, in_flight, seconds) "
            "VALUES (%s, 0, true, 5, %s, 0, 0, 0, 0, 10, 0, 5, '{0.25}')",
            [carrier.pk, rate * 5],
        )


def test_the_page_of_a_carrier_moves_by_itself_and_it_is_drained(page: Page, scene: Scene) -> None:
    carrier = scene.tasks["completed"].carrier
    assert carrier is not None
    sign_in(page)
    page.goto(f"/carriers/{carrier.pk}/")
    figures = page.locator(".live-figures")
    expect(figures).to_contain_text("Submit to report–")
    add_sample(carrier, 123)
    expect(figures).to_contain_text("Parts per second123", timeout=15_000)
    expect(figures).to_contain_text("250 ms")
    expect(page.locator(".series-one svg")).to_have_count(3)

    page.get_by_role("button", name="Drain").click()
    expect(page.get_by_role("dialog")).to_contain_text("reports still come")
    page.get_by_role("dialog").get_by_role("button", name="Drain").click()
    expect(page.locator("#draining")).to_contain_text("nothing new goes over it")
    carrier.refresh_from_db()
    assert carrier.standing == "draining"
    page.goto("/carriers/")
    expect(page.locator("tbody")).to_contain_text("draining")
    page.goto(f"/carriers/{carrier.pk}/")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#draining")).to_have_count(0)


def test_routes_are_made_tried_ordered_and_removed(page: Page, scene: Scene) -> None:
    Carrier.objects.create(account=scene.account, name="Europe", host="127.0.0.1", system_id="e")
    Application.objects.filter(account=scene.account, name="Alerts Europe").update(carrier=None)
    sign_in(page)
    page.goto("/carriers/")
    page.get_by_role("link", name="Routes").click()
    for carrier in ("Simulator", "Europe"):
        page.get_by_label("Prefix").fill("+44")
        page.get_by_label("Carrier", exact=True).select_option(label=carrier)
        page.locator("#add-route").click()
    expect(page.locator(".route-group li")).to_have_count(2)

    page.get_by_label("Number").fill("+44 7700 900123")
    page.get_by_label("Application", exact=True).select_option(label="Alerts Europe")
    page.locator("#try").click()
    expect(page.locator("#tried li")).to_contain_text(["Simulator", "Europe"])
    page.get_by_role("button", name="Move Europe up").click()
    expect(page.locator(".route-group li")).to_contain_text(["Europe", "Simulator"])
    page.get_by_role("button", name="Remove Europe").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator(".route-group li")).to_have_count(1)
    assert [route.carrier.name for route in Route.objects.filter(account=scene.account)] == ["Simulator"]


def test_what_belongs_to_no_message_comes_by_itself_and_opens_on_a_click(page: Page, scene: Scene) -> None:
    carrier = scene.tasks["completed"].carrier
    assert carrier is not None
    sign_in(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/carriers/{carrier.pk}/")
    expect(page.locator("#received tbody tr")).to_have_count(5)
    page.locator("#all-received").click()
    page.get_by_label("All kinds").select_option("unreadable")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".received tbody tr")).to_have_count(1)
    expect(page.locator(".received .raw")).to_be_hidden()
    page.locator(".received summary").click()
    expect(page.locator(".received .raw")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "long texts are folded"
