"""From the list to one recipient and back: view, filter, timeline, status code, download, copy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.test_console import sign_in
from tests.rig.scenes import Scene

from sendmill.message_store.queries import results as store
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets.reader import read_rows
from sendmill.tasks import large_downloads, results
from sendmill.tasks.models import Export, Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_list_view_filter_timeline_download_copy(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-sender")
    page.get_by_role("searchbox").fill("Week49")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Guests_Week49", exact=True).click()
    expect(page.locator("#count-accepted")).to_have_text("4")

    page.get_by_role("combobox").select_option(label="Failed")
    page.get_by_role("button", name="Filter").click()
    rows = page.locator("#records tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("UNDELIV")
    page.get_by_placeholder("Number").fill("0140")
    page.get_by_role("button", name="Filter").click()
    expect(rows).to_have_count(1)
    page.get_by_placeholder("Number").fill("0141")
    page.get_by_role("button", name="Filter").click()
    expect(rows).to_have_count(0)
    page.get_by_role("link", name="Clear").click()
    expect(rows).to_have_count(4)

    page.get_by_role("link", name="+12025550140").click()
    way = page.locator(".way")
    for said in (
        "Row 2 of the file Guests49.csv: “+1 (202) 555-0140”.",
        "Spaces and signs were taken out: +12025550140.",
        "The check passed it",
        "The task was confirmed by demo-sender.",
        "were claimed by sender",
        "gave it the ID 5f0c7a11.",
        "The carrier reported UNDELIV.",
    ):
        expect(way).to_contain_text(said)
    page.get_by_text("As the carrier sent it").click()
    expect(way).to_contain_text("stat:UNDELIV err:027")
    page.get_by_role("link", name="About this code").first.click()
    expect(page.locator("#chosen")).to_contain_text("The message cannot be delivered.")
    page.go_back()
    page.get_by_role("link", name="Guests_Week49").click()

    page.locator("#download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Failed numbers · CSV").click()
    frame = read_rows(download.value.path(), columns=5)
    assert frame.select("c0", "c1", "c4").rows() == [("+12025550140", "Zoe", "UNDELIV")]
    page.locator("#copy").click()
    expect(page.get_by_label("Task name")).to_have_value("Guests_Week49")
    expect(page.get_by_label("SMS template")).to_have_value(re.compile("[0-9]+"))
    expect(page.locator("#file-name")).to_have_value("")


def test_a_large_file_is_waited_for(page: Page, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ENV, "direct_download_rows", 3)
    Export.objects.all().delete()
    sign_in(page, "demo-sender")
    page.goto(f"/tasks/{scene.tasks['way'].pk}/")
    page.locator("#download").click()
    page.get_by_role("link", name="All results · XLSX").click()
    expect(page.locator("#export")).to_contain_text("The file is being made")
    expect(page.locator("#export")).to_contain_text("0 / 4")
    large_downloads.make(Export.objects.get().pk)
    expect(page.locator("#export")).to_contain_text("The file is ready")
    with page.expect_download() as download:
        page.locator("#fetch").click()
    assert download.value.suggested_filename == f"results{scene.tasks['way'].pk}.xlsx"
    page.get_by_role("link", name="Guests_Week49").click()
    expect(page.locator(".files")).to_contain_text("All results · XLSX")


def test_chosen_uncertain_messages_are_settled(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-sender")
    page.goto(f"/tasks/{scene.tasks['long'].pk}/?result=uncertain")
    picks = page.locator(".pick")
    expect(picks).to_have_count(3)
    page.locator("#settle-chosen").get_by_role("button", name="Count as failed").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Choose the messages first.")).to_be_visible()
    picks.nth(1).check()
    with page.expect_response(re.compile("/live/")):
        pass
    expect(picks.nth(1)).to_be_checked()
    page.locator("#settle-chosen").get_by_role("button", name="Count as failed").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("1 message counts as failed.")).to_be_visible()
    expect(page.locator("#count-uncertain")).to_contain_text("2")


def test_a_search_goes_on_by_itself_until_it_finds_something(
    page: Page, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task.objects.get(name="Guests_Week49")
    last = str(results.messages(task).rows[-1].number)
    monkeypatch.setattr(store, "SEARCHED", 1)
    sign_in(page, "demo-sender")
    page.goto(f"{page.url.split('/tasks')[0]}/tasks/{task.pk}/?number={last[-4:]}#recipients")
    rows = page.locator("#records tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(last[-4:])
    page.goto(f"{page.url.split('/tasks')[0]}/tasks/{task.pk}/?number=99999#recipients")
    expect(page.locator("#records")).to_contain_text("No recipient matches")
    expect(page.locator("#searching")).to_have_count(0)
