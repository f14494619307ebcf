"""Every route, as every role and as a stranger: a new route fails here until it is in the table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.rig.scenes import Member, Scene

from sendmill.accounts.models import Role
from sendmill.accounts.permissions import Action
from sendmill.catalog.models import Route
from sendmill.console.access import Entry

ALL = frozenset(Role)
SENDERS = frozenset({Role.SENDER, Role.ADMIN})
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

# name: who gets in; the methods; which object of the account its address names.
TABLE: dict[str, tuple[frozenset[str] | None, str, str]] = {
    "home": (ALL, "GET", ""),
    "sign-in": (None, "GET POST", ""),
    "sign-in-code": (None, "GET POST", ""),
    "sign-out": (None, "POST", ""),
    "language": (None, "POST", ""),
    "tasks": (ALL, "GET", ""),
    "tasks-live": (ALL, "GET", ""),
    "task-new": (SENDERS, "GET POST", ""),
    "task-choices": (SENDERS, "GET", ""),
    "task-file-check": (SENDERS, "GET", ""),
    "task-schedule": (SENDERS, "GET", ""),
    "template-file": (SENDERS, "GET", "template"),
    "draft": (SENDERS, "GET", "draft"),
    "draft-state": (SENDERS, "GET", "draft"),
    "draft-confirm": (SENDERS, "POST", "draft"),
    "draft-deleted-file": (SENDERS, "GET", "draft"),
    "task": (ALL, "GET", "task"),
    "task-live": (ALL, "GET", "task"),
    "task-copy": (SENDERS, "GET", "task"),
    "task-cancel": (SENDERS, "POST", "task"),
    "task-delete": (SENDERS, "POST", "task"),
    "task-pause": (SENDERS, "POST", "task"),
    "task-resume": (SENDERS, "POST", "task"),
    "task-end": (SENDERS, "POST", "task"),
    "task-release": (SENDERS, "POST", "task"),
    "held": (ALL, "GET", ""),
    "held-release": (ADMINS, "POST", "task"),
    "task-settle": (SENDERS, "POST", "task"),
    "task-message": (ALL, "GET", "message"),
    "export": (SENDERS, "GET", "export"),
    "export-state": (SENDERS, "GET", "export"),
    "export-file": (SENDERS, "GET", "export"),
    "codes": (ALL, "GET", ""),
    "task-failed-file": (SENDERS, "GET", "task"),
    "task-results-file": (SENDERS, "GET", "task"),
    "task-deleted-file": (SENDERS, "GET", "task"),
    "applications": (ALL, "GET", ""),
    "application-new": (SENDERS, "GET POST", ""),
    "application-rules": (SENDERS, "GET", ""),
    "application-check": (SENDERS, "POST", ""),
    "application": (ALL, "GET", "application"),
    "application-edit": (SENDERS, "GET POST", "application"),
    "application-delete": (SENDERS, "POST", "application"),
    "application-secret": (ADMINS, "POST", "application"),
    "signatures": (ALL, "GET", ""),
    "signature-new": (SENDERS, "GET POST", ""),
    "signature-check": (SENDERS, "POST", ""),
    "signature": (ALL, "GET", "signature"),
    "signature-edit": (SENDERS, "GET POST", "signature"),
    "signature-submit": (SENDERS, "POST", "signature"),
    "signature-withdraw": (SENDERS, "POST", "signature"),
    "signature-delete": (SENDERS, "POST", "signature"),
    "signature-approve": (REVIEWERS, "POST", "signature"),
    "signature-reject": (REVIEWERS, "POST", "signature"),
    "signature-channel": (REVIEWERS, "POST", "signature"),
    "templates": (ALL, "GET", ""),
    "template-new": (SENDERS, "GET POST", ""),
    "template-check": (SENDERS, "POST", ""),
    "template": (ALL, "GET", "text"),
    "template-edit": (SENDERS, "GET POST", "text"),
    "template-submit": (SENDERS, "POST", "text"),
    "template-withdraw": (SENDERS, "POST", "text"),
    "template-delete": (SENDERS, "POST", "text"),
    "template-approve": (REVIEWERS, "POST", "text"),
    "template-reject": (REVIEWERS, "POST", "text"),
    "template-activate": (REVIEWERS, "POST", "text"),
    "template-deactivate": (REVIEWERS, "POST", "text"),
    "review": (REVIEWERS, "GET", ""),
    "carriers": (ALL, "GET", ""),
    "carriers-live": (ALL, "GET", ""),
    "carrier-new": (ADMINS, "GET POST", ""),
    "carrier": (ALL, "GET", "carrier"),
    "carrier-edit": (ADMINS, "GET POST", "carrier"),
    "carrier-switch": (ADMINS, "POST", "carrier"),
    "carrier-test": (ADMINS, "POST", "carrier"),
    "carrier-delete": (ADMINS, "POST", "carrier"),
    "carrier-live": (ALL, "GET", "carrier"),
    "carrier-received": (ALL, "GET", "carrier"),
    "carrier-ids": (ADMINS, "GET POST", "carrier"),
    "routes": (ALL, "GET", ""),
    "route-add": (ADMINS, "POST", ""),
    "route-move": (ADMINS, "POST", "route"),
    "route-remove": (ADMINS, "POST", "route"),
    "members": (ADMINS, "GET", ""),
    "member-invite": (ADMINS, "GET POST", ""),
    "member": (ADMINS, "GET", "member"),
    "member-invite-again": (ADMINS, "POST", "member"),
    "member-role": (ADMINS, "POST", "member"),
    "member-deactivate": (ADMINS, "POST", "member"),
    "member-reactivate": (ADMINS, "POST", "member"),
    "member-second-factor": (ADMINS, "POST", "member"),
    "member-password": (ADMINS, "POST", "member"),
    "invitation": (None, "GET POST", "link"),
    "password-forgotten": (None, "GET POST", ""),
    "password-reset": (None, "GET POST", "link"),
    "password": (ALL, "GET POST", ""),
    "profile": (ALL, "GET", ""),
    "second-factor-on": (ALL, "GET POST", ""),
    "second-factor-image": (ALL, "GET", ""),
    "second-factor-off": (ALL, "GET POST", ""),
    "recovery-codes": (ALL, "GET POST", ""),
    "settings": (ADMINS, "GET POST", ""),
    "billing": (ALL, "GET", ""),
    "billing-move": (ADMINS, "GET POST", ""),
    "ledger": (ALL, "GET", ""),
    "ledger-file": (SENDERS, "GET", ""),
    "packages": (ALL, "GET", ""),
    "package-new": (ADMINS, "GET POST", ""),
    "budgets": (ALL, "GET", ""),
    "budget-edit": (ADMINS, "GET POST", "scope"),
    "prices": (ALL, "GET", ""),
    "price-new": (ADMINS, "GET POST", ""),
    "price-file": (SENDERS, "GET", ""),
    "price-import": (ADMINS, "GET POST", ""),
    "price-apply": (ADMINS, "POST", ""),
    "price-remove": (ADMINS, "POST", "price"),
    "audit": (ADMINS, "GET", ""),
}
CALLS = [(name, method) for name, (_who, methods, _of) in TABLE.items() for method in methods.split()]


def routes(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


def console_routes() -> dict[str, URLPattern]:
    return {
        str(route.name): route
        for route in routes()
        if route.callback.__module__.startswith("sendmill.console")
    }


def address(name: str, scene: Scene) -> str:
    of = TABLE[name][2]
    if of == "task":
        return reverse(f"console:{name}", kwargs={"pk": scene.tasks["completed"].pk})
    if of == "message":
        return reverse(f"console:{name}", kwargs={"pk": scene.tasks["completed"].pk, "ordinal": 1})
    if of == "export":
        return reverse(f"console:{name}", kwargs={"key": scene.exports["ready"].key})
    if of == "draft":
        return reverse(f"console:{name}", kwargs={"key": scene.drafts["mixed"].key})
    if of == "link":
        return reverse(f"console:{name}", kwargs={"link": "MQ.forged-0"})
    if of == "route":
        carrier = scene.tasks["completed"].carrier
        route, _new = Route.objects.get_or_create(account=scene.account, carrier=carrier, position=1)
        return reverse(f"console:{name}", kwargs={"pk": route.pk})
    if of == "scope":
        return reverse(f"console:{name}", kwargs={"scope": "day"})
    if of == "price":
        return reverse(f"console:{name}", kwargs={"pk": scene.account.prices.earliest("pk").pk})
    if of in ("application", "signature", "text", "carrier", "member"):
        task = scene.tasks["completed"]
        keys = {
            "application": task.application_id,
            "signature": task.signature_id,
            "text": task.template_id,
            "carrier": task.carrier_id,
            "member": scene.members[Role.VIEWER].pk,
        }
        return reverse(f"console:{name}", kwargs={"pk": keys[of]})
    query = f"?template={scene.tasks['executing'].template_id}" if of == "template" else ""
    return reverse(f"console:{name}") + query


def test_every_route_is_in_the_table() -> None:
    assert set(console_routes()) == set(TABLE)


def test_every_route_is_guarded_as_the_table_says() -> None:
    for name, route in console_routes().items():
        who, methods, _of = TABLE[name]
        needs = route.callback.needs
        assert (needs is Entry.ANYONE) == (who is None), name
        assert isinstance(needs, (Action, Entry)), name
        assert set(route.callback.methods) - {"HEAD"} == set(methods.split()), name


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("name", "method"), CALLS)
def test_each_role_gets_in_or_is_refused(
    client: Client, scene: Scene, name: str, method: str, role: Role
) -> None:
    who = TABLE[name][0]
    client.force_login(scene.members[role])
    with closing(client.generic(method, address(name, scene))) as response:
        status = response.status_code
    if who is None or role in who:
        assert status in (200, 302, 410, 422), status
    else:
        assert status == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "method"), [call for call in CALLS if TABLE[call[0]][2] not in ("", "link", "scope")]
)
def test_a_stranger_sees_nothing(
    client: Client, scene: Scene, stranger: Member, name: str, method: str
) -> None:
    client.force_login(stranger)
    assert client.generic(method, address(name, scene)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [name for name, (who, methods, _of) in TABLE.items() if who and "GET" in methods]
)
def test_lists_show_a_stranger_none_of_it(client: Client, scene: Scene, stranger: Member, name: str) -> None:
    if TABLE[name][2]:
        return
    client.force_login(stranger)
    response = client.get(address(name, scene), {"shown": f"{scene.tasks['executing'].pk}:x"}, follow=True)
    text = b"".join(response).decode()
    for private in ("International Demo", "Simulator", "demo-viewer", "Notification_01<", "Invoice 2031"):
        assert private not in text, private


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "method"), CALLS)
def test_without_a_sign_in(client: Client, scene: Scene, name: str, method: str) -> None:
    response = client.generic(method, address(name, scene))
    if TABLE[name][0] is None:
        assert response.status_code in (200, 302, 410)
    else:
        assert response.status_code == 302
        assert response.url.startswith(reverse("console:sign-in"))
    assert isinstance(response.wsgi_request.user, AnonymousUser)


@pytest.mark.django_db
def test_a_live_part_sends_the_whole_page_to_the_sign_in(client: Client) -> None:
    response = client.get(reverse("console:tasks-live"), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse("console:sign-in")


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "method"), CALLS)
def test_other_methods_are_refused(client: Client, scene: Scene, name: str, method: str) -> None:
    client.force_login(scene.members[Role.ADMIN])
    other = {"GET", "POST", "PUT", "DELETE"} - set(TABLE[name][1].split())
    for wrong in other:
        assert client.generic(wrong, address(name, scene)).status_code == 405


@pytest.mark.django_db
def test_a_deactivated_member_is_out(client: Client, scene: Scene) -> None:
    client.force_login(scene.members[Role.VIEWER])
    Member.objects.filter(pk=scene.members[Role.VIEWER].pk).update(is_active=False)
    assert client.get(reverse("console:tasks")).status_code == 302
