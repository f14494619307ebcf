"""The pages in a real browser: the whole way of a task, by mouse and by keyboard, on a desk and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.tour import LANGUAGES, WIDTHS, stops
from tests.rig.scenes import MIXED, PASSWORD, Scene, add_task, report

from sendmill.accounts.models import Member
from sendmill.domain.task_life import TaskStatus
from sendmill.tasks import file_check, message_import
from sendmill.tasks.models import Draft, Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def sign_in(page: Page, username: str = "demo", language: str = "") -> None:
    Member.objects.filter(username=username).update(language=language)
    page.goto("/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/tasks/$"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_and_is_silent(page: Page, scene: Scene, language: str, width: int) -> None:
    sign_in(page, language=language)
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    for name, address in stops(scene).items():
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("html")).to_have_attribute("lang", language)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, name
        hidden = page.evaluate(
            "[...document.querySelectorAll('.list-scroll')].some(box => box.scrollWidth > box.clientWidth)"
        )
        assert not hidden, f"{name}: a table is wider than the page"


def test_a_task_from_the_file_to_its_reports(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-sender")
    page.get_by_role("link", name="Create task").first.click()
    page.get_by_label("Task name").fill("Guests of week 48")
    page.get_by_label("SMS application").select_option(label="International Demo · International")
    page.get_by_label("SMS template").select_option(label="Appointment · Notification")
    expect(page.locator("#message-preview")).to_contain_text("your appointment is on")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    file = {"name": "Guests 48 (final).csv", "mimeType": "text/csv", "buffer": MIXED.encode()}
    page.locator("#file").set_input_files(file)
    expect(page.locator("#file-check")).to_contain_text("only letters and digits")
    page.get_by_role("button", name="Go on as Guests48final.csv").click()
    expect(page.locator("#file-check")).to_be_empty()
    page.get_by_label("Send at").fill("2020-01-01T10:00")
    page.get_by_label("Send at").blur()
    expect(page.locator("#schedule-advice")).to_contain_text("must be in the future")
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("#scheduled_at")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Task name")).to_have_value("Guests of week 48")

    page.get_by_label("Send at").fill("")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Checking the file")).to_be_visible()
    draft = Draft.objects.latest("pk")
    assert draft.file_name == "Guests48final.csv"
    file_check.check_draft(draft.pk)
    expect(page.get_by_text("43 phone number(s) imported.")).to_be_visible()
    page.get_by_role("button", name="OK, send 43 messages").click()

    expect(page.get_by_text("No worker is running")).to_be_visible()
    task = Task.objects.latest("pk")
    message_import.import_task(task.pk)
    expect(page.locator("#records tbody tr")).to_have_count(45)  # two messages have two parts
    expect(page.locator("#count-waiting")).to_contain_text("43")
    report(task, [("DELIVRD", 1, 40), ("UNDELIV", 2, 3)])
    expect(page.locator("#count-successful")).to_contain_text("40")
    expect(page.locator("#count-failed")).to_contain_text("3")
    Task.objects.filter(pk=task.pk).update(status=TaskStatus.COMPLETED, successful=40, failed=3)
    expect(page.locator("h1")).to_contain_text("Completed")
    expect(page.locator("#live")).to_have_count(0)
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Failed numbers · XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_file_can_be_dropped(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-sender")
    page.goto("/tasks/new/")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["Number\\n+12025550100\\n"], "Guests48.csv", {type: "text/csv"}));
            document.getElementById("file-zone").dispatchEvent(
                new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator("#file-zone")).to_contain_text("Guests48.csv")
    assert page.locator("#file").evaluate("input => input.files.length") == 1


def test_what_cannot_be_undone_asks_first(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-sender")
    later = timezone.now() + timedelta(days=2)
    task = add_task(
        scene, "Later", "International Demo", "Maintenance", 3, TaskStatus.PENDING, scheduled_at=later
    )
    page.goto(f"/tasks/{task.pk}/")
    page.locator("#cancel").click()
    expect(page.get_by_role("dialog")).to_contain_text("Nothing of it will be sent.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("h1")).to_contain_text("Pending")
    page.locator("#cancel").click()
    page.get_by_role("button", name="Cancel the task").click()
    expect(page.locator("h1")).to_contain_text("Canceled")
    page.locator("#delete").click()
    page.get_by_role("button", name="Delete the task").click()
    expect(page.get_by_text("was deleted")).to_be_visible()


def test_the_list_updates_itself(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-viewer")
    task = scene.tasks["executing"]
    row = page.locator(f"#progress-{task.pk}")
    expect(row).to_contain_text("7,950")
    report(task, [("DELIVRD", 1, 9_000), ("UNDELIV", 2, 120)])
    expect(row).to_contain_text("9,000")
    Task.objects.filter(pk=task.pk).update(paused=True)
    expect(page.locator(f"#status-{task.pk}")).to_contain_text("Paused")


def test_the_keyboard_is_enough(page: Page, scene: Scene) -> None:
    page.goto("/")
    page.keyboard.type("demo-sender")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/tasks/$"))
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("Week48")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Appointments_Week48", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#download").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="All results · CSV")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="All results · CSV")).to_be_hidden()
    expect(page.locator("#download")).to_be_focused()


def test_the_menu_of_a_phone(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-viewer")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("link", name="Templates")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Templates").click()
    expect(page.locator("h1")).to_have_text("Templates")
    expect(page.get_by_role("button", name="Menu")).to_have_attribute("aria-expanded", "false")


def test_the_language_and_the_look_are_kept(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-reviewer")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_have_text("任务管理")
    page.get_by_role("button", name="浅色或深色").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_session_that_ended_leads_to_the_sign_in(page: Page, scene: Scene) -> None:
    sign_in(page, "demo-viewer")
    page.context.clear_cookies()
    expect(page).to_have_url(re.compile("/sign-in/"))
