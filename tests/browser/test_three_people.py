"""The way of a signature and a template through three people, and what a fourth and a fifth see of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.rig.scenes import PASSWORD, Scene

from sendmill.accounts.models import Account, Member, Role
from sendmill.catalog.models import Application, Signature, Template
from sendmill.tasks import file_check
from sendmill.tasks.models import Draft, Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NUMBERS = "Number,1\n13112345601,王先生\n13112345602,李女士\n13112345601,王先生\n"
Visit = Callable[[str], Page]


@pytest.fixture
def visit(page: Page, browser_of: Callable[[], Page]) -> Visit:
    """A page signed in as that member, each with a session of its own."""
    pages: dict[str, Page] = {}

    def sign_in(username: str) -> Page:
        if username not in pages:
            Member.objects.filter(username=username).update(language="en")
            shown = browser_of() if pages else page
            shown.goto("/")
            shown.get_by_label("User name").fill(username)
            shown.get_by_label("Password").fill(PASSWORD)
            shown.get_by_role("button", name="Sign in").click()
            expect(shown).to_have_url(re.compile("/tasks/$"))
            pages[username] = shown
        return pages[username]

    return sign_in


@pytest.fixture
def browser_of(page: Page) -> Iterator[Callable[[], Page]]:
    """Further sessions in the same browser; what their consoles say fails the test too."""
    browser = page.context.browser
    assert browser is not None
    with further_sessions(browser, page) as opened:
        yield opened


@contextmanager
def further_sessions(browser: Browser, page: Page) -> Iterator[Callable[[], Page]]:
    contexts = []
    said: list[str] = []

    def opened() -> Page:
        context = browser.new_context(
            base_url=page.url.split("/tasks")[0], viewport={"width": 1280, "height": 900}
        )
        context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: said.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in said if "403" not in text and "404" not in text] == []


def test_three_people_a_viewer_and_a_stranger(visit: Visit, scene: Scene) -> None:
    stranger = Member.objects.create(
        account=Account.objects.create(name="Elsewhere"), username="elsewhere", role=Role.ADMIN
    )
    stranger.set_password(PASSWORD)
    stranger.save()

    create_application(visit("demo-sender"))
    create_signature(visit("demo-sender"))
    reject_signature(visit("demo-reviewer"))
    correct_signature(visit("demo-sender"))
    approve_signature(visit("demo-reviewer"))
    create_template(visit("demo-sender"))
    approve_template(visit("demo-reviewer"))
    build_task(visit("demo-sender"))

    look_but_change_nothing(visit("demo-viewer"))
    see_nothing(visit("elsewhere"))


def go(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place, exact=True).click()


def create_application(page: Page) -> None:
    go(page, "Applications")
    page.get_by_role("link", name="Create application").click()
    page.get_by_label("Name").fill("Mainland Demo")
    expect(page.locator("#name-errors")).to_contain_text("already has an application named")
    page.get_by_label("Name").fill("Teahouse")
    expect(page.locator("#name-errors")).to_be_empty()
    page.get_by_role("radio", name="Mainland").check()
    expect(page.get_by_label("Add +86 to mainland numbers without it")).to_be_checked()
    expect(page.get_by_label("Sender ID")).to_have_count(0)
    page.get_by_label("Carrier").select_option(label="Simulator")
    page.get_by_role("button", name="Create application").click()
    expect(page.get_by_label("App secret")).not_to_be_empty()
    page.get_by_role("link", name="To the application").click()
    expect(page.get_by_text("Application “Teahouse” has no signature.")).to_be_visible()


def create_signature(page: Page) -> None:
    page.get_by_role("link", name="Go there").first.click()
    expect(page.get_by_text("Application “Teahouse” has no signature yet")).to_be_visible()
    page.get_by_role("link", name="Create signature").last.click()
    expect(page.get_by_label("Application")).to_have_value(str(Application.objects.get(name="Teahouse").pk))
    page.get_by_label("Signature", exact=True).fill("12345")
    expect(page.locator("#name-errors")).to_contain_text("must not consist of digits alone")
    page.get_by_label("Signature", exact=True).fill("茶馆")
    expect(page.locator("#name-errors")).to_be_empty()
    expect(page.locator("#beginning")).to_contain_text("【茶馆】")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("“茶馆” waits for review.")).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)


def reject_signature(page: Page) -> None:
    go(page, "Review")
    waiting = page.locator("article", has_text="【茶馆】")
    waiting.get_by_label("Reason of a rejection").fill("Add the name of the company.")
    waiting.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("“茶馆” was rejected; its author sees the reason.")).to_be_visible()
    expect(page.locator("article", has_text="【茶馆】")).to_have_count(0)


def correct_signature(page: Page) -> None:
    go(page, "Signatures")
    page.get_by_role("link", name="【茶馆】").click()
    expect(page.locator("main .notice-error")).to_contain_text("Add the name of the company.")
    page.get_by_role("link", name="Edit and submit again").click()
    page.get_by_label("Signature", exact=True).fill("清风茶馆")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("“清风茶馆” waits for review.")).to_be_visible()


def approve_signature(page: Page) -> None:
    go(page, "Review")
    waiting = page.locator("article", has_text="【清风茶馆】")
    waiting.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("“清风茶馆” is approved.")).to_be_visible()
    expect(waiting).to_contain_text("Approved, without a channel number")
    waiting.get_by_label("Channel number").fill("106900123")
    waiting.get_by_role("button", name="Set").click()
    expect(page.get_by_text("“清风茶馆” sends as 106900123 now.")).to_be_visible()
    expect(page.locator("article", has_text="【清风茶馆】")).to_have_count(0)


def create_template(page: Page) -> None:
    go(page, "Signatures")
    page.get_by_role("link", name="【清风茶馆】").click()
    page.get_by_role("link", name="Create template").click()
    page.get_by_label("Template name").fill("订座")
    page.get_by_label("Content").fill("${1}${2}，您好")
    expect(page.locator("#content-errors")).to_contain_text("stand side by side")
    page.get_by_label("Content").fill("您好，")
    expect(page.locator("#content-errors")).to_be_empty()
    page.get_by_role("button", name="${1}").click()
    page.get_by_label("Content").press_sequentially("，您的座位已订好。")
    expect(page.locator("#variables-errors")).to_contain_text("The variable ${1} has no attribute.")
    page.get_by_label("Attribute ${1}").select_option("TEXT")
    expect(page.locator("#variables-errors")).to_be_empty()
    expect(page.locator("#preview")).to_contain_text("【清风茶馆】您好，示例文字，您的座位已订好。")
    expect(page.locator("#encoding")).to_have_text("UCS-2")
    expect(page.locator("#parts")).to_have_text("1")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("“订座” waits for review.")).to_be_visible()


def approve_template(page: Page) -> None:
    go(page, "Review")
    waiting = page.locator("article", has_text="订座")
    expect(waiting).to_contain_text("submitted by demo-sender")
    expect(waiting).to_contain_text("【清风茶馆】您好，示例文字，您的座位已订好。")
    waiting.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("“订座” is approved and activated.")).to_be_visible()


def build_task(page: Page) -> None:
    go(page, "Task Management")
    page.get_by_role("link", name="Create task").first.click()
    page.get_by_label("Task name").fill("Tables for tonight")
    page.get_by_label("SMS application").select_option(label="Teahouse · Mainland")
    page.get_by_label("Signature").select_option(label="【清风茶馆】 · Notification")
    page.get_by_label("SMS template").select_option(label="订座 · Notification")
    expect(page.locator("#message-preview")).to_contain_text("【清风茶馆】您好，")
    file = {"name": "Tables1.csv", "mimeType": "text/csv", "buffer": NUMBERS.encode()}
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Checking the file")).to_be_visible()
    file_check.check_draft(Draft.objects.latest("pk").pk)
    page.get_by_role("button", name=re.compile("OK, send 2 messages")).click()
    expect(page.locator("h1")).to_contain_text("Tables for tonight")
    task = Task.objects.latest("pk")
    assert (task.signature.name, task.template.name) == ("清风茶馆", "订座")  # type: ignore[union-attr]
    assert task.snapshot["source"] == "106900123"


def look_but_change_nothing(page: Page) -> None:
    for name, row in resources().items():
        page.goto(f"/{name}s/")
        expect(page.get_by_role("link", name=re.compile("^(Create|Add|Invite)"))).to_have_count(0)
        page.goto(f"/{name}s/{row}/")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("main form, header form, main a.btn, header a.btn")).to_have_count(0)
        for step in ("edit", "new"):
            answer = page.goto(f"/{name}s/new/" if step == "new" else f"/{name}s/{row}/edit/")
            assert answer is not None
            assert answer.status == 403
    for address in ("/review/", "/members/", "/audit/", "/settings/", "/tasks/new/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 403


def see_nothing(page: Page) -> None:
    for name, row in resources().items():
        page.goto(f"/{name}s/")
        expect(page.locator(".empty-state")).to_be_visible()
        for address in (f"/{name}s/{row}/", f"/{name}s/{row}/edit/"):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 404
    page.goto("/review/")
    expect(page.get_by_text("Nothing waits for review")).to_be_visible()
    page.goto("/audit/")
    for private in ("Teahouse", "清风茶馆", "demo-sender"):
        expect(page.get_by_text(private)).to_have_count(0)


def resources() -> dict[str, int]:
    """The rows that were made on the way, and the carrier, by the beginning of their address."""
    home = Application.objects.select_related("carrier").get(name="Teahouse")
    assert home.carrier is not None
    return {
        "application": home.pk,
        "signature": Signature.objects.get(application=home).pk,
        "template": Template.objects.get(application=home).pk,
        "carrier": home.carrier.pk,
    }
