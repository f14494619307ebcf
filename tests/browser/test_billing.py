"""Money in the browser: refused for lack of it, topped up, a price set and imported, sent, found in the ledger."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_console import sign_in
from tests.rig.scenes import GOOD, Scene

from sendmill.billing import ledger
from sendmill.tasks import file_check
from sendmill.tasks.models import Draft, Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PRICES = "type,region,price,valid_from\nnotification,US,0.0079,2024-01-01\nnotification,US,0.01,2025-01-01\n"


def make_draft(page: Page) -> Draft:
    page.goto("/tasks/new/")
    page.get_by_label("Task name").fill("Guests of week 50")
    page.get_by_label("SMS application").select_option(label="International Demo · International")
    page.get_by_label("SMS template").select_option(label="Appointment · Notification")
    expect(page.locator("#message-preview")).to_contain_text("your appointment is on")
    file = {"name": "Guests50.csv", "mimeType": "text/csv", "buffer": GOOD.encode()}
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Checking the file")).to_be_visible()
    draft = Draft.objects.latest("pk")
    file_check.check_draft(draft.pk)
    return draft


def test_from_a_refusal_to_the_ledger(page: Page, scene: Scene) -> None:
    ledger.withdraw(scene.account, ledger.standing(scene.account).available - Decimal("0.1"))
    sign_in(page, "demo")
    make_draft(page)
    refusal = page.locator("#cost-refusal")
    expect(refusal).to_contain_text("The balance is too low")
    expect(page.locator("#cost")).to_contain_text("United States")
    expect(page.get_by_role("button", name="OK")).to_have_count(0)
    draft = page.url

    refusal.get_by_role("link", name="To the balance").click()
    expect(page.locator("#available")).to_contain_text("0.10")
    page.locator("#move").click()
    page.get_by_label("Amount").fill("50")
    page.get_by_label("Reason").fill("Invoice 2031-0050")
    page.locator("#save").click()
    expect(page.locator("#available")).to_contain_text("50.10")

    page.get_by_role("link", name="Prices", exact=True).click()
    page.locator("#import").click()
    page.locator("#price-file").set_input_files(
        {"name": "prices.csv", "mimeType": "text/csv", "buffer": PRICES.encode()}
    )
    page.locator("#check").click()
    expect(page.get_by_text("1 price would change")).to_be_visible()
    page.locator("#apply").click()
    page.get_by_role("searchbox").fill("us")
    page.get_by_role("button", name="Filter").click()
    rows = page.locator(".list tbody tr").filter(has_text="Notification")
    expect(rows.filter(has_text="2025-01-01")).to_contain_text("In force")
    expect(rows.filter(has_text="2024-01-01")).to_contain_text("Replaced")
    with page.expect_download() as download:
        page.locator("#export").click()
    assert "notification,US,0.01,USD,2025-01-01" in download.value.path().read_text()

    page.goto(draft)
    expect(page.locator("#due")).to_have_text("0.40")
    expect(page.locator("#left")).to_have_text("49.70")
    page.get_by_role("button", name="OK, send 40 messages").click()
    page.wait_for_url(re.compile(r"/tasks/\d+/"))
    task = Task.objects.latest("pk")
    page.locator("#task-cost a").click()
    entry = page.locator(".list tbody tr")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("Reserved for a task")
    expect(entry).to_contain_text("+0.40")
    entry.get_by_role("link", name="Guests of week 50").click()
    expect(page).to_have_url(re.compile(f"/tasks/{task.pk}/"))


def test_packages_budgets_and_the_file_of_the_ledger(page: Page, scene: Scene) -> None:
    sign_in(page, "demo")
    page.get_by_role("link", name="Billing").click()
    tabs = page.get_by_role("navigation", name="Billing")
    tabs.get_by_role("link", name="Packages").click()
    page.get_by_role("link", name="Add package").click()
    page.get_by_label("Name").fill("Autumn")
    page.get_by_label("Parts").fill("250")
    page.get_by_label("Country").fill("fr")
    page.locator("#save").click()
    row = page.locator(".list tbody tr").filter(has_text="Autumn")
    expect(row).to_contain_text("250")
    expect(row).to_contain_text("FR")

    tabs.get_by_role("link", name="Budgets").click()
    page.locator("#budget-month").get_by_role("link", name="Edit").click()
    page.get_by_label("Alarm from").fill("1")
    page.get_by_label("Stop beyond").fill("1000")
    page.locator("#save").click()
    expect(page.locator("#budget-month")).to_contain_text("alarm reached")
    expect(page.get_by_role("alert").first).to_contain_text("budget of this month has reached its alarm")

    tabs.get_by_role("link", name="Ledger").click()
    page.get_by_role("combobox").select_option(label="Package")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".list tbody tr").first).to_contain_text("Autumn")
    with page.expect_download() as download:
        page.locator("#ledger-file").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Autumn" in text
    assert "Invoice 2031-0042" not in text


def test_a_viewer_looks_and_changes_nothing(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-viewer")
    page.get_by_role("link", name="Billing").click()
    expect(page.locator("#available")).to_be_visible()
    expect(page.locator("#move")).to_have_count(0)
    for name in ("Ledger", "Packages", "Budgets", "Prices"):
        page.get_by_role("navigation", name="Billing").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.locator("#ledger-file, #import, #export, .stage-actions .btn-primary")).to_have_count(0)
