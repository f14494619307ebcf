"""What every page has: the policy, the language, the time zone, the files it loads."""

from __future__ import annotations

import json
import re
from gzip import decompress
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.rig.scenes import PASSWORD, Account, Member, Scene

from sendmill.console.navigation import ENTRIES

CONSOLE = Path(__file__).parents[3] / "src/sendmill/console"
TEMPLATES = sorted((CONSOLE / "templates").rglob("*.html"))


@pytest.mark.django_db
def test_policy_allows_the_consoles_own_files_only(client: Client) -> None:
    policy = client.get(reverse("console:sign-in")).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    for promise in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
        assert promise in policy
    assert "unsafe" not in policy
    assert "data:" not in policy


def test_templates_that_code_and_templates_name_exist() -> None:
    sources = [*TEMPLATES, *CONSOLE.rglob("*.py")]
    named = {
        name for path in sources for name in re.findall(r'"(console/[\w/]+\.html)"', path.read_text("utf-8"))
    }
    assert {name for name in named if not (CONSOLE / "templates" / name).is_file()} == set()


def test_pages_ask_services_and_query_nothing_themselves() -> None:
    query = re.compile(r"\.objects\b|\.filter\(|\.annotate\(|select_related|import connection\b|\.cursor\(")
    pages = [path for path in CONSOLE.rglob("*.py") if path != CONSOLE / "listing.py"]
    assert {path.name for path in pages if query.search(path.read_text("utf-8"))} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(CONSOLE)))
def test_templates_have_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def test_icons_used_are_in_the_sprite() -> None:
    known = set(json.loads((CONSOLE.parents[2] / "frontend/icons.json").read_text()))
    used = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8"))}
    used |= set(re.findall(r'"([\w-]+)", Action', (CONSOLE / "navigation.py").read_text()))
    assert used <= known


@pytest.mark.django_db
def test_pages_are_not_kept_by_the_browser(client: Client, scene: Scene) -> None:
    client.force_login(scene.members["viewer"])
    assert client.get(reverse("console:tasks")).headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_pages_are_compressed_unless_they_show_a_secret(client: Client, scene: Scene) -> None:
    client.force_login(scene.members["admin"])
    gzip = {"Accept-Encoding": "gzip"}
    page = client.get(reverse("console:tasks"), headers=gzip)
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"Task Management" in decompress(page.content)
    secrets = [
        client.get(reverse("console:second-factor-on"), headers=gzip),
        client.post(reverse("console:member-invite"), {"username": "new", "role": "viewer"}, headers=gzip),
        client.post(
            reverse("console:application-new"), {"name": "New", "type": "international"}, headers=gzip
        ),
    ]
    files = [client.get(reverse(f"console:{name}"), headers=gzip) for name in ("price-file", "ledger-file")]
    for answer in (*secrets, *files):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
    for answer in secrets:
        assert answer.headers["Cache-Control"] == "no-store, no-transform"


@pytest.mark.django_db
@pytest.mark.parametrize("name", [entry.pages[0] for entry in ENTRIES])
def test_pages_of_the_navigation_show_it_and_mark_themselves(client: Client, scene: Scene, name: str) -> None:
    client.force_login(scene.members["admin"])
    page = client.get(reverse(f"console:{name}")).content.decode()
    (rail,) = re.findall(r'<ul class="rail-entries">(.*?)</ul>', page, re.DOTALL)
    shown = re.findall(r'<a href="([^"]*)"( aria-current="page")?>', rail)
    assert shown == [
        (reverse(f"console:{entry.pages[0]}"), ' aria-current="page"' if name in entry.pages else "")
        for entry in ENTRIES
    ]


@pytest.mark.django_db
def test_sign_in_leads_to_the_tasks(client: Client, scene: Scene) -> None:
    form = {"username": "demo-sender", "password": PASSWORD}
    response = client.post(reverse("console:sign-in"), form)
    assert response.url == reverse("console:tasks")
    assert client.get(reverse("console:sign-in")).url == reverse("console:tasks")


@pytest.mark.django_db
def test_a_wrong_password_is_one_sentence(client: Client, scene: Scene) -> None:
    response = client.post(reverse("console:sign-in"), {"username": "demo-sender", "password": "wrong"})
    assert "User name and password do not match" in response.content.decode()


@pytest.mark.django_db
def test_repeated_failures_lock_the_sign_in_and_say_for_how_long(client: Client, scene: Scene) -> None:
    for _ in range(8):
        response = client.post(reverse("console:sign-in"), {"username": "demo-viewer", "password": "wrong"})
    assert response.status_code == 429
    assert "locked for 15 minutes" in response.content.decode()
    response = client.post(reverse("console:sign-in"), {"username": "demo-viewer", "password": PASSWORD})
    assert response.status_code == 429


@pytest.mark.django_db
def test_the_language_is_kept_with_the_member(client: Client, scene: Scene) -> None:
    client.force_login(scene.members["viewer"])
    response = client.post(reverse("console:language"), {"language": "zh-hans", "next": "/tasks/?q=a"})
    assert response.url == "/tasks/?q=a"
    page = client.get(reverse("console:tasks")).content.decode()
    assert 'lang="zh-hans"' in page
    assert "任务管理" in page
    assert Member.objects.get(pk=scene.members["viewer"].pk).language == "zh-hans"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_the_language_switch_leads_nowhere_else(client: Client, target: str) -> None:
    response = client.post(reverse("console:language"), {"language": "zh-hans", "next": target})
    assert response.url == "/"
    assert "登录" in client.get(reverse("console:sign-in")).content.decode()


@pytest.mark.django_db
def test_an_unknown_language_changes_nothing(client: Client) -> None:
    response = client.post(reverse("console:language"), {"language": "xx"})
    assert not response.cookies


@pytest.mark.django_db
def test_times_are_those_of_the_account(client: Client, scene: Scene) -> None:
    client.force_login(scene.members["viewer"])
    pending = scene.tasks["pending"]
    address = reverse("console:task", kwargs={"pk": pending.pk})
    assert "10:00" in client.get(address).content.decode()
    Account.objects.filter(pk=scene.account.pk).update(time_zone="No/Where")
    assert "02:00" in client.get(address).content.decode()


@pytest.mark.django_db
def test_signing_out_ends_the_session(client: Client, scene: Scene) -> None:
    client.force_login(scene.members["viewer"])
    assert client.post(reverse("console:sign-out")).url == reverse("console:sign-in")
    assert client.get(reverse("console:tasks")).status_code == 302


@pytest.mark.django_db
def test_what_is_not_there_says_so(client: Client) -> None:
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
